"""The states of a measure: what may follow what, and that nothing closes by itself."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from alerts.actions import rights
from alerts.actions.item import Action, Draft
from alerts.actions.states import NEEDS_REASON, PHASES, STATES, NotPossible, after, possible
from alerts.actions.texts import clean, person
from warehouse.problems import Problems
from warehouse.viewer import ROLES, Viewer


def test_the_usual_way_goes_through_all_four_phases() -> None:
    state, seen = "waiting", []
    for deed in ("accept", "done", "verify"):
        seen.append(PHASES[state])
        state = after(state, deed)
    assert [*seen, PHASES[state]] == ["plan", "do", "check", "act"]
    assert state == "closed"


@pytest.mark.parametrize(
    ("state", "deed"),
    [("waiting", "verify"), ("doing", "verify"), ("waiting", "done"), ("closed", "delay"), ("closed", "close"),
     ("verifying", "delay"), ("doing", "refuse"), ("closed", "edit")],
)  # fmt: skip
def test_no_shortcut(state: str, deed: str) -> None:
    with pytest.raises(NotPossible):
        after(state, deed)


def test_only_a_result_or_a_reason_closes() -> None:
    closing = {d for s in STATES for d in possible(s) if s != "closed" and after(s, d) == "closed"}
    assert closing == {"verify", "close"}
    assert "close" in NEEDS_REASON  # verify asks for a result instead


def test_what_was_sent_back_can_be_taken_up_or_given_to_another() -> None:
    assert after("verifying", "reject") == "returned" == after("waiting", "refuse")
    assert after("returned", "accept") == "doing"
    assert after("returned", "reissue") == "waiting"


def test_who_is_responsible_does_not_say_that_it_worked() -> None:
    for role in ("handler", "planner"):
        assert not rights.may(Viewer.of(role), "verify") and not rights.may(Viewer.of(role), "close")
        assert rights.may(Viewer.of(role), "done")
    assert {r for r in ROLES if rights.may(Viewer.of(r), "verify")} == {"manager", "supervisor", "analyst"}


def test_a_supervised_date_is_moved_by_who_supervises() -> None:
    assert rights.may(Viewer.of("handler"), "delay", "ordinary")
    assert not rights.may(Viewer.of("handler"), "delay", "key")
    assert rights.may(Viewer.of("supervisor"), "delay", "listed")


def test_a_department_acts_on_its_own() -> None:
    net = Viewer.of("handler", departments=frozenset({"NET"}))
    assert rights.may(net, "accept", owner_dept="NET")
    assert not rights.may(net, "accept", owner_dept="BIL")
    assert "instruction" not in rights.sources("supervisor") and rights.sources("auditor") == ("audit",)


MOBILE = "138" + "12345678"  # in parts: no file holds a number


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        (f"客户{MOBILE}再次投诉", "客户***再次投诉"),
        (f"call {MOBILE[:3]} {MOBILE[3:7]} {MOBILE[7:]} or 0514-{MOBILE[3:]}", "call *** or ***"),
        (f"+86 {MOBILE}", "***"),
        ("".join(chr(ord(c) + 0xFEE0) for c in MOBILE), "***"),
        ("3201" + "0" * 14, "***"),
        ("完成于2025-03-21，工单ZG2025-001", "完成于2025-03-21，工单ZG2025-001"),
        ("a\x00b\u202ec\u200bd\te", "abcd e"),
        ("one\n\n two  \r\nthree", "one\n\ntwo\nthree"),
    ],
)
def test_text_is_made_harmless(raw: str, kept: str) -> None:
    assert clean(raw.replace("\t", " "), "x", 100) == kept


def test_text_that_is_too_long_is_refused_and_not_repeated() -> None:
    with pytest.raises(Problems) as fault:
        clean("秘" * 101, "reason", 100)
    assert "秘" not in str(fault.value) and "101" in str(fault.value)


def test_a_person_is_a_staff_number() -> None:
    assert person(" NET0115 ", "owner") == "NET0115" and person("", "owner") is None
    with pytest.raises(Problems) as fault:
        person("张三", "owner")
    assert "张三" not in str(fault.value)


def draft(**given: object) -> Draft:
    fields = {"source": "review", "problem": "慢", "begins_on": date(2025, 3, 1), "due_on": date(2025, 3, 10)}
    return Draft(**(fields | given))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "given",
    [{"problem": ""}, {"problem": "\u200b"}, {"due_on": date(2025, 2, 1)}, {"source": "instruction"},
     {"cost_yuan": -1}, {"cost_yuan": float("nan")}, {"verify_days": 0}, {"level": "highest"}, {"extra": 1},
     {"scope_id": "<b>"}, {"source_ref": "warning:a b"}, {"control": "a'b"}],
)  # fmt: skip
def test_a_draft_that_makes_no_sense_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        draft(**given)


def action(**given: object) -> Action:
    at = datetime(2025, 3, 1)
    fields = {
        **draft().model_dump(), "action_id": "A1", "state": "doing", "raised_by": "manager", "raised_at": at,
        "first_due_on": date(2025, 3, 10), "replied_at": None, "done_on": None, "closed_at": None, "result": None,
        "result_note": None, "revision": 0,
    }  # fmt: skip
    return Action(**(fields | given))  # type: ignore[arg-type]


def test_overdue_soon_and_unverified_by_the_day() -> None:
    due = date(2025, 3, 10)
    assert [action().is_overdue(d) for d in (due, date(2025, 3, 11))] == [False, True]
    assert [action().is_soon(d) for d in (date(2025, 3, 6), date(2025, 3, 7), due, date(2025, 3, 11))] == [
        False, True, True, False,
    ]  # fmt: skip
    done = action(state="verifying", done_on=date(2025, 3, 20))
    assert not done.is_overdue(date(2025, 6, 1))
    assert [done.is_unverified(d) for d in (date(2025, 4, 17), date(2025, 4, 18))] == [False, True]


def test_overdue_comes_first_then_what_nobody_verified() -> None:
    today = date(2025, 3, 15)
    found = [
        action(action_id="over", state="closed", closed_at=datetime(2025, 3, 12)),
        action(action_id="watched", state="verifying", done_on=today),
        action(action_id="other", due_on=date(2025, 4, 1)),
        action(action_id="unseen", state="verifying", done_on=date(2025, 1, 1)),
        action(action_id="late"),
    ]
    ranked = sorted(found, key=lambda a: a.order(today))
    assert [a.action_id for a in ranked] == ["late", "unseen", "other", "watched", "over"]
