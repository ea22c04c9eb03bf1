"""Watching the inbox: what is new and complete is loaded, built and judged by the rules; what failed is tried again.

Decisions only: `Watch.step` is told the time and says when it wants to be called again. Loading and building run as
commands of their own (`commands.py`), so that one that dies takes nothing with it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Protocol

from etl.journal import Journal
from etl.status import inbox_entries
from warehouse.home import Home
from warehouse.workspace import WatchSettings

# After so many minutes a failed step is tried again; the last pause repeats.
BACK_OFF_MINUTES = (1, 5, 15, 60, 240)
LOADS_UNTIL_TIDY = 200
TELL_EVERY = timedelta(minutes=1)
MAIL_EVERY = timedelta(minutes=10)
QUIET = ("tell", "mail")  # no news unless something was sent
PARTIAL_ENDINGS = (".part", ".tmp", ".crdownload", ".filepart")


@dataclass(frozen=True)
class Ran:
    """How a command ended. `n_rows` and `n_files` are those of a load."""

    code: int
    seconds: float
    said: str
    n_files: int = 0
    n_rows: int = 0


class Commands(Protocol):
    """What a watch can set in motion."""

    def pull(self) -> Ran: ...

    def load(self) -> Ran: ...

    def build(self) -> Ran: ...

    def tidy(self) -> Ran: ...

    def warn(self) -> Ran: ...

    def tell(self) -> Ran: ...

    def mail(self) -> Ran: ...


Shape = tuple[int, int]  # bytes, time of the last change


@dataclass
class Watch:
    """The state of a watch between two steps."""

    home: Home
    settings: WatchSettings
    commands: Commands
    journal: Journal
    say: Callable[[str], None]
    zone: tzinfo = UTC
    warns: bool = False  # whether the rules are evaluated after every build
    tells: bool = False  # whether somebody is to be told of warnings
    mails: bool = False  # whether somebody subscribed to the papers of the weekly review
    seen: dict[Path, Shape] = field(default_factory=dict)
    done: dict[Path, Shape] = field(default_factory=dict)
    n_failed: dict[str, int] = field(default_factory=dict)
    next_try: dict[str, datetime] = field(default_factory=dict)
    must_warn: bool = False
    must_build: bool = True  # what an earlier watch left unbuilt is built first
    tidied_on: date | None = None  # the day of the last tidying, there; the first night that is seen counts
    n_loads: int = 0  # since then

    def step(self, now: datetime) -> None:
        """Do whatever is due at `now` (UTC)."""
        self._pull(now)
        if self._must_load(now) and self._run("load", self.commands.load, now, fine=(0, 3)):
            self.must_build = True
            self.n_loads += 1
        if self.must_build and self._is_due("build", now) and self._run("build", self.commands.build, now, fine=(0,)):
            self.must_build, self.must_warn = False, self.warns
        if self.must_warn and self._is_due("warn", now) and self._run("warn", self.commands.warn, now, fine=(0,)):
            self.must_warn = False
        if self.tells and self._is_due("tell", now) and self._run("tell", self.commands.tell, now, fine=(0,)):
            self.next_try["tell"] = now + TELL_EVERY
        if self.mails and self._is_due("mail", now):
            # Who could not be served waits in the store; the others must not wait with them.
            self.n_failed.pop("mail", None)
            if self._run("mail", self.commands.mail, now, fine=(0,)):
                self.next_try["mail"] = now + MAIL_EVERY
        if self._must_tidy(now):
            self._run("tidy", self.commands.tidy, now, fine=(0,))

    def _pull(self, now: datetime) -> None:
        """Fetch from databases on schedule; what comes lands in the inbox like any other file."""
        minutes = self.settings.pull_minutes
        if minutes is None or not self._is_due("pull", now):
            return
        if self._run("pull", self.commands.pull, now, fine=(0,)):
            self.next_try["pull"] = now + timedelta(minutes=minutes)

    def _must_load(self, now: datetime) -> bool:
        """Whether a file came that has stopped growing, or a failed load is to be tried again."""
        found = {path: shape for path in inbox_entries(self.home) if (shape := _shape(path)) is not None}
        complete = {path for path, shape in found.items() if self.seen.get(path) == shape}
        self.seen = found
        fresh = [path for path in complete if self.done.get(path) != found[path]]
        if fresh:
            self.journal.write(now, "files_found", n=len(fresh), first=sorted(p.name for p in fresh)[0])
        if not fresh and not ("load" in self.next_try and self._is_due("load", now)):
            return False
        self.done |= {path: found[path] for path in complete}
        return True

    def _must_tidy(self, now: datetime) -> bool:
        """Once a night, and whenever many loads have left their small files; a failed one waits for its next try."""
        local = now.replace(tzinfo=UTC).astimezone(self.zone)
        night = local.date() if local.time() >= self.settings.tidy_at else local.date() - timedelta(days=1)
        due = (self.tidied_on or night) < night or self.n_loads >= LOADS_UNTIL_TIDY
        due = due or ("tidy" in self.next_try and self._is_due("tidy", now))
        self.tidied_on = night
        if due:
            self.n_loads = 0
        return due

    def _is_due(self, name: str, now: datetime) -> bool:
        return now >= self.next_try.get(name, now)

    def _run(self, name: str, command: Callable[[], Ran], now: datetime, fine: tuple[int, ...]) -> bool:
        """Run one command and remember when to try it again if it failed."""
        ran = command()
        facts = {"command": name, "code": ran.code, "seconds": round(ran.seconds, 2), "said": ran.said}
        if name == "load":
            facts |= {"n_files": ran.n_files, "n_rows": ran.n_rows}
        is_news = name not in QUIET or ran.code not in fine or ran.n_files > 0
        if is_news:
            self.journal.write(now, "step", **facts)
        if ran.code in fine:
            self.n_failed.pop(name, None)
            self.next_try.pop(name, None)
            if name not in ("load", *QUIET) or ran.n_files:
                self.say(f"{name}: {ran.said} ({ran.seconds:.1f} s)")
            return True
        n = self.n_failed[name] = self.n_failed.get(name, 0) + 1
        minutes = BACK_OFF_MINUTES[min(n, len(BACK_OFF_MINUTES)) - 1]
        self.next_try[name] = now + timedelta(minutes=minutes)
        self.journal.write(now, "retry", command=name, n_failed=n, next_try=self.next_try[name].isoformat())
        self.say(f"{name} failed: {ran.said}; tried again in {minutes} min")
        # A load in which one file failed has loaded the others, and they are worth a release.
        return name == "load" and ran.n_rows > 0


def _shape(path: Path) -> Shape | None:
    """None for what is not to be loaded: folders, files still being copied, files that just went away."""
    if path.name.lower().endswith(PARTIAL_ENDINGS):
        return None
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_size, status.st_mtime_ns) if path.is_file() else None
