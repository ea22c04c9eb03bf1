"""A deed of a person about a whole matter: one warning, or all of an incident in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from alerts import store
from alerts.actions import store as measures
from alerts.actions.item import Draft
from alerts.handling import Deed, NotPossible, possible
from warehouse import ops

# A word is said once, about the warning that speaks for the others; anything else is done to each.
SAID: frozenset[Deed] = frozenset({"comment", "instruct"})


def act_together(
    kept: sa.Engine, seen: Mapping[str, int], deed: Deed, actor: str, at: datetime, note: str = "",
    promised: Draft | None = None, **detail: Any,
) -> list[str]:  # fmt: skip
    """Do it to every warning of a matter whose state allows it; gives their ids. The first of `seen` speaks for all.

    `seen` maps each id to the revision the person saw. Raises `Stale` when any was changed since, `NotPossible` when
    none allows it, `Unknown` for an id that is not there; nothing is written then. `promised` is what comes of it for
    the register of measures, kept or lost with the deed.
    """
    with ops.writing(kept) as con:
        rows = {n: _row(con, n) for n in seen}
        if any(rows[n]["revision"] != revision for n, revision in seen.items()):
            raise store.Stale(f"{next(iter(seen))} was changed meanwhile")
        allowed = [n for n, row in rows.items() if deed in possible(row["handling"])]
        if deed in SAID:
            allowed = allowed[:1]
        if not allowed:
            raise NotPossible(deed, next(iter(rows.values()))["handling"])
        for number in allowed:
            store.act_in(con, rows[number], deed, actor, _after(con, number, at), note, detail)
        if promised is not None:
            _promise(con, promised, deed, actor, at)
    return allowed


def _promise(con: sa.Connection, draft: Draft, deed: Deed, actor: str, at: datetime) -> None:
    """A matter has one open measure, which is put under supervision; every instruction is one of its own."""
    i = ops.action_item.c
    query = sa.select(i.action_id, i.revision, i.level).where(
        i.source_ref == draft.source_ref, i.source == draft.source, i.state != "closed"
    )
    known = None if deed == "instruct" else con.execute(query).mappings().first()
    if known is None:
        measures.start_in(con, draft, actor, at)
    elif deed == "supervise":
        measures.act_in(con, known["action_id"], "edit", actor, at, known["revision"], draft.measure, level=draft.level)


def silence(
    kept: sa.Engine, seen: Mapping[str, int], actor: str, at: datetime, until: datetime, reason: str
) -> list[str]:
    """Nobody is told of these scopes under these rules until a time; they stay on the board. Needs a reason and an end.

    Raises `ValueError` without either, `Stale` and `Unknown` as `act_together` does.
    """
    if not reason.strip() or until <= at:
        raise ValueError("a silence needs a reason and an end that is to come")
    with ops.writing(kept) as con:
        for number, revision in seen.items():
            row = _row(con, number)
            if row["revision"] != revision:
                raise store.Stale(f"{number} was changed meanwhile")
            con.execute(
                ops.silence.insert().values(
                    rule_id=row["rule_id"], scope_id=row["scope_id"], begins_at=at, ends_at=until, reason=reason,
                    created_by=actor,
                )
            )  # fmt: skip
            con.execute(ops.warning.update().where(ops.warning.c.warning_id == number).values(revision=revision + 1))
            store.tell(con, number, _after(con, number, at), actor, "silence", reason, {"until": until})
    return list(seen)


def _row(con: sa.Connection, number: str) -> sa.RowMapping:
    row = con.execute(sa.select(ops.warning).where(ops.warning.c.warning_id == number)).mappings().first()
    if row is None:
        raise store.Unknown(number)
    return row


def _after(con: sa.Connection, number: str, at: datetime) -> datetime:
    """What is done now comes after all that is written, also where the clock of a demo stands still."""
    e = ops.warning_event.c
    last = con.execute(sa.select(sa.func.max(e.happened_at)).where(e.warning_id == number)).scalar()
    return at if last is None or last < at else last + timedelta(seconds=1)
