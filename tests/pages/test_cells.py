"""热点网络 → 小区 and /cell: numbers equal the release, roles see what they may, homes without counters say so."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pages._shared import data, data_cells, data_map, data_terminals, deck, numbers
from pages._shared.blocks import map_paints
from pages._shared.text import Lang, t, word
from tests.pages.conftest import OpenView
from tests.pages.little import littles
from warehouse import explaining
from warehouse.hotspots import radio
from warehouse.query import Filters
from warehouse.viewer import Viewer

KANGLE = "460-00-900011-3"


def findings_of(at: Any) -> list[str]:
    return [m.value for m in at.markdown if m.value.startswith("## ")]


def test_the_list_says_what_the_mart_holds(demo_home: Path, open_view: OpenView, ask: Any) -> None:
    at = open_view(demo_home, "cells", "zh", "planner")
    assert not at.exception and at.title[0].value == "小区" and len(findings_of(at)) == 1
    table = at.dataframe[0].value
    rows = ask(
        demo_home,
        "select any_value(c.cell_name), sum(n_tickets) from mart_cell_complaint as m "
        "join dim_cell as c on c.cell_id = m.cell_id and c.valid_to is null "
        "where week_start >= '2024-12-30' and week_start < '2025-03-31' group by m.cell_id",
    )
    told = dict(rows)
    assert {c: told[c] for c in table["cell"]} == dict(zip(table["cell"], table["n"], strict=True))
    assert table["excess"].is_monotonic_decreasing and table["n"].max() == max(told.values())


def test_a_manager_reads_numbers_of_cells_and_no_single_one(demo_home: Path, open_view: OpenView) -> None:
    at = open_view(demo_home, "cells", "en", "manager", part="both")
    assert not at.exception and len(findings_of(at)) == 1
    assert not any("cell" in d.value.columns for d in at.dataframe)
    assert not any(m.value.count("460-00") for m in at.markdown)
    at = open_view(demo_home, "cell", "en", "manager")
    assert not at.exception and not findings_of(at) and len(at.info) == 1


def test_a_cell_alone_says_since_when_and_what_was_expected(demo_home: Path, open_view: OpenView, ask: Any) -> None:
    at = open_view(demo_home, "cell", "zh", "planner")
    assert not at.exception
    (said,) = findings_of(at)
    [(n,)] = ask(
        demo_home,
        "select sum(n_tickets) from mart_cell_complaint where cell_id = ? and week_start >= '2024-12-30'",
        KANGLE,
    )
    assert f"投诉{n}件" in said and "自3月27日" in said, "the signal fell in the afternoon of 27 March"
    charts = [e for e in _all(at.main) if getattr(e, "type", "") == "vega_lite_chart"]
    specs = [json.loads(e.proto.spec) for e in charts]
    assert len(specs) >= 2


def test_a_cell_nobody_knows_and_a_figure_nobody_knows(demo_home: Path, open_view: OpenView) -> None:
    at = open_view(demo_home, "cell", "en", "planner", id="<script>")
    assert [i.value for i in at.info] == [t("cell.unknown", "en")]
    at = open_view(demo_home, "cell", "en", "planner", kpi="nonsense", id="460-00-900102-1")
    assert not at.exception and any("nonsense" in i.value for i in at.info)
    assert any(t("cell.no_hours", "en").split(".")[0] in m.value for m in at.markdown), "only some cells send hours"


@pytest.mark.parametrize(
    "home", ["one_row_home", *(pytest.param(h, marks=pytest.mark.deep) for h in ("stale_home", "no_ticket_home"))]
)
@pytest.mark.parametrize(("lang", "role"), [("zh", "manager"), pytest.param("en", "planner", marks=pytest.mark.deep)])
def test_a_home_without_cells_says_so(
    request: pytest.FixtureRequest, open_view: OpenView, home: str, lang: Lang, role: str
) -> None:
    at = open_view(request.getfixturevalue(home), "cells", lang, role)
    assert not at.exception
    told = [i.value for i in at.info]
    assert t("cell.none", lang) in told or t("other.no_tickets", lang) in told


def test_test_drives_lie_on_the_map_of_their_time(demo_home: Path, open_view: OpenView, ask: Any) -> None:
    at = open_view(demo_home, "map", "en", "planner", over="drives", week="2025-03-24")
    assert not at.exception
    [chart] = [e for e in _all(at.main) if getattr(e, "type", "") == "deck_gl_json_chart"]
    [drawn] = [layer for layer in json.loads(chart.proto.json)["layers"] if layer["id"] == "drives"]
    [(n,)] = ask(
        demo_home,
        "select count(*) from fact_drive_test where measured_at >= '2024-12-30' and measured_at < '2025-03-31' "
        "and rsrp_dbm is not null and lon is not null",
    )
    assert len(drawn["data"]) == n > 100


def _all(node: Any) -> list[Any]:
    children = getattr(node, "children", None)
    return [node] if not children else [leaf for child in children.values() for leaf in _all(child)]


def test_the_limits_of_the_workspace_decide_which_cell_is_poor(
    demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A city that calls every cell bad which has a weak sample has more bad ones, in the list as on the map."""
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))
    planner, end = Viewer.of("planner"), date(2025, 3, 31)

    def bad() -> list[int]:
        on_map = data_map.cells(planner, date(2025, 3, 24))["state"]
        listed = data_cells.judged(planner, end, Filters())["state"]
        return [int(states.isin([radio.BAD, radio.OUT]).sum()) for states in (on_map, listed)]

    usual = bad()
    strict = {"radio": {"weak": {"limit": 0.001, "fine": 0.0, "bad": 0.002}}}
    monkeypatch.setattr(data.workspace().settings, "hotspots", strict)
    assert all(a > 2 * b for a, b in zip(bad(), usual, strict=True))


