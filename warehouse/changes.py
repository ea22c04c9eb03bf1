"""Changes of the network, read from one release within a viewer's scope, and the ground each one concerns.

A change is a site that goes on air, or an event of the network that names cells, sites, a place or a town. Its ground:
the grounds of those sites (`mart_site_complaint`) and, for sites, of those within a kilometre. Does not belong here:
what came of a change (`effects.py`).
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.grounds import Near
from warehouse.query import Filters, Reader
from warehouse.scope import col
from warehouse.viewer import Viewer

NEAR_M, SAME_DAYS = 1000.0, 7
GROUND_M = 2000.0  # as `mart_ticket_site`
NEW_SITE = "new_site"


@dataclass(frozen=True)
class Change:
    """`own`: the sites changed or named; `ground`: those whose complaints are counted; `towns`: named as a whole."""

    change_id: str
    kind: str
    title: str
    first: date
    last: date
    region_code: str
    town: str
    own: tuple[str, ...]
    ground: frozenset[str]
    towns: tuple[str, ...] = ()


def changes(reader: Reader, viewer: Viewer, as_of: date, no_fix: Collection[str]) -> list[Change]:
    """Changes of the network begun up to `as_of` and within the weeks that hold complaints, newest first.

    `no_fix`: kinds of events that were no remedy (`fix.not_by` of the workspace's hotspots).
    """
    sites = sites_of(reader, viewer)
    span = span_of(reader)
    if sites.empty or span is None:
        return []
    close = Near(sites)
    found = _openings(sites, close, span[0], as_of)
    events = _events(reader)
    remedies = events[~events["kind"].isin(list(no_fix))]
    named = _named(reader, sites, {name for scope in remedies["scope_cells"] for name in _names(scope)})
    for event in remedies.itertuples():
        made = _event(event, sites, close, named, span[0], as_of)
        if made is not None:
            found = _merged(found, made)
    return sorted(found, key=lambda c: (c.first, c.change_id), reverse=True)


def site_at(reader: Reader, viewer: Viewer, lon: float, lat: float) -> str | None:
    """The site on whose ground a place lies; None where the nearest is over 2 km away."""
    sites = sites_of(reader, viewer)
    if sites.empty:
        return None
    east = (sites["lon"].astype(float) - lon) * 111_320 * np.cos(np.radians(lat))
    away = np.hypot(east, (sites["lat"].astype(float) - lat) * 110_900)
    return str(away.idxmin()) if away.min() <= GROUND_M else None


def sites_of(reader: Reader, viewer: Viewer) -> pd.DataFrame:
    """Sites within the viewer's districts, with metres from a common corner. Positions stay in here."""
    site = sa.table("dim_site")
    shown = ("site_id", "region_code", "town", "lon", "lat")
    whole = Viewer("analyst", "L2", viewer.regions, viewer.departments)
    found = reader.run(
        sa.select(*(col(site, c) for c in shown), sa.cast(col(site, "on_air_on"), sa.TIMESTAMP).label("on_air_on"))
        .select_from(site)
        .where(col(site, "lon").is_not(None), *selects.inside(reader.levels, "dim_site", whole, Filters(), site))
        .order_by(col(site, "site_id")),
        is_long=True,
    )
    found["y"] = found["lat"].astype(float) * 110_900
    found["x"] = found["lon"].astype(float) * 111_320 * np.cos(np.radians(found["lat"].astype(float)))
    return found.set_index("site_id")


def span_of(reader: Reader) -> tuple[date, date] | None:
    put = sa.table("mart_site_complaint")
    if reader.n_rows("mart_site_complaint") == 0:
        return None
    week = col(put, "week_start")
    found = reader.run(sa.select(sa.func.min(week).label("first"), sa.func.max(week).label("last")).select_from(put))
    return found["first"].iloc[0].date(), found["last"].iloc[0].date()


def _openings(sites: pd.DataFrame, close: Near, first: date, as_of: date) -> list[Change]:
    """Sites that went on air, those of one week beside each other together."""
    x, y, day, region, town = (sites[c].to_numpy() for c in ("x", "y", "on_air_on", "region_code", "town"))
    left = np.flatnonzero((day > np.datetime64(first)) & (day <= np.datetime64(as_of)))
    left, out = left[np.argsort(day[left], kind="stable")], []  # sites come by number
    while len(left):
        at = left[0]
        is_close = (x[left] - x[at]) ** 2 + (y[left] - y[at]) ** 2 <= (2 * NEAR_M) ** 2
        is_own = is_close & (day[left] - day[at] < np.timedelta64(SAME_DAYS + 1, "D"))
        group, left = left[is_own], left[~is_own]
        own = tuple(close.named(group))
        begun, last = (pd.Timestamp(v).date() for v in (day[at], day[group].max()))
        out.append(
            Change(
                f"SITE-{own[0]}", NEW_SITE, "", begun, last, str(region[at] or ""), str(town[at] or ""), own,
                frozenset(close.within(group, NEAR_M)),
            )
        )  # fmt: skip
    return out


def _events(reader: Reader) -> pd.DataFrame:
    shown = ("change_id", "kind", "title", "started_at", "ended_at", "scope_region", "scope_cells")
    if reader.n_rows("fact_change_event") == 0:
        return pd.DataFrame(columns=list(shown))
    event = sa.table("fact_change_event")
    return reader.run(sa.select(*(col(event, c) for c in shown)).select_from(event).order_by(col(event, "change_id")))


def _names(scope: Any) -> list[str]:
    """What the scope of an event names."""
    return [n for n in re.split(r"[;,、;，\s]+", scope.strip()) if n] if isinstance(scope, str) else []


def _named(reader: Reader, sites: pd.DataFrame, names: Collection[str]) -> dict[str, list[str]]:
    """What changes name, with the sites meant: sites, cells, places."""
    if not names:
        return {}
    out = {s: [s] for s in names if s in sites.index}
    cell = sa.table("dim_cell")
    of = (col(cell, "cell_id"), col(cell, "site_id"))
    asked = of[0].in_([sa.bindparam(None, name, unique=True) for name in sorted(names)])
    cells = reader.run(sa.select(*of).select_from(cell).where(asked).distinct().order_by(*of))
    out |= {str(c): [s] for c, s in zip(cells["cell_id"], cells["site_id"], strict=True) if s in sites.index}
    if reader.n_rows("dim_place"):
        place = sa.table("dim_place")
        shown = ("place_name", "lon", "lat", "radius_m")
        for row in reader.run(sa.select(*(col(place, c) for c in shown)).select_from(place)).itertuples():
            x, y = float(row.lon) * 111_320 * np.cos(np.radians(float(row.lat))), float(row.lat) * 110_900
            away = np.hypot(sites["x"] - x, sites["y"] - y)
            out[str(row.place_name)] = list(sites.index[away <= max(float(row.radius_m or 0), NEAR_M)])
    return out


def _event(
    row: Any, sites: pd.DataFrame, close: Near, named: Mapping[str, list[str]], first: date, as_of: date
) -> Change | None:
    """An event whose scope names something of the network here; None for all others."""
    if pd.isna(row.started_at):
        return None
    day = row.started_at.date()
    if not first < day <= as_of:
        return None
    names = _names(row.scope_cells)
    towns = tuple(n for n in names if n not in named and (sites["town"] == n).any())
    own = sorted({s for n in names for s in named.get(n, [])} | set(sites.index[sites["town"].isin(towns)]))
    if not own:
        return None
    ended = day if pd.isna(row.ended_at) else max(row.ended_at.date(), day)
    lead = sites.loc[own[0]]
    ground = frozenset(own) if towns else frozenset(close.within(sites.index.get_indexer(own), NEAR_M))
    return Change(
        str(row.change_id), str(row.kind), str(row.title or ""), day, ended, str(lead["region_code"] or ""),
        str(lead["town"] or ""), tuple(own), ground, towns,
    )  # fmt: skip


def _merged(found: list[Change], event: Change) -> list[Change]:
    """An event that tells of sites going on air there that week is the same change: its number, title, their sites."""
    same = [
        c for c in found
        if c.kind == NEW_SITE and c.ground & event.ground and abs((c.first - event.first).days) <= SAME_DAYS
    ]  # fmt: skip
    if not same:
        return [*found, event]
    lead = same[0]
    own = tuple(sorted({s for c in same for s in c.own}))
    ground = frozenset().union(*(c.ground for c in same))
    one = replace(lead, change_id=event.change_id, title=event.title, own=own, ground=ground)
    return [*(c for c in found if c not in same), one]
