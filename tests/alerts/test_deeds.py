"""A deed about a whole matter: all in one, by name, with the revision that was seen, in the order it happened."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from alerts import store
from alerts.deeds import act_together, silence
from alerts.handling import NotPossible
from alerts.rights import RIGHTS, may
from alerts.store import Stale, Unknown
from tests.alerts.test_notify import warn
from warehouse.viewer import ROLES

NOON = datetime(2025, 3, 31, 12)


@pytest.fixture
def kept(kept: sa.Engine) -> sa.Engine:
    engine = kept
    for number in ("A", "B"):
        warn(engine, number, "red", incident_id="I-A")
    return engine


def by_id(kept: sa.Engine) -> dict[str, dict[str, object]]:
    return {w["warning_id"]: w for w in store.warnings(kept)}


def test_all_of_a_matter_is_acknowledged_at_once(kept: sa.Engine) -> None:
    assert act_together(kept, {"A": 0, "B": 0}, "ack", "duty", NOON) == ["A", "B"]
    found = by_id(kept)
    assert {(w["handling"], w["ack_by"], w["ack_at"], w["revision"]) for w in found.values()} == {
        ("acknowledged", "duty", NOON, 1)
    }
    assert [e["actor"] for e in store.history(kept, "B")] == ["duty"]


def test_a_word_is_said_once(kept: sa.Engine) -> None:
    assert act_together(kept, {"A": 0, "B": 0}, "instruct", "manager", NOON, "查", due="2025-04-03") == ["A"]
    assert store.history(kept, "B") == []


def test_what_allows_it_is_done_and_the_rest_left_alone(kept: sa.Engine) -> None:
    act_together(kept, {"B": 0}, "ack", "duty", NOON)
    assert act_together(kept, {"A": 0, "B": 1}, "ack", "duty", NOON) == ["A"]
    with pytest.raises(NotPossible):
        act_together(kept, {"A": 1, "B": 1}, "ack", "duty", NOON)


def test_one_stale_revision_stops_all(kept: sa.Engine) -> None:
    act_together(kept, {"B": 0}, "ack", "duty", NOON)
    with pytest.raises(Stale):
        act_together(kept, {"A": 0, "B": 0}, "decide", "manager", NOON, decision="observe")
    assert by_id(kept)["A"]["handling"] == "new"
    with pytest.raises(Unknown):
        act_together(kept, {"A": 0, "Z": 0}, "ack", "duty", NOON)
    assert by_id(kept)["A"]["revision"] == 0


def test_history_is_in_order_where_the_clock_stands_still(kept: sa.Engine) -> None:
    for revision, deed in enumerate(("ack", "close", "reopen", "close", "reopen")):
        act_together(kept, {"A": revision}, deed, "duty", NOON)  # type: ignore[arg-type]
    told = store.history(kept, "A")
    assert [e["action"] for e in told] == ["ack", "close", "reopen", "close", "reopen"]
    assert len({e["happened_at"] for e in told}) == 5


def test_who_deals_with_it_has_seen_it(kept: sa.Engine) -> None:
    act_together(kept, {"A": 0}, "assign", "supervisor", NOON, owner_dept="NET")
    found = by_id(kept)["A"]
    assert (found["owner_dept"], found["handling"], found["ack_by"]) == ("NET", "in_progress", "supervisor")


def test_every_role_has_rights_and_the_auditor_none() -> None:
    assert set(RIGHTS) == set(ROLES)
    assert not any(may("auditor", deed) for deed in RIGHTS["manager"])
    assert may("manager", "instruct") and not may("duty", "instruct")


def test_a_silence_has_a_reason_and_an_end_and_is_no_deed_of_handling(kept: sa.Engine) -> None:
    seen, end = {"A": 0, "B": 0}, NOON + timedelta(days=1)
    for until, reason in ((end, " "), (NOON, "割接")):
        with pytest.raises(ValueError):
            silence(kept, seen, "duty", NOON, until, reason)
    assert silence(kept, seen, "duty", NOON, end, "割接") == ["A", "B"]
    with kept.connect() as con:
        assert store.silenced(con, "RT01", "BIL", NOON) and not store.silenced(con, "RT01", "BIL", end)
    assert by_id(kept)["A"]["handling"] == "new"
    assert [(e["action"], e["note"]) for e in store.history(kept, "A")] == [("silence", "割接")]
    with pytest.raises(Stale):
        silence(kept, seen, "duty", NOON, end, "割接")
