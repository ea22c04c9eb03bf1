"""At most one writer of lake and releases.

The kernel's file lock decides, so the lock of a killed process is free at once; the text inside only tells
people who holds it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from warehouse.problems import failure

WRITER_LOCK, WATCH_LOCK = "writer.lock", "watch.lock"


@contextmanager
def writer_lock(root: Path, task: str, started_at: datetime, name: str = WRITER_LOCK) -> Iterator[None]:
    """Hold a lock of `root` while writing. Raises `Failure` when another live process holds it.

    The watch holds one of its own all the time, and leaves the writer's to the commands it runs.
    """
    root.mkdir(parents=True, exist_ok=True)
    path = root / name
    with path.open("a+", encoding="utf-8") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            what = f"{_holder(path)} is at work here"
            raise failure(str(path), what, "wait until it has finished, or stop it") from None
        handle.seek(0)
        handle.truncate()
        json.dump({"pid": os.getpid(), "task": task, "started_at": started_at.isoformat()}, handle)
        handle.flush()
        yield


def _holder(path: Path) -> str:
    try:
        owner = json.loads(path.read_text(encoding="utf-8"))
        return f"process {owner['pid']} ({owner['task']}, since {owner['started_at']})"
    except (OSError, ValueError, KeyError, TypeError):
        return "another process"
