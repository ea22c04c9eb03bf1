"""The only caching of the pages, and the only door from pages to the warehouse.

Keys are the release, the viewer's scope and the question; never the time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from etl.contract import read_contracts
from pages._shared import rests
from warehouse.analysis.peaks import peak_factors
from warehouse.derived import Derived, derived
from warehouse.figures import add_values
from warehouse.home import Home
from warehouse.measures import measures
from warehouse.periods import Period
from warehouse.problems import Problems
from warehouse.query import SMALL_CELL, Filters, People, Reader, Waiting
from warehouse.release import Releases
from warehouse.viewer import Viewer
from warehouse.workspace import Workspace, load_workspace

CACHED_ANSWERS = 2000


class NoRelease(Exception):
    """There is nothing to show yet."""


def home() -> Home:
    return Home.from_environment()


@st.cache_resource(show_spinner=False, max_entries=8)
def _workspace(path: str, changed_ns: int) -> Workspace:
    return load_workspace(Path(path))


def workspace() -> Workspace:
    """The workspace of this home, read again when its file changes."""
    file = home().workspace_file
    changed = file.stat().st_mtime_ns if file.exists() else 0
    return _workspace(str(file), changed)


def _followed(release: Reader) -> None:
    """A newer release has come. Every answer is kept under its release, so of this one nobody asks any more but runs
    that began with it; two thousand answers of each release before would stay for hours otherwise."""
    rests.retire(release)
    if release.folder == home().releases:
        st.cache_data.clear()


# An open release takes some 60 MiB.
@st.cache_resource(show_spinner=False, max_entries=1, on_release=_followed)
def _reader(path: str) -> Reader:
    return Reader(Path(path))


def reader() -> Reader:
    """The current release. A new release has a new name, so nobody's running query is disturbed."""
    releases = Releases(home().releases)
    current = releases.current()
    if current is None:
        raise NoRelease
    return _reader(str(releases.path(current)))


# What a question is keyed by, as text: walking through each field of these took a sixth of a warm view.
KEYS: dict[str | type, Callable[[Any], str]] = {Viewer: attrgetter("key"), Period: repr, Filters: repr}


def figures(
    ids: Sequence[str],
    viewer: Viewer,
    periods: Sequence[Period],
    by: Sequence[str] = (),
    where: Filters | None = None,
    people: People = "enough",
) -> pd.DataFrame:
    """Values with n and intervals, as `figures.add_values` gives them; one row per period and group.

    `people` "all" adds `n_customers`, which costs more than all else of a question about millions of tickets.
    """
    source = reader()
    return _figures(source, source.id, viewer, tuple(ids), tuple(periods), tuple(by), where or Filters(), people).copy()


@st.cache_data(show_spinner=False, max_entries=CACHED_ANSWERS, hash_funcs=KEYS)
def _figures(
    _source: Reader,
    release: str,
    viewer: Viewer,
    ids: tuple[str, ...],
    periods: tuple[Period, ...],
    by: tuple[str, ...],
    where: Filters,
    people: People,
) -> pd.DataFrame:
    return add_values(_source.figures(ids, viewer, periods, by, where, people), ids)


def peaks(viewer: Viewer, period: Period, first: date, last: date, where: Filters, least: int) -> pd.DataFrame:
    """Peak factor per level-2 type over whole months, as `peak_factors` gives it; types of under `least` left out."""
    source = reader()
    return _peaks(source, source.id, viewer, period, first, last, where, least).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _peaks(
    _source: Reader,
    release: str,
    viewer: Viewer,
    period: Period,
    first: date,
    last: date,
    where: Filters,
    least: int,
) -> pd.DataFrame:
    daily = _source.figures(["M01"], whole(viewer), [period], ["accepted_on", "type_code"], where, "none")
    daily["n"] = daily["M01_num"].fillna(0)
    factors = peak_factors(daily, ["type_code"], "accepted_on", "n", first, last)
    return factors[(factors["n_peak"] + factors["n_rest"]) >= least]


