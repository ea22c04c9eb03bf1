"""The audit trail: only ever added to, each row sealed with the one before. Kept three years at least (PIPL 54–56).

A row changed, taken out or put elsewhere breaks the chain at its number. Rows cut off at the end do not: therefore the
last seal is kept beside the chain, printed by `verify`, and can be held against a note made elsewhere.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from warehouse import ops

KINDS = (
    "sign_in", "sign_in_failed", "sign_out", "password", "account", "refused", "page", "rows", "deed", "rule",
    "policy", "export_asked", "export_decided", "export_taken", "erased", "retained",
)  # fmt: skip
BEGIN = "0" * 64
KEPT_YEARS = 3
_HEAD = "audit_head"
_CHAIN_LOCK = 7_202_611  # any number, the same for every process
_BATCH = 5000
_MOST_DETAIL = 4000


@dataclass(frozen=True)
class Event:
    """What happened. `keys`: the customers whose rows were shown. Texts are cut to what the table holds."""

    kind: str
    actor: str
    role: str
    subject: str
    detail: Mapping[str, Any] | None = None
    n_rows: int | None = None
    purpose: str = ""
    keys: Collection[str] = ()


@dataclass(frozen=True)
class Verdict:
    """What a check of the chain found. `fault` is None when every row is as it was written."""

    n: int
    head: str
    fault: str | None = None


def record(store: sa.Engine, event: Event, at: datetime) -> int:
    """Add an event; gives its number. One transaction, under the write lock, so that processes form one chain."""
    with ops.writing(store) as con:
        return record_in(con, event, at)


def record_in(con: sa.Connection, event: Event, at: datetime) -> int:
    """The same inside a deed's own transaction: both are kept or none."""
    if event.kind not in KINDS:
        raise ValueError(f"{event.kind!r} is no kind of event")
    take_turn(con)
    a = ops.audit_event
    last = con.execute(sa.select(a.c.event_no, a.c.seal).order_by(a.c.event_no.desc()).limit(1)).first()
    keys = sorted({str(k) for k in event.keys if k})
    row: dict[str, Any] = {
        "event_no": (last.event_no if last else 0) + 1,
        "happened_at": at.replace(microsecond=0),
        "actor": event.actor[:120],
        "role": event.role[:16],
        "kind": event.kind,
        "subject": event.subject[:200],
        "detail_json": _written(dict(event.detail or {})),
        "n_rows": event.n_rows,
        "purpose": event.purpose[:200],
        "keys_hash": _keys_hash(keys),
        "previous": last.seal if last else BEGIN,
    }
    row["seal"] = _seal(row)
    con.execute(a.insert().values(**row))
    if keys:
        con.execute(ops.audit_seen.insert(), [{"event_no": row["event_no"], "cust_key": key} for key in keys])
    _keep_head(con, f"{row['event_no']}:{row['seal']}")
    return int(row["event_no"])


def take_turn(con: sa.Connection) -> None:
    """Within a deed: nobody else adds to the chain until it ends. SQLite's own lock is held already."""
    if con.dialect.name == "postgresql":
        con.execute(sa.select(sa.func.pg_advisory_xact_lock(_CHAIN_LOCK)))


def verify(store: sa.Engine, noted: str | None = None) -> Verdict:
    """Read the whole chain. `noted` is a head (`number:seal`) that somebody wrote down earlier."""
    previous, number = BEGIN, 0
    seals: dict[int, str] = {}
    wanted = int(noted.partition(":")[0]) if noted else None
    with store.connect() as con:
        kept = con.execute(sa.select(ops.about.c.value).where(ops.about.c.name == _HEAD)).scalar()
        while batch := _batch(con, number):
            seen = _seen(con, batch[0]["event_no"], batch[-1]["event_no"])
            for row in batch:
                number += 1
                fault = _fault(row, number, previous, seen.pop(row["event_no"], []))
                if fault:
                    return Verdict(number - 1, previous, fault)
                previous = row["seal"]
                if number == wanted:
                    seals[number] = previous
        stray = con.execute(
            sa.select(sa.func.min(ops.audit_seen.c.event_no)).where(ops.audit_seen.c.event_no > number)
        ).scalar()
    head = f"{number}:{previous}"
    if (kept or f"0:{BEGIN}") != head:
        return Verdict(number, head, f"the chain ends with row {number}, and {_told(kept)} was written last")
    if stray is not None:
        return Verdict(number, head, f"customers are kept for row {stray}, which is gone")
    if noted and f"{wanted}:{seals.get(wanted or 0, BEGIN)}" != noted:
        return Verdict(number, head, f"row {wanted} is not the one whose seal was noted")
    return Verdict(number, head)


