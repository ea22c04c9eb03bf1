"""What a manager sees where groups are small: no hidden figure follows from a total, and totals stay true."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pages._shared import draw
from pages._shared.charts.base import AnyChart
from pages._shared.text import t
from tests.pages.conftest import AS_OF, OpenView
from tests.pages.homes import ticket, tiny_home

# age, channel -> tickets, each of a customer of its own; one cell is small.
CELLS = {
    ("YOUNG", "HOTLINE"): 20,
    ("YOUNG", "APP"): 30,
    ("YOUNG", "WEB"): 10,
    ("MIDDLE", "HOTLINE"): 40,
    ("MIDDLE", "APP"): 12,
    ("MIDDLE", "WEB"): 9,
    ("SENIOR", "HOTLINE"): 25,
    ("SENIOR", "APP"): 3,
    ("SENIOR", "WEB"): 7,
}
TYPES = {"NET01": 60, "TAR01": 51, "TRM01": 45}  # of the tickets above, in this order; terminals by app are small


@pytest.fixture(scope="module")
def small_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    types = [code for code, n in TYPES.items() for _ in range(n)]
    rows, n = [], 0
    for (age, channel), count in CELLS.items():
        for _ in range(count):
            at = datetime(2025, 3, 24, 9) + timedelta(minutes=37 * n)
            row = ticket(n + 1, at, at + timedelta(hours=5)) | {"age": age, "channel": channel, "type": types[n]}
            rows.append(row | {"customer": "BUSINESS" if n < 2 else "HOME" if n < 40 else "PERSON"})
            n += 1
    return tiny_home(tmp_path_factory.mktemp("small"), "small", AS_OF, rows)


@pytest.fixture
def charts(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """The specifications that a view draws, in order."""
    seen: list[dict[str, Any]] = []
    shown = draw.show

    def show(chart: AnyChart, **options: Any) -> None:
        seen.append(chart.to_dict(validate=False))
        shown(chart, **options)

    monkeypatch.setattr(draw, "show", show)
    return seen


def rows_of(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """The longest list of data in a specification."""
    found: list[list[dict[str, Any]]] = list(chart.get("datasets", {}).values())
    return max(found, key=len)


def heat_of(charts: list[dict[str, Any]]) -> dict[str, Any]:
    return next(c for c in charts if {"row", "col"} <= set(rows_of(c)[0]))


@pytest.mark.parametrize("view", ["who", "structure"])
def test_no_row_or_column_of_a_heat_hides_a_single_cell(
    open_view: OpenView, small_home: Path, charts: list[dict[str, Any]], view: str
) -> None:
    at = open_view(small_home, view, "en", "manager")
    assert [e.message for e in at.exception] == []
    cells = rows_of(heat_of(charts))
    assert any(c["value"] is None for c in cells)
    for axis in ("row", "col"):
        for name in {c[axis] for c in cells}:
            line = [c for c in cells if c[axis] == name]
            hidden = [c for c in line if c["value"] is None]
            assert len(hidden) != 1 or len(line) == 1, (axis, name)


def test_a_hidden_cell_tells_its_number_nowhere_in_the_picture(
    open_view: OpenView, small_home: Path, charts: list[dict[str, Any]]
) -> None:
    open_view(small_home, "structure", "en", "manager")
    hidden = [c for c in rows_of(heat_of(charts)) if c["value"] is None]
    assert {c["label"] for c in hidden} == {"<5", "··"}
    assert all(c["n"] is None and c["n_text"] == "—" for c in hidden)


def test_shares_are_of_everybody_of_that_age(
    open_view: OpenView, small_home: Path, charts: list[dict[str, Any]]
) -> None:
    open_view(small_home, "who", "en", "manager")
    heat = heat_of(charts)
    hotline = {c["row"]: c["value"] for c in rows_of(heat) if c["channel_code"] == "HOTLINE"}
    assert hotline["Senior"] == pytest.approx(25 / 35), "not 25 of the cells that are shown"
    assert all(line.endswith("n=156") for line in heat["title"]["subtitle"])


def test_a_small_group_does_not_follow_from_the_others(
    open_view: OpenView, small_home: Path, charts: list[dict[str, Any]]
) -> None:
    """Two business customers, 38 of households, 116 persons: the households go too, and the total stays."""
    open_view(small_home, "who", "en", "manager")
    bars = next(c for c in charts if {r.get("key") for r in rows_of(c)} & {"PERSON", "HOME", "BUSINESS"})
    assert {r["key"] for r in rows_of(bars)} == {"PERSON"}
    assert rows_of(bars)[0]["share"] == pytest.approx(116 / 156)
    assert bars["title"]["subtitle"] == ["Share of complaints, n=156"]


@pytest.mark.parametrize("view", ["structure", "subtypes", "who"])
def test_the_sample_of_a_manager_is_the_true_total(
    open_view: OpenView, small_home: Path, charts: list[dict[str, Any]], view: str
) -> None:
    open_view(small_home, view, "en", "manager")
    said = [line for c in charts for line in c["title"].get("subtitle", []) if "n=" in line]
    assert said and all("n=156" in line for line in said)


@pytest.mark.deep
def test_the_due_board_hides_bands_of_few_and_what_they_follow_from(
    open_view: OpenView, tmp_path_factory: pytest.TempPathFactory, charts: list[dict[str, Any]]
) -> None:
    """Ten overdue, two due soon and eight later at one department; six overdue at another."""
    hours = [("NET", 80, 10), ("NET", 47, 2), ("NET", 2, 8), ("MKT", 80, 6)]
    rows = [
        ticket(100 * k + n, AS_OF - timedelta(hours=before, minutes=n), None) | {"dept": dept}
        for k, (dept, before, count) in enumerate(hours)
        for n in range(count)
    ]
    rows.append(ticket(999, AS_OF - timedelta(days=9), AS_OF - timedelta(days=8)))
    home = tiny_home(tmp_path_factory.mktemp("due"), "due", AS_OF, rows)
    at = open_view(home, "due", "en", "manager")
    assert [e.message for e in at.exception] == []
    shown = {(c["owner_dept"], c["band"]): c["value"] for c in rows_of(heat_of(charts))}
    assert shown["MKT", "M22_OPEN"] == 6
    of_net = [v for (dept, _), v in shown.items() if dept == "NET"]
    assert sum(v is None for v in of_net) >= 2
    said = next(m.value for m in at.markdown if m.value.startswith("## "))
    assert "within two hours" not in said
    charts.clear()
    at = open_view(home, "due", "en", "manager", region="321002")
    hint = t("due.no_depts", "en").split(": ")[1]
    assert hint in str([m.value for m in at.markdown])
    assert not any({"row", "col"} <= set(rows_of(c)[0]) for c in charts)
    charts.clear()
    open_view(home, "due", "en", "analyst")
    assert all(c["value"] is not None for c in rows_of(heat_of(charts)))


@pytest.mark.deep
def test_a_body_outside_does_not_follow_from_the_total_of_its_level(
    open_view: OpenView, demo_home: Path, charts: list[dict[str, Any]]
) -> None:
    """Of 19 filings of a level, 17 at one body: the two others told what was hidden beside them."""
    at = open_view(demo_home, "outside", "en", "manager")
    assert [e.message for e in at.exception] == []
    table = next(d.value for d in at.dataframe if list(d.value["name"])[:1] == ["L1 supervision"])
    told = {name[:2]: n for name, n in zip(table["name"], table["n"], strict=True)}
    bars = next(c for c in charts if all(str(r.get("label", "")).startswith("L") for r in rows_of(c)))
    for level, n in told.items():
        shown = sum(r["n"] for r in rows_of(bars) if r["label"].startswith(level))
        assert not n.isdigit() or int(n) == shown or int(n) - shown >= 5, level
    said = bars["title"]["text"]
    words = said if isinstance(said, str) else said["expr"]
    assert f"{int(told['L3']) + int(told['L4'])} of" in words, "the title tells what the table tells"


@pytest.mark.deep
def test_a_manager_is_told_of_no_few_that_lie_still(
    open_view: OpenView, demo_home: Path, charts: list[dict[str, Any]]
) -> None:
    open_view(demo_home, "handover_still", "en", "manager")
    bars = next(
        c for c in charts if {"key", "label", "value", "text"} <= set(rows_of(c)[0]) and "n" not in rows_of(c)[0]
    )
    assert all(r["value"] >= 5 for r in rows_of(bars))
