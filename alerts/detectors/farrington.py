"""Farrington improved: limits for weekly counts with years of history, for many series at once.

Does not belong here: short histories (ears.py), the choice of a detector (signals).
Source: Noufaily et al. 2013; R package surveillance, `farringtonFlexible` with b, w, ten-level season, 26 recent weeks
left out, residuals above 2.58 weighted down, quantile of the negative binomial.

For one week the design is the same for every series, so 2,000 series are fitted by a few products of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
LEAST_YEARS = 3  # of history, for a trend
STEPS = 40
LONGEST, STEEPEST = 2.0, 40.0  # of one step, and of a slope: beyond lies a fit that ran away
CLOSE = 1e-7  # change of the slope at which the fit has settled; the next would be its square
LEAST, HIGHEST = 1e-13, 1e13  # of a mean
BLOCK = (
    100  # series at a time: so small a product is not split among threads, which wait for each other when all are busy
)


@dataclass(frozen=True)
class Setting:
    """How history is read. Defaults are the improved method's.

    `years` back, half `window` in weeks around the same week of each, `n_seasons` levels of the year, `recent` weeks
    left out so that a growing outbreak does not hide itself, `heavy` the residual above which a past week counts less,
    `alpha` the one-sided error, `least_cases` in `least_weeks`: fewer give no alarm.
    """

    years: int = 5
    window: int = 3
    n_seasons: int = 10
    recent: int = 26
    heavy: float = 2.58
    alpha: float = 0.05
    trend: bool = True
    least_cases: int = 5
    least_weeks: int = 4
    weeks_a_year: int = 52


@dataclass(frozen=True)
class Answer:
    """For one week, arrays of shape (series,).

    upper: the highest usual count; expected: by the fit; dispersion: variance over mean, 1 or more; score: 0 at the
    expected count, 1 at the limit; alarm: above the limit, and enough cases; has_trend: the fit follows a trend.
    """

    upper: Floats
    expected: Floats
    dispersion: Floats
    score: Floats
    alarm: NDArray[np.bool_]
    has_trend: NDArray[np.bool_]


def judge(counts: ArrayLike, week: int, setting: Setting = Setting(), first_on: date | None = None) -> Answer:
    """Judge week `week` (index from 0) of `counts`, shape (series, weeks), by the weeks before it.

    `first_on` is the first day of the first week; without it every year has 52 weeks. Raises ValueError when the week
    lies outside, or less than `years` of weeks lie before it.
    """
    seen = np.atleast_2d(np.asarray(counts, dtype=float))
    if not 0 <= week < seen.shape[1]:
        raise ValueError(f"week {week} lies outside the {seen.shape[1]} weeks given")
    weeks, season = reference_weeks(week, setting, first_on)
    blocks = [_judge(seen[n : n + BLOCK], week, weeks, season, setting) for n in range(0, max(len(seen), 1), BLOCK)]
    return Answer(*(np.concatenate([getattr(b, f.name) for b in blocks]) for f in fields(Answer)))


def _judge(seen: Floats, week: int, weeks: NDArray[np.int64], season: NDArray[np.int64], setting: Setting) -> Answer:
    """The series of one block; each is judged by itself."""
    past, levels = seen[:, weeks], _levels(season, setting)
    if not setting.trend:
        return _answer(seen, week, _model(past, levels, None, 0.0, setting), np.zeros(len(seen), dtype=bool), setting)
    # Centred time of length one: a slope of 1 is a trend by the factor e over all of history.
    centre, width = float(weeks.mean()), max(float(np.ptp(weeks)), 1.0)
    time: Floats = (weeks.astype(np.float64) - centre) / width
    now = (week - centre) / width
    fitted = _model(past, levels, time, now, setting)
    # A trend that leads beyond everything seen so far is not followed.
    keep = (fitted.mean <= past.max(axis=1)) & (setting.years >= LEAST_YEARS)
    lost = ~keep
    if lost.any():
        plain = _model(past[lost], levels, None, 0.0, setting)
        fitted.mean[lost], fitted.dispersion[lost] = plain.mean, plain.dispersion
    return _answer(seen, week, fitted, keep, setting)


def reference_weeks(
    week: int, setting: Setting, first_on: date | None = None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Past weeks that the fit may use, oldest first, and the season level of each: 0 around the same week of the
    year, 1 … n_seasons − 1 for equal stretches between."""
    w = setting.window
    centres = [_years_before(week, back, setting, first_on) for back in range(setting.years + 1)]
    if centres[-1] < w:
        raise ValueError(f"week {week} has less than {setting.years} years and {w} weeks before it")
    level = np.full(week + 1, -1, dtype=np.int64)
    level[week - w : week + 1] = 0
    for later, centre in zip(centres, centres[1:], strict=False):
        level[centre - w : centre + w + 1] = 0
        if setting.n_seasons > 1:
            first, n = centre + w + 1, later - centre - 2 * w - 1
            share, rest = divmod(n, setting.n_seasons - 1)
            lengths = np.full(setting.n_seasons - 1, share)
            lengths[:rest] += 1
            level[first : first + n] = np.repeat(np.arange(1, setting.n_seasons), lengths)
    level[week - setting.recent :] = -1
    kept = np.flatnonzero(level >= 0)
    return kept, level[kept]


