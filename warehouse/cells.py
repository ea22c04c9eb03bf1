"""One cell and all cells over weeks, read from one release within a viewer's scope; rows only for who may see rows.

Rates are formed from sums by the reader of these rows. Positions are WGS-84, times are local.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.hours import open_hours, pins_of
from warehouse.ordered import HOURS_DAYS as HOURS_DAYS
from warehouse.ordered import USUAL_DAYS as USUAL_DAYS
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.scope import col
from warehouse.sealed import select
from warehouse.viewer import Viewer

WEEKS = 13
HOURS_SQL = Path(__file__).with_name("cell_hours.sql")
# The sums of counters by which a cell is judged, and those that only its weeks are drawn with.
JUDGED = (
    "n_days", "rrc_att", "rrc_succ", "erab_att", "erab_succ", "erab_abn_rel", "ho_in", "ho_att", "ho_succ",
    "unavail_s", "mr_samples", "mr_weak",
)  # fmt: skip
SUMS = (*JUDGED, "rsrp_sum_dbm", "thp_num_mbit", "thp_den_s")
WORST = ("prb_busiest", "intf_worst_dbm")
QUARTER = "mart_cell_quarter"
ABOUT = (
    "cell_id", "cell_name", "site_id", "rat", "region_code", "town", "scene", "lon", "lat", "azimuth_deg", "is_indoor",
    "band", "height_m", "tilt_deg", "on_air_on",
)  # fmt: skip
# Of that what all cells are listed and drawn by: each column is fifty thousand values in a large network.
LISTED = ("cell_id", "cell_name", "rat", "region_code", "town", "lon", "lat", "azimuth_deg")
_COUNTERS = (
    "rrc_att", "rrc_succ", "erab_att", "erab_succ", "erab_abn_rel", "ho_in", "ho_att", "ho_succ", "prb_used_dl",
    "prb_avail_dl", "thp_num_mbit", "thp_den_s", "ul_intf_dbm", "unavail_s", "mr_samples", "mr_weak", "rsrp_sum_dbm",
)  # fmt: skip


def network(reader: Reader, viewer: Viewer, end: date, where: Filters, weeks: int = WEEKS) -> pd.DataFrame:
    """Cells on air at `end` with counters and complaints of the `weeks` whole weeks before that Monday, in no order.

    The columns of `LISTED`, the sums of `JUDGED`, prb_busiest and intf_worst_dbm (means of the weeks' worst: one bad
    week in a quarter is no bad cell), n_tickets and n_served (0 where none).
    """
    _rows_only(viewer)
    cell, put = sa.table("dim_cell"), sa.table("mart_cell_complaint")
    first = end - timedelta(7 * weeks)
    told = (
        sa.select(
            col(put, "cell_id"),
            *(sa.cast(sa.func.sum(col(put, c)), sa.BigInteger).label(c) for c in ("n_tickets", "n_served")),
        )
        .select_from(put)
        .where(col(put, "week_start") >= _bound(first), col(put, "week_start") < _bound(end))
        .group_by(col(put, "cell_id"))
        .subquery()
    )
    added = _quarter() if _has_quarter(reader, end, weeks) else _weeks(first, end)
    found = reader.run(
        sa.select(
            *(col(cell, c) for c in LISTED),
            *(added.c[c] for c in (*JUDGED, *WORST)),
            *(sa.func.coalesce(told.c[c], 0).label(c) for c in ("n_tickets", "n_served")),
        )
        .select_from(
            cell.outerjoin(added, added.c.cell_id == col(cell, "cell_id")).outerjoin(
                told, told.c.cell_id == col(cell, "cell_id")
            )
        )
        .where(
            *_on_air(cell, end),
            *selects.inside(reader.levels, "dim_cell", viewer, where, cell),
        ),
        is_long=True,
    )
    return found.astype({"n_tickets": int, "n_served": int})


def _has_quarter(reader: Reader, end: date, weeks: int) -> bool:
    """Whether the release has added up just these weeks."""
    as_of = reader.info["as_of"].date()
    return weeks == WEEKS and end == as_of - timedelta(as_of.weekday()) and QUARTER in reader.levels


def _quarter() -> sa.Subquery:
    added = sa.table(QUARTER)
    return sa.select(*(col(added, c) for c in ("cell_id", *JUDGED, *WORST))).select_from(added).subquery()


def _weeks(first: date, end: date) -> sa.Subquery:
    """What `mart_cell_quarter` holds, of other weeks."""
    counted = sa.table("mart_cell_week")
    per_week = (
        sa.select(
            col(counted, "cell_id"),
            col(counted, "week_start"),
            *(sa.func.sum(col(counted, c)).label(c) for c in JUDGED),
            *(sa.func.max(col(counted, c)).label(c) for c in WORST),
        )
        .select_from(counted)
        .where(col(counted, "week_start") >= _bound(first), col(counted, "week_start") < _bound(end))
        .group_by(col(counted, "cell_id"), col(counted, "week_start"))
        .subquery()
    )
    return (
        sa.select(
            per_week.c.cell_id,
            *(sa.cast(sa.func.sum(per_week.c[c]), sa.Double).label(c) for c in JUDGED),
            *(sa.func.avg(per_week.c[c]).label(c) for c in WORST),
        )
        .group_by(per_week.c.cell_id)
        .subquery()
    )


def about(reader: Reader, viewer: Viewer, cell_id: str) -> pd.Series | None:
    """The newest that is known of a cell (`ABOUT`, valid_from, valid_to); None: unknown, or not the viewer's."""
    _rows_only(viewer)
    cell = sa.table("dim_cell")
    found = reader.run(
        sa.select(*(col(cell, c) for c in (*ABOUT, "valid_from", "valid_to")))
        .select_from(cell)
        .where(col(cell, "cell_id") == _bound(cell_id), *_inside(reader, "dim_cell", viewer, cell))
        .order_by(sa.desc(col(cell, "valid_from")))
        .limit(1)
    )
    return None if found.empty else found.iloc[0]


