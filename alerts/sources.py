"""Where the engine reads: one release, opened so that it can only be read, and the rules of a workspace."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from alerts.hours import BUSY, PREPARED, Hours, Known, parts, whole_hours
from alerts.rules import SHIPPED, Rule, load_rules
from alerts.sentence import Names
from alerts.signals import HOURS, Source, signals
from alerts.versions import in_force, newest
from warehouse.home import Home
from warehouse.hours import Pins, pins_of
from warehouse.problems import problem
from warehouse.release import Releases
from warehouse.sealed import Door, select

MEMORY, SECONDS = "2GB", 300.0
NAMES = Path(__file__).with_name("names.sql")


class Release:
    """One release as a source of signals."""

    def __init__(self, path: Path, lake: Path | None = None, scratch: Path | None = None) -> None:
        """Without a `lake`, signals of hours find no hours. What takes long to find is kept in `scratch`, if given."""
        self.id = path.stem
        self._path, self._lake, self._scratch = path, lake, scratch
        self._door = Door(path, MEMORY)
        self._open: tuple[tuple[datetime, datetime], Hours] | None = None
        self._known = Known()

    @classmethod
    def current(cls, home: Home, keeps: bool = False) -> Release:
        """The one in use; `keeps` says whether it may write to the home's scratch folder. Raises `Problems` when there
        is none."""
        releases = Releases(home.releases)
        newest = releases.current()
        if newest is None:
            raise problem(str(home.root), "has no release yet", "load files and run `python -m warehouse build`")
        return cls(releases.path(newest), home.lake, home.scratch if keeps else None)

    def rest(self) -> None:
        """A newer release has come: take no memory any more. Who still asks is answered, more slowly."""
        self._door.rest()
        self._open, self._known = None, Known()

    @cached_property
    def as_of(self) -> datetime:
        """The instant the release speaks of."""
        at: datetime = self.select("select as_of from release_info", {})["as_of"][0].to_pydatetime()
        return at

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        """Run one select with named parameters."""
        return select(self._door.connection(), sql, dict(parameters), SECONDS)

    @cached_property
    def _pins(self) -> Pins:
        return pins_of(self._path, self._lake or self._path.parent)

    def by_hours(
        self, instants: Sequence[datetime], reads: Collection[str]
    ) -> Iterator[tuple[Source, Sequence[datetime], Collection[str]]]:
        """The instants in parts with the hours they look at. What was open last stays open for the next rule."""
        for some in parts(instants, self._pins):
            lake = self._lake or self._path.parent
            if BUSY in reads:
                yield Hours.of_days(self._path, lake, self._pins, some, self._known), some, (BUSY,)
                continue
            if HOURS in reads:
                yield Hours.counters(self._path, lake, self._pins, some), some, ()
                continue
            first, last = whole_hours(some)
            at, hours = self._open or ((last, first), None)
            if hours is None or first < at[0] or last > at[1]:
                if hours is not None:
                    hours.hand_on(self._known)
                self._open = hours = None  # its memory is needed for the next
                hours = Hours.prepare(self._path, lake, self._pins, first, last, self._scratch, self._known)
                self._open = ((first, last), hours)
            yield hours, some, PREPARED


def names(release: Release) -> Names:
    """Codes in words, from the release's own dimensions; codes nobody named stay as they are."""

    @cache
    def known() -> dict[tuple[str, str], tuple[str, str]]:
        frame = release.select(NAMES.read_text(encoding="utf-8"), {})
        return {(r.kind, str(r.code)): (str(r.zh), str(r.en)) for r in frame.itertuples()}

    def name(kind: str, code: str, lang: str) -> str:
        zh, en = known().get((kind, code), (code, code))
        return zh if lang == "zh" else en

    return name


def rules_of(home: Home, kept: sa.Engine | None = None) -> dict[str, Rule]:
    """The rules in force for a home: those shipped, its own beside the data, and of each the newest version that people
    saved in the store `kept`, if given."""
    rules = load_rules([SHIPPED, home.root / "rules"], signals())
    return rules if kept is None else in_force(rules, newest(kept))
