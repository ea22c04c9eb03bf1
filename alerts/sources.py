"""Where the engine reads: one release, opened so that it can only be read, and the rules of a workspace."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from alerts.rules import SHIPPED, Rule, load_rules
from alerts.sentence import Names
from alerts.signals import signals
from warehouse.home import Home
from warehouse.problems import problem
from warehouse.release import Releases
from warehouse.sealed import open_sealed, select

MEMORY, SECONDS = "2GB", 300.0
NAMES = Path(__file__).with_name("names.sql")


class Release:
    """One release as a source of signals."""

    def __init__(self, path: Path) -> None:
        self.id = path.stem
        self._con = open_sealed(path, MEMORY)

    @classmethod
    def current(cls, home: Home) -> Release:
        """The one in use. Raises `Problems` when there is none."""
        releases = Releases(home.releases)
        newest = releases.current()
        if newest is None:
            raise problem(str(home.root), "has no release yet", "load files and run `python -m warehouse build`")
        return cls(releases.path(newest))

    @cached_property
    def as_of(self) -> datetime:
        """The instant the release speaks of."""
        at: datetime = self.select("select as_of from release_info", {})["as_of"][0].to_pydatetime()
        return at

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        """Run one select with named parameters."""
        return select(self._con, sql, dict(parameters), SECONDS)


def names(release: Release) -> Names:
    """Codes in words, from the release's own dimensions; codes nobody named stay as they are."""

    @cache
    def known() -> dict[tuple[str, str], tuple[str, str]]:
        frame = release.select(NAMES.read_text(encoding="utf-8"), {})
        return {(r.kind, str(r.code)): (str(r.zh), str(r.en)) for r in frame.itertuples()}

    def name(kind: str, code: str, lang: str) -> str:
        zh, en = known().get((kind, code), (code, code))
        return zh if lang == "zh" else en

    return name


def rules_of(home: Home) -> dict[str, Rule]:
    """The rules in force for a home: those shipped, and its own beside the data."""
    return load_rules([SHIPPED, home.root / "rules"], signals())
