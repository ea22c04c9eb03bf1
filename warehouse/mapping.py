"""What maps show, read from one release within a viewer's scope: weak grids, cells with their state, alarms, halls.

Rates are ratios of sums over the whole span asked for. Positions are WGS-84, rows only for viewers who may see rows.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.cells import JUDGED, LISTED, WORST
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.scope import col, hide_few
from warehouse.viewer import Viewer

GRID_M = 50
MOST_GRIDS = 5_500  # more are drawn coarser: a page of 1 MB holds no more, and a browser freezes long before 180,000
COARSER = (1, 2, 3, 4, 6, 8, 10, 20, 40, 80)  # times the side of a square
NEAR_M = 2_000
MEASURED_DAYS = 7


def weak_grids(
    reader: Reader,
    viewer: Viewer,
    end: date,
    regions: Sequence[str] = (),
    near: tuple[float, float] | None = None,
) -> tuple[pd.DataFrame, int, date | None]:
    """Coverage by square over the last seven measured days before `end`: lon, lat, n_samples, n_weak, rsrp_dbm.

    Also the side of a square in metres (50, or coarser where there are more than `MOST_GRIDS`) and the last day that
    was measured (None: never). `near` (lon, lat): only what lies about two kilometres around. All radio generations
    together.
    """
    _rows_only(viewer)
    fact = sa.table("fact_mr_grid_d")
    inside = _inside(reader, "fact_mr_grid_d", viewer, fact, regions)
    last = reader.run(
        sa.select(sa.func.max(col(fact, "measured_on")).label("last_on"))
        .select_from(fact)
        .where(col(fact, "measured_on") < _bound(end), *inside)
    )["last_on"].iloc[0]
    if pd.isna(last):
        return pd.DataFrame(columns=["lon", "lat", "n_samples", "n_weak", "rsrp_dbm"]), GRID_M, None
    day = pd.Timestamp(last).date()
    span = [
        col(fact, "measured_on") > _bound(day - timedelta(MEASURED_DAYS)),
        col(fact, "measured_on") <= _bound(day),
        *inside,
    ]
    if near:
        north = NEAR_M / 110_900
        east = north / math.cos(math.radians(near[1]))
        span += [
            col(fact, "lon").between(_bound(near[0] - east), _bound(near[0] + east)),
            col(fact, "lat").between(_bound(near[1] - north), _bound(near[1] + north)),
        ]
    squares = sa.select(col(fact, "grid_x"), col(fact, "grid_y")).select_from(fact).where(*span).distinct().subquery()
    column, row = squares.c.grid_x, squares.c.grid_y
    coarse = (sa.func.floor(column / k) * 10_000_000 + sa.func.floor(row / k) for k in COARSER)
    sizes = [sa.func.count(sa.distinct(c)).label(f"n{k}") for c, k in zip(coarse, COARSER, strict=True)]
    counts = reader.run(sa.select(*sizes))
    factor = next((k for k in COARSER if int(counts[f"n{k}"].iloc[0]) <= MOST_GRIDS), COARSER[-1])
    samples = sa.func.sum(col(fact, "n_samples"))
    x, y = (sa.func.floor(col(fact, f"grid_{axis}") / factor) for axis in ("x", "y"))
    found = reader.run(
        sa.select(
            sa.func.avg(col(fact, "lon")).label("lon"),
            sa.func.avg(col(fact, "lat")).label("lat"),
            samples.label("n_samples"),
            sa.func.sum(col(fact, "n_weak")).label("n_weak"),
            (sa.func.sum(col(fact, "rsrp_avg_dbm") * col(fact, "n_samples")) / samples).label("rsrp_dbm"),
        )
        .select_from(fact)
        .where(*span)
        .group_by(x, y)
        .having(samples > 0)
    )
    found = found.sort_values(["lat", "lon"], ignore_index=True)
    return found, GRID_M * factor, day


def cells(reader: Reader, viewer: Viewer, week: date, regions: Sequence[str] = ()) -> pd.DataFrame:
    """Cells on air in the week beginning at `week`, with the week's counters added up.

    The columns of `cells.LISTED`, site_id, and of `mart_cell_week` the sums of `cells.JUDGED`, prb_busiest and
    intf_worst_dbm (missing where nothing was sent). Rows in no order.
    """
    _rows_only(viewer)
    cell, counted = sa.table("dim_cell"), sa.table("mart_cell_week")
    end = week + timedelta(7)
    added = (
        sa.select(
            col(counted, "cell_id"),
            *(sa.cast(sa.func.sum(col(counted, c)), sa.Double).label(c) for c in JUDGED),
            sa.func.max(col(counted, "prb_busiest")).label("prb_busiest"),
            sa.func.max(col(counted, "intf_worst_dbm")).label("intf_worst_dbm"),
        )
        .select_from(counted)
        .where(col(counted, "week_start") == _bound(week))
        .group_by(col(counted, "cell_id"))
        .subquery()
    )
    valid_to = col(cell, "valid_to")
    return reader.run(
        sa.select(*(col(cell, c) for c in (*LISTED, "site_id")), *(added.c[c] for c in (*JUDGED, *WORST)))
        .select_from(cell.outerjoin(added, added.c.cell_id == col(cell, "cell_id")))
        .where(
            col(cell, "valid_from") < _bound(end),
            sa.or_(valid_to.is_(None), valid_to >= _bound(end)),
            sa.or_(col(cell, "on_air_on").is_(None), col(cell, "on_air_on") < _bound(end)),
            col(cell, "lon").is_not(None),
            *_inside(reader, "dim_cell", viewer, cell, regions),
        ),
        is_long=True,
    )


def alarms(reader: Reader, viewer: Viewer, week: date, regions: Sequence[str] = ()) -> pd.DataFrame:
    """Sites with a major or critical alarm in the week: site_id, lon, lat, town, severity, n_alarms, minutes, name.

    One row per site: the worst severity, the longest alarm's name, minutes of alarms within the week added up.
    """
    _rows_only(viewer)
    alarm, site = sa.table("fact_alarm"), sa.table("dim_site")
    first = datetime.combine(week, time())
    end = first + timedelta(7)
    ended = sa.func.coalesce(col(alarm, "ended_at"), _bound(end))
    rows = reader.run(
        sa.select(
            *(col(site, c) for c in ("site_id", "lon", "lat", "town", "region_code")),
            *(col(alarm, c) for c in ("severity", "alarm_name", "category", "started_at")),
            ended.label("ended_at"),
        )
        .select_from(alarm.join(site, col(site, "site_id") == col(alarm, "site_id")))
        .where(
            col(alarm, "severity").in_(["critical", "major"]),
            col(alarm, "started_at") < _bound(end),
            ended > _bound(first),
            col(site, "lon").is_not(None),
            *_inside(reader, "fact_alarm", viewer, alarm, regions),
        )
    )
    if rows.empty:
        return rows.assign(n_alarms=[], minutes=[])
    span = rows["ended_at"].clip(upper=end) - rows["started_at"].clip(lower=first)
    rows["minutes"] = span.dt.total_seconds() / 60
    rows = rows.sort_values(["severity", "minutes"], ascending=[True, False])  # critical before major
    kept = rows.drop_duplicates("site_id").drop(columns=["minutes", "started_at", "ended_at"])
    per = rows.groupby("site_id").agg(n_alarms=("severity", "size"), minutes=("minutes", "sum")).reset_index()
    return kept.merge(per, on="site_id").sort_values(["severity", "minutes"], ascending=[True, False])


def halls(reader: Reader, viewer: Viewer, week: date, where: Filters) -> pd.DataFrame:
    """Business halls with the complaints about them in the four weeks up to the week's end: hall_id, n, n_customers.

    Those of few customers have `is_small` and no numbers for a role that must not see them.
    """
    _rows_only(viewer)
    hall, ticket = sa.table("dim_hall"), sa.table("fact_ticket")
    end = week + timedelta(7)
    n = sa.func.count(col(ticket, "ticket_id"))
    scope = selects.inside(reader.levels, "fact_ticket", viewer, where, ticket)
    found = (
        sa.select(
            col(ticket, "hall_id"),
            n.label("n"),
            sa.func.count(sa.distinct(sa.func.coalesce(col(ticket, "cust_key"), col(ticket, "ticket_id")))).label(
                "n_customers"
            ),
        )
        .select_from(ticket)
        .where(
            col(ticket, "is_counted"),
            col(ticket, "accepted_on") >= _bound(end - timedelta(28)),
            col(ticket, "accepted_on") < _bound(end),
            *scope,
        )
        .group_by(col(ticket, "hall_id"))
        .subquery()
    )
    told = reader.run(
        sa.select(
            *(col(hall, c) for c in ("hall_id", "hall_name", "region_code", "lon", "lat")),
            sa.func.coalesce(found.c.n, 0).label("n"),
            sa.func.coalesce(found.c.n_customers, 0).label("n_customers"),
        )
        .select_from(hall.outerjoin(found, found.c.hall_id == col(hall, "hall_id")))
        .where(col(hall, "lon").is_not(None), *_inside(reader, "dim_hall", viewer, hall, ()))
        .order_by(sa.desc("n"), col(hall, "hall_id"))
    )
    told = hide_few(told.rename(columns={"n": "n_tickets"}), viewer).rename(columns={"n_tickets": "n"})
    return told.sort_values(["n", "hall_id"], ascending=[False, True], ignore_index=True)  # hidden ones by name only


def masts(reader: Reader, viewer: Viewer, since: date) -> pd.DataFrame:
    """Sites that went or will go on air from a day on: site_id, town, region_code, lon, lat, on_air_on. Oldest first.

    Engineering parameters name a site before it works; until its day it is a planned one.
    """
    _rows_only(viewer)
    site = sa.table("dim_site")
    on_air = col(site, "on_air_on")
    return reader.run(
        sa.select(*(col(site, c) for c in ("site_id", "town", "region_code", "lon", "lat", "on_air_on")))
        .select_from(site)
        .where(on_air >= _bound(since), col(site, "lon").is_not(None), *_inside(reader, "dim_site", viewer, site, ()))
        .order_by(on_air, col(site, "site_id"))
    )


def _inside(
    reader: Reader, name: str, viewer: Viewer, source: sa.TableClause, regions: Sequence[str]
) -> list[sa.ColumnElement[bool]]:
    where = Filters.of({"region_code": regions}) if regions else Filters()
    return selects.inside(reader.levels, name, viewer, where, source)


def _rows_only(viewer: Viewer) -> None:
    if not viewer.sees_rows:
        raise NotAllowed("positions of sites, cells and grids belong to planners and analysts")


def _bound(value: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True)
