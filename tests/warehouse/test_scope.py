"""Nobody gets a column above their class, a row outside their scope, or the numbers of a handful of people."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import product
from typing import Any

import pandas as pd
import pytest

from tests.warehouse.conftest import LittleHome, new_home, ticket
from warehouse.catalog import models
from warehouse.measures import measures
from warehouse.periods import Period
from warehouse.query import DIMENSIONS, LATTICE_FILTERS, ROW_COLUMNS, Filters, NotAllowed, Reader
from warehouse.scope import PERSONAL
from warehouse.viewer import LEVEL_OF_ROLE, ROLES, Viewer

PUBLISHED = sorted(name for name, model in models().items() if model.is_published)
MARCH = Period("now", date(2025, 3, 1), date(2025, 4, 1), datetime(2025, 3, 31, 8, 30))
OVER = Period("now", MARCH.first, MARCH.end, datetime(2025, 4, 1, 8, 30))
LIMITS: list[dict[str, frozenset[str] | None]] = [
    {"regions": None, "departments": None},
    {"regions": frozenset({"321002"}), "departments": None},
    {"regions": None, "departments": frozenset({"NET"})},
    {"regions": frozenset({"321002", "321023"}), "departments": frozenset({"CARE", "BIL"})},
    {"regions": frozenset(), "departments": None},
]
VIEWERS = [Viewer.of(role, **limits) for role, limits in product(ROLES, LIMITS)]
# Every role and every limit by turns; the deep run takes every pair.
BY_TURNS = [
    pytest.param(viewer, marks=[pytest.mark.deep] if (n // len(LIMITS) + n % len(LIMITS)) % 4 else [])
    for n, viewer in enumerate(VIEWERS)
]


def name_of(viewer: Viewer) -> str:
    return viewer.key


@pytest.fixture(scope="module")
def reader(varied: LittleHome) -> Reader:
    return varied.reader()


@pytest.fixture(scope="module")
def owners(reader: Reader) -> dict[str, dict[str, tuple[Any, Any]]]:
    """Key column -> key -> region and department of the row behind it."""
    tickets = reader.ask("select ticket_id, region_code, owner_dept from fact_ticket", [])
    cells = reader.ask("select cell_id, region_code from dim_cell", [])
    return {
        "ticket_id": {t.ticket_id: (t.region_code, t.owner_dept) for t in tickets.itertuples()},
        "cell_id": {c.cell_id: (c.region_code, None) for c in cells.itertuples()},
    }


@pytest.fixture(scope="module")
def whole_tables(reader: Reader) -> dict[str, pd.DataFrame]:
    """Every published table as who may see everything sees it."""
    return {table: reader.table(table, Viewer.of("supervisor")) for table in PUBLISHED}


def test_every_published_table_holds_rows_here(reader: Reader) -> None:
    assert [t for t in PUBLISHED if reader.n_rows(t) == 0] == []


@pytest.mark.parametrize("viewer", BY_TURNS, ids=name_of)
def test_no_table_gives_more_than_the_viewer_may_see(
    reader: Reader,
    owners: dict[str, dict[str, tuple[Any, Any]]],
    whole_tables: dict[str, pd.DataFrame],
    viewer: Viewer,
) -> None:
    n_refused = 0
    for table in PUBLISHED:
        try:
            frame = reader.table(table, viewer)
        except NotAllowed:
            n_refused += 1
            continue
        levels = reader.levels[table]
        assert all(levels.get(c, "L1") <= LEVEL_OF_ROLE[viewer.role] for c in frame.columns), table
        whole = whole_tables[table]
        if viewer.regions is not None and "region_code" in whole:
            assert set(frame["region_code"]) <= viewer.regions, table
        if viewer.departments is not None and "owner_dept" in whole:
            assert set(frame["owner_dept"]) <= viewer.departments, table
        for key, rows in owners.items():
            for value in frame[key].dropna() if key in frame else []:
                region, department = rows[value]
                assert viewer.regions is None or region in viewer.regions, table
                if key == "ticket_id":
                    assert viewer.departments is None or department in viewer.departments, table
        is_restricted = viewer.regions is not None or viewer.departments is not None
        if is_restricted and not {"region_code", "ticket_id", "cell_id"} & set(levels):
            assert {levels.get(c, "L1") for c in frame.columns} == {"L1"}, f"{table} cannot be told apart by region"
        if viewer.departments is not None and "cust_key" in levels and not {"owner_dept", "ticket_id"} & set(levels):
            assert "cust_key" not in frame, f"{table} cannot be told apart by department"
        if not is_restricted:
            assert len(frame) == len(whole), table
    assert n_refused > 0 or viewer.level != "L1"


@pytest.mark.parametrize("viewer", BY_TURNS, ids=name_of)
def test_rows_behind_a_figure_stay_in_the_scope(reader: Reader, viewer: Viewer) -> None:
    if viewer.level == "L1":
        with pytest.raises(NotAllowed):
            reader.rows(viewer, MARCH, Filters(), 0, 100)
        return
    frame, n = reader.rows(viewer, MARCH, Filters(), 0, 1000)
    assert len(frame) == n
    assert viewer.regions is None or set(frame["region_code"]) <= viewer.regions
    assert viewer.departments is None or set(frame["owner_dept"]) <= viewer.departments
    levels = reader.levels["fact_ticket"]
    assert {levels[c] for c in frame.columns} <= {"L1", "L2", viewer.level}
    assert ("summary_scrubbed" in frame) == (viewer.level == "L3")
    whole = reader.rows(Viewer.of("supervisor"), MARCH, Filters(), 0, 1000)[0]
    expected = whole
    if viewer.regions is not None:
        expected = expected[expected["region_code"].isin(viewer.regions)]
    if viewer.departments is not None:
        expected = expected[expected["owner_dept"].isin(viewer.departments)]
    assert set(frame["ticket_id"]) == set(expected["ticket_id"])


def groupings(base: str, reader: Reader) -> list[str]:
    return sorted((DIMENSIONS - PERSONAL) & set(reader.levels[base]))


@pytest.mark.parametrize("viewer", [v for v in VIEWERS if v.role in ("manager", "analyst")], ids=name_of)
def test_no_figure_counts_rows_outside_the_scope(reader: Reader, viewer: Viewer) -> None:
    scope = {"region_code": viewer.regions, "owner_dept": viewer.departments}
    analyst = Viewer.of("analyst", viewer.regions, viewer.departments)
    [whole] = reader.figures(["M01"], analyst, [MARCH])["M01_num"].tolist() or [0]
    for dimension in groupings("mart_ticket", reader):
        frame = reader.figures(["M01", "M07"], viewer, [MARCH], by=[dimension])
        allowed = scope.get(dimension)
        assert allowed is None or set(frame[dimension]) <= allowed
        shown = frame["M01_num"].fillna(0).sum()
        assert shown <= whole
        if viewer.level != "L1":
            assert shown == whole
            assert not frame["is_small"].any()
        numbers = [c for c in frame if c.endswith(("_num", "_den"))]
        small = frame[frame["is_small"]]
        assert small[[*numbers, "n_customers"]].isna().all(axis=None)
        if viewer.level == "L1":
            assert not frame["n_customers"].between(1, 4).any()


@pytest.mark.parametrize("base", sorted({m.base for m in measures().values()}))
def test_every_measure_hides_its_small_groups(reader: Reader, base: str) -> None:
    """Ratings and survey forms are people too."""
    manager, analyst = Viewer.of("manager"), Viewer.of("analyst")
    for basis in {m.basis for m in measures().values() if m.base == base}:
        ids = [i for i, m in measures().items() if (m.base, m.basis) == (base, basis)]
        for dimension in groupings(base, reader):
            seen = reader.figures(ids, manager, [OVER], by=[dimension])
            known = reader.figures(ids, analyst, [OVER], by=[dimension])
            if "n_customers" not in known:
                assert set(reader.levels[base].values()) == {"L1"}
                continue
            small = set(known[known["n_customers"] < 5][dimension])
            back = seen["is_kept_back"].eq(True) if "is_kept_back" in seen else seen["is_small"].ne(seen["is_small"])
            assert set(seen[seen["is_small"] & ~back][dimension]) == small
            numbers = [f"{i}_{part}" for i in ids for part in ("num", "den")]
            assert seen[seen["is_small"]][numbers].isna().all(axis=None)


@pytest.mark.parametrize("dimension", sorted(DIMENSIONS - LATTICE_FILTERS))
def test_a_manager_does_not_filter_outside_the_lattice(reader: Reader, dimension: str) -> None:
    with pytest.raises(NotAllowed, match="district and level-1 type only"):
        reader.figures(["M01"], Viewer.of("manager"), [MARCH], where=Filters.of({dimension: ["x"]}))


@pytest.mark.parametrize("dimension", sorted(LATTICE_FILTERS))
def test_a_manager_filters_inside_the_lattice(reader: Reader, dimension: str) -> None:
    frame = reader.figures(["M01"], Viewer.of("manager"), [MARCH], where=Filters.of({dimension: ["none such"]}))
    assert frame["M01_num"].tolist() == [0], "an empty period counts 0"


def test_the_columns_of_rows_are_published_and_classed(reader: Reader) -> None:
    assert set(ROW_COLUMNS) <= set(reader.levels["fact_ticket"])


def test_viewers_that_see_different_things_have_different_keys() -> None:
    assert len({v.key for v in VIEWERS}) == len(VIEWERS)
    assert Viewer.of("analyst", frozenset({"*"})).key != Viewer.of("analyst").key
    assert Viewer.of("analyst", frozenset({"a,b"})).key != Viewer.of("analyst", frozenset({"a", "b"})).key


STAFF = [Viewer.of(role, departments=frozenset({"NET"})) for role in ("supervisor", "handler")]


@pytest.fixture(scope="module")
def two_departments(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """Tickets answered by two people of each of two departments; those of CARE lie with NET now."""
    little = new_home(tmp_path_factory.mktemp("staff") / "home")
    start = datetime(2025, 3, 3, 9)
    little.load("ticket", [ticket(n, start, owner_dept="NET") for n in range(8)])
    events = []
    for n in range(8):
        dept = "NET" if n < 4 else "CARE"
        for seq, name in enumerate(("ACP", "RES"), 1):
            row = {"ticket_id": f"T{n}", "seq": seq, "event_at": start + timedelta(hours=seq), "event": name}
            events.append({**row, "to_dept": dept, "staff_key": f"{dept}-{n % 2}"})
    little.load("ticket_event", events)
    little.build()
    return little.reader()


@pytest.mark.parametrize("viewer", STAFF, ids=name_of)
def test_staff_is_seen_by_its_own_department_only(two_departments: Reader, viewer: Viewer) -> None:
    seen = two_departments.figures(["A2_SOLVED"], viewer, [MARCH], by=["staff_key"])
    assert set(seen["staff_key"]) == {"NET-0", "NET-1"}
    assert set(two_departments.table("mart_handled", viewer)["staff_key"]) == {"NET-0", "NET-1"}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("departments", [None, frozenset[str]()])
def test_nobody_else_may_ask_for_single_persons(
    two_departments: Reader, role: Any, departments: frozenset[str] | None
) -> None:
    viewer = Viewer.of(role, departments=departments)
    with pytest.raises(NotAllowed):
        two_departments.figures(["A2_SOLVED"], viewer, [MARCH], by=["staff_key"])
    with pytest.raises(NotAllowed):
        two_departments.figures(["A2_SOLVED"], viewer, [MARCH], [], Filters.of({"staff_key": ["NET-0"]}))
    for table in ("mart_handled", "fact_ticket_event"):
        try:
            assert "staff_key" not in two_departments.table(table, viewer)
        except NotAllowed:
            assert viewer.level == "L1"


@pytest.mark.parametrize("role", ["analyst", "planner", "manager", "auditor", "engineer"])
def test_a_department_alone_does_not_open_single_persons(two_departments: Reader, role: Any) -> None:
    with pytest.raises(NotAllowed):
        viewer = Viewer.of(role, departments=frozenset({"NET"}))
        two_departments.figures(["A2_SOLVED"], viewer, [MARCH], by=["staff_key"])


def test_customers_may_be_left_uncounted_but_never_for_a_manager(reader: Reader) -> None:
    analyst = reader.figures(["M01"], Viewer.of("analyst"), [MARCH], by=["town"], people="none")
    assert "n_customers" not in analyst and not analyst["is_small"].any()
    manager = reader.figures(["M01"], Viewer.of("manager"), [MARCH], by=["town"], people="none")
    asked = reader.figures(["M01"], Viewer.of("manager"), [MARCH], by=["town"])
    in_order = [f.sort_values("town", ignore_index=True) for f in (manager, asked.drop(columns=["n_customers"]))]
    pd.testing.assert_frame_equal(*in_order)


@pytest.mark.parametrize("by", [(), ("type_l1",), ("region_code", "owner_dept"), ("town", "type_code")], ids=str)
def test_counting_far_enough_hides_what_counting_all_hides(reader: Reader, by: tuple[str, ...]) -> None:
    """Five customers and more are found in buckets, fewer are counted one by one: the same groups are small."""
    periods = [MARCH, Period("first", MARCH.first, MARCH.first + timedelta(days=2), MARCH.cutoff)]
    ids, viewer = ["M01", "M03", "M24"], Viewer.of("manager")
    told = {p: reader.figures(ids, viewer, periods, by, people=p) for p in ("all", "enough")}
    assert "n_customers" not in told["enough"]
    both = [f.sort_values(["period", *by], ignore_index=True) for f in told.values()]
    pd.testing.assert_frame_equal(both[0].drop(columns=["n_customers"]), both[1])