def who_saw(store: sa.Engine, cust_key: str) -> list[dict[str, Any]]:
    """Every event that showed or exported rows of a customer, newest first."""
    a, s = ops.audit_event, ops.audit_seen
    chosen = sa.select(a).join_from(s, a, s.c.event_no == a.c.event_no).where(s.c.cust_key == cust_key)
    with store.connect() as con:
        return [dict(r) for r in con.execute(chosen.order_by(a.c.event_no.desc())).mappings()]


def search(
    store: sa.Engine,
    *,
    kinds: Collection[str] = (),
    actor: str = "",
    text: str = "",
    cust_key: str = "",
    begin: date | None = None,
    end: date | None = None,
    page: int = 0,
    size: int = 50,
) -> tuple[list[dict[str, Any]], int]:
    """One page of events, newest first, and how many there are. `end` is the day after the last one; both are days, or
    instants, of UTC. `text` is looked for in what an event is about and in what was asked."""
    a = ops.audit_event.c
    limits: list[sa.ColumnElement[bool]] = []
    if kinds:
        limits.append(a.kind.in_(sorted(kinds)))
    if actor:
        limits.append(a.actor.contains(actor, autoescape=True))
    if text:
        limits.append(sa.or_(a.subject.contains(text, autoescape=True), a.detail_json.contains(text, autoescape=True)))
    if cust_key:
        held = sa.select(ops.audit_seen.c.event_no).where(ops.audit_seen.c.cust_key == cust_key)
        limits.append(a.event_no.in_(held))
    if begin:
        limits.append(a.happened_at >= _instant(begin))
    if end:
        limits.append(a.happened_at < _instant(end))
    listed = sa.select(ops.audit_event).where(*limits).order_by(a.event_no.desc()).limit(size).offset(page * size)
    with store.connect() as con:
        rows = [dict(r) for r in con.execute(listed).mappings()]
        n = con.execute(sa.select(sa.func.count()).select_from(ops.audit_event).where(*limits)).scalar()
    return rows, int(n or 0)


def _instant(day: date) -> datetime:
    return day if isinstance(day, datetime) else datetime(day.year, day.month, day.day)


def _batch(con: sa.Connection, after: int) -> list[dict[str, Any]]:
    # By position, not by number: a gap or a second row under one number must show.
    a = ops.audit_event
    listed = sa.select(a).where(a.c.event_no > after).order_by(a.c.event_no).limit(_BATCH)
    return [dict(r) for r in con.execute(listed).mappings()]


def _seen(con: sa.Connection, first: int, last: int) -> dict[int, list[str]]:
    s = ops.audit_seen.c
    found: dict[int, list[str]] = {}
    for row in con.execute(sa.select(s.event_no, s.cust_key).where(s.event_no.between(first, last))):
        found.setdefault(row.event_no, []).append(row.cust_key)
    return found


def _fault(row: dict[str, Any], number: int, previous: str, keys: list[str]) -> str | None:
    if row["event_no"] != number:
        return f"row {number} is missing"
    if row["previous"] != previous:
        return f"row {number} does not follow row {number - 1}: one of them was exchanged"
    if _keys_hash(sorted(keys)) != row["keys_hash"]:
        return f"the customers of row {number} were changed"
    return None if _seal(row) == row["seal"] else f"row {number} was changed"


def _seal(row: Mapping[str, Any]) -> str:
    told = [row[c.name] for c in ops.audit_event.columns if c.name != "seal"]
    text = json.dumps([v.isoformat() if isinstance(v, datetime) else v for v in told], ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _written(detail: dict[str, Any]) -> str:
    """JSON that the table holds; what is too long is cut within its values, so that it can be read again."""
    for most in (_MOST_DETAIL, 400, 80, 20):
        text = json.dumps(_cut(detail, most), ensure_ascii=False, sort_keys=True, default=str)
        if len(text) <= _MOST_DETAIL:
            return text
    return json.dumps({"cut": sorted(map(str, detail))[:20]}, ensure_ascii=False)[:_MOST_DETAIL]


def _cut(value: Any, most: int) -> Any:
    if isinstance(value, str):
        return value if len(value) <= most else value[:most] + "…"
    if isinstance(value, Mapping):
        return {str(k)[:most]: _cut(v, most) for k, v in value.items()}
    return [_cut(v, most) for v in value] if isinstance(value, list | tuple) else value


def read_detail(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row of the trail says beside its columns; rows that an older version cut within the JSON say nothing."""
    try:
        told = json.loads(row["detail_json"] or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _keys_hash(keys: list[str]) -> str:
    return hashlib.sha256("\n".join(keys).encode()).hexdigest() if keys else ""


def _keep_head(con: sa.Connection, head: str) -> None:
    about = ops.about
    if con.execute(about.update().where(about.c.name == _HEAD).values(value=head)).rowcount == 0:
        con.execute(about.insert().values(name=_HEAD, value=head))


def _told(head: str | None) -> str:
    return f"row {head.partition(':')[0]}" if head else "none"
