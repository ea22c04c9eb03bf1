"""Running commands by themselves: each run is noted, and one that failed is tried again ever more rarely."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from etl.journal import Journal

# After so many minutes a failed command is tried again; the last pause repeats.
BACK_OFF_MINUTES = (1, 5, 15, 60, 240)
QUIET = ("tell", "mail")  # no news unless something was sent


@dataclass(frozen=True)
class Ran:
    """How a command ended. `n_rows` and `n_files` are those of a load."""

    code: int
    seconds: float
    said: str
    n_files: int = 0
    n_rows: int = 0


@dataclass
class Attempts:
    """What ran, what failed and when it is tried again. All times are UTC."""

    journal: Journal
    say: Callable[[str], None]
    n_failed: dict[str, int] = field(default_factory=dict)
    next_try: dict[str, datetime] = field(default_factory=dict)

    def is_due(self, name: str, now: datetime) -> bool:
        """Whether nothing holds a command back."""
        return now >= self.next_try.get(name, now)

    def is_tried_again(self, name: str, now: datetime) -> bool:
        """Whether a command failed before and its pause is over."""
        return name in self.next_try and self.is_due(name, now)

    def not_before(self, name: str, at: datetime) -> None:
        """Hold a command back until then."""
        self.next_try[name] = at

    def forgive(self, name: str) -> None:
        """Let the next failure of a command count as its first."""
        self.n_failed.pop(name, None)

    def run(self, name: str, command: Callable[[], Ran], now: datetime, fine: tuple[int, ...] = (0,)) -> bool:
        """Run one command; whether it did what it was for. `fine` are the codes that are no failure."""
        ran = command()
        facts = {"command": name, "code": ran.code, "seconds": round(ran.seconds, 2), "said": ran.said}
        if name == "load":
            facts |= {"n_files": ran.n_files, "n_rows": ran.n_rows}
        if name not in QUIET or ran.code not in fine or ran.n_files > 0:
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
