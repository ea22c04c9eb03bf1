"""Every door of the pages to rows and places, by role and scope: no row outside of it, no column above its class; and
many sessions at once never get one another's cached answers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, timedelta
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from pages._shared import (
    data,
    data_cells,
    data_explained,
    data_flow,
    data_handover,
    data_map,
    data_spots,
    data_terminals,
    data_ticket,
)
from warehouse.periods import Period
from warehouse.query import Filters, NotAllowed
from warehouse.viewer import ROLES, Viewer

AS_OF = datetime(2025, 3, 31, 8, 30)
MARCH = Period("now", date(2025, 3, 1), date(2025, 4, 1), AS_OF)
WEEK, END, ALL = date(2025, 3, 24), date(2025, 3, 31), Filters()
ONE, TWO, DEPT = frozenset({"321003"}), frozenset({"321002"}), frozenset({"NET"})
SCOPES = [(ONE, None), (TWO, DEPT), (None, DEPT), (frozenset[str](), None)]
Door = Callable[[Viewer], Any]


def week_of(viewer: Viewer) -> Period:
    return Period("now", WEEK, END, AS_OF)


# Of cells a manager gets numbers of cells: a running number in place of the name, days with figures, no name or place.
BY_DESIGN = {"cells_counted": {"column cell_id", "column n_days"}}


# A door with the widest question it answers. Those that ask for one thing get one of another district, too.
DOORS: dict[str, Door] = {
    "rows": lambda v: data.rows(v, MARCH, ALL, 0, 300, "accepted_at", None),
    "rows_open": lambda v: data.rows(v, MARCH, ALL, 0, 300, "accepted_at", "open"),
    "waiting": lambda v: data_flow.waiting(v, AS_OF, ALL, "M22_OPEN", 0, 300, "due_at"),
    "stuck": lambda v: data_handover.stuck(v, ALL, 0, 200),
    "arrivals": lambda v: data_handover.arrivals(v, MARCH, ALL, (10, True), 0, 200),
    "figures": lambda v: data.figures(["M01"], v, [MARCH], ["region_code", "owner_dept"], ALL),
    "judged": lambda v: data_flow.judged(v, MARCH, ALL, ["region_code"]),
    "cells_judged": lambda v: data_cells.judged(v, END, ALL),
    "cells_counted": lambda v: data_cells.counted(v, END, ALL),
    "map_districts": lambda v: data_map.districts(v, week_of(v), ALL),
    "map_towns": lambda v: data_map.towns(v, week_of(v), ALL),
    "map_cells": lambda v: data_map.cells(v, WEEK),
    "map_alarms": lambda v: data_map.alarms(v, WEEK),
    "map_halls": lambda v: data_map.halls(v, WEEK, ALL),
    "map_masts": lambda v: data_map.masts(v, WEEK - timedelta(days=365)),
    "spots": lambda v: data_spots.of_week(v, WEEK, ALL),
    "terminals": lambda v: data_terminals.crossed(v, END, ALL),
    "explained": lambda v: data_explained.told(v),
}
OF_ONE: dict[str, Callable[[Viewer, str], Any]] = {
    "ticket": data_ticket.matter,
    "cell": data_cells.about,
    "cell_days": lambda v, name: data_cells.days(v, name, END - timedelta(days=30), END),
    "cell_complaints": lambda v, name: data_cells.complaints(v, name, END - timedelta(days=365), END),
}


@pytest.fixture(autouse=True)
def at_home(demo_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))


@pytest.fixture(scope="module")
def owners(demo_home: Path) -> dict[str, dict[str, tuple[str, str | None]]]:
    """Key -> district and department of what it names."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LOOKOUT_HOME", str(demo_home))
        source = data.reader()
    tickets = source.ask("select ticket_id, region_code, owner_dept from fact_ticket", {})
    cells = source.ask("select cell_id, region_code from dim_cell", {})
    return {
        "ticket_id": dict(
            zip(tickets.ticket_id, zip(tickets.region_code, tickets.owner_dept, strict=True), strict=True)
        ),
        "cell_id": {c: (r, None) for c, r in zip(cells.cell_id, cells.region_code, strict=True)},
    }


