"""What was open at the hour of the release on any day: added up from the days on which complaints came and went.

Every cut-off of the pages lies at that hour. The figures are the very ones that the complaints themselves give.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
import sqlalchemy as sa

from warehouse import daily, selects
from warehouse.measures import Measure
from warehouse.periods import Period
from warehouse.selects import Filters, People
from warehouse.viewer import Viewer

TABLE, BASE = "mart_open_day", "mart_ticket"
_UNTIL = "known_on <= cast(cutoff_at as date)"
_TODAY = "case when known_on = cast(cutoff_at as date) then n_due_today else 0 end"
SUMS: Mapping[str, str] = {
    "M24": "cast(sum(n_open) as bigint)",
    "M22_OPEN": "cast(sum(n_overdue) as bigint)",
    "M23_TODAY": f"cast(sum({_TODAY}) as bigint)",
}


def figures(
    release: daily.Release,
    entries: Sequence[Measure],
    viewer: Viewer,
    periods: Sequence[Period],
    by: Sequence[str],
    where: Filters,
    people: People,
) -> pd.DataFrame | None:
    """What the select of `selects.figures` gives for measures of what is open; None where sums cannot tell.

    `n_customers` is a least number of them.
    """
    levels = release.levels
    if (
        people == "all"
        or not periods
        or TABLE not in levels
        or not all(entry.base == BASE and entry.id in SUMS for entry in entries)
        or not daily.has_columns(levels, TABLE, BASE, viewer, by, where)
        or not daily.are_at_the_hour(release, periods)
    ):
        return None
    ours = [entry.model_copy(update={"numerator": SUMS[entry.id]}) for entry in entries]
    until: list[sa.ColumnElement[bool]] = [sa.literal_column(_UNTIL)]
    asked = selects.figures(levels, ours, TABLE, "none", viewer, periods, by, where, people, until)
    # A group of which nothing was open any more has days, but no tickets.
    return release.run(asked.having(sa.literal_column("sum(n_open)") > 0))
