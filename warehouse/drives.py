"""Points of test drives, read from one release within a viewer's scope; rows only for who may see rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.scope import col
from warehouse.viewer import Viewer

DAYS = 91
MOST = 8_000  # points drawn: a browser freezes long before a year of drives


def points(reader: Reader, viewer: Viewer, end: date) -> pd.DataFrame:
    """Points measured in the thirteen weeks before `end`: test_id, measured_at, lon, lat, rat, rsrp_dbm, dl_kbps.

    Of more than `MOST` every second, third … along the drive. Positions are WGS-84; points without one are left out.
    """
    if not viewer.sees_rows:
        raise NotAllowed("positions of test drives belong to planners and analysts")
    fact = sa.table("fact_drive_test")
    at = col(fact, "measured_at")
    held = [
        at >= _bound(end - timedelta(DAYS)),
        at < _bound(end),
        col(fact, "lon").is_not(None),
        *selects.inside(reader.levels, "fact_drive_test", viewer, Filters(), fact),
    ]
    n = int(reader.run(sa.select(sa.func.count().label("n")).select_from(fact).where(*held))["n"].iloc[0])
    step = max(1, -(-n // MOST))
    shown = ("test_id", "measured_at", "lon", "lat", "rat", "rsrp_dbm", "dl_kbps")
    return reader.run(
        sa.select(*(col(fact, c) for c in shown))
        .select_from(fact)
        .where(*held, col(fact, "seq") % step == 0)
        .order_by(col(fact, "test_id"), col(fact, "seq"))
    )


def _bound(value: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True)