def daily(viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    """Complaints per day: day, n, n_customers (n for who may see single tickets; five where no day has fewer).

    For sums over many days; an L1 viewer may not see single days of it.
    """
    source = reader()
    return _daily(source, source.id, viewer, period, where).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _daily(_source: Reader, release: str, viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    by = ["accepted_on"]
    # In a large city no day has few customers, and then they need not be told apart, which is most of the work.
    has_few = viewer.level == "L1" and _source.figures(["M01"], viewer, [period], by, where, "enough")["is_small"].any()
    found = _source.figures(["M01"], whole(viewer), [period], by, where, "all" if has_few else "none")
    if not has_few:
        found["n_customers"] = found["M01_num"] if viewer.level != "L1" else SMALL_CELL
    return pd.DataFrame(
        {
            "day": pd.to_datetime(found["accepted_on"]).dt.date,
            "n": found["M01_num"].fillna(0).astype(int),
            "n_customers": found["n_customers"].fillna(0).astype(int),
        }
    )


def whole(viewer: Viewer) -> Viewer:
    """The same scope without small-cell suppression, for analyses whose results are large groups only."""
    return Viewer("analyst", "L2", viewer.regions, viewer.departments)


def table(name: str, viewer: Viewer, where: Filters | None = None) -> pd.DataFrame:
    """A small published table, scoped."""
    source = reader()
    return _table(source, source.id, viewer, name, where or Filters()).copy()


@st.cache_data(show_spinner=False, max_entries=CACHED_ANSWERS, hash_funcs=KEYS)
def _table(_source: Reader, release: str, viewer: Viewer, name: str, where: Filters) -> pd.DataFrame:
    return _source.table(name, viewer, where)


def rows(
    viewer: Viewer, period: Period, where: Filters, page: int, size: int, order: str, waiting: Waiting | None
) -> tuple[pd.DataFrame, int]:
    """One page of tickets behind a figure, newest first by `order`."""
    source = reader()
    return _rows(source, source.id, viewer, period, where, page, size, order, waiting)


@st.cache_data(show_spinner=False, max_entries=200)
def _rows(
    _source: Reader,
    release: str,
    viewer: Viewer,
    period: Period,
    where: Filters,
    page: int,
    size: int,
    order: str,
    waiting: Waiting | None,
) -> tuple[pd.DataFrame, int]:
    return _source.rows(viewer, period, where, page, size, order, waiting=waiting)


def supported(ids: Sequence[str]) -> list[str]:
    """Measures of a list that this source can show."""
    source = reader()
    return [i for i in ids if not source.missing_for(i)]


@st.cache_data(show_spinner=False, max_entries=8)
def names(_source: Workspace, workspace_id: str, release: str, lang: str) -> dict[str, dict[str, str]]:
    """Code -> name per dimension, in a language: type_l1, type_code, channel_code, region_code, owner_dept."""
    source = reader()
    everyone = Viewer.of("analyst")
    found: dict[str, dict[str, str]] = {}
    types = source.table("dim_type", everyone)
    found["type_l1"] = dict(zip(types["type_l1"], types[f"l1_{lang}"], strict=True))
    found["type_code"] = dict(zip(types["type_code"], types[f"l2_{lang}"], strict=True))
    for dimension, name, key in (
        ("channel_code", "dim_channel", "channel_code"),
        ("region_code", "dim_region", "region_code"),
        ("owner_dept", "dim_dept", "dept_code"),
    ):
        frame = source.table(name, everyone)
        found[dimension] = dict(zip(frame[key], frame[lang], strict=True))
    # A release made before there were causes has none.
    causes = source.table("dim_cause", everyone) if "dim_cause" in source.levels else pd.DataFrame()
    for level in ("l1", "l2") if len(causes) else ():
        named = causes.dropna(subset=[f"{level}_{lang}"])
        found[f"cause_{level}"] = dict(zip(named[f"{level}_zh"], named[f"{level}_{lang}"], strict=True))
    return found


def source_labels(space: Workspace, lang: str) -> dict[str, str]:
    """Contract name -> what people call the source; a contract that cannot be read keeps its name."""
    try:
        contracts = read_contracts(space.settings.sources, home().contracts)
    except Problems:
        return {}
    return {c.name: c.label.zh if lang == "zh" else c.label.en for c in contracts}


def holidays(viewer: Viewer) -> dict[Any, str]:
    """Day -> "holiday" or "makeup", for comparisons."""
    source = reader()
    return _holidays(source, source.id, viewer)


@st.cache_data(show_spinner=False, max_entries=20, hash_funcs=KEYS)
def _holidays(_source: Reader, release: str, viewer: Viewer) -> dict[Any, str]:
    days = _source.table("dim_date", viewer)
    kinds = {}
    for row in days[days["is_holiday"] | days["is_makeup_workday"]].itertuples():
        kinds[row.date_on.date()] = "holiday" if row.is_holiday else "makeup"
    return kinds


def measure_help(measure: str, lang: str) -> str:
    """The 口径 of a figure in two lines: formula and caveat."""
    entry = measures().get(measure) or derived()[measure]
    caveat = entry.caveat.zh if lang == "zh" else entry.caveat.en
    if isinstance(entry, Derived):
        return f"{measure} v{entry.version}: {entry.formula(lang)}\n\n{caveat}"
    return f"{measure} v{entry.version}: `{entry.formula()}`\n\n{caveat}"