def oldest_week(week: int, setting: Setting = Setting(), first_on: date | None = None) -> int:
    """The oldest week that judging `week` reads; below 0 where it lies before the counts."""
    return _years_before(week, setting.years, setting, first_on) - setting.window


def _years_before(week: int, back: int, setting: Setting, first_on: date | None) -> int:
    """The week that begins nearest to the same day `back` years ago, so that years of 53 weeks cause no drift."""
    if first_on is None or back == 0:
        return week - back * setting.weeks_a_year
    day = first_on + timedelta(weeks=week)
    try:
        then = day.replace(year=day.year - back)
    except ValueError:  # 29 February
        then = date(day.year - back, 3, 1)
    return round((then - first_on).days / 7)


def _levels(season: NDArray[np.int64], setting: Setting) -> Floats:
    """Which weeks belong to which level of the season, (weeks, levels)."""
    answer: Floats = (season[:, None] == np.arange(setting.n_seasons)).astype(float)
    return answer


@dataclass(frozen=True)
class _Fitted:
    """Mean and dispersion, of shape (series,)."""

    mean: Floats
    dispersion: Floats


@dataclass(frozen=True)
class _Fit:
    """`mu`, the fitted mean of every week, and `share`, its part of the fitted sum of its level, (series, weeks);
    slope, dispersion and `now`, the mean of the week that is judged, (series,)."""

    mu: Floats
    share: Floats
    slope: Floats
    phi: Floats
    now: Floats


def _model(past: Floats, levels: Floats, time: Floats | None, now: float, setting: Setting) -> _Fitted:
    """Quasi-Poisson fit, weighted down where the past was itself unusual, and its prediction at `now`."""
    first = _fit(past, levels, time, now, np.ones_like(past), np.zeros(len(past)))
    weights = _reweighted(past, first, levels, time, setting.heavy)
    fit = _fit(past, levels, time, now, weights, first.slope)
    return _Fitted(fit.now, fit.phi)


def _fit(past: Floats, levels: Floats, time: Floats | None, now: float, weights: Floats, begin: Floats) -> _Fit:
    """The maximum of the likelihood. Given the slope, the fitted sum of each level is its observed sum, so only the
    slope is searched for, from `begin` on."""
    cases = (weights * past) @ levels
    slope = np.zeros(len(past)) if time is None else _slope(weights * past, cases, levels, time, weights, begin)
    growth = weights if time is None else weights * np.exp(slope[:, None] * time)
    sums = np.maximum(growth @ levels, LEAST)
    season = levels.argmax(axis=1)
    height = np.maximum(cases / sums, LEAST)
    share = growth / sums[:, season]
    mu = np.maximum(height[:, season] * (1.0 if time is None else np.exp(slope[:, None] * time)), LEAST)
    n_found = levels.any(axis=0).sum() + (time is not None)
    freedom = np.maximum((weights > 0).sum(axis=1) - n_found, 1)
    phi = np.maximum((weights * (past - mu) ** 2 / mu).sum(axis=1) / freedom, 1.0)
    return _Fit(mu, share, slope, phi, np.clip(height[:, 0] * np.exp(slope * now), LEAST, HIGHEST))


