"""Where a measure stands, and what may be done then: 待签收, 整改中, 待验证, 已销项, 退回. Pure; the store keeps it.

The four phases of PDCA are these states by another name. Nothing is closed but by a result or a stated reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

State = Literal["waiting", "doing", "verifying", "closed", "returned"]
Deed = Literal[
    "accept", "refuse", "reissue", "done", "reject", "verify", "close", "reopen", "delay", "reply", "edit", "comment"
]
Source = Literal["warning", "hotspot", "case", "review", "instruction", "superior", "audit", "own"]
Level = Literal["ordinary", "key", "listed"]
Result = Literal["effective", "partly", "ineffective", "unclear"]
Phase = Literal["plan", "do", "check", "act"]

STATES: tuple[State, ...] = ("waiting", "returned", "doing", "verifying", "closed")
SOURCES: tuple[Source, ...] = ("warning", "hotspot", "case", "review", "instruction", "superior", "audit", "own")
OWN: Source = "own"  # done of one's own accord: judged as any measure, but no rectification
LEVELS: tuple[Level, ...] = ("ordinary", "key", "listed")
RESULTS: tuple[Result, ...] = ("effective", "partly", "ineffective", "unclear")
PHASES: Mapping[State, Phase] = {
    "waiting": "plan", "returned": "plan", "doing": "do", "verifying": "check", "closed": "act",
}  # fmt: skip
_OPEN: frozenset[State] = frozenset({"waiting", "returned", "doing", "verifying"})
# Deed -> from which states it may be done, and the state afterwards (None: unchanged).
_DEEDS: Mapping[Deed, tuple[frozenset[State], State | None]] = {
    "accept": (frozenset({"waiting", "returned"}), "doing"),
    # 退回, both ways: a department sends back what is not its own, whoever verifies what did not help.
    "refuse": (frozenset({"waiting"}), "returned"),
    "reject": (frozenset({"verifying"}), "returned"),
    "reissue": (frozenset({"returned"}), "waiting"),
    "done": (frozenset({"doing"}), "verifying"),
    "verify": (frozenset({"verifying"}), "closed"),
    "close": (_OPEN, "closed"),
    "reopen": (frozenset({"closed"}), "doing"),
    "delay": (frozenset({"waiting", "returned", "doing"}), None),
    "reply": (frozenset(STATES), None),
    "edit": (_OPEN, None),
    "comment": (frozenset(STATES), None),
}
# What nobody does without saying why.
NEEDS_REASON: frozenset[Deed] = frozenset({"refuse", "reject", "close", "reopen", "delay", "reply", "comment"})


class NotPossible(ValueError):
    """A deed that the state of the measure does not allow."""

    def __init__(self, deed: Deed, state: State) -> None:
        super().__init__(f'"{deed}" is not possible while a measure is "{state}"')
        self.deed, self.state = deed, state


def after(state: State, deed: Deed) -> State:
    """The state after a deed. Raises `NotPossible`."""
    allowed, result = _DEEDS[deed]
    if state not in allowed:
        raise NotPossible(deed, state)
    return result or state


def possible(state: State) -> list[Deed]:
    """What may be done now."""
    return [deed for deed, (allowed, _) in _DEEDS.items() if state in allowed]
