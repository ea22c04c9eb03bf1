"""Hotspots of every week in turn: cluster, compare with what was to be expected, name, say how each fares.

A snapshot speaks of the 30 days before the end of its week, and of the last 7 for what has just broken out.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from warehouse.hotspots import identity
from warehouse.hotspots.city import City
from warehouse.hotspots.expect import tail
from warehouse.hotspots.history import DAYS
from warehouse.hotspots.identity import Around, Seen, Track
from warehouse.hotspots.judged import EXCESS, KEPT, expected, judged, together
from warehouse.hotspots.ragged import commonest

Ints = NDArray[np.int64]
# By zone (is it town) and days: cluster and row of every ticket that lies close to others.
Close = dict[tuple[bool, int], tuple[Ints, Ints]]
_AT_ONCE, _AHEAD = 2, 4


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


def run(city: City, weeks: Sequence[int], seen: Sequence[Seen], tracks: dict[str, Track] | None = None) -> list[Found]:
    """Everything found in these weeks, ascending; a hotspot that is gone has one row more, in its first week without.

    `seen` is what was published before: it decides names and nothing else. `tracks` are the hotspots of the weeks
    before, which go on here; the city has been told which of its grids were hot then.
    """
    tracks = {} if tracks is None else tracks
    out: list[Found] = []
    rule = city.settings.identity
    for week, close in zip(weeks, _all_together(city, weeks), strict=True):
        alive = [t for t in tracks.values() if t.is_alive]
        found = _of_week(city, week, close)
        goes_on = set(Around(alive, rule).like(found)[0].tolist())
        found = [f for n, f in enumerate(found) if f.gate != KEPT or n in goes_on]
        names = identity.named(found, week, city.monday(week), list(tracks.values()), seen, rule)
        was_alive = {t.hotspot_id for t in alive}
        told = []
        for name, spot in zip(names, found, strict=True):
            # What would not have begun may go on, but only as what it was.
            if spot.gate != KEPT or name in was_alive:
                told.append(_follow(city, tracks, name, spot))
        ended = [t for t in tracks.values() if t.is_alive and t.last_week < week]
        for track in ended:
            track.is_alive = False
        for track, rows in zip(ended, _left(city, ended, week), strict=True):
            told.append(_gone(city, track, rows, week, told))
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
    split = _split_from(tracks, track) if state == identity.NEW else None
    return replace(spot, hotspot_id=name, state=state, first_week=track.first_week, related_id=split)


def _split_from(tracks: dict[str, Track], track: Track) -> str | None:
    """Another hotspot alive that shares ground: the first by name, which is the oldest."""
    return min(
        (
            other.hotspot_id
            for other in tracks.values()
            if other is not track
            and other.is_alive
            and other.is_urban == track.is_urban
            and not other.grids.isdisjoint(track.grids)
        ),
        default=None,
    )


def _left(city: City, tracks: Sequence[Track], week: int) -> list[Ints]:
    """The tickets of the window that lie where hotspots were."""
    part = city.between(city.monday(week + 1), city.settings.select.window_days)
    out: dict[int, Ints] = {}
    for is_urban in (True, False):
        own = [n for n, t in enumerate(tracks) if t.is_urban == is_urban]
        if not own:
            continue
        rows = np.flatnonzero(city.is_urban[part] == is_urban) + part.start
        rows = rows[np.argsort(city.place[rows], kind="stable")]
        places = city.place[rows]
        for n in own:
            grids = city.history[is_urban].rows(np.array(sorted(tracks[n].grids), np.int64))
            first, last = np.searchsorted(places, grids), np.searchsorted(places, grids, side="right")
            parts = [rows[a:b] for a, b in zip(first, last, strict=True)]
            out[n] = np.sort(np.concatenate(parts)) if parts else rows[:0]
    return [out[n] for n in range(len(tracks))]


def _gone(city: City, track: Track, rows: Ints, week: int, told: Sequence[Found]) -> Found:
    """What is left where a hotspot was, in the tickets `rows`."""
    window = city.settings.select.window_days
    around = city.around(track.is_urban, np.array(sorted(track.grids)), week)
    [due] = expected(city, track.is_urban, np.zeros(len(around), np.int64), around, 1, week, window).tolist()
    there = [f for f in told if f.state != identity.GONE and f.is_urban == track.is_urban]
    into = min((f.hotspot_id for f in there if not f.grids.isdisjoint(track.grids)), default=None)
    n = len(np.unique(city.customer[rows]))
    zone = city.settings.zone(track.is_urban)
    regions = city.region[rows] if len(rows) else city.region_of(track.is_urban, track.grids)
    region = city.region_names[commonest(np.zeros(len(regions), np.int64), regions, 1)[0]]
    return Found(
        week, track.is_urban, window, rows, track.grids, track.x, track.y, float(zone.grid_m), n,
        _n_tickets(city, rows), _n_week(city, rows, week), due, float(tail(n, due)) if n else 1.0, "",
        region, track.hotspot_id, identity.GONE, track.first_week, into,
    )  # fmt: skip


def _all_together(city: City, weeks: Sequence[int]) -> Iterator[Close]:
    """What lies close together, week by week; the next weeks are looked at while one is judged."""
    chosen = city.settings.select
    kinds = [(is_urban, days) for is_urban in (True, False) for days in (chosen.window_days, chosen.emergent_days)]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        ahead: deque[list[Future[tuple[Ints, Ints]]]] = deque()
        for week in weeks:
            ahead.append([pool.submit(together, city, week, *kind) for kind in kinds])
            if len(ahead) > _AHEAD:
                yield _ready(kinds, ahead)
        while ahead:
            yield _ready(kinds, ahead)


def _ready(kinds: Sequence[tuple[bool, int]], ahead: deque[list[Future[tuple[Ints, Ints]]]]) -> Close:
    return {kind: future.result() for kind, future in zip(kinds, ahead.popleft(), strict=True)}


def _of_week(city: City, week: int, close: Close) -> list[Found]:
    """The hotspots at the end of one week, in town and in the country."""
    chosen = city.settings.select
    out: list[Found] = []
    for is_urban in (True, False):
        lasting, recent = (
            [
                Found(week, is_urban, days, **vars(cluster))
                for cluster in judged(city, week, is_urban, days, *close[is_urban, days])
            ]
            for days in (chosen.window_days, chosen.emergent_days)
        )
        covered = frozenset[int]().union(*(f.grids for f in lasting))
        outbreaks = [f for f in recent if f.gate != KEPT and f.grids.isdisjoint(covered)]
        for spot in [*lasting, *outbreaks]:
            if spot.gate == EXCESS:
                first = week - -(-spot.window_days // DAYS) + 1
                city.history[is_urban].heat(np.array(sorted(spot.grids)), first, week)
            out.append(spot)
    return out


def squares(found: Sequence[Found]) -> tuple[Ints, Ints]:
    """All squares of all hotspots, ascending: the number of the hotspot, and the packed square."""
    sizes = np.fromiter((len(f.grids) for f in found), np.int64, len(found))
    ids = np.fromiter(chain.from_iterable(f.grids for f in found), np.int64, int(sizes.sum()))
    numbers = np.repeat(np.arange(len(found), dtype=np.int64), sizes)
    return numbers, ids[np.lexsort((ids, numbers))]


def _n_tickets(city: City, rows: Ints) -> int:
    """Tickets, of those of one customer, grid and subtype one."""
    return len(np.unique(city.matter[rows]))


def _n_week(city: City, rows: Ints, week: int) -> int:
    return len(np.unique(city.customer[rows[city.week[rows] == week]]))
