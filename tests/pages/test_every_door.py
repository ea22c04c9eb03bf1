"""Every door to data × every role × every scope: no row of elsewhere, no column above the class, nothing of them in an
error, nor in the answer that comes from the cache. A door that nobody walks through is a fault."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from itertools import cycle
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pytest

from pages._shared import data
from pages._shared.data_warnings import NoStore
from tests.pages import doors
from warehouse.problems import Problems
from warehouse.query import NotAllowed
from warehouse.scope import least_of
from warehouse.viewer import ROLES, Role, Viewer

CITY, NOWHERE = None, frozenset[str]()
ONE, TWO, DEPT = frozenset({"321003"}), frozenset({"321002"}), frozenset({"NET"})
SCOPES = [(CITY, None), (ONE, None), (TWO, None), (CITY, DEPT), (NOWHERE, None), (CITY, NOWHERE)]
# What a role gets although a rule of this file says no, and why that is right.
BY_DESIGN = {
    # Of cells a manager gets numbers of cells: a running number in place of the name, days with figures, no place.
    "data_cells.counted": {"column cell_id", "column n_days"},
    # For sums over many days, as it says itself.
    "data.daily": {"few people"},
    # Groups of figures, called as columns of rows are.
    "data_due.board": {"column band"},
    "data_flow.open_curves": {"column share"},
    "data_handover.classes": {"column wait_class"},
    "data_handover.picking": {"column n_quick"},
    "data_voice.unit_dips": {"column verdict"},
    "data_voice.answered": {"column is_late"},
}
# Doors that have nothing to give to the values asked with: what they give is held by tests of their own.
SILENT = {"data_actions.items", "data_actions.one", "data_actions.of_source", "data_cells.complaints",
          "data_effects.around"}  # fmt: skip
# A chain of repeats is the district's and the department's of its last ticket, and called by its first; so is a matter
# that went outside.
NAMES_OF_CHAINS = ["chain_id", "matter_id"]


class Owned(NamedTuple):
    """Whose is what: district and department of tickets, customers (all of their tickets) and cells."""

    tickets: Mapping[str, tuple[str, str]]
    customers: Mapping[str, frozenset[tuple[str, str]]]
    cells: Mapping[str, str]
    classes: Mapping[str, str]  # column -> the lowest class it has in any table


@pytest.fixture(autouse=True)
def without_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{tmp_path / 'ops.db'}")


@pytest.fixture(scope="module")
def owned_by_a_few(stale_home: Path) -> Owned:
    return owned_in(stale_home)


@pytest.fixture(scope="module")
def owned_by_the_city(demo_home: Path) -> Owned:
    return owned_in(demo_home)


@pytest.fixture
def tiny(owned_by_a_few: Owned, stale_home: Path, monkeypatch: pytest.MonkeyPatch) -> Owned:
    """Eighty tickets of one district and one department: whoever is of another gets nothing."""
    monkeypatch.setenv("LOOKOUT_HOME", str(stale_home))
    return owned_by_a_few


@pytest.fixture
def owned(owned_by_the_city: Owned, demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> Owned:
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))
    return owned_by_the_city


def owned_in(home: Path) -> Owned:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOOKOUT_HOME", str(home))
        source = data.reader()
    tickets = source.ask("select ticket_id, cust_key, region_code, owner_dept from fact_ticket", {})
    cells = pd.DataFrame({"cell_id": [], "region_code": []})
    if source.n_rows("dim_cell"):
        cells = source.ask("select cell_id, region_code from dim_cell", {})
    of = list(zip(tickets.region_code, tickets.owner_dept, strict=True))
    people: dict[str, set[tuple[str, str]]] = {}
    for key, where in zip(tickets.cust_key, of, strict=True):
        if isinstance(key, str):
            people.setdefault(key, set()).add(where)
    classes: dict[str, str] = {}
    for columns in source.levels.values():
        for name, level in columns.items():
            classes[name] = min(level, classes.get(name, level))
    return Owned(
        dict(zip(tickets.ticket_id, of, strict=True)),
        {key: frozenset(wheres) for key, wheres in people.items()},
        dict(zip(cells.cell_id, cells.region_code, strict=True)),
        classes,
    )


def frames(found: Any) -> Iterator[pd.DataFrame]:
    """All tables in an answer, however deep."""
    if isinstance(found, pd.DataFrame):
        yield found
    elif isinstance(found, pd.Series):
        yield found.to_frame().T
    else:
        for part in parts(found):
            yield from frames(part)


def parts(found: Any) -> Iterable[Any]:
    if is_dataclass(found) and not isinstance(found, type):
        return [getattr(found, one.name) for one in fields(found)]
    if isinstance(found, Mapping):
        return [*found, *found.values()]
    return found if isinstance(found, tuple | list | set | frozenset) else ()


def warnings(found: Any) -> Iterator[Mapping[str, Any]]:
    """All warnings in an answer."""
    if isinstance(found, Mapping) and {"warning_id", "region_code"} <= set(found):
        yield found
    elif not isinstance(found, pd.DataFrame | pd.Series):
        for part in parts(found):
            yield from warnings(part)


def words(found: Any) -> Iterator[str]:
    """All texts in an answer."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, pd.DataFrame | pd.Series):
        table = found if isinstance(found, pd.DataFrame) else found.to_frame().T
        for name in table.columns.drop(NAMES_OF_CHAINS, errors="ignore"):
            if not pd.api.types.is_numeric_dtype(table[name]) and not pd.api.types.is_datetime64_dtype(table[name]):
                yield from (v for v in table[name].dropna().map(str).unique())
    else:
        for part in parts(found):
            yield from words(part)


