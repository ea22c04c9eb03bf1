"""Weeks of the demo city that end one after the other: each run adds its week, and equals a run from nothing.

The tables hold what came later, too; nothing of it may change a week that is over.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from warehouse.canonical import tables as canonical
from warehouse.engines.offered import offered
from warehouse.hotspots import step
from warehouse.hotspots.before import first_changed
from warehouse.hotspots.settings import defaults
from warehouse.hours import pins_of
from warehouse.lake import Pinned
from warehouse.made import HOTSPOTS
from warehouse.release import Releases

pytestmark = pytest.mark.deep
ORIGIN, UNTIL, WEEKS = (119.412, 32.394), date(2025, 2, 24), 3
Made = dict[str, pa.Table]


class Hand:
    """Runs the step over the tables of a release as if another week had just ended."""

    def __init__(self, home: Path) -> None:
        releases = Releases(home / "releases")
        release = releases.path(str(releases.current()))
        self.con = duckdb.connect()
        self.con.execute("set default_null_order = 'nulls_first_on_asc_last_on_desc'")
        self.con.execute(f"attach '{release}' as release (read_only)")
        for name in HOTSPOTS.inputs - {"run", "seed_hotspot"}:
            self.con.sql(f"select * from release.main.{name}").create_view(name)
        pins = pins_of(release, home / "lake")
        self.hours = pins.files
        self.con.from_arrow(pins.live).create("live_file")

    def digest(self, until: date) -> dict[str, str]:
        return step.digest(self.con, self._asked(until))

    def find(self, until: date, before: Made | None = None, changed: str | None = None) -> Made:
        """The tables at the end of the week before `until`. `before`: what stood the week before."""
        for name, rows in (before or {}).items():
            mart = name.replace("made_", "mart_")
            self.con.execute(f"drop table if exists {mart}")
            self.con.from_arrow(rows).create(mart)
        since = date.fromisoformat(changed) if changed else None
        return step.make(self.con, self._asked(until), list, self._offer, since)

    def _asked(self, until: date) -> step.Asked:
        return step.Asked(defaults(), ORIGIN, until, self.hours)

    def _offer(self, name: str, pinned: Pinned) -> None:
        offered(self.con, canonical()[pinned.table], pinned).create_view(name, replace=True)


@pytest.fixture(scope="module")
def hand(demo_home: Path) -> Iterator[Hand]:
    hand = Hand(demo_home)
    yield hand
    hand.con.close()


def told(made: Made) -> dict[str, list[str]]:
    return {name: sorted(map(repr, rows.to_pylist())) for name, rows in made.items()}


def test_a_week_that_ends_is_added_and_the_others_stand(hand: Hand) -> None:
    held = hand.find(UNTIL)
    digests = hand.digest(UNTIL)
    for week in range(1, WEEKS + 1):
        until = UNTIL + timedelta(weeks=week)
        now = hand.digest(until)
        changed = first_changed(digests, now)
        assert changed == str(until - timedelta(weeks=1))
        held = hand.find(until, held, changed)
        whole = hand.find(until)
        assert whole["made_hotspot"].num_rows > 400
        assert told(held) == told(whole)
        digests = now
