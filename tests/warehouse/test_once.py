"""Answers found once for all who ask at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from warehouse.once import Once


def test_many_threads_find_an_answer_once() -> None:
    once, begun, go, found = Once[int](4), threading.Barrier(8), threading.Event(), []

    def find() -> int:
        go.wait(5)
        found.append(1)
        return 7

    def ask() -> int:
        begun.wait(5)
        return once.get("a", find)

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(ask) for _ in range(8)]
        threading.Timer(0.05, go.set).start()
        assert [one.result(5) for one in asked] == [7] * 8
    assert len(found) == 1


def test_what_failed_is_asked_again() -> None:
    once = Once[int](4)

    def fail() -> int:
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            once.get("a", fail)
    assert once.get("a", lambda: 3) == 3


def test_the_longest_unused_goes_first_and_clear_forgets_all() -> None:
    once, found = Once[str](2), []

    def get(key: str) -> None:
        once.get(key, lambda: found.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        get(key)
    assert found == ["a", "b", "c", "b"], "b went for c"
    once.clear()
    get("b")
    assert found[-1] == "b" and len(found) == 5
