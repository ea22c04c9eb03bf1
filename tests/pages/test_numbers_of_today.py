"""The numbers on Today are those of the mart, counted here with plain SQL that knows no measure."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import LANGS, Lang
from tests.pages.conftest import OpenView
from warehouse.measures import measures

Ask = Callable[..., Any]

# Week 2025-W13, known up to the as-of time.
WEEK = """
select
    count(*),
    count(*) filter (where feedback_at <= due_at and feedback_at <= as_of)::double
        / count(*) filter (where feedback_at <= as_of or due_at < as_of),
    count(*) filter (where answer_code = 2 and surveyed_at <= as_of)::double
        / count(*) filter (where answer_code in (2, 3) and surveyed_at <= as_of)
from mart_ticket
cross join (select timestamp '2025-03-31 08:30:00' as as_of)
where accepted_at >= date '2025-03-24' and accepted_at < date '2025-03-31'
    and ($region is null or region_code = $region)
    and ($kind is null or type_l1 = $kind)
"""


def week(ask: Ask, home: Path, region: str | None = None, kind: str | None = None) -> tuple[int, float, float]:
    text = WEEK.replace("$region", "?::varchar").replace("$kind", "?::varchar")
    return ask(home, text, region, region, kind, kind)[0]


def tile(at: Any, measure: str, lang: Lang) -> str:
    name = measures()[measure].name(lang)
    return next(m.value for m in at.metric if m.label == name)


def number(text: str) -> float:
    found = re.search(r"-?\d[\d,]*(?:\.\d+)?", text)
    assert found, text
    return float(found[0].replace(",", ""))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_tiles_equal_the_mart(open_view: OpenView, demo_home: Path, ask: Ask, lang: Lang, role: str) -> None:
    n, timely, satisfied = week(ask, demo_home)
    at = open_view(demo_home, "today", lang, role)
    assert number(tile(at, "M01", lang)) == n
    assert number(tile(at, "M04", lang)) == round(100 * timely, 1)
    assert number(tile(at, "M09", lang)) == round(100 * satisfied, 1)
    assert f"{n:,}" in at.markdown[[m.value[:3] for m in at.markdown].index("## ")].value


def test_filtered_tiles_equal_the_mart(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    n, timely, _ = week(ask, demo_home, "321003", "NET")
    at = open_view(demo_home, "today", "en", region="321003", type="NET")
    assert number(tile(at, "M01", "en")) == n
    assert number(tile(at, "M04", "en")) == round(100 * timely, 1)


def test_types_and_rows_count_the_same_week(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    """Today, the types view and the rows behind it agree."""
    n, _, _ = week(ask, demo_home)
    types = open_view(demo_home, "structure", "en", "analyst")
    rows = open_view(demo_home, "tickets", "en", "analyst")
    assert f"{n:,} " in next(m.value for m in types.markdown if m.value.startswith("## "))
    assert any(f" {n:,} tickets" in m.value for m in rows.markdown)


def test_a_managers_total_counts_what_is_too_small_to_show(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    """Groups under five customers are hidden one by one, not taken from the total."""
    days = "accepted_on between date '2025-03-24' and date '2025-03-30'"
    day = f"select count(*) from mart_ticket where {days} and region_code = ?"
    region, n = max(
        ((code, ask(demo_home, day, code)[0][0]) for code in ("321081", "321084", "321023", "321012")),
        key=lambda pair: pair[1],
    )
    at = open_view(demo_home, "structure", "en", "manager", region=region)
    finding = next(m.value for m in at.markdown if m.value.startswith("## "))
    assert re.search(rf"\b{n}\b", finding.split(":")[1]), (n, finding)


@pytest.mark.parametrize("view", ["today", "structure", "tickets"])
def test_a_week_is_named_with_its_days(open_view: OpenView, demo_home: Path, view: str) -> None:
    at = open_view(demo_home, view, "zh", "analyst")
    said = "\n".join(e.value for e in [*at.title, *at.markdown])
    assert "2025年第13周(3.24–3.30)" in said


def test_a_district_whose_overdue_are_withheld_is_told_nothing_of_the_room(
    open_view: OpenView, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few were overdue there this month, so a manager may not know how many; the view stands all the same."""
    from pages._shared.blocks import month

    withheld: list[bool] = []
    room = month._room

    def noted(frame: Any, row: Any, ids: list[str]) -> None:
        withheld.append(bool(row[["M22_N"]].isna().any()))
        room(frame, row, ids)

    monkeypatch.setattr(month, "_room", noted)
    at = open_view(demo_home, "today", "en", period="month", region="321023")
    assert withheld == [True], "the district no longer has few"
    assert not at.exception
    assert not any("Room left" in m.value or "out of reach" in m.value for m in at.markdown)


@pytest.mark.deep
def test_rates_stand_beside_their_counts(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    sql = """
    select
        count_if(is_escalated) / count(*),
        count_if(due_at < coalesce(case when feedback_at <= as_of then feedback_at end, as_of)) / count(*)
    from mart_ticket cross join (select timestamp '2025-03-31 08:30:00' as as_of)
    where accepted_on between date '2025-03-24' and date '2025-03-30'
    """
    [(outside, overdue)] = ask(demo_home, sql)
    small_print = " ".join(str(m.value) for m in open_view(demo_home, "today", "en", "manager").markdown)
    assert f"{measures()['M18'].en} {outside:.1%}" in small_print
    assert f"{measures()['M22'].en} {overdue:.1%}" in small_print


def test_what_stands_behind_is_made_once_it_is_unfolded(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "today", "en", "manager")
    folded = len(at.dataframe)
    at.session_state["movers_evidence"] = True
    at.run()
    assert len(at.dataframe) == folded + 3, "types, districts and channels"
    at.session_state["map_table"] = True
    at.run()
    assert len(at.dataframe) == folded + 4 and not at.exception
