"""A question that many ask at once is put to the release once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import streamlit as st

from pages._shared import data, data_flow
from warehouse import query
from warehouse.periods import compare
from warehouse.query import Filters
from warehouse.viewer import Viewer

ASKERS = 20


@pytest.fixture
def counted(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements that reach a release, each slow enough that all askers come while the first waits."""
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))
    st.cache_data.clear()
    source = data.reader()
    assert source.levels and source.info
    asked: list[str] = []
    real = query.select

    def slow(con: Any, sql: str, *how: Any) -> pd.DataFrame:
        asked.append(sql)
        time.sleep(0.3)
        return real(con, sql, *how)

    monkeypatch.setattr(query, "select", slow)
    return asked


def together(ask: Callable[[], Any]) -> list[Any]:
    gate = threading.Barrier(ASKERS)

    def one(_: int) -> Any:
        gate.wait()
        return ask()

    with ThreadPoolExecutor(ASKERS) as pool:
        return list(pool.map(one, range(ASKERS)))


def test_twenty_cold_askers_of_a_figure_ask_each_query_once(counted: list[str]) -> None:
    # Not a manager: what such a one may be told takes questions of its own.
    viewer, source = Viewer.of("analyst"), data.reader()
    period = compare("month", source.info["as_of"]).now
    counted.clear()
    found = together(lambda: data.figures(["M01", "M03"], viewer, [period], ["region_code"], Filters()))
    # Sums at the hour of the release tell both at once.
    assert len(counted) == len(set(counted)) == 1, counted
    assert all(f.equals(found[0]) for f in found) and len(found[0]) > 1
    found[0]["M01"] = -1
    again = data.figures(["M01", "M03"], viewer, [period], ["region_code"], Filters())
    assert (again["M01"].dropna() >= 0).all(), "what one viewer does with an answer is not what others get"


def test_twenty_cold_askers_of_a_list_are_one_question(counted: list[str]) -> None:
    viewer, at = Viewer.of("analyst"), data.reader().info["as_of"]
    counted.clear()
    together(lambda: data_flow.waiting(viewer, at, Filters(), "M22_OPEN", 0, 20, "due_at"))
    assert len(counted) == 2, "the page and the count"


def test_what_a_source_can_support_is_looked_up_once(counted: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    source = data.reader()
    monkeypatch.setattr(source, "_filled", {})
    together(lambda: source.filled("mart_ticket"))
    assert len(counted) == 1, "it reads a whole table"
