"""Which rows, columns and numbers of a release a viewer gets. The one place where that is decided.

Queries are put together in `query.py`; who somebody is, is the frame's business.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from warehouse.problems import problem
from warehouse.viewer import Viewer

SMALL_CELL = 5
PLANNER_CELL = 3
# What goes with the number of customers of a row of a published table, and would tell it.
_OF_FEW = ("n_customers", "n_customers_week", "n_tickets", "excess", "p_value", "n_repeat", "n_escalated", "n_vip")
# What a figure may be grouped and narrowed by. Names outside these lists never reach SQL.
DIMENSIONS = frozenset(
    {
        "type_l1", "type_code", "type_detail", "channel_code", "channel_group", "escalation_level", "region_code",
        "town", "urban_rural", "cust_type", "age_band", "is_vip", "priority", "owner_dept", "cause_l1", "cause_l2",
        "weekday", "hour_of_day", "day_of_month", "is_month_edge", "is_workday", "accepted_on", "week_start",
        "month_start", "is_repeat", "operator", "network", "situation", "category", "rating", "segment",
        "source_name", "is_exact_duplicate", "score_10", "overdue_reason",
        "before_dept", "before_answer", "answer_kind", "is_tagged", "escalation_tendency", "level", "lead_band",
        "clock", "state", "is_by_template", "template_id", "platform", "topic", "sentiment",
        "dept", "from_dept", "to_dept", "came_by", "wait_class", "dispatch_class", "reply_class",
        "pick_class", "is_approved", "is_off",
        "is_late", "is_unsolved", "is_reopened", "is_silent", "is_passed_on", "reason",
        "month", "nps_group", "scenes", "problems", "terminal", "staff_key", "stage", "op_name", "team_name", "rat",
    }
)  # fmt: skip
# What tells colleagues apart. Only who leads or works in a department may ask, and only about that department.
PERSONAL = frozenset({"staff_key"})
# Managers see a fixed lattice: district or town by level-1 type (domain reference 2.2).
LATTICE_FILTERS = frozenset({"type_l1", "region_code", "town"})
# Where the region and the department of a row stand when it has none of its own: column -> table with both.
_VIA = {
    "region_code": {"ticket_id": "fact_ticket", "cell_id": "dim_cell"},
    "owner_dept": {"ticket_id": "fact_ticket"},
}


class NotAllowed(Exception):
    """The viewer's role does not include what was asked for."""


def col(source: sa.FromClause, name: str) -> sa.ColumnClause[Any]:
    return sa.column(name, _selectable=source)


def check_question(viewer: Viewer, names: Collection[str], by: Sequence[str]) -> None:
    """Refuse filters and groups that do not exist or that the role may not use."""
    unknown = (set(names) | set(by)) - DIMENSIONS
    if unknown:
        raise problem("query", f"{sorted(unknown)[0]!r} is not a dimension", "use one of the listed ones")
    if viewer.level == "L1" and not set(names) <= LATTICE_FILTERS:
        raise NotAllowed("this role filters by district and level-1 type only")
    if (set(names) | set(by)) & PERSONAL and not may_see_staff(viewer):
        raise NotAllowed("single persons are shown to their own department only")


def may_see_staff(viewer: Viewer) -> bool:
    """Whether figures per person are for this viewer: rows of class L3, within departments of their own."""
    return viewer.level == "L3" and bool(viewer.departments)


def visible_columns(columns: Mapping[str, str], viewer: Viewer) -> list[str]:
    """Columns of the viewer's class; only aggregates where the rows of a restricted viewer cannot be told apart.

    What tells colleagues apart is left out for everybody but the department itself.
    """
    is_restricted = viewer.regions is not None or viewer.departments is not None
    is_lost = is_restricted and _path("region_code", columns) is None
    if viewer.departments is not None and "cust_key" in columns:  # whose customers, nobody can say
        is_lost = is_lost or _path("owner_dept", columns) is None
    highest = "L1" if is_lost else viewer.level
    hidden = frozenset() if may_see_staff(viewer) else PERSONAL
    return [name for name, level in columns.items() if level <= highest and name not in hidden]


def row_scope(source: sa.FromClause, columns: Mapping[str, str], viewer: Viewer) -> list[sa.ColumnElement[bool]]:
    """Conditions that leave only the viewer's rows. A department's limit concerns tickets, a region's everything."""
    conditions: list[sa.ColumnElement[bool]] = []
    for name, allowed in (("region_code", viewer.regions), ("owner_dept", viewer.departments)):
        path = _path(name, columns)
        if allowed is None or path is None:
            continue
        key, table = path
        if table is None:
            conditions.append(col(source, key).in_(sorted(allowed)))
        else:
            other = sa.table(table)
            inside = sa.select(col(other, key)).select_from(other).where(col(other, name).in_(sorted(allowed)))
            conditions.append(col(source, key).in_(inside))
    return conditions


def _path(name: str, columns: Mapping[str, str]) -> tuple[str, str | None] | None:
    """The column that decides, and the table it leads to (None: the row says it itself)."""
    if name in columns:
        return name, None
    return next(((key, table) for key, table in _VIA[name].items() if key in columns), None)


def least_of(viewer: Viewer) -> int:
    """Groups of fewer customers are hidden from this role; 0: none are (domain reference 2.2)."""
    if viewer.level == "L1":
        return SMALL_CELL
    return PLANNER_CELL if viewer.role == "planner" else 0


def hide_few(rows: pd.DataFrame, viewer: Viewer) -> pd.DataFrame:
    """Add `is_small` to rows of a table that counts customers; small ones keep their place and lose their numbers.

    Rows of nobody (0 customers) tell of nobody and stay. Tables that count no customers come back as they are.
    """
    if "n_customers" not in rows or not least_of(viewer):
        return rows.assign(is_small=False) if "n_customers" in rows else rows
    small = rows["n_customers"].between(1, least_of(viewer) - 1)
    if not small.any():  # whole numbers stay whole
        return rows.assign(is_small=False)
    columns = [name for name in _OF_FEW if name in rows]
    return rows.assign(is_small=small, **{name: rows[name].astype(float).mask(small) for name in columns})


def hide_small_cells(frame: pd.DataFrame, ids: Sequence[str], viewer: Viewer) -> pd.DataFrame:
    """Add `is_small`; for an L1 viewer groups of fewer than five customers lose every number."""
    frame = frame.copy()
    frame["is_small"] = False
    if viewer.level != "L1" or "n_customers" not in frame:
        return frame
    small = frame["n_customers"].between(1, SMALL_CELL - 1).to_numpy()
    frame["is_small"] = small
    return _without(frame, ["n_customers", *(f"{i}_{part}" for i in ids for part in ("num", "den"))], small)


def keep_back(frame: pd.DataFrame, ids: Sequence[str], back: pd.Series) -> pd.DataFrame:
    """Add `is_kept_back`; these groups lose every number like small ones, and count as small."""
    columns = [c for c in ("n_customers", *(f"{i}_{part}" for i in ids for part in ("num", "den"))) if c in frame]
    frame = frame.assign(is_kept_back=back, is_small=frame["is_small"] | back)
    return _without(frame, columns, back.to_numpy())


def _without(frame: pd.DataFrame, columns: Sequence[str], gone: NDArray[np.bool_]) -> pd.DataFrame:
    """The frame, changed, without the numbers of some rows; column by column, as a mask of a frame takes far longer."""
    for column in columns:
        frame[column] = np.where(gone, np.nan, frame[column].to_numpy(dtype=float, na_value=np.nan))
    return frame
