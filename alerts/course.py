"""How the signal of a rule went in one scope: the figures behind a warning's chart, by the engine's own selects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

import numpy as np
import pandas as pd

from alerts.engine import instants
from alerts.rules import Rule
from alerts.signals import Source, signals
from alerts.state import OPPOSITE, SEVERITIES, Severity

Form = Literal["counts", "drop", "plain"]
WEEK = timedelta(weeks=1)
MOST = 400  # points of a chart
# How much is looked back at by how often a rule is evaluated, at least.
SPANS = ((timedelta(hours=1), timedelta(days=2)), (timedelta(hours=6), timedelta(days=8)),
         (timedelta(days=1), timedelta(days=28)), (timedelta(days=2), timedelta(weeks=5)))  # fmt: skip
COLUMNS = ("seen_at", "value", "limit", "first_limit", "usual", "raw", "n")


@dataclass(frozen=True)
class Course:
    """One row per evaluation in `rows`: seen_at, value (what is drawn), limit (that of the severity), first_limit (that
    of the mildest, where it is another) and usual on the same scale where there are some, raw (a rate whose bound is
    judged), n. `week_ago` is the row a week before the last, if there is one.

    `form`: "counts" draws the count against the smallest unusual one, "drop" a rate against what it was, "plain" the
    value the rule compares.
    """

    rows: pd.DataFrame
    form: Form
    week_ago: Mapping[str, Any] | None


def span(rule: Rule, began: datetime, ended: datetime | None, as_of: datetime) -> tuple[datetime, datetime]:
    """From when to when to draw: what led to it and what came after, at most `MOST` evaluations."""
    until = as_of if ended is None else min(as_of, ended + 12 * rule.every)
    least = next((back for every, back in SPANS if rule.every < every), timedelta(weeks=26))
    first = min(until - least, began - 12 * rule.every)
    return max(first, until - MOST * rule.every), until


def course(
    rule: Rule, source: Source, scope: str, began: datetime, ended: datetime | None, as_of: datetime, severity: Severity
) -> Course:
    """The course of `rule` around a warning of `severity` in `scope`. Runs one select; may raise `TimedOut`."""
    first, until = span(rule, began, ended, as_of)
    times = instants(rule, first, until)
    if not times:
        return Course(pd.DataFrame(columns=list(COLUMNS)), "plain", None)
    before = instants(rule, None, times[-1] - WEEK)
    found = signals()[rule.signal].readings(source, sorted({*before, *times}), rule.parameters)
    # The list of a day is that of a department.
    here = found[found["scope_id"] == (scope.rpartition("/")[0] if rule.is_list else scope)]
    form = _form(here)
    rows = _shaped(rule, here, form, severity)
    if rule.no_data == "normal" or rule.is_list:
        # What such a signal does not list is not the case.
        quiet = pd.DataFrame({"seen_at": [pd.Timestamp(at) for at in {*before, *times}]})
        rows = quiet.merge(rows, on="seen_at", how="left").sort_values("seen_at")
        rows["value"] = rows["value"].fillna(0.0)
        rows[["limit", "first_limit"]] = rows[["limit", "first_limit"]].ffill().bfill()
    ago = rows[rows["seen_at"] == pd.Timestamp(before[0])]
    shown = rows[rows["seen_at"].isin([pd.Timestamp(at) for at in times])].reset_index(drop=True)
    return Course(shown, form, ago.iloc[0].to_dict() if len(ago) else None)


def clears_at(rule: Rule) -> tuple[str, float]:
    """What the value must do for the rule to let go: operator and number, the recovery threshold where there is one."""
    mildest = next(rule.steps[s] for s in SEVERITIES if s in rule.steps)
    return OPPOSITE[rule.op], mildest if rule.recovery is None else rule.recovery


def breaking(rule: Rule, course: Course, first_breach: datetime) -> int | None:
    """The row at which the rule broke: the first evaluation at which its condition held; None when it is not drawn."""
    at = course.rows.index[course.rows["seen_at"] == pd.Timestamp(first_breach)]
    return int(at[0]) if len(at) else None


def threshold(rule: Rule, severity: Severity) -> float:
    """The step of a severity; one that other reasons made worse stands above the rule's own worst."""
    passed = [rule.steps[s] for s in SEVERITIES[: SEVERITIES.index(severity) + 1] if s in rule.steps]
    return passed[-1] if passed else next(iter(rule.steps.values()))


def _form(here: pd.DataFrame) -> Form:
    if {"n_now", "baseline"} <= set(here) and {"limit_count", "bound_count"} & set(here):
        return "counts"
    return "drop" if {"rate", "baseline", "p_value"} <= set(here) else "plain"


def _least_count(here: pd.DataFrame, step: float) -> pd.Series:
    """The smallest count that reaches a step."""
    if "bound_count" in here:  # so many times the smallest unusual one
        return np.ceil(here["bound_count"].astype(float) * step)
    # Unusual, and so many times the usual: the count has to reach both.
    usual = here["judged_by" if "judged_by" in here else "baseline"].astype(float)
    return np.maximum(here["limit_count"].astype(float), np.ceil(usual * step))


def _shaped(rule: Rule, here: pd.DataFrame, form: Form, severity: Severity) -> pd.DataFrame:
    nothing = pd.Series(np.nan, index=here.index, dtype=float)
    step, mildest = threshold(rule, severity), next(rule.steps[s] for s in SEVERITIES if s in rule.steps)
    if form == "counts":
        limit, first = (_least_count(here, s) for s in (step, mildest))
        value, usual, raw = here["n_now"].astype(float), here["baseline"].astype(float), nothing
    elif form == "drop":
        value, usual, raw = here["rate"].astype(float), here["baseline"].astype(float), nothing
        limit, first = usual - step, usual - mildest
    else:
        value, usual = here["value"].astype(float), nothing
        limit, first = (pd.Series(s, index=here.index, dtype=float) for s in (step, mildest))
        # A share is judged by the end of its interval; the share itself stands beside it.
        is_share = "rate" in here and all(0 <= s <= 1 for s in rule.steps.values())
        raw = here["rate"].astype(float) if is_share else nothing
    n = here["n"].astype(float) if "n" in here else nothing
    return pd.DataFrame(
        {
            "seen_at": pd.to_datetime(here["seen_at"]),
            "value": value,
            "limit": limit,
            "first_limit": first.where(first != limit),
            "usual": usual,
            "raw": raw,
            "n": n,
        }
    ).sort_values("seen_at")
