"""规划需求: may money be asked for this place, what for, and what would it bring? The gate before a site is proposed.

Pure: the course of a hotspot, the verdicts on its causes and the planners' work list in; a `Need` out. Sources of the
rules: design brief (Budget); of costs and shares: `hotspots/settings.toml`, which a workspace changes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal

import numpy as np
import pandas as pd

from warehouse.analysis.intervals import poisson_interval
from warehouse.hotspots.settings import NeedRules, Settings

Grade = Literal["enough", "fair", "thin"]
CHEAPER: Final = ("parameter", "antenna", "capacity")
STANDS: Final = ("open", "tried", "excluded")
PIPELINE: Final = ("none", "reported", "planned", "approved", "building", "on_air")
GATES: Final = ("periods", "alarm", "cheaper", "pipeline", "proof")
_DAYS = 30
# Cause -> what is done about it, the cheapest first.
REMEDIES: Final[Mapping[str, tuple[str, ...]]] = {
    "outage": ("alarm",),
    "works": ("alarm",),
    "weak_coverage": ("antenna", "parameter", "micro", "indoor", "macro"),
    "congestion": ("parameter", "capacity", "micro", "macro"),
    "interference": ("antenna", "parameter"),
    "handover": ("parameter",),
}
SITES: Final = ("micro", "indoor", "macro")
TEMPORARY: Final = "temporary"
# States of the pipeline in which a place waits for what is certain to come.
AWAITED: Final = ("approved", "building")
NOBODY: Final = frozenset({"none", "reported"})


@dataclass(frozen=True)
class Around:
    """What there is near a place at the moment asked about: alarms without an end at sites of its candidate cells,
    and sites that the engineering parameters name but that are not on air yet."""

    n_alarms: int = 0
    n_sites_to_come: int = 0


NOTHING: Final = Around()


@dataclass(frozen=True)
class Need:
    """`open_gates`: conditions not met. `action` is a remedy, "test" where evidence is thin, or "none" for no cause of
    the network. avoided: complaining customers over the months of the settings; per_10k: the same per 10,000 yuan."""

    hotspot_id: str
    open_gates: tuple[str, ...]
    grade: Grade
    action: str
    customers: int
    avoided: float
    avoided_low: float
    avoided_high: float
    yuan_10k: float
    per_10k: float | None
    is_site: bool

    @property
    def may_be_proposed(self) -> bool:
        """A site is asked for only when every gate is passed."""
        return self.is_site and not self.open_gates


def periods(course: pd.DataFrame, upto: date, alpha: float, least: int) -> int:
    """Windows of 30 days without a common day, up to a week, in which the place was beyond expectation.

    `course`: week_start, p_value, n_customers. Counted from the newest backwards.
    """
    ends = []
    for week, p, n in zip(course["week_start"], course["p_value"], course["n_customers"], strict=True):
        end = pd.Timestamp(week).date() + timedelta(7)
        is_beyond = (not pd.isna(p) and p < alpha) or n >= least
        if is_beyond and end <= upto + timedelta(7):
            ends.append(end)
    n, before = 0, date.max
    for end in sorted(ends, reverse=True):
        if before is date.max or (before - end).days >= _DAYS:
            n, before = n + 1, end
    return n


def assess(
    spot: Any,
    course: pd.DataFrame,
    causes: pd.DataFrame,
    work: Mapping[str, str],
    settings: Settings,
    around: Around = NOTHING,
) -> Need:
    """`spot`: a row of `mart_hotspot`; `causes`: its rows of `mart_hotspot_cause`; `work`: field -> value, newest."""
    rules = settings.need
    wanted = [r for r in REMEDIES.get(spot.cause, ()) if r in rules.remedies]
    cheaper_open = [r for r in wanted if r in CHEAPER and work.get(r, "open") == "open"]
    sites = [r for r in wanted if r in SITES]
    proven = _proven(causes)
    n_periods = periods(course, pd.Timestamp(spot.week_start).date(), settings.gate.alpha, settings.gate.count)
    found = {
        "periods": n_periods < rules.periods,
        "alarm": around.n_alarms > 0,
        "cheaper": bool(sites) and bool(cheaper_open),
        "pipeline": around.n_sites_to_come > 0 or work.get("pipeline", "none") not in NOBODY,
        "proof": not proven,
    }
    open_gates = tuple(g for g in GATES if found[g])
    grade: Grade = (
        "enough"
        if proven and n_periods >= rules.periods
        else "fair"
        if proven or n_periods >= rules.periods
        else "thin"
    )
    action = _action(spot, wanted, cheaper_open, sites, work, grade)
    is_awaited = around.n_sites_to_come > 0 or work.get("pipeline", "none") in AWAITED
    if action in SITES and is_awaited and TEMPORARY in rules.remedies:
        action = TEMPORARY
    remedy = rules.remedies.get(action)
    months = min(rules.months, remedy.months or rules.months) if remedy else rules.months
    avoided, low, high = _avoided(spot, remedy.share if remedy else (0.0, 0.0), months)
    cost = remedy.yuan_10k if remedy else 0.0
    return Need(
        str(spot.hotspot_id),
        open_gates,
        grade,
        action,
        int(spot.n_customers),
        avoided,
        low,
        high,
        cost,
        avoided / cost if cost else None,
        action in SITES,
    )


def _action(
    spot: Any,
    wanted: Sequence[str],
    cheaper: Sequence[str],
    sites: Sequence[str],
    work: Mapping[str, str],
    grade: Grade,
) -> str:
    """The cheapest thing not yet tried; a site only after it; a field test where evidence is thin.

    Where a site is certain to come anyway, `assess` puts something temporary in the place of one more.
    """
    if not wanted:
        return "test" if spot.cause == "undetermined" else "none"
    if "alarm" in wanted:
        return "alarm"
    if grade == "thin":
        return "test"
    if cheaper:
        return cheaper[0]
    chosen = work.get("site")
    if chosen in sites:
        return str(chosen)
    return (sites[-1] if bool(spot.is_urban) is False else sites[0]) if sites else "test"


def _proven(causes: pd.DataFrame) -> bool:
    """A field test that shows it, or the probe's demarcation of tickets that names radio."""
    if causes.empty:
        return False
    tested = causes[(causes["figure"] == "onsite") & (causes["verdict"] == "hit")]
    probed = causes[(causes["figure"] == "demarcation") & (causes["n"].fillna(0) > 0)]
    radio = probed["example"].astype(str).isin(["COVERAGE", "CONGESTION", "INTERFERENCE"])
    return bool(len(tested)) or bool(radio.any())


