"""What every view starts from: language, theme, viewer, filters, release. Built once per run by `app.py`."""

from __future__ import annotations

import runpy
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import streamlit as st

from pages._shared import data
from pages._shared.text import Lang, maybe
from pages._shared.theme import Mode
from warehouse.periods import Comparison, PeriodKind, compare
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer
from warehouse.workspace import Workspace

KEY = "_frame"
ENTRY = Path(__file__).parents[2] / "app.py"


@dataclass(frozen=True)
class Frame:
    """Everything a page may know about who is looking at what."""

    lang: Lang
    mode: Mode
    viewer: Viewer
    workspace: Workspace
    reader: Reader
    period: PeriodKind
    filters: Filters

    @property
    def as_of(self) -> datetime:
        at = self.reader.info["as_of"]
        assert isinstance(at, datetime)
        return at

    @property
    def comparison(self) -> Comparison:
        """The chosen period with its predecessors."""
        span = self.reader.span()
        return compare(self.period, self.as_of, span[0].date() if span else None)

    @property
    def has_tickets(self) -> bool:
        return self.reader.n_rows("mart_ticket") > 0

    def name(self, dimension: str, code: Any) -> str:
        """A code in words of the viewer's language; codes nobody named stay as they are."""
        fixed = maybe(f"value.{dimension}", code, self.lang)
        if fixed is not None:
            return fixed
        return str(self._named.get(dimension, {}).get(code, code))

    def names(self, dimension: str) -> dict[str, str]:
        return self._named.get(dimension, {})

    @cached_property
    def day_kinds(self) -> dict[Any, str]:
        """Day -> "holiday" or "makeup", for comparisons."""
        return data.holidays(self.viewer)

    @cached_property
    def _named(self) -> dict[str, dict[str, str]]:
        return data.names(self.workspace, self.workspace.id, self.reader.id, self.lang)


def put(frame: Frame) -> None:
    st.session_state[KEY] = frame


def current() -> Frame:
    """The frame of this run.

    The first run of a fresh server takes the folder `pages/` for old-style pages and starts the view without
    `app.py`. Then `app.py` is run from here: it declares the navigation, which ends that for the process, and runs
    the view that was asked for.
    """
    frame = st.session_state.get(KEY)
    if not isinstance(frame, Frame):
        runpy.run_path(str(ENTRY), run_name="__main__")
        st.stop()
    return frame
