"""What follows a release: it is judged by the rules, people are told, papers are mailed.

A lane of its own beside the watch: judging may take minutes where nothing was judged before, and a file that comes
meanwhile is loaded and built all the same. A release that came while another was judged is judged next; of several
only the newest.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from etl.attempts import Attempts, Ran

TELL_EVERY = timedelta(minutes=1)
MAIL_EVERY = timedelta(minutes=10)


class Followers(Protocol):
    """What can follow a release."""

    def warn(self) -> Ran: ...

    def tell(self) -> Ran: ...

    def mail(self) -> Ran: ...


@dataclass
class Following:
    """The state of what follows between two steps. `newest` names the release in use; None: nothing to judge yet."""

    commands: Followers
    attempts: Attempts
    newest: Callable[[], str | None]
    tells: bool = False  # whether somebody is to be told of warnings
    mails: bool = False  # whether somebody subscribed to the papers of the weekly review
    judged: str | None = None

    def step(self, now: datetime) -> None:
        """Do whatever is due at `now` (UTC)."""
        attempts, newest = self.attempts, self.newest()
        is_new = newest not in (None, self.judged) and attempts.is_due("warn", now)
        if is_new and attempts.run("warn", self.commands.warn, now):
            self.judged = newest  # as named before: one that was published meanwhile is new all the same
        if self.tells and attempts.is_due("tell", now) and attempts.run("tell", self.commands.tell, now):
            attempts.not_before("tell", now + TELL_EVERY)
        if self.mails and attempts.is_due("mail", now):
            # Who could not be served waits in the store; the others must not wait with them.
            attempts.forgive("mail")
            if attempts.run("mail", self.commands.mail, now):
                attempts.not_before("mail", now + MAIL_EVERY)
