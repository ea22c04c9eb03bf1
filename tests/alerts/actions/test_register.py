"""The register in the store: deeds are kept once, nothing is overwritten unseen, and a week reads the same for ever."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerts.actions import register, store
from alerts.actions.item import Draft
from alerts.actions.states import NotPossible
from warehouse import ops
from warehouse.problems import Problems

MONDAY = datetime(2025, 3, 24, 9)
DAY = timedelta(days=1)


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ops.db'}"


@pytest.fixture
def kept(url: str) -> sa.Engine:
    return ops.open_ops(url)


def draft(**given: object) -> Draft:
    fields = {"source": "warning", "source_ref": "warning:RN02-1", "problem": "曹甸乡村网络投诉量偏高",
              "measure": "新建宏站", "kind": "new_site", "owner_dept": "NET", "begins_on": MONDAY.date(),
              "due_on": MONDAY.date() + 4 * DAY}  # fmt: skip
    return Draft(**(fields | given))  # type: ignore[arg-type]


def test_the_same_draft_twice_is_one_measure(kept: sa.Engine) -> None:
    first = store.start(kept, draft(), "manager", MONDAY)
    assert store.start(kept, draft(), "manager", MONDAY) == first
    assert len(register.history(kept, first)) == 1
    assert store.start(kept, draft(measure="参数优化"), "manager", MONDAY) != first
    assert len(register.all_items(kept)) == 2


def test_a_life_from_start_to_result(kept: sa.Engine) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    store.act(kept, number, "accept", "handler", MONDAY + DAY, 0, owner_person="NET0115")
    store.act(kept, number, "delay", "supervisor", MONDAY + DAY, 1, "物业协调", due_on=date(2025, 4, 10))
    store.act(kept, number, "done", "handler", MONDAY + 2 * DAY, 2)
    assert store.act(kept, number, "verify", "analyst", MONDAY + 30 * DAY, 3, result="effective") == 4
    found = register.one(kept, number)
    assert found is not None and (found.state, found.result, found.done_on) == (
        "closed",
        "effective",
        date(2025, 3, 26),
    )
    assert (found.first_due_on, found.due_on, found.is_delayed) == (date(2025, 3, 28), date(2025, 4, 10), True)
    assert [e.deed for e in register.history(kept, number)] == ["raise", "accept", "delay", "done", "verify"]
    assert register.history(kept, number)[2].note == "物业协调"


def test_what_was_written_since_is_told_and_not_overwritten(kept: sa.Engine) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    store.act(kept, number, "edit", "supervisor", MONDAY, 0, measure="先测试")
    with pytest.raises(store.Changed) as fault:
        store.act(kept, number, "edit", "planner", MONDAY, 0, measure="建站")
    (seen,) = fault.value.events
    assert (seen.actor, seen.deed, seen.changes["measure"]) == ("supervisor", "edit", "先测试")
    found = register.one(kept, number)
    assert found is not None and (found.measure, found.revision) == ("先测试", 1)


def test_a_deed_sent_twice_is_done_once(kept: sa.Engine) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    assert [store.act(kept, number, "accept", "handler", MONDAY, 0) for _ in range(2)] == [1, 1]
    assert store.act(kept, number, "comment", "handler", MONDAY, 1, "到场") == 2
    assert store.act(kept, number, "comment", "handler", MONDAY, 1, "到场") == 2
    with pytest.raises(store.Changed):
        store.act(kept, number, "comment", "handler", MONDAY, 1, "另一句")
    assert len(register.history(kept, number)) == 3


@pytest.mark.parametrize(
    ("deed", "values"),
    [("close", {}), ("refuse", {}), ("delay", {"due_on": date(2025, 4, 10)}), ("delay", {"note": "x"}),
     ("delay", {"note": "x", "due_on": date(2025, 3, 25)}), ("edit", {"due_on": date(2025, 5, 1)}),
     ("edit", {"problem": " "}), ("edit", {"cost_yuan": -5.0})],
)  # fmt: skip
def test_without_a_reason_or_with_a_wrong_value_nothing_is_written(
    kept: sa.Engine, deed: str, values: dict[str, object]
) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    note = str(values.pop("note", ""))
    with pytest.raises(Problems):
        store.act(kept, number, deed, "manager", MONDAY, 0, note, **values)  # type: ignore[arg-type]
    assert len(register.history(kept, number)) == 1


def test_no_result_no_end(kept: sa.Engine) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    with pytest.raises(NotPossible):
        store.act(kept, number, "verify", "analyst", MONDAY, 0, result="effective")
    store.act(kept, number, "accept", "handler", MONDAY, 0)
    store.act(kept, number, "done", "handler", MONDAY, 1)
    for given in ({}, {"result": "splendid"}, {"result": "ineffective"}):
        with pytest.raises(Problems):
            store.act(kept, number, "verify", "analyst", MONDAY, 2, **given)
    with pytest.raises(store.Unknown):
        store.act(kept, "A0", "accept", "handler", MONDAY, 0)


def test_what_is_reopened_has_no_result_any_more(kept: sa.Engine) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    store.act(kept, number, "close", "manager", MONDAY, 0, "与另一项合并")
    store.act(kept, number, "reopen", "manager", MONDAY, 1, "并未合并")
    found = register.one(kept, number)
    assert found is not None and (found.state, found.closed_at, found.result_note) == ("doing", None, None)


def test_an_instruction_waits_for_its_reply(kept: sa.Engine) -> None:
    told = draft(source="instruction", reply_by=MONDAY.date() + DAY)
    number = store.start(kept, told, "manager", MONDAY)
    today = MONDAY.date() + 2 * DAY
    waits = register.counts(register.all_items(kept), today)
    assert (waits.replies, waits.replies_overdue) == (1, 1)
    store.act(kept, number, "reply", "handler", MONDAY, 0, "已安排")
    assert register.counts(register.all_items(kept), today).replies == 0


def test_the_events_add_up_to_the_row(kept: sa.Engine) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    store.act(kept, number, "accept", "handler", MONDAY, 0, owner_person="NET0115")
    store.act(kept, number, "edit", "manager", MONDAY, 1, cost_yuan=80000.0, is_permanent=True, level="listed")
    store.act(kept, number, "done", "handler", MONDAY + DAY, 2)
    assert register.as_at(kept, MONDAY + 2 * DAY) == register.all_items(kept)


def test_a_week_reads_the_same_after_later_deeds(kept: sa.Engine) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    late = store.start(kept, draft(measure="参数优化"), "manager", MONDAY)
    store.act(kept, number, "accept", "handler", MONDAY, 0)
    store.act(kept, number, "done", "handler", MONDAY + 3 * DAY, 1)
    store.act(kept, number, "verify", "analyst", MONDAY + 4 * DAY, 2, result="effective")
    week = register.of_week(kept, date(2025, 3, 24), date(2025, 3, 30))
    assert ([a.action_id for a in week.verified], [a.action_id for a in week.overdue]) == ([number], [late])
    then, today = register.as_at(kept, datetime(2025, 3, 31)), date(2025, 3, 31)
    assert (register.closed_share(then, today), register.late_share(then, today)) == ((1, 2), (1, 1))
    assert register.hotspots_share(then, today) == (0, 0), "they came of a warning"
    of_a_spot = [replace(a, source="hotspot") if a.action_id == number else a for a in then]
    assert register.hotspots_share(of_a_spot, today) == (1, 1)
    store.act(kept, late, "close", "manager", MONDAY + 10 * DAY, 0, "撤销")
    assert register.of_week(kept, date(2025, 3, 24), date(2025, 3, 30)) == week
    assert register.of_week(kept, date(2025, 3, 17), date(2025, 3, 23)).open == ()
    assert register.closed_share(register.as_at(kept, datetime(2025, 3, 24)), date(2025, 3, 24)) == (0, 0)


def test_the_same_problem_raised_again_came_back(kept: sa.Engine) -> None:
    first = store.start(kept, draft(), "manager", MONDAY)
    store.act(kept, first, "close", "manager", MONDAY + DAY, 0, "已处理")
    store.start(kept, draft(measure="天馈调整"), "manager", MONDAY + 20 * DAY)
    every = register.all_items(kept)
    again = [a.action_id for a in register.recurred(every)]
    assert again == [first] and register.again_share(every, again) == (1, 1)


def test_what_was_done_of_ones_own_accord_is_no_rectification(kept: sa.Engine) -> None:
    number = store.start(kept, draft(source="own", due_on=date(2025, 3, 25)), "manager", MONDAY)
    store.act(kept, number, "accept", "handler", MONDAY, 0)
    found, today = register.all_items(kept), date(2025, 3, 31)
    assert len(found) == 1 and register.rectifications(found) == []
    assert (register.closed_share(found, today), register.late_share(found, today)) == ((0, 0), (0, 0))
    week = register.of_week(kept, date(2025, 3, 24), date(2025, 3, 30))
    assert (week.due, week.open) == ((), ())


HAMMER = """
import sys
from datetime import datetime
from alerts.actions import register, store
from warehouse import ops
url, number, who = sys.argv[1:]
kept, done = ops.open_ops(url), 0
while done < 15:
    seen = register.one(kept, number)
    try:
        store.act(kept, number, "comment", who, datetime(2025, 3, 24), seen.revision, f"{who} {done}")
    except store.Changed:
        continue
    done += 1
"""


def test_two_processes_write_one_after_the_other(kept: sa.Engine, url: str) -> None:
    number = store.start(kept, draft(), "manager", MONDAY)
    running = [
        subprocess.Popen([sys.executable, "-c", HAMMER, url, number, who], cwd=Path(__file__).parents[3])
        for who in ("handler", "planner")
    ]
    assert [p.wait(timeout=60) for p in running] == [0, 0]
    found = register.one(kept, number)
    told = [e.note for e in register.history(kept, number)][1:]
    assert found is not None and found.revision == 30
    assert sorted(told) == sorted(f"{w} {n}" for w in ("handler", "planner") for n in range(15))


def test_an_older_store_gets_the_new_tables(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    kept = ops.open_ops(url)
    with kept.begin() as con:
        for table in ("action_event", "action_item", "note"):
            con.exec_driver_sql(f"drop table {table}")
    assert register.all_items(ops.open_ops(url)) == []
