"""The kind of signal that judges counts of whole weeks by those of earlier years. A pure function of frames.

Does not belong here: the detectors (detectors/farrington.py, detectors/ears.py), the counting (sql/).
Why so: docs/decisions/0034.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alerts.detectors import ears
from alerts.detectors.farrington import LEAST_YEARS, Setting, judge, oldest_week

# How far a long computation is: steps done, of how many.
Say = Callable[[int, int], None]
Floats = NDArray[np.float64]
MOST_YEARS = 5
BACK = 320  # weeks, at most, that a count is compared with: five years, and what surrounds the week of the oldest
BASELINE = 7  # weeks that a short history is judged by
LEAST_WEEKS = 4  # in which so many complaints must be
LEAST_SD = 1.0  # of them: seven alike are no proof that the eighth must be
COLUMNS = (
    "seen_at", "scope_id", "value", "n", "n_now", "bound_count", "baseline", "years", "week_zh", "week_en",
    "method_zh", "method_en",
)  # fmt: skip
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Bounds:
    """Of one week, arrays of shape (series,): the highest usual count, what was expected, and the years of history both
    rest on. 0 years: the weeks just before; then NaN where even those are too few."""

    upper: Floats
    expected: Floats
    years: NDArray[np.int64]


def weekly(found: pd.DataFrame, given: Mapping[str, Any], say: Say | None = None) -> pd.DataFrame:
    """How many times the smallest unusual count a week's complaints were: 1 or more is unusual.

    In: rows as the select says. Out: one row per instant and scope that had a complaint in the years looked back at.
    Limits are those of Farrington improved at `alpha`, on as many whole years as a scope has, 3 to 5, and before that
    of EARS C2 at `alpha_short`; of a scope with less than nine weeks there is no row. Under `least` complaints in four
    weeks nothing is unusual. A scope's history begins with its second week, as the first is seldom whole. Weeks after
    that of an instant change nothing about it. Adds `bound_count`, the smallest count that is unusual, and `baseline`.
    """
    asked = found.loc[found["scope_id"].isna(), ["seen_at", "week_start"]]
    told = found[found["scope_id"].notna()]
    if asked.empty or told.empty:
        return pd.DataFrame(columns=list(COLUMNS))
    mondays = pd.to_datetime(told["week_start"])
    first = mondays.min().date()
    weeks = asked.groupby(pd.to_datetime(asked["week_start"]).dt.date)["seen_at"].agg(list).sort_index()
    codes, scopes = pd.factorize(told["scope_id"], sort=True)
    n_weeks = max(_number(max(weeks.index), first), _number(mondays.max().date(), first)) + 1
    counts = np.zeros((len(scopes), n_weeks))
    np.add.at(counts, (codes, (mondays - pd.Timestamp(first)).dt.days.to_numpy() // 7), told["n"].to_numpy(float))
    frames = []
    for done, (monday, seen_ats) in enumerate(weeks.items(), 1):
        week = _number(monday, first)
        if week > 0:
            frame = _judged(counts, week, first, scopes, given)
            frames += [frame.assign(seen_at=pd.Timestamp(at)) for at in seen_ats]
        if say is not None:
            say(done, len(weeks))
    return pd.concat(frames, ignore_index=True)[list(COLUMNS)] if frames else pd.DataFrame(columns=list(COLUMNS))


def _judged(counts: Floats, week: int, first: date, scopes: NDArray[Any], given: Mapping[str, Any]) -> pd.DataFrame:
    """The scopes that can be judged in one week."""
    told = bounds(counts, week, first, float(given["alpha"]), float(given["alpha_short"]))
    rows = np.flatnonzero(np.isfinite(told.upper))
    now, before = counts[rows, week], counts[rows, max(week - LEAST_WEEKS + 1, 0) : week].sum(axis=1)
    bound = np.maximum(np.floor(told.upper[rows]) + 1, float(given["least"]) - before)
    years, monday = told.years[rows], first + timedelta(weeks=week)
    methods = {n: _method(n) for n in set(years.tolist())}
    return pd.DataFrame(
        {
            "scope_id": scopes[rows],
            "value": now / bound,
            "n": now.astype(np.int64),
            "n_now": now,
            "bound_count": bound,
            "baseline": told.expected[rows],
            "years": years,
            "week_zh": _week(monday, "zh"),
            "week_en": _week(monday, "en"),
            "method_zh": [methods[n][0] for n in years.tolist()],
            "method_en": [methods[n][1] for n in years.tolist()],
        }
    )


def bounds(counts: Floats, week: int, first_on: date, alpha: float, alpha_short: float) -> Bounds:
    """How many are usual in one week of `counts`, shape (series, weeks from the Monday `first_on`), by those before it:
    Farrington improved at `alpha` on as many years as a series has, else EARS C2 at `alpha_short`."""
    begin = _begins(counts, week)
    years = np.zeros(len(counts), dtype=np.int64)
    for n in range(LEAST_YEARS, MOST_YEARS + 1):
        years[begin <= oldest_week(week, Setting(years=n), first_on)] = n
    upper, expected = np.full(len(counts), np.nan), np.full(len(counts), np.nan)
    for n in sorted(set(years.tolist()) - {0}):
        rows = years == n
        answer = judge(counts[rows], week, Setting(years=n, alpha=alpha), first_on)
        upper[rows], expected[rows] = answer.upper, answer.expected
    span = BASELINE + ears.GAP
    rows = (years == 0) & (begin <= week - span)
    if rows.any():
        short = counts[rows, week - span : week + 1]
        upper[rows] = ears.limits(short, "C2", BASELINE, alpha_short, LEAST_SD)[:, -1]
        expected[rows] = short[:, :BASELINE].mean(axis=1)
    return Bounds(upper, expected, years)


def _begins(counts: Floats, week: int) -> NDArray[np.int64]:
    """The week after the first with a complaint, of those that `week` may look back at; beyond `week` without any."""
    since = max(week - BACK, 0)
    is_there = counts[:, since : week + 1] > 0
    return np.where(is_there.any(axis=1), since + is_there.argmax(axis=1) + 1, week + 1)


def _number(monday: date, first: date) -> int:
    return (monday - first).days // 7


def _week(monday: date, lang: str) -> str:
    sunday = monday + timedelta(days=6)
    if lang == "zh":
        return f"{monday.month}月{monday.day}日至{sunday.month}月{sunday.day}日"
    return f"{monday.day} {_MONTHS[monday.month - 1]} to {sunday.day} {_MONTHS[sunday.month - 1]}"


def _method(years: int) -> tuple[str, str]:
    """What judged, in both languages."""
    if years:
        return f"按{years}年同期和趋势，Farrington法", f"by Farrington's method on {years} years"
    return (
        f"历史不足{LEAST_YEARS}年，按前{BASELINE}周，EARS C2",
        f"by EARS C2 on {BASELINE} weeks, as {LEAST_YEARS} years are not there yet",
    )
