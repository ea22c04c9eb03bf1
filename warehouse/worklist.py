"""What planners wrote about hotspots: which remedies were tried, what is in the pipeline, who has it.

Lines are only added; the newest of a field holds, and everything stays as history.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pandas as pd
import sqlalchemy as sa

from warehouse.needs import CHEAPER, PIPELINE, SITES, STANDS
from warehouse.ops import need_event
from warehouse.problems import problem

NOTE, OWNER, DUE, SITE = "note", "owner", "due", "site"
_CHOICES: dict[str, tuple[str, ...]] = {**dict.fromkeys(CHEAPER, STANDS), "pipeline": PIPELINE, SITE: ("", *SITES)}
_FREE = (NOTE, OWNER, DUE)
_MOST = 200


class Changed(Exception):
    """Somebody else wrote in the meantime."""


def standing(engine: sa.Engine) -> dict[str, dict[str, str]]:
    """hotspot_id -> field -> newest value, with "event" as the number of its newest line."""
    found: dict[str, dict[str, str]] = {}
    with engine.connect() as con:
        for row in con.execute(sa.select(need_event).order_by(need_event.c.event_no)).mappings():
            found.setdefault(row["hotspot_id"], {}).update({row["field"]: row["value"], "event": str(row["event_no"])})
    return found


def history(engine: sa.Engine, hotspot_id: str) -> pd.DataFrame:
    """Every line about a hotspot, newest first: happened_at, actor, field, value."""
    asked = sa.select(need_event).where(need_event.c.hotspot_id == hotspot_id).order_by(need_event.c.event_no.desc())
    with engine.connect() as con:
        return pd.DataFrame(con.execute(asked).mappings().all())


def write(
    engine: sa.Engine, hotspot_id: str, values: Mapping[str, str], actor: str, at: datetime, seen: str = ""
) -> int:
    """Add what differs from what stands, in one transaction; gives the number of lines.

    `seen` is the "event" that the writer saw ("" for none). Raises `Changed` when it is not the newest any more and
    `Problems` for a field or value that does not exist.
    """
    for field, value in values.items():
        if field not in _CHOICES and field not in _FREE:
            raise problem("work list", f"has no field {field!r}", f"use one of {', '.join([*_CHOICES, *_FREE])}")
        if field in _CHOICES and value not in _CHOICES[field]:
            raise problem("work list", f"{field} cannot be {value[:40]!r}", f"use one of {', '.join(_CHOICES[field])}")
        if len(value) > _MOST:
            raise problem("work list", f"{field} has {len(value)} characters", f"use {_MOST} at most")
    with engine.begin() as con:
        newest = con.execute(
            sa.select(sa.func.max(need_event.c.event_no)).where(need_event.c.hotspot_id == hotspot_id)
        ).scalar()
        if (str(newest) if newest else "") != seen:
            raise Changed
        rows = con.execute(
            sa.select(need_event.c.field, need_event.c.value)
            .where(need_event.c.hotspot_id == hotspot_id)
            .order_by(need_event.c.event_no)
        ).all()
        now = {row.field: row.value for row in rows}
        changed = {f: v for f, v in values.items() if v != now.get(f, "")}
        lines = [
            {"hotspot_id": hotspot_id, "happened_at": at, "actor": actor, "field": f, "value": v}
            for f, v in changed.items()
        ]
        if lines:
            con.execute(sa.insert(need_event), lines)
    return len(lines)
