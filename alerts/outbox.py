"""Sending what waits in the outbox: at least once, each target on its own, never more than twenty a minute.

A message is marked only after it was taken. Who is killed between the two sends that one message again and no other;
its id stands in the last line, so that a reader sees it is the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from warehouse import ops

A_MINUTE = 20
BACK_OFF_MINUTES = (1, 2, 5, 15, 60)
Send = Callable[[str, str, str], None]  # address, title, body; raises when it was not taken


@dataclass(frozen=True)
class Delivered:
    """How a round went."""

    n_sent: int
    n_failed: int
    n_waiting: int


def deliver(
    kept: sa.Engine, addresses: Mapping[str, str], send: Send, clock: Callable[[], datetime], a_minute: int = A_MINUTE
) -> Delivered:
    """Try everything that is due, the oldest first. What one target may not get in this minute waits for a later round.

    `addresses` gives the address of each target; a target without one keeps its messages.
    """
    n_sent = n_failed = 0
    now = clock()
    with kept.connect() as con:
        o = ops.outbox.c
        due = con.execute(
            sa.select(o.message_id, o.target, o.title, o.body, o.n_tries)
            .where(o.state == "waiting", o.next_try_at <= now)
            .order_by(o.created_at, o.message_id)
        ).all()
        recent = con.execute(sa.select(o.target).where(o.sent_at > now - timedelta(minutes=1))).scalars()
        n_recent = Counter(recent)
    stopped: set[str] = set()
    for message in due:
        target = message.target
        if target in stopped or n_recent[target] >= a_minute:
            continue
        fault = _try(addresses.get(target), send, message)
        if fault is None:
            n_sent += 1
            n_recent[target] += 1
        else:
            # The messages behind it keep their order and wait with it.
            n_failed += 1
            stopped.add(target)
        _mark(kept, message.message_id, message.n_tries + 1, fault, clock())
    with kept.connect() as con:
        n_waiting = con.execute(sa.select(sa.func.count()).where(ops.outbox.c.state == "waiting")).scalar_one()
    return Delivered(n_sent, n_failed, int(n_waiting))


def waiting(kept: sa.Engine) -> list[dict[str, Any]]:
    """What is still to be sent, the oldest first."""
    query = sa.select(ops.outbox).where(ops.outbox.c.state == "waiting").order_by(ops.outbox.c.created_at)
    with kept.connect() as con:
        return [dict(row) for row in con.execute(query).mappings()]


def _try(address: str | None, send: Send, message: Any) -> str | None:
    """None when the message was taken, else why not. A reason never holds the address: there are secrets in it."""
    if not address:
        return "no address: its environment variable is not set"
    try:
        send(address, message.title, f"{message.body}\n[{message.message_id}]")
    except Exception as error:
        return type(error).__name__ if address in str(error) else f"{type(error).__name__}: {error}"[:200]
    return None


def _mark(kept: sa.Engine, number: str, n_tries: int, fault: str | None, now: datetime) -> None:
    values: dict[str, object] = {"n_tries": n_tries, "fault": fault}
    if fault is None:
        values |= {"state": "sent", "sent_at": now}
    else:
        minutes = BACK_OFF_MINUTES[min(n_tries, len(BACK_OFF_MINUTES)) - 1]
        values["next_try_at"] = now + timedelta(minutes=minutes)
    with ops.writing(kept) as con:
        con.execute(ops.outbox.update().where(ops.outbox.c.message_id == number).values(**values))


def by_apprise(address: str, title: str, body: str) -> None:
    """Send through apprise. Raises when the address is of no known kind or the message was not taken."""
    import apprise

    messenger = apprise.Apprise()
    if not messenger.add(address):
        raise ValueError("the address is of no kind that apprise knows")
    if not messenger.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT):
        raise ConnectionError("the other side did not take the message")
