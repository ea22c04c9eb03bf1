"""How the cells behind a hotspot did, week by week: their counters added up, for figures beside its complaints."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.cells import SUMS, WORST
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.scope import col
from warehouse.viewer import Viewer


def counters(reader: Reader, viewer: Viewer, cells: Collection[str], first: date, last: date) -> pd.DataFrame:
    """One row per week that begins from `first` to `last` in which any of the cells sent counters, oldest first.

    week_start, n_cells, the sums of `cells.SUMS`, and the means over cells of `WORST` (of each the week's worst). As
    `radio.figures` takes them. Empty without cells; raises `NotAllowed` for who sees no rows.
    """
    if not viewer.sees_rows:
        raise NotAllowed("counters of cells belong to planners and analysts")
    counted = sa.table("mart_cell_week")
    if not cells or "mart_cell_week" not in reader.levels:
        return pd.DataFrame(columns=["week_start", "n_cells", *SUMS, *WORST])
    # A week over a month's end has two rows a cell.
    per_cell = (
        sa.select(
            col(counted, "week_start"),
            col(counted, "cell_id"),
            *(sa.func.sum(col(counted, c)).label(c) for c in SUMS),
            *(sa.func.max(col(counted, c)).label(c) for c in WORST),
        )
        .select_from(counted)
        .where(
            col(counted, "cell_id").in_(sa.bindparam(None, sorted(cells), unique=True, expanding=True)),
            col(counted, "week_start") >= sa.bindparam(None, first, unique=True),
            col(counted, "week_start") <= sa.bindparam(None, last, unique=True),
            *selects.inside(reader.levels, "mart_cell_week", viewer, Filters(), counted),
        )
        .group_by(col(counted, "week_start"), col(counted, "cell_id"))
        .subquery()
    )
    return reader.run(
        sa.select(
            per_cell.c.week_start,
            sa.func.count().label("n_cells"),
            *(sa.func.sum(per_cell.c[c]).label(c) for c in SUMS),
            *(sa.func.avg(per_cell.c[c]).label(c) for c in WORST),
        )
        .group_by(per_cell.c.week_start)
        .order_by(per_cell.c.week_start)
    )
