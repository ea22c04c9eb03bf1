"""Which figures of a fixed lattice are told in which periods, so that no period tells what another one hides.

A role of figures only sees weeks and months by district and level-1 type (domain reference 2.2). Weeks hidden because
of few customers lie in runs (`analysis.runs`), and so do months. A longer period is told where it holds runs whole; a
period that still grows, where each of the last days had customers enough, so that two releases never differ by few.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.courses import Counted, Course, Key, Together, Told, is_step, joint, last_of
from warehouse.periods import Period
from warehouse.scope import col, keep_back, least_of
from warehouse.selects import Filters, Levels
from warehouse.viewer import Viewer

LATTICE = frozenset({"region_code", "type_l1"})
BASE = "mart_ticket"
Ask = Callable[[sa.Select[Any]], pd.DataFrame]


def applies(viewer: Viewer, base: str, basis: str, by: Sequence[str], where: Filters) -> bool:
    """Whether a question is one of the lattice, by a viewer who is bound to it."""
    asked = {*by, *(name for name, _ in where.values)}
    return viewer.level == "L1" and (base, basis) == (BASE, "accepted") and bool(asked) and asked <= LATTICE


def courses(ask: Ask, levels: Levels, viewer: Viewer, by: Sequence[str], where: Filters) -> dict[Key, Told]:
    """The course of every group that counts anything, over all complete weeks and months the release holds.

    Groups of one dimension are hidden together, so that none follows from the sum of all; one of them asked for by a
    filter has the same course.
    """
    names = {*by, *(name for name, _ in where.values)}
    least = least_of(viewer)
    found: dict[Key, Told] = {}
    if len(names) == 1:
        [name] = names
        chosen = dict(where.values).get(name)
        whole = joint(_counted(ask, levels, viewer, [name], Filters()), least)
        mine: dict[Key, Course] = {key: c for key, c in whole.items() if chosen is None or key[0] in chosen}
        found |= mine if by else {(): Together(tuple(mine.values()))} if mine else {}
        return found
    told = _counted(ask, levels, viewer, by, where)
    for key, one in told.items():
        found |= joint({key: one}, least, last_of(told))
    return found


def _counted(ask: Ask, levels: Levels, viewer: Viewer, by: Sequence[str], where: Filters) -> dict[Key, Counted]:
    question = _Question(ask, levels, viewer, by, where)
    week, month, day = (question.counted(name) for name in ("week", "month", "day"))
    few_weeks, few_months = question.few("week"), question.few("month")
    return {
        key: Counted(week[key], month[key], days, few_weeks.get(key, {}), few_months.get(key, {}))
        for key, days in day.items()
    }


class _Question:
    """What a group counts, step by step, and who stands behind small steps."""

    def __init__(self, ask: Ask, levels: Levels, viewer: Viewer, by: Sequence[str], where: Filters) -> None:
        self._ask, self._by, self._least = ask, list(by), least_of(viewer)
        self._source = sa.table(BASE)
        self._inside = selects.inside(levels, BASE, viewer, where, self._source)
        self._groups = [col(self._source, name) for name in by]
        # A ticket without a number is one unknown customer.
        self._who = sa.func.coalesce(col(self._source, "cust_key"), col(self._source, "ticket_id"))

    def _sums(self, step: str) -> sa.Select[Any]:
        first = self._first(step)
        return (
            sa.select(
                *self._groups,
                first.label("first_on"),
                sa.func.count().label("n"),
                selects.buckets(self._who).label("n_sure"),
            )
            .select_from(self._source)
            .where(*self._inside)
            .group_by(*self._groups, first)
        )

    def _first(self, step: str) -> sa.ColumnElement[Any]:
        name: sa.ColumnElement[str] = sa.literal_column(f"'{step}'")
        return sa.cast(sa.func.date_trunc(name, col(self._source, "accepted_at")), sa.Date)

    def counted(self, step: str) -> dict[Key, dict[date, tuple[int, int]]]:
        """Group -> first day of a week, month or day -> what it counts, and a least number of customers."""
        out: dict[Key, dict[date, tuple[int, int]]] = {}
        for row in self._ask(self._sums(step)).itertuples(index=False):
            out.setdefault(self._key(row), {})[pd.Timestamp(row.first_on).date()] = (int(row.n), int(row.n_sure))
        return out

    def few(self, step: str) -> dict[Key, dict[date, frozenset[Hashable]]]:
        """Group -> first day -> all customers, of steps that have too few of them."""
        small = self._sums(step).having(selects.buckets(self._who) < self._least).subquery("small")
        same = [g.is_not_distinct_from(small.c[g.name]) for g in self._groups]
        rows = self._ask(
            sa.select(*self._groups, small.c.first_on, self._who.label("who"))
            .select_from(self._source.join(small, sa.and_(self._first(step) == small.c.first_on, *same)))
            .where(*self._inside)
            .group_by(*self._groups, small.c.first_on, self._who)
        )
        found: dict[Key, dict[date, set[Hashable]]] = {}
        for row in rows.itertuples(index=False):
            found.setdefault(self._key(row), {}).setdefault(pd.Timestamp(row.first_on).date(), set()).add(row.who)
        return {
            key: {day: frozenset(who) for day, who in of.items() if len(who) < self._least} for key, of in found.items()
        }

    def _key(self, row: Any) -> Key:
        return key_of(getattr(row, name) for name in self._by)


def hide(
    part: pd.DataFrame, told: Mapping[Key, Told], ids: Sequence[str], periods: Sequence[Period], by: Sequence[str]
) -> pd.DataFrame:
    """Without the numbers of groups that other periods would tell by; `is_kept_back` says which are not small."""
    at = {p.id: p for p in periods}
    keys = [key_of(row) for row in part[list(by)].itertuples(index=False)] if by else [()] * len(part)
    is_any = part["n_customers"].ne(0) if "n_customers" in part else part["is_small"].notna()  # none is none
    back = [
        any_here
        and key in told
        and not told[key].is_told(at[period])
        and not (is_small and is_step(at[period]))  # of the others nobody learns which are small
        for key, period, is_small, any_here in zip(keys, part["period"], part["is_small"], is_any, strict=True)
    ]
    return keep_back(part, ids, pd.Series(back, index=part.index, dtype=bool))


def key_of(values: Iterable[Any]) -> Key:
    return tuple(None if pd.isna(value) else str(value) for value in values)
