"""Watching the inbox: what is new and complete is loaded and built; what failed is tried again.

Decisions only: `Watch.step` is told the time and says when it wants to be called again. Loading and building run as
commands of their own (`commands.py`), so that one that dies takes nothing with it. What follows a release, the rules
and the messages, goes beside it (`following.py`): no file waits for them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol

from etl.attempts import Attempts, Ran
from etl.status import inbox_entries
from warehouse.home import Home
from warehouse.workspace import WatchSettings

LOADS_UNTIL_TIDY = 200
PARTIAL_ENDINGS = (".part", ".tmp", ".crdownload", ".filepart")


class Commands(Protocol):
    """What a watch can set in motion."""

    def pull(self) -> Ran: ...

    def load(self) -> Ran: ...

    def build(self) -> Ran: ...

    def tidy(self) -> Ran: ...


Shape = tuple[int, int]  # bytes, time of the last change


@dataclass
class Watch:
    """The state of a watch between two steps."""

    home: Home
    settings: WatchSettings
    commands: Commands
    attempts: Attempts
    zone: tzinfo = UTC
    seen: dict[Path, Shape] = field(default_factory=dict)
    done: dict[Path, Shape] = field(default_factory=dict)
    must_build: bool = True  # what an earlier watch left unbuilt is built first
    has_built: bool = False  # whether the release in use holds at least what an earlier watch left
    tidied_on: date | None = None  # the day of the last tidying, there; the first night that is seen counts
    n_loads: int = 0  # since then

    def step(self, now: datetime) -> None:
        """Do whatever is due at `now` (UTC)."""
        run = self.attempts.run
        self._pull(now)
        if self._must_load(now) and run("load", self.commands.load, now, fine=(0, 3)):
            self.must_build = True
            self.n_loads += 1
        if self.must_build and self.attempts.is_due("build", now) and run("build", self.commands.build, now):
            self.must_build, self.has_built = False, True
        if self._must_tidy(now):
            run("tidy", self.commands.tidy, now)

    def _pull(self, now: datetime) -> None:
        """Fetch from databases on schedule; what comes lands in the inbox like any other file."""
        minutes = self.settings.pull_minutes
        if minutes is None or not self.attempts.is_due("pull", now):
            return
        if self.attempts.run("pull", self.commands.pull, now):
            self.attempts.not_before("pull", now + timedelta(minutes=minutes))

    def _must_load(self, now: datetime) -> bool:
        """Whether a file came that has stopped growing, or a failed load is to be tried again."""
        found = {path: shape for path in inbox_entries(self.home) if (shape := _shape(path)) is not None}
        complete = {path for path, shape in found.items() if self.seen.get(path) == shape}
        self.seen = found
        fresh = [path for path in complete if self.done.get(path) != found[path]]
        if fresh:
            first = sorted(p.name for p in fresh)[0]
            self.attempts.journal.write(now, "files_found", n=len(fresh), first=first)
        if not fresh and not self.attempts.is_tried_again("load", now):
            return False
        self.done |= {path: found[path] for path in complete}
        return True

    def _must_tidy(self, now: datetime) -> bool:
        """Once a night, and whenever many loads have left their small files; a failed one waits for its next try."""
        local = now.replace(tzinfo=UTC).astimezone(self.zone)
        night = local.date() if local.time() >= self.settings.tidy_at else local.date() - timedelta(days=1)
        due = (self.tidied_on or night) < night or self.n_loads >= LOADS_UNTIL_TIDY
        due = due or self.attempts.is_tried_again("tidy", now)
        self.tidied_on = night
        if due:
            self.n_loads = 0
        return due


def _shape(path: Path) -> Shape | None:
    """None for what is not to be loaded: folders, files still being copied, files that just went away."""
    if path.name.lower().endswith(PARTIAL_ENDINGS):
        return None
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if path.is_file() else None
