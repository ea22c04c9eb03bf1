"""The door to 规划需求: hotspots of the newest week with their gate, and the planners' work list, read at each run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa
import streamlit as st

from pages._shared import clock, data, data_map, data_spots, typed
from pages._shared.access import trail
from warehouse import needs, ops, spots, worklist
from warehouse.hotspots.settings import NeedRules, settings
from warehouse.query import Filters, Reader
from warehouse.spots import GONE
from warehouse.viewer import Viewer
from warehouse.workspace import Workspace

WRITERS = ("planner", "engineer")


@dataclass(frozen=True)
class Case:
    """A hotspot with its need and what planners wrote about it."""

    spot: Any
    need: needs.Need
    work: Mapping[str, str]


def store() -> sa.Engine:
    return _store(ops.ops_url(data.home()))


@st.cache_resource(show_spinner=False, max_entries=4)
def _store(url: str) -> sa.Engine:
    return ops.open_ops(url)


def cases(viewer: Viewer, space: Workspace, week: date, where: Filters) -> list[Case]:
    """The hotspots alive in a week: proposable ones first, then what brings most for its money, then most people."""
    standing = worklist.standing(store())
    found = data_spots.of_week(viewer, week, where)
    out = []
    for spot in found[found["state"] != GONE].itertuples():
        name = str(spot.hotspot_id)
        out.append(_case(viewer, space, spot, data_spots.course(viewer, name), standing.get(name, {})))
    return sorted(out, key=lambda c: (not c.need.may_be_proposed, -(c.need.per_10k or 0), -c.need.customers))


def case(viewer: Viewer, space: Workspace, spot: Any, course: pd.DataFrame) -> Case:
    """One hotspot as it stood in a week: `spot` is a row of its `course`."""
    return _case(viewer, space, spot, course, worklist.standing(store()).get(str(spot.hotspot_id), {}))


def _case(viewer: Viewer, space: Workspace, spot: Any, course: pd.DataFrame, work: Mapping[str, str]) -> Case:
    week = pd.Timestamp(spot.week_start).date()
    causes = data_spots.behind("mart_hotspot_cause", viewer, str(spot.hotspot_id), week)
    rules = settings(space.settings.hotspots)
    around = _around(viewer, spot, week, rules.need)
    return Case(spot, needs.assess(spot, course, causes, work, rules, around), work)


def _around(viewer: Viewer, spot: Any, week: date, rules: NeedRules) -> needs.Around:
    """As of the end of the week; of the newest one as of the data, which go on for some hours."""
    source = data.reader()
    end = datetime.combine(week + timedelta(7), time())
    as_of: datetime = source.info["as_of"]
    at = as_of if end <= as_of < end + timedelta(7) else end
    masts = data_map.masts(viewer, at.date())
    later = masts[pd.to_datetime(masts["on_air_on"]) > pd.Timestamp(at)]
    alarms = _open_alarms(source, source.id, viewer, week, at).get(str(spot.hotspot_id), 0)
    return needs.Around(alarms, needs.to_come(spot, later, rules))


@st.cache_data(show_spinner=False, max_entries=40)
def _open_alarms(_source: Reader, release: str, viewer: Viewer, week: date, at: datetime) -> dict[str, int]:
    return spots.open_alarms(_source, viewer, week, at)


def on_their_way() -> dict[str, str]:
    """Places with a site that is planned, approved, being built or on air -> that state, by the work list."""
    states = {name: work.get("pipeline", "none") for name, work in worklist.standing(store()).items()}
    return {name: state for name, state in states.items() if state not in ("none", "reported")}


def write(viewer: Viewer, space: Workspace, hotspot_id: str, values: Mapping[str, str], seen: str) -> int:
    """As `worklist.write`, by the name of the role where nobody signs in. Raises `PermissionError` for other roles."""
    if viewer.role not in WRITERS:
        raise PermissionError(viewer.role)
    said = typed.fields(values, worklist.NOTE, worklist.OWNER, worklist.DUE)
    by = trail.signed(viewer, "deed", "need", hotspot=hotspot_id, values=said)
    return worklist.write(store(), hotspot_id, said, by, clock.now(space), seen)


def history(hotspot_id: str) -> pd.DataFrame:
    return worklist.history(store(), hotspot_id)
