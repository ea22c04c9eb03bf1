"""What is loaded, fresh, failed and waiting: everything `etl status` knows. What it says of it is `answer.py`'s."""

from __future__ import annotations

import fcntl
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from etl.contract import Contract
from etl.journal import Journal
from etl.register import SETTLED, Outcome, file_id, shown_name
from warehouse.home import Home
from warehouse.lock import WATCH_LOCK
from warehouse.release import Releases
from warehouse.workspace import Workspace

LATE_AFTER_PERIODS = 2


def summary(
    home: Home, workspace: Workspace, contracts: list[Contract], outcomes: list[Outcome], as_of: datetime
) -> dict[str, Any]:
    """Everything `python -m etl status --json` prints. `as_of` is local time, the instant freshness is judged at."""
    journal = Journal(home.logs)
    # A load writes its own entry; of the other commands only the watch knows.
    events = {"load": "run", "pull": "step", "build": "step"}
    runs = {name: run for name, event in events.items() if (run := journal.last(event, command=name))}
    return {
        "home": str(home.root),
        "workspace": workspace.id,
        "as_of": _moment(as_of),
        "sources": [_source(c, outcomes, as_of) for c in contracts],
        "files": files(outcomes),
        "waiting": waiting(home, outcomes),
        "runs": runs,
        "watch": watching(home.root),
        "needs_build": _needs_build(home, outcomes),
        "lake_bytes": _size(home.lake),
        "release_bytes": _size(home.releases),
        "free_bytes": shutil.disk_usage(home.root).free,
    }


def files(outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """Outcomes as JSON, times as text."""
    return [_file(o) for o in outcomes]


def _source(contract: Contract, outcomes: list[Outcome], as_of: datetime) -> dict[str, Any]:
    """How far a source's data reach; late is more than twice its promised interval behind."""
    mine = [o for o in outcomes if o.contract == contract.name and o.state == "loaded"]
    last = max((o.last_period for o in mine if o.last_period), default=None)
    state = "no promise"
    if contract.cadence_hours is not None:
        is_late = last is not None and as_of - last > timedelta(hours=LATE_AFTER_PERIODS * contract.cadence_hours)
        state = "missing" if not mine else "late" if is_late else "fresh"
    return {
        "name": contract.name,
        "label": contract.label.en,
        "owner": contract.owner,
        "state": state,
        "last_period": _moment(last) if last else None,
        "n_files": len(mine),
        "n_rows": sum(o.n_loaded for o in mine),
    }


def _needs_build(home: Home, outcomes: list[Outcome]) -> bool:
    """Whether anything was loaded or withdrawn after the current release was built."""
    releases = Releases(home.releases)
    current = releases.current()
    changed = [o.loaded_at for o in outcomes if o.state in ("loaded", "withdrawn")]
    if not changed:
        return False
    return current is None or max(changed) > releases.info(current)["built_at"]


def watching(root: Path) -> dict[str, Any] | None:
    """Process id and start of the watch that holds this home; None when none runs."""
    path = root / WATCH_LOCK
    try:
        with path.open("r+", encoding="utf-8") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                found = json.loads(handle.read())
                return found if isinstance(found, dict) else None
    except (OSError, ValueError):
        pass
    return None


def inbox_entries(home: Home) -> list[Path]:
    """What lies in the inbox, hidden files and those an open spreadsheet leaves behind not counted."""
    return sorted(p for p in home.inbox.iterdir() if p.name[0] not in ".~") if home.inbox.exists() else []


def waiting(home: Home, outcomes: list[Outcome]) -> list[dict[str, str]]:
    """Name and reason of everything in the inbox that no outcome speaks of."""
    by_name = {(o.file_name, o.n_bytes): o for o in outcomes}
    by_content = {o.file_id: o for o in outcomes}
    found = []
    for path in inbox_entries(home):
        reason = "is a folder" if path.is_dir() else _reason(path, by_name, by_content)
        if reason:
            found.append({"file_name": shown_name(path), "reason": reason})
    return found


def _reason(path: Path, by_name: dict[tuple[str, int], Outcome], by_content: dict[str, Outcome]) -> str:
    """Empty for a known file. Contents are read only where name, size and age do not settle it."""
    name = shown_name(path)
    try:
        status = path.stat()
        known = by_name.get((name, status.st_size))
        written_at = datetime.fromtimestamp(status.st_mtime, UTC).replace(tzinfo=None)
        if known is not None and written_at <= known.loaded_at:
            return ""
        known = by_content.get(file_id(path))
    except OSError:
        return "" if any(name == n for n, _ in by_name) else "cannot be read"
    if known is None:
        return "has changed" if any(name == n for n, _ in by_name) else "is new"
    if known.file_name == name or known.state not in SETTLED:
        return ""
    return f"has the same content as {known.file_name}"


def _size(folder: Path) -> int:
    return sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) if folder.exists() else 0


def _file(outcome: Outcome) -> dict[str, Any]:
    shown = {k: v for k, v in vars(outcome).items() if v is not None}
    for name in ("loaded_at", "first_period", "last_period"):
        if name in shown:
            shown[name] = _moment(shown[name])
    return shown


def _moment(at: datetime) -> str:
    return at.isoformat(sep=" ", timespec="seconds")
