"""Whose file is this: from a file found somewhere back to the row of the trail that tells who took it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import sqlalchemy as sa

from warehouse import audit, ops
from warehouse.watermark import fits, in_workbook, is_mark, pattern

How = Literal["hash", "line", "mark"]


@dataclass(frozen=True)
class Taken:
    """Who took a file, and how it was known: the file as it was, the line to be read, or the id that is unseen."""

    how: How
    happened_at: datetime
    actor: str
    role: str
    subject: str
    n_rows: int
    detail: dict[str, Any]


def taken(store: sa.Engine, content: bytes) -> list[Taken]:
    """Every taking that fits to a file, newest first; by its hash alone where that is known."""
    digest, unseen = hashlib.sha256(content).hexdigest(), in_workbook(content)
    text = content.decode("utf-8-sig", "replace")
    found = pattern(text) if unseen is None else {}
    a, fitting = ops.audit_event, list[Taken]()
    with store.connect() as con:
        rows = con.execute(sa.select(a).where(a.c.kind == "export_taken").order_by(a.c.event_no.desc())).mappings()
        for row in rows:
            detail = audit.read_detail(dict(row))
            mark = str(detail.get("mark", ""))
            how: How | None = None
            if detail.get("sha256") == digest:
                how = "hash"
            elif is_mark(mark):
                how = "line" if mark in text else "mark" if mark == unseen or fits(found, mark) else None
            if how is not None:
                told = (row["happened_at"], row["actor"], row["role"], row["subject"], row["n_rows"] or 0)
                fitting.append(Taken(how, *told, detail))
    exact = [one for one in fitting if one.how == "hash"]
    return exact or fitting
