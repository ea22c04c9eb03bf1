"""What is open at a moment, by department and time left of the limit, with what a role must not see left out.

A department of many customers may have one whose limit ends within two hours: bands of few are hidden, and with them
what they would follow from (`analysis.covering`). Departments are no part of the lattice of a role of figures (domain
reference 2.2), so this role is told them for everything at once only, never for one district or type.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

import numpy as np
import pandas as pd
import sqlalchemy as sa
from numpy.typing import NDArray

from warehouse import selects
from warehouse.analysis.covering import cover, with_totals
from warehouse.measures import measures
from warehouse.query import Filters, Reader
from warehouse.scope import SMALL_CELL, check_question, col
from warehouse.viewer import Viewer

OPEN = "M24"
SHOWN, SMALL, TOO = "", "small", "too"  # sign: shown; fewer than five customers; hidden because another one is


def has_departments(viewer: Viewer, where: Filters) -> bool:
    """Whether departments may be told apart: by a role of figures only while nothing else is narrowed to."""
    return viewer.level != "L1" or not where.values


def by_department(
    reader: Reader, viewer: Viewer, cutoff: datetime, where: Filters, bands: Sequence[str]
) -> pd.DataFrame:
    """Open tickets: owner_dept, band, n, sign; one row per department and band, and with band `OPEN` for all of them.

    `bands` are measures that count parts of `OPEN`; what is in none of them counts towards the last. n is missing where
    the sign is not empty. No rows where departments may not be told apart, or only by telling less than `in_all`.
    """
    check_question(viewer, [name for name, _ in where.values], [])
    if not has_departments(viewer, where):
        none = np.zeros((1, len(bands) + 1), np.int64)
        return _rows([], none, none > 0, none > 0, bands)
    asking = _Question(reader, viewer, cutoff, where, bands, OPEN)
    found = asking.counted(["owner_dept"])
    table, small = asking.table(found)
    gone = small
    if viewer.level == "L1":
        line, few = asking.line()
        small[-1], hidden = few[-1], np.zeros(small.shape, bool)
        hidden[-1] = line[-1]
        gone = cover(table, small, SMALL_CELL, hidden)
        if (gone[-1] != line[-1]).any():
            found, gone = found.iloc[:0], gone[:0]
    return _rows(list(found["owner_dept"]), table, gone, small, bands)


def in_all(
    reader: Reader,
    viewer: Viewer,
    cutoff: datetime,
    where: Filters,
    bands: Sequence[str],
    others: Sequence[str] = (),
    whole: str = OPEN,
) -> dict[str, str]:
    """Measure -> sign: of `whole`, of `bands` that add up to it, and of `others`, each on its own."""
    check_question(viewer, [name for name, _ in where.values], [])
    if viewer.level != "L1":
        return dict.fromkeys([*bands, *others, whole], SHOWN)
    asking = _Question(reader, viewer, cutoff, where, bands, whole, others)
    gone, small = asking.line()
    row = asking.in_all.iloc[0]
    signs = {i: SMALL if 0 < row[f"people_{i}"] < SMALL_CELL else SHOWN for i in others}
    return signs | {i: _sign(gone[-1, j], small[-1, j]) for j, i in enumerate([*bands, whole])}


class _Question:
    """What is open at a moment within a scope, counted by bands of a whole; nothing is hidden yet."""

    def __init__(
        self,
        reader: Reader,
        viewer: Viewer,
        cutoff: datetime,
        where: Filters,
        bands: Sequence[str],
        whole: str,
        others: Sequence[str] = (),
    ) -> None:
        self._reader, self._cutoff, self._is_limited = reader, cutoff, viewer.level == "L1"
        self._mart = selects.open_at(reader.levels, [cutoff])
        anyone = Viewer("analyst", "L2", viewer.regions, viewer.departments)
        self._inside = selects.inside(reader.levels, "mart_ticket", anyone, where, self._mart)
        self._parts = [*bands, whole]
        all_of = sa.true() if whole == OPEN else _condition(whole)
        holds = {i: sa.and_(all_of, _condition(i)) for i in bands}
        if bands:
            holds[bands[-1]] = sa.and_(all_of, *(sa.not_(_condition(i)) for i in bands[:-1]))
        self._holds = {**{i: _condition(i) for i in others}, **holds, whole: all_of}

    @cached_property
    def in_all(self) -> pd.DataFrame:
        """As `counted`, of all groups together."""
        return self.counted([])

    def counted(self, by: Sequence[str]) -> pd.DataFrame:
        """Groups, and of each measure n_<id> tickets of people_<id> different customers."""
        mart = self._mart
        now = sa.select(sa.cast(sa.bindparam(None, self._cutoff, unique=True), sa.DateTime).label("cutoff_at"))
        moment = now.subquery("moment")
        at, done, begun = moment.c.cutoff_at, col(mart, "feedback_at"), col(mart, "accepted_at")
        # A ticket without a number is one unknown customer.
        who = sa.func.coalesce(col(mart, "cust_key"), col(mart, "ticket_id")).label("who")
        groups = [col(mart, name) for name in by]
        is_open = sa.and_(begun <= at, sa.or_(done.is_(None), done > at))
        # Customer by customer first: to tell them apart for each measure anew costs many times as much.
        tickets = [_counted(holds).label(f"n_{name}") for name, holds in self._holds.items()]
        one = sa.select(*groups, who, *tickets).select_from(mart.join(moment, is_open)).where(*self._inside)
        each = one.group_by(*groups, sa.literal_column("who")).subquery("each_customer")
        columns: list[sa.ColumnElement[int]] = []
        for name in self._holds:
            n = col(each, f"n_{name}")
            total = sa.func.coalesce(sa.func.sum(n), 0)
            columns += [total.label(f"n_{name}"), _counted(n > 0).label(f"people_{name}")]
        keys = [col(each, name) for name in by]
        found = self._reader.run(sa.select(*keys, *columns).select_from(each).group_by(*keys))
        return found.sort_values(list(by), ignore_index=True) if by else found

    def table(self, found: pd.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
        """Groups by band with their sums, and which of it is small; of the sums of all groups that is not known."""
        n, people = (
            found[[f"{part}_{i}" for i in self._parts]].to_numpy(np.int64).reshape(len(found), len(self._parts))
            for part in ("n", "people")
        )
        small = (people > 0) & (people < SMALL_CELL) & self._is_limited
        return with_totals(n[:, :-1]), np.vstack([small, np.zeros(len(self._parts), bool)])

    def line(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """What is hidden of all groups together, and what of it is small: tables of one line and its sums."""
        table, small = self.table(self.in_all)
        small[-1] = small[0]
        return cover(table, small, SMALL_CELL), small


def _condition(measure: str) -> sa.ColumnElement[bool]:
    """What a measure counts, false where that is not known; for measures that are written as `count_if(…)`."""
    told = measures()[measure].numerator
    assert told.startswith("count_if(") and told.endswith(")"), measure
    return sa.func.coalesce(sa.literal_column(told.removeprefix("count_if"), sa.Boolean), sa.literal_column("false"))


def _counted(holds: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    """How many rows a condition holds for; 0 over none."""
    return sa.func.count(sa.case((holds, 1)))


def _sign(is_gone: bool, is_small: bool) -> str:
    return SHOWN if not is_gone else SMALL if is_small else TOO


def _rows(
    depts: Sequence[str | None],
    table: NDArray[np.int64],
    gone: NDArray[np.bool_],
    small: NDArray[np.bool_],
    bands: Sequence[str],
) -> pd.DataFrame:
    rows = [
        (dept, band, float(table[i, j]), _sign(gone[i, j], small[i, j]))
        for i, dept in enumerate(depts)
        for j, band in enumerate([*bands, OPEN])
    ]
    told = pd.DataFrame(rows, columns=["owner_dept", "band", "n", "sign"])
    return told.assign(n=told["n"].mask(told["sign"] != SHOWN))
