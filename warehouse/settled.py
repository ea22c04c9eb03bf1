"""What is settled in files — limits, the workspace, rules, contracts — leaves a row of the trail when it changed.

Every load and build looks. What a file was before is read from the trail itself: its newest row says so.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import tomllib
from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from warehouse import audit, ops, policies
from warehouse.audit import Event
from warehouse.home import Home

POLICIES, WORKSPACE = "policies.toml", "workspace.toml"
FOLDERS = ("rules", "contracts")


def files(home: Home) -> dict[str, Path]:
    """Name in the trail -> file: the limits, and what stands in the home."""
    found = {POLICIES: policies.FILE, WORKSPACE: home.workspace_file}
    for folder in FOLDERS:
        found |= {f"{folder}/{path.name}": path for path in sorted((home.root / folder).glob("*.toml"))}
    return found


def operator() -> str:
    """Who works at this command line: the user of the operating system, not what the environment says of him."""
    try:
        name = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        name = str(os.getuid())
    return f"command line: {name}"[:120]


def note(
    store: sa.Engine | None,
    found: Mapping[str, Path],
    by: str,
    at: datetime,
    folders: Collection[str] = FOLDERS,
) -> list[str]:
    """A row for each file that is not as the trail knew it; gives their names. `at`: UTC.

    `folders`: a file of these that is there no more has changed too. Without a store nothing is noted, and the first
    command that finds one notes all. Raises SQLAlchemy's errors where the trail cannot be written.
    """
    if store is None:
        return []
    now = {name: _told(path.read_bytes()) for name, path in found.items() if path.exists()}
    with ops.writing(store) as con:
        audit.take_turn(con)
        before = _before(con)
        looked_at = {*found, *(n for n in before if n.partition("/")[0] in folders)}
        gone = [n for n, d in before.items() if d["new"] and n in looked_at - set(now)]
        changed = sorted([n for n, d in now.items() if before.get(n, {}).get("new") != d["new"]] + gone)
        for name in changed:
            was = before.get(name, {})
            detail = {"old": was.get("new"), **now.get(name, {"new": None})}
            if was.get("versions") and was["versions"] != detail.get("versions"):
                detail["old_versions"] = was["versions"]
            audit.record_in(con, Event("policy", by, "", name, detail), at)
    return changed


def _before(con: sa.Connection) -> dict[str, dict[str, Any]]:
    a = ops.audit_event.c
    listed = sa.select(a.subject, a.detail_json).where(a.kind == "policy").order_by(a.event_no)
    rows = con.execute(listed).mappings()
    return {row["subject"]: {"new": None, **audit.read_detail(dict(row))} for row in rows}


def _told(content: bytes) -> dict[str, Any]:
    """Digest and size of a file, and the versions that it names of its parts."""
    told: dict[str, Any] = {"new": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    try:
        parts = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return told
    named = {k: v["version"] for k, v in parts.items() if isinstance(v, dict) and "version" in v}
    named |= {"": parts["version"]} if "version" in parts else {}
    return told | ({"versions": {k: str(v)[:20] for k, v in list(named.items())[:40]}} if named else {})
