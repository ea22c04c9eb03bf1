"""What the satisfaction view asks for: tests, ranks, drivers and weights over figures. Cached as `data.py` does it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse.analysis.dips import Dip, dip, dips
from warehouse.analysis.drivers import drivers
from warehouse.analysis.intervals import holm, two_proportion_p
from warehouse.analysis.ranking import MIN_CASES, ranking
from warehouse.analysis.reweight import Reweighted, reweighted
from warehouse.periods import Comparison, Period
from warehouse.query import SMALL_CELL, Filters, Reader
from warehouse.viewer import Viewer

FLAGS = ("is_late", "is_unsolved", "is_reopened", "is_silent", "is_passed_on")
WEEKS_BEFORE = 4
DRIVER_DAYS = 91
SEED = 20240101  # of simulated ranks: the same figures give the same chances


def before(comparison: Comparison) -> list[Period]:
    """What a period is tested against: the four weeks before (rule RT02), or, of a longer one, the period before.

    The four are as old at their cut-off as the period is now: answers that come late are often the bad ones.
    """
    now = comparison.now
    if now.days > 7:
        return [comparison.before]
    return [now.moved(-7 * back, f"before{back}") for back in range(1, WEEKS_BEFORE + 1)]


def window(now: Period) -> Period:
    """At least the thirteen weeks that end with a period: what drivers are fitted on."""
    days = max(now.days, DRIVER_DAYS)
    return Period("now", now.moved(now.days - days, "now").first, now.end, now.cutoff)


def _compared(comparison: Comparison) -> list[Period]:
    return [comparison.now, *before(comparison)]


def _now(asked: pd.DataFrame) -> pd.DataFrame:
    return asked[asked["period"] == "now"]


def whole_dip(viewer: Viewer, comparison: Comparison, where: Filters) -> Dip:
    """The satisfaction rate of the period against what was before it."""
    asked = data.figures(["M09"], viewer, _compared(comparison), (), where)
    is_now = asked["period"] == "now"
    counts = [int(asked.loc[m, f"M09_{part}"].fillna(0).sum()) for m in (is_now, ~is_now) for part in ("num", "den")]
    return dip(*counts)


def unit_dips(
    viewer: Viewer, comparison: Comparison, dimension: str, where: Filters, whole: Dip | None = None
) -> pd.DataFrame:
    """The same per unit of a dimension, as `dips` gives it; `whole` is that of all where it is known already.

    Units that the viewer must not see are left out.
    """
    asked = data.figures(["M09"], viewer, _compared(comparison), [dimension], where)
    asked = seen(asked.dropna(subset=[dimension]), viewer)
    answers = asked[["M09_num", "M09_den"]].fillna(0).astype(int)
    now: dict[Any, list[int]] = {}
    then: dict[Any, list[int]] = {}
    for key, period, k, n in zip(
        asked[dimension], asked["period"], answers["M09_num"], answers["M09_den"], strict=True
    ):
        counts = (now if period == "now" else then).setdefault(key, [0, 0])
        counts[0] += k
        counts[1] += n
    rows = [(key, *counts, *then.get(key, [0, 0])) for key, counts in now.items() if counts[1] > 0]
    units = pd.DataFrame(rows, columns=["key", "k", "n", "k_before", "n_before"])
    return dips(units, whole or whole_dip(viewer, comparison, where))


def units(viewer: Viewer, comparison: Comparison, dimension: str, where: Filters) -> pd.DataFrame:
    """Units of a dimension as `ranking` gives them, with what `rates` tells of each. Cached with the simulation."""
    source = data.reader()
    return _units(source, source.id, viewer, comparison, dimension, where).copy()


@st.cache_data(show_spinner=False, max_entries=200)
def _units(
    _source: Reader, release: str, viewer: Viewer, comparison: Comparison, dimension: str, where: Filters
) -> pd.DataFrame:
    return ranking(rates(viewer, comparison, dimension, where).drop(columns="rate"), seed=SEED)


def rates(viewer: Viewer, comparison: Comparison, dimension: str, where: Filters) -> pd.DataFrame:
    """Units of a dimension now: key, k of n answers, rate, p_rest, the p-value of the two-proportion test against all
    others together, p_told, the same for as many questions as there are units to rank, and rest, their rate.

    From the answers that `unit_dips` has asked for, so that it costs no question more.
    """
    asked = groups(viewer, comparison, dimension, where).dropna(subset=[dimension])
    whole = _now(data.figures(["M09"], viewer, _compared(comparison), (), where))
    total = whole[["M09_num", "M09_den"]].fillna(0).sum()
    shown = seen(asked, viewer)
    table = pd.DataFrame(
        {
            "key": shown[dimension].astype(str),
            "k": shown["M09_num"].fillna(0).astype(int),
            "n": shown["M09_den"].fillna(0).astype(int),
        }
    )
    table = table[table["n"] > 0].reset_index(drop=True)
    table["rate"] = table["k"] / table["n"]
    rest_k, rest_n = float(total["M09_num"]) - table["k"], float(total["M09_den"]) - table["n"]
    table["p_rest"] = two_proportion_p(table["k"].to_numpy(), table["n"].to_numpy(), rest_k, rest_n)
    table["p_told"] = holm(table["p_rest"].where(table["n"] >= MIN_CASES))
    table["rest"] = rest_k / rest_n.where(rest_n > 0)
    return table


def groups(viewer: Viewer, comparison: Comparison, dimension: str, where: Filters) -> pd.DataFrame:
    """Answers per unit now, those that must not be shown among them, from what `unit_dips` has asked for."""
    return _now(data.figures(["M09"], viewer, _compared(comparison), [dimension], where))


def seen(asked: pd.DataFrame, viewer: Viewer) -> pd.DataFrame:
    """Groups whose answers may be shown: for an L1 viewer neither few customers nor few answers."""
    gone = asked["is_small"].astype(bool)
    if viewer.level == "L1":
        gone = gone | asked["M09_den"].fillna(0).between(1, SMALL_CELL - 1)
    return asked[~gone]


def effects(viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    """What goes along with dissatisfaction, as `drivers` gives it, at equal type. Shows no group of a few."""
    source = data.reader()
    return _effects(source, source.id, viewer, period, where).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _effects(_source: Reader, release: str, viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    asked = _source.figures(["M09_BY"], everyone_of(viewer), [period], [*FLAGS, "type_l1"], where, people="none")
    patterns = asked.rename(columns={"M09_BY_num": "k", "M09_BY_den": "n"}).fillna({"k": 0, "n": 0})
    return drivers(patterns, FLAGS, ["type_l1"])


def answered(viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    """Finished, asked and answered tickets per type, channel and lateness: type_l1, channel_code, is_late, closed,
    asked, n, k. For sums over many of them only."""
    source = data.reader()
    return _answered(source, source.id, viewer, period, where).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _answered(_source: Reader, release: str, viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    dims = ["type_l1", "channel_code", "is_late"]
    asked = _source.figures(["M09_BY", "M10_SENT"], everyone_of(viewer), [period], dims, where, people="none")
    names = {"M10_SENT_den": "closed", "M10_SENT_num": "asked", "M09_BY_den": "n", "M09_BY_num": "k"}
    return asked.rename(columns=names)[[*dims, *names.values()]].fillna({c: 0 for c in names.values()})


def as_if_all_had(table: pd.DataFrame) -> Reweighted:
    """The satisfaction rate if every finished ticket had answered like those of its type, channel and lateness."""
    strata = table.assign(whole=table["closed"])
    return reweighted(strata, "type_l1")


def everyone_of(viewer: Viewer) -> Viewer:
    """The same scope without small-cell suppression, for analyses whose results are large groups only."""
    return Viewer("analyst", "L2", viewer.regions, viewer.departments)


def counts(
    viewer: Viewer, measure: str, by: Sequence[str], period: Period, where: Filters | None = None
) -> pd.DataFrame:
    """Numerators and denominators per group in the whole scope; the caller shows sums of five customers or more."""
    source = data.reader()
    return _counts(source, source.id, viewer, measure, tuple(by), period, where or Filters()).copy()


@st.cache_data(show_spinner=False, max_entries=100)
def _counts(
    _source: Reader, release: str, viewer: Viewer, measure: str, by: tuple[str, ...], period: Period, where: Filters
) -> pd.DataFrame:
    found: Any = _source.figures([measure], everyone_of(viewer), [period], by, where, people="none")
    return found
