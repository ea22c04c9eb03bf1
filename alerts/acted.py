"""Where a measure of the register is under way: a hotspot that somebody mends already is no news (RC03).

Source: requirements 6.2, RC03. The places go into a rule as a parameter: its select stays one of a release.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from alerts.rules import Rule
from warehouse import ops

ACTED = "acted"  # the parameter of a rule that asks where a measure is under way
KINDS = frozenset({"hotspot", "place", "cell"})  # what a hotspot can be recognised by; a district is too large for that


def knowing(rule: Rule, kept: sa.Engine) -> Rule:
    """The rule, if it asks, with every place that had a measure: kind, id, since, until (None: it is open)."""
    if ACTED not in rule.parameters:
        return rule
    text = json.dumps(places(kept), ensure_ascii=False, default=_time)
    return rule.model_copy(update={"parameters": {**rule.parameters, ACTED: text}})


def places(kept: sa.Engine) -> list[dict[str, Any]]:
    """The places that measures are about, by their own scope or by that of the hotspot or warning they come of."""
    a, w = ops.action_item.c, ops.warning.c
    with kept.connect() as con:
        rows = con.execute(
            sa.select(
                a.scope_kind,
                a.scope_id,
                a.source_ref,
                a.raised_at,
                a.closed_at,
                w.scope_kind.label("of"),
                w.scope_id.label("warned"),
            )
            .select_from(ops.action_item.outerjoin(ops.warning, a.source_ref == sa.literal("warning:") + w.warning_id))
            .order_by(a.raised_at, a.action_id)
        ).mappings()
        return [
            {"kind": kind, "id": number, "since": row["raised_at"], "until": row["closed_at"]}
            for row in rows
            for kind, number in dict.fromkeys(_places(row))
        ]


def _places(row: sa.RowMapping) -> Iterator[tuple[str, str]]:
    if row["scope_kind"] in KINDS:
        for number in row["scope_id"].split(","):
            yield row["scope_kind"], number.strip()
    kind, _, number = (row["source_ref"] or "").partition(":")
    if kind in KINDS:
        yield kind, number
    if row["of"] == "hotspot":
        yield "hotspot", row["warned"]
    elif row["warned"]:
        # "NET/place:P1" of complaints from one spot, "cell:460-00-1" of the network.
        kind, _, number = row["warned"].rpartition("/")[2].rpartition(":")
        if kind in KINDS:
            yield kind, number


def _time(at: Any) -> str:
    return at.isoformat(sep=" ", timespec="seconds") if isinstance(at, datetime) else str(at)
