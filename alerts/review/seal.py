"""Sealed issues on disk: written once, whole or not at all, never overwritten, and held against their hash when read.

`reviews/<week>/issue.json` holds the canonical bytes of the issue, `seal.json` who sealed what when, `minutes.json`
what the meeting wrote. Nothing else is needed to open an issue: no release, no store. Who may seal, and what the store
keeps of it, is in `book.py`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from alerts.review.bundle import Issue, canonical
from warehouse.home import fsync_path
from warehouse.problems import problem

ISSUE, SEAL, MINUTES = "issue.json", "seal.json", "minutes.json"
_WEEK = re.compile(r"\d{4}-W\d{2}")


class AlreadySealed(RuntimeError):
    """The week has its numbers, or its minutes; a seal is never broken."""


@dataclass(frozen=True)
class Seal:
    """What stands on the seal. `sha256` is that of the bytes of the issue."""

    week: str
    sha256: str
    sealed_at: datetime
    sealed_by: str
    release_id: str


@dataclass(frozen=True)
class Opened:
    """A sealed issue as it was kept. `is_intact`: the bytes have the hash that was sealed."""

    issue: Issue
    seal: Seal
    is_intact: bool
    minutes: dict[str, Any] | None = None


def weeks(folder: Path) -> list[str]:
    """The sealed weeks, oldest first."""
    if not folder.is_dir():
        return []
    return sorted(p.name for p in folder.iterdir() if _WEEK.fullmatch(p.name) and (p / SEAL).exists())


def seal_numbers(folder: Path, issue: Issue, by: str, at: datetime) -> Seal:
    """Keep the issue of a week for ever. Raises `AlreadySealed`; whoever comes second changes nothing.

    The folder is written beside its place and moved there as a whole, so a reader sees all of it or nothing, whenever
    the machine stops.
    """
    told = canonical(issue)
    seal = Seal(issue.week, hashlib.sha256(told).hexdigest(), at, by, issue.source.release_id)
    place = folder / issue.week
    folder.mkdir(parents=True, exist_ok=True)
    draft = folder / f".{issue.week}.{os.getpid()}.tmp"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    try:
        _write(draft / ISSUE, told)
        _write(draft / SEAL, _bytes({**vars(seal), "sealed_at": at.isoformat()}))
        fsync_path(draft)
        # Renaming onto a folder that holds something fails, so the first seal stays.
        draft.rename(place)
    except OSError:
        shutil.rmtree(draft, ignore_errors=True)
        if (place / SEAL).exists():
            raise AlreadySealed(f"{issue.week} is sealed") from None
        raise
    fsync_path(folder)
    return seal


def seal_minutes(folder: Path, week: str, told: dict[str, Any]) -> str:
    """Keep what the meeting wrote beside its numbers; gives the hash. Raises `AlreadySealed`, and `Problems` where the
    numbers are not sealed yet."""
    place = folder / week
    if not (place / SEAL).exists():
        raise problem(week, "has no sealed numbers", "seal the numbers first (数字定版), then the minutes")
    kept = _bytes(told)
    draft = place / f".{MINUTES}.{os.getpid()}.tmp"
    _write(draft, kept)
    try:
        # A link is made only where there is none yet; a rename would overwrite.
        os.link(draft, place / MINUTES)
    except FileExistsError:
        raise AlreadySealed(f"the minutes of {week} are sealed") from None
    finally:
        draft.unlink(missing_ok=True)
    fsync_path(place)
    return hashlib.sha256(kept).hexdigest()


def read(folder: Path, week: str, known: str | None = None) -> Opened | None:
    """The sealed issue of a week; None where there is none. `known` is the hash that the store kept.

    Raises `Problems` for what cannot be read at all; what was changed is told by `is_intact`.
    """
    place = folder / week
    if not _WEEK.fullmatch(week) or not (place / SEAL).exists():
        return None
    cure = "restore the folder from a backup; a sealed issue is never written again"
    try:
        raw = json.loads((place / SEAL).read_text(encoding="utf-8"))
        seal = Seal(**{**raw, "sealed_at": datetime.fromisoformat(raw["sealed_at"])})
        told = (place / ISSUE).read_bytes()
        issue = Issue.model_validate_json(told)
    except (OSError, ValueError, KeyError, TypeError, ValidationError) as error:
        raise problem(f"reviews/{week}", f"cannot be read ({type(error).__name__})", cure) from None
    digest = hashlib.sha256(told).hexdigest()
    is_intact = digest == seal.sha256 and known in (None, digest) and canonical(issue) == told
    return Opened(issue, seal, is_intact, minutes(folder, week))


def minutes(folder: Path, week: str) -> dict[str, Any] | None:
    """The sealed minutes of a week, if there are any. Raises `Problems` where they cannot be read."""
    path = folder / week / MINUTES
    if not path.exists():
        return None
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        cure = "restore the file from a backup"
        raise problem(f"reviews/{week}/{MINUTES}", f"cannot be read ({type(error).__name__})", cure) from None
    return found


def minutes_hash(folder: Path, week: str) -> str | None:
    """The hash of the sealed minutes as they are now."""
    path = folder / week / MINUTES
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else None


def _bytes(told: dict[str, Any]) -> bytes:
    return json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _write(path: Path, told: bytes) -> None:
    with path.open("wb") as handle:
        handle.write(told)
        handle.flush()
        os.fsync(handle.fileno())
