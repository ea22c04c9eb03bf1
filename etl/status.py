"""What is loaded, what failed and what waits, for the console. The data page shows the same from the release."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.register import SETTLED, Outcome, file_id, shown_name
from warehouse.home import Home

MOST_WAITING = 5


def summary(home: Home, outcomes: list[Outcome]) -> dict[str, Any]:
    """Everything `python -m etl status --json` prints."""
    return {
        "home": str(home.root),
        "files": [_file(o) for o in outcomes],
        "waiting": waiting(home, outcomes),
        "lake_bytes": _size(home.lake),
        "release_bytes": _size(home.releases),
    }


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
            shown[name] = shown[name].isoformat(sep=" ", timespec="seconds")
    return shown


def lines(report: dict[str, Any]) -> list[str]:
    """The same for people: faults first, then totals per source."""
    files = report["files"]
    out = [f"home {report['home']}"]
    for state in ("failed", "unmatched"):
        for entry in (f for f in files if f["state"] == state):
            out.append(f"{state:>9}  {entry['file_name']}: {entry['message']}")
    for entry in (f for f in files if f["is_over_limit"]):
        out.append(f"over limit {entry['file_name']}: {entry['n_rejected']:,} of {entry['n_rows']:,} rows refused")
    sources: dict[str, list[dict[str, Any]]] = {}
    for entry in (f for f in files if f["state"] == "loaded"):
        sources.setdefault(entry["contract"], []).append(entry)
    for name, entries in sorted(sources.items()):
        loaded = sum(e["n_loaded"] for e in entries)
        rejected = sum(e["n_rejected"] for e in entries)
        dropped = sum(e["n_dropped"] for e in entries)
        last = max((e["last_period"] for e in entries if "last_period" in e), default="no period")
        out.append(
            f"   loaded  {name}: {len(entries)} files, {loaded:,} rows, "
            f"{rejected:,} rejected, {dropped:,} left out, to {last}"
        )
    for entry in report["waiting"][:MOST_WAITING]:
        out.append(f"  waiting  {entry['file_name']}: {entry['reason']}")
    if len(report["waiting"]) > MOST_WAITING:
        out.append(f"  waiting  and {len(report['waiting']) - MOST_WAITING} more")
    mib = 1 << 20
    lake, releases = report["lake_bytes"] / mib, report["release_bytes"] / mib
    out.append(f"     disk  lake {lake:.1f} MiB, releases {releases:.1f} MiB")
    return out
