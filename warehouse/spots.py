"""Hotspots as a release publishes them, for a viewer: the list of a week, the course of one, what stands behind it.

A role that sees figures only gets no positions, and no hotspot or hexagon of fewer than five customers; a planner gets
those of fewer than three without numbers (domain reference 2.2). Nor do counts within a larger hotspot tell so few.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.analysis.suppression import protect_groups
from warehouse.hotspots.expect import tail
from warehouse.query import SMALL_CELL, Filters, NotAllowed, Reader
from warehouse.scope import col, hide_few, least_of, visible_columns
from warehouse.viewer import Viewer

GONE = "gone"
MOST_HEXAGONS = 4_000
KINDS = ("h3_8", "grid500")
# Counts of some of a hotspot's customers, and the part of its score that tells the count.
WITHIN = {"n_customers_week": None, "n_repeat": "score_repeat", "n_escalated": None, "n_vip": "score_vip"}


def of_week(reader: Reader, viewer: Viewer, week: date, where: Filters | None = None) -> pd.DataFrame:
    """The rows of `mart_hotspot` of one week, highest score first; those that have just gone come last."""
    found = _read(reader, "mart_hotspot", viewer, {"week_start": week}, where, _seen(viewer))
    order = found["state"].eq(GONE)
    return (
        found.assign(_gone=order)
        .sort_values(["_gone", "score", "hotspot_id"], ascending=[True, False, True], ignore_index=True)
        .drop(columns="_gone")
    )


def course(reader: Reader, viewer: Viewer, hotspot_id: str) -> pd.DataFrame:
    """Every week of one hotspot, oldest first; empty when there is none of that name within the scope."""
    found = _read(reader, "mart_hotspot", viewer, {"hotspot_id": hotspot_id}, None, _seen(viewer))
    return found.sort_values("week_start", ignore_index=True)


def behind(reader: Reader, name: str, viewer: Viewer, hotspot_id: str, week: date) -> pd.DataFrame:
    """The rows of `mart_hotspot_cell`, `mart_hotspot_cause` or `mart_hotspot_grid` of one hotspot and week.

    Where the customers of one square alone are hidden, those of the smallest other one are too: the sum is known.
    """
    if not viewer.sees_rows:
        raise NotAllowed("what stands behind a hotspot belongs to planners and analysts")
    if course(reader, viewer, hotspot_id).empty:
        raise NotAllowed("no hotspot of that name within the scope")
    found = _read(reader, name, Viewer.of(viewer.role), {"hotspot_id": hotspot_id, "week_start": week}, None, None)
    if "is_small" in found:
        too = protect_groups(found, None, "n_customers", "is_small")
        found["n_customers"] = found["n_customers"].mask(too)
    return found


def tickets(
    reader: Reader, viewer: Viewer, hotspot_id: str, week: date, page: int, size: int
) -> tuple[pd.DataFrame, int]:
    """One page of the tickets in a hotspot's window of a week, newest first, and how many there are. Pseudonymous."""
    if not viewer.sees_rows:
        raise NotAllowed("rows belong to analysts, planners, handlers and supervisors")
    link, fact = sa.table("mart_hotspot_ticket"), sa.table("fact_ticket")
    columns = ["ticket_id", "accepted_at", "type_code", "channel_code", "place_name", "owner_dept", "is_solved",
               "is_repeat", "n_chasers", "summary_scrubbed"]  # fmt: skip
    levels = reader.levels["fact_ticket"]
    shown = [c for c in columns if c in visible_columns(levels, viewer)]
    joined = fact.join(link, col(link, "ticket_id") == col(fact, "ticket_id"))
    chosen = [
        col(link, "hotspot_id") == _bound(hotspot_id),
        col(link, "week_first") <= _bound(week),
        col(link, "week_last") >= _bound(week),
        *selects.inside(reader.levels, "fact_ticket", viewer, Filters(), fact),
    ]
    rows = (
        sa.select(*(col(fact, c) for c in shown))
        .select_from(joined)
        .where(*chosen)
        .order_by(col(fact, "accepted_at").desc(), col(fact, "ticket_id"))
        .limit(size)
        .offset(max(page, 0) * size)
    )
    n = reader.run(sa.select(sa.func.count().label("n")).select_from(joined).where(*chosen))["n"]
    return reader.run(rows), int(n.iloc[0])


