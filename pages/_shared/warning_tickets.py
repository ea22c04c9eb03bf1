"""Numbers of tickets in warnings, kept from who may not read those rows: by role, by district and by department.

Which warnings a viewer sees is decided in `alerts/listing.py`. A warning of one ticket has its number for a scope;
others name some in evidence, and people may name one in what they write.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from alerts.sentence import WITHHELD as HIDDEN
from warehouse import scope, selects
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

EVIDENCE = ("worst", "tickets")
_SCOPE = "ticket"
_SIGN = "[0-9A-Za-z０-９Ａ-Ｚａ-ｚ]"
_TOKEN = re.compile(f"{_SIGN}+(?:[-_－＿]{_SIGN}+)*")
_DAY = re.compile(r"(?:\d{4}-)?\d{1,2}-\d{1,2}|20\d{6}")
_LEAST_DIGITS = 6  # of what may be the number of a ticket that no release holds any more
# Of what people did the detail is shown; the engine keeps its evidence there, which names tickets.
_ENGINE = "engine"


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


def told_back(viewer: Viewer, events: Sequence[Mapping[str, Any]], source: Reader) -> list[dict[str, Any]]:
    """Events of warnings with only those tickets named that the viewer may read.

    Whatever looks like a number of a ticket goes, unless it is one of the release and within the viewer's limits.
    """
    if viewer.sees_rows and not viewer.is_limited:
        return [dict(event) for event in events]
    found = {unicodedata.normalize("NFKC", token) for e in events for token in _TOKEN.findall(e["note"] or "")}
    named = {token for token in found if any(c.isdigit() for c in token)}
    tickets = _of_release(named, source) if named else frozenset()
    open_to = _read(viewer, set(tickets), source) if viewer.sees_rows and tickets else frozenset()

    def kept(at: re.Match[str]) -> str:
        token = unicodedata.normalize("NFKC", at[0])
        if token in open_to or _DAY.fullmatch(token):
            return at[0]
        is_long = sum(c.isdigit() for c in token) >= _LEAST_DIGITS
        return HIDDEN if is_long or token in tickets or token.upper() in tickets else at[0]

    return [
        {
            **event,
            "note": _TOKEN.sub(kept, event["note"] or ""),
            "detail_json": None if event["actor"] == _ENGINE else event["detail_json"],
        }
        for event in events
    ]


def without_tickets(text: str, source: Reader) -> str:
    """A text with no ticket of the release named in it, whoever may read which."""
    named = {unicodedata.normalize("NFKC", token) for token in _TOKEN.findall(text)}
    named = {token for token in named if any(c.isdigit() for c in token)}
    tickets = _of_release(named, source) if named else frozenset()
    if not tickets:
        return text

    def kept(at: re.Match[str]) -> str:
        token = unicodedata.normalize("NFKC", at[0])
        return HIDDEN if {token, token.upper()} & tickets else at[0]

    return _TOKEN.sub(kept, text)


def _of_release(named: set[str], source: Reader) -> frozenset[str]:
    """Which of these are numbers of tickets, whoever may read them."""
    return _read(Viewer.of("analyst"), named | {name.upper() for name in named}, source)
