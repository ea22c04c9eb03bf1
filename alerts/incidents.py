"""What belongs together: an outage with the bad cells and complaints it explains, and what was planned. Pure.

Does not belong here: the store (adopt.py), messages (messages.py), how a warning comes about (signals/, state.py).

Sites out of service side by side at one time are one incident. It covers warnings about its own cells, so nobody is
told of them, and adopts as evidence what happens around it while it lasts: cells of neighbours that sag, complaints
from the spot, the surge of its district. A warning about the network inside a window of planned work is blue.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

Role = Literal["head", "also", "covered", "evidence"]

OUTAGE = "RN07"
NETWORK = frozenset({"RN01", "RN02", "RN03", "RN04", "RN05", "RN06"})
SPOT, SURGE = "RC02", "RC01"
# What an outage explains begins no later than so long after it ended: cells settle in hours, people complain next day.
CELLS_AFTER, COMPLAINTS_AFTER = timedelta(hours=3), timedelta(hours=24)
NEAR_M = 2000.0
PLANNED = frozenset({"割接", "升级", "检修", "cutover", "upgrade", "maintenance"})
PLANNED_AFTER = timedelta(hours=1)


@dataclass(frozen=True)
class Told:
    """A warning, as far as incidents look at it. Without `ended_at` it lasts."""

    id: str
    rule_id: str
    scope_id: str
    began_at: datetime
    fired_at: datetime
    ended_at: datetime | None = None
    sites: frozenset[str] = frozenset()
    area_id: str = ""
    region_code: str = ""


@dataclass(frozen=True)
class Site:
    """Where a site stands (degrees, WGS-84), and the names of what lies around it."""

    lon: float
    lat: float
    region_code: str = ""
    names: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Change:
    """A change of the network or another system. `scope` names cells, a town or a place; empty is the whole region."""

    id: str
    kind: str
    starts: datetime
    ends: datetime
    region_code: str
    scope: str = ""


@dataclass(frozen=True)
class Incident:
    """Warnings that are one matter: the id is that of its first outage, whoever computes it."""

    id: str
    head: str
    roles: Mapping[str, Role]
    sites: frozenset[str]
    starts: datetime
    ends: datetime | None


@dataclass(frozen=True)
class Arranged:
    """All incidents, and the planned work that explains a warning, by its id."""

    incidents: list[Incident] = field(default_factory=list)
    planned: Mapping[str, str] = field(default_factory=dict)

    @property
    def covered(self) -> frozenset[str]:
        """Warnings that nobody needs to be told of."""
        return frozenset(w for i in self.incidents for w, role in i.roles.items() if role == "covered")


def arrange(warnings: Iterable[Told], sites: Mapping[str, Site], changes: Sequence[Change] = ()) -> Arranged:
    """Put warnings together. The order they come in, and those about other regions, change nothing."""
    told = sorted(warnings, key=lambda w: (w.fired_at, w.id))
    groups = [_incident(group) for group in _together([w for w in told if w.rule_id == OUTAGE])]
    taken: set[str] = set()
    filled = []
    for incident in groups:
        roles = dict(incident.roles)
        for warning in told:
            role = None if warning.id in taken else _role(warning, incident, sites)
            if role is not None:
                roles[warning.id] = role
                taken.add(warning.id)
        filled.append(Incident(incident.id, incident.head, roles, incident.sites, incident.starts, incident.ends))
    planned = {w.id: c.id for w in told for c in changes if _is_planned(w, c, sites)}
    return Arranged(filled, planned)


def _together(outages: Sequence[Told]) -> list[list[Told]]:
    """Outages side by side at one time, transitively."""
    groups: list[list[Told]] = []
    for outage in outages:
        mine = [g for g in groups if any(outage.sites & o.sites and _overlap(outage, o) for o in g)]
        rest = [g for g in groups if g not in mine]
        groups = [*rest, [w for g in mine for w in g] + [outage]]
    return sorted((sorted(g, key=lambda w: (w.fired_at, w.id)) for g in groups), key=lambda g: (g[0].fired_at, g[0].id))


def _incident(outages: Sequence[Told]) -> Incident:
    head = outages[0]
    ends = [w.ended_at for w in outages]
    roles: dict[str, Role] = {w.id: "head" if w is head else "also" for w in outages}
    # A neighbour that was out with it counts by its own warning, not by being named in another's.
    sites = frozenset(w.scope_id for w in outages)
    last = None if None in ends else max(e for e in ends if e is not None)
    return Incident(f"I-{head.id}", head.id, roles, sites, min(w.began_at for w in outages), last)


def _role(warning: Told, incident: Incident, sites: Mapping[str, Site]) -> Role | None:
    if warning.rule_id in NETWORK and _falls_in(warning, incident, CELLS_AFTER):
        if warning.sites and warning.sites <= incident.sites:
            return "covered"
        return "evidence" if _is_near(warning, incident, sites) else None
    if not _falls_in(warning, incident, COMPLAINTS_AFTER):
        return None
    if warning.rule_id == SPOT and _is_about_network(warning):
        return "evidence" if warning.sites & incident.sites or _is_near(warning, incident, sites) else None
    if warning.rule_id == SURGE and _is_about_network(warning):
        regions = {sites[s].region_code for s in incident.sites if s in sites}
        # One site of a district is no reason for a surge of the whole district.
        return "evidence" if len(incident.sites) >= 3 and warning.scope_id.partition("/")[2] in regions else None
    return None


def _falls_in(warning: Told, incident: Incident, after: timedelta) -> bool:
    """Whether it began while the incident lasted, or so soon after that it may come of it."""
    return warning.began_at >= incident.starts - timedelta(hours=1) and (
        incident.ends is None or warning.began_at <= incident.ends + after
    )


def _is_near(warning: Told, incident: Incident, sites: Mapping[str, Site]) -> bool:
    there = [sites[s] for s in incident.sites if s in sites]
    here = [sites[s] for s in warning.sites if s in sites]
    if not here:
        return bool(warning.area_id) and any(warning.area_id in s.names for s in there)
    return any(_metres(a, b) <= NEAR_M for a in here for b in there)


def _is_about_network(warning: Told) -> bool:
    return warning.scope_id.startswith("NET/")


def _is_planned(warning: Told, change: Change, sites: Mapping[str, Site]) -> bool:
    if change.kind not in PLANNED or not (warning.rule_id in NETWORK or warning.rule_id in (OUTAGE, "RN08")):
        return False
    if not change.starts <= warning.fired_at <= change.ends + PLANNED_AFTER:
        return False
    if change.region_code not in ("", warning.region_code):
        return False
    if not change.scope:
        return True
    of = [warning.scope_id] if warning.rule_id == OUTAGE else sorted(warning.sites)
    known = [sites[s] for s in of if s in sites]
    return bool(known) and all(change.scope in s.names for s in known)


def _overlap(a: Told, b: Told) -> bool:
    return (b.ended_at is None or a.began_at <= b.ended_at) and (a.ended_at is None or b.began_at <= a.ended_at)


def _metres(a: Site, b: Site) -> float:
    across = (a.lon - b.lon) * 111_320 * math.cos(math.radians(a.lat))
    return math.hypot(across, (a.lat - b.lat) * 110_900)