def _slope(told: Floats, cases: Floats, levels: Floats, time: Floats, weights: Floats, begin: Floats) -> Floats:
    """Newton's steps on the slope, whose likelihood has one maximum; of series that never fall, or never rise, it lies
    at infinity, and the search ends at `STEEPEST`. Series that have settled are left out of further steps."""
    moments = np.hstack([levels, levels * time[:, None], levels * (time * time)[:, None]])
    n_levels, wanted = levels.shape[1], told @ time
    slope, moving = begin.copy(), np.arange(len(begin))
    for _ in range(STEPS):
        growth = weights[moving] * np.exp(slope[moving, None] * time)
        whole, once, twice = np.split(growth @ moments, [n_levels, 2 * n_levels], axis=1)
        whole = np.maximum(whole, LEAST)
        mean = once / whole
        rise = wanted[moving] - (cases[moving] * mean).sum(axis=1)
        bend = (cases[moving] * np.maximum(twice / whole - mean * mean, 0.0)).sum(axis=1)
        step = np.clip(rise / np.maximum(bend, LEAST), -LONGEST, LONGEST)
        there = np.clip(slope[moving] + step, -STEEPEST, STEEPEST)
        settled = np.abs(there - slope[moving]) <= CLOSE
        slope[moving] = there
        moving = moving[~settled]
        if not len(moving):
            break
    return slope


def _reweighted(past: Floats, fit: _Fit, levels: Floats, time: Floats | None, heavy: float) -> Floats:
    """Weights by Anscombe residuals: 1/s² above `heavy`, the rest alike, their sum the number of weeks."""
    leverage = fit.share
    if time is not None:
        season = levels.argmax(axis=1)
        away = time - ((fit.share * time) @ levels)[:, season]
        spread = fit.mu * away * away
        leverage = leverage + spread / np.maximum(spread.sum(axis=1, keepdims=True), LEAST)
    raw = 1.5 * (past ** (2 / 3) * fit.mu ** (-1 / 6) - np.sqrt(fit.mu))
    residual = raw / np.sqrt(fit.phi[:, None] * np.maximum(1 - leverage, LEAST))
    shrunk = np.where(residual > heavy, 1 / np.maximum(residual, LEAST) ** 2, 1.0)
    answer: Floats = shrunk * (past.shape[1] / shrunk.sum(axis=1, keepdims=True))
    return answer


def _answer(seen: Floats, week: int, fitted: _Fitted, keep: NDArray[np.bool_], setting: Setting) -> Answer:
    upper = _nb_limit(fitted.mean, fitted.dispersion, setting.alpha)
    observed = seen[:, week]
    is_enough = seen[:, max(week - setting.least_weeks + 1, 0) : week + 1].sum(axis=1) >= setting.least_cases
    with np.errstate(invalid="ignore", divide="ignore"):
        score = np.where(is_enough, (observed - fitted.mean) / (upper - fitted.mean), 0.0)
    return Answer(upper, fitted.mean, fitted.dispersion, score, is_enough & (observed > upper), keep)


def _nb_limit(mean: Floats, phi: Floats, alpha: float) -> Floats:
    is_wide = phi > 1 + 1e-12
    size = np.where(is_wide, mean / np.where(is_wide, phi - 1, 1), 1.0)
    wide = stats.nbinom.ppf(1 - alpha, size, size / (size + mean))
    answer: Floats = np.where(is_wide, wide, stats.poisson.ppf(1 - alpha, mean))
    return answer
