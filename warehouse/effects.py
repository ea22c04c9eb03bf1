"""Did the fix work: complaints and figures on the ground of a change before and after it, against its neighbours.

Neighbours are grounds of the same kind that ran alike before and to which nothing happened. Does not belong here: which
changes there are (`changes.py`), the verdict (`analysis/fix_effect.py`), words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from warehouse.analysis.before_after import matched
from warehouse.analysis.cell_figures import LOW_IS_BAD, SMALLEST, figure
from warehouse.analysis.fix_effect import Effect, changed, effect, with_figures
from warehouse.changes import NEAR_M, Change, sites_of, span_of
from warehouse.grounds import Land, Numbers
from warehouse.query import Reader
from warehouse.scope import col
from warehouse.viewer import Viewer

WEEKS, EARLIER = 8, 26  # before and after; and before that, for what is usual
NEIGHBOURS = 12
DAY_S = 86_400.0
_PEOPLE = Path(__file__).with_name("effect_people.sql")
FIGURES = ("weak", "level", "drop", "access", "speed")
_COUNTERS = (
    "rrc_att", "rrc_succ", "erab_att", "erab_succ", "erab_abn_rel", "ho_in", "thp_num_mbit", "thp_den_s",
    "mr_samples", "mr_weak", "rsrp_sum_dbm",
)  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A change with what came of it. By week from `opens` on: `n`, and `others` (their mean, scaled to the place
    before). `beside`: the grounds it is compared with."""

    change: Change
    effect: Effect
    n_customers: int
    opens: date
    n: NDArray[np.float64]
    others: NDArray[np.float64]
    beside: tuple[frozenset[str], ...] = ()

    @property
    def weeks(self) -> pd.DataFrame:
        """week_start, n, others."""
        weeks = pd.date_range(self.opens, periods=len(self.n), freq="7D")
        return pd.DataFrame({"week_start": weeks, "n": self.n, "others": self.others})


@dataclass(frozen=True)
class _Span:
    """The weeks of a change, as Mondays: counted from `opens`, before it from `begins` back, after it from `resumes` to
    `ends`; those between are its own and left out."""

    opens: date
    begins: date
    resumes: date
    ends: date

    @classmethod
    def of(cls, change: Change, known: date | None, as_of: date) -> _Span:
        begins = _monday(change.first)
        resumes = _monday(change.last) + timedelta(7)
        opens = max(begins - timedelta(7 * (WEEKS + EARLIER)), known or begins)
        return cls(opens, begins, resumes, min(resumes + timedelta(7 * WEEKS), _monday(as_of)))

    @property
    def before(self) -> date:
        return self.begins - timedelta(7 * WEEKS)

    @property
    def weeks(self) -> pd.DatetimeIndex:
        return pd.date_range(self.opens, max(self.ends, self.begins) - timedelta(7), freq="7D")


def told(reader: Reader, viewer: Viewer, change: Change, others: Sequence[Change], as_of: date) -> Told:
    """What came of a change, by whole weeks; weeks that it touches itself are left out. `others`: all changes."""
    return in_full(reader, verdicts(reader, viewer, [change], others, as_of)[0], as_of)


def verdicts(
    reader: Reader, viewer: Viewer, wanted: Sequence[Change], others: Sequence[Change], as_of: date
) -> list[Told]:
    """The same of several changes, without figures of the network where no verdict turns on them."""
    if not wanted:
        return []
    sites, span = sites_of(reader, viewer), span_of(reader)
    spans = [_Span.of(change, span[0] if span else None, as_of) for change in wanted]
    land = _land(reader, sites, spans)
    begun, ended = min(at.opens for at in spans), max(at.ends for at in spans)
    placed = [(other, land.at(other.ground)) for other in others if begun <= other.last and other.first < ended]
    people = _people(reader, wanted, spans)
    found = [_told(land, change, placed, at, n) for change, at, n in zip(wanted, spans, people, strict=True)]
    return [in_full(reader, one, as_of) if one.effect.verdict == "maybe" else one for one in found]


def in_full(reader: Reader, one: Told, as_of: date) -> Told:
    """With the figures of the network there against those of the neighbours, and what they make of the verdict."""
    figures = _figures(reader, one.change, one.beside, _Span.of(one.change, None, as_of))
    return replace(one, effect=with_figures(one.effect, figures, LOW_IS_BAD, SMALLEST))


