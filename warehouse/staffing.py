"""Shifts and calls of the hotline per day, as `fact_staffing` publishes them."""

from __future__ import annotations

from datetime import date

import pandas as pd
import sqlalchemy as sa

from warehouse.query import Reader
from warehouse.scope import col

COLUMNS = ("n_planned", "n_present", "n_calls", "n_answered_15s")


def days(reader: Reader, first: date, end: date) -> pd.DataFrame:
    """worked_on and person-hours planned and present, calls and those answered within 15 seconds, from `first` up to,
    not including, `end`; empty where the release has no shifts."""
    if reader.n_rows("fact_staffing") == 0:
        return pd.DataFrame(columns=["worked_on", *COLUMNS])
    source = sa.table("fact_staffing")
    on = col(source, "worked_on")
    told = reader.run(
        sa.select(on, *(sa.func.sum(col(source, c)).label(c) for c in COLUMNS))
        .select_from(source)
        .where(on >= sa.literal(first), on < sa.literal(end))
        .group_by(on)
        .order_by(on)
    )
    told["worked_on"] = pd.to_datetime(told["worked_on"]).dt.date
    return told.astype({c: float for c in COLUMNS})
