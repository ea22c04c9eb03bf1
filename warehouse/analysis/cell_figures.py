"""Figures of one cell over time from its counters, and which of them are unusual. Frames in, frames out.

Rates are formed from sums. Does not belong here: limits and badness of a cell over weeks (`hotspots/radio.py`).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

import numpy as np
import pandas as pd

NAMES: Final = ("level", "weak", "load", "interference", "handover", "drop", "access", "speed", "outage")
RATES: Final = frozenset({"weak", "load", "handover", "drop", "access", "outage"})
LOW_IS_BAD: Final = frozenset({"level", "handover", "access", "speed"})
LEAST = 5  # days of the same kind, under which nothing is usual
LASTING = 4  # rows
SPREADS = 3.0
MAD_TO_SD = 1.4826
_ATTEMPTS = 20  # a rate of fewer says nothing
# A change smaller than this is none, however even the days before were.
SMALLEST: Final = {
    "level": 1.0, "weak": 0.01, "load": 0.03, "interference": 1.0, "handover": 0.01, "drop": 0.002, "access": 0.005,
    "speed": 1.0, "outage": 0.005,
}  # fmt: skip


def figure(rows: pd.DataFrame, name: str, seconds: float) -> pd.Series:
    """One of `NAMES` per row: shares 0 to 1, level and interference in dBm, speed in Mbit/s; NaN where unknown.

    `seconds` is the length of a row's period.
    """
    asked: dict[str, Callable[[], pd.Series]] = {
        "level": lambda: _share(rows["rsrp_sum_dbm"], rows["mr_samples"]),
        "weak": lambda: _share(rows["mr_weak"], rows["mr_samples"]),
        "load": lambda: _share(rows["prb_used_dl"], rows["prb_avail_dl"], 0),
        "interference": lambda: rows["ul_intf_dbm"].astype(float),
        "handover": lambda: _share(rows["ho_succ"], rows["ho_att"]),
        "drop": lambda: _share(rows["erab_abn_rel"], rows["erab_succ"] + rows["ho_in"].fillna(0)),
        "access": lambda: _share(rows["rrc_succ"], rows["rrc_att"]) * _share(rows["erab_succ"], rows["erab_att"]),
        "speed": lambda: _share(rows["thp_num_mbit"], rows["thp_den_s"], 0),
        "outage": lambda: rows["unavail_s"].astype(float) / seconds,
    }
    return asked[name]()


def against_usual(rows: pd.DataFrame, name: str, begin: datetime) -> pd.DataFrame:
    """Rows from `begin` on with usual, low, high and is_bad; `rows` has seen_at, is_workday and value.

    usual: the median of the rows before `begin` of the same hour and class of day, if at least `LEAST`; low and high
    lie `SPREADS` robust spreads (1.4826 MAD) apart from it, `SMALLEST` at least. is_bad: beyond the bad one of the two.
    """
    hour, before = rows["seen_at"].dt.hour, rows["seen_at"] < begin
    held = rows[before & rows["value"].notna() & rows["is_workday"].notna()]
    keys = [hour[held.index].rename("hour"), held["is_workday"].astype(bool).rename("is_workday")]
    groups = held["value"].groupby(keys)
    middle = groups.median()
    spread = (held["value"] - groups.transform("median")).abs().groupby(keys).median() * MAD_TO_SD
    known = pd.DataFrame({"usual": middle, "spread": spread})[groups.count() >= LEAST].reset_index()
    # On a holiday people live as on a weekend.
    now = rows[~before].assign(hour=hour[~before])
    now = now.assign(is_workday=[bool(v) if pd.notna(v) else False for v in now["is_workday"]])
    out = now.merge(known, on=["hour", "is_workday"], how="left").drop(columns="hour")
    reach = (SPREADS * out["spread"]).clip(lower=SMALLEST[name])
    out["low"], out["high"] = out["usual"] - reach, out["usual"] + reach
    if name in RATES:
        out["low"], out["high"] = out["low"].clip(lower=0), out["high"].clip(upper=1)
    beyond = out["value"] < out["low"] if name in LOW_IS_BAD else out["value"] > out["high"]
    out["is_bad"] = beyond & out["usual"].notna()
    return out.drop(columns="spread")


def bad_since(rows: pd.DataFrame) -> datetime | None:
    """Since when it has been bad without a pause: the first of the last rows of which four in five are bad.

    `rows` has seen_at and is_bad, oldest first. None where that are fewer than `LASTING` rows, or the newest but one
    and the newest are fine.
    """
    known = rows[rows["value"].notna()]
    bad = known["is_bad"].to_numpy(dtype=float)
    if not len(bad) or not bad[-2:].any():
        return None
    share = bad[::-1].cumsum() / np.arange(1, len(bad) + 1)
    held = np.flatnonzero((share >= 0.8) & (bad[::-1] > 0))
    if not len(held) or held[-1] + 1 < LASTING:
        return None
    at: datetime = known["seen_at"].iloc[len(bad) - 1 - held[-1]].to_pydatetime()
    return at


def _share(part: pd.Series, whole: pd.Series, least: float = _ATTEMPTS) -> pd.Series:
    base = whole.astype(float)
    return part.astype(float) / base.where((base >= least) & (base > 0))
