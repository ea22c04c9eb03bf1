"""Garbage is looked for now and then, and what nobody holds goes."""

from __future__ import annotations

import weakref

import pytest

from pages._shared import garbage


class Ring:
    """Holds itself, so that only a search of the memory ends it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_holds_itself_goes_when_it_is_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "_at", 0.0)
    seen = weakref.ref(Ring())
    assert not garbage.collect(garbage.EVERY_S - 1)
    assert garbage.collect(garbage.EVERY_S)
    assert seen() is None
    assert not garbage.collect(garbage.EVERY_S + 1), "not again at once"


def test_two_at_once_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(garbage, "_at", 0.0)
    with garbage._lock:
        assert not garbage.collect(garbage.EVERY_S)
    assert garbage.collect(garbage.EVERY_S)
