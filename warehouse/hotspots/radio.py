"""How badly a cell does, from its added-up counters: figures, the one that is worst, and a state to colour it by.

Sources of the limits: `settings.toml` (planners' thresholds). A rate of too few attempts says nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from warehouse.hotspots.settings import Limit, Settings

FIGURES: Final = ("outage", "weak", "load", "interference", "handover", "drop", "access")
OUT, BAD, POOR, FINE, SILENT = "out", "bad", "poor", "fine", "silent"
STATES: Final = (OUT, BAD, POOR, FINE, SILENT)
_DAY_S = 86_400
_COUNTED: Final = (
    "unavail_s", "n_days", "mr_weak", "mr_samples", "prb_busiest", "intf_worst_dbm", "ho_succ", "ho_att", "ho_in",
    "erab_abn_rel", "erab_succ", "erab_att", "rrc_succ", "rrc_att",
)  # fmt: skip
_Floats = NDArray[np.float64]


def figures(counted: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One column per name of `FIGURES`, as the limits name them: shares 0 to 1, interference in dBm.

    `counted` holds sums per cell as `mart_cell_week` has them, with n_days. NaN: not sent, or of too few attempts.
    """
    enough = settings.cause.attempts
    held = {name: counted[name].to_numpy(float) for name in _COUNTED}
    rrc = _share(held["rrc_succ"], held["rrc_att"], enough)
    carried = held["erab_succ"] + np.nan_to_num(held["ho_in"])
    found = {
        "outage": _share(held["unavail_s"], held["n_days"] * _DAY_S, 1),
        "weak": _share(held["mr_weak"], held["mr_samples"], settings.cause.samples),
        "load": held["prb_busiest"],
        "interference": held["intf_worst_dbm"],
        "handover": _share(held["ho_succ"], held["ho_att"], enough),
        "drop": _share(held["erab_abn_rel"], carried, enough),
        "access": rrc * _share(held["erab_succ"], held["erab_att"], enough),
    }
    return pd.DataFrame(found, index=counted.index)


def judged(counted: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The figures with `badness` (0 to 1, the worst one's), `worst` (its name, "" when none is bad) and `state`.

    out: away for longer than a week may have. bad: a figure beyond its limit. poor: half way there. silent: nothing
    was sent.
    """
    found = figures(counted, settings)
    limits: dict[str, Limit] = {name: getattr(settings.radio, name) for name in FIGURES}
    values = found.to_numpy(float)
    scores = np.column_stack([limits[name].scores(values[:, n]) for n, name in enumerate(FIGURES)])
    over = np.column_stack([limits[name].over(values[:, n]) for n, name in enumerate(FIGURES)]).any(axis=1)
    badness, worst = scores.max(axis=1), scores.argmax(axis=1)
    is_any = badness > 0
    at_limit = np.array([limits[name].badness(limits[name].limit) for name in FIGURES])
    silent = np.isnan(values).all(axis=1)
    out = values[:, FIGURES.index("outage")] >= settings.week.out
    poor = is_any & (badness >= 0.5 * at_limit[worst])
    found["badness"] = badness
    found["worst"] = pd.Categorical.from_codes(np.where(is_any, worst, len(FIGURES)), [*FIGURES, ""])
    found["state"] = pd.Categorical.from_codes(
        np.select([silent, out, over, poor], [STATES.index(s) for s in (SILENT, OUT, BAD, POOR)], STATES.index(FINE)),
        list(STATES),
    )
    return found


def beyond(found: pd.DataFrame, settings: Settings, name: str = "") -> tuple[int, int]:
    """Cells of `judged` with one figure beyond its limit, and those with that figure known; "" is any figure (bad or
    out) of all that sent something."""
    if not name:
        return int(found["state"].isin([BAD, OUT]).sum()), int((found["state"] != SILENT).sum())
    known = found[name].dropna().to_numpy(float)
    return int(getattr(settings.radio, name).over(known).sum()), len(known)


def _share(part: _Floats, whole: _Floats, least: float) -> _Floats:
    enough = whole >= max(least, 1)
    return np.divide(part, whole, out=np.full(len(whole), np.nan), where=enough)
