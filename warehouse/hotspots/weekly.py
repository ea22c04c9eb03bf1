"""Hotspots of every week in turn: cluster, compare with what was to be expected, name, say how each fares.

A snapshot speaks of the 30 days before the end of its week, and of the last 7 for what has just broken out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from warehouse.hotspots import identity
from warehouse.hotspots.city import City
from warehouse.hotspots.clusters import NOISE, Reach, label, stand_ins
from warehouse.hotspots.expect import tail
from warehouse.hotspots.history import DAYS
from warehouse.hotspots.identity import Seen, Track
from warehouse.hotspots.settings import Gate, Zone

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
EXCESS, VOLUME, KEPT = "excess", "volume", "kept"


@dataclass(frozen=True)
class Found:
    """A hotspot in one week. `rows` are its tickets in the window, `grids` packed squares, x and y metres.

    `n_week`: customers of the week itself. p_value and expected are of the window. `gate`: why it is one.
    """

    week: int
    is_urban: bool
    window_days: int
    rows: Ints
    grids: frozenset[int]
    x: float
    y: float
    radius_m: float
    n_customers: int
    n_tickets: int
    n_week: int
    expected: float
    p_value: float
    gate: str
    region: str
    hotspot_id: str = ""
    state: str = identity.NEW
    first_week: int = 0
    related_id: str | None = None


def run(city: City, weeks: Sequence[int], seen: Sequence[Seen]) -> list[Found]:
    """Everything found in these weeks, ascending; a hotspot that is gone has one row more, in its first week without.

    `seen` is what was published before: it decides names and nothing else.
    """
    tracks: dict[str, Track] = {}
    out: list[Found] = []
    rule = city.settings.identity
    for week in weeks:
        alive = [t for t in tracks.values() if t.is_alive]
        found = [f for f in _of_week(city, week) if f.gate != KEPT or any(identity.likeness(f, t, rule) for t in alive)]
        names = identity.named(found, week, city.monday(week), list(tracks.values()), seen, rule)
        told = []
        for name, spot in zip(names, found, strict=True):
            # What would not have begun may go on, but only as what it was.
            if spot.gate != KEPT or name in {t.hotspot_id for t in alive}:
                told.append(_follow(city, tracks, name, spot))
        for track in [t for t in tracks.values() if t.is_alive and t.last_week < week]:
            track.is_alive = False
            told.append(_gone(city, track, week, told))
        out += sorted(told, key=lambda f: f.hotspot_id)
    return out


def _follow(city: City, tracks: dict[str, Track], name: str, spot: Found) -> Found:
    """Put a found hotspot on its track."""
    track = tracks.get(name)
    state = identity.state_of(track, spot.n_week, bool(track and track.is_alive), city.settings.state)
    if track is None:
        track = tracks[name] = Track(name, spot.is_urban, spot.grids, spot.x, spot.y, spot.week, spot.week)
    if not track.is_alive:
        track.first_week, track.counts, track.is_alive = spot.week, [], True
    track.grids, track.x, track.y, track.is_urban = spot.grids, spot.x, spot.y, spot.is_urban
    track.last_week = spot.week
    track.counts.append(spot.n_week)
    others = [t for t in tracks.values() if t is not track and t.is_alive and t.is_urban == spot.is_urban]
    split = next((t.hotspot_id for t in others if state == identity.NEW and t.grids & spot.grids), None)
    return replace(spot, hotspot_id=name, state=state, first_week=track.first_week, related_id=split)


def _gone(city: City, track: Track, week: int, told: Sequence[Found]) -> Found:
    """What is left where a hotspot was."""
    window = city.settings.select.window_days
    end = city.monday(week + 1)
    part = city.between(end, window)
    inside = np.isin(city.grid[part], list(track.grids)) & (city.is_urban[part] == track.is_urban)
    rows = np.flatnonzero(inside) + part.start
    expected = _expected(city, track.is_urban, city.around(track.is_urban, np.array(sorted(track.grids))), week, window)
    into = next((f.hotspot_id for f in told if f.is_urban == track.is_urban and f.grids & track.grids), None)
    n = len(np.unique(city.customer[rows]))
    zone = city.settings.zone(track.is_urban)
    region = city.known["region"].iloc[0] if not len(rows) else _commonest(city.region[rows])
    return Found(
        week, track.is_urban, window, rows, track.grids, track.x, track.y, float(zone.grid_m), n,
        _n_tickets(city, rows), _n_week(city, rows, week), expected, float(tail(n, expected)) if n else 1.0, "",
        region, track.hotspot_id, identity.GONE, track.first_week, into,
    )  # fmt: skip


def _of_week(city: City, week: int) -> list[Found]:
    """The hotspots at the end of one week, in town and in the country."""
    chosen = city.settings.select
    out: list[Found] = []
    for is_urban in (True, False):
        lasting = _clusters(city, week, is_urban, chosen.window_days)
        covered = frozenset[int]().union(*(f.grids for f in lasting))
        recent = _clusters(city, week, is_urban, chosen.emergent_days)
        outbreaks = [f for f in recent if f.gate != KEPT and not f.grids & covered]
        for spot in [*lasting, *outbreaks]:
            if spot.gate == EXCESS:
                first = week - -(-spot.window_days // DAYS) + 1
                city.history[is_urban].heat(np.array(sorted(spot.grids)), first, week)
            out.append(spot)
    return out


def _clusters(city: City, week: int, is_urban: bool, days: int) -> list[Found]:
    zone = city.settings.zone(is_urban)
    part = city.between(city.monday(week + 1), days)
    rows = np.flatnonzero(city.is_urban[part] == is_urban) + part.start
    if len(rows) < zone.least:
        return []
    leader = stand_ins(city.customer[rows], city.x[rows], city.y[rows], zone.eps_m)
    labels = label(city.cell[rows], leader, city.lattice[is_urban], Reach(zone.eps_m, zone.least))
    inside = np.flatnonzero(labels != NOISE)
    if not len(inside):
        return []
    order = inside[np.argsort(labels[inside], kind="stable")]
    cuts = np.flatnonzero(np.diff(labels[order])) + 1
    out = []
    for members in np.split(order, cuts):
        spot = _judged(city, week, is_urban, days, zone, rows[members])
        if spot is not None:
            out.append(spot)
    return out


def _judged(city: City, week: int, is_urban: bool, days: int, zone: Zone, rows: Ints) -> Found | None:
    """A cluster against what was to be expected there; None when it is neither odd nor large."""
    gate = city.settings.gate
    customers, first = np.unique(city.customer[rows], return_index=True)
    if len(customers) < zone.least:
        return None
    grids = np.unique(city.grid[rows])
    expected = _expected(city, is_urban, city.reached(is_urban, rows), week, days)
    p = float(tail(len(customers), expected)) if expected == expected else float("nan")
    why = _gate(len(customers), p, gate)
    if why is None:
        return None
    x, y = city.x[rows[first]], city.y[rows[first]]
    middle = float(x.mean()), float(y.mean())
    radius = float(np.hypot(x - middle[0], y - middle[1]).max()) + zone.lattice_m / 2
    return Found(
        week, is_urban, days, rows, frozenset(grids.tolist()), *middle, radius, len(customers), _n_tickets(city, rows),
        _n_week(city, rows, week), expected, p, why, _commonest(city.region[rows]),
    )  # fmt: skip


def _gate(n: int, p: float, gate: Gate) -> str | None:
    """Why a cluster is a hotspot: odd, or large; or only odd or large enough to stay one."""
    if p < gate.alpha:
        return EXCESS
    if n >= gate.count:
        return VOLUME
    return KEPT if p < gate.keep_alpha or n >= gate.keep_count else None


def _expected(city: City, is_urban: bool, grids: Ints, week: int, days: int) -> float:
    """Complaints to be expected in these grids (by position in the history) in so many days up to the end of `week`;
    NaN where history is short.
    """
    rates = city.rates(is_urban, week + 1 - -(-days // DAYS), week)
    return float(rates[grids].sum()) * days / DAYS


def _n_tickets(city: City, rows: Ints) -> int:
    """Tickets, of those of one customer, grid and subtype one."""
    if not len(rows):
        return 0
    return len(np.unique(city.matter[rows]))


def _n_week(city: City, rows: Ints, week: int) -> int:
    return len(np.unique(city.customer[rows[city.week[rows] == week]]))


def _commonest(values: NDArray[np.object_]) -> str:
    names, n = np.unique(values.astype(str), return_counts=True)
    return str(names[int(np.argmax(n))])
