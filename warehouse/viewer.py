"""Who is looking: role, regions, departments and the highest column class. Signing in is the frame's business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Role = Literal["manager", "duty", "analyst", "planner", "handler", "supervisor", "auditor", "engineer", "wall"]
Level = Literal["L1", "L2", "L3"]

LEVEL_OF_ROLE: dict[Role, Level] = {
    "manager": "L1",
    "duty": "L2",
    "analyst": "L2",
    "planner": "L2",
    "handler": "L3",
    "supervisor": "L3",
    "auditor": "L1",
    "engineer": "L2",
    "wall": "L1",
}
ROLES: tuple[Role, ...] = tuple(LEVEL_OF_ROLE)


@dataclass(frozen=True)
class Viewer:
    """A scope. None means no restriction; an empty set means nothing at all. Part of every cache key."""

    role: Role
    level: Level
    regions: frozenset[str] | None = None
    departments: frozenset[str] | None = None

    @classmethod
    def of(
        cls,
        role: Role,
        regions: frozenset[str] | None = None,
        departments: frozenset[str] | None = None,
    ) -> Viewer:
        return cls(role, LEVEL_OF_ROLE[role], regions, departments)

    @property
    def sees_rows(self) -> bool:
        """Rows belong to L2 and up, and never to the auditor."""
        return self.level != "L1"

    @property
    def is_limited(self) -> bool:
        """Whether there are rows of the release outside the scope."""
        return self.regions is not None or self.departments is not None

    @property
    def key(self) -> str:
        """For cache keys: two viewers with the same key see the same."""
        limits = [None if limit is None else sorted(limit) for limit in (self.regions, self.departments)]
        return repr((self.role, self.level, *limits))

    def may_see(self, level: str) -> bool:
        return level <= self.level
