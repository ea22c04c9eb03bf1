"""Notes on charts: written beside a chart, read on every chart of that measure, taken back by who may."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alerts import notes
from pages._shared import data_notes
from pages._shared.blocks import measure_trend
from pages._shared.text import t
from tests.pages.conftest import OpenView
from tests.pages.test_views import everything_said, opens, texts
from warehouse import ops
from warehouse.query import Filters
from warehouse.viewer import Viewer

AT = datetime(2025, 3, 31, 9)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> sa.Engine:
    url = f"sqlite:///{tmp_path}/ops.db"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    return ops.open_ops(url)


def charts(at: Any) -> str:
    """All that the charts hold, data too."""
    return "".join(e.proto.SerializeToString().decode("utf-8", "replace") for e in at.get("vega_lite_chart"))


def test_a_note_stands_on_every_chart_of_its_measure(open_view: OpenView, demo_home: Path, kept: sa.Engine) -> None:
    notes.write(kept, "停电两小时", "duty", AT, date(2025, 3, 18), measure="M01")
    notes.write(kept, "促销期间", "duty", AT, date(2025, 3, 3), date(2025, 3, 14), measure="M01")
    for view in ("today", "subtypes"):
        at = open_view(demo_home, view, "zh", "manager")
        opens(at, view, "zh")
        assert "停电两小时" in charts(at) and "促销期间" in charts(at), view
        assert "停电两小时" in everything_said(at)
    assert "停电两小时" not in charts(open_view(demo_home, "satisfaction", "zh", "manager"))


def test_measures_over_time_are_drawn_in_one_place() -> None:
    """There alone notes come to them. Weak signal by day and warnings by week are no measures that have notes."""
    blocks = Path(measure_trend.__file__).parent
    drawn = {p.stem for p in blocks.glob("*.py") if "charts.trend(" in p.read_text(encoding="utf-8")}
    assert drawn == {"measure_trend", "case_course", "warning_burden"}
    assert (blocks / "case_course.py").read_text(encoding="utf-8").count("charts.trend(") == 1


def test_who_may_writes_and_takes_back(open_view: OpenView, demo_home: Path, kept: sa.Engine) -> None:
    at = open_view(demo_home, "today", "en", "duty")
    at.text_input(key="note_M01_text").input("<b>=*cut*").run()
    at = at.button(key="note_M01_keep").click().run()
    opens(at, "today", "en")
    (found,) = notes.of_chart(kept, "M01", date(2025, 1, 1), date(2025, 4, 1))
    assert (found.text, found.author, found.begins_on) == ("<b>=*cut*", "duty", date(2025, 3, 30))
    assert r"\<b\>=\*cut\*" in everything_said(at)
    other = open_view(demo_home, "today", "en", "handler")
    assert f"unnote_M01_{found.note_id}" not in {b.key for b in other.button}
    at.button(key=f"unnote_M01_{found.note_id}").click().run()
    assert notes.of_chart(kept, "M01", date(2025, 1, 1), date(2025, 4, 1)) == []


@pytest.mark.parametrize(
    ("chosen", "own", "about"),
    [("", None, ""), ("1", None, "1"), ("1 2", None, "1 2"), ("", "1 2", "1 2"), ("2", "1 2", "2"), ("3", "1", ""),
     ("", "1", "1")],
)  # fmt: skip
def test_a_chart_is_about_what_was_chosen_of_the_viewer_s_own(chosen: str, own: str | None, about: str) -> None:
    where = Filters((("region_code", tuple(chosen.split())),)) if chosen else Filters()
    viewer = Viewer.of("manager", None if own is None else frozenset(own.split()))
    found = data_notes.regions(where, viewer)
    assert found == about.split()
    assert data_notes.scope(where, viewer)[0] == (about if len(found) == 1 else "")


def test_an_empty_note_is_refused(open_view: OpenView, demo_home: Path, kept: sa.Engine) -> None:
    at = open_view(demo_home, "today", "en", "duty").button(key="note_M01_keep").click().run()
    assert t("notes.wrong", "en") in texts(at.warning)


def test_an_auditor_sees_no_form(open_view: OpenView, demo_home: Path, kept: sa.Engine) -> None:
    at = open_view(demo_home, "today", "en", "auditor")
    assert "note_M01_keep" not in {b.key for b in at.button}
