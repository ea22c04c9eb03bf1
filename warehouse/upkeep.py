"""Keeping the lake quick to read: many small files become few, what is asked for by cell is put in the order of cells,
and files that nothing needs any more are deleted.

None of it changes a row. All of it needs the writer's lock, like everything that commits to the lake.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deltalake import WriterProperties

from warehouse.canonical import PARTITION, tables
from warehouse.lake import Lake, Pinned
from warehouse.ordered import is_in_order, put_in_order, resting

# A partition of at least so many files is put together; the files that are large already stay as they are.
MANY_FILES = 8
TARGET_BYTES = 64 << 20
# What no version of the last week needs, no reader that began before can still be reading.
SAFE_HOURS = 7 * 24


@dataclass(frozen=True)
class Tidied:
    """What was done to one table."""

    table: str
    n_before: int
    n_after: int
    n_deleted: int


def tidy(
    lake: Lake, name: str, needed_versions: list[int], safe_hours: int = SAFE_HOURS, scratch: Path | None = None
) -> Tidied:
    """Compact a table's crowded partitions, put the newest that rest in order if it has one, and delete files that
    neither its newest version nor one of `needed_versions` consists of, once they are older than `safe_hours`.

    Each partition is one commit: killed in between, the rest waits for the next time.
    """
    before = lake.pin(name)
    writing = WriterProperties(compression="SNAPPY", dictionary_page_size_limit=64 << 10)
    found = Counter(part for _, part in before.files)
    at_rest = resting(tables()[name], found)
    for part, n_files in sorted(found.items(), key=lambda entry: entry[0] or ""):
        if part in at_rest:
            pinned = replace(before, files=tuple(file for file in before.files if file[1] == part))
            if n_files >= MANY_FILES or not is_in_order(pinned.paths, tables()[name].order[0]):
                put_in_order(lake, pinned, scratch)
            continue
        delta = lake.open(name)
        if n_files >= MANY_FILES and delta is not None:
            where = [(PARTITION, "=", part)] if part is not None else None
            delta.optimize.compact(where, target_size=TARGET_BYTES, max_concurrent_tasks=1, writer_properties=writing)
    delta = lake.open(name)
    if delta is None:
        return Tidied(name, 0, 0, 0)
    after = lake.pin(name)
    if after.version != before.version:
        delta.create_checkpoint()
    keep = sorted({v for v in needed_versions if 0 <= v <= after.version} | {after.version})
    deleted = delta.vacuum(safe_hours, dry_run=False, enforce_retention_duration=False, full=True, keep_versions=keep)
    return Tidied(name, len(before.files), len(after.files), len(deleted))


def tidy_all(
    lake: Lake, states: list[dict[str, Any]], safe_hours: int = SAFE_HOURS, scratch: Path | None = None
) -> list[Tidied]:
    """Every table that was ever written. `states` are those of the releases that are kept (`Releases.states`)."""
    done = []
    for name in tables():
        versions = [state["versions"].get(name, -1) for state in states]
        found = tidy(lake, name, versions, safe_hours, scratch)
        if found.n_before:
            done.append(found)
    return done


def forwarded(before: dict[str, Any], pins: dict[str, Pinned], lake: Lake) -> dict[str, Any]:
    """The state of a release with the names its lake files have now: those that were put together are renamed.

    Files of before that were put together with newer ones stay as they were, and count as changed.
    """
    files = {
        name: _renamed(dict(old), lake.root / name / "_delta_log", before["versions"].get(name, -1), pins[name])
        for name, old in before["files"].items()
        if name in pins
    }
    return {**before, "files": {**before["files"], **files}}


def _renamed(files: dict[str, str], log: Path, version: int, pinned: Pinned) -> dict[str, str]:
    parts = {Path(path).name: part or "" for path, part in pinned.files}
    for number in range(version + 1, pinned.version + 1):
        commit = log / f"{number:020d}.json"
        if not commit.exists():
            return files
        actions = [json.loads(line) for line in commit.read_text(encoding="utf-8").splitlines() if line]
        added = [a["add"] for a in actions if "add" in a]
        removed = [a["remove"] for a in actions if "remove" in a]
        if not removed or any(a.get("dataChange", True) for a in [*added, *removed]):
            continue
        old, new = ({Path(a["path"]).name for a in side} for side in (removed, added))
        if old <= files.keys():
            [part] = {files.pop(name) for name in old}
            files |= {name: parts.get(name, part) for name in new}
    return files
