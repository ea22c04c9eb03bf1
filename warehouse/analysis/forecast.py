"""How many complaints (or calls) next week will bring, per kind and day, with an interval whose hits were counted.

A Poisson regression on days: level, weekday, first and last three days of a month, holidays, days worked in exchange
and the first day after a holiday; days long past weigh less. The interval reaches as far as forecasts of earlier weeks
missed, each made from what lay before it: no law of errors is assumed, for they are heavier at the ends than any count
law says, and kinds rise together. How often it held is counted in weeks that had no part in it. Pure: no clock, no
query.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from warehouse.analysis.calendar_compare import DayKinds, kind_of

Floats = NDArray[np.float64]

LEVEL = 0.9
HALF_LIFE_DAYS = 56.0
EDGE_DAYS = 3
BACKTESTS = 26
LEAST_MISSES = 9  # under nine, none of them bounds nine in ten
LEAST_DAYS = 56  # of history, or nothing is forecast
RIDGE = 1.0  # as much as one day's evidence against any effect; rare days do not run away
# Columns of the design after level and weekdays.
EDGE, HOLIDAY = slice(7, 9), slice(9, 12)
N_COLUMNS = 12


@dataclass(frozen=True)
class Forecast:
    """One kind's next week: `by_day` adds up to `expected`; `low` and `high` hold `LEVEL` of outcomes.

    `edge` and `holiday` are the factors that month ends and holidays put on the week (1: none). `covered` of `tested`
    earlier weeks lay within the interval that was drawn from the weeks before them. `error` is their mean absolute
    error as a share of the actual.
    """

    expected: float
    low: float
    high: float
    by_day: tuple[float, ...]
    edge: float
    holiday: float
    covered: int
    tested: int
    error: float

    @property
    def coverage(self) -> float:
        return self.covered / self.tested if self.tested else float("nan")


def forecast(counts: pd.Series, monday: date, kinds: DayKinds, backtests: int = BACKTESTS) -> Forecast | None:
    """The week from `monday` on, from `counts` per day before it (index: days; a missing day is no day of data).

    None with under `LEAST_DAYS` days, or nothing but zeros in the last of them.
    """
    known = counts[[d < monday for d in counts.index]].sort_index().astype(float)
    if len(known) < LEAST_DAYS or known.iloc[-LEAST_DAYS:].sum() == 0:
        return None
    days = [monday + timedelta(n) for n in range(7)]
    beta = _fit(known, monday, kinds)
    rows = _design(days, kinds)
    mu = _mean(rows, beta)
    plain_edge, plain_holiday = rows.copy(), rows.copy()
    plain_edge[:, EDGE] = 0
    plain_holiday[:, HOLIDAY] = 0
    past = _backtest(known, monday, kinds, 2 * backtests)
    total = float(mu.sum())
    misses = np.array([_miss(told, seen) for told, seen in past])
    low, high = _interval(total, misses[-backtests:] if backtests else misses)
    tested = range(max(LEAST_MISSES, len(past) - backtests), len(past))
    covered = 0
    for at in tested:
        told, seen = past[at]
        lo, hi = _interval(told, misses[max(at - backtests, 0) : at])
        covered += int(lo <= seen <= hi)
    past = past[-backtests:] if backtests else past
    errors = [abs(seen - told) / seen for told, seen in past if seen > 0]
    return Forecast(
        total, low, high, tuple(float(m) for m in mu),
        total / float(_mean(plain_edge, beta).sum()), total / float(_mean(plain_holiday, beta).sum()),
        covered, len(tested), float(np.mean(errors)) if errors else float("nan"),
    )  # fmt: skip


def by_kind(counts: pd.DataFrame, monday: date, kinds: DayKinds, backtests: int = BACKTESTS) -> dict[str, Forecast]:
    """The same per kind: `counts` has day, key, n; a day without rows of a kind counts 0 for it. "" is the total."""
    table = counts.pivot_table(index="day", columns="key", values="n", aggfunc="sum").fillna(0.0)
    if table.empty:
        return {}
    every = [table.index.min() + timedelta(n) for n in range((table.index.max() - table.index.min()).days + 1)]
    table = table.reindex(every, fill_value=0.0)
    series = {str(k): table[k] for k in table} | {"": table.sum(axis=1)}
    found = {k: forecast(s, monday, kinds, backtests) for k, s in series.items()}
    return {k: f for k, f in found.items() if f is not None}


def capacity(load: Sequence[float], share: Sequence[float], n: Sequence[float], aim: float) -> float | None:
    """The highest load at which a share still reached `aim`, the share falling with the load. None where it never fell
    below, or never reached it. Days of `n` cases with that load and share (0–1)."""
    order = np.argsort(np.asarray(load, dtype=float), kind="stable")
    x, y, w = (np.asarray(v, dtype=float)[order] for v in (load, share, n))
    if len(x) < 2:
        return None
    fitted = _falling(y, w)
    if not (fitted < aim).any() or not (fitted >= aim).any():
        return None
    return float(x[fitted >= aim].max())


def most_load(
    load: Sequence[float], share: Sequence[float], n: Sequence[float], aim: float
) -> tuple[float | None, bool]:
    """`capacity`, and True; where it was never short, the highest load that was seen, and False (what lies beyond is
    not known). None without a day."""
    able = capacity(load, share, n, aim)
    if able is not None:
        return able, True
    return (float(np.max(load)) if len(load) else None), False


def _falling(y: Floats, w: Floats) -> Floats:
    """The closest sequence that never rises (pool adjacent violators)."""
    blocks: list[list[float]] = []  # mean, weight, length
    for value, weight in zip(y, w, strict=True):
        blocks.append([value, weight, 1])
        while len(blocks) > 1 and blocks[-2][0] < blocks[-1][0]:
            m2, w2, n2 = blocks.pop()
            m1, w1, n1 = blocks.pop()
            both = w1 + w2
            blocks.append([(m1 * w1 + m2 * w2) / both if both else m1, both, n1 + n2])
    return np.concatenate([np.full(int(n), m) for m, _, n in blocks])


def _design(days: Sequence[date], kinds: DayKinds) -> Floats:
    rows = np.zeros((len(days), N_COLUMNS))
    rows[:, 0] = 1
    for at, day in enumerate(days):
        if day.weekday():
            rows[at, day.weekday()] = 1
        last = (day + timedelta(EDGE_DAYS)).month != day.month
        rows[at, 7] = day.day <= EDGE_DAYS
        rows[at, 8] = last
        kind = kind_of(day, kinds)
        rows[at, 9] = kind == "holiday"
        rows[at, 10] = kind == "makeup"
        rows[at, 11] = kind != "holiday" and kind_of(day - timedelta(1), kinds) == "holiday"
    return rows


def _fit(known: pd.Series, monday: date, kinds: DayKinds) -> Floats:
    days = list(known.index)
    return _fitted(_design(days, kinds), known.to_numpy(), np.array([(monday - d).days for d in days], dtype=float))


def _fitted(rows: Floats, n: Floats, age: Floats) -> Floats:
    """Weighted Poisson regression with a small ridge on all effects but the level; Newton's method. `age` in days."""
    weight = 0.5 ** (age / HALF_LIFE_DAYS)
    penalty = np.full(N_COLUMNS, RIDGE)
    penalty[0] = 1e-6
    beta = np.zeros(N_COLUMNS)
    beta[0] = np.log(max(float((weight * n).sum() / weight.sum()), 1e-3))
    for _ in range(50):
        mu = _mean(rows, beta)
        slope = rows.T @ (weight * (n - mu)) - penalty * beta
        curve = (rows * (weight * mu)[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        # A step is cut where it would overshoot.
        beta = beta + step * min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        if np.abs(step).max() < 1e-8:
            break
    return beta


def _mean(rows: Floats, beta: Floats) -> Floats:
    return np.asarray(np.exp(np.clip(rows @ beta, -20, 20)))


def _backtest(known: pd.Series, monday: date, kinds: DayKinds, weeks: int) -> list[tuple[float, float]]:
    """Forecast and actual of the last whole weeks, oldest first, each from what lay before it."""
    days = np.array([d.toordinal() for d in known.index], dtype=float)
    rows, n = _design(list(known.index), kinds), known.to_numpy()
    found = []
    for back in range(weeks, 0, -1):
        start = monday.toordinal() - 7 * back
        before, week = days < start, (days >= start) & (days < start + 7)
        if before.sum() < LEAST_DAYS or week.sum() < 7:
            continue
        beta = _fitted(rows[before], n[before], start - days[before])
        found.append((float(_mean(rows[week], beta).sum()), float(n[week].sum())))
    return found


def _miss(told: float, seen: float) -> float:
    """How far a forecast was out, in roots of what it said: counts scatter so."""
    return abs(seen - told) / np.sqrt(max(told, 1.0))


def _interval(mean: float, misses: Floats) -> tuple[float, float]:
    """As far as all but one in ten of earlier forecasts missed, counted so that the next one is held by it as often
    (split conformal); the Poisson law, widened by what was seen, where there are too few."""
    tail = (1 - LEVEL) / 2
    rank = int(np.ceil((len(misses) + 1) * LEVEL - 1e-9))
    if len(misses) < LEAST_MISSES or rank > len(misses):
        spread = max(1.0, float((misses**2).mean())) if len(misses) else 1.0
        law = stats.poisson(mean) if spread <= 1.0001 else stats.nbinom(mean / (spread - 1), 1 / spread)
        return float(law.ppf(tail)), float(law.ppf(1 - tail))
    reach = float(np.sort(misses)[rank - 1]) * float(np.sqrt(max(mean, 1.0)))
    return max(float(np.floor(mean - reach)), 0.0), float(np.ceil(mean + reach))
