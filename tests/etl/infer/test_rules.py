"""What a draft rests on, one rule at a time, on columns made in the test."""

from __future__ import annotations

import pyarrow as pa
import pytest

from etl.infer.headers import likeness
from etl.infer.keys import is_log_key, log_key
from etl.infer.levels import by_level, level_of
from etl.infer.match import is_barred
from etl.infer.nodes import network_code
from etl.infer.preview import replaced
from etl.infer.profile import Profile, _column
from etl.infer.scope import kind_of, scope_of
from etl.infer.speaking import speaks
from etl.infer.times import formats_of
from etl.infer.types import Reading, read_column
from etl.infer.values import Known, code_of
from warehouse.canonical import tables


def profile(**columns: list[str]) -> tuple[Profile, dict[str, Reading]]:
    made = [_column(name.replace("_", " "), pa.array(values, pa.string())) for name, values in columns.items()]
    found = Profile(made, made[0].n_rows, False, 0, 1)
    return found, {c.header: read_column(c) for c in made}


def test_what_repeats_in_runs_is_what_a_log_is_about() -> None:
    log, readings = profile(
        worker=[f"G{n % 7:03d}" for n in range(40)],
        thing=[f"KF{n // 4:06d}" for n in range(40)],
        moved_time=[f"2025-03-01 {n // 4:02d}:{n % 4}0:00" for n in range(40)],
    )
    assert [is_log_key(log[h], readings[h]) for h in ("worker", "thing")] == [False, True]
    assert log_key(log, readings) == "thing"


def test_a_file_with_a_number_of_its_own_is_no_log() -> None:
    file, readings = profile(
        thing=[f"KF{n // 4:06d}" for n in range(40)],
        number=[f"N-{n}" for n in range(40)],
        moved_time=[f"2025-03-01 {n // 4:02d}:{n % 4}0:00" for n in range(40)],
    )
    assert log_key(file, readings) == ""


def test_the_scope_of_single_figures_makes_their_keys_unique() -> None:
    at = [f"2025-03-01 {n // 4:02d}:00:00" for n in range(16)]
    file, readings = profile(
        Time=at, Site_Name=[f"S{n % 2}" for n in range(16)], Cell_Name=[f"S{n % 4}_1" for n in range(16)]
    )
    assert scope_of("Site Name", "Time", file, readings) == ["Cell Name"]
    assert [kind_of(h, readings[h]) for h in ("Cell Name", "Site Name")] == ["cell", "site"]
    one, own = profile(Time=at[::4], Note=["a", "b", "c", "d"])
    assert scope_of("", "Time", one, own) == []


@pytest.mark.parametrize(
    ("header", "level"),
    [
        ("category.l2", 2),
        ("投诉大类", 1),
        ("事项二级分类", 2),
        ("Operational Categorization Tier 1", 1),
        ("Ward 12", 0),
    ],
)
def test_levels(header: str, level: int) -> None:
    assert level_of(header) == level


def test_the_finer_of_two_types_is_the_type() -> None:
    file, readings = profile(
        Reason=["Light", "Light", "Bin"] * 10, Type=["Out", "Dim", "Missed"] * 10, Ticket_ID=[str(n) for n in range(30)]
    )
    assert by_level({"type_code": "Reason", "ticket_id": "Ticket ID"}, file, readings) == {
        "type_code": "Type", "type_detail": "Reason",
    }  # fmt: skip


def test_values_without_a_header_speak() -> None:
    file, readings = profile(
        column1=[f"119.{n:05d}" for n in range(30)], column2=[f"32.{n:05d}" for n in range(30)],
        column3=["0", "120", "240"] * 10, column4=["1800", "n41", "D频段"] * 10, column5=["1", "2", "3"] * 10,
    )  # fmt: skip
    sure = {
        column: [h for h in file.headers if speaks(column, file[h], readings[h], file, 0) >= 0.9]
        for column in ("lon", "lat", "azimuth_deg", "band")
    }
    assert sure == {"lon": ["column1"], "lat": ["column2"], "azimuth_deg": ["column3"], "band": ["column4"]}


def test_one_network_of_a_file() -> None:
    assert network_code(profile(mcc=["262"] * 3, net=["2"] * 3)[0]) == ("mcc", "net", "262-02")
    assert network_code(profile(mcc=["262"] * 3, net=["2", "3", "2"])[0]) is None


def test_words_stand_at_their_own_borders() -> None:
    assert code_of("channel_code", "Phone calls", Known()) == "HOTLINE"
    assert code_of("channel_code", "Caller 7", Known()) is None
    assert likeness("Prestadora", "estado") == 0.0
    assert likeness("发起时间", "发生时间") == 0.0
    assert is_barred("cust_key", "Caller ID Number")


def test_a_sign_of_utc_behind_a_time() -> None:
    assert formats_of("08/07/2015 01:01:17 AM +0000")[0] == "%d/%m/%Y %I:%M:%S %p +0000"


def test_rows_that_would_replace_each_other_are_counted() -> None:
    table = tables()["kpi_value"]
    rows = pa.table({
        "scope_kind": ["network"] * 4, "scope_id": ["all"] * 4, "period_start": [1, 1, 1, 2], "kpi_code": ["A"] * 4,
        "value": [1.0, 2.0, 2.0, 1.0],
    })  # fmt: skip
    assert replaced(rows, table) == 1  # an exact copy loses nothing
    assert replaced(rows.slice(0, 0), table) == 0
