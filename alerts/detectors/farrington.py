"""Farrington improved: limits for weekly counts with years of history, for many series at once.

Does not belong here: short histories (ears.py), the choice of a detector (signals).
Source: Noufaily et al. 2013; R package surveillance, `farringtonFlexible` with b, w, ten-level season, 26 recent weeks
left out, residuals above 2.58 weighted down, quantile of the negative binomial.

For one week the design is the same for every series, so the weighted normal equations of all series are one matrix
product: 2,000 series cost little more than one.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, timedelta

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Floats = NDArray[np.float64]
LEAST_YEARS = 3  # of history, for a trend
STEPS = 25
RIDGE = 1e-13
HIGHEST = 30.0  # of the logarithm of a mean; beyond lies a fit that ran away
CLOSE = 1e-8  # relative change of the deviance at which the fit has settled, as in R
BLOCK = 500  # series fitted at a time: their arrays then stay in the processor's cache, which halves the time


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
    past = seen[:, weeks]
    level = season_columns(season, setting)
    now_level = season_columns(np.array([0]), setting)
    if not setting.trend:
        return _answer(seen, week, _model(past, level, now_level, setting), np.zeros(len(seen), dtype=bool), setting)
    # Centred time gives the same fit and keeps the equations well conditioned.
    centre, width = float(weeks.mean()), max(float(np.ptp(weeks)), 1.0)
    time, now_time = (weeks - centre) / width, (week - centre) / width
    fitted = _model(past, np.column_stack([level, time]), np.column_stack([now_level, [now_time]]), setting)
    # A trend that leads beyond everything seen so far is not followed.
    keep = (fitted.mean <= past.max(axis=1)) & (setting.years >= LEAST_YEARS)
    lost = ~keep
    if lost.any():
        plain = _model(past[lost], level, now_level, setting)
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


def season_columns(season: NDArray[np.int64], setting: Setting) -> Floats:
    """An intercept and a column per season level but the first."""
    columns = [np.ones(len(season))]
    columns += [(season == s).astype(float) for s in range(1, setting.n_seasons)]
    return np.column_stack(columns)


@dataclass(frozen=True)
class _Fitted:
    """Mean and dispersion, of shape (series,)."""

    mean: Floats
    dispersion: Floats


def _model(past: Floats, x: Floats, now: Floats, setting: Setting) -> _Fitted:
    """Quasi-Poisson fit, weighted down where the past was itself unusual, and its prediction at `now`."""
    _, mu, phi, gram = _fit(past, x, np.ones_like(past))
    weights = _reweighted(past, mu, phi, x, gram, setting.heavy)
    beta, _, phi, _ = _fit(past, x, weights)
    return _Fitted(np.exp(np.clip(beta @ now[0], -HIGHEST, HIGHEST)), phi)


def _fit(past: Floats, x: Floats, weights: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Iteratively reweighted least squares for every series: coefficients, fitted means, dispersion, X'WX.

    Series that have settled are left out of further steps.
    """
    n_series, p = len(past), x.shape[1]
    products = _products(x)
    beta, mu, gram = np.zeros((n_series, p)), np.empty_like(past), np.zeros((n_series, p, p))
    moving, deviance = np.arange(n_series), np.full(n_series, np.inf)
    y, w, m = past, weights, past + 0.1
    line = np.log(m)  # the fitted logarithm of the mean
    for step in range(STEPS):
        working = w * m
        equations = (working @ products).reshape(-1, p, p)
        moment = (working * (line + (y - m) / m)) @ x
        found = np.linalg.solve(_firm(equations), moment[:, :, None])[:, :, 0]
        line = np.clip(found @ x.T, -HIGHEST, HIGHEST)
        m = np.exp(line)
        before, deviance = deviance, _deviance(y, m, w)
        settled = np.abs(deviance - before) <= CLOSE * (np.abs(deviance) + 0.1)
        if step == STEPS - 1:
            settled[:] = True
        if settled.any():
            done = moving[settled]
            beta[done], mu[done], gram[done] = found[settled], m[settled], equations[settled]
            rest = ~settled
            moving, deviance = moving[rest], deviance[rest]
            y, w, m, line = y[rest], w[rest], m[rest], line[rest]
        if not len(moving):
            break
    freedom = np.maximum((weights > 0).sum(axis=1) - p, 1)
    phi = np.maximum((weights * (past - mu) ** 2 / mu).sum(axis=1) / freedom, 1.0)
    return beta, mu, phi, gram


def _products(x: Floats) -> Floats:
    """The outer product of every row with itself, flat."""
    answer: Floats = (x[:, :, None] * x[:, None, :]).reshape(len(x), -1)
    return answer


def _firm(gram: Floats) -> Floats:
    """Equations that can be solved also where a level of the season never saw a case."""
    size = np.trace(gram, axis1=1, axis2=2)[:, None, None]
    answer: Floats = gram + RIDGE * np.maximum(size, 1e-6) * np.eye(gram.shape[1])
    return answer


def _deviance(past: Floats, mu: Floats, weights: Floats) -> Floats:
    ratio = np.where(past > 0, past / mu, 1.0)
    answer: Floats = 2 * (weights * (past * np.log(ratio) - (past - mu))).sum(axis=1)
    return answer


def _reweighted(past: Floats, mu: Floats, phi: Floats, x: Floats, gram: Floats, heavy: float) -> Floats:
    """Weights by Anscombe residuals: 1/s² above `heavy`, the rest alike, their sum the number of weeks."""
    inverse = np.linalg.inv(_firm(gram)).reshape(len(past), -1)
    # Contiguous: of a transposed view a small product may wait for threads a hundred times as long as it takes.
    leverage = mu * (inverse @ np.ascontiguousarray(_products(x).T))
    raw = 1.5 * (past ** (2 / 3) * mu ** (-1 / 6) - np.sqrt(mu))
    residual = raw / np.sqrt(phi[:, None] * np.maximum(1 - leverage, 1e-12))
    shrunk = np.where(residual > heavy, 1 / np.maximum(residual, 1e-12) ** 2, 1.0)
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