def excess(reader: Reader, viewer: Viewer, week: date, kind: str, most: int | None = None) -> pd.DataFrame:
    """Map cells of one kind and week with customers and what was to be expected, as `mart_grid_week` has them.

    `most`: those with an expectation only, added up by `coarser`. Cells of few customers have `is_small` and no
    numbers, and a role of figures only does not get them. A role with small cells is told one kind, hexagons, as
    squares laid over them would tell what lies in the corners.
    """
    least = least_of(viewer)
    if least and kind != KINDS[0]:
        raise NotAllowed("this role sees hexagons only")
    found = _rows(reader, "mart_grid_week", viewer, {"week_start": week, "kind": kind}, None, None)
    if not len(found):
        return found.assign(is_small=[])
    if most is not None:
        found = coarser(found[found["expected"].notna()].reset_index(drop=True), most)
    # Of an added-up hexagon it is only known that it holds the customers of its fullest part.
    n_sure = found.pop("n_sure") if "n_sure" in found else found["n_customers"]
    told = hide_few(found.assign(n_customers=n_sure), viewer)
    told["n_customers"] = found["n_customers"].astype(float).mask(told["is_small"])
    return told[~told["is_small"]].reset_index(drop=True) if viewer.level == "L1" else told


def coarser(found: pd.DataFrame, most: int = MOST_HEXAGONS) -> pd.DataFrame:
    """Hexagons of `excess`, added up to larger ones until there are no more than `most`: a page holds no more.

    n_customers then counts a customer once per hexagon of the mart, n_sure is a least number of different ones;
    p_value is of the sums.
    """
    if len(found) <= most:
        return found
    code = np.array([int(c, 16) for c in found["cell"]], dtype=np.uint64)
    resolution = int(code[0] >> np.uint64(52)) & 15
    found = found.assign(n_sure=found["n_customers"])
    while len(found) > most and resolution > 0:
        # The parent of a cell: one resolution less, and the digit of this one unused (all ones).
        code = (code & ~np.uint64(15 << 52)) | np.uint64(resolution - 1 << 52) | np.uint64(7 << 3 * (15 - resolution))
        resolution -= 1
        code, at = np.unique(code, return_inverse=True)
        sums = {c: np.bincount(at, found[c].to_numpy(float)) for c in ("n_tickets", "n_customers", "expected")}
        sure = found["n_sure"].groupby(at).max().to_numpy()
        first = found.iloc[np.unique(at, return_index=True)[1]]
        middle = {c: np.bincount(at, found[c].to_numpy(float)) / np.bincount(at) for c in ("lon", "lat")}
        found = first.assign(**sums, **middle, n_sure=sure).reset_index(drop=True)
    found["cell"] = [f"{c:x}" for c in code.tolist()]
    found["excess"] = found["n_customers"] - found["expected"]
    found["p_value"] = tail(found["n_customers"], found["expected"])
    return found


def classes(reader: Reader, viewer: Viewer, week: date) -> pd.DataFrame:
    """Squares by class of emerging hot spot, as `mart_gi` has them.

    Their complaints are left out where they may be those of few customers.
    """
    if not viewer.sees_rows:
        raise NotAllowed("squares belong to planners and analysts")
    found = _read(reader, "mart_gi", viewer, {"week_start": week}, None, None)
    if not least_of(viewer) or found.empty:
        return found
    # The mart's four weeks lie within the 30 days whose customers are counted; each complaint of the other two days may
    # be that of one more customer.
    of_30 = _rows(reader, "mart_grid_week", viewer, {"week_start": week, "kind": KINDS[1]}, None, None)
    of_30 = of_30.set_index("cell")[["n_customers", "n_tickets"]].reindex(found["cell"]).fillna(0).reset_index()
    n_sure = of_30["n_customers"] - (of_30["n_tickets"] - found["n_tickets"]).clip(lower=0)
    few = found["n_tickets"].gt(0) & n_sure.lt(least_of(viewer))
    return found.assign(n_tickets=found["n_tickets"].astype(float).mask(few), is_small=few)


