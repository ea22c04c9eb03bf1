"""Several groups in all weeks and months together, with the sums of all of them known: nothing hidden follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import LinearConstraint, milp

from tests.warehouse.test_telling import BEGIN, LEAST, counted, course_of, some_course
from warehouse import courses
from warehouse.analysis.suppression import protect_groups
from warehouse.periods import Period

Group = list[list[int]]  # day -> the customers who complained


def lattice(n_days: int) -> list[Period]:
    """All whole weeks and months, and four and thirteen weeks up to each Monday, as the last release tells them."""
    end = BEGIN + timedelta(n_days)
    at = datetime.combine(end, time(8, 30))
    mondays = [BEGIN + timedelta(7 * k) for k in range(n_days // 7 + 1)]
    firsts = [d for k in range(n_days + 1) if (d := BEGIN + timedelta(k)).day == 1]
    spans = [(a, b) for a, b in zip(mondays, mondays[1:], strict=False)]
    spans += [(a, b) for a, b in zip(firsts, firsts[1:], strict=False)]
    spans += [(m - timedelta(7 * k), m) for m in mondays for k in (4, 13) if m - timedelta(7 * k) >= BEGIN]
    return [Period("now", a, b, at) for a, b in spans]


def signs(groups: Sequence[Group], periods: Sequence[Period], is_joint: bool = True) -> pd.DataFrame:
    """period, group, n, sign: as the query layer hides in time, and a list of groups with its sum in space."""
    n_days = len(groups[0])
    last = BEGIN + timedelta(n_days - 1)
    rows = []
    of = {
        g: {BEGIN + timedelta(k): [str(c) for c in who] for k, who in enumerate(daily) if who}
        for g, daily in enumerate(groups)
    }
    together = courses.joint({(g,): counted(days) for g, days in of.items() if days}, LEAST, last)
    for g, days in of.items():
        course = together.get((g,)) if is_joint else course_of(days, last) if days else None
        for p, period in enumerate(periods):
            who = [c for d, cs in days.items() if period.first <= d < period.end for c in cs]
            few = 0 < len(set(who)) < LEAST
            back = bool(who) and course is not None and not course.is_told(period)
            is_unsaid = back and not courses.is_step(period)  # nobody learns whether it is small
            rows.append((p, g, len(who), "unsaid" if is_unsaid else "small" if few else "kept" if back else ""))
    told = pd.DataFrame(rows, columns=["p", "g", "n", "sign"])
    told["gone"] = told["sign"] != ""
    told.loc[protect_groups(told, "p", "n", "gone"), "sign"] = "too"
    return told


def is_the_sum(told: pd.DataFrame, cell: Any) -> bool:
    """Whether nobody else complained then: the figure is the city's, which is told unless it is small itself."""
    others = told.loc[(told["p"] == cell.p) & (told["g"] != cell.g), "n"]
    return bool((others == 0).all()) and cell.sign != "small"


def found(groups: Sequence[Group], n_days: int, is_joint: bool = True) -> tuple[list[tuple[int, date]], int]:
    """Groups and weeks that are hidden and can count one number only; and how many are hidden."""
    periods = lattice(n_days)
    told = signs(groups, periods, is_joint)
    cuts = sorted({d for p in periods for d in (p.first, p.end)})
    parts = list(zip(cuts, cuts[1:], strict=False))
    rows, low, high = [], [], []
    hidden = []

    def see(who: Sequence[int], period: Period, least: float, most: float) -> Any:
        row = np.zeros((len(groups), len(parts)))
        inside = [period.first <= a and b <= period.end for a, b in parts]
        row[np.ix_(list(who), inside)] = 1
        rows.append(row.ravel())
        low.append(least)
        high.append(most)
        return row.ravel()

    for cell in told.itertuples():
        period = periods[int(cell.p)]
        least, most = (cell.n, cell.n) if cell.sign == "" else (LEAST if cell.sign == "kept" else 1, np.inf)
        row = see([int(cell.g)], period, least, most)
        if cell.sign and period.days == 7 and not is_the_sum(told, cell):
            hidden.append(((int(cell.g), period.first), row))
    for p, n in told.groupby("p")["n"].sum().items():
        see(range(len(groups)), periods[int(p)], n, n)
    limits = LinearConstraint(np.array(rows), np.array(low), np.array(high))
    worked_out = []
    for name, row in hidden:
        ends = [milp(w * row, constraints=limits, integrality=np.ones(len(row)), bounds=(0, 999)) for w in (1, -1)]
        assert all(e.status == 0 for e in ends), "what is seen must be possible"
        if round(ends[0].fun) == round(-ends[1].fun):
            worked_out.append(name)
    return worked_out, len(hidden)


