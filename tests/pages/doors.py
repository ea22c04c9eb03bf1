"""Every door from the pages to data, found by itself, and how a test asks at it: by the names of its parameters.

A door is a public function of a module `pages._shared.data*` or a public method of `Reader`. One with a parameter that
nobody said a value for, or without a viewer and without a reason, is a fault: say here how it is asked.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import sqlalchemy as sa

import pages._shared as shared
from alerts.board import Matter
from alerts.listing import Wanted
from pages._shared import data, data_replay, data_warnings
from warehouse import ops
from warehouse.analysis.replay import Rule
from warehouse.periods import Period, compare
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

AS_OF = datetime(2025, 3, 31, 8, 30)
SPRING = Period("now", date(2025, 2, 1), date(2025, 4, 1), AS_OF)
WEEK, END, ALL = date(2025, 3, 24), date(2025, 3, 31), Filters()
WEEK_OF = Period("now", WEEK, END, AS_OF)
BANDS = ("M22_OPEN", "M23_2H", "M23_DAY", "M23_NIGHT", "M23_LATER", "M24_FREE")

# Parameter, or parameter and its type -> the value to ask with: the widest there is.
VALUES: dict[str, Any] = {
    "ids": ("M01",), "periods": (SPRING,), "period": SPRING, "where": ALL, "comparison": compare("month", AS_OF),
    "first": SPRING.first, "first: datetime": AS_OF - timedelta(days=30), "last": SPRING.last,
    "end": END, "end: datetime": AS_OF, "cutoff": AS_OF, "week": WEEK, "week: Period": WEEK_OF,
    "since": date(2024, 3, 1), "as_of: date": END, "as_of: datetime": AS_OF, "least": 1, "page": 0, "size": 200,
    "order": "accepted_at", "waiting": None, "measure": "M01", "unit": "owner_dept", "dimension": "owner_dept",
    "dims": ("region_code", "owner_dept"), "band": "M24", "bands": BANDS, "last_hour": 72, "kind: Detour": "loop",
    "kind": "h3_8", "only": (), "partners": frozenset(), "lon": 119.42, "lat": 32.39, "number: int": 0,
    "wanted": Wanted(with_trial=True), "since: datetime": AS_OF - timedelta(weeks=26), "weeks": 26, "moment": (9, True),
    "source_refs": ("warning:1",),
}  # fmt: skip
# Door -> values of its own.
OWN: dict[str, dict[str, Any]] = {
    "data.figures": {"by": ("region_code", "owner_dept")},
    "data.table": {"name": "mart_hotspot"},
    "data_actions.one": {"action_id": "A1"},
    "data_warnings.matter_of": {"number": partial(lambda: of_a_ticket())},
    "data_warnings.history": {"matter": partial(lambda: matter_of_a_ticket())},
    "data_cells.hours": {"cell_id": "460-00-900001-3"},  # one of the few that send hours
    "data_flow.judged": {"by": ("region_code",)},
    "data_flow.waiting": {"order": "due_at"},
    "data_flow.first_waiting": {"order": "due_at"},
    "data_handover.spread": {"measure": "M37_PICK", "by": ("dept",)},
    "data_handover.classes": {"measure": "M37_PICK", "by": ("dept",)},
    "data_movers.rate_effects": {"measure": "M04"},
    "data_repeats.page_of": {"name": "mart_chain"},
    "data_spots.behind": {"name": "mart_hotspot_cell"},
    "data_spots.counters": {"cells": ("460-00-900013-3", "460-00-900015-2")},
    "data_voice.counts": {"measure": "M05", "by": ("owner_dept",)},
    "reader.figures": {"by": ("region_code", "owner_dept")},
    "reader.courses": {"by": ("region_code", "type_l1")},
    "reader.table": {"name": "mart_hotspot", "first": None},
}
# Doors about one thing -> the table and the column of all things that can be asked for.
THINGS = {
    "ticket_id": ("fact_ticket", "ticket_id"),
    "cell_id": ("dim_cell", "cell_id"),
    "site_id": ("dim_cell", "site_id"),
    "hotspot_id": ("mart_hotspot", "hotspot_id"),
}
WHO = "who looks is decided by the caller: "
# Doors that tell nothing of customers, or nothing at all, and why.
OF_NOBODY: dict[str, str] = {
    "data.home": "a folder", "data.workspace": "settings", "data.reader": "the release itself, not what it holds",
    "data.whole": "a scope", "data.supported": "names of measures", "data.names": "words for codes",
    "data.source_labels": "names of sources", "data.measure_help": "definitions",
    "data_actions.today": "a day", "data_actions.history": WHO + "shown after `one`, which is scoped",
    "data_assessment.sees_staff": "yes or no", "data_cases.case_file": "three published cases of the study",
    "data_cells.end_of_weeks": "a day", "data_effects.verdicts": WHO + "changes out of `listed`",
    "data_effects.in_full": WHO + "one of `verdicts`",
    "data_map.span": "weeks", "data_map.holding": "names of tables", "data_map.limits": "settings",
    "data_map.town_places": "places of towns", "data_needs.store": "the store", "data_needs.on_their_way": "words",
    "data_needs.case": WHO + "a row of a hotspot's course, whose door is walked",
    "data_needs.history": "what planners wrote, shown beside a hotspot that is scoped",
    "data_notes.scope": "a scope", "data_notes.of_chart": "notes people wrote", "data_notes.may_take_back": "yes or no",
    "data_replay.policies": "names of policies",
    "data_review.weeks": "weeks", "data_review.kept": "the store", "data_review.store_for_writing": "the store",
    "data_review.meeting_of": WHO + "by the frame; of a part of the city for who is confined: held by test_review",
    "data_review.may_write": "yes or no", "data_voice.seen": "leaves figures out that the reader gave",
    "data_review.sources": "what reviews are made of", "data_review.now": "a time", "data_review.today": "a day",
    "data_rules.history": "how a rule did in the whole city", "data_rules.in_force": "the same",
    "data_rules.values": "thresholds", "data_rules.figures": "sums of a backtest", "data_rules.judged": "decisions",
    "data_rules.incidents": "incidents of the network", "data_rules.saved": "versions",
    "data_voice.before": "periods", "data_voice.window": "a period", "data_voice.as_if_all_had": "arithmetic",
    "data_voice.everyone_of": "a scope",
    "data_warnings.rules": "settings", "data_warnings.kept": "the store", "data_warnings.called": "words for codes",
    "data_warnings.release": "the release", "data_warnings.last_run": "a time", "data_warnings.workdays": "days",
    "data_warnings.aware": "settings",
    "data_warnings.course_of": WHO + "the lead of a matter",
    "data_worked.fixes": WHO + "measures out of `items`", "data_worked.outcomes": WHO + "the same",
    "data_worked.lagging": WHO + "the same", "data_worked.prices": "arithmetic",
    "reader.about": "checks", "reader.n_rows": "a count of a table", "reader.filled": "names of columns",
    "reader.missing_for": "names of columns", "reader.span": "two days", "reader.sql": "definitions",
    "reader.run": WHO + "modules of the warehouse, whose own doors are walked", "reader.ask": WHO + "the same",
    "reader.held_by_few": "tickets of the four busiest customers together",
    "reader.info": "the release about itself", "reader.levels": "classes of columns", "reader.rest": "no answer",
}  # fmt: skip
# Doors that write; who may is held by the tests of what they write.
WRITES = frozenset(
    {
        "data_actions.raise_one", "data_actions.act", "data_needs.write", "data_notes.write", "data_notes.withdraw",
        "data_review.decide", "data_review.write_minutes", "data_review.seal_numbers", "data_review.seal_minutes",
        "data_rules.save", "data_warnings.act", "data_warnings.silence",
    }
)  # fmt: skip


def of_a_ticket() -> str:
    """A warning of one ticket; nothing where there is no store."""
    try:
        with data_warnings.kept().connect() as con:
            chosen = sa.select(ops.warning.c.warning_id).where(ops.warning.c.scope_kind == "ticket").limit(1)
            return str(con.execute(chosen).scalar() or "")
    except data_warnings.NoStore:
        return ""


def matter_of_a_ticket() -> Matter:
    """A matter as who sees all of it has it; one of no warnings where there is no store."""
    found = data_warnings.matter_of(Viewer.of("analyst"), of_a_ticket())
    return found or Matter({}, (), "new", "red", AS_OF, None)


def _found() -> Iterator[tuple[str, Any]]:
    for module in sorted(m.name for m in pkgutil.iter_modules(shared.__path__) if m.name.startswith("data")):
        loaded = importlib.import_module(f"pages._shared.{module}")
        for name, door in vars(loaded).items():
            if inspect.isfunction(inspect.unwrap(door)) and door.__module__ == loaded.__name__ and name[0] != "_":
                yield f"{module}.{name}", door
    for name, method in vars(Reader).items():
        if name[0] != "_":
            yield f"reader.{name}", method


EVERY: Mapping[str, Any] = dict(_found())
WALKED = tuple(name for name in EVERY if name not in OF_NOBODY and name not in WRITES)


def parameters(door: str) -> dict[str, inspect.Parameter]:
    told = inspect.signature(inspect.unwrap(EVERY[door])).parameters
    return {name: p for name, p in told.items() if name != "self"}


def thing(door: str) -> str | None:
    """The parameter that names one thing, of a door that asks for one."""
    return next((name for name in parameters(door) if name in THINGS), None)


def unknown(door: str) -> list[str]:
    """Parameters that nobody said a value for."""
    return [name for name, p in parameters(door).items() if p.default is p.empty and _value(door, name, p) is _NONE]


def asking(door: str, **more: Any) -> Callable[[Viewer], Any]:
    """The door with the values of this file, as a question of a viewer."""
    values = {}
    for name, p in parameters(door).items():
        value = more.get(name, _value(door, name, p))
        if value is not _NONE and name != "viewer":
            values[name] = value() if isinstance(value, partial) else value

    def ask(viewer: Viewer) -> Any:
        called = getattr(data.reader(), door.split(".")[1]) if door.startswith("reader.") else EVERY[door]
        return called(**values, viewer=viewer) if "viewer" in parameters(door) else called(**values)

    return ask


_NONE = object()
_LATER: dict[str, Any] = {
    "space": partial(lambda: data.workspace()),
    "question": data_replay.Question(Rule("firstline")),
}


def _value(door: str, name: str, p: inspect.Parameter) -> Any:
    if name == "viewer" or name in THINGS:
        return ""
    own = OWN.get(door, {})
    for key, held in ((name, own), (f"{name}: {p.annotation}", VALUES), (name, VALUES), (name, _LATER)):
        if key in held:
            return held[key]
    return _NONE
