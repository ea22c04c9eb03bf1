"""The door to notes on charts: read anew at every run, written by name, where nobody signs in by the role's."""

from __future__ import annotations

from datetime import date

from alerts import notes
from alerts.notes import ALL, Note
from pages._shared import clock, data_needs, data_warnings, typed
from pages._shared.access import trail, who
from pages._shared.data_warnings import NoStore
from warehouse.query import Filters
from warehouse.viewer import Role, Viewer
from warehouse.workspace import Workspace

WRITERS: frozenset[Role] = frozenset({"manager", "supervisor", "duty", "analyst", "planner", "handler", "engineer"})
# Who takes back what others wrote.
EDITORS: frozenset[Role] = frozenset({"manager", "supervisor"})


def scope(where: Filters, viewer: Viewer) -> tuple[str, str]:
    """District and type that a chart is about, where it is exactly one."""
    chosen = dict(where.values)
    kinds = chosen.get("type_code", ()) or chosen.get("type_l1", ())
    region, kind = (str(v[0]) if len(v) == 1 else ALL for v in (regions(where, viewer), kinds))
    return region, kind


def regions(where: Filters, viewer: Viewer) -> list[str]:
    """The districts that a chart is about: those chosen within the viewer's own; none for the whole city."""
    chosen, own = dict(where.values).get("region_code", ()), viewer.regions
    return sorted(str(code) for code in chosen or own or () if own is None or code in own)


def of_chart(measure: str, first: date, last: date, where: Filters, viewer: Viewer) -> list[Note]:
    """The notes of a chart; those about one of its districts only where they are the viewer's."""
    several = regions(where, viewer)
    try:
        return notes.of_chart(data_warnings.kept(), measure, first, last, *scope(where, viewer), several)
    except NoStore:
        return []


def may_take_back(viewer: Viewer, note: Note) -> bool:
    """Whoever wrote it, who edits, and for one that was written before there were names, the role."""
    own = note.author in (viewer.role, who.actor(viewer))
    return viewer.role in EDITORS or (viewer.role in WRITERS and own)


def write(viewer: Viewer, space: Workspace, text: str, first: date, last: date, measure: str, where: Filters) -> int:
    """As `notes.write`, of what the chart shows. Raises `PermissionError` for roles that only read."""
    if viewer.role not in WRITERS:
        raise PermissionError(viewer.role)
    at = clock.now(space)
    said = typed.public(text)
    by = trail.signed(viewer, "deed", "a note on a chart", measure=measure)
    return notes.write(data_needs.store(), said, by, at, first, last, measure, *scope(where, viewer))


def withdraw(viewer: Viewer, space: Workspace, note: Note) -> None:
    """As `notes.withdraw`. Raises `PermissionError` for whom it is not."""
    if not may_take_back(viewer, note):
        raise PermissionError(viewer.role)
    by = trail.signed(viewer, "deed", "a note taken back", measure=note.measure)
    notes.withdraw(data_needs.store(), note.note_id, by, clock.now(space))
