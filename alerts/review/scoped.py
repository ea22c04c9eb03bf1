"""Of what people did, the part that is a viewer's own. Figures are narrowed by the reader; the store knows no scope.

What belongs to no district (a measure of the whole city, a warning about a department) is not shown to who is confined
to one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from alerts.actions.item import Action
from alerts.review.asked import Asked
from alerts.review.bundle import Issue, Words
from alerts.review.texts import joined, listed, say
from warehouse.release import Releases
from warehouse.viewer import Viewer

# Where the district of a measure's scope stands: kind -> table, its code.
_PLACED = {"place": ("dim_place", "place_id"), "hall": ("dim_hall", "hall_id"), "cell": ("dim_cell", "cell_id"),
           "hotspot": ("mart_hotspot", "hotspot_id")}  # fmt: skip


def is_own(viewer: Viewer, region: str | None, dept: str | None) -> bool:
    """Whether something of this district and department lies within both limits of the viewer."""
    inside = viewer.regions is None or region in viewer.regions
    return inside and (viewer.departments is None or dept in viewer.departments)


def warnings(viewer: Viewer, rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The warnings of the viewer's districts and departments."""
    return [r for r in rows if is_own(viewer, r["region_code"], r["owner_dept"])]


def actions(asked: Asked) -> Callable[[Action], bool]:
    """Tells the measures of the viewer's districts and departments from the others."""
    return measures(asked.viewer, asked.table)


def measures(viewer: Viewer, table: Callable[[str], pd.DataFrame]) -> Callable[[Action], bool]:
    """As `actions`; `table` reads a published table, such as the district of each place."""
    placed: dict[str, Mapping[str, str]] = {}

    def region(kind: str, code: str) -> str | None:
        if kind == "region":
            return code
        if kind not in _PLACED:
            return None
        if kind not in placed:
            name, key = _PLACED[kind]
            placed[kind] = _regions(table(name), key)
        return placed[kind].get(code)

    def inside(action: Action) -> bool:
        # A scope may list several codes: all of them must be the viewer's.
        codes = [code.strip() for code in action.scope_id.split(",")] if viewer.regions is not None else [""]
        return all(is_own(viewer, region(action.scope_kind, code), action.owner_dept) for code in codes)

    return inside


def _regions(rows: pd.DataFrame, code: str) -> dict[str, str]:
    if not {code, "region_code"} <= set(rows.columns):
        return {}
    return {str(k): str(v) for k, v in zip(rows[code], rows["region_code"], strict=True) if v is not None}


def sealed_release(releases: Releases, sealed: Issue | None) -> Path | None:
    """The release that the city's seal names, while it is there: what a part of a sealed week is read from, so that it
    fits the whole. A name that is no release's own is none."""
    if sealed is None or sealed.source.release_id not in releases.all():
        return None
    return releases.path(sealed.source.release_id)


def filters(asked: Asked) -> tuple[Words, ...]:
    """The limits in words; nothing for the whole city."""
    viewer = asked.viewer
    limits = (("scope_region", "district", viewer.regions), ("scope_dept", "dept", viewer.departments))
    return tuple(
        joined([say(key), listed([asked.name(kind, code) for code in sorted(codes)])], "：", ": ")
        for key, kind, codes in limits
        if codes is not None
    )
