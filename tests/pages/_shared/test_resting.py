"""A release that another has followed takes no memory, though widgets of open tabs still hold it."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

import pytest
import streamlit as st

from pages._shared import data, data_warnings, rests
from warehouse.home import Home
from warehouse.release import Releases


def open_releases(home: Path) -> list[str]:
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        link = os.path.realpath(descriptor)
        if link.startswith(str(home.resolve())) and link.endswith(".duckdb"):
            found.append(Path(link).stem)
    return sorted(found)


def wait_for(home: Path, expected: list[str]) -> list[str]:
    until = time.monotonic() + 10
    while (found := open_releases(home)) != expected and time.monotonic() < until:
        time.sleep(0.01)
    return found


def test_only_the_release_in_use_stays_open(
    one_row_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = tmp_path / "home"
    shutil.copytree(one_row_home, home)
    monkeypatch.setenv("LOOKOUT_HOME", str(home))
    monkeypatch.setattr(rests, "GRACE_S", 0.0)
    releases = Releases(Home(home).releases)
    first = releases.current()
    assert first is not None
    held = []  # as the arguments of buttons hold it in every tab that was left open
    for number in range(4):
        name = f"{first}-{number}"
        os.link(releases.path(first), releases.path(name))
        releases.use(name)
        held += [data.reader(), data_warnings.release()]
        assert held[-2].id == held[-1].id == name
        assert wait_for(home, [name, name]) == [name, name]
    assert {source.id for source in held} == {f"{first}-{number}" for number in range(4)}
    assert held[0].n_rows("mart_ticket") == held[-2].n_rows("mart_ticket") > 0, "who still asks is answered"


def test_answers_of_a_release_go_with_it(one_row_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    shutil.copytree(one_row_home, home)
    monkeypatch.setenv("LOOKOUT_HOME", str(home))
    releases = Releases(Home(home).releases)
    first = str(releases.current())
    asked: list[str] = []

    @st.cache_data(show_spinner=False)
    def answer(release: str) -> str:
        asked.append(release)
        return release

    for release in (first, first, f"{first}-1", first):
        if not releases.path(release).exists():
            os.link(releases.path(first), releases.path(release))
        releases.use(release)
        assert answer(data.reader().id) == release
    assert asked == [first, f"{first}-1", first], "the same release answers once, and again after another"
