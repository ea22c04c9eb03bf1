"""The door to the register of measures: read anew at every run, written by the name of the role.

Without a store there is nothing to read; the first measure that somebody raises makes one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

import pandas as pd
import sqlalchemy as sa

from alerts.actions import register, store
from alerts.actions.item import Action, Draft, Event
from alerts.actions.rights import NotYours, may, sources
from alerts.actions.states import Deed
from alerts.review import scoped
from pages._shared import clock, data, data_needs, data_warnings, typed
from pages._shared.access import trail
from pages._shared.data_warnings import NoStore
from warehouse.viewer import Viewer
from warehouse.workspace import Workspace


def items(viewer: Viewer) -> list[Action]:
    """Every measure of the viewer's districts and departments, by id."""
    return list(filter(_concerns(viewer), _read(register.all_items, [])))


def one(viewer: Viewer, action_id: str) -> Action | None:
    found: Action | None = _read(lambda kept: register.one(kept, action_id), None)
    return found if found is not None and _concerns(viewer)(found) else None


def of_source(viewer: Viewer, source_refs: Sequence[str]) -> list[Action]:
    """The measures that came of these warnings, hotspots or cases, given as `kind:id`."""
    found = [a for ref in source_refs for a in _read(lambda kept, r=ref: register.of_source(kept, r), [])]
    return list(filter(_concerns(viewer), found))


def history(action_id: str) -> list[Event]:
    return _read(lambda kept: register.history(kept, action_id), [])


def raise_one(viewer: Viewer, space: Workspace, draft: Draft) -> str:
    """Put a measure into the register; gives its id. Raises `NotYours` and `Problems`."""
    if not may(viewer, "raise") or draft.source not in sources(viewer.role):
        raise NotYours("raise")
    written = draft.model_copy(update=typed.fields(vars(draft), "problem", "measure"))
    return store.start(data_needs.store(), written, trail.signed(viewer, "deed", "measure: raise"), clock.now(space))


def act(
    viewer: Viewer, space: Workspace, seen: Action, deed: Deed, note: str = "", at: datetime | None = None,
    **values: Any,
) -> int:  # fmt: skip
    """A deed of the viewer about the measure as it was on the screen. Raises `NotYours` and what `store.act` raises."""
    if not may(viewer, deed, seen.level, seen.owner_dept) or not _concerns(viewer)(seen):
        raise NotYours(deed)
    when = at or clock.now(space)
    actor = trail.signed(viewer, "deed", f"measure: {deed}", id=seen.action_id)
    said, told = typed.public(note), typed.fields(values, "problem", "measure")
    return store.act(data_needs.store(), seen.action_id, deed, actor, when, seen.revision, said, **told)


def today(space: Workspace) -> date:
    return clock.now(space).date()


def _concerns(viewer: Viewer) -> Callable[[Action], bool]:
    """Tells what concerns the viewer, as the weekly review does: who is confined to districts sees the measures that
    lie in them, not those of the whole city."""
    if not viewer.is_limited:
        return lambda _: True
    return scoped.measures(viewer, lambda name: _table(name, viewer))


def _table(name: str, viewer: Viewer) -> pd.DataFrame:
    """A published table; empty without a release, and where the release has none."""
    try:
        return data.table(name, viewer) if data.reader().n_rows(name) else pd.DataFrame()
    except data.NoRelease:
        return pd.DataFrame()


def _read(ask: Any, without: Any) -> Any:
    try:
        kept: sa.Engine = data_warnings.kept()
    except NoStore:
        return without
    return ask(kept)
