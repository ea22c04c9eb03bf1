"""Pages of rows of published tables: sorted and cut in SQL, scoped, with the columns of the viewer's class.

Tickets behind a figure have a door of their own (`query.Reader.rows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import sqlalchemy as sa

from warehouse import selects
from warehouse.periods import Period
from warehouse.problems import problem
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.scope import col, visible_columns
from warehouse.viewer import Viewer


def listed(
    reader: Reader,
    name: str,
    viewer: Viewer,
    where: Filters,
    order: Sequence[str],
    page: int,
    size: int,
    *,
    period: Period | None = None,
    at: str = "accepted_at",
    only: Mapping[str, Sequence[Any]] | None = None,
) -> tuple[pd.DataFrame, int]:
    """One page of a table, and how many rows there are in all.

    `order` names columns, "-" before one that falls. With `period` only rows whose column `at` lies in it, known up to
    its cut-off. `only` keeps rows whose column holds one of the values. Filters that the table has no column for do
    not narrow. Raises `NotAllowed` where rows are of a higher class than the viewer's.
    """
    levels = reader.levels.get(name)
    if levels is None:
        raise problem("release", f"has no table {name!r}", "build a new release")
    columns = visible_columns(levels, viewer)
    if not columns or (not viewer.sees_rows and any(level != "L1" for level in levels.values())):
        raise NotAllowed(f"{name} holds rows, and this role sees figures only")
    keys = [part.removeprefix("-") for part in order]
    asked = [*keys, *(only or {}), *([at] if period else [])]
    missing = [key for key in asked if key not in levels]
    if missing:
        raise problem("rows", f"{name} has no column {missing[0]!r}", "use one that the table has")
    source = sa.table(name)
    chosen = selects.inside(reader.levels, name, viewer, where, source)
    chosen += [col(source, column).in_(list(values)) for column, values in (only or {}).items()]
    if period:
        moment = col(source, at)
        chosen += [moment >= _bound(period.first), moment < _bound(period.end), moment <= _bound(period.cutoff)]
    sorting = [
        sa.nulls_last(col(source, k).desc() if o.startswith("-") else col(source, k).asc())
        for k, o in zip(keys, order, strict=True)
    ]
    rows = (
        sa.select(*(col(source, c) for c in columns))
        .select_from(source)
        .where(*chosen)
        .order_by(*sorting)
        .limit(size)
        .offset(max(page, 0) * size)
    )
    n = reader.run(sa.select(sa.func.count().label("n")).select_from(source).where(*chosen))["n"]
    return reader.run(rows), int(n.iloc[0])


def _bound(value: Any) -> sa.BindParameter[Any]:
    return sa.bindparam(None, value, unique=True)
