"""Which role may do what about a warning. Reading is everybody's; a deed is somebody's, by name."""

from __future__ import annotations

from alerts.handling import Deed
from warehouse.viewer import Role

_OWNER: frozenset[Deed] = frozenset({"ack", "assign", "comment", "decide", "close", "reopen"})
# Instructions are given by leaders; what is under supervision is for those who supervise, and for who is on duty.
RIGHTS: dict[Role, frozenset[Deed]] = {
    "manager": _OWNER | {"supervise", "instruct"},
    "supervisor": _OWNER | {"supervise"},
    "duty": _OWNER | {"supervise"},
    "analyst": _OWNER,
    "planner": _OWNER,
    "handler": _OWNER,
    "engineer": frozenset({"comment"}),
    "auditor": frozenset(),
    "wall": frozenset(),
}


class NotYours(PermissionError):
    """A role tried what it may not."""


def may(role: Role, deed: Deed) -> bool:
    """Whether a role may do this."""
    return deed in RIGHTS[role]