def is_inside(viewer: Viewer, region: str, dept: str | None) -> bool:
    """Cells have no department, and a department's limit concerns tickets only."""
    in_region = viewer.regions is None or region in viewer.regions
    return in_region and (dept is None or viewer.departments is None or dept in viewer.departments)


def leaks(found: Any, viewer: Viewer, owned: Owned) -> set[str]:
    """What a viewer got beyond role and scope."""
    told = set()
    for table in frames(found):
        if table.empty:
            continue
        told |= {f"column {c}" for c in table.columns if owned.classes.get(str(c), "L1") > viewer.level}
        for column, limit in (("region_code", viewer.regions), ("owner_dept", viewer.departments)):
            if limit is not None and column in table:
                told |= {f"{column} {v}" for v in set(table[column].dropna()) - limit}
        few = least_of(viewer) - 1 if not viewer.sees_rows else 0
        if "n_customers" in table and table["n_customers"].dropna().between(1, few).any():
            told.add("few people")
    for row in warnings(found):
        for column, limit in (("region_code", viewer.regions), ("owner_dept", viewer.departments)):
            if limit is not None and row[column] not in limit:  # none at all: it is about the whole city
                told.add(f"a warning of {column} {row[column]}")
        for word in set(words(json.loads(row["evidence_json"] or "{}"))):
            told |= {f"ticket {n}" for n in word.split(",") if n in owned.tickets and not viewer.sees_rows}
    for word in set(words(found)):
        if word in owned.tickets and not (viewer.sees_rows and is_inside(viewer, *owned.tickets[word])):
            told.add(f"ticket {word}")
        if word in owned.customers and not (
            viewer.sees_rows and any(is_inside(viewer, *where) for where in owned.customers[word])
        ):
            told.add(f"customer {word}")
        if word in owned.cells and not (viewer.sees_rows and is_inside(viewer, owned.cells[word], None)):
            told.add(f"cell {word}")
    return told


def walked(door: str, viewer: Viewer, owned: Owned, times: int = 1, **more: Any) -> int:
    """How many values a viewer gets at a door. Asked twice, the second answer comes from the cache."""
    ask, n = doors.asking(door, **more), 0
    for _ in range(times):
        try:
            found = ask(viewer)
        except (NotAllowed, Problems, NoStore) as error:
            assert leaks([str(error), *map(str, error.args)], viewer, owned) == set(), (viewer.key, "in an error")
            return 0
        assert leaks(found, viewer, owned) - BY_DESIGN.get(door, set()) == set(), viewer.key
        n = sum(table.size for table in frames(found)) + len(set(words(found))) + isinstance(found, int | float)
    return n


