"""The history of handled warnings: what a file may say, and that the engine raises what the demo city's records."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerts import history, store
from alerts.rules import load_rules
from alerts.sources import Release
from etl.demo.actions import plan_actions
from etl.demo.operations import RECORDED_SEED, RETURNED, write_operations
from etl.demo.rng import Streams
from warehouse import ops
from warehouse.home import Home
from warehouse.problems import Problems

RULES = load_rules()
# Those that take a second altogether; the deep test takes all twelve.
QUICK = {"RC05", "RC07", "RC08", "RS10", "RT01", "RT02", "RB01", "RN02"}
ROW = {
    "预警编号": "W1", "规则编号": "RC07", "对象编码": "TAR02", "严重级别": "橙", "触发时间": "2024-10-01 06:00:00",
    "确认人工号": "BIL0101", "确认时间": "2024-10-01 07:00:00", "决定": "误报关闭", "决定时间": "2024-10-01 09:00:00",
    "结论": "误报", "误报原因": "季节波动", "关闭时间": "2024-10-02 09:00:00",
}  # fmt: skip


def file(folder: Path, *rows: dict[str, str], encoding: str = "utf-8-sig") -> Path:
    path = folder / "history.csv"
    with path.open("w", encoding=encoding, newline="") as handle:
        out = csv.DictWriter(handle, list(ROW))
        out.writeheader()
        out.writerows(rows)
    return path


@pytest.fixture(scope="module")
def release(demo_home: Path) -> Release:
    return Release.current(Home(demo_home))


@pytest.fixture(scope="module")
def records(tmp_path_factory: pytest.TempPathFactory) -> list[history.Record]:
    """The demo city's file, written anew."""
    folder = tmp_path_factory.mktemp("history")
    streams = Streams(RECORDED_SEED)
    write_operations(streams, folder, plan_actions(streams))
    return history.read(folder / "运营历史_预警处置.csv")


def test_words_become_codes_and_what_is_empty_nothing(tmp_path: Path) -> None:
    (one,) = history.read(file(tmp_path, {**ROW, "关闭时间": "", "误报原因": " "}))
    assert (one.severity, one.decision, one.outcome, one.reason, one.closed_at) == (
        "orange", "false_alarm", "false", None, None,
    )  # fmt: skip
    assert one.warning_id == store.warning_id("RC07", "TAR02", one.fired_at)


@pytest.mark.parametrize(
    "change, said",
    [
        ({"触发时间": "昨天"}, "line 2: fired_at"),
        ({"决定": "不管"}, "line 2: decision"),
        ({"确认时间": "2024-09-30 07:00:00"}, "times run backwards"),
        ({"确认人工号": ""}, "was acknowledged by nobody"),
        ({"确认时间": "", "确认人工号": ""}, "nobody acknowledged it"),
        ({"决定": ""}, "a decision needs its time"),
        ({"对象编码": ""}, "line 2: scope"),
    ],
)
def test_a_row_that_cannot_be_is_told_with_its_line(tmp_path: Path, change: dict[str, str], said: str) -> None:
    with pytest.raises(Problems) as caught:
        history.read(file(tmp_path, {**ROW, **change}))
    assert said in str(caught.value)


def test_faults_of_the_file_itself(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="is not there"):
        history.read(tmp_path / "none.csv")
    with pytest.raises(Problems, match="is no UTF-8"):
        history.read(file(tmp_path, ROW, encoding="gb18030"))
    with pytest.raises(Problems, match="line 3: W2 is the same warning as W1"):
        history.read(file(tmp_path, ROW, {**ROW, "预警编号": "W2"}))
    (tmp_path / "short.csv").write_text("预警编号,规则编号\nW1,RC07\n", encoding="utf-8")
    with pytest.raises(Problems, match="has no column .*对象编码"):
        history.read(tmp_path / "short.csv")
    assert history.read(file(tmp_path)) == []


@pytest.mark.deep
def test_the_engine_raises_what_was_recorded(release: Release, records: list[history.Record], tmp_path: Path) -> None:
    """No record without a warning, no warning without a record, the same severity; a second import adds nothing."""
    mine = [r for r in records if r.rule_id in QUICK]
    end = datetime(2025, 3, 31)
    kept = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    done = history.bring_in(kept, release, RULES, mine, release.as_of)
    assert (done.faults, done.unraised, done.unrecorded) == ({}, [], [])
    assert done.n_handed == sum(r.ack_at is not None for r in mine) > 100
    rows = {r["warning_id"]: r for r in store.warnings(kept, ops.warning.c.fired_at < end)}
    assert {r.warning_id: r.severity for r in mine} == {n: r["severity"] for n, r in rows.items()}
    for record in mine:
        row = rows[record.warning_id]
        assert (row["ack_by"], row["ack_at"], row["decision"]) == (
            record.person if record.ack_at else None, record.ack_at, record.decision,
        )  # fmt: skip
        assert (row["handling"] == "closed") == (record.closed_at is not None)
    with kept.connect() as con:
        n_events = con.execute(sa.select(sa.func.count()).select_from(ops.warning_event)).scalar()
    again = history.bring_in(kept, release, RULES, mine, release.as_of)
    assert (again.n_handed, again.n_before) == (0, done.n_handed)
    with kept.connect() as con:
        assert con.execute(sa.select(sa.func.count()).select_from(ops.warning_event)).scalar() == n_events


def test_outcomes_and_reasons_are_kept(release: Release, records: list[history.Record], tmp_path: Path) -> None:
    wrong = next(r for r in records if r.rule_id == "RC08" and r.outcome == "false" and r.decision == "false_alarm")
    kept = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    missing = wrong.model_copy(update={"scope": "H999", "number": "W-NONE"})
    done = history.bring_in(kept, release, RULES, [wrong, missing], release.as_of)
    assert done.unraised == ["W-NONE"] and done.n_handed == 1 and len(done.unrecorded) > 0
    (row,) = store.warnings(kept, ops.warning.c.warning_id == wrong.warning_id)
    assert row["false_reason"] == wrong.reason
    decided = [e for e in store.history(kept, wrong.warning_id) if e["action"] == "decide"]
    assert [json.loads(e["detail_json"])["outcome"] for e in decided] == ["false"]


def test_a_rule_that_is_none_is_told_before_anything_is_done(
    release: Release, records: list[history.Record], tmp_path: Path
) -> None:
    kept = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    with pytest.raises(Problems, match="ZZ99: are no rules"):
        history.bring_in(kept, release, RULES, [records[0].model_copy(update={"rule_id": "ZZ99"})], release.as_of)
    assert store.warnings(kept) == []


@pytest.mark.deep
def test_all_twelve_rules_are_replayed(release: Release, records: list[history.Record], tmp_path: Path) -> None:
    """If a rule was changed on purpose: `python -m tests.alerts.recorded HOME`, and read what is different."""
    kept = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    done = history.bring_in(kept, release, RULES, records, release.as_of)
    assert (done.faults, done.unraised, done.unrecorded) == ({}, [], [])
    returned = next(r for r in records if r.number == RETURNED)
    (row,) = store.warnings(kept, ops.warning.c.warning_id == returned.warning_id)
    assert (row["condition"], row["handling"], row["ack_at"]) == ("cleared", "new", None)
