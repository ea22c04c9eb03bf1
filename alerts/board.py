"""What waits for people: warnings put together into matters, in the order they should be looked at. Pure.

A matter is one warning, or the warnings of one incident. Does not belong here: the store, wording, how long a time is
on the page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from alerts.handling import HANDLINGS, on_the_agenda
from alerts.rules import BEFORE
from alerts.state import SEVERITIES, Severity

State = Literal["new", "returned", "missing", "acknowledged", "in_progress", "decided", "closed"]
STATES: tuple[State, ...] = ("new", "returned", "missing", "acknowledged", "in_progress", "decided", "closed")
# What waits for somebody to say that he has seen it.
UNSEEN: frozenset[State] = frozenset({"new", "returned"})
# How soon a warning must be acknowledged. Source: requirements 6.1.
SOON: Mapping[str, timedelta] = {"red": timedelta(minutes=30), "orange": timedelta(hours=2)}
# What was over so long before the engine first told of it is history, not work.
NEWS = timedelta(days=1)
INCIDENT = "I-"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Matter:
    """One line of the board: `lead` speaks for it, `rows` are all its warnings, the lead first.

    `waits_since`: when it last became something to acknowledge; `seen_by` is the latest time for that (None: it is
    looked at in the weekly review, or has been acknowledged).
    """

    lead: Row
    rows: tuple[Row, ...]
    state: State
    severity: Severity
    waits_since: datetime
    seen_by: datetime | None

    @property
    def id(self) -> str:
        return str(self.lead["warning_id"])

    @property
    def is_incident(self) -> bool:
        return len(self.rows) > 1

    @property
    def is_trial(self) -> bool:
        return all(bool(r["is_trial"]) for r in self.rows)

    @property
    def is_firing(self) -> bool:
        return any(r["condition"] == "firing" for r in self.rows)

    @property
    def revisions(self) -> dict[str, int]:
        """What a person saw, for a deed about the whole matter."""
        return {str(r["warning_id"]): int(r["revision"]) for r in self.rows}


def state_of(row: Row) -> State:
    """Where a warning stands between engine and people."""
    if row["handling"] == "closed":
        return "closed"
    if row["condition"] == "missing":
        return "missing"
    if row["handling"] == "new":
        return "returned" if row["condition"] == "cleared" else "new"
    state: State = row["handling"]
    return state


def waits(row: Row, lists: frozenset[str]) -> bool:
    """Whether somebody still has to look at it. A list of an earlier day does not: what is left is on today's list."""
    if row["rule_id"] in lists and row["condition"] == "cleared" and row["rule_version"] != BEFORE:
        return False
    if row["handling"] == "new" and row["cleared_at"] and row["cleared_at"] < _known(row) - NEWS:
        return False
    return on_the_agenda(row["handling"], row["condition"] != "cleared")


def _known(row: Row) -> datetime:
    """Since when people can know of it."""
    at: datetime = max(row["fired_at"], row["known_at"] or row["fired_at"])
    return at


def matters(
    rows: Iterable[Row],
    is_workday: Callable[[date], bool],
    raised: Mapping[str, datetime] | None = None,
) -> list[Matter]:
    """Warnings as matters, the most urgent first: unseen before seen, red before orange, the older first.

    `raised` says when a warning last got worse, by its id; that is when its time to be acknowledged begins anew.
    """
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(str(row["incident_id"] or row["warning_id"]), []).append(row)
    found = [_matter(key, group, is_workday, raised or {}) for key, group in groups.items()]
    return sorted(found, key=order)


def order(matter: Matter) -> tuple[Any, ...]:
    """Unseen before seen, then the worst, what still fires, what waited longest, what most warnings point to."""
    is_seen = matter.state not in UNSEEN or matter.severity == "blue"
    worst, newest = -SEVERITIES.index(matter.severity), -max(r["fired_at"] for r in matter.rows).timestamp()
    return is_seen, worst, not matter.is_firing, matter.waits_since, -len(matter.rows), newest, matter.id


def _matter(
    key: str, group: Sequence[Row], is_workday: Callable[[date], bool], raised: Mapping[str, datetime]
) -> Matter:
    head = key.removeprefix(INCIDENT)
    ranked = sorted(group, key=lambda r: (r["warning_id"] != head, -SEVERITIES.index(r["severity"]), r["fired_at"]))
    states = [state_of(r) for r in ranked]
    severity: Severity = max((r["severity"] for r in ranked), key=SEVERITIES.index)
    unseen = [r for r, s in zip(ranked, states, strict=True) if s in UNSEEN]
    # Together they are as far as the least advanced of them that still counts.
    open_ = [s for s in states if s != "closed"]
    state = min(open_, key=lambda s: _stage(s, states)) if open_ else "closed"
    if state == "returned" and any(r["condition"] == "firing" for r in ranked):
        state = "new"
    since = min(max(_known(r), raised.get(str(r["warning_id"]), _known(r))) for r in unseen or ranked)
    limit = seen_by(severity, since, is_workday) if state in UNSEEN else None
    return Matter(ranked[0], tuple(ranked), state, severity, since, limit)


def _stage(state: State, states: Sequence[State]) -> int:
    if state in ("new", "returned"):
        return 0 if state == "new" else 1
    if state == "missing":
        return 2
    return 3 + HANDLINGS.index(state)


def seen_by(severity: str, since: datetime, is_workday: Callable[[date], bool]) -> datetime | None:
    """The latest time to acknowledge: red 30 minutes, orange 2 hours, yellow the same hour of the next working day."""
    if severity in SOON:
        return since + SOON[severity]
    if severity != "yellow":
        return None
    day = since + timedelta(days=1)
    while not is_workday(day.date()):
        day += timedelta(days=1)
    return day
