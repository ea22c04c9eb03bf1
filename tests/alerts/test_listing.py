"""Reading warnings in SQL: what is open, pages by filters, incidents whole, counts."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerts import listing
from alerts.board import STATES, state_of, waits
from alerts.listing import Wanted
from alerts.review import scoped
from alerts.rules import BEFORE
from alerts.store import warnings
from tests.alerts.test_notify import warn
from warehouse import ops
from warehouse.viewer import Viewer

MONDAY = datetime(2025, 3, 31)


@pytest.fixture
def kept(kept: sa.Engine) -> sa.Engine:
    engine = kept
    warn(engine, "new", "red", incident_id="I-new")
    warn(engine, "over", condition="cleared", cleared_at=MONDAY, handling="decided", incident_id="I-new")
    warn(engine, "back", condition="cleared", cleared_at=MONDAY, region_code="321003")
    warn(engine, "gone", condition="missing", owner_dept="NET")
    warn(engine, "done", handling="closed", condition="cleared", cleared_at=MONDAY)
    warn(engine, "trial", is_trial=True, rule_id="RN01")
    warn(engine, "old", fired_at=MONDAY - timedelta(weeks=5), handling="in_progress")
    return engine


def ids(rows: list[dict[str, object]]) -> set[object]:
    return {r["warning_id"] for r in rows}


def test_open_is_what_nobody_finished_with_or_what_still_fires(kept: sa.Engine) -> None:
    assert ids(listing.open_ones(kept)) == {"new", "back", "gone", "trial", "old"}


def test_of_a_list_only_what_waits_is_read(kept: sa.Engine) -> None:
    warn(kept, "left", rule_id="RS01", rule_version=1, condition="cleared", cleared_at=MONDAY)
    warn(kept, "today", rule_id="RS01", rule_version=1)
    warn(kept, "before", rule_id="RS01", rule_version=BEFORE, condition="cleared", cleared_at=MONDAY)
    lists = frozenset({"RS01"})
    read, every = listing.open_ones(kept, None, lists), listing.open_ones(kept)
    assert ids(every) - ids(read) == {"left"}
    assert [r for r in every if waits(r, lists)] == [r for r in read if waits(r, lists)] != []


def test_an_incident_comes_whole(kept: sa.Engine) -> None:
    rows = [r for r in listing.open_ones(kept) if r["warning_id"] == "new"]
    assert ids(listing.with_their_incidents(kept, rows)) == {"new", "over"}


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(), {"new", "over", "back", "gone", "done", "old"}),
        (Wanted(with_trial=True, rules=("RN01",)), {"trial"}),
        (Wanted(states=("returned", "missing")), {"back", "gone"}),
        (Wanted(states=("closed",)), {"done"}),
        (Wanted(severities=("red",)), {"new"}),
        (Wanted(owners=("NET",)), {"gone"}),
        (Wanted(regions=("321003",)), {"back"}),
        (Wanted(since=MONDAY - timedelta(weeks=1), states=("in_progress",)), set()),
    ],
    ids=lambda v: " ".join(sorted(v)) or "none" if isinstance(v, set) else str(v),
)
def test_filters(kept: sa.Engine, wanted: Wanted, expected: set[str]) -> None:
    rows, total = listing.page(kept, wanted, 0, 50)
    assert ids(rows) == expected and total == len(expected)


def test_states_in_sql_are_those_of_the_board(kept: sa.Engine) -> None:
    for state in STATES:
        rows, _ = listing.page(kept, Wanted(states=(state,), with_trial=True), 0, 50)
        assert ids(rows) == {w["warning_id"] for w in warnings(kept) if state_of(w) == state}


def test_pages_are_disjoint_and_newest_first(kept: sa.Engine) -> None:
    pages = [listing.page(kept, Wanted(), n, 4) for n in range(3)]
    assert [len(rows) for rows, _ in pages] == [4, 2, 0] and {total for _, total in pages} == {6}
    told = [r for rows, _ in pages for r in rows]
    assert len(ids(told)) == 6 and told[-1]["warning_id"] == "old"


def test_a_store_of_an_older_program_gets_the_new_columns(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'old.db'}"
    engine = ops.open_ops(url)
    with engine.begin() as con:
        con.exec_driver_sql("alter table warning drop column region_code")
        con.exec_driver_sql("alter table warning drop column known_at")
        con.execute(ops.about.update().values(value="1"))
    engine.dispose()
    again = ops.open_ops(url)
    warn(again, "A", region_code="321003", known_at=MONDAY)
    assert warnings(again)[0]["region_code"] == "321003"
    assert listing.choices(again)["region_code"] == ["321003"]


@pytest.mark.parametrize(
    ("regions", "departments", "expected"),
    [
        (None, None, {"new", "over", "back", "gone", "done", "trial", "old"}),
        ({"321003"}, None, {"back"}),
        (None, {"NET"}, {"gone"}),
        ({"321003"}, {"NET"}, set()),
        (set(), None, set()),
    ],
    ids=["the city", "a district", "a department", "both", "nothing"],
)
def test_who_is_confined_gets_what_is_within(
    kept: sa.Engine, regions: set[str] | None, departments: set[str] | None, expected: set[str]
) -> None:
    """As papers of a part of the city have it; what is of no district is not for who is confined to one."""
    limits = (None if limit is None else frozenset(limit) for limit in (regions, departments))
    viewer = Viewer.of("handler", *limits)
    found, total = listing.page(kept, Wanted(with_trial=True), 0, 50, viewer)
    assert ids(found) == expected and total == len(expected)
    assert ids(found) == ids(scoped.warnings(viewer, warnings(kept))), "the rule of papers"
    assert ids(listing.since(kept, MONDAY - timedelta(weeks=9), True, viewer)) == expected
    assert ids(listing.open_ones(kept, viewer)) == expected & {"new", "back", "gone", "trial", "old"}
    assert sum(listing.raised_by_rule(kept, MONDAY - timedelta(weeks=9), viewer).values()) == len(expected)
    assert listing.choices(kept, viewer)["region_code"] == (["321003"] if "back" in expected else [])


def test_of_an_incident_the_own_part_alone_comes(kept: sa.Engine) -> None:
    warn(kept, "own", region_code="321002", incident_id="I-new")
    viewer = Viewer.of("handler", frozenset({"321002"}))
    assert ids(listing.with_their_incidents(kept, listing.open_ones(kept, viewer), viewer)) == {"own"}
