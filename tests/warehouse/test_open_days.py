"""Outcomes, and what is open, told at the hour of the release on any day: as the complaints themselves tell it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from unittest.mock import patch

import pandas as pd
import pytest

from tests.warehouse.conftest import AS_OF, LittleHome, ticket
from warehouse import daily, open_days, sums
from warehouse.measures import measures
from warehouse.periods import Period, compare, weeks
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

TABLES = {"mart_known_day", "mart_open_day", "mart_tagged_day"}
ANALYST, MANAGER = Viewer.of("analyst"), Viewer.of("manager")
CONFINED = Viewer.of("analyst", frozenset({"321002"}))
HOURLY = {d.table: [i for i in d.sums if not measures()[i].denominator_base] for d in daily.TABLES if d.step == "hour"}
HOURLY |= {open_days.TABLE: list(open_days.SUMS)}
THEN = Period("then", date(2025, 3, 1), date(2025, 3, 20), datetime(2025, 3, 18, 8, 30))
PERIODS = [*compare("week", AS_OF).periods, compare("mtd", AS_OF).now.moved(0, "mtd"), THEN, *weeks(AS_OF, 5)]
GROUPS: list[tuple[str, ...]] = [(), ("type_l1",), ("region_code", "type_l1")]


def both_ways(
    reader: Reader,
    ids: Sequence[str],
    by: Sequence[str],
    viewer: Viewer,
    where: Filters | None = None,
    periods: Sequence[Period] = PERIODS,
) -> None:
    asked = (ids, viewer, periods, by, where)
    entries = [measures()[i] for i in ids]
    assert sums.figures(reader, entries, viewer, periods, by, where or Filters(), "enough") is not None
    summed = reader.figures(*asked, people="enough")
    with patch.object(sums, "figures", return_value=None):
        told = reader.figures(*asked, people="enough")
    assert len(summed) == len(told) > 0
    keys = ["period", *by]
    one, other = (f.sort_values(keys).reset_index(drop=True) for f in (summed, told))
    pd.testing.assert_frame_equal(one, other[list(one.columns)], check_dtype=False)


@pytest.mark.parametrize("by", GROUPS, ids=lambda by: "-".join(by) or "all")
@pytest.mark.parametrize("table", HOURLY)
def test_days_tell_what_complaints_do(varied: LittleHome, table: str, by: tuple[str, ...]) -> None:
    reader = varied.reader()
    for viewer in (ANALYST, MANAGER, CONFINED):
        both_ways(reader, HOURLY[table], by, viewer)
    both_ways(reader, HOURLY[table], by, ANALYST, Filters.of({"type_l1": ["NET"]}))


@pytest.mark.deep
@pytest.mark.parametrize("table", HOURLY)
@pytest.mark.parametrize("by", GROUPS, ids=lambda by: "-".join(by) or "all")
def test_days_tell_what_complaints_of_the_city_do(demo_reader: Reader, table: str, by: tuple[str, ...]) -> None:
    for viewer in (ANALYST, MANAGER, CONFINED):
        both_ways(demo_reader, HOURLY[table], by, viewer)


def around_the_hour() -> list[dict[str, object]]:
    """Complaints accepted, answered and reopened at half past eight, a second before or after it."""
    rng, start = random.Random(11), datetime(2025, 3, 3, 8, 30)
    second = timedelta(seconds=1)
    rows = []
    for n in range(300):
        at = start + timedelta(days=rng.randrange(20)) + rng.choice([-1, 0, 1, 3600]) * second
        done = at + timedelta(days=rng.randrange(4)) + rng.choice([0, 1, 86399, 86400]) * second
        back = done + timedelta(days=rng.randrange(9)) + rng.choice([0, 1]) * second
        rows.append(
            ticket(
                n,
                at,
                cust_key=f"key-{rng.randrange(150)}",
                type_code=rng.choice(["NET01", "SVC01"]),
                channel_code=rng.choice(["HOTLINE", "APP", "MIIT"]),
                escalation_tendency=rng.choice([None, "MIIT"]),
                is_solved=rng.choice([True, True, False, None]),
                feedback_at=done if rng.random() < 0.8 else None,
                reopened_at=back if rng.random() < 0.3 else None,
            )
        )
    return rows


@pytest.mark.deep
def test_steps_at_the_very_hour(little: LittleHome) -> None:
    rows = around_the_hour()
    little.load("ticket", rows)
    asked = [{"ticket_id": r["ticket_id"], "surveyed_at": datetime(2025, 3, 20, 8, 30), "answer_code": 2} for r in rows]
    little.load("satisfaction", asked[::3])
    little.build()
    reader = little.reader()
    days = [Period(f"d{n}", date(2025, 3, 3), date(2025, 3, 25), THEN.cutoff + timedelta(n)) for n in range(-14, 14)]
    for ids in HOURLY.values():
        both_ways(reader, ids, ("type_l1",), ANALYST, periods=days)
    [held] = little.rows("select sum(n) as n, sum(n_late) as n_late, sum(n_yes) as n_yes from mart_known_day")
    assert min(held.values()) > 0
    [gone] = little.rows("select sum(n_tagged_out) as n from mart_tagged_day")
    assert gone["n"] > 0
    [due] = little.rows(
        "select count(*) as n from mart_ticket where due_at = date_trunc('day', due_at) + interval 510 minute"
    )
    assert due["n"] > 0


def test_other_hours_and_other_groups_are_asked_of_the_complaints(varied: LittleHome) -> None:
    reader = varied.reader()

    def is_summed(measure: str, by: Sequence[str], at: timedelta = timedelta(0), **where: list[str]) -> bool:
        moved = [Period(p.id, p.first, p.end, p.cutoff + at) for p in PERIODS]
        entries, chosen = [measures()[measure]], Filters.of(where)
        return sums.figures(reader, entries, ANALYST, moved, by, chosen, "none") is not None

    for measure in ("M22", "M20", "M24"):
        assert is_summed(measure, [])
        assert is_summed(measure, ["type_l1"], region_code=["321002"])
        assert not is_summed(measure, [], timedelta(minutes=1))
        assert not is_summed(measure, ["owner_dept"])
        assert not is_summed(measure, [], owner_dept=["NET"])
        with patch.object(reader, "levels", {t: c for t, c in reader.levels.items() if t not in TABLES}):
            assert not is_summed(measure, [])
    assert not is_summed("M22_OPEN_MAX", [])
