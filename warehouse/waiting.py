"""Open tickets by the time left of their limit: the rows behind 待办. What counts as open stands in `measures.toml`.

The bands here are those of the measures with the same names, so that a count and its rows cannot part.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.measures import measures
from warehouse.problems import problem
from warehouse.query import Reader
from warehouse.scope import NotAllowed, check_question, col
from warehouse.selects import Filters
from warehouse.viewer import Viewer

FLOOR_DAYS = 15  # after so many days without an answer a user may appeal (domain reference 2.1)
BANDS = (
    "M22_OPEN", "M23_2H", "M23_DAY", "M23_NIGHT", "M23_LATER", "M24_FREE", "M23", "M23_TODAY", "M24", "M24_BACKLOG",
    "M22_AGE_1D", "M22_AGE_3D", "M22_AGE_7D", "M22_AGE_OLD", "M23_FLOOR", "M22_FLOOR", "M23_PROMISE", "M22_PROMISE",
)  # fmt: skip
COLUMNS = (
    "ticket_id", "type_l1", "type_code", "region_code", "owner_dept", "priority", "accepted_at", "due_at",
    "promise_due_at", "n_chasers", "n_transfers", "n_reopens",
)  # fmt: skip
# What rows may be sorted by, each in the one direction that helps.
ORDERS: Mapping[str, str] = {
    "due_at": "asc",
    "accepted_at": "asc",
    "floor_due_at": "asc",
    "promise_due_at": "asc",
    "n_chasers": "desc",
    "priority": "asc",
    "owner_dept": "asc",
}


def waiting_rows(
    reader: Reader,
    viewer: Viewer,
    cutoff: datetime,
    where: Filters,
    band: str,
    page: int,
    size: int,
    order: str = "due_at",
) -> tuple[pd.DataFrame, int]:
    """One page of the open tickets that measure `band` counts at `cutoff`, and how many there are.

    Columns: `COLUMNS`, left_min (minutes to the limit; negative: overdue by so many), floor_due_at (15 days after
    acceptance). Raises `NotAllowed` for a viewer without row access, `Problems` for an unknown band or order.
    """
    if not viewer.sees_rows:
        raise NotAllowed("rows belong to analysts, planners, handlers and supervisors")
    check_question(viewer, [name for name, _ in where.values], ())
    if band not in BANDS:
        raise problem("waiting", f"{band!r} is no band of open tickets", f"use one of {', '.join(BANDS)}")
    if order not in ORDERS:
        raise problem("waiting", f"cannot be sorted by {order!r}", f"sort by one of {', '.join(ORDERS)}")
    mart = selects.open_at(reader.levels, [cutoff])
    moment = sa.select(sa.bindparam("cutoff", cutoff, type_=sa.DateTime).label("cutoff_at")).subquery("moment")
    at = col(moment, "cutoff_at")
    done = col(mart, "feedback_at")
    inside = [
        *selects.inside(reader.levels, "mart_ticket", viewer, where, mart),
        col(mart, "accepted_at") <= at,
        sa.or_(done.is_(None), done > at),
        # The measure counts rows; its own words choose them here.
        sa.literal_column(f"({_condition(band)})"),
    ]
    listed = sa.select(
        *(col(mart, name) for name in COLUMNS),
        (sa.func.date_diff("second", at, col(mart, "due_at")) / sa.literal_column("60.0")).label("left_min"),
        (col(mart, "accepted_at") + sa.literal(timedelta(days=FLOOR_DAYS))).label("floor_due_at"),
    ).select_from(mart.join(moment, sa.true()))
    key: sa.ColumnElement[Any] = sa.literal_column(order)
    first = key.desc() if ORDERS[order] == "desc" else key.asc()
    chosen = listed.where(*inside).order_by(first.nulls_last(), sa.literal_column("ticket_id"))
    counted = sa.select(sa.func.count().label("n")).select_from(mart.join(moment, sa.true())).where(*inside)
    rows = reader.run(chosen.limit(size).offset(max(page, 0) * size))
    return rows, int(reader.run(counted)["n"].iloc[0])


def _condition(band: str) -> str:
    """The condition that a measure counts by: what stands inside its `count_if`."""
    numerator = measures()[band].numerator
    return "true" if numerator == "count(*)" else numerator.removeprefix("count_if(").removesuffix(")")
