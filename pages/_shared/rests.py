"""When a release that nobody begins with any more lets go of its memory and its file."""

from __future__ import annotations

import threading
from typing import Protocol

GRACE_S = 10.0  # longer than nearly all runs; who takes longer is answered, only more slowly


class Rests(Protocol):
    """What may be let go of, and still answers."""

    def rest(self) -> None: ...


def retire(release: Rests) -> None:
    """Nobody begins with this release any more. Nobody knows either when the last tab is gone whose widgets hold it, so
    it rests once the runs that began with it have had time to end."""
    later = threading.Timer(GRACE_S, release.rest)
    later.daemon = True
    later.start()
