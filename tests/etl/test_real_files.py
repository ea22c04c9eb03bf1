"""Published data sets, loaded by a contract and a workspace each, without a line of Python."""

from __future__ import annotations

import csv
import os
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

import duckdb
import pytest

from tests.etl.small import SmallHome
from tests.warehouse.partial import only
from warehouse.__main__ import main as warehouse_main
from warehouse.release import Releases

DATA = os.environ.get("LOOKOUT_DATA")
pytestmark = pytest.mark.skipif(not DATA, reason="LOOKOUT_DATA is unset")


def load(
    workspace: str, pattern: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> tuple[SmallHome, int, dict[str, dict[str, object]]]:
    files = sorted(Path(DATA or "").glob(pattern))
    if not files:
        pytest.skip(f"LOOKOUT_DATA holds no {pattern}")
    real = SmallHome(tmp_path / "home", lambda: capsys.readouterr().out)
    monkeypatch.setenv("LOOKOUT_HOME", str(real.root))
    assert real.run("init", workspace)[0] == 0
    for path in files:
        shutil.copy(path, real.home.inbox)
    code, outcomes = real.load()
    return real, code, outcomes


def test_comcast(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real, code, files = load("comcast", "comcast/comcast_saboye_bom.csv", tmp_path, monkeypatch, capsys)
    assert code == 0
    rows = real.rows("ticket")
    assert len(rows) == files["comcast_saboye_bom.csv"]["n_rows"] == 2224
    with next(real.home.inbox.iterdir()).open(encoding="utf-8-sig", newline="") as handle:
        source = list(csv.DictReader(handle))
    days = {r["Ticket #"]: datetime.strptime(r["Date_month_year"], "%d-%b-%y").date() for r in source}
    assert {r["ticket_id"]: r["accepted_at"].date() for r in rows} == days
    assert Counter(r["channel_code"] for r in rows) == {"CALL": 1119, "WEB": 1105}
    [explained] = real.rows("quarantine")
    assert (explained["column_name"], explained["rule"], explained["action"]) == ("ticket_id", "off_shape", "flag")
    assert "comcas" in explained["value_scrubbed"].casefold()
    states = Counter(r["region_code"] for r in rows)
    spelt = sum(r["State"].casefold() == "district of columbia" for r in source)
    assert len({r["State"] for r in source if r["State"].casefold() == "district of columbia"}) == 2
    assert states["District of Columbia"] == spelt


def test_trai(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real, code, files = load("trai", "trai_mycall/MyCall_Data_*.csv", tmp_path, monkeypatch, capsys)
    assert (code, len(files)) == (0, 2)
    n_nowhere = n_rows = 0
    for path in real.home.inbox.iterdir():
        month = datetime.strptime(path.stem.removeprefix("MyCall_Data_"), "%B_%Y").date()
        with path.open(encoding="utf-8", newline="") as handle:
            source = list(csv.DictReader(handle))
        rows = [r for r in real.rows("experience_rating") if r["file_id"] == files[path.name]["file_id"]]
        assert len(rows) == len(source) > 20_000
        assert {r["period_month"] for r in rows} == {month}
        n_nowhere += sum(float(r["Longitude"]) == float(r["Latitude"]) == -1 for r in source)
        n_rows += len(rows)
    placed = [r for r in real.rows("experience_rating") if r["lon"] is not None]
    assert n_nowhere > 1000
    assert len(placed) <= n_rows - n_nowhere
    assert all(68 <= r["lon"] <= 98 and 6 <= r["lat"] <= 38 for r in placed)


def test_mathorcup(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real, code, files = load("mathorcup", "mathorcup_satisfaction/附件1*.xlsx", tmp_path, monkeypatch, capsys)
    [outcome] = files.values()
    rows = real.rows("survey")
    assert (code, len(rows), outcome["n_rejected"]) == (0, 5433, 0)
    assert all(1 <= r["score_10"] <= 10 for r in rows)
    assert {r["has_problem"] for r in rows} <= {True, False, None}
    scenes = Counter(s for r in rows for s in (r["scenes"] or "").split(";") if s)
    problems = Counter(s for r in rows for s in (r["problems"] or "").split(";") if s)
    assert {"居民小区", "办公室", "高校", "商业街", "地铁", "农村", "高铁"} <= set(scenes)
    assert "-1" not in set(scenes) | set(problems)
    # 其他 stands in both lists; the second of the two equal headers belongs to the problems.
    assert scenes["其他"] != problems["其他"] > 0
    assert any(r["scenes"] is None for r in rows)


def test_nyc311(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real, code, files = load("nyc311", "nyc311/nyc311*.csv", tmp_path, monkeypatch, capsys)
    [outcome] = files.values()
    rows = {r["ticket_id"]: r for r in real.rows("ticket")}
    # Ten requests are closed before they were created: kept out and explained, not clipped.
    assert (code, outcome["n_rows"], len(rows), outcome["n_rejected"]) == (0, 1000, 990, 10)
    found = Counter(r["rule"] for r in real.rows("quarantine"))
    assert found == {"closed_before_accepted": 10, "other_district": 2}
    assert all(r["feedback_at"] is None or r["feedback_at"] >= r["accepted_at"] for r in rows.values())
    with next(real.home.inbox.iterdir()).open(encoding="utf-8", newline="") as handle:
        source = {r["Unique Key"]: r for r in csv.DictReader(handle) if r["Unique Key"] in rows}
    for key, row in rows.items():
        assert row["accepted_at"] == datetime.strptime(source[key]["Created Date"], "%m/%d/%Y %I:%M:%S %p")
        assert (row["lon"] is None) == (source[key]["Longitude"] == "")
    assert sum(r["Latitude"] == "" for r in source.values()) == sum(r["lat"] is None for r in rows.values()) > 90
    n_due = sum(r["Due Date"] != "" for r in source.values())
    assert sum(r["promise_due_at"] is not None for r in rows.values()) == n_due > 470
    assert sum(r["type_code"] is None for r in rows.values()) < 10
    # The point of a request lies in the borough that the source names.
    placed = [r for r in rows.values() if r["lon"] is not None and r["region_code"] is not None]
    assert sum(r["point_region"] == r["region_code"] for r in placed) >= 0.995 * len(placed) > 800


@pytest.mark.deep
def test_tipdm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real, code, files = load("tipdm", "tipdm_zhengwu/*.xlsx", tmp_path, monkeypatch, capsys)
    assert code == 0
    loaded = {name: f["n_loaded"] for name, f in files.items() if f["state"] == "loaded"}
    assert loaded == {"附件2.xlsx": 495, "附件3.xlsx": 30, "附件4.xlsx": 120}
    assert {f["state"] for name, f in files.items() if name not in loaded} == {"elsewhere"}
    by_file = {name: [r for r in real.rows("ticket") if r["file_id"] == files[name]["file_id"]] for name in loaded}
    types = Counter(r["type_code"] for r in by_file["附件2.xlsx"])
    assert (types["LABOUR"], types["ENVIRONMENT"], types[None]) == (104, 33, 0)
    assert all(r["feedback_at"] > r["accepted_at"] for r in by_file["附件4.xlsx"])
    assert all(r["feedback_at"] is None for r in by_file["附件3.xlsx"])
    # Texts begin with line ends and tabs in the source, times without leading zeros.
    assert all(r["summary_scrubbed"] == r["summary_scrubbed"].strip() for r in real.rows("ticket"))
    assert min(r["accepted_at"] for r in by_file["附件4.xlsx"]).year < 2020
    assert not any(str(r["cust_key"]).startswith("A0") for r in real.rows("ticket"))


def test_cellpad(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real, code, files = load("cellpad", "cellpad_kpi/sd.csv", tmp_path, monkeypatch, capsys)
    rows = sorted(real.rows("kpi_value"), key=lambda r: r["period_start"])
    assert (code, len(rows), files["sd.csv"]["n_rejected"]) == (0, 2856, 0)
    assert all(r["value"] > 0 for r in rows), "no zero was put where nothing was sent"
    with only({"mart_kpi_gap"}):
        assert warehouse_main(["build", "--json"]) == 0
    releases = Releases(real.home.releases)
    with duckdb.connect(str(releases.path(str(releases.current()))), read_only=True) as con:
        gaps = con.sql("select before_start, n_missing from mart_kpi_gap order by before_start").fetchall()
    assert [n for _, n in gaps] == [28 * 24, 35 * 24] or [n for _, n in gaps] == [35 * 24, 28 * 24]


def test_ucc_5g(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    real, code, files = load("ucc5g", "ucc_5g/B_*.csv", tmp_path, monkeypatch, capsys)
    assert (code, len(files)) == (0, 8)
    rows = real.rows("drive_test")
    n_lines = n_no_level = 0
    for path in real.home.inbox.iterdir():
        with path.open(encoding="utf-8", newline="") as handle:
            source = list(csv.DictReader(handle))
        n_lines += len(source)
        n_no_level += sum(r["RSRP"] == "-" or float(r["RSRP"]) == -200 for r in source)
        assert len({r["Timestamp"] for r in source}) < len(source)
        mine = [r for r in rows if r["test_id"] == path.stem]
        assert len(mine) == len(source), "repeated stamps are points of their own"
        assert mine[0]["measured_at"] == datetime.strptime(source[0]["Timestamp"], "%Y.%m.%d_%H.%M.%S")
    assert (len(rows), sum(r["rsrp_dbm"] is None for r in rows)) == (n_lines, n_no_level)
    assert n_no_level >= 3
    assert all(r["rsrp_dbm"] is None or -156 <= r["rsrp_dbm"] <= -20 for r in rows)
    assert all(r["sinr_db"] is None or r["sinr_db"] > -200 for r in rows)
    assert {r["rat"] for r in rows} == {"NR", "LTE", "UMTS"}
    assert all(51.7 <= r["lat"] <= 52.1 for r in rows if r["lat"] is not None)