def days(reader: Reader, viewer: Viewer, cell_id: str, first: date, end: date) -> pd.DataFrame:
    """The counters of one cell per day, `end` not included: at and the counters."""
    _rows_only(viewer)
    fact = sa.table("fact_cell_kpi_1d")
    return reader.run(
        sa.select(col(fact, "period_on").label("seen_at"), *(col(fact, c) for c in _COUNTERS))
        .select_from(fact)
        .where(
            col(fact, "cell_id") == _bound(cell_id),
            col(fact, "period_on") >= _bound(first),
            col(fact, "period_on") < _bound(end),
            *_inside(reader, "fact_cell_kpi_1d", viewer, fact),
        )
        .order_by(col(fact, "period_on"))
    )


def hours(reader: Reader, viewer: Viewer, release: Path, lake: Path, cell_id: str, end: datetime) -> pd.DataFrame:
    """The counters of one cell per hour from the lake, the usual eight weeks and the fourteen days before `end`.

    seen_at, the counters, and is_workday (missing on holidays that are not worked). Raises `Problems` when a file of
    the release is gone.
    """
    _rows_only(viewer)
    if about(reader, viewer, cell_id) is None:
        raise NotAllowed("this cell lies outside the viewer's districts")
    last = end.date()
    first = last - timedelta(HOURS_DAYS + USUAL_DAYS)
    con = open_hours(release, lake, pins_of(release, lake).between(first, last), cells=[cell_id])
    try:
        asked = {"cell_id": cell_id, "first_at": datetime.combine(first, datetime.min.time()), "end_at": end}
        return select(con, HOURS_SQL.read_text(encoding="utf-8"), asked, reader.timeout_s)
    finally:
        con.close()


def alarms(reader: Reader, viewer: Viewer, site_id: str, cell_id: str, first: datetime, end: datetime) -> pd.DataFrame:
    """Alarms of a site, or of this cell of it, in the span: started_at, ended_at, severity, alarm_name, category."""
    _rows_only(viewer)
    fact = sa.table("fact_alarm")
    ended = col(fact, "ended_at")
    return reader.run(
        sa.select(*(col(fact, c) for c in ("started_at", "ended_at", "severity", "alarm_name", "category")))
        .select_from(fact)
        .where(
            col(fact, "site_id") == _bound(site_id),
            sa.or_(col(fact, "cell_id").is_(None), col(fact, "cell_id") == _bound(cell_id)),
            col(fact, "started_at") < _bound(end),
            sa.or_(ended.is_(None), ended > _bound(first)),
            *_inside(reader, "fact_alarm", viewer, fact),
        )
        .order_by(col(fact, "started_at"))
    )


def complaints(reader: Reader, viewer: Viewer, cell_id: str, first: date, end: date) -> pd.DataFrame:
    """Complaints put to a cell, newest first: ticket_id, put_by, accepted_at, type, terminal, is_repeat."""
    _rows_only(viewer)
    put, ticket = sa.table("mart_ticket_cell"), sa.table("fact_ticket")
    shown = ("accepted_at", "type_code", "type_detail", "terminal_model", "terminal_5g", "is_repeat")
    return reader.run(
        sa.select(*(col(put, c) for c in ("ticket_id", "put_by")), *(col(ticket, c) for c in shown))
        .select_from(put.join(ticket, col(ticket, "ticket_id") == col(put, "ticket_id")))
        .where(
            col(put, "cell_id") == _bound(cell_id),
            col(put, "accepted_on") >= _bound(first),
            col(put, "accepted_on") < _bound(end),
            *_inside(reader, "fact_ticket", viewer, ticket),
        )
        .order_by(sa.desc(col(ticket, "accepted_at")), col(put, "ticket_id"))
    )


def _on_air(cell: sa.TableClause, end: date) -> Sequence[sa.ColumnElement[bool]]:
    valid_to, on_air = col(cell, "valid_to"), col(cell, "on_air_on")
    return [
        col(cell, "valid_from") < _bound(end),
        sa.or_(valid_to.is_(None), valid_to >= _bound(end)),
        sa.or_(on_air.is_(None), on_air < _bound(end)),
    ]


def _inside(reader: Reader, name: str, viewer: Viewer, source: sa.TableClause) -> list[sa.ColumnElement[bool]]:
    return selects.inside(reader.levels, name, viewer, Filters(), source)


def _rows_only(viewer: Viewer) -> None:
    if not viewer.sees_rows:
        raise NotAllowed("single cells belong to planners and analysts")


def _bound(value: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True)
