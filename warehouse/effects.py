"""Did the fix work: complaints and figures on the ground of a change before and after it, against its neighbours.

Neighbours are grounds of the same kind that ran alike before and to which nothing happened. Does not belong here: which
changes there are (`changes.py`), the verdict (`analysis/fix_effect.py`), words.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from warehouse.analysis.before_after import matched
from warehouse.analysis.cell_figures import LOW_IS_BAD, SMALLEST, figure
from warehouse.analysis.fix_effect import Effect, changed, effect
from warehouse.changes import NEAR_M, Change, grounds, sites_of, span_of
from warehouse.query import Reader
from warehouse.scope import col
from warehouse.viewer import Viewer

WEEKS, EARLIER = 8, 26  # before and after; and before that, for what is usual
NEIGHBOURS = 12
DAY_S = 86_400.0
FIGURES = ("weak", "level", "drop", "access", "speed")
_COUNTERS = (
    "rrc_att", "rrc_succ", "erab_att", "erab_succ", "erab_abn_rel", "ho_in", "thp_num_mbit", "thp_den_s",
    "mr_samples", "mr_weak", "rsrp_sum_dbm",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A change with what came of it. `weeks`: week_start, n, others (their mean, scaled to the place before)."""

    change: Change
    effect: Effect
    n_customers: int
    weeks: pd.DataFrame


def told(reader: Reader, viewer: Viewer, change: Change, others: Sequence[Change], as_of: date) -> Told:
    """What came of a change, by whole weeks; weeks that it touches itself are left out. `others`: all changes."""
    begins = _monday(change.first)
    resumes = _monday(change.last) + timedelta(7)
    ends = min(resumes + timedelta(7 * WEEKS), _monday(as_of))
    span = span_of(reader)
    opens = max(begins - timedelta(7 * (WEEKS + EARLIER)), span[0] if span else begins)
    weeks = pd.date_range(opens, max(ends, begins) - timedelta(7), freq="7D")
    counted = _counts(reader, opens, ends).reindex(columns=weeks, fill_value=0)
    before = (weeks >= pd.Timestamp(begins - timedelta(7 * WEEKS))) & (weeks < pd.Timestamp(begins))
    after = weeks >= pd.Timestamp(resumes)
    earlier = weeks < pd.Timestamp(begins - timedelta(7 * WEEKS))
    here = _added(counted, [change.ground])[0]
    sites = sites_of(reader, viewer)
    like = _candidates(sites, change, others, opens, ends)
    table = _added(counted, like)
    chosen = _apart(like, matched(here[before], table[:, before], len(like)) if before.any() else [])
    beside = table[chosen]
    figures = _figures(reader, change, [like[i] for i in chosen], begins, resumes, ends)
    found = effect(
        here[earlier], here[before], here[after], beside[:, before], beside[:, after], figures, LOW_IS_BAD, SMALLEST
    )
    total = beside.sum(axis=0) if len(beside) else np.zeros(len(weeks))
    scale = here[before].sum() / total[before].sum() if before.any() and total[before].sum() else float("nan")
    shown = pd.DataFrame({"week_start": weeks, "n": here, "others": total * scale})
    people = _people(reader, change.ground, begins - timedelta(7 * WEEKS), ends)
    return Told(change, found, people, shown)


def _candidates(
    sites: pd.DataFrame, change: Change, others: Sequence[Change], first: date, end: date
) -> list[frozenset[str]]:
    """Grounds of the same kind to which nothing happened in that time: other towns, or other sites with those near."""
    busy = set(change.ground).union(*(o.ground for o in others if first <= o.last and o.first < end))
    if change.towns:
        like = [frozenset(part.index) for _, part in sites.groupby("town")]
    else:
        fresh = set(sites.index[sites["on_air_on"] > pd.Timestamp(first)])
        like = grounds(sites, [s for s in sites.index if s not in fresh], NEAR_M)
    return [g for g in dict.fromkeys(like) if not g & busy]