def frames(found: Any) -> Iterable[pd.DataFrame]:
    if isinstance(found, pd.DataFrame):
        yield found
    elif isinstance(found, pd.Series):
        yield found.to_frame().T
    elif is_dataclass(found):
        for one in fields(found):
            yield from frames(getattr(found, one.name))
    elif isinstance(found, tuple | list):
        for part in found:
            yield from frames(part)


def leaks(found: Any, viewer: Viewer, owners: Any, classes: dict[str, str]) -> list[str]:
    """What a viewer got beyond the scope."""
    told = []
    for frame in frames(found):
        told += [f"column {c}" for c in frame.columns if classes.get(str(c), "L1") > viewer.level]
        for column, limit in (("region_code", viewer.regions), ("owner_dept", viewer.departments)):
            if limit is not None and column in frame:
                told += [f"{column} {v}" for v in set(frame[column].dropna()) - limit]
        for key, of in owners.items():
            for value in set(frame[key].dropna()) & of.keys() if key in frame else ():
                region, dept = of[value]
                if viewer.regions is not None and region not in viewer.regions:
                    told.append(f"{key} {value} of {region}")
                if key == "ticket_id" and viewer.departments is not None and dept not in viewer.departments:
                    told.append(f"{key} {value} of {dept}")
    return told


def lowest_classes() -> dict[str, str]:
    """Column -> the lowest class it has in any table: what is above a viewer even so, is above everywhere."""
    found: dict[str, str] = {}
    for columns in data.reader().levels.values():
        for name, level in columns.items():
            found[name] = min(level, found.get(name, level))
    return found


@pytest.mark.parametrize("name", DOORS)
def test_a_door_gives_nothing_beyond_the_scope(name: str, owners: Any) -> None:
    classes, n_given = lowest_classes(), 0
    for role, (regions, departments) in zip(ROLES, islice(cycle(SCOPES), len(ROLES)), strict=True):
        viewer = Viewer.of(role, regions, departments)
        try:
            found = DOORS[name](viewer)
        except NotAllowed:
            assert not viewer.sees_rows or regions is not None or departments is not None
            continue
        assert set(leaks(found, viewer, owners, classes)) <= BY_DESIGN.get(name, set()), viewer.key
        if name in BY_DESIGN:
            assert not set(found.get("cell_id", ())) & set(owners["cell_id"]), viewer.key
    for role in ("analyst", "supervisor"):
        n_given += sum(len(f) for f in frames(DOORS[name](Viewer.of(role))))
    assert n_given, "a door that never gives anything proves nothing"


@pytest.mark.parametrize("name", OF_ONE)
def test_what_is_asked_for_by_name_is_given_within_the_scope_only(name: str, owners: Any) -> None:
    of = owners["ticket_id" if name == "ticket" else "cell_id"]
    inside, outside = (next(k for k, (region, _) in of.items() if region in limit) for limit in (ONE, TWO))
    viewer = Viewer.of("planner", ONE)
    assert sum(len(f) for f in frames(OF_ONE[name](Viewer.of("planner"), outside))) or name != "cell"
    for wanted in (inside, outside):
        assert leaks(OF_ONE[name](viewer, wanted), viewer, owners, lowest_classes()) == []
    assert sum(len(f) for f in frames(OF_ONE[name](viewer, outside))) == 0


def test_many_sessions_at_once_never_see_each_other_s_rows(owners: Any) -> None:
    """Fifty threads with two scopes ask the same questions at once, first with nothing cached, then with everything."""
    viewers = [Viewer.of("analyst", ONE), Viewer.of("analyst", TWO)]
    classes, begin, told = lowest_classes(), threading.Barrier(50), list[str]()
    data._rows.clear()
    data_flow._waiting.clear()

    def session(number: int) -> None:
        viewer = viewers[number % 2]
        begin.wait(60)
        for name in ("rows", "waiting", "figures") * 2:
            try:
                told.extend(leaks(DOORS[name](viewer), viewer, owners, classes))
            except Exception as error:  # a thread that dies would look like one that saw nothing
                told.append(repr(error))

    threads = [threading.Thread(target=session, args=(n,)) for n in range(50)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert told == []
