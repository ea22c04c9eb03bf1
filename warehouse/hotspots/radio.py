"""How badly a cell does, from its added-up counters: figures, the one that is worst, and a state to colour it by.

Sources of the limits: `settings.toml` (planners' thresholds). A rate of too few attempts says nothing.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import pandas as pd

from warehouse.hotspots.settings import Settings

FIGURES: Final = ("outage", "weak", "load", "interference", "handover", "drop", "access")
OUT, BAD, POOR, FINE, SILENT = "out", "bad", "poor", "fine", "silent"
STATES: Final = (OUT, BAD, POOR, FINE, SILENT)
_DAY_S = 86_400


def figures(counted: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """One column per name of `FIGURES`, as the limits name them: shares 0 to 1, interference in dBm.

    `counted` holds sums per cell as `mart_cell_week` has them, with n_days. NaN: not sent, or of too few attempts.
    """
    enough = settings.cause.attempts
    out = pd.DataFrame(index=counted.index)
    out["outage"] = _share(counted["unavail_s"], counted["n_days"] * _DAY_S, 1)
    out["weak"] = _share(counted["mr_weak"], counted["mr_samples"], settings.cause.samples)
    out["load"] = counted["prb_busiest"].astype(float)
    out["interference"] = counted["intf_worst_dbm"].astype(float)
    out["handover"] = _share(counted["ho_succ"], counted["ho_att"], enough)
    out["drop"] = _share(counted["erab_abn_rel"], counted["erab_succ"] + counted["ho_in"].fillna(0), enough)
    rrc = _share(counted["rrc_succ"], counted["rrc_att"], enough)
    out["access"] = rrc * _share(counted["erab_succ"], counted["erab_att"], enough)
    return out


def judged(counted: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """The figures with `badness` (0 to 1, the worst one's), `worst` (its name, "" when none is bad) and `state`.

    out: away for longer than a week may have. bad: a figure beyond its limit. poor: half way there. silent: nothing
    was sent.
    """
    found = figures(counted, settings)
    limits = {name: getattr(settings.radio, name) for name in FIGURES}
    values = {name: found[name].to_numpy(float) for name in FIGURES}
    scores = pd.DataFrame({name: limits[name].scores(v) for name, v in values.items()}, index=found.index)
    over = pd.DataFrame({name: limits[name].over(v) for name, v in values.items()}, index=found.index)
    found["badness"] = scores.max(axis=1) if len(scores) else pd.Series(dtype=float)
    found["worst"] = scores.idxmax(axis=1).where(found["badness"] > 0, "") if len(scores) else pd.Series(dtype=str)
    silent = found[list(FIGURES)].isna().all(axis=1)
    halfway = found["badness"] >= 0.5 * _at_limit(found["worst"], limits)
    conditions = [silent, found["outage"] >= settings.week.out, over.any(axis=1), (found["badness"] > 0) & halfway]
    found["state"] = np.select(conditions, [SILENT, OUT, BAD, POOR], FINE)
    return found


def beyond(found: pd.DataFrame, settings: Settings, name: str = "") -> tuple[int, int]:
    """Cells of `judged` with one figure beyond its limit, and those with that figure known; "" is any figure (bad or
    out) of all that sent something."""
    if not name:
        return int(found["state"].isin([BAD, OUT]).sum()), int((found["state"] != SILENT).sum())
    known = found[name].dropna().to_numpy(float)
    return int(getattr(settings.radio, name).over(known).sum()), len(known)


def _at_limit(worst: pd.Series, limits: dict[str, object]) -> pd.Series:
    at = {name: limit.badness(limit.limit) for name, limit in limits.items()}  # type: ignore[attr-defined]
    return worst.map(at).fillna(1.0).astype(float)


def _share(part: pd.Series, whole: pd.Series, least: float) -> pd.Series:
    base = whole.astype(float)
    return part.astype(float) / base.where(base >= max(least, 1))