def _apart(like: Sequence[frozenset[str]], order: Iterable[int]) -> list[int]:
    """The first of `order` that have no site in common, so that no complaint is counted twice."""
    chosen: list[int] = []
    taken: set[str] = set()
    for at in order:
        if not like[int(at)] & taken:
            chosen.append(int(at))
            taken |= like[int(at)]
        if len(chosen) == NEIGHBOURS:
            break
    return chosen


def _counts(reader: Reader, first: date, end: date) -> pd.DataFrame:
    """Complaints: sites × weeks."""
    put = sa.table("mart_site_complaint")
    week = col(put, "week_start")
    rows = reader.run(
        sa.select(col(put, "site_id"), week, col(put, "n_tickets"))
        .select_from(put)
        .where(week >= _bound(first), week < _bound(end))
    )
    return rows.pivot_table(index="site_id", columns="week_start", values="n_tickets", fill_value=0, aggfunc="sum")


def _added(counted: pd.DataFrame, asked: Sequence[frozenset[str]]) -> NDArray[np.float64]:
    """Complaints: grounds × weeks."""
    at = {site: n for n, site in enumerate(counted.index)}
    held = counted.to_numpy(float)
    rows = [held[[at[s] for s in ground if s in at]].sum(axis=0) for ground in asked]
    return np.asarray(rows, np.float64).reshape(len(asked), held.shape[1])


def _people(reader: Reader, ground: frozenset[str], first: date, end: date) -> int:
    """How many people complained on the ground."""
    put = sa.table("mart_ticket_site")
    week = col(put, "week_start")
    n = sa.func.count(sa.distinct(col(put, "cust_key"))).label("n")
    held = [col(put, "site_id").in_([_bound(s) for s in sorted(ground)]), week >= _bound(first), week < _bound(end)]
    return int(reader.run(sa.select(n).select_from(put).where(*held))["n"].iloc[0])


def _figures(
    reader: Reader, change: Change, beside: Sequence[frozenset[str]], begins: date, resumes: date, end: date
) -> dict[str, Any]:
    """Figures of the network week by week, of cells that were there before the change: the place against its
    neighbours."""
    first = begins - timedelta(7 * WEEKS)
    asked = sorted(change.ground.union(*beside)) if beside else sorted(change.ground)
    cell, counted = sa.table("dim_cell"), sa.table("mart_cell_week")
    week = col(counted, "week_start")
    known = (
        sa.select(col(cell, "cell_id"), sa.func.max(col(cell, "site_id")).label("site_id"))
        .select_from(cell)
        .where(col(cell, "site_id").in_([_bound(s) for s in asked]), col(cell, "valid_from") < _bound(first))
        .group_by(col(cell, "cell_id"))
        .subquery()
    )
    rows = reader.run(
        sa.select(known.c.site_id, week, *(sa.func.sum(col(counted, c)).label(c) for c in _COUNTERS))
        .select_from(counted.join(known, known.c.cell_id == col(counted, "cell_id")))
        .where(week >= _bound(first), week < _bound(end))
        .group_by(known.c.site_id, week)
    )
    if rows.empty:
        return {}
    sides = {"before": rows["week_start"] < pd.Timestamp(begins), "after": rows["week_start"] >= pd.Timestamp(resumes)}
    here = {side: _by_week(rows[held], [change.ground]) for side, held in sides.items()}
    there = {side: _by_week(rows[held], beside) for side, held in sides.items()}
    return dict(changed(here["before"], here["after"], there["before"], there["after"]))


def _by_week(rows: pd.DataFrame, asked: Sequence[frozenset[str]]) -> dict[str, NDArray[np.float64]]:
    """Per figure one value a week: the mean over the grounds, each of its added counters. No ground shares a site."""
    ground_of = {site: n for n, ground in enumerate(asked) for site in ground}
    held = rows.assign(ground=rows["site_id"].map(ground_of)).dropna(subset=["ground"])
    added = held.groupby(["ground", "week_start"])[list(_COUNTERS)].sum(min_count=1)
    weeks = added.index.get_level_values("week_start")
    return {name: figure(added, name, 7 * DAY_S).groupby(weeks).mean().to_numpy(float) for name in FIGURES}


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


def _bound(value: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True)
