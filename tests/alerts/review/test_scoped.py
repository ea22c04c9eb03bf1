"""An issue of a part of the city: its own figures alone, small groups hidden, nothing known of the whole only."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pandas as pd
import pytest
import sqlalchemy as sa

from alerts.review import overall, scoped
from alerts.review.asked import Asked, Sources
from alerts.review.bundle import Issue, Number, Words, canonical
from alerts.review.content import content
from alerts.review.gather import sources
from tests.alerts.review.conftest import AS_OF, WEEK
from warehouse.home import Home
from warehouse.viewer import Viewer

EAST, NORTH = "321002", "321023"


def viewer(regions: str | None = None, departments: str | None = None) -> Viewer:
    return Viewer.of("manager", *(None if v is None else frozenset(v.split()) for v in (regions, departments)))


@pytest.mark.parametrize(
    ("limits", "region", "dept", "own"),
    [
        ((None, None), None, None, True),
        ((EAST, None), EAST, "NET", True),
        ((EAST, None), NORTH, "NET", False),
        ((EAST, None), None, "NET", False),
        ((None, "NET"), None, "NET", True),
        ((None, "NET"), EAST, "CARE", False),
        ((EAST, "NET"), EAST, "CARE", False),
        ((EAST, "NET"), EAST, "NET", True),
    ],
)
def test_both_limits_must_hold(limits: tuple[str | None, str | None], region: Any, dept: Any, own: bool) -> None:
    assert scoped.is_own(viewer(*limits), region, dept) is own
    rows = [{"region_code": region, "owner_dept": dept}]
    assert scoped.warnings(viewer(*limits), rows) == (rows if own else [])


@pytest.mark.parametrize(
    ("kind", "code", "own"),
    [
        ("region", EAST, True),
        ("region", NORTH, False),
        ("region", f"{EAST}, {NORTH}", False),
        ("place", "P1", True),
        ("place", "P2", False),
        ("place", "P9", False),
        ("city", "", False),
        ("hotspot", "H1", False),
    ],
)
def test_a_measure_belongs_to_the_district_of_its_place(kind: str, code: str, own: bool) -> None:
    tables = {"dim_place": pd.DataFrame({"place_id": ["P1", "P2"], "region_code": [EAST, NORTH]})}
    asked = SimpleNamespace(viewer=viewer(EAST), table=lambda name: tables.get(name, pd.DataFrame()))
    action = SimpleNamespace(scope_kind=kind, scope_id=code, owner_dept="NET")
    assert scoped.actions(cast(Any, asked))(cast(Any, action)) is own


def _told(value: float | None, previous: float | None, hidden: bool = False, has: bool = True) -> Words:
    number = Number(
        measure="M01", name=Words(zh="", en=""), unit="count", value=value, previous=previous, hidden=hidden
    )
    asked = SimpleNamespace(has=lambda _: has, comparison=SimpleNamespace(before=1, year_ago=2))
    return overall.finding(cast(Any, asked), (number,))


def test_few_are_neither_none_nor_the_first_week() -> None:
    assert "不足5人，不显示" in _told(None, None, hidden=True).zh
    assert "没有投诉记录" in _told(0, 3).zh
    assert "上周投诉客户不足5人" in _told(9, None).zh and "没有更早" not in _told(9, None).zh
    assert "没有更早的一周可比" in _told(9, None, has=False).zh


# --- the demo city ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def city(demo_home: Path) -> Sources:
    """Figures alone: what people did is asked elsewhere."""
    return sources(Home(demo_home), None)


def part(whole: Sources, whose: Viewer) -> Issue:
    return content(replace(whole, viewer=whose), WEEK, AS_OF)


def counted(whole: Sources, *conditions: Any) -> int:
    """Complaints of the week as M01 counts them, asked without the query layer."""
    mart = sa.table("mart_ticket", sa.column("accepted_on"), sa.column("region_code"), sa.column("owner_dept"))
    days = mart.c.accepted_on.between(sa.literal("2025-03-24"), sa.literal("2025-03-30"))
    asked = sa.select(sa.func.count().label("n")).select_from(mart).where(days, *conditions)
    return int(whole.reader.run(asked)["n"].iloc[0])


@pytest.mark.deep
def test_two_districts_get_their_own_figures_and_none_of_each_other(city: Sources) -> None:
    every = {code: city.names("district", code, "zh") for code in (
        "321002", "321003", "321012", "321023", "321081", "321084", "321071")}  # fmt: skip
    volumes = {}
    for code in (EAST, NORTH):
        mine = part(city, viewer(code))
        numbers = {n.measure: n.value for n in mine.screens[1].items[0].numbers}
        volumes[code] = numbers["M01"]
        assert numbers["M01"] == counted(city, sa.column("region_code") == sa.literal(code)) > 0
        assert [f.zh for f in mine.filters] == [f"区县：{every[code]}"]
        text = canonical(mine).decode()
        assert [name for other, name in every.items() if other != code and name in text] == []
        assert mine.changes == () and {i.id for i in mine.annex}.isdisjoint({"sources", "rules"})
        assert "shifts" not in {i.id for s in mine.screens for i in s.items}
        for item in mine.screens[4].items:
            for table in item.tables if item.id in ("details", "halls", "packages") else ():
                at = [c.name for c in table.columns].index("n")
                assert all(row[at] is None or row[at] >= 5 for row in table.rows), item.id  # type: ignore[operator]
    assert volumes[EAST] != volumes[NORTH]
    assert sum(v or 0 for v in volumes.values()) < counted(city)


@pytest.mark.deep
def test_a_department_gets_its_own_warnings_and_measures(demo_sources: Sources) -> None:
    mine = part(demo_sources, viewer(None, "NET"))
    value = mine.screens[1].items[0].numbers[0].value
    assert value == counted(demo_sources, sa.column("owner_dept") == sa.literal("NET"))
    named = demo_sources.names("dept", "NET", "zh")
    for item in (*mine.screens[0].items, *mine.screens[3].items):
        for table in item.tables:
            at = [c.name for c in table.columns].index("dept") if "dept" in {c.name for c in table.columns} else None
            assert at is None or {row[at] for row in table.rows} <= {named}, item.id


@pytest.mark.deep
def test_a_part_of_hardly_anybody_says_so_and_shows_no_number(city: Sources) -> None:
    asked = Asked.of(city, WEEK, AS_OF)
    groups = asked.figures(["M01"], ("region_code", "owner_dept"), [asked.now], viewer=asked.whole)
    few = groups[groups["n_customers"].between(1, 4) & groups["owner_dept"].notna()].iloc[0]
    mine = part(city, viewer(str(few["region_code"]), str(few["owner_dept"])))
    said = {s.name: s.finding.zh for s in mine.screens}
    assert all("不足5人" in said[name] for name in ("overall", "movement", "forecast"))
    assert mine.screens[1].items[0].numbers[0].hidden
    assert all(not i.tables for s in mine.screens if s.name in ("movement", "forecast") for i in s.items)