def city(seed: int, means: Sequence[float], n_days: int) -> list[Group]:
    """Districts with customers of their own."""
    return [
        [[1000 * g + c for c in who] for who in some_course(seed * 10 + g, mean, n_days)]
        for g, mean in enumerate(means)
    ]


MEANS = [(0.5, 2, 6), (0.9, 3, 6, 6), (0.5, 0.7, 3, 6), (2, 4, 6, 8), (0.2, 0.3, 0.4, 9), (1, 1, 1, 1, 1)]


@pytest.mark.parametrize("means", [MEANS[1], MEANS[3]])
def test_no_week_of_a_district_follows_from_the_others_and_the_sum(means: Sequence[float]) -> None:
    n_hidden = 0
    for seed in (0, 3):
        worked_out, n = found(city(seed, means, 70), 70)
        assert worked_out == []
        n_hidden += n
    assert n_hidden or means == MEANS[3]


def test_a_week_that_a_month_cuts_takes_another_district_along() -> None:
    """Two districts that are hidden at once and count nothing behind the month's end followed from months and sums."""
    assert found(city(57, MEANS[1], 70), 70)[0] == []


@pytest.mark.parametrize("seed", [27, 45])
def test_four_hidden_weeks_do_not_say_that_they_hold_people_enough(seed: int) -> None:
    """Two of the four are empty: the other two held five at least, and with a month nothing was left for a third."""
    assert found(city(seed, MEANS[4], 70), 70)[0] == []


@pytest.mark.deep
@pytest.mark.parametrize("seed", [2, 16])
def test_months_that_meet_weeks_do_not_tell_them(seed: int) -> None:
    """2: a quarter that ends on a Monday cut runs of weeks. 16: a week on a month's end was known to hold five."""
    assert found(city(seed, MEANS[5], 126), 126)[0] == []


def test_what_is_not_hidden_by_anybody_is_the_city_s_own_figure() -> None:
    """Seed 18: in one week three districts are silent, and the fourth is what the city counts: 79, nobody's secret."""
    groups = city(18, MEANS[4], 70)
    told = signs(groups, lattice(70))
    alone = [cell for cell in told[told["sign"] == "kept"].itertuples() if is_the_sum(told, cell)]
    assert [(int(cell.g), int(cell.n)) for cell in alone] == [(3, 79)]
    assert found(groups, 70)[0] == [], "and it gives no other week away"


@pytest.mark.deep
@pytest.mark.parametrize("n_days", [70, 126])
@pytest.mark.parametrize("means", MEANS)
def test_no_week_of_many_cities_follows_from_the_others_and_the_sum(means: Sequence[float], n_days: int) -> None:
    assert [(seed, at) for seed in range(60) if (at := found(city(seed, means, n_days), n_days)[0])] == []


def test_the_attacker_is_no_fool() -> None:
    """With each district hidden in time by itself, and one more in each week and month, some weeks follow."""
    assert any(found(city(seed, MEANS[1], 70), 70, is_joint=False)[0] for seed in range(6))


@pytest.mark.parametrize("seed", [1, 7])
def test_what_is_told_once_of_several_stays_told(seed: int) -> None:
    """And what is hidden when a week is the newest stays hidden, while later weeks come."""
    groups = city(seed, MEANS[2], 70)
    of = [{BEGIN + timedelta(k): [str(c) for c in who] for k, who in enumerate(g) if who} for g in groups]
    courses_at = {}
    for end in range(7, 71, 7):
        known = {
            (g,): counted({d: who for d, who in days.items() if d < BEGIN + timedelta(end)})
            for g, days in enumerate(of)
        }
        courses_at[end] = courses.joint({k: c for k, c in known.items() if c.day}, LEAST)
    for end, at in courses_at.items():
        first = BEGIN + timedelta(end - 7)
        week = Period("now", first, first + timedelta(7), datetime.combine(first + timedelta(90), time(8)))
        for key, course in at.items():
            assert {courses_at[later][key].is_told(week) for later in range(end, 71, 7)} == {course.is_told(week)}
