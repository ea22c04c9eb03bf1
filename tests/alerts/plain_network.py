"""The network rules a second time, plain and slow: cell by cell and hour by hour, nothing of the engine used.

Frames are those of a release: hours (fact_cell_kpi_1h), days (fact_cell_kpi_1d), cells (dim_cell), places (dim_place),
tickets (fact_ticket), calendar (dim_date), sites (dim_site), alarms (fact_alarm).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import cos, hypot, radians

import numpy as np
import pandas as pd

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
Told = dict[str, float]  # what it is about -> how bad; NaN: nothing was heard for long
Rows = list[tuple[datetime, float, float]]  # the end of an hour, what it rests on, how bad it was


@dataclass(frozen=True)
class Asked:
    """What a rule asks of hours: so many of the last so many, on so much, and from where on it looks at all."""

    hours: int
    of_hours: int
    cell_n: float
    area_n: float
    floor: float
    stale_hours: int


def areas(cells: pd.DataFrame, places: pd.DataFrame) -> dict[str, str]:
    """The place a cell serves, the nearest whose edge is 700 m away at most, or else its district."""
    found = {}
    for c in cells.sort_values("valid_from").itertuples():
        near = []
        for p in places.itertuples():
            away = hypot((c.lon - p.lon) * 111320 * cos(radians(p.lat)), (c.lat - p.lat) * 110900) - p.radius_m
            if away <= 700:
                near.append((away, p.place_id))
        found[c.cell_id] = f"place:{min(near)[1]}" if near else f"district:{c.region_code}"
    return found


def complaining(tickets: pd.DataFrame, at: datetime, days: int) -> dict[str, set[str]]:
    """The customers who complained about each cell's network in some days."""
    some = tickets[(tickets["accepted_at"] < at) & (tickets["accepted_at"] >= at - days * DAY)]
    return {str(cell): set(t["cust_key"]) for cell, t in some.groupby("serving_cell_id")}


def usual(hours: pd.DataFrame, calendar: pd.DataFrame, week: pd.Timestamp, ratio: pd.Series) -> pd.DataFrame:
    """Of each cell, hour of the day and class of day: the median of the eight weeks before a week, and the spread."""
    days = calendar[(calendar["date_on"] >= week - 56 * DAY) & (calendar["date_on"] < week)]
    days = days[~(days["is_holiday"] & ~days["is_workday"])].set_index("date_on")["is_workday"]
    on = hours["period_start"].dt.normalize()
    known = on.isin(days.index) & ratio.notna()
    some = pd.DataFrame(
        {
            "cell_id": hours["cell_id"],
            "hour_no": hours["period_start"].dt.hour,
            "is_workday": on.map(days),
            "ratio": ratio,
        }
    )[known]

    def middle(values: pd.Series) -> tuple[float, float]:
        v = values.to_numpy()
        mid = float(np.median(v))
        spread = float(np.median(np.abs(v - mid))) * 1.4826
        return (float(np.median(v[np.abs(v - mid) <= 4 * spread])) if len(v) >= 5 else float("nan")), spread

    found = some.groupby(["cell_id", "hour_no", "is_workday"])["ratio"].apply(middle)
    return pd.DataFrame(found.tolist(), index=found.index, columns=["usual", "spread"])


def compared(hours: pd.DataFrame, calendar: pd.DataFrame, ratio: pd.Series, since: datetime) -> pd.DataFrame:
    """Each hour from a day on: the ratio, what is usual in its week, and the usual spread."""
    is_workday = calendar.set_index("date_on")["is_workday"]
    late = hours["period_start"] >= since
    here = hours[late].assign(
        ratio=ratio[late],
        hour_no=hours["period_start"].dt.hour,
        is_workday=hours["period_start"].dt.normalize().map(is_workday),
        week=(hours["period_start"].dt.normalize() - pd.to_timedelta(hours["period_start"].dt.day_of_week, unit="D")),
    )
    keys = ["cell_id", "hour_no", "is_workday"]
    parts = [
        part.merge(usual(hours, calendar, week, ratio), left_on=keys, right_index=True, how="inner")
        for week, part in here.groupby("week")
    ]
    return pd.concat(parts)


def _ratio(above: pd.Series, below: pd.Series) -> pd.Series:
    return above / below.where(below > 0)


def signal(hours: pd.DataFrame, calendar: pd.DataFrame, since: datetime) -> pd.DataFrame:
    """RN01: dB of the mean under the usual, three spreads at least; 5 points of coverage are as bad as 3 dB."""
    n = hours["mr_samples"]
    level = compared(hours, calendar, _ratio(hours["rsrp_sum_dbm"], n), since)
    cover = compared(hours, calendar, 1 - _ratio(hours["mr_weak"], n), since)
    both = level.join(cover[["ratio", "usual", "spread"]].add_suffix("_of_cover"))
    both = both[both["mr_samples"] > 0]
    lost, uncovered = both["usual"] - both["ratio"], both["usual_of_cover"] - both["ratio_of_cover"]
    bad = np.fmax(
        lost.where(lost >= 3 * both["spread"], 0.0), (uncovered * 60).where(uncovered >= 3 * both["spread_of_cover"], 0)
    )
    return _rows(both, both["mr_samples"], bad)


