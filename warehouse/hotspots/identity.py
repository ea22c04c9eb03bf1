"""The same hotspot from week to week, and how it fares. Pure: what was published before comes in as `Seen`."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

import numpy as np

from warehouse.hotspots.settings import Identity, State

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


def likeness(a: Spot, b: Spot, rule: Identity) -> tuple[float, float] | None:
    """(shared grids as a share of the smaller one's, negative distance) when the two are one hotspot; None if not."""
    apart = ((a.x - b.x) ** 2 + (a.y - b.y) ** 2) ** 0.5
    shared = 0.0
    if a.is_urban == b.is_urban and a.grids and b.grids:
        shared = len(a.grids & b.grids) / min(len(a.grids), len(b.grids))
    return (shared, -apart) if shared >= rule.overlap or apart <= rule.centroid_m else None


def pair(found: Sequence[Spot], known: Sequence[Spot], names: Sequence[str], rule: Identity) -> dict[int, int]:
    """Which of `found` is which of `known`, by position: the most alike first, each at most once, ties by name."""
    alike = []
    at = np.array([(k.x, k.y) for k in known]).reshape(-1, 2)
    holding: dict[int, list[int]] = {}
    for j, other in enumerate(known):
        for grid in other.grids:
            holding.setdefault(grid, []).append(j)
    for i, one in enumerate(found):
        # Only what is near or shares a grid can be alike; asking all would be a square of hundreds every week.
        near = np.flatnonzero(np.hypot(at[:, 0] - one.x, at[:, 1] - one.y) <= rule.centroid_m * 1.001 + 1).tolist()
        for j in sorted({*near, *(j for grid in one.grids for j in holding.get(grid, ()))}):
            score = likeness(one, known[j], rule)
            if score is not None:
                alike.append((-score[0], -score[1], names[j], i, j))
    taken: dict[int, int] = {}
    used: set[int] = set()
    for *_, i, j in sorted(alike):
        if i not in taken and j not in used:
            taken[i] = j
            used.add(j)
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
        free = [k for k in known if k.hotspot_id not in names.values()]
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
