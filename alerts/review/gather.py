"""Opening what an issue reads: the release in use, the workspace, the store and the rules of a home."""

from __future__ import annotations

import sqlalchemy as sa

from alerts.review.asked import Sources
from alerts.sources import Release, names, rules_of
from warehouse.cases import read_cases
from warehouse.home import Home
from warehouse.problems import problem
from warehouse.query import Reader
from warehouse.release import Releases
from warehouse.workspace import load_workspace


def sources(home: Home, kept: sa.Engine | None) -> Sources:
    """Everything of a home. Raises `Problems` where there is no release."""
    releases = Releases(home.releases)
    current = releases.current()
    if current is None:
        raise problem(str(home.root), "has no release yet", "load files and run `python -m warehouse build`")
    return Sources(
        Reader(releases.path(current)), load_workspace(home.root), kept, rules_of(home, kept),
        names(Release.current(home)), read_cases(home.root),
    )  # fmt: skip
