"""Complaints about the network by terminal and type, and around drops of the signal, from one release. Sums only."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import cells, selects
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.scope import col
from warehouse.viewer import Viewer

WEEKS = 13
LEAD_LAG_SQL = Path(__file__).with_name("lead_lag.sql")
LEAD_LAG_WEEKS, REACH = 52, 10
DROP_DB = 2.0  # as `mart_signal_drop` has it


def by_type(reader: Reader, viewer: Viewer, end: date, where: Filters, weeks: int = WEEKS) -> pd.DataFrame:
    """terminal_model, type_code, n of the weeks before a Monday; complaints whose terminal is not known left out."""
    if not viewer.sees_rows:
        raise NotAllowed("terminals belong to planners and analysts")
    ticket = sa.table("fact_ticket")
    day, model = col(ticket, "accepted_on"), col(ticket, "terminal_model")
    return reader.run(
        sa.select(model, col(ticket, "type_code"), sa.func.count().label("n"))
        .select_from(ticket)
        .where(
            col(ticket, "is_counted"),
            col(ticket, "type_l1") == _bound("NET"),
            model.is_not(None),
            day >= _bound(end - timedelta(7 * weeks)),
            day < _bound(end),
            *selects.inside(reader.levels, "fact_ticket", viewer, where, ticket),
        )
        .group_by(model, col(ticket, "type_code"))
        .order_by(model, col(ticket, "type_code"))
    )


def around_drops(reader: Reader, viewer: Viewer, end: date) -> pd.DataFrame:
    """The rows of `lead_lag.sql` for a year before a Monday; of the whole network, so only for who sees all of it."""
    return _empty() if viewer.regions is not None else _lined_up(reader, end)


def around_drops_of(reader: Reader, viewer: Viewer, cell_id: str, end: date) -> pd.DataFrame:
    """The same of one cell, over the complaints that the viewer may see; none of a cell that is not the viewer's."""
    if cells.about(reader, viewer, cell_id) is None:
        return _empty()
    first = end - timedelta(7 * LEAD_LAG_WEEKS)
    own = cells.complaints(reader, viewer, cell_id, first, end)["ticket_id"] if _is_counted(reader) else pd.Series()
    return _lined_up(reader, end, cell_id, own.astype(str).tolist())


def _empty() -> pd.DataFrame:
    return pd.DataFrame(columns=["day_no", "n_drops", "n", "due"])


def _is_counted(reader: Reader) -> bool:
    """Not of a release from before there was a table of drops."""
    return all(reader.n_rows(n) > 0 for n in ("mart_signal_drop", "mart_ticket_cell"))


def _lined_up(reader: Reader, end: date, cell_id: str | None = None, only: list[str] | None = None) -> pd.DataFrame:
    if not _is_counted(reader):
        return _empty()
    first = end - timedelta(7 * LEAD_LAG_WEEKS)
    asked = {"first_on": first, "end_on": end, "reach": REACH}
    return reader.ask(LEAD_LAG_SQL.read_text(encoding="utf-8"), {**asked, "cell_id": cell_id, "only": only})


def _bound(value: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True)
