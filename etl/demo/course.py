"""How long each ticket takes and how it ends: route, durations, lateness, solution, survey answer.

The single events are written in `flow.py`. Durations are natural time; office departments nearly stop on
non-working days, and the working durations are scaled until the natural mean is the one that is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.clock import AS_OF, DAY, HOUR, at, from_work_seconds, work_seconds
from etl.demo.outcome import draw_answers, draw_confirmed
from etl.demo.plant import Plant
from etl.demo.rng import Streams, lognormal
from etl.demo.tickets import Tickets

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MEAN_HOURS = (72.0, 26.0, 34.0, 22.0, 30.0)
SIGMA = (1.14, 0.50, 0.70, 0.50, 0.60)
FLOOR = 0.30
"""Share of the mean that every ordinary ticket takes at least, in working time. With the weekend gap a plain
lognormal would put too many tickets under 24 hours; the floor keeps the 24 h and 48 h shares in range."""
FASTER_2025 = 0.49
LONGEST = 38 * DAY
_CARE, _HR, _PARTNER = (names.DEPT_OF[d] for d in ("CARE", "HR", "PARTNER"))


@dataclass
class Course:
    """One entry per ticket. `feedback` is the second of the last feedback, also when it lies after as-of."""

    priority: Ints
    reason: Ints
    dept: Ints
    is_gap: Bools
    direct: Bools
    approved: Bools
    transfers: Ints
    loop: Bools
    visit: Ints  # HR or PARTNER visited on the way, else -1
    visit_share: Floats  # share of the whole time spent there
    reopens: Ints
    feedback: Floats
    is_open: Bools
    is_late: Bools
    confirmed: Bools  # solved and not reopened
    solved: Bools
    surveyed: Bools
    answer: Ints
    is_silent: Bools  # nothing of substance happens, only progress notes
    urges: Ints
    compensation: Floats  # yuan, 0 when none


def limits(tickets: Tickets, priority: Ints) -> Floats:
    """Seconds from acceptance to feedback allowed by the limits in force at acceptance."""
    general = np.where(tickets.in_2024, 48.0, 24.0)
    return np.where(priority == 0, 4.0, general) * HOUR


def run_course(streams: Streams, tickets: Tickets, plants: list[Plant], twin: bool) -> Course:
    rng = streams.get("course", "route")
    n = len(tickets)
    l1 = tickets.l1
    planted = tickets.plant >= 0
    priority, reason = _priorities(streams, tickets, plants, twin)
    dept = np.array([names.DEPT_OF[s.dept] for s in names.SUBTYPES])[tickets.subtype]
    maintenance = (l1 == names.NET) & (rng.random(n) < 0.18)
    dept = np.where(maintenance, names.DEPT_OF["NETMAINT"], dept)
    technical = (l1 == names.TAR) & (dept == names.DEPT_OF["BIL"]) & (rng.random(n) < 0.08)
    dept = np.where(technical, names.DEPT_OF["TECH"], dept)
    hall = (l1 == names.SVC) & (tickets.channel == names.HALL) & (rng.random(n) < 0.6)
    dept = np.where(hall, names.DEPT_OF["HALLMGT"], dept)
    partner_owned = dept == _PARTNER
    at_hall = np.isin(l1, [names.BIZ, names.TRM]) & ~partner_owned & (rng.random(n) < 0.65)
    dept = np.where(at_hall, names.DEPT_OF["HALLMGT"], dept)
    dept = np.where(partner_owned, names.DEPT_OF["MKT"], dept)
    for row in np.flatnonzero(planted):
        dept[row] = names.DEPT_OF.get(plants[tickets.plant[row]].dept, int(dept[row]))
    h1 = tickets.accepted < at("2024-07-01")
    direct = (l1 != names.NET) & (rng.random(n) < 0.10) & ~planted & (priority != 0)
    approved = (l1 == names.NET) & h1 & (rng.random(n) < 0.40) & (priority != 0) & ~planted
    transfers = np.searchsorted(np.cumsum([0.62, 0.25, 0.08]), rng.random(n), side="right")
    transfers = np.where(transfers == 3, 3 + (rng.random(n) < 0.3), transfers)
    visit = np.where((l1 == names.SVC) & (rng.random(n) < 0.068), _HR, -1)
    visit = np.where(partner_owned, _PARTNER, visit)
    visit = np.where((l1 == names.NET) & (rng.random(n) < 0.02), _PARTNER, visit)
    plain = direct | (priority == 0)
    visit = np.where(plain | planted, -1, visit)
    transfers = np.where(plain, 0, np.where(visit >= 0, np.maximum(transfers, 1), transfers))
    loop = (transfers >= 2) & (rng.random(n) < 0.235)
    # Back to care would be a loop (care takes every ticket in), so a moved service ticket ends elsewhere.
    moved_care = (transfers > 0) & (dept == _CARE) & ~loop & ~planted
    dept = np.where(moved_care, names.DEPT_OF["HALLMGT"], np.where(direct, _CARE, dept))
    reopens = np.where(rng.random(n) < 0.07, 1 + (rng.random(n) < 0.15), 0)
    reopens = np.where(plain, 0, reopens)
    urges = rng.poisson(np.where(l1 == names.NET, 0.45, 0.2))
    if twin:
        transfers, reopens, urges = np.minimum(transfers, 1), np.zeros_like(reopens), np.zeros_like(urges)
        loop, visit, approved = np.zeros(n, bool), np.full(n, -1), np.zeros(n, bool)
    for row in np.flatnonzero(planted):
        plant = plants[tickets.plant[row]]
        transfers[row] = len(plant.route) - 2 if plant.route else 0
        loop[row] = False
        reopens[row] = plant.reopens or 0
        urges[row] = plant.urges if plant.urges is not None else 0
    is_gap = np.isin(dept, [names.DEPT_OF[d] for d in names.GAP_DEPTS]) & (priority != 0) & ~direct
    if twin:
        is_gap[:] = False
    feedback, visit_share = _durations(
        streams, tickets, plants, priority, is_gap, direct, transfers, visit, reopens, twin
    )
    late = feedback - tickets.accepted > limits(tickets, priority)
    is_open = feedback > AS_OF
    silent = (transfers < 3) & (streams.get("course", "silent").random(n) < np.where(l1 == names.NET, 0.05, 0.02))
    silent &= ~plain & ~planted & (not twin)
    confirmed = draw_confirmed(streams, tickets, plants, late, reopens, is_open, twin)
    solved = confirmed | ((reopens > 0) & (streams.get("course", "solved").random(n) < 0.6))
    course = Course(
        priority, reason, dept, is_gap, direct, approved, transfers, loop, visit, visit_share, reopens,
        feedback,
        is_open, late, confirmed, solved, np.zeros(n, bool), np.zeros(n, np.int64), silent, urges,
        _compensation(streams, tickets, solved & ~is_open, twin),
    )  # fmt: skip
    for row in np.flatnonzero(planted):
        plant = plants[tickets.plant[row]]
        course.is_silent[row] = plant.silent
        if plant.compensation is not None:
            course.compensation[row] = plant.compensation
    surveyed, answer = draw_answers(streams, tickets, plants, confirmed, late, feedback, twin)
    course.surveyed[:], course.answer[:] = surveyed, answer
    return course


def _compensation(streams: Streams, tickets: Tickets, solved: Bools, twin: bool) -> Floats:
    """Refunds of fee complaints; people (`team_of`) pay differently for the same matter, in the twin alike."""
    rng = streams.get("course", "compensation")
    n = len(tickets)
    paid = solved & (tickets.l1 == names.TAR) & tickets.counted & (rng.random(n) < 0.30)
    generosity = np.ones(n) if twin else 0.5 + (team_of(streams, n) % 5) * 0.35
    return np.where(paid, np.round(rng.gamma(2.2, 12, n) * generosity + 1, 2), 0.0)


def team_of(streams: Streams, n: int) -> Ints:
    """Work number (0–29) of the person who took each ticket in."""
    return streams.get("course", "team").integers(0, 30, n)


def _priorities(streams: Streams, tickets: Tickets, plants: list[Plant], twin: bool) -> tuple[Ints, Ints]:
    """0 urgent, 1 important, 2 ordinary; and the reason code of the urgent ones."""
    rng = streams.get("course", "priority")
    n = len(tickets)
    outside = (tickets.channel >= names.HEIMAO) & (tickets.channel < names.SUPERVISION)
    important = tickets.vip | (tickets.customer_kind == 2) | (tickets.age == 2) & (rng.random(n) < 0.3)
    priority = np.where(important | tickets.is_repeat, 1, 2)
    reason = np.zeros(n, dtype=np.int64)
    if not twin:
        for year in (tickets.in_2024, ~tickets.in_2024):
            pool = np.flatnonzero(year & tickets.counted & (tickets.plant < 0) & ~outside)
            forced = year & (outside | (tickets.plant >= 0))
            planted_urgent = sum(
                plants[tickets.plant[r]].priority == 0 for r in np.flatnonzero(year & (tickets.plant >= 0))
            )
            need = round(0.03 * int((year & tickets.counted).sum())) - planted_urgent
            need -= int((forced & outside & (tickets.plant < 0)).sum())
            pick = rng.choice(pool, max(need, 0), replace=False)
            priority[pick] = 0
            odds = np.where(tickets.l1[pick] == names.NET, 0.75, 0.1)
            reason[pick] = np.where(
                rng.random(len(pick)) < odds, 3, rng.choice([1, 2, 4], len(pick), p=[0.6, 0.35, 0.05])
            )
        priority[outside] = 0
        reason[outside] = 2
    for row in np.flatnonzero(tickets.plant >= 0):
        plant = plants[tickets.plant[row]]
        if plant.priority is not None:
            priority[row] = plant.priority
            reason[row] = plant.reason
    return priority, reason


def _durations(
    streams: Streams,
    tickets: Tickets,
    plants: list[Plant],
    priority: Ints,
    is_gap: Bools,
    direct: Bools,
    transfers: Ints,
    visit: Ints,
    reopens: Ints,
    twin: bool,
) -> tuple[Floats, Floats]:
    """Feedback instants and the share of the time spent with the visited department."""
    rng = streams.get("course", "durations")
    n = len(tickets)
    l1, accepted = tickets.l1, tickets.accepted.astype(float)
    draw = np.empty(n)
    for code in range(5):
        rows = l1 == code
        floor = FLOOR * MEAN_HOURS[code]
        draw[rows] = floor + lognormal(rng, MEAN_HOURS[code] - floor, SIGMA[code], int(rows.sum()))
    urgent = lognormal(rng, 3.6, 0.8, n)
    draw *= (1 + 0.12 * transfers) * np.where(reopens > 0, 1.4, 1.0) * np.where(direct, 0.12, 1.0)
    middle = np.where(visit == _HR, np.log(40.0), np.log(18.0))
    stay = np.where(visit >= 0, rng.lognormal(middle, 0.35, n), 0.0)
    urgent_rows = priority == 0
    fixed = np.full(n, np.nan)
    for row in np.flatnonzero(tickets.plant >= 0):
        plant = plants[tickets.plant[row]]
        if plant.steps:
            done = [s.when for s in plant.steps if s.op == "FBK"]
            fixed[row] = (max(done) if done else AS_OF + 5 * DAY) - plant.when
        elif plant.hours is not None:
            fixed[row] = plant.hours * HOUR
    if twin:
        quick = np.where(tickets.in_2024, 0.30, 0.30) * limits(tickets, priority)
        return accepted + quick * (0.15 + 0.85 * rng.random(n)), np.zeros(n)
    feedback = accepted.copy()
    for code in range(5):
        for year, factor in ((tickets.in_2024, 1.0), (~tickets.in_2024, FASTER_2025)):
            rows = np.flatnonzero(year & (l1 == code))
            target = MEAN_HOURS[code] * factor * HOUR

            def finish(scale: float, rows: Ints = rows, factor: float = factor) -> Floats:
                hours = np.where(urgent_rows[rows], urgent[rows] * factor, draw[rows] * scale + stay[rows] * factor)
                span = np.clip(hours * HOUR, 240.0, LONGEST)
                done = np.where(
                    is_gap[rows],
                    from_work_seconds(work_seconds(accepted[rows]) + span),
                    accepted[rows] + span,
                )
                done = np.minimum(done, accepted[rows] + LONGEST)
                return np.where(np.isnan(fixed[rows]), done, accepted[rows] + fixed[rows])

            def mean(scale: float, rows: Ints = rows, finish: Callable[[float], Floats] = finish) -> float:
                valid = tickets.counted[rows]
                return float((finish(scale) - accepted[rows])[valid].mean())

            feedback[rows] = finish(_solve(mean, target))
    share = np.where(visit >= 0, np.minimum(stay * HOUR / np.maximum(feedback - accepted, 1), 0.7), 0.0)
    return np.round(feedback), share


def _solve(mean: Callable[[float], float], target: float) -> float:
    low, high = 1e-3, 4.0
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if mean(middle) < target else (low, middle)
    return (low + high) / 2