def speed(hours: pd.DataFrame, calendar: pd.DataFrame, since: datetime, is_nr: dict[str, bool]) -> pd.DataFrame:
    """RN03: between 8 and 23 h, how far the speed lies under the usual, three spreads at least; a speed under 5 (4G) or
    50 (5G) Mbit/s is a fall of 30 % at least."""
    here = compared(hours, calendar, _ratio(hours["thp_num_mbit"], hours["thp_den_s"]), since)
    here = here[(here["thp_den_s"] > 0) & here["hour_no"].between(8, 22)]
    limit = here["cell_id"].map(is_nr).map({True: 50.0, False: 5.0})
    is_bad = (here["usual"] - here["ratio"] >= 3 * here["spread"]) | (here["ratio"] < limit)
    fall = 1 - here["ratio"] / np.fmax(here["usual"], limit / 0.7)
    return _rows(here, here["thp_den_s"], fall.where(is_bad, 0.0))


def dropped(hours: pd.DataFrame) -> pd.DataFrame:
    """RN05: the share of releases that were abnormal."""
    n = hours["erab_abn_rel"] + hours["erab_norm_rel"]
    return _rows(hours, n, _ratio(hours["erab_abn_rel"], n))


def refused(hours: pd.DataFrame) -> pd.DataFrame:
    """RN06: the share of attempts to connect that failed; of 100 handovers or more a failed one counts half."""
    access = _ratio(hours["rrc_succ"], hours["rrc_att"]) * _ratio(hours["erab_succ"], hours["erab_att"])
    lost = (1 - _ratio(hours["ho_succ"], hours["ho_att"])).where(hours["ho_att"] >= 100) / 2
    return _rows(hours, hours["rrc_att"], np.fmax(1 - access, lost))


def interference(hours: pd.DataFrame) -> pd.DataFrame:
    """RN08: dBm."""
    return _rows(hours, pd.Series(1, index=hours.index), hours["ul_intf_dbm"])


def _rows(hours: pd.DataFrame, n: pd.Series, bad: pd.Series) -> pd.DataFrame:
    found = pd.DataFrame({"cell_id": hours["cell_id"], "end": hours["period_start"] + HOUR, "n": n, "bad": bad})
    return found[found["bad"].notna() & (found["n"] > 0)].sort_values("end")


def by_area(
    rows: pd.DataFrame, area_of: dict[str, str], tickets: pd.DataFrame, asked: Asked, times: list[datetime]
) -> dict[datetime, Told]:
    """How bad each area is: as its worst cell, or all its cells together. A cell that three customers complained about
    in a week is told by itself, and for another week as not bad."""
    rows = rows.assign(area=rows["cell_id"].map(area_of), times_n=rows["bad"] * rows["n"])
    together = rows.groupby(["area", "end"])[["n", "times_n"]].sum().reset_index()
    together["bad"] = together["times_n"] / together["n"]

    def listed(some: pd.DataFrame) -> Rows:
        return list(zip(some["end"].dt.to_pydatetime(), some["n"], some["bad"], strict=True))

    of_cell = {str(c): listed(r) for c, r in rows.groupby("cell_id")}
    of_area = {str(a): listed(r) for a, r in together.groupby("area")}
    found = {}
    for at in times:
        week, longer = complaining(tickets, at, 7), complaining(tickets, at, 14)
        own = {c for c, who in week.items() if len(who) >= 3 and c in of_cell}
        told: Told = {}
        for area, ends in of_area.items():
            last = max((end for end, _, _ in ends if at - DAY < end <= at), default=None)
            if last is None:
                continue
            cells = [r for c, r in of_cell.items() if area_of[c] == area and c not in own]
            bad = [_lasting(ends, asked.area_n, asked, at), *(_lasting(r, asked.cell_n, asked, at) for r in cells)]
            told[area] = max(bad) if at - last < asked.stale_hours * HOUR else float("nan")
        for cell, who in longer.items():
            reported = [end for end, n, _ in of_cell.get(cell, []) if n >= asked.cell_n]
            if len(who) < 3 or not reported:
                continue
            last = max((end for end in reported if at - DAY < end <= at), default=None)
            is_old = last is None or at - last >= asked.stale_hours * HOUR
            of_own = float("nan") if is_old else _lasting(of_cell[cell], asked.cell_n, asked, at)
            told[f"cell:{cell}"] = of_own if cell in own else asked.floor
        found[at] = told
    return found