def _told(land: Land, change: Change, others: Sequence[tuple[Change, Numbers]], at: _Span, n_customers: int) -> Told:
    weeks, own = at.weeks, land.at(change.ground)
    columns = land.columns(weeks)
    before = (weeks >= pd.Timestamp(at.before)) & (weeks < pd.Timestamp(at.begins))
    after = weeks >= pd.Timestamp(at.resumes)
    earlier = weeks < pd.Timestamp(at.before)
    here = land.counts[own][:, columns].sum(axis=0)
    # Compared with grounds of the same kind to which nothing happened in that time.
    busy = [there for other, there in others if at.opens <= other.last and other.first < at.ends]
    grounds = land.towns if change.towns else land.around
    among = np.arange(len(grounds.weekly)) if change.towns else land.known_at(at.opens)
    like = grounds.untouched(np.concatenate([own, *busy]), among)
    chosen = np.zeros(0, np.int64)
    if before.any():
        alike = matched(here[before], grounds.weekly[np.ix_(like, columns[before])], len(like))
        chosen = grounds.apart(like[alike], NEIGHBOURS)
    beside = grounds.weekly[np.ix_(chosen, columns)]
    found = effect(here[earlier], here[before], here[after], beside[:, before], beside[:, after])
    total = beside.sum(axis=0) if len(beside) else np.zeros(len(weeks))
    scale = here[before].sum() / total[before].sum() if before.any() and total[before].sum() else float("nan")
    sites = tuple(grounds.sites(n) for n in chosen.tolist())
    return Told(change, found, n_customers, at.opens, here, total * scale, sites)


def _land(reader: Reader, sites: pd.DataFrame, spans: Sequence[_Span]) -> Land:
    """The sites with their complaints in all weeks that are asked for."""
    first, last = min(at.opens for at in spans), max(max(at.ends, at.begins) for at in spans)
    put = sa.table("mart_site_complaint")
    week = col(put, "week_start")
    rows = reader.run(
        sa.select(col(put, "site_id"), week, col(put, "n_tickets"))
        .select_from(put)
        .where(week >= _bound(first), week < _bound(last))
    )
    counts = np.zeros((len(sites), max((last - first).days // 7, 0)))
    at = sites.index.get_indexer(rows["site_id"])
    column = ((rows["week_start"] - pd.Timestamp(first)).dt.days // 7).to_numpy(int)
    np.add.at(counts, (at[at >= 0], column[at >= 0]), rows["n_tickets"].to_numpy(float)[at >= 0])
    return Land(sites, counts, pd.Timestamp(first), NEAR_M)


def _people(reader: Reader, wanted: Sequence[Change], spans: Sequence[_Span]) -> list[int]:
    """How many people complained on the ground of each change, from eight weeks before it on."""
    asked = [
        (n, site, at.before, at.ends)
        for n, (change, at) in enumerate(zip(wanted, spans, strict=True))
        for site in sorted(change.ground)
    ]
    if not asked:
        return [0] * len(wanted)
    names = ("grounds", "sites", "firsts", "ends")
    found = reader.ask(
        _PEOPLE.read_text(encoding="utf-8"), dict(zip(names, map(list, zip(*asked, strict=True)), strict=True))
    )
    told = dict(zip(found["ground"], found["n"], strict=True))
    return [int(told.get(n, 0)) for n in range(len(wanted))]


def _figures(reader: Reader, change: Change, beside: Sequence[frozenset[str]], at: _Span) -> dict[str, Any]:
    """Figures of the network week by week, of cells that were there before the change: the place against its
    neighbours."""
    asked = sorted(change.ground.union(*beside)) if beside else sorted(change.ground)
    cell, counted = sa.table("dim_cell"), sa.table("mart_cell_week")
    week = col(counted, "week_start")
    known = (
        sa.select(col(cell, "cell_id"), sa.func.max(col(cell, "site_id")).label("site_id"))
        .select_from(cell)
        .where(col(cell, "site_id").in_([_bound(s) for s in asked]), col(cell, "valid_from") < _bound(at.before))
        .group_by(col(cell, "cell_id"))
        .subquery()
    )
    rows = reader.run(
        sa.select(known.c.site_id, week, *(sa.func.sum(col(counted, c)).label(c) for c in _COUNTERS))
        .select_from(counted.join(known, known.c.cell_id == col(counted, "cell_id")))
        .where(week >= _bound(at.before), week < _bound(at.ends))
        .group_by(known.c.site_id, week)
    )
    if rows.empty:
        return {}
    week_of = rows["week_start"]
    sides = {"before": week_of < pd.Timestamp(at.begins), "after": week_of >= pd.Timestamp(at.resumes)}
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
