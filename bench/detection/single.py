"""Detectors of one weekly series, ours and the naive ones, as scores: the higher, the more unusual the week.

Each gives an array of shape (series, judged weeks) and names the scores above which it alarms. Only the week itself and
those before it are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from alerts.detectors import ears, farrington
from bench.detection.published import Labelled

Floats = NDArray[np.float64]
NEVER = -np.inf
ALPHAS = (0.001, 0.005, 0.01, 0.025, 0.04, 0.05, 0.1)


@dataclass(frozen=True)
class Method:
    """A detector: its scores and the levels it is used at, each with the name it is told under."""

    name: str
    scores: Floats
    levels: tuple[tuple[str, float], ...]

    def alarms(self) -> Iterable[tuple[str, NDArray[np.bool_]]]:
        for told, level in self.levels:
            yield f"{self.name}{told}", self.scores > level


def methods(data: Labelled) -> list[Method]:
    """All of them, the simplest first."""
    fitted = [farrington.judge(data.counts, int(week)) for week in data.judged]
    expected = np.column_stack([f.expected for f in fitted])
    wide = np.column_stack([f.dispersion for f in fitted])
    enough = np.column_stack([_last_four(data.counts, int(week)) >= 5 for week in data.judged])
    return [
        Method('"+30 % on last week"', ratio(data, 1), (("", 1.3),)),
        Method('"+30 % on the same week last year"', ratio(data, 52), (("", 1.3),)),
        Method("mean + 3 sd over 52 weeks", z_of_year(data), (("", 3.0),)),
        *(_ears(data, name) for name in ("C1", "C2", "C3")),
        _by_alpha("Farrington improved", tail(counts(data), expected, wide, enough)),
        _by_alpha("the same, 3 weeks added up", tail(*lately(data, fitted, 3), enough)),
        _by_alpha(
            "true mean known", tail(counts(data), data.mean[:, data.judged], data.phi[:, None], np.ones_like(enough))
        ),
    ]


def counts(data: Labelled) -> Floats:
    """The judged weeks."""
    return data.counts[:, data.judged]


def ratio(data: Labelled, back: int) -> Floats:
    """Times the count `back` weeks before; after none at all, any count is infinitely more."""
    now, before = counts(data), data.counts[:, data.judged - back]
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(now > 0, now / before, 0.0)


def z_of_year(data: Labelled) -> Floats:
    """Standard deviations above the mean of the 52 weeks before."""
    past = np.lib.stride_tricks.sliding_window_view(data.counts, 52, axis=1)[:, data.judged - 52]
    with np.errstate(divide="ignore", invalid="ignore"):
        z: Floats = (counts(data) - past.mean(axis=2)) / past.std(axis=2, ddof=1)
    return np.nan_to_num(z, nan=NEVER)


def _ears(data: Labelled, name: ears.Method) -> Method:
    """1 - alpha of the smallest of some alpha at which the count lies above the limit, so that levels are those."""
    score = np.full(counts(data).shape, 0.0)
    for alpha in sorted(ALPHAS, reverse=True):
        limit = ears.limits(data.counts, name, alpha=alpha)[:, data.judged]
        score = np.where(counts(data) > limit, 1 - alpha + 1e-9, score)
    return Method(f"EARS {name}", score, tuple((f", α = {a:g}", 1 - a) for a in (0.001, 0.01)))


def _by_alpha(name: str, p: Floats) -> Method:
    return Method(name, -p, tuple((f", α = {a:g}", -a - 1e-12) for a in ALPHAS))


def tail(seen: Floats, mean: Floats, dispersion: Floats, enough: NDArray[np.bool_]) -> Floats:
    """The chance of a count as high or higher, negative binomial with variance `dispersion` times the mean."""
    mean = np.maximum(mean, 1e-9)
    over = np.broadcast_to(np.maximum(dispersion, 1 + 1e-9) - 1, mean.shape)
    size = mean / over
    p = np.where(over > 1e-6, stats.nbinom.sf(seen - 1, size, 1 / (1 + over)), stats.poisson.sf(seen - 1, mean))
    answer: Floats = np.where(enough, p, 1.0)
    return answer


def lately(data: Labelled, fitted: list[farrington.Answer], weeks: int) -> tuple[Floats, Floats, Floats]:
    """Counts of the last weeks together, what was expected of them, and their dispersion; of the first fewer weeks."""
    expected = np.column_stack([f.expected for f in fitted])
    wide = np.column_stack([f.dispersion for f in fitted])
    return _running(counts(data), weeks), _running(expected, weeks), wide


def _running(values: Floats, weeks: int) -> Floats:
    total = np.cumsum(values, axis=1)
    total[:, weeks:] -= np.cumsum(values, axis=1)[:, :-weeks]
    return total


def _last_four(counts_: Floats, week: int) -> Floats:
    answer: Floats = counts_[:, week - 3 : week + 1].sum(axis=1)
    return answer