@pytest.mark.parametrize(("view", "more"), [("cells", {}), ("map", {"paint": "cells"})])
def test_of_many_cells_the_weightiest_are_drawn_and_it_is_said(
    demo_home: Path, open_view: OpenView, monkeypatch: pytest.MonkeyPatch, view: str, more: dict[str, str]
) -> None:
    def drawn() -> tuple[list[Any], list[str]]:
        at = open_view(demo_home, view, "en", "planner", **more)
        assert not at.exception
        [chart] = [e for e in _all(at.main) if getattr(e, "type", "") == "deck_gl_json_chart"]
        [cells] = [layer for layer in json.loads(chart.proto.json)["layers"] if layer["id"] == "cells"]
        return cells["data"], [m.value for m in at.markdown if "that matter most are drawn" in m.value]

    every, said = drawn()
    assert len(every) > 1000 and not said
    monkeypatch.setattr(deck, "MOST_FANS", 100)
    monkeypatch.setattr(map_paints, "MOST_BAD", 2)
    few, said = drawn()
    assert few == every[-100:] and len(said) == 1 and "100" in said[0] and f"{len(every):,}" in said[0]
    assert ("The list has the worst 2 of" in said[0]) == (view == "map")


@pytest.mark.parametrize(("lang", "role"), [("zh", "manager"), ("en", "planner")])
def test_the_share_that_findings_explain_is_that_of_the_sums(
    demo_home: Path, open_view: OpenView, lang: Lang, role: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_view(demo_home, "cells", lang, role)
    assert not at.exception and t("explained.title", lang) in [s.value for s in at.subheader]
    found = explaining.share(explaining.layers(data.reader(), Viewer.of("manager")))
    said = [m.value for m in at.markdown if numbers.rate(found.share, lang) in m.value]
    assert said and f"{found.n:,}" in said[0] and numbers.rate(found.high, lang) in said[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_planted_terminal_stands_out_and_managers_see_none(
    demo_home: Path, open_view: OpenView, ask: Any, lang: Lang
) -> None:
    at = open_view(demo_home, "cells", lang, "planner")
    ((n,),) = ask(
        demo_home,
        "select count(*) from fact_ticket where is_counted and type_code = 'NET05' and terminal_model = '终端D-5G入门' "
        "and accepted_on >= '2024-12-30' and accepted_on < '2025-03-31'",
    )
    (said,) = [m.value for m in at.markdown if "终端D" in m.value and m.value.startswith("**")]
    assert f"{n}" in said
    tables = littles(at, lambda c: t(f"terminals.{c}", lang), "total")
    assert len(tables) == 1 and any(f"▲ {n}" in v for v in tables[0].to_numpy().reshape(-1).astype(str))
    assert any(t("drops.method", lang) in m.value.replace("\\", "") for m in at.markdown), (
        "lead and lag stand beside it"
    )
    manager = open_view(demo_home, "cells", lang, "manager")
    assert not any("终端D" in m.value for m in manager.markdown)


@pytest.mark.deep
def test_a_cell_says_whether_complaints_follow_its_drops(demo_home: Path, open_view: OpenView) -> None:
    for lang in ("zh", "en"):
        at = open_view(demo_home, "cell", lang, "planner")
        [box] = [e for e in at.expander if e.label == t("drops.cell_title", lang)]
        said = " ".join(m.value for m in box.markdown)
        found = data_terminals.around_drops_of(Viewer.of("planner"), KANGLE, date(2025, 3, 31))
        assert found.n_drops > 0 and str(found.n_drops) in said
        assert word("drops.cell_said", found.verdict, lang) in said
        assert found.verdict != "thin" or "95%" in said, "n and interval stand there though nothing may be said of them"
