"""Whether a group holds customers enough to be shown, without telling all customers of a release apart.

That is most of the work of a question about millions of tickets, and most groups are far from few.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse.periods import Period
from warehouse.scope import SMALL_CELL

MOST_GROUPS = 50  # named one by one in a question
MOST_APART = 4_194_304  # of ten million by name a question took more than the 1 GB it may
Ask = Callable[[Sequence[Period], Sequence[sa.ColumnElement[bool]]], pd.DataFrame]


def told_apart(part: pd.DataFrame, by: Sequence[str], periods: Sequence[Period], ask: Ask) -> pd.DataFrame:
    """Figures whose `n_customers` is a least number, with the true one in groups that may have few.

    `ask` gives the same figures of some periods with true numbers under further conditions.
    """
    if "n_customers" not in part:
        return part
    few = part[part["n_customers"].between(1, SMALL_CELL - 1)]
    if few.empty:
        return part
    groups, is_asked = few[list(by)].drop_duplicates(), part["period"].isin(set(few["period"]))
    some = [period for period in periods if period.id in set(few["period"])]
    if not by or len(groups) > MOST_GROUPS:
        kept, exact = part[~is_asked], ask(some, [])
    else:
        kept = part[~(is_asked & _keys(part[list(by)]).isin(set(_keys(groups))))]
        exact = ask(some, [_one_of(groups)]).astype({name: part[name].dtype for name in by})
    return pd.concat([kept, exact], ignore_index=True) if len(kept) else exact


def _keys(groups: pd.DataFrame) -> pd.Series:
    """Rows as values that compare; what is unknown is equal to itself."""
    plain = groups.astype(object).where(groups.notna(), None)
    return pd.Series(list(plain.itertuples(index=False, name=None)), index=groups.index, dtype=object)


def _one_of(groups: pd.DataFrame) -> sa.ColumnElement[bool]:
    """Rows of one of these groups, which are columns of the table asked."""
    named = [list(zip(groups.columns, row, strict=True)) for row in _keys(groups)]
    return sa.or_(*(sa.and_(*(_is(name, value) for name, value in row)) for row in named))


def _is(name: str, value: Any) -> sa.ColumnElement[bool]:
    column: sa.ColumnElement[Any] = sa.literal_column(name)
    if value is None:
        return column.is_(None)
    plain = value.to_pydatetime() if isinstance(value, pd.Timestamp) else getattr(value, "item", lambda: value)()
    return column == sa.bindparam(None, plain, unique=True)


def held_by_few(run: Callable[[sa.Select[Any]], pd.DataFrame]) -> int:
    """Complaints of the four customers with most of them, or some more: more than these come from five at least.

    Reads the customer of every complaint; a complaint without one is somebody of its own. Customers are told apart by
    a number below `MOST_APART`, so that millions of them take no more memory: where two share one, more is hidden.
    """
    mart = sa.table("mart_ticket")
    who: sa.ColumnElement[Any] = sa.func.hash(sa.func.coalesce(sa.column("cust_key"), sa.column("ticket_id")))
    told = sa.select((who % MOST_APART).label("number")).select_from(mart).subquery("told")
    n = sa.func.count().label("n")
    by = sa.select(n).select_from(told).group_by(told.c.number)
    most = by.order_by(n.desc()).limit(SMALL_CELL - 1).subquery("most")
    return int(run(sa.select(sa.func.coalesce(sa.func.sum(most.c.n), 0).label("n")))["n"].iloc[0])
