"""A chart is drawn once for the same rows and words, and never given for others."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pandas as pd
import pytest
from streamlit.dataframe_util import convert_anything_to_arrow_bytes

from pages._shared import charts
from pages._shared.charts import remember
from pages._shared.charts.base import AnyChart
from pages._shared.charts.remember import MEMORY, Picture, _Memory, packed

ROWS = {"label": ["A", "B"], "value": [3.0, 2.0]}


@pytest.fixture(autouse=True)
def _empty() -> None:
    MEMORY.clear()


def bars(**change: Any) -> Picture:
    """A new frame each time, as pages make one."""
    rows = pd.DataFrame({**ROWS, **change.pop("rows", {})})
    found = charts.count_bars(rows, **{"lang": "en", "mode": "light", "title": "T", **change})
    assert isinstance(found, Picture)
    return found


def built(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    n: list[int] = []
    real = Picture._drawn
    monkeypatch.setattr(Picture, "_drawn", lambda self: (n.append(1), real(self))[1])
    return n


def test_the_second_look_draws_nothing_and_is_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    n = built(monkeypatch)
    first, again = bars().spec(), bars().spec()
    assert len(n) == 1 and first == again
    fresh = charts.bars.count_bars.__wrapped__(pd.DataFrame(ROWS), lang="en", mode="light", title="T")
    assert len(str(packed(fresh.to_dict()))) == len(str(first)), "as it is drawn without memory"


def test_rows_are_sent_as_streamlit_would_send_them() -> None:
    told, sent = bars().to_dict()["datasets"], bars().spec()["datasets"]
    assert told and {n: convert_anything_to_arrow_bytes(rows) for n, rows in told.items()} == sent
    mixed = {"a": [{"x": 1}, {"x": "one"}], "b": [{"type": "Feature", "geometry": {}}], "c": [{"x": 1, "y": None}]}
    kept = packed({"datasets": mixed})["datasets"]
    assert (kept["a"], kept["b"]) == (mixed["a"], mixed["b"]) and isinstance(kept["c"], bytes)
    assert packed({"mark": "bar"}) == {"mark": "bar"}


@pytest.mark.parametrize(
    "change",
    [
        {"rows": {"value": [3.0, 2.5]}},
        {"rows": {"label": ["A", "C"]}},
        {"rows": {"key": ["x", "y"]}},
        {"lang": "zh"},
        {"mode": "dark"},
        {"title": "U"},
        {"subtitle": "n = 5"},
        {"select": True},
    ],
    ids=str,
)
def test_anything_else_is_another_picture(change: dict[str, Any]) -> None:
    before = bars().spec()
    assert bars(**change).spec() != before
    assert bars().spec() == before


def test_what_a_page_does_to_a_specification_stays_with_the_page() -> None:
    bars().spec()["title"] = "mine"
    assert bars().spec()["title"] != "mine"


def test_it_is_the_chart_to_who_asks_for_more() -> None:
    assert bars().to_dict()["$schema"] == bars().spec()["$schema"], "validated"
    assert bars().to_json().startswith("{")


def test_memory_is_bounded_and_drops_what_was_longest_unused() -> None:
    memory = _Memory(most=1000)
    for n in range(50):
        memory.put(bytes([n]), {"x": "y" * 100})
        memory.get(bytes([0]))
    assert memory.size <= 1000
    assert memory.get(bytes([0])) is not None and memory.get(bytes([49])) is not None
    assert memory.get(bytes([1])) is None
    memory.put(bytes([0]), {"x": "y" * 5000})
    assert memory.size == 0, "one too large is not kept, nor is its size"


def test_many_at_once_get_the_same() -> None:
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda n: bars(title=f"T{n % 3}").spec(), range(60)))
    assert all(found[n] == found[n % 3] for n in range(60))
    assert remember.MEMORY.size > 0


def drawing() -> list[tuple[str, Any]]:
    """Every function of the charts that gives one."""
    modules = [importlib.import_module(f"{charts.__name__}.{m.name}") for m in pkgutil.iter_modules(charts.__path__)]
    return [
        (name, function)
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and function.__annotations__.get("return") in ("AnyChart", AnyChart)
    ]


def test_every_chart_a_page_may_ask_for_is_kept() -> None:
    public = {name: function for name, function in drawing() if not name.startswith("_")}
    assert len(public) > 20
    # The last touch of each and the empty one belong to what is kept; that of an issue chooses among kept ones.
    inside = {"finish", "nothing", "issue_chart"}
    assert {name for name, function in public.items() if not hasattr(function, "__wrapped__")} <= inside
