"""Cases as people wrote them, read again when the file changes; their course comes from the release (`data.table`)."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from pages._shared import data
from warehouse.cases import FILE, CaseFile, read_cases


def case_file() -> CaseFile:
    """The cases of this home. Raises `Problems`."""
    folder = data.home().root
    path = folder / FILE
    return _read(str(folder), path.stat().st_mtime_ns if path.exists() else 0)


@st.cache_resource(show_spinner=False, max_entries=8)
def _read(folder: str, changed_ns: int) -> CaseFile:
    return read_cases(Path(folder))
