"""Which role may do what about a measure. Who promises it says when it is done; others say if it helped."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from alerts.actions.states import Deed, Level, Source
from warehouse.viewer import Role, Viewer

Right = Deed | Literal["raise"]

_OWNER: frozenset[Right] = frozenset({"accept", "refuse", "done", "reply", "comment", "delay"})
_LEADS: frozenset[Right] = _OWNER | {"raise", "reissue", "reject", "verify", "close", "reopen", "edit"}
RIGHTS: dict[Role, frozenset[Right]] = {
    "manager": _LEADS,
    "supervisor": _LEADS,
    "duty": frozenset({"raise", "accept", "comment", "edit", "reissue"}),
    "analyst": frozenset({"raise", "verify", "reject", "comment"}),
    "planner": _OWNER | {"raise", "edit"},
    "handler": _OWNER,
    "engineer": frozenset({"comment"}),
    "auditor": frozenset({"raise", "comment"}),
}
# Whose word alone moves a date that was put under supervision.
MAY_DELAY_ANY: frozenset[Role] = frozenset({"manager", "supervisor"})
SOURCES: dict[Role, tuple[Source, ...]] = {
    "manager": ("review", "instruction", "superior", "warning", "hotspot", "case", "audit"),
    "auditor": ("audit",),
}
_OTHERS: tuple[Source, ...] = ("review", "superior", "warning", "hotspot", "case")


class NotYours(PermissionError):
    """A role tried what it may not, or a department what is another's."""


def may(viewer: Viewer, deed: Right, level: Level = "ordinary", owner_dept: str | None = None) -> bool:
    """Whether this viewer may do this to a measure of a level and an owner. Who sees some departments acts for them."""
    if deed not in RIGHTS.get(viewer.role, frozenset()):
        return False
    if deed == "delay" and level != "ordinary" and viewer.role not in MAY_DELAY_ANY:
        return False
    return deed == "raise" or _is_own(viewer.departments, owner_dept)


def sources(role: Role) -> tuple[Source, ...]:
    """What a role may raise a measure from; instructions are given by leaders, findings of an audit by auditors."""
    return SOURCES.get(role, _OTHERS)


def _is_own(departments: Collection[str] | None, owner_dept: str | None) -> bool:
    return departments is None or owner_dept in departments
