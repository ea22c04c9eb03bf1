"""Names of hotspots as first published: kept where people's notes hang on them, so that no later run renames any.

A release can be made anew from nothing; its names cannot, because a late ticket may let a hotspot begin earlier.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import sqlalchemy as sa

from warehouse.hotspots.history import DAYS
from warehouse.hotspots.identity import Seen
from warehouse.ops import hotspot_seen, writing
from warehouse.sealed import open_sealed

NO_GRIDS: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Published:
    """One hotspot of one week as a release says it; grids are packed squares of `grid_m`."""

    hotspot_id: str
    week_start: date
    is_urban: bool
    grid_m: int
    grids: frozenset[int]
    x_m: float
    y_m: float

    def seen(self, day0: date, grid_m: int) -> Seen:
        """As the weekly run takes it. Squares of another size are not comparable: the middle alone decides then."""
        week = (self.week_start - day0).days // DAYS
        grids = self.grids if grid_m == self.grid_m else NO_GRIDS
        return Seen(self.hotspot_id, week, self.is_urban, grids, self.x_m, self.y_m)


def published_in(release: Path) -> list[Published]:
    """What a release says: the hotspots of every week in which they are there. Empty when it knows none."""
    sql = Path(__file__).with_name("sql") / "published.sql"
    with closing(open_sealed(release)) as con:
        rows = con.execute(sql.read_text(encoding="utf-8")).fetchall()
    out = []
    for name, week, is_urban, x, y, grid_m, columns, lines in rows:
        packed = [(c << 32) + r + (1 << 31) for c, r in zip(columns, lines, strict=True)]
        out.append(Published(name, week, is_urban, grid_m, frozenset(packed), x, y))
    return out


def recall(ops: sa.Engine) -> list[Published]:
    """Everything ever published."""
    with ops.connect() as con:
        rows = con.execute(sa.select(hotspot_seen).order_by(hotspot_seen.c.week_start, hotspot_seen.c.hotspot_id)).all()
    return [
        Published(
            r.hotspot_id, r.week_start, r.is_urban, r.grid_m, frozenset(map(int, filter(None, r.grids.split(",")))),
            r.x_m, r.y_m,
        )
        for r in rows
    ]  # fmt: skip


def remember(ops: sa.Engine, published: Iterable[Published], release_id: str, at: datetime) -> int:
    """Add what is not known yet; what is known stays as it was first said. Returns how many were added."""
    rows = [
        {
            "hotspot_id": p.hotspot_id, "week_start": p.week_start, "is_urban": p.is_urban, "grid_m": p.grid_m,
            "grids": ",".join(map(str, sorted(p.grids))), "x_m": p.x_m, "y_m": p.y_m, "release_id": release_id,
            "published_at": at,
        }
        for p in published
    ]  # fmt: skip
    if not rows:
        return 0
    with writing(ops) as con:
        known = {tuple(r) for r in con.execute(sa.select(hotspot_seen.c.hotspot_id, hotspot_seen.c.week_start))}
        new = [r for r in rows if (r["hotspot_id"], r["week_start"]) not in known]
        if new:
            con.execute(hotspot_seen.insert(), new)
    return len(new)