def _avoided(spot: Any, share: tuple[float, float], months: int) -> tuple[float, float, float]:
    """Customers beyond expectation, times the share removed, over the months: middle, and the widest both ends give."""
    expected = 0.0 if pd.isna(spot.expected) else float(spot.expected)
    low, high = poisson_interval(int(spot.n_customers))
    scale = months * 30.4 / float(spot.window_days)
    middle = max(0.0, float(spot.n_customers) - expected) * float(np.mean(share))
    return (
        middle * scale,
        max(0.0, float(low) - expected) * share[0] * scale,
        max(0.0, float(high) - expected) * share[1] * scale,
    )


def to_come(spot: Any, masts: pd.DataFrame, rules: NeedRules) -> int:
    """How many of `masts` (lon, lat: sites that are not on air yet) will cover a place."""
    if masts.empty or pd.isna(spot.lon):
        return 0
    east = (masts["lon"] - float(spot.lon)) * 111_320 * float(np.cos(np.radians(float(spot.lat))))
    north = (masts["lat"] - float(spot.lat)) * 110_900
    return int((np.hypot(east, north) <= (rules.covers_urban_m if spot.is_urban else rules.covers_rural_m)).sum())


def search_area(lon: float, lat: float, radius_m: float, grid_m: int) -> tuple[float, float, float]:
    """A circle to look for a place in: its middle on a coarse grid, its radius large enough to hold the hotspot."""
    step_y = grid_m / 110_900
    north = round(lat / step_y) * step_y
    step_x = grid_m / (111_320 * float(np.cos(np.radians(north))))
    return round(lon / step_x) * step_x, north, float(max(radius_m, grid_m / 2) + grid_m * 0.75)
