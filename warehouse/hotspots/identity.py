"""The same hotspot from week to week, and how it fares. Pure: what was published before comes in as `Seen`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from warehouse.hotspots.settings import Identity, State

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NEW, PERSISTING, WORSE, EASING, GONE = "new", "persisting", "worse", "easing", "gone"
STATES = (NEW, PERSISTING, WORSE, EASING, GONE)
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # without I, L, O, U: ids are read aloud in meetings


class Spot(Protocol):
    """Something with an extent: grids and the middle, in metres."""

    @property
    def is_urban(self) -> bool: ...
    @property
    def grids(self) -> frozenset[int]: ...
    @property
    def x(self) -> float: ...
    @property
    def y(self) -> float: ...


@dataclass(frozen=True)
class Seen:
    """A hotspot as a release once published it for one week."""

    hotspot_id: str
    week: int
    is_urban: bool
    grids: frozenset[int]
    x: float
    y: float


@dataclass
class Track:
    """A hotspot that is or was alive. `counts` are its customers of each week alive."""

    hotspot_id: str
    is_urban: bool
    grids: frozenset[int]
    x: float
    y: float
    first_week: int
    last_week: int
    counts: list[int] = field(default_factory=list)
    is_alive: bool = True


class Around:
    """Known spots, to be asked which of them are one with others: all at once, as there are hundreds on either side."""

    def __init__(self, known: Sequence[Spot], rule: Identity) -> None:
        self.rule = rule
        self.at, self.is_urban, self.size, grids, self.whose = _arrays(known)
        order = np.argsort(grids, kind="stable")
        self.grids, self.whose = grids[order], self.whose[order]

    def like(self, others: Sequence[Spot]) -> tuple[Ints, Ints, Floats, Floats]:
        """Pairs that are one: position among `others`, among the known, shared grids as a share of the smaller one's,
        and metres from middle to middle. Two are one where enough is shared or the middles lie close.
        """
        at, is_urban, size, grids, whose = _arrays(others)
        n = np.int64(max(len(self.size), 1))
        first, last = np.searchsorted(self.grids, grids), np.searchsorted(self.grids, grids, side="right")
        sizes = last - first
        there = np.repeat(first - (np.cumsum(sizes) - sizes), sizes) + np.arange(sizes.sum())
        shared, n_shared = np.unique(np.repeat(whose, sizes) * n + self.whose[there], return_counts=True)
        apart = np.sqrt(((at[:, None, :] - self.at[None, :, :]) ** 2).sum(axis=2))
        near = np.flatnonzero(apart.ravel() <= self.rule.centroid_m)
        pairs = np.union1d(shared, near)
        i, j = pairs // n, pairs % n
        share = np.zeros(len(pairs))
        share[np.searchsorted(pairs, shared)] = n_shared
        share /= np.maximum(np.minimum(size[i], self.size[j]), 1)
        share[is_urban[i] != self.is_urban[j]] = 0.0
        held = (share >= self.rule.overlap) | (apart[i, j] <= self.rule.centroid_m)
        return i[held], j[held], share[held], apart[i, j][held]


def _arrays(spots: Sequence[Spot]) -> tuple[Floats, NDArray[np.bool_], Ints, Ints, Ints]:
    """Middles, zones and numbers of grids of spots; all grids, and whose each is."""
    at = np.array([(s.x, s.y) for s in spots], float).reshape(-1, 2)
    size = np.fromiter((len(s.grids) for s in spots), np.int64, len(spots))
    grids = np.fromiter(chain.from_iterable(s.grids for s in spots), np.int64, int(size.sum()))
    is_urban = np.fromiter((s.is_urban for s in spots), bool, len(spots))
    return at, is_urban, size, grids, np.repeat(np.arange(len(spots), dtype=np.int64), size)


def pair(found: Sequence[Spot], known: Sequence[Spot], names: Sequence[str], rule: Identity) -> dict[int, int]:
    """Which of `found` is which of `known`, by position: the most alike first, each at most once, ties by name."""
    i, j, share, apart = (a.tolist() for a in Around(known, rule).like(found))
    taken: dict[int, int] = {}
    used: set[int] = set()
    for *_, one, other in sorted(zip((-s for s in share), apart, (names[k] for k in j), i, j, strict=True)):
        if one not in taken and other not in used:
            taken[one] = other
            used.add(other)
    return taken


def named(
    found: Sequence[Spot], week: int, day: date, tracks: Sequence[Track], seen: Sequence[Seen], rule: Identity
) -> list[str]:
    """A name for everything found in a week.

    First what was published for this very week, then what was alive lately, then what was published for weeks near by
    (so that late tickets which let a hotspot begin earlier do not rename it); what is left gets a name of its own,
    made of week and place.
    """
    names: dict[int, str] = {}
    near = [s for s in seen if 0 < abs(s.week - week) <= rule.gap_weeks]
    near.sort(key=lambda s: (abs(s.week - week), s.hotspot_id))
    sources: tuple[Sequence[Seen | Track], ...] = (
        [s for s in seen if s.week == week],
        [t for t in tracks if week - t.last_week <= rule.gap_weeks],
        near,
    )
    for known in sources:
        open_ = [i for i in range(len(found)) if i not in names]
        used = set(names.values())
        free = [k for k in known if k.hotspot_id not in used]
        matched = pair([found[i] for i in open_], free, [k.hotspot_id for k in free], rule)
        for i, j in sorted(matched.items(), key=lambda m: m[1]):
            if free[j].hotspot_id not in names.values():
                names[open_[i]] = free[j].hotspot_id
    taken = set(names.values()) | {t.hotspot_id for t in tracks} | {s.hotspot_id for s in seen}
    for i, spot in enumerate(found):
        if i not in names:
            names[i] = _minted(spot, day, taken)
            taken.add(names[i])
    return [names[i] for i in range(len(found))]


def _minted(spot: Spot, day: date, taken: set[str]) -> str:
    year, week, _ = day.isocalendar()
    for salt in range(10_000):
        text = f"{day.isoformat()}|{spot.is_urban}|{min(spot.grids)}|{salt}"
        number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big")
        code = "".join(_LETTERS[number >> 5 * k & 31] for k in range(4))
        name = f"H{year % 100:02d}{week:02d}-{code}"
        if name not in taken:
            return name
    raise AssertionError("more hotspots began in one week than there are names")


def state_of(track: Track | None, n_week: int, was_alive: bool, rule: State) -> str:
    """How a hotspot that is there fares: `track` as it was before this week."""
    if track is None or not was_alive or not track.counts:
        return NEW
    last = track.counts[-1]
    if n_week >= rule.worse_ratio * last and n_week - last >= rule.worse_more:
        return WORSE
    recent = track.counts[-4:]
    mean = sum(recent) / len(recent)
    if n_week <= rule.easing_ratio * mean and mean - n_week >= rule.easing_less:
        return EASING
    return PERSISTING
