"""What people typed before it was masked when it is kept: masked once in the operations store, and noted in the trail.

Numbers and names go as they do now when somebody types them; nothing else of a row changes, and a store is gone
through once. Left as it is: the audit trail and requests for files, which nobody changes, and the meetings of sealed
weeks, whose words are sealed on disk too. Those weeks are told.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from etl.privacy import scrub
from warehouse import audit, ops
from warehouse.audit import Event

ENGINE = "engine"  # its rows hold what rules found, which was scrubbed on its way in
# Table -> columns that people write into.
TYPED: Mapping[str, tuple[str, ...]] = {
    "action_item": ("problem", "measure", "result_note"),
    "action_event": ("note", "changes_json"),
    "note": ("text",),
    "need_event": ("value",),
    "review": ("minutes", "attendees"),
    "review_decision": ("text",),
    "warning": ("false_reason",),
    "warning_event": ("note", "detail_json"),
    "silence": ("reason",),
    "rule_version": ("reason",),
}
_DONE = "typed_masked"  # in `ops_about`


@dataclass
class Masked:
    """Rows that were changed by table, and sealed weeks whose words hold something that would be masked now."""

    rows: dict[str, int] = field(default_factory=dict)
    sealed: list[str] = field(default_factory=list)


def mask_once(store: sa.Engine, by: str, at: datetime) -> Masked | None:
    """Do it; None where it was done. One transaction, with the row of the trail. `at`: UTC."""
    about = ops.about
    with store.connect() as con:
        if _is_done(con):
            return None
    with ops.writing(store) as con:
        audit.take_turn(con)
        if _is_done(con):  # by whoever was faster
            return None
        done = Masked()
        r = ops.review.c
        sealed = set(con.execute(sa.select(r.week).where(r.minutes_sealed_at.is_not(None))).scalars())
        left: set[str] = set()
        for name, columns in TYPED.items():
            if n := _mask_table(con, ops.METADATA.tables[name], columns, sealed, left):
                done.rows[name] = n
        done.sealed = sorted(left)
        con.execute(about.insert().values(name=_DONE, value=at.isoformat(timespec="seconds")))
        if done.rows or done.sealed:
            detail = {"tables": done.rows, "weeks_left": done.sealed}
            audit.record_in(con, Event("deed", by, "", "typed text masked", detail, sum(done.rows.values())), at)
        return done


def _is_done(con: sa.Connection) -> bool:
    return con.execute(sa.select(ops.about.c.value).where(ops.about.c.name == _DONE)).scalar() is not None


def _mask_table(con: sa.Connection, table: sa.Table, columns: tuple[str, ...], sealed: set[str], left: set[str]) -> int:
    n, key = 0, list(table.primary_key)
    rows = con.execute(sa.select(*key, *(table.c[c] for c in {"week", "actor", *columns} & set(table.c.keys())))).all()
    for row in rows:
        told = row._mapping
        if told.get("actor") == ENGINE:
            continue
        given = {c: told[c] for c in columns if told[c]}
        kept = {c: harmless(str(v), c.endswith("_json")) for c, v in given.items()}
        changed = {c: v for c, v in kept.items() if v != given[c]}
        if changed and told.get("week") in sealed:
            left.add(str(told["week"]))
        elif changed:
            con.execute(table.update().where(*(c == told[c.name] for c in key)).values(**changed))
            n += 1
    return n


def harmless(text: str, is_json: bool = False) -> str:
    """Without numbers and names of people; as it was where none is in it, folded signs and all."""
    if not is_json:
        [kept] = scrub([text]).to_pylist()
        return str(kept) if str(kept).count("[") > text.count("[") else text
    try:
        told = json.loads(text)
    except ValueError:
        return harmless(text)
    kept = _within(told)
    return text if kept == told else json.dumps(kept, ensure_ascii=False)


def _within(told: Any) -> Any:
    if isinstance(told, str):
        return harmless(told)
    if isinstance(told, dict):
        return {name: _within(value) for name, value in told.items()}
    return [_within(value) for value in told] if isinstance(told, list) else told
