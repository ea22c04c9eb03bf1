"""Figures told from tables of sums instead of the tickets: which way, if any."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import pandas as pd

from warehouse import daily, open_days, quantiles
from warehouse.measures import Measure
from warehouse.periods import Period
from warehouse.selects import Filters, People
from warehouse.viewer import Viewer


class Release(daily.Release, Protocol):
    """What is asked of a release beside."""

    @property
    def held_by_few(self) -> int: ...


def figures(
    release: Release,
    entries: Sequence[Measure],
    viewer: Viewer,
    periods: Sequence[Period],
    by: Sequence[str],
    where: Filters,
    people: People,
) -> pd.DataFrame | None:
    """What the select of `selects.figures` gives for measures of one table and basis; None where sums cannot tell."""
    is_whole = not by and not where.values and viewer.regions is None and viewer.departments is None
    if is_whole and people != "all" and release.levels.keys() >= quantiles.TABLES and quantiles.fits(entries, periods):
        return quantiles.figures(release.run, entries, periods, release.held_by_few)
    if entries[0].basis == "live":
        return open_days.figures(release, entries, viewer, periods, by, where, people)
    return daily.figures(release, entries, viewer, periods, by, where, people)