def _lasting(rows: Rows, least: float, asked: Asked, at: datetime) -> float:
    """What so many of the last hours reached: those that end with the newest one of a day that rests on enough."""
    enough = [(end, bad) for end, n, bad in rows if n >= least and at - DAY < end <= at]
    if not enough:
        return asked.floor
    last = max(end for end, _ in enough)
    before = [(e, b) for e, n, b in rows if n >= least and last - asked.hours * HOUR < e <= last]
    bad = sorted((b for _, b in before if b >= asked.floor), reverse=True)
    return max(bad[asked.of_hours - 1], asked.floor) if len(bad) >= asked.of_hours else asked.floor


def weak(
    days: pd.DataFrame, area_of: dict[str, str], tickets: pd.DataFrame, at: datetime
) -> dict[str, tuple[float, int]]:
    """RN02: the coverage under which the third weakest cell (or of many the twentieth part) stayed on three days in a
    row, a dB under -105 like a point under 90 %; and how many customers complained about weak cells in 30 days."""
    today = pd.Timestamp(at).normalize()
    lows: dict[str, list[tuple[float, str]]] = {}
    for cell, some in days[(days["mr_samples"] >= 1000) & (days["period_on"] < today)].groupby("cell_id"):
        three = some.sort_values("period_on").tail(3)
        first, last = three["period_on"].iloc[0], three["period_on"].iloc[-1]
        if len(three) < 3 or last < today - 3 * DAY or first < last - 6 * DAY or str(cell) not in area_of:
            continue
        covered = 1 - three["mr_weak"] / three["mr_samples"]
        as_level = 0.90 + (three["rsrp_sum_dbm"] / three["mr_samples"] + 105) / 100
        lows.setdefault(area_of[str(cell)], []).append((float(np.fmin(covered, as_level).max()), str(cell)))
    who = complaining(tickets, at, 30)
    found = {}
    for area, cells in lows.items():
        number = min(max(3, int(np.ceil(0.05 * len(cells)))), len(cells))
        customers = set().union(*(who.get(c, set()) for low, c in cells if low < 0.90))
        found[area] = (sorted(cells)[number - 1][0], len(customers))
    return found


def busy(hours: pd.DataFrame, area_of: dict[str, str], at: datetime) -> Told:
    """RN04: what the third busiest cell used of its blocks, up or down, in its busiest hour, on the third busiest of
    seven days."""
    today = pd.Timestamp(at).normalize()
    some = hours[(hours["period_start"] >= today - 7 * DAY) & (hours["period_start"] < today)]
    used = np.fmax(
        _ratio(some["prb_used_dl"], some["prb_avail_dl"]).fillna(0),
        _ratio(some["prb_used_ul"], some["prb_avail_ul"]).fillna(0),
    )
    daily = used.groupby([some["cell_id"], some["period_start"].dt.normalize()]).max()
    third: dict[str, list[float]] = {}
    for cell, of_days in daily.groupby(level=0):
        if len(of_days) >= 3 and str(cell) in area_of:
            third.setdefault(area_of[str(cell)], []).append(sorted(of_days, reverse=True)[2])
    return {area: sorted(cells, reverse=True)[min(3, len(cells)) - 1] for area, cells in third.items()}


def outages(
    alarms: pd.DataFrame, hours: pd.DataFrame, cells: pd.DataFrame, sites: pd.DataFrame, at: datetime
) -> dict[str, float]:
    """RN07: sites with an alarm of outage that stands, or a cell of which was away for half of its newest hour; and of
    each how many are out among it and its six nearest."""
    is_outage = alarms["alarm_name"].str.contains("退服|断站|脱管|out of service", case=False)
    stands = (alarms["started_at"] <= at) & ~(alarms["ended_at"] <= at)
    out = set(alarms.loc[is_outage & stands, "site_id"].dropna())
    ends = hours["period_start"] + HOUR
    newest = hours[(ends <= at) & (ends > at - DAY)].sort_values("period_start").groupby("cell_id").tail(1)
    site_of = dict(zip(cells["cell_id"], cells["site_id"], strict=True))
    out |= {site_of[c] for c in newest.loc[newest["unavail_s"] >= 1800, "cell_id"] if c in site_of}
    where = {s.site_id: s for s in sites[sites["lon"].notna()].itertuples()}

    def away(a: str) -> Callable[[str], float]:
        s = where[a]
        return lambda b: ((where[b].lon - s.lon) * cos(radians(s.lat))) ** 2 + (where[b].lat - s.lat) ** 2

    found = {}
    for site in out:
        there = [s for s in where if pd.isna(where[s].off_air_on) or s == site]
        found[site] = float(len(out & set(sorted(there, key=away(site))[:7]))) if site in where else 1.0
    return found
