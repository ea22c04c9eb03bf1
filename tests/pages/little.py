"""Tables on a page, read as a reader does: the grids, and little tables by the names of their columns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd


def frames(at: Any) -> list[pd.DataFrame]:
    """Every table that a page shows, grids and little ones, texts as they are read."""
    return [f.value for f in at.dataframe] + [_read(f.value) for f in at.table]


def little(at: Any, named: Callable[[str], str], *columns: str) -> pd.DataFrame:
    """The first little table that has the columns, which then bear the keys that `named` gives the headers of."""
    found = littles(at, named, *columns)
    assert found, f"no little table with {[named(c) for c in columns]} among {[list(_read(f.value)) for f in at.table]}"
    return found[0]


def littles(at: Any, named: Callable[[str], str], *columns: str) -> list[pd.DataFrame]:
    """All of them."""
    headers = {named(c): c for c in columns}
    return [f.rename(columns=headers) for f in map(_read, (f.value for f in at.table)) if headers.keys() <= set(f)]


def _read(shown: pd.DataFrame) -> pd.DataFrame:
    """Without the marks that keep texts from being taken for Markdown, and grey ones grey."""
    told = shown.rename(columns=_plain)
    return told.map(_plain)


def _plain(text: Any) -> Any:
    said = str(text)
    if said.startswith(":gray[") and said.endswith("]"):
        said = said[6:-1]
    return said.replace("\\", "").rstrip("\u200b")
