"""What is said about warnings, and when: group, settle, inhibit, silence, compare with what was said. Pure.

Does not belong here: sending (outbox), the state machine of a rule (state.py), wording (sentence.py).

The order is that of Alertmanager. A group speaks first after a pause, so that what belongs together comes together,
then at fixed intervals, and only when something is new. What cleared before the first pause ended is never mentioned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Literal

Reason = Literal["first", "new", "all_cleared", "some_cleared", "repeat"]
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Route:
    """How a group of warnings is told: the pause before the first message, the rhythm after it, when to repeat what has
    not changed, and whether clearing is news."""

    wait: timedelta
    interval: timedelta
    repeat: timedelta
    tells_cleared: bool = True


@dataclass(frozen=True)
class Said:
    """What the last message of a group contained."""

    firing: frozenset[str]
    cleared: frozenset[str]
    at: datetime


@dataclass(frozen=True)
class Message:
    """One message: why it is sent and what it is about, ids in order."""

    at: datetime
    reason: Reason
    firing: tuple[str, ...]
    cleared: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """Warnings that are told together. `members` maps a warning's id to whether it is still firing."""

    members: Mapping[str, bool] = field(default_factory=dict)
    flush_at: datetime | None = None
    said: Said | None = None


def take(group: Group, route: Route, warning: str, is_firing: bool, now: datetime) -> Group:
    """A warning began or cleared. One that cleared and was not in the group is no news."""
    if warning not in group.members and not is_firing:
        return group
    return replace(group, members={**group.members, warning: is_firing}, flush_at=group.flush_at or now + route.wait)


def flush(
    group: Group, route: Route, now: datetime, is_muted: Callable[[str], bool] = lambda _: False
) -> tuple[Group, Message | None]:
    """The group's next word, at `group.flush_at`: a message, or None when there is nothing new to say.

    `is_muted` says of a warning's id whether something greater covers it (`covered`) or somebody silenced it. Cleared
    warnings leave the group, whether they were mentioned or not.
    """
    open_ = {k: v for k, v in group.members.items() if not is_muted(k)}
    firing = frozenset(k for k, v in open_.items() if v)
    cleared = frozenset(k for k, v in open_.items() if not v)
    # A group of which nothing may be told is silent; what it last said still stands.
    reason = why(group.said, firing, cleared, route, now) if open_ else None
    kept = replace(group, members={k: v for k, v in group.members.items() if v}, flush_at=now + route.interval)
    if reason is None:
        return kept, None
    kept = replace(kept, said=Said(firing, cleared, now))
    told = tuple(sorted(cleared)) if route.tells_cleared else ()
    if not firing and not told:
        # Nobody wants to hear that it is over; that it is over is remembered.
        return kept, None
    return kept, Message(now, reason, tuple(sorted(firing)), told)


def why(
    said: Said | None, firing: frozenset[str], cleared: frozenset[str], route: Route, now: datetime
) -> Reason | None:
    """Why a group should speak now, or None."""
    if said is None:
        return "first" if firing else None
    if not firing <= said.firing:
        return "new"
    if not firing:
        # What began and ended between two messages, nobody was told of.
        return "all_cleared" if said.firing else None
    if route.tells_cleared and not cleared <= said.cleared:
        return "some_cleared"
    return "repeat" if said.at < now - route.repeat else None


@dataclass(frozen=True)
class Cover:
    """A greater warning makes lesser ones quiet where all labels in `equal` agree (a label that both lack agrees)."""

    greater: Labels
    lesser: Labels
    equal: tuple[str, ...] = ()


def covered(labels: Labels, firing: Iterable[Labels], covers: Iterable[Cover]) -> bool:
    """Whether a warning with `labels` is covered by one of those firing.

    One that matches both sides of a cover is covered by none that does too, so neither itself nor its like.
    """
    others = list(firing)
    for cover in covers:
        if not matches(cover.lesser, labels):
            continue
        is_greater_too = matches(cover.greater, labels)
        for other in others:
            if not matches(cover.greater, other) or (is_greater_too and matches(cover.lesser, other)):
                continue
            if all(other.get(name, "") == labels.get(name, "") for name in cover.equal):
                return True
    return False


def matches(wanted: Labels, labels: Labels) -> bool:
    """Whether every wanted label has the wanted value."""
    return all(labels.get(name, "") == value for name, value in wanted.items())
