"""Reading the register: what is open, what a week promised and kept, one measure with its history.

Whoever shows or prints measures reads them here. Days are local; `today` and `at` are told, never looked up.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import sqlalchemy as sa

from alerts.actions.item import Action, Event
from alerts.actions.states import OWN
from alerts.actions.store import event, item
from warehouse import ops

AGAIN = timedelta(days=90)  # the same problem within so long of being closed came back


@dataclass(frozen=True)
class Week:
    """What a week promised and kept. `due`: their day was in the week; `done` and `verified` of those; `overdue`,
    `unverified` and `replies` as they stood when it ended; `raised` and `closed` in it. The worst come first."""

    begins: date
    ends: date
    due: tuple[Action, ...]
    done: tuple[Action, ...]
    verified: tuple[Action, ...]
    overdue: tuple[Action, ...]
    unverified: tuple[Action, ...]
    replies: tuple[Action, ...]
    raised: tuple[Action, ...]
    closed: tuple[Action, ...]
    open: tuple[Action, ...]


@dataclass(frozen=True)
class Counts:
    """What waits in the register on a day."""

    open: int
    overdue: int
    supervised_overdue: int
    unverified: int
    returned: int
    soon: int
    replies: int
    replies_overdue: int


def all_items(kept: sa.Engine) -> list[Action]:
    """Every measure as it stands, by id."""
    with kept.connect() as con:
        return items_in(con)


def items_in(con: sa.Connection) -> list[Action]:
    """The same, inside a transaction."""
    rows = con.execute(sa.select(ops.action_item).order_by(ops.action_item.c.action_id)).mappings()
    return [item(row) for row in rows]


def open_items(kept: sa.Engine, today: date, owners: Sequence[str] | None = None) -> list[Action]:
    """What is not closed: overdue first, then what waits to be verified, then by day. `owners`: these departments."""
    found = [a for a in all_items(kept) if a.is_open and (owners is None or a.owner_dept in owners)]
    return sorted(found, key=lambda a: a.order(today))


def of_week(kept: sa.Engine, begins: date, ends: date) -> Week:
    """A week, `ends` included, as the register stood when it was over: later deeds change nothing."""
    return week_of(as_at(kept, datetime.combine(ends + timedelta(days=1), time())), begins, ends)


def week_of(items: Sequence[Action], begins: date, ends: date) -> Week:
    """The same of measures that are there already."""
    day = ends + timedelta(days=1)
    ranked = sorted(rectifications(items), key=lambda a: a.order(day))

    def within(at: date | datetime | None) -> bool:
        found = at.date() if isinstance(at, datetime) else at
        return found is not None and begins <= found <= ends

    due = tuple(a for a in ranked if within(a.due_on))
    return Week(
        begins,
        ends,
        due,
        tuple(a for a in due if a.done_on is not None or a.state in ("verifying", "closed")),
        tuple(a for a in due if a.state == "closed" and a.result is not None),
        tuple(a for a in ranked if a.is_overdue(day)),
        tuple(a for a in ranked if a.state == "verifying"),
        tuple(a for a in ranked if a.waits_for_reply),
        tuple(a for a in ranked if within(a.raised_at)),
        tuple(a for a in ranked if within(a.closed_at)),
        tuple(a for a in ranked if a.is_open),
    )


def rectifications(items: Sequence[Action]) -> list[Action]:
    """The measures that somebody asked for; what M53 counts."""
    return [a for a in items if a.source != OWN]


def as_at(kept: sa.Engine, at: datetime) -> list[Action]:
    """The register as it stood just before an instant: the events until then, added up."""
    e = ops.action_event.c
    query = sa.select(ops.action_event).where(e.happened_at < at).order_by(e.action_id, e.revision)
    rows: dict[str, dict[str, object]] = {}
    with kept.connect() as con:
        for line in con.execute(query).mappings():
            told = event(line)
            row = rows.setdefault(told.action_id, dict.fromkeys(ops.action_item.columns.keys()))
            row.update(told.changes, action_id=told.action_id, revision=told.revision)
    return [item(row) for row in rows.values() if row["source"] is not None]


def one(kept: sa.Engine, action_id: str) -> Action | None:
    """A measure by its id."""
    with kept.connect() as con:
        query = sa.select(ops.action_item).where(ops.action_item.c.action_id == action_id)
        row = con.execute(query).mappings().first()
    return item(row) if row else None


def of_source(kept: sa.Engine, source_ref: str) -> list[Action]:
    """The measures that came of a warning, hotspot or case, such as `warning:RN02-…`."""
    with kept.connect() as con:
        query = sa.select(ops.action_item).where(ops.action_item.c.source_ref == source_ref)
        return [item(row) for row in con.execute(query.order_by(ops.action_item.c.raised_at)).mappings()]


def history(kept: sa.Engine, action_id: str) -> list[Event]:
    """Everything that happened to a measure, in order."""
    e = ops.action_event.c
    with kept.connect() as con:
        query = sa.select(ops.action_event).where(e.action_id == action_id).order_by(e.revision)
        return [event(row) for row in con.execute(query).mappings()]


def counts(items: Sequence[Action], today: date) -> Counts:
    """What waits on a day."""
    open_ = [a for a in items if a.is_open]
    replies = [a for a in open_ if a.waits_for_reply]
    return Counts(
        len(open_),
        sum(a.is_overdue(today) for a in open_),
        sum(a.is_overdue(today) and a.is_supervised for a in open_),
        sum(a.is_unverified(today) for a in open_),
        sum(a.state == "returned" for a in open_),
        sum(a.is_soon(today) for a in open_),
        len(replies),
        sum(a.reply_by is not None and a.reply_by < today for a in replies),
    )


def recurred(items: Sequence[Action]) -> list[Action]:
    """复发: closed measures whose problem was raised again, same kind of complaint and place, within 90 days."""
    raised: dict[tuple[str, str, str | None], list[datetime]] = {}
    for a in items:
        raised.setdefault(_about(a), []).append(a.raised_at)
    return [
        a
        for a in items
        if a.closed_at is not None and any(timedelta(0) < at - a.closed_at <= AGAIN for at in raised[_about(a)])
    ]


def closed_share(items: Sequence[Action], today: date) -> tuple[int, int]:
    """整改闭环率 (M53_CLOSED) as numerator and denominator."""
    due = [a for a in rectifications(items) if a.due_on < today]
    return sum(a.state == "closed" and a.result is not None for a in due), len(due)


def hotspots_share(items: Sequence[Action], today: date) -> tuple[int, int]:
    """热点销项率 (M51_FIXED): as `closed_share`, of the measures that came of a hotspot."""
    return closed_share([a for a in items if a.source == "hotspot"], today)


def late_share(items: Sequence[Action], today: date) -> tuple[int, int]:
    """逾期率 (M53_LATE)."""
    n = counts(rectifications(items), today)
    return n.overdue, n.open


def again_share(items: Sequence[Action], again: Collection[str]) -> tuple[int, int]:
    """复发率 (M53_AGAIN) of some measures; `again` are the ids of `recurred` among all of them."""
    closed = [a for a in rectifications(items) if a.state == "closed"]
    return sum(a.action_id in again for a in closed), len(closed)


def _about(action: Action) -> tuple[str, str, str | None]:
    return action.scope_kind, action.scope_id, action.verify_type
