"""Published data sets, loaded by a contract and a workspace each, without a line of Python."""

from __future__ import annotations

import csv
import os
import shutil
from collections import Counter
from datetime import datetime
from pathlib import Path

import pytest

from tests.etl.small import SmallHome

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
