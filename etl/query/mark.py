"""How far a query was read: the newest row seen, and which rows near it were already taken.

A pull begins a little behind the newest row, because rows arrive late; what it finds there again is left out.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from etl.contract import Contract
from etl.shapes import QueryShape
from warehouse.home import Home, write_atomically

Point = datetime | int


@dataclass(frozen=True)
class Mark:
    """`newest` is the greatest value of the since column; `taken` are digests of the rows a next pull meets again."""

    newest: Point | None = None
    taken: frozenset[str] = field(default=frozenset())
    pulled_at: datetime | None = None


def folder(home: Home) -> Path:
    """Where marks and half-written pulls are; only the owner may enter it."""
    place = home.root / "pulls"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


def read_mark(home: Home, contract: Contract) -> Mark:
    """The mark of a contract's query. Empty before the first pull, when damaged, and for another since column."""
    assert contract.query is not None
    try:
        raw = json.loads((folder(home) / f"{contract.name}.json").read_text(encoding="utf-8"))
        newest = raw["newest"]
        if isinstance(newest, str):
            newest = datetime.fromisoformat(newest)
        if raw["column"] != contract.query.since_column or not isinstance(newest, Point | None):
            return Mark()
        return Mark(newest, frozenset(raw["taken"]), datetime.fromisoformat(raw["pulled_at"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Mark()


def write_mark(home: Home, contract: Contract, mark: Mark) -> None:
    """Replace the mark, once the rows it speaks of are in the inbox."""
    assert contract.query is not None
    newest = mark.newest.isoformat() if isinstance(mark.newest, datetime) else mark.newest
    pulled_at = mark.pulled_at.isoformat() if mark.pulled_at else None
    raw = {"column": contract.query.since_column, "newest": newest, "pulled_at": pulled_at}
    path = folder(home) / f"{contract.name}.json"
    write_atomically(path, json.dumps({**raw, "taken": sorted(mark.taken)}))
    path.chmod(0o600)


def point(text: str) -> Point:
    """A point as it is typed: a time, or a number. Raises `ValueError` for anything else."""
    return int(text) if text.isdecimal() and len(text) < 19 else datetime.fromisoformat(text)


def begin(shape: QueryShape, mark: Mark) -> Point:
    """Where a pull begins."""
    return shape.begin if mark.newest is None else behind(shape, mark.newest)


def behind(shape: QueryShape, newest: Point) -> Point:
    """The overlap taken off."""
    if isinstance(newest, datetime):
        return newest - timedelta(hours=shape.overlap_hours)
    return newest - shape.overlap_count


def later(one: Point | None, other: Point) -> Point:
    """The later of two points. A column holds times or numbers, not both; where it does, the other one counts."""
    if isinstance(one, datetime) and isinstance(other, datetime):
        return max(one, other)
    if isinstance(one, int) and isinstance(other, int):
        return max(one, other)
    return other


def digest(secret: bytes, row: tuple[Any, ...]) -> str:
    """Tells a row from others and from its own later state, without giving it away."""
    return hashlib.blake2b(repr(row).encode("utf-8", "backslashreplace"), digest_size=12, key=secret[:64]).hexdigest()
