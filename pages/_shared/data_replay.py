"""Cached replays of 推演: as `data.py`, keyed by release, scope and question, never by the time."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages._shared import data
from warehouse import judging, replays
from warehouse.analysis import replay
from warehouse.analysis.replay import Effect, Rule
from warehouse.periods import Period
from warehouse.query import Filters, Reader
from warehouse.viewer import Viewer

MOST = 40_000  # tickets replayed; of more a random sample


@dataclass(frozen=True)
class Question:
    """What is replayed: the rule, the department that gets a duty desk (kind duty), the limits ("": those in force)."""

    rule: Rule
    desk: str = ""
    policy: str = ""


@dataclass(frozen=True)
class Replayed:
    """strict, matured: M03 and M04 before and after. by_type, by_dept: as `replay.by_group` gives them.

    changed: tickets that change class, at most `MOST_CHANGED` and none for who sees no rows; n_changed of all tickets.
    touched: tickets the rule concerns; desk_days: ticket-days on weekends and holidays at the desk; both scaled up from
    a sample.
    """

    strict: Effect
    matured: Effect
    by_type: pd.DataFrame
    by_dept: pd.DataFrame
    changed: pd.DataFrame
    n_changed: float
    touched: float
    desk_days: float


MOST_CHANGED = 200


def replayed(viewer: Viewer, period: Period, where: Filters, question: Question, partners: frozenset[str]) -> Replayed:
    """One replay. A repeated question costs nothing."""
    source = data.reader()
    return _replayed(source, source.id, viewer, period, where, question, partners)


@st.cache_data(show_spinner=False, max_entries=100)
def _replayed(
    _source: Reader,
    release: str,
    viewer: Viewer,
    period: Period,
    where: Filters,
    question: Question,
    partners: frozenset[str],
) -> Replayed:
    whole = Viewer("analyst", "L2", viewer.regions, viewer.departments)
    tickets, n = _tickets(_source, release, whole, period, where, question.desk, partners, question.policy)
    told = _actual(_source, whole, period, where, question.policy)
    rule, scale = question.rule, n / len(tickets) if len(tickets) else 1.0
    strict = replay.effect(tickets, rule, told[0], scale=scale)
    is_due = tickets["is_due"].to_numpy(dtype=bool)
    matured = replay.effect(tickets, rule, told[1], is_due, scale)
    changed = replay.changed(tickets, rule)
    saved = replay.saved_s(tickets, rule, replay.HIGH)
    return Replayed(
        strict,
        matured,
        replay.by_group(tickets, rule, "type_l1"),
        replay.by_group(tickets, rule, "owner_dept"),
        changed.head(MOST_CHANGED if viewer.sees_rows else 0),
        len(changed) * scale,
        float((saved > 0).sum()) * scale,
        float(tickets["n_off_days"].sum()) * scale,
    )


def _actual(
    source: Reader, viewer: Viewer, period: Period, where: Filters, policy: str
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Numerator and denominator of M03 and of M04, as the measures or the judging by another policy give them."""
    if not policy:
        row = source.figures(["M03", "M04"], viewer, [period], (), where, "enough").iloc[0]
        return (int(row["M03_num"]), int(row["M03_den"])), (int(row["M04_num"]), int(row["M04_den"]))
    found = judging.judged(source, viewer, period, where, policies=[policy])
    found = found[found["stage"] == "FBK"]
    on_time, n = int(found["n_on_time"].sum()), int(found["n"].sum())
    return (on_time, n), (on_time, n - int(found[["n_soon_due", "n_running"]].sum().sum()))


def policies() -> list[str]:
    """Policies that can be replayed, by id."""
    source = data.reader()
    return list(_policies(source, source.id))


@st.cache_data(show_spinner=False, max_entries=8)
def _policies(_source: Reader, release: str) -> list[str]:
    return replays.policies_to_replay(_source)


def late_types(viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    """Level-2 types that the first line settles some of already: type_code, n_late, n; those most often late first."""
    source = data.reader()
    return _late_types(source, source.id, viewer, period, where).copy()


@st.cache_data(show_spinner=False, max_entries=50)
def _late_types(_source: Reader, release: str, viewer: Viewer, period: Period, where: Filters) -> pd.DataFrame:
    whole = Viewer("analyst", "L2", viewer.regions, viewer.departments)
    tickets, _ = _tickets(_source, release, whole, period, where, "", frozenset(), "")
    tickets = tickets[tickets["quick_s"].notna()]
    late = ~replay.is_on_time(tickets, replay.saved_s(tickets, Rule("none"), 1.0))
    groups = (
        tickets.assign(n_late=late)
        .groupby("type_code", as_index=False)
        .agg(n_late=("n_late", "sum"), n=("n_late", "size"))
    )
    return groups.sort_values(["n_late", "type_code"], ascending=[False, True], ignore_index=True)


@st.cache_data(show_spinner=False, max_entries=12)
def _tickets(
    _source: Reader,
    release: str,
    viewer: Viewer,
    period: Period,
    where: Filters,
    desk: str,
    partners: frozenset[str],
    policy: str,
) -> tuple[pd.DataFrame, int]:
    tickets, n = replays.to_replay(_source, viewer, period, where, [desk] if desk else [], partners, MOST, policy)
    done = replays.first_line(_source, viewer, period.cutoff, MOST)
    return tickets.assign(quick_s=replay.drawn_quick_s(tickets, done)), n
