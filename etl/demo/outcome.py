"""How tickets end: solved for good, asked, satisfied. All by quota, drawn jointly with lateness."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from etl.demo.clock import AS_OF, DAY, HOUR, at
from etl.demo.outbreaks import DECOY_ANSWERS, DECOY_DISTRICT, DECOY_SATISFIED
from etl.demo.plant import Plant
from etl.demo.rng import Streams
from etl.demo.tickets import Tickets

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

RESOLUTION_TWIN = (0.93, 0.93, 0.93, 0.93, 0.93)
RESOLUTION_2024 = (0.80, 0.84, 0.70, 0.86, 0.82)
RESOLUTION_2025 = (0.83, 0.87, 0.75, 0.88, 0.84)
SOLVED_IN_TIME = 0.62
SATISFIED_TWIN = ((0.93, 0.90, 0.60), 0.88)
SATISFIED_2024 = ((0.90, 0.70, 0.33), 0.75)
SATISFIED_2025 = ((0.92, 0.74, 0.38), 0.79)
QUIET_WEEK = (at("2025-02-03"), at("2025-02-10"))
NOT_SENT, NO_ANSWER, SATISFIED, DISSATISFIED = range(4)


def draw_confirmed(
    streams: Streams,
    tickets: Tickets,
    plants: list[Plant],
    late: Bools,
    reopens: Ints,
    is_open: Bools,
    twin: bool,
) -> Bools:
    """Solved for good, by quota per type; tickets in time are solved more often."""
    rng = streams.get("course", "confirmed")
    n = len(tickets)
    gumbel = -np.log(-np.log(rng.random(n)))
    forced = np.full(n, -1)
    for row in np.flatnonzero(tickets.plant >= 0):
        if plants[tickets.plant[row]].solved is not None:
            forced[row] = int(bool(plants[tickets.plant[row]].solved))
    blocked = (reopens > 0) | is_open
    first, second = (RESOLUTION_TWIN, RESOLUTION_TWIN) if twin else (RESOLUTION_2024, RESOLUTION_2025)

    def choose(push: float) -> Bools:
        chosen = np.zeros(n, dtype=bool)
        score = gumbel + push * ~late
        for is_first, rates in ((True, first), (False, second)):
            year = tickets.in_2024 == is_first
            for code, rate in enumerate(rates):
                rows = year & (tickets.l1 == code) & tickets.counted
                fixed = rows & (forced == 1) & ~blocked
                base = rows if is_first else rows & ~is_open
                need = round(rate * int(base.sum())) - int(fixed.sum())
                free = np.flatnonzero(rows & ~blocked & (forced < 0))
                chosen[free[np.argsort(-score[free], kind="stable")[:need]]] = True
                chosen |= fixed
        return chosen

    base = tickets.counted & tickets.in_2024
    low, high = 0.0, 4.0
    for _ in range(14):
        middle = (low + high) / 2
        joint = (choose(middle) & ~late & base).sum() / base.sum()
        low, high = (middle, high) if joint < SOLVED_IN_TIME else (low, middle)
    chosen = choose(low)
    outside = ~tickets.counted & ~blocked
    chosen[outside] = rng.random(int(outside.sum())) < 0.85
    return chosen


def draw_answers(
    streams: Streams,
    tickets: Tickets,
    plants: list[Plant],
    confirmed: Bools,
    late: Bools,
    feedback: Floats,
    twin: bool,
) -> tuple[Bools, Ints]:
    """Who is asked (the twin asks all), and the answer (0 not asked, 1 none, 2 satisfied, 3 not), by quota."""
    rng = streams.get("course", "survey")
    n = len(tickets)
    surveyed, answer = np.zeros(n, dtype=bool), np.zeros(n, dtype=np.int64)
    closed = tickets.counted & (feedback < AS_OF - 30 * HOUR) & (tickets.plant < 0)
    group = np.where(confirmed, np.where(late, 1, 0), 2)
    first, second = (SATISFIED_TWIN, SATISFIED_TWIN) if twin else (SATISFIED_2024, SATISFIED_2025)
    for is_first, (rates, overall) in ((True, first), (False, second)):
        year = tickets.in_2024 == is_first
        for g in range(3):
            rows = np.flatnonzero(closed & year & (group == g))
            asked = rng.permutation(rows)[: round((1.0 if twin else 0.7) * len(rows))]
            answered = asked[: round(0.45 * len(asked))]
            surveyed[asked] = True
            answer[asked] = NO_ANSWER
            answer[answered] = DISSATISFIED
            answer[answered[: round(rates[g] * len(answered))]] = SATISFIED
        rows = np.flatnonzero(year & (answer >= SATISFIED))
        surplus = round(float((answer[rows] == SATISFIED).sum()) - overall * len(rows))
        flip_from = SATISFIED if surplus > 0 else DISSATISFIED
        pool = rows[answer[rows] == flip_from]
        answer[rng.choice(pool, min(abs(surplus), len(pool)), replace=False)] = SATISFIED + DISSATISFIED - flip_from
    for row in np.flatnonzero(tickets.plant >= 0):
        code = plants[tickets.plant[row]].answer
        if code and feedback[row] < AS_OF:
            surveyed[row], answer[row] = True, code
    if plants:
        _decoy_county(tickets, feedback, surveyed, answer)
        _quiet_week(streams, tickets, feedback, answer)
    return surveyed, answer


def _decoy_county(tickets: Tickets, feedback: Floats, surveyed: Bools, answer: Ints) -> None:
    """A county with nine answers in the last week: accepted, fed back and asked all inside it."""
    monday = at("2025-03-24")
    here = tickets.district == DECOY_DISTRICT
    touched = here & ((tickets.accepted >= monday) | (feedback >= monday - DAY))
    answer[touched & surveyed] = NO_ANSWER
    inside = here & tickets.counted & (tickets.accepted >= monday) & (feedback < at("2025-03-29 20:00"))
    pool = np.flatnonzero(inside & (tickets.plant < 0))[:DECOY_ANSWERS]
    surveyed[pool] = True
    answer[pool] = np.where(np.arange(len(pool)) < DECOY_SATISFIED, SATISFIED, DISSATISFIED)


def _quiet_week(streams: Streams, tickets: Tickets, feedback: Floats, answer: Ints) -> None:
    """Few people answer in the Spring Festival week: the answer rate falls below 20 %."""
    rng = streams.get("course", "quiet")
    week = (feedback >= QUIET_WEEK[0] - DAY) & (feedback < QUIET_WEEK[1]) & (tickets.plant < 0)
    rows = np.flatnonzero(week & (answer >= SATISFIED))
    answer[rows[rng.random(len(rows)) < 0.72]] = NO_ANSWER
