"""The pages of warnings over the demo city's store, an empty one and none: languages, roles, deeds, links."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import OpenView
from tests.pages.test_views import everything_said, findings, opens, texts
from warehouse import ops
from warehouse.viewer import ROLES

VIEWS = ("warnings_todo", "warnings_all")
OUTAGE = "RN07-5125117c6d"
Board = Callable[..., Any]


@pytest.fixture
def board(open_view: OpenView, demo_home: Path, warned: Path) -> Board:
    """`board(view, lang, role, **url)` over a copy of the demo city's store."""
    return lambda view="warnings_todo", lang="zh", role="duty", **url: open_view(demo_home, view, lang, role, **url)


def rows(store: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    con = sqlite3.connect(store)
    try:
        return con.execute(sql, values).fetchall()
    finally:
        con.close()


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("view", VIEWS)
def test_before_the_first_run_the_command_is_named(
    open_view: OpenView, demo_home: Path, view: str, lang: Lang, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{tmp_path}/none.db")
    at = open_view(demo_home, view, lang, "duty")
    opens(at, view, lang)
    assert t("warnings.never_run", lang) in texts(at.info)
    assert [c.value for c in at.code] == ["python -m alerts run"]
    assert findings(at) == []
    assert not (tmp_path / "none.db").exists(), "no page makes a store"


def test_an_empty_store_says_the_same(
    open_view: OpenView, demo_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/empty.db"
    ops.open_ops(url).dispose()
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    at = open_view(demo_home, "warnings_todo", "en", "manager")
    assert t("warnings.never_run", "en") in texts(at.info)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize(("lang", "role"), [("zh", "manager"), ("en", "duty")])
def test_every_view_opens(board: Board, view: str, lang: Lang, role: str) -> None:
    at = board(view, lang, role)
    opens(at, view, lang)
    (found,) = findings(at)
    assert any(c.isdigit() for c in found)
    if lang == "en":
        own = [e.value for kind in (at.title, at.subheader, at.info) for e in kind]
        own += [e.label for kind in (at.selectbox, at.multiselect, at.button, at.expander) for e in kind]
        assert [s for s in own if re.search("[\u4e00-\u9fff]", s) and "基站" not in s] == []


def test_the_board_is_what_the_city_planted(board: Board) -> None:
    """One red incident first, the satisfaction dip, one returned; nothing of rules on trial, and not hundreds."""
    at = board()
    assert "四季园小区站点退服" in findings(at)[0], "the outage is the first thing to look at"
    lines = [b.key for b in at.button if str(b.key).startswith("open_")]
    assert 15 <= len(lines) <= 40
    assert lines[0] == f"open_{OUTAGE}"
    said = everything_said(at)
    assert t("warnings.joined", "zh", n=7) in said or "条合一" in said
    assert "计费中心上周收到的" in said
    assert word("warning.state", "returned", "zh") in said
    assert any(key.startswith("open_RD01-HR") for key in lines), "cleared by itself in the night, unacknowledged"
    assert t("warnings.trial", "zh") not in said
    assert not any(key.startswith(("open_RS01-", "open_RN04-")) for key in lines)


def test_rules_on_trial_are_shown_by_a_switch_and_named(board: Board) -> None:
    at = board(trial="yes")
    assert t("warnings.trial", "zh") in everything_said(at)


def test_a_leader_sees_no_number_of_a_ticket_and_a_clerk_does(board: Board) -> None:
    ticket = re.compile(r"YZ2025\d{8}")
    shown = {role: everything_said(board(role=role)) for role in ("manager", "duty")}
    assert not ticket.search(shown["manager"])
    assert ticket.search(shown["duty"])
    for said in shown.values():
        assert not re.search(r"(?<!\d)1[3-9]\d{9}(?!\d)", said)


def test_one_tap_acknowledges_the_whole_incident_by_name(board: Board, warned: Path) -> None:
    at = board("warning", id=OUTAGE)
    assert at.title[0].value == t("warning.title", "zh")
    at.button(key=f"ack_{OUTAGE}").click().run()
    assert [e.message for e in at.exception] == []
    assert texts(at.success) == [word("warning.told", "ack", "zh")]
    told = rows(warned, "select warning_id, actor from warning_event where action = 'ack' and actor = 'duty'")
    assert len(told) == len(rows(warned, "select 1 from warning where incident_id = 'I-' || ?", OUTAGE)) > 1
    assert rows(warned, "select handling from warning where warning_id = ?", OUTAGE) == [("acknowledged",)]
    assert f"ack_{OUTAGE}" not in {b.key for b in at.button}
    assert any(word("role", "duty", "zh") in m and word("warning.did", "ack", "zh") in m for m in texts(at.markdown))


def test_who_was_slower_is_told_and_nothing_is_kept(board: Board, warned: Path) -> None:
    at = board("warning", id=OUTAGE)
    con = sqlite3.connect(warned)
    con.execute("update warning set revision = revision + 1 where warning_id = ?", (OUTAGE,))
    con.commit()
    con.close()
    at.button(key=f"ack_{OUTAGE}").click().run()
    assert texts(at.warning) == [word("warning.told", "stale", "zh")]
    assert rows(warned, "select count(*) from warning_event where actor = 'duty'") == [(0,)]


def test_a_false_alarm_needs_its_reason(board: Board, warned: Path) -> None:
    at = board("warning", id=OUTAGE)
    at.button(key=f"false_alarm_do_{OUTAGE}").click().run()
    assert texts(at.warning) == [word("warning.told", "note_needed", "zh")]
    at.text_area(key=f"false_alarm_note_{OUTAGE}").set_value("演练").run()
    at.button(key=f"false_alarm_do_{OUTAGE}").click().run()
    assert rows(warned, "select decision, false_reason, ack_by from warning where warning_id = ?", OUTAGE) == [
        ("false_alarm", "演练", "duty")
    ]


def test_assigning_gives_it_to_a_department(board: Board, warned: Path) -> None:
    at = board("warning", id=OUTAGE)
    at.selectbox(key=f"dept_{OUTAGE}").set_value("CARE").run()
    at.button(key=f"assign_do_{OUTAGE}").click().run()
    assert rows(warned, "select owner_dept, handling from warning where warning_id = ?", OUTAGE) == [
        ("CARE", "in_progress")
    ]


def test_silence_is_chosen_under_more_and_says_until_when(board: Board, warned: Path) -> None:
    at = board("warning", id=OUTAGE)
    at.selectbox(key=f"other_{OUTAGE}").set_value("silence").run()
    at.text_area(key=f"quiet_note_{OUTAGE}").set_value("抢修中").run()
    at.button(key=f"quiet_do_{OUTAGE}").click().run()
    assert [e.message for e in at.exception] == []
    assert texts(at.success) == [word("warning.told", "silence", "zh")]
    ends = {r[0][:10] for r in rows(warned, "select ends_at from silence where reason = '抢修中'")}
    assert ends == {"2025-04-02"}, "the day chosen, tomorrow, to its end"
    assert any(
        "抢修中" in m and t("warning.until", "zh", at="4月2日 00:00") in m.replace("\\", "") for m in texts(at.markdown)
    )


def test_an_auditor_reads_and_does_nothing(board: Board) -> None:
    at = board("warning", role="auditor", id=OUTAGE)
    opens(at, "warning", "zh")
    assert [b.key for b in at.button if str(b.key).endswith(OUTAGE)] == []


def test_only_a_leader_instructs(board: Board) -> None:
    forms = {role: {b.key for b in board("warning", role=role, id=OUTAGE).button} for role in ("manager", "handler")}
    assert f"instruct_do_{OUTAGE}" in forms["manager"]
    assert f"instruct_do_{OUTAGE}" not in forms["handler"]


def test_a_wrong_link_says_so(board: Board) -> None:
    assert texts(board("warning", id="RN07-nothing").info) == [t("warning.unknown", "zh")]


def test_the_lines_to_paste_are_few_and_carry_the_link(board: Board) -> None:
    at = board("warning", id=OUTAGE)
    link, lines = (c.value for c in at.code)
    assert link.endswith(f"/warning?id={OUTAGE}")
    assert 3 <= len(lines.splitlines()) <= 5
    assert lines.startswith("[模拟数据] ◆红")


def test_filters_narrow_and_are_in_the_link(board: Board, warned: Path) -> None:
    at = board("warnings_all", severity="red", since="ever", owner="NET")
    expected = rows(
        warned, "select count(*) from warning where not is_trial and severity = 'red' and owner_dept = 'NET'"
    )[0][0]
    assert t("warnings.listed", "zh", n=expected) in everything_said(at)
    shown = at.dataframe[0].value
    assert set(shown["severity"]) == {"◆ 红"}
    assert all(link.startswith("/warning?id=") for link in shown["link"])


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.deep
def test_every_role_opens_the_board(board: Board, role: str) -> None:
    for lang in LANGS:
        opens(board("warnings_todo", lang, role), "warnings_todo", lang)


def test_today_counts_what_waits_and_shows_the_worst_five(board: Board, warned: Path) -> None:
    at = board("today", "zh", "manager")
    assert [e.message for e in at.exception] == []
    (button,) = [b for b in at.button if b.key == "waiting_warnings"]
    assert any(c.isdigit() for c in button.label)
    links = [p.proto for p in at.get("page_link")]
    worst = [p.label for p in links if "id=" in p.query_string]
    assert len(worst) == 5, "a click leads to the card"
    # A link is one line that would be cut on a phone: the sentence stands beside it, and it wraps.
    assert "四季园小区站点退服" not in worst[0]
    assert any("四季园小区站点退服，17名客户集中投诉" in m.value for m in at.markdown)


def test_evidence_of_the_engine_is_no_deed_of_a_person(board: Board, warned: Path) -> None:
    """RC05 calls how far a complaint went its level, as a person calls that of a supervision."""
    ((number,),) = rows(warned, "select warning_id from warning where rule_id = 'RC05' and evidence_json like '%level%'"
                        " limit 1")  # fmt: skip
    opens(board("warning", id=number), "warning", "zh")


@pytest.mark.deep
@pytest.mark.parametrize("lang", LANGS)
def test_a_card_of_every_rule_opens(board: Board, warned: Path, lang: Lang) -> None:
    for (number,) in rows(warned, "select min(warning_id) from warning group by rule_id, rule_version"):
        for role in ("manager", "duty"):
            opens(board("warning", lang, role, id=number), "warning", lang)
