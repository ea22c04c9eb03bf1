"""Did a measure help: complaints of its scope before and after it, against scopes of the same kind.

Others are those to which no measure against the same complaints happened in that time; the most alike of them count.
Does not belong here: the register (`alerts.actions`), the verdict (`analysis/fix_effect.py`), words.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from warehouse.analysis.before_after import matched
from warehouse.analysis.fix_effect import Effect, effect
from warehouse.query import Reader
from warehouse.scope import col

TABLE = "mart_scope_week"
LEAST_WEEKS, EARLIER, NEIGHBOURS = 8, 26, 12
MATCHED, NONE = "matched", "none"


@dataclass(frozen=True)
class Fix:
    """A measure that was carried out, days included. `type_code`: a type or group of types, None for all; `control`:
    "matched", "none", or codes of scopes with commas; `weeks` on either side."""

    id: str
    kind: str
    scope_kind: str
    scope_id: str
    type_code: str | None
    begins_on: date
    done_on: date
    weeks: int = LEAST_WEEKS
    control: str = MATCHED
    cost_yuan: float | None = None


@dataclass(frozen=True)
class Outcome:
    """What came of a measure. `weeks`: week_start, n, others (their sum, scaled to the scope before the measure)."""

    fix: Fix
    effect: Effect
    compared: tuple[str, ...]
    weeks: pd.DataFrame


def outcomes(reader: Reader, fixes: Sequence[Fix], as_of: date) -> list[Outcome]:
    """The outcome of every measure, from one read of the weekly counts; none for a release without them."""
    if not fixes or TABLE not in reader.levels or reader.n_rows(TABLE) == 0:
        return []
    put = sa.table(TABLE)
    names = ("scope_kind", "scope_id", "week_start", "type_l1", "type_code", "n_tickets")
    rows = reader.run(sa.select(*(col(put, n) for n in names)).select_from(put))
    rows["week_start"] = pd.to_datetime(rows["week_start"])
    tables: dict[tuple[str, str | None], pd.DataFrame] = {}
    span = (rows["week_start"].min(), rows["week_start"].max())
    found = []
    for fix in fixes:
        key = (fix.scope_kind, fix.type_code)
        if key not in tables:
            tables[key] = _table(rows, *key)
        found.append(_outcome(tables[key], fix, fixes, as_of, span))
    return found


def weekly_types(reader: Reader, first: date, end: date) -> pd.DataFrame:
    """Complaints of the city by week and type between two Mondays: week_start, type_code, n."""
    if TABLE not in reader.levels:
        return pd.DataFrame({"week_start": [], "type_code": [], "n": []})
    put = sa.table(TABLE)
    week, code = col(put, "week_start"), col(put, "type_code")
    n = sa.func.sum(col(put, "n_tickets")).label("n")
    asked = (
        sa.select(week, code, n).select_from(put).where(col(put, "scope_kind") == "region", week >= first, week < end)
    )
    return reader.run(asked.group_by(week, code))


def _table(rows: pd.DataFrame, scope_kind: str, type_code: str | None) -> pd.DataFrame:
    """Complaints: scopes × weeks. All of the city is the sum of its districts."""
    kind = "region" if scope_kind == "city" else scope_kind
    of_type = (rows["type_l1"] == type_code) | (rows["type_code"] == type_code) if type_code else True
    part = rows[(rows["scope_kind"] == kind) & of_type]
    table = part.pivot_table(index="scope_id", columns="week_start", values="n_tickets", aggfunc="sum", fill_value=0)
    return table if scope_kind != "city" else pd.DataFrame([table.sum()], index=[""])


def _outcome(table: pd.DataFrame, fix: Fix, fixes: Sequence[Fix], as_of: date, span: tuple[Any, Any]) -> Outcome:
    n_weeks = max(fix.weeks, LEAST_WEEKS)
    begins, resumes = _monday(fix.begins_on), _monday(fix.done_on) + timedelta(7)
    ends = min(resumes + timedelta(7 * n_weeks), _monday(as_of))
    opens = begins - timedelta(7 * (n_weeks + EARLIER))
    first = max(pd.Timestamp(opens), span[0])
    weeks = pd.date_range(first, pd.Timestamp(max(ends, begins)) - timedelta(7), freq="7D")
    counted = table.reindex(columns=weeks, fill_value=0)
    before = (weeks >= pd.Timestamp(begins - timedelta(7 * n_weeks))) & (weeks < pd.Timestamp(begins))
    after = weeks >= pd.Timestamp(resumes)
    earlier = weeks < pd.Timestamp(begins - timedelta(7 * n_weeks))
    here = _row(counted, fix.scope_id)
    like = _others(counted, fix, fixes, begins - timedelta(7 * n_weeks), ends)
    beside = counted.loc[like].to_numpy(float).reshape(len(like), len(weeks))
    if fix.control == MATCHED and before.any() and len(like):
        chosen = matched(here[before], beside[:, before], NEIGHBOURS)
        like, beside = [like[int(i)] for i in chosen], beside[chosen]
    found = effect(here[earlier], here[before], here[after], beside[:, before], beside[:, after])
    total = beside.sum(axis=0)
    scale = here[before].sum() / total[before].sum() if before.any() and total[before].sum() else float("nan")
    shown = pd.DataFrame({"week_start": weeks, "n": here, "others": total * scale})
    return Outcome(fix, found, tuple(like), shown)


def _others(counted: pd.DataFrame, fix: Fix, fixes: Sequence[Fix], first: date, end: date) -> list[str]:
    """Scopes of the same kind to which no measure against these complaints happened in that time."""
    if fix.control == NONE:
        return []
    if fix.control != MATCHED:
        return [s for s in fix.control.replace(" ", "").split(",") if s in counted.index and s != fix.scope_id]
    busy = {
        f.scope_id for f in fixes
        if f.scope_kind == fix.scope_kind and _touch(f.type_code, fix.type_code)
        and f.begins_on < end and f.done_on >= first
    }  # fmt: skip
    return [str(s) for s in counted.index if s not in busy and s != fix.scope_id and s != "UNKNOWN"]


def _touch(a: str | None, b: str | None) -> bool:
    """Whether two types of complaints have some in common: a group and one of its own do."""
    return a is None or b is None or a.startswith(b) or b.startswith(a)


def _row(counted: pd.DataFrame, scope_id: str) -> NDArray[np.float64]:
    found: Mapping[Any, Any] | Any = counted.loc[scope_id] if scope_id in counted.index else None
    return np.zeros(counted.shape[1]) if found is None else np.asarray(found, np.float64)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())