def things(door: str, owned: Owned) -> list[dict[str, str]]:
    """What to ask for: nothing in particular, or one thing of each of two districts."""
    name = doors.thing(door)
    if name is None:
        return [{}]
    if name in doors.OWN.get(door, {}):
        return [{name: doors.OWN[door][name]}]
    table, key = doors.THINGS[name]
    if not data.reader().n_rows(table):
        return [{name: "none"}]
    held = data.reader().ask(f"select any_value({key}) as name from {table} group by region_code", {})["name"].dropna()
    return [{name: str(one)} for one in held]


def test_every_door_is_walked_or_says_why_not() -> None:
    """Fails when a door is added that has no value for a parameter, or no viewer and no reason."""
    assert {name: doors.unknown(name) for name in doors.WALKED if doors.unknown(name)} == {}
    assert [name for name in doors.WALKED if "viewer" not in doors.parameters(name)] == []
    assert sorted((doors.OF_NOBODY.keys() | doors.WRITES) - doors.EVERY.keys()) == [], "they are gone"
    assert sorted(doors.OF_NOBODY.keys() & doors.WRITES) == []
    assert len(doors.WALKED) > 60


@pytest.mark.parametrize("door", doors.WALKED)
def test_a_door_gives_nothing_beyond_role_and_scope(door: str, tiny: Owned) -> None:
    """A few roles and scopes over a few tickets; the deep run takes all of them, and the city."""
    asked: list[tuple[Role, frozenset[str] | None]] = [
        ("manager", CITY), ("manager", ONE), ("planner", ONE), ("handler", TWO), ("auditor", CITY),
    ]  # fmt: skip
    for (role, regions), more in zip(asked, cycle(things(door, tiny)), strict=False):
        walked(door, Viewer.of(role, regions), tiny, 2, **more)


@pytest.mark.deep
@pytest.mark.parametrize("door", doors.WALKED)
def test_a_door_gives_nothing_beyond_any_role_and_any_scope(door: str, owned: Owned, warned: Path) -> None:
    n = 0
    for role in ROLES:
        for regions, depts in SCOPES:
            for more in things(door, owned)[:2]:
                n += walked(door, Viewer.of(role, regions, depts), owned, **more)
    assert n or door in SILENT, "a door that never gives anything proves nothing"


@pytest.mark.deep
@pytest.mark.parametrize("role", ROLES)
def test_no_table_gives_more_than_role_and_scope(role: Role, owned: Owned) -> None:
    """All published tables, not those alone that pages read today."""
    source = data.reader()
    for name in source.levels:
        for regions, depts in SCOPES:
            viewer = Viewer.of(role, regions, depts)
            try:
                found = source.table(name, viewer, first=2000)
            except (NotAllowed, Problems):
                continue
            told = leaks(found, viewer, owned)
            if "ticket_id" in source.levels[name]:  # names the cell that served it, on whichever side of a border
                told = {word for word in told if not word.startswith("cell ")}
            assert told == set(), (name, viewer.key)


def test_the_walker_is_no_fool(tiny: Owned) -> None:
    ticket, (region, dept) = next(iter(tiny.tickets.items()))
    elsewhere = Viewer.of("analyst", frozenset({"321084" if region != "321084" else "321081"}))
    assert leaks({"x": [ticket]}, elsewhere, tiny) == {f"ticket {ticket}"}
    assert leaks({"x": [ticket]}, Viewer.of("manager"), tiny) == {f"ticket {ticket}"}
    assert leaks({"x": [ticket]}, Viewer.of("analyst", frozenset({region}), frozenset({dept})), tiny) == set()
    few = pd.DataFrame({"region_code": [region], "n_customers": [2], "cust_key": ["x"]})
    assert leaks((few, date.max), Viewer.of("manager", NOWHERE), tiny) == {
        "few people", f"region_code {region}", "column cust_key",
    }  # fmt: skip
