"""The cleaning vocabulary, value by value, and the scan that must not lose rows over a value it cannot cast."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import duckdb
import pytest
from duckdb import ConstantExpression, FunctionExpression

from etl import read
from tests.etl.small import HEADER, SmallHome, ticket


@pytest.fixture(scope="module")
def con(tmp_path_factory: pytest.TempPathFactory) -> Iterator[duckdb.DuckDBPyConnection]:
    with read.connect(tmp_path_factory.mktemp("scratch")) as connection:
        yield connection


def call(con: duckdb.DuckDBPyConnection, name: str, *values: object) -> object:
    expression = FunctionExpression(name, *(ConstantExpression(v) for v in values))
    [(result,)] = con.sql("select 1 as one").select(expression).fetchall()
    return result


@pytest.mark.parametrize(
    "text",
    [
        "119.5,32.25",
        "119.5，32.25",
        "（119.5；32.25）",
        "POINT(119.5 32.25)",
        "[119.5, 32.25]",
        "119°30′ / 32°15′",
        "119.5  32.25",
    ],
)
def test_both_halves_of_a_position_in_one_cell(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert [call(con, "to_degrees", call(con, "half_of_pair", text, half)) for half in (1, 2)] == [119.5, 32.25]


@pytest.mark.parametrize("text", ["119.5", "119.5,32.25,7", "119,5,32,25", "", ",", "扬州"])
def test_what_is_no_pair_has_no_halves(con: duckdb.DuckDBPyConnection, text: str) -> None:
    assert [call(con, "half_of_pair", text, half) for half in (1, 2)] == [None, None]


AT = datetime(2024, 3, 1, 9, 5, 0)


@pytest.mark.parametrize(
    ("macro", "text", "value"),
    [
        ("tidy", "\u3000 网络\u00a0\r\n", "网络"),
        ("tidy", " \t ", None),
        ("to_real", "1,234.5", 1234.5),
        ("to_real", "１，２３４．５", 1234.5),
        ("to_real", "| 12 |", 12.0),
        ("to_real", "'12", 12.0),
        ("to_real", "－３", -3.0),
        ("to_real", "12,5x", None),
        ("to_real", "一二", None),
        ("to_degrees", "119.4125", 119.4125),
        ("to_degrees", "119,4125", 119.4125),
        ("to_degrees", "E119.4125°", 119.4125),
        ("to_degrees", "119°30′36″E", 119.51),
        ("to_degrees", "119° 30' 36.0\"", 119.51),
        ("to_degrees", "119°30.6′", 119.51),
        ("to_degrees", "东经119度30分36秒", 119.51),
        ("to_degrees", "１１９°３０′", 119.5),
        ("to_degrees", "119.30.36", 119.51),
        ("to_degrees", "119:30:36", 119.51),
        ("to_degrees", "119 30 36", 119.51),
        ("to_degrees", "8°30′W", -8.5),
        ("to_degrees", "南纬8度30分", -8.5),
        ("to_degrees", "-8°30′", -8.5),
        ("to_degrees", "119°75′", None),
        ("to_degrees", "119.30.61", None),
        ("to_degrees", "999°00′", None),
        ("to_degrees", "扬州", None),
        ("to_degrees", "W", None),
        ("to_degrees", "1" * 100 + "°", None),
        ("to_int", "12.0", 12),
        ("to_int", "12.5", None),
        ("to_int", "1e30", None),
        ("to_int", "1,234", 1234),
        ("from_percent", "97.3%", 0.973),
        ("from_percent", "97.3", 0.973),
        ("from_percent", "９７．３％", 0.973),
        ("from_fraction", "0.973", 0.973),
        ("from_fraction", "97.3 %", 0.973),
        ("to_time_iso_offset", "2024-03-01T17:05:00+08:00", AT),
        ("to_time_iso_offset", "2024-03-01 05:35:00-0330", AT),
        ("to_time_iso_offset", "2024-03-01 09:05Z", AT),
        ("to_time_iso_offset", "2024-03-01 09:05:00", None),
        ("to_time_epoch_s", "1709283900", AT),
        ("to_time_epoch_s", "17", None),
        ("to_time_epoch_ms", "1709283900000", AT),
        ("to_time_excel_day", "45352.37847222222", AT),
        ("to_time_excel_day", "12", None),
        ("to_point", "1.234,5", "1234.5"),
        ("to_id", "1.23E+17", None),
        ("to_id", "1e+17", None),
        ("to_id", "1E17", "1E17"),
        ("to_id", '="007"', "007"),
        ("to_id", "'0071", "0071"),
        ("to_id", "００７", "007"),
        ("to_flag", "是", True),
        ("to_flag", "N", False),
        ("to_flag", "也许", None),
        ("to_time_iso", "2024-03-01 09:05:00", AT),
        ("to_time_iso", "2024-03-01T09:05:00", AT),
        ("to_time_iso", "2024/3/1 9:05", AT),
        ("to_time_iso", "2024-03-01 24:00:00", datetime(2024, 3, 2)),
        ("to_time_iso", "2024/12/31 24:00", datetime(2025, 1, 1)),
        ("to_time_iso", "2024-02-30 09:05:00", None),
        ("to_time_iso", "2024-03-01 25:00:00", None),
        ("to_time_iso", "45352.5", None),
        ("to_time_iso", "01-03-2024", None),
    ],
)
def test_value(con: duckdb.DuckDBPyConnection, macro: str, text: object, value: object) -> None:
    came = call(con, macro, text)
    assert came == (pytest.approx(value) if isinstance(value, float) else value)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("460-00-1234-5", "460-00-1234-5"),
        (str(1234 * 256 + 5), "460-00-1234-5"),
        (str(7000 * 4096 + 11 + (1 << 28)), f"460-00-{(7000 * 4096 + 11 + (1 << 28)) // 4096}-11"),
        ("12345", "12345"),
        ("1.2E+8", None),
    ],
)
def test_cell(con: duckdb.DuckDBPyConnection, text: str, cell: str | None) -> None:
    assert call(con, "to_cell", text, "460-00", 4096) == cell


def test_times_as_a_contract_writes_them(con: duckdb.DuckDBPyConnection) -> None:
    formats = ["%d-%b-%y %I:%M:%S %p", "%Y%m%d"]
    assert call(con, "to_time", "01-Mar-24 9:05:00 AM", formats) == AT
    assert call(con, "to_time", "20240301", formats) == datetime(2024, 3, 1)
    assert call(con, "to_time", "soon", formats) is None


def test_the_first_pattern_that_fits_names_the_class(con: duckdb.DuckDBPyConnection) -> None:
    assert call(con, "first_match", "Slow BILLING", ["bill", "slow"], ["B", "S"]) == "B"
    assert call(con, "first_match", "other", ["bill", "slow"], ["B", "S"]) is None


def test_no_row_is_lost_over_a_value_that_cannot_be_cast(small: SmallHome) -> None:
    """With the optimiser's cast pushed into a rejecting scan, rows with odd values vanished without a word."""
    n, odd, broken = 120_000, range(0, 120_000, 10_007), range(5_000, 120_000, 30_011)
    lines = []
    for i in range(n):
        line = ticket(i, 星级="五" if i in odd else i % 5, 补偿="12.5x" if i in odd else "1.5")
        lines.append(line + ",too,many" if i in broken else line)
    small.put("工单.csv", "\n".join([HEADER, *lines, ""]))
    code, files = small.load()
    outcome = files["工单.csv"]
    assert (code, outcome["n_rows"], outcome["n_rejected"]) == (0, n, len(broken))
    rows = small.rows("ticket")
    assert len(rows) == n - len(broken)
    assert {r["ticket_id"] for r in rows if r["star"] is None} == {f"T{i:05d}" for i in odd}
    assert sum(r["compensation_yuan"] or 0 for r in rows) == 1.5 * (n - len(broken) - len(odd))


@pytest.mark.parametrize("is_off", [True, False], ids=["as connected", "with the optimiser's default"])
def test_a_bare_cast_over_a_rejecting_scan(tmp_path: Path, is_off: bool) -> None:
    """The second case shows why the setting is there; should it ever keep all rows, the setting can go."""
    n, odd, broken = 120_000, 12, 4
    lines = [f"{i},{'x' if i % 10_007 == 0 else i}" + ",too" * (i % 30_011 == 5_000) for i in range(n)]
    path = tmp_path / "f.csv"
    path.write_text("\n".join([*lines, ""]))
    with read.connect(tmp_path) as connection:
        if not is_off:
            connection.execute("reset disabled_optimizers")
        scan = connection.read_csv(
            str(path),
            header=False,
            auto_detect=False,
            delimiter=",",
            columns={"a": "VARCHAR", "b": "VARCHAR"},
            store_rejects=True,
            ignore_errors=True,
        )
        rows = scan.select(duckdb.SQLExpression("try_cast(b as bigint) as b")).fetchall()
    assert len(rows) == n - broken - (0 if is_off else odd)
