"""The kind of signal that joins several: from days of areas to the evidence for an incident. A pure function.

Complaints, three KPIs and answers of customers become residuals, neighbours are pooled, days added up
(detectors/joint.py). Three sorts of incident are told apart by which signals say most together; each is a rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from alerts.detectors import joint, residuals

Floats = NDArray[np.float64]
SIGNALS = ("complaints", "dropped", "slow", "weak", "answers")
PROFILES: dict[str, tuple[str, ...]] = {
    "all": SIGNALS,
    "network": ("dropped", "slow", "weak"),
    "voice": ("complaints", "answers"),
}
BACK, GAP = 56, 28  # days; the gap is as long as the longest sum, so that what is added up is not its own past
WINDOWS = (3, 5, 7, 10, 14, 21, 28)  # days; of one day, two complaints in a small town would be a surge
REACH_KM, N_NEAR, BESIDE = 6.0, 4, 0.5  # neighbours: the nearest four within 6 km, each counting half
SAYS_SOMETHING = 3.0  # standard deviations
LESS = 0.8  # of a score where a neighbour's is higher: it keeps a warning that is there, but begins none


def joined(found: pd.DataFrame, given: Mapping[str, Any]) -> pd.DataFrame:
    """The score of `given["profile"]` where that sort of incident is the likeliest, else 0; NaN where counters or
    complaints are missing.

    In: one row per area and day, as the select says. Out: one row per instant and area, with what each signal says in
    standard deviations (complaints_sd …), since how many days, complaints and how many were expected in them.
    """
    if found.empty:
        return pd.DataFrame(columns=["seen_at", "scope_id", "value", "n"])
    areas = found.drop_duplicates("scope_id").sort_values("scope_id").reset_index(drop=True)
    days = np.sort(found["day_on"].unique())
    square = _Square(found, areas["scope_id"], days)
    z = _residuals(square)
    near = neighbours(areas["lon"].to_numpy(float), areas["lat"].to_numpy(float))
    seen = joint.join(z, near, PROFILES, WINDOWS, BACK, GAP)
    wanted = list(PROFILES).index(str(given["profile"]))
    score = np.where(_sort(seen) == wanted, seen.by_profile[wanted], 0.0)
    best = np.nan_to_num(seen.score)
    beaten = np.array([best[row > 0].max(axis=0) for row in near]) > best
    score = np.maximum(np.where(beaten, LESS * score, score), 0.0)
    missing = np.isnan(seen.score) | ~_is_known(z, seen.since)
    asked = found.drop_duplicates("day_on").set_index("day_on")["seen_ats"]
    complaints = square("n_complaints")
    n, usual = _over(complaints, seen.since), _over(residuals.expected(complaints, BACK, GAP), seen.since)
    tables = []
    for d, day in enumerate(days):
        for at in asked[day] if isinstance(asked[day], list | np.ndarray) else ():
            table = areas[["scope_id", "region_code", "place_id"]].assign(
                seen_at=pd.Timestamp(at),
                value=np.round(np.where(missing[:, d], np.nan, score[:, d]), 3),
                n_days=seen.since[:, d],
                n=n[:, d],
                baseline=np.round(usual[:, d], 3),
            )
            for name, lean in zip(z, seen.leans, strict=True):
                table[f"{name}_sd"] = np.round(lean[:, d], 2)
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


def _sort(seen: joint.Evidence) -> NDArray[np.int64]:
    """The sort of incident: the likeliest, but where both customers and counters say something, everything."""
    both = (seen.by_profile[list(PROFILES).index("network")] >= SAYS_SOMETHING) & (
        seen.by_profile[list(PROFILES).index("voice")] >= SAYS_SOMETHING
    )
    return np.where(both, list(PROFILES).index("all"), seen.profile)


def neighbours(lon: Floats, lat: Floats) -> Floats:
    """Weights of pooling, (areas, areas): 1 for itself, less for the nearest few that are not far."""
    x, y = lon * 111.32 * np.cos(np.radians(np.nanmean(lat))), lat * 110.9
    km = np.hypot(x[:, None] - x[None], y[:, None] - y[None])
    np.fill_diagonal(km, np.inf)
    rank = km.argsort(axis=1, kind="stable").argsort(axis=1, kind="stable")
    answer: Floats = np.where((rank < N_NEAR) & (km <= REACH_KM), BESIDE, 0.0)
    np.fill_diagonal(answer, 1.0)
    return answer


class _Square:
    """Columns of a frame as arrays of shape (areas, days)."""

    def __init__(self, found: pd.DataFrame, scopes: pd.Series[Any], days: NDArray[Any]) -> None:
        self._found, self._shape = found, (len(scopes), len(days))
        self._at = (pd.Index(scopes).get_indexer(found["scope_id"]), pd.Index(days).get_indexer(found["day_on"]))

    def __call__(self, column: str) -> Floats:
        answer = np.full(self._shape, np.nan)
        answer[self._at] = pd.to_numeric(self._found[column]).to_numpy(float, na_value=np.nan)
        return answer


def _residuals(of: Callable[[str], Floats]) -> dict[str, Floats]:
    def level(part: str, whole: str, worse: int) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            return residuals.of_levels(of(part) / of(whole), worse, BACK, GAP)

    return {
        "complaints": residuals.of_counts(of("n_complaints"), BACK, GAP),
        "dropped": level("n_dropped", "n_releases", 1),
        "slow": level("mbit", "active_s", -1),
        "weak": level("n_weak", "n_samples", 1),
        "answers": residuals.of_rates(of("n_good"), of("n_answers"), BACK, GAP),
    }


def _is_known(z: Mapping[str, Floats], since: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Whether both sorts of signals were there in the days added up: without counters nobody can say they are fine, and
    the silence of a source clears nothing."""
    answer = np.ones(since.shape, dtype=bool)
    for sort in ("network", "voice"):
        there = np.isfinite([z[n] for n in PROFILES[sort]]).any(axis=0)
        answer &= _over(there.astype(float), since) > 0
    return answer


def _over(values: Floats, since: NDArray[np.int64]) -> Floats:
    """Per area and day, the sum of so many days up to it; what is missing counts as nothing."""
    sums = np.concatenate([np.zeros((len(values), 1)), np.cumsum(np.nan_to_num(values), axis=1)], axis=1)
    ends = np.arange(1, values.shape[1] + 1)
    answer: Floats = sums[:, 1:] - np.take_along_axis(sums, np.maximum(ends - since, 0), axis=1)
    return answer


KINDS: dict[str, Callable[[pd.DataFrame, Mapping[str, Any]], pd.DataFrame]] = {"joined": joined}
