"""Weeks, months and days of one group in all releases together: nothing hidden can be worked out, in any of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.sparse.csgraph import floyd_warshall

from warehouse import courses
from warehouse.periods import KINDS, Period, compare, weeks
from warehouse.viewer import Viewer

MANAGER, LEAST = Viewer.of("manager"), 5
BEGIN = date(2024, 3, 25)  # a Monday; April and July 2024 begin with one, too, where weeks and months meet
Days = Mapping[date, list[str]]  # day -> the customer of each complaint


def stepped(days: Days, first_of: Any) -> tuple[dict[date, tuple[int, int]], dict[date, frozenset[Any]]]:
    found: dict[date, list[str]] = {}
    for day, who in days.items():
        found.setdefault(first_of(day), []).extend(who)
    found = {d: who for d, who in found.items() if who}
    n = {d: (len(who), len(set(who))) for d, who in found.items()}
    return n, {d: frozenset(who) for d, who in found.items() if len(set(who)) < LEAST}


def counted(days: Days) -> courses.Counted:
    week, few_weeks = stepped(days, lambda d: d - timedelta(d.weekday()))
    month, few_months = stepped(days, lambda d: d.replace(day=1))
    day, _ = stepped(days, lambda d: d)
    return courses.Counted(week, month, day, few_weeks, few_months)


def course_of(days: Days, last: date) -> courses.Course:
    return courses.joint({(): counted(days)}, LEAST, last)[()]


def asked(as_of: datetime) -> Iterator[tuple[str, Period]]:
    for kind in KINDS:
        yield from ((kind, period) for period in compare(kind, as_of, BEGIN).periods)
    yield from (("week", period) for period in weeks(as_of, 20))


class Attacker:
    """Reads every release and writes what is seen as differences of sums up to a day; shortest paths are all that
    follows, as such inequalities have whole numbers as solutions wherever they have any."""

    def __init__(self, n_days: int) -> None:
        self.far = np.full((n_days + 1, n_days + 1), np.inf)
        np.fill_diagonal(self.far, 0)
        for day in range(n_days):
            self.far[day + 1, day] = 0  # no day counts less than nothing
        self.hidden: set[tuple[int, int]] = set()
        self.told: set[tuple[int, int]] = set()

    def see(self, a: int, b: int, least: float, most: float) -> None:
        self.far[a, b] = min(self.far[a, b], most)
        self.far[b, a] = min(self.far[b, a], -least)

    def found(self) -> list[tuple[int, int, float]]:
        far = floyd_warshall(self.far)
        assert (np.diag(far) >= 0).all(), "what is seen must be possible"
        return [(a, b, far[a, b]) for a, b in sorted(self.hidden - self.told) if far[a, b] == -far[b, a]]


def attacked(daily: list[list[int]], course: Any = course_of) -> tuple[list[Any], list[Any]]:
    """What follows of hidden weeks and months, and by how few customers what two releases tell of one figure differs.

    `daily`: customers (numbers) of each day's complaints, from BEGIN on.
    """
    days = {BEGIN + timedelta(k): [str(c) for c in who] for k, who in enumerate(daily) if who}
    attacker = Attacker(len(daily))
    states: dict[tuple[Any, ...], list[list[str]]] = {}
    for back in range(len(daily)):
        midnight = BEGIN + timedelta(back + 1)
        known = {d: who for d, who in days.items() if d < midnight}
        as_of = datetime.combine(midnight, time(8, 30))
        told = course(known, midnight - timedelta(1)) if known else None
        for kind, period in asked(as_of) if told else ():
            end = min(period.end, midnight, period.cutoff.date())  # all complaints come after half past eight
            who = [c for d, cs in known.items() if period.first <= d < end for c in cs]
            a, b = (max(period.first, BEGIN) - BEGIN).days, (end - BEGIN).days
            if b <= a:
                continue
            is_lattice = (period.days == 7 and period.first.weekday() == 0) or (period.first.day == period.end.day == 1)
            if not who or (len(set(who)) >= LEAST and told.is_told(period)):
                attacker.see(a, b, len(who), len(who))
                attacker.told.add((a, b))  # while a week goes on, the same days may be hidden once more
                states.setdefault((kind, period.first, period.id), []).append(who)
            else:
                is_small = len(set(who)) < LEAST or not courses.is_step(period)  # of others nobody learns it
                attacker.see(a, b, 1 if is_small else LEAST, np.inf)
                if is_lattice and period.end == end and period.first >= BEGIN:
                    attacker.hidden.add((a, b))
    steps = []
    for of in states.values():
        for one, two in pairwise(sorted(of, key=len)):
            new = len(set(two[len(one) :]))
            if 0 < new < LEAST and two[: len(one)] == one:
                steps.append((one, two))
    return attacker.found(), steps


def some_course(seed: int, mean: float, n: int = 105) -> list[list[int]]:
    """Quiet, usual and busy days of a few customers, who come back."""
    rng = np.random.default_rng([seed, int(100 * mean)])
    people = int(rng.integers(6, 60))
    return [[int(c) for c in rng.integers(0, people, k)] for k in rng.poisson(mean * rng.choice([0.2, 1, 2], n))]


@pytest.mark.parametrize("mean", [0.3, 0.9, 1.5])
def test_no_week_or_month_follows_from_others(mean: float) -> None:
    found, steps = attacked(some_course(3, mean))
    assert found == [] and steps == []


@pytest.mark.deep
@pytest.mark.parametrize("n_days", [80, 120])
def test_no_week_or_month_follows_from_others_in_many_courses(n_days: int) -> None:
    """540 courses; the longer ones hold a second month that begins with a week."""
    for mean in (0.1, 0.3, 0.6, 0.9, 1.4, 2.0, 3.0, 6.0, 9.0):
        for seed in range(60):
            assert attacked(some_course(seed, mean, n_days)) == ([], []), (mean, seed)


def test_a_month_that_would_place_the_last_of_a_week_is_kept_back() -> None:
    """April begins with a week and ends in a run whose days before May leave no choice: one, one and one."""
    daily = some_course(52, 0.6, 80)
    days = {BEGIN + timedelta(k): [str(c) for c in who] for k, who in enumerate(daily) if who}
    course = course_of({d: who for d, who in days.items() if d < date(2024, 5, 2)}, date(2024, 5, 1))
    april = Period("now", date(2024, 4, 1), date(2024, 5, 1), datetime(2024, 5, 2, 8, 30))
    assert not course.is_told(april)
    assert course.is_told(Period("now", date(2024, 4, 1), date(2024, 4, 8), april.cutoff)), "its first week is told"


def test_the_attacker_is_no_fool() -> None:
    """Where only small weeks and months are hidden, their numbers follow from others and from other releases."""
    naive = courses.Course((), (), frozenset(BEGIN + timedelta(k) for k in range(-400, 400)))
    found, steps = attacked(some_course(3, 0.9), lambda *_: naive)
    assert found and steps