def open_alarms(reader: Reader, viewer: Viewer, week: date, at: datetime) -> dict[str, int]:
    """hotspot_id -> alarms at sites of its candidate cells of a week that have begun and not ended `at` a moment."""
    if not viewer.sees_rows:
        raise NotAllowed("single alarms belong to planners and analysts")
    if not {"mart_hotspot_cell", "fact_alarm"} <= set(reader.levels):
        return {}
    cell, alarm = sa.table("mart_hotspot_cell"), sa.table("fact_alarm")
    ended = col(alarm, "ended_at")
    pairs = (
        sa.select(col(cell, "hotspot_id"), col(alarm, "source_system"), col(alarm, "alarm_id"))
        .select_from(cell.join(alarm, col(alarm, "site_id") == col(cell, "site_id")))
        .where(
            col(cell, "week_start") == _bound(week),
            sa.or_(col(alarm, "cell_id").is_(None), col(alarm, "cell_id") == col(cell, "cell_id")),
            col(alarm, "started_at") <= _bound(at),
            sa.or_(ended.is_(None), ended > _bound(at)),
            *selects.inside(reader.levels, "fact_alarm", viewer, Filters(), alarm),
        )
        .distinct()
        .subquery()
    )
    found = reader.run(sa.select(pairs.c.hotspot_id, sa.func.count().label("n")).group_by(pairs.c.hotspot_id))
    return {str(name): int(n) for name, n in zip(found["hotspot_id"], found["n"], strict=True)}


def _seen(viewer: Viewer) -> list[sa.ColumnElement[bool]] | None:
    if viewer.level != "L1":
        return None
    return [sa.column("n_customers") >= SMALL_CELL]


def _read(
    reader: Reader,
    name: str,
    viewer: Viewer,
    equal: Mapping[str, Any],
    where: Filters | None,
    more: Sequence[sa.ColumnElement[bool]] | None,
) -> pd.DataFrame:
    """Rows of a table about hotspots, without the numbers of few customers."""
    return hide_few_within(hide_few(_rows(reader, name, viewer, equal, where, more), viewer), viewer)


def hide_few_within(found: pd.DataFrame, viewer: Viewer) -> pd.DataFrame:
    """Rows of `mart_hotspot` without counts of a few of a hotspot's customers, or of all but a few.

    `is_rest_…` says which count is missing because few are left beside it. What counts for the score is then taken as
    if half as many were hidden as may be, in the sum as well: neither tells the count. A small one has no score.
    """
    least = least_of(viewer)
    if not least or not set(WITHIN) <= set(found.columns):
        return found
    out, whole = found.copy(), found["n_customers"].astype(float)
    for name, part in WITHIN.items():
        n = found[name].astype(float)
        is_few, is_rest = n.between(1, least - 1), (whole - n).between(1, least - 1)
        out[name] = found[name].where(~(is_few | is_rest))
        out[f"is_rest_{name}"] = is_rest & ~is_few
        if part:
            each = found[part] / n.where(n > 0)
            told = found[part].mask(is_rest & n.gt(0), each * (whole - least / 2)).mask(is_few, each * (least / 2))
            out[part], out["score"] = told, out["score"] + told - found[part]
    scores = [name for name in found if str(name).startswith("score")]
    out[scores] = out[scores].mask(out["is_small"].astype(bool))
    return out


def _rows(
    reader: Reader,
    name: str,
    viewer: Viewer,
    equal: Mapping[str, Any],
    where: Filters | None,
    more: Sequence[sa.ColumnElement[bool]] | None,
) -> pd.DataFrame:
    levels = reader.levels.get(name)
    if levels is None:
        return pd.DataFrame(columns=["week_start", "state", "score"])
    source = sa.table(name)
    columns = visible_columns(levels, viewer)
    inside = selects.inside(reader.levels, name, viewer, where or Filters(), source)
    inside += [col(source, c) == _bound(v) for c, v in equal.items()]
    inside += list(more or [])
    return reader.run(sa.select(*(col(source, c) for c in columns)).select_from(source).where(*inside))


def _bound(value: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True)
