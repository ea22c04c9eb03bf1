"""Both ways of reading a counter file come to the same rows and the same refusals, wherever a fault stands."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from etl import scan
from etl.contract import read_contract
from etl.read import connect, read
from etl.scan import Scan, likely_numbers
from tests.etl.small import SmallHome

HOURS = """name = "small_hours"
table = "cell_kpi_1h"
label = { zh = "模拟数据", en = "Simulated" }
owner = "test (simulated)"
licence = "made by the test"
plmn = "460-00"

[file]
pattern = "小时*.csv"
format = "csv"
encoding = "auto"
totals = ["合计"]
missing = ["NIL", "-"]

[columns]
period_start = { from = "时间" }
cell_id = { from = "CGI", as = "cell" }
rrc_att = { from = "请求" }
rrc_succ = { from = "成功" }
vol_dl_mb = { from = "流量", factor = 1024 }
rrc_avg = { from = "用户" }
completeness = { from = "完整率" }
"""
HEADER = "时间,CGI,请求,成功,流量,用户,完整率"


def line(n: int, **other: str) -> str:
    row = {
        "时间": f"2024-03-{n % 3 + 1:02d} {n % 24:02d}:00:00",
        "CGI": f"460-00-{900 + n}-1",
        "请求": str(n),
        "成功": str(n // 2),
        "流量": f"{n / 7:.3f}",
        "用户": "" if n % 5 == 0 else f"{n}e-1",
        "完整率": "1",
    }
    return ",".join((row | other).values())


def text(n_rows: int, at: int, **other: str) -> str:
    lines = [line(n, **other) if n == at else line(n) for n in range(n_rows)]
    return "\n".join([HEADER, *lines]) + "\n"


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many batches came by either way. Small files go both ways here, in batches of a few thousand rows."""
    came = {"quick": 0, "careful": 0}
    real = Scan.batches

    def counting(self: Scan) -> Any:
        for batch, compiled in real(self):
            came["quick" if "rrc_att" not in compiled.watched else "careful"] += 1
            yield batch, compiled

    monkeypatch.setattr(Scan, "batches", counting)
    monkeypatch.setattr(scan, "BATCH_ROWS", 2048)
    monkeypatch.setattr(scan, "LEAST_BYTES", 0)
    return came


def outcome(small: SmallHome, name: str, content: str | bytes) -> Any:
    small.contract("small_hours", HOURS)
    small.home.workspace_file.write_text(
        small.home.workspace_file.read_text(encoding="utf-8").replace('"small_days"', '"small_days", "small_hours"'),
        encoding="utf-8",
    )
    path = small.put(name, content)
    small.load()
    found = small.outcomes()[name]
    counts = (found.state, found.n_rows, found.n_loaded, found.n_rejected, found.n_flagged, found.n_dropped)
    path.unlink()
    return counts, sorted(small.content("cell_kpi_1h"), key=str), sorted(small.content("quarantine"), key=str)


def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, small: SmallHome, content: str | bytes) -> tuple[Any, Any]:
    from tests.etl.small import set_up

    quick = outcome(small, "小时1.csv", content)
    monkeypatch.setattr(scan, "LEAST_BYTES", 1 << 40)
    root = tmp_path / "careful"
    set_up(root)
    monkeypatch.setenv("LOOKOUT_HOME", str(root))
    return quick, outcome(SmallHome(root, small.output), "小时1.csv", content)


CELLS = [
    "", "-", "NIL", " 7", "7 ", "7.0", "7.5", "1e3", "1,5", '"1,234"', '"7"', "１２", "nan", "inf", "1e400", "0x10",
    "1_0", "+3", "--3", "9223372036854775807", "9300000000000000000", "12%", "合计", '"a\nb"', '"', "7,8", "\ufeff7",
]  # fmt: skip


@pytest.mark.parametrize(
    "cell", [pytest.param(c, marks=[pytest.mark.deep] if n % 3 else []) for n, c in enumerate(CELLS)]
)
def test_any_cell_reads_the_same_both_ways(
    cell: str, small: SmallHome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ways: dict[str, int]
) -> None:
    content = text(60, at=40, 请求=cell, 流量=cell)
    # Not sampled, so that the cell is met while reading, not before.
    monkeypatch.setattr(scan, "likely_numbers", _all_numbers)
    quick, careful = both(tmp_path, monkeypatch, small, content)
    assert quick == careful
    assert quick[0][0] == "loaded"
    assert quick[0][1] >= 55


def _all_numbers(contract: Any, raw: Any) -> frozenset[str]:
    return frozenset({"请求", "成功", "流量", "用户", "完整率"}) if scan.LEAST_BYTES == 0 else frozenset()


def test_a_clean_file_is_read_at_once(small: SmallHome, ways: dict[str, int]) -> None:
    counts, rows, entries = outcome(small, "小时1.csv", text(5000, at=-1))
    assert counts == ("loaded", 5000, 5000, 0, 0, 0)
    assert ways["careful"] == 0 and ways["quick"] >= 3
    assert len(rows) == 5000 and entries == []
    first = next(dict(r) for r in rows if dict(r)["row_no"] == 3)
    assert (first["rrc_att"], first["rrc_succ"], first["rrc_avg"]) == (2, 1, 0.2)
    assert first["vol_dl_mb"] == pytest.approx(0.286 * 1024)


@pytest.mark.deep
def test_a_late_fault_is_gone_on_from(small: SmallHome, monkeypatch: pytest.MonkeyPatch, ways: dict[str, int]) -> None:
    """Far behind the sampled places; what was read before is neither lost nor read twice."""
    n, at = 300_000, 290_001
    monkeypatch.setattr(scan, "SAMPLE_BYTES", 256)
    monkeypatch.setattr(SmallHome, "content", lambda self, table: [])
    counts, _, _ = outcome(small, "小时1.csv", text(n, at=at, 请求="坏", 流量="-"))
    assert counts == ("loaded", n, n, 0, 1, 0)
    assert ways["quick"] > 0 and ways["careful"] > 0
    table = small.lake.open("cell_kpi_1h")
    assert table is not None
    rows = pa.table(table.to_pyarrow_table()).sort_by("row_no")
    assert rows["row_no"].to_pylist() == list(range(1, n + 1))
    assert rows["rrc_att"].to_pylist() == [None if i == at else i for i in range(n)]
    assert rows["vol_dl_mb"].null_count == 1
    assert [entry["row_no"] for entry in small.rows("quarantine")] == [at + 1]


def test_columns_that_are_no_plain_numbers_stay_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan, "LEAST_BYTES", 0)
    (tmp_path / "small_hours.toml").write_text(HOURS, encoding="utf-8")
    contract = read_contract(tmp_path / "small_hours.toml")

    def found(content: str) -> frozenset[str]:
        path = tmp_path / "小时1.csv"
        path.write_text(content, encoding="utf-8")
        with connect(tmp_path) as con:
            return likely_numbers(contract, read(path, contract, con, tmp_path))

    assert found(text(50, at=-1)) == {"请求", "成功", "流量", "用户", "完整率"}
    assert found(text(50, at=20, 请求="NIL")) == {"成功", "流量", "用户", "完整率"}
    assert found(text(50, at=20, 请求="1.5")) == {"成功", "流量", "用户", "完整率"}
    assert found(text(50, at=49, 请求="1,5")) == frozenset()  # a line of another width
    monkeypatch.setattr(scan, "LEAST_BYTES", 1 << 20)
    assert found(text(50, at=-1)) == frozenset()
