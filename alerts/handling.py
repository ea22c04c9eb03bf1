"""What people do with a warning: new, acknowledged, in progress, decided, closed. Pure; the store keeps it.

The engine says whether the condition still holds, people say whether it is dealt with. Neither decides for the other: a
warning that cleared by itself but that nobody acknowledged stays on the agenda.
"""

from __future__ import annotations

from typing import Literal

Handling = Literal["new", "acknowledged", "in_progress", "decided", "closed"]
Deed = Literal["ack", "assign", "comment", "decide", "close", "reopen", "supervise", "instruct", "raise"]
Decision = Literal["rectify", "observe", "false_alarm", "adjust", "merge"]
Standing = Literal["open", "returned", "missing", "done"]

HANDLINGS: tuple[Handling, ...] = ("new", "acknowledged", "in_progress", "decided", "closed")
DECISIONS: tuple[Decision, ...] = ("rectify", "observe", "false_alarm", "adjust", "merge")
# deed -> from which states it may be done, and the state afterwards (None: unchanged).
_DEEDS: dict[Deed, tuple[frozenset[Handling], Handling | None]] = {
    "ack": (frozenset({"new"}), "acknowledged"),
    "assign": (frozenset({"new", "acknowledged", "in_progress", "decided"}), "in_progress"),
    "supervise": (frozenset({"new", "acknowledged", "in_progress", "decided"}), "in_progress"),
    "instruct": (frozenset(HANDLINGS), None),
    "comment": (frozenset(HANDLINGS), None),
    "decide": (frozenset({"new", "acknowledged", "in_progress", "decided"}), "decided"),
    "close": (frozenset({"acknowledged", "in_progress", "decided"}), "closed"),
    "reopen": (frozenset({"decided", "closed"}), "acknowledged"),
    # The engine's: it got worse, so it needs to be looked at anew.
    "raise": (frozenset(HANDLINGS), "new"),
}


def was_right(decision: str | None, false_reason: str | None) -> bool | None:
    """What a decision says of a warning: right, a false alarm, or (None) neither. Moving a threshold alone is neither;
    with a reason why the warning was false it was false."""
    if decision == "false_alarm" or (decision and false_reason):
        return False
    return True if decision in ("rectify", "observe", "merge") else None


class NotPossible(ValueError):
    """A deed that the state of the warning does not allow."""

    def __init__(self, deed: Deed, state: Handling) -> None:
        super().__init__(f'"{deed}" is not possible while a warning is "{state}"')
        self.deed, self.state = deed, state


def after(state: Handling, deed: Deed) -> Handling:
    """The state after a deed. Raises `NotPossible`."""
    allowed, result = _DEEDS[deed]
    if state not in allowed:
        raise NotPossible(deed, state)
    return result or state


def possible(state: Handling) -> list[Deed]:
    """What people may do now."""
    return [deed for deed, (allowed, _) in _DEEDS.items() if state in allowed and deed != "raise"]


def on_the_agenda(handling: Handling, is_firing: bool) -> bool:
    """Whether a meeting still has to look at it."""
    return handling != "closed" and (is_firing or handling != "decided")
