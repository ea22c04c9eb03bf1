"""Complaints by what only tickets name: the hall they are about, the package of the customer."""

from __future__ import annotations

from typing import Literal

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.periods import Period
from warehouse.query import SMALL_CELL, Filters, Reader
from warehouse.scope import col
from warehouse.viewer import Viewer

By = Literal["hall_id", "package_name"]


def counted(reader: Reader, viewer: Viewer, period: Period, by: By) -> pd.DataFrame:
    """key, n, n_customers, is_small of the complaints of a period (those that M01 counts); tickets that name none are
    left out. For a viewer of figures only, groups of fewer than five customers come without numbers."""
    if by not in reader.filled("fact_ticket"):
        return pd.DataFrame({"key": [], "n": [], "n_customers": [], "is_small": []})
    mart, fact = sa.table("mart_ticket"), sa.table("fact_ticket")
    who = sa.func.coalesce(col(mart, "cust_key"), col(mart, "ticket_id"))
    told = reader.run(
        sa.select(
            col(fact, by).label("key"),
            sa.func.count().label("n"),
            sa.func.count(sa.distinct(who)).label("n_customers"),
        )
        .select_from(mart.join(fact, col(mart, "ticket_id") == col(fact, "ticket_id")))
        .where(
            *selects.inside(reader.levels, "mart_ticket", viewer, Filters(), mart),
            *selects.accepted_in(mart, period),
            col(fact, by).is_not(None),
        )
        .group_by(col(fact, by))
        .order_by(sa.literal_column("n").desc(), col(fact, by))
    )
    small = told["n_customers"].lt(SMALL_CELL) & (viewer.level == "L1")
    told[["n", "n_customers"]] = told[["n", "n_customers"]].astype(float).mask(small)
    return told.assign(is_small=small)
