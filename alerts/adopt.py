"""Incidents in the operations store: which warnings belong together after a run, and which were planned work."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alerts import store
from alerts.incidents import Arranged, Change, Site, Told, arrange
from alerts.signals import Source, with_relations
from warehouse import ops

# A warning older than this has found its incident, or never will.
LOOK_BACK = timedelta(days=14)
TOPOLOGY = Path(__file__).with_name("topology.sql")
CHANGES = Path(__file__).with_name("changes.sql")


def adopt(kept: sa.Engine, source: Source, as_of: datetime) -> Arranged:
    """Arrange the warnings of the last two weeks and keep what changed. Done twice, the second time changes nothing."""
    since = as_of - LOOK_BACK
    w = ops.warning.c
    rows = store.warnings(kept, w.fired_at >= since, w.fired_at <= as_of)
    if not rows:
        return arrange([], {}, [])
    arranged = arrange([_told(row) for row in rows], sites(source), changes(source, since, as_of))
    keep(kept, rows, arranged, as_of)
    return arranged


def keep(kept: sa.Engine, rows: list[dict[str, Any]], arranged: Arranged, as_of: datetime) -> None:
    """Write incidents and planned work to the warnings they concern, and to their history."""
    now = {row["warning_id"]: row for row in rows}
    w = ops.warning.c
    with ops.writing(kept) as con:
        for incident in arranged.incidents:
            if len(incident.roles) < 2:
                continue  # one warning alone needs no name for what it belongs to
            for number, role in sorted(incident.roles.items()):
                if now[number]["incident_id"] == incident.id:
                    continue
                con.execute(ops.warning.update().where(w.warning_id == number).values(incident_id=incident.id))
                store.tell(con, number, as_of, store.ENGINE, "join", "", {"incident": incident.id, "role": role})
        for number, change in sorted(arranged.planned.items()):
            if now[number]["severity"] == "blue":
                continue
            con.execute(ops.warning.update().where(w.warning_id == number).values(severity="blue"))
            store.tell(
                con, number, as_of, store.ENGINE, "planned", "", {"change": change, "was": now[number]["severity"]}
            )


def sites(source: Source) -> dict[str, Site]:
    """Where sites stand, and the names of what lies around them."""
    frame = source.select(with_relations(TOPOLOGY.read_text(encoding="utf-8")), {})
    found = {}
    for row in frame.to_dict("records"):
        words = [row["area_id"], row["town"], row["place_id"], row["place_name"], *str(row["aliases"] or "").split(";")]
        names = frozenset(str(word) for word in words if isinstance(word, str) and word)
        region = row["region_code"] if isinstance(row["region_code"], str) else ""
        found[str(row["site_id"])] = Site(float(row["lon"]), float(row["lat"]), region, names | {str(row["site_id"])})
    return found


def changes(source: Source, since: datetime, until: datetime) -> list[Change]:
    """Changes whose windows touch a time."""
    frame = source.select(CHANGES.read_text(encoding="utf-8"), {"since": since, "until": until})
    return [
        Change(
            str(row["change_id"]),
            str(row["kind"]),
            row["started_at"].to_pydatetime(),
            row["ended_at"].to_pydatetime(),
            row["scope_region"] if isinstance(row["scope_region"], str) else "",
            row["scope_cells"] if isinstance(row["scope_cells"], str) else "",
        )
        for row in frame.to_dict("records")
    ]


def _told(row: dict[str, Any]) -> Told:
    seen = json.loads(row["evidence_json"] or "{}")
    return Told(
        row["warning_id"],
        row["rule_id"],
        row["scope_id"],
        _began(row, seen),
        row["fired_at"],
        row["cleared_at"],
        frozenset(filter(None, str(seen.get("sites") or "").split(","))),
        str(seen.get("area_id") or row["scope_id"]),
        str(seen.get("region_code") or ""),
    )


def _began(row: dict[str, Any], seen: dict[str, Any]) -> datetime:
    """When it really began, where the signal knows it: an alarm is older than the evaluation that finds it."""
    since = seen.get("out_since")
    began: datetime = row["first_breach_at"]
    return min(began, datetime.fromisoformat(since)) if isinstance(since, str) else began
