"""Answers that many threads want at once: each is found by one of them, and the others wait for it."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """At most `most` answers by key, the longest unused dropped first. An answer that failed is asked for again."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Future[T]] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, find: Callable[[], T]) -> T:
        """The answer; raises what `find` raises, to everybody who waited for it."""
        with self._lock:
            known = self._kept.get(key)
            answer = known or Future()
            self._kept[key] = answer
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
        if known is not None:
            return known.result()
        try:
            answer.set_result(find())
        except BaseException as error:
            with self._lock:
                if self._kept.get(key) is answer:
                    del self._kept[key]
            answer.set_exception(error)
            raise
        return answer.result()

    def clear(self) -> None:
        """Forget all. Who waits gets the answer all the same."""
        with self._lock:
            self._kept.clear()
