"""Numbers of tickets in warnings, kept from who may not read those rows: by role, by district and by department.

Warnings themselves are everybody's. A warning of one ticket has its number for a scope; others name some in evidence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from warehouse import scope, selects
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

EVIDENCE = ("worst", "tickets")
HIDDEN = "…"
_SCOPE = "ticket"


def kept_back(viewer: Viewer, rows: Sequence[Mapping[str, Any]], source: Reader) -> list[dict[str, Any]]:
    """The rows of warnings with only those tickets named that the viewer may read."""
    if viewer.sees_rows and viewer.regions is None and viewer.departments is None:
        return [dict(row) for row in rows]
    named = {number for row in rows for number in _named(row)}
    open_to = _read(viewer, named, source) if viewer.sees_rows and named else frozenset()
    return [_without(row, open_to) for row in rows]


def _named(row: Mapping[str, Any]) -> list[str]:
    seen = json.loads(row["evidence_json"] or "{}")
    found = [one for name in EVIDENCE for one in str(seen.get(name) or "").split(",") if one]
    return [*found, row["scope_id"]] if row["scope_kind"] == _SCOPE else found


def _read(viewer: Viewer, numbers: set[str], source: Reader) -> frozenset[str]:
    tickets = sa.table("fact_ticket")
    number = scope.col(tickets, "ticket_id")
    inside = selects.inside(source.levels, "fact_ticket", viewer, Filters(), tickets)
    found = source.run(sa.select(number).select_from(tickets).where(number.in_(sorted(numbers)), *inside))
    return frozenset(found["ticket_id"])


def _without(row: Mapping[str, Any], open_to: frozenset[str]) -> dict[str, Any]:
    kept = dict(row)
    if row["scope_kind"] == _SCOPE and row["scope_id"] not in open_to:
        kept["scope_id"] = HIDDEN
    seen = json.loads(row["evidence_json"] or "{}")
    told = {name: str(seen[name]).split(",") for name in EVIDENCE if seen.get(name)}
    if told:
        left = {name: ",".join(n for n in numbers if n in open_to) or HIDDEN for name, numbers in told.items()}
        kept["evidence_json"] = json.dumps({**seen, **left}, ensure_ascii=False)
    return kept
