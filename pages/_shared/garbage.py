"""Look through the whole memory for garbage now and then: after every run it takes half of a view's time, and left to
Python alone it is put off while the process grows (figures in bench/RESULTS.md).
"""

from __future__ import annotations

import gc
import threading

EVERY_S = 20.0
_at = float("-inf")
_lock = threading.Lock()


def collect(now: float) -> bool:
    """At `now`, seconds of a clock that only goes forward; whether it was time, and nobody else was at it."""
    global _at
    if now - _at < EVERY_S or not _lock.acquire(blocking=False):
        return False
    try:
        _at = now
        gc.collect()
    finally:
        _lock.release()
    return True
