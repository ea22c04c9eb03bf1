"""More rules a second time, plain and slow: what lies with a department at one moment, ticket by ticket, and a fall.

As in plain.py nothing of the engine is used. Frames are those of a release: mart_ticket_held (who had a ticket when),
fact_file, mart_ticket.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from math import sqrt

import pandas as pd
from scipy import stats

from tests.alerts.plain import DAY, WEEK, States

FOR_EVER = pd.Timestamp("2200-01-01")
Told = dict[str, tuple[int, float]]  # what it is about -> how many, and the worst value


def lying(held: pd.DataFrame, at: datetime) -> pd.DataFrame:
    """The tickets that some department has at a moment."""
    return held[(held["held_from"] <= at) & (held["held_to"].fillna(FOR_EVER) > at)]


def by_clock(held: pd.DataFrame, at: datetime, is_past: bool, is_urgent: bool = False) -> Told:
    """RS01: 80 % or more of the limit to the first reply or to the result is used, not all of it. RS02: it is past.
    Urgent tickets (P1) stand for themselves."""
    found: dict[str, dict[str, float]] = {}
    for t in lying(held, at).itertuples():
        if (t.priority == "P1") != is_urgent:
            continue
        clocks = [(t.due_at, t.limit_min)]
        if pd.isna(t.first_reply_at) or t.first_reply_at > at:
            clocks.append((t.reply_due_at, t.reply_limit_min))
        for due_at, limit in clocks:
            if pd.isna(due_at):
                continue
            used = (at - t.accepted_at).total_seconds() / 60 / limit
            if (at > due_at) if is_past else (at <= due_at and used >= 0.8):
                scope = found.setdefault(t.ticket_id if is_urgent else t.dept, {})
                scope[t.ticket_id] = max(used, scope.get(t.ticket_id, 0.0))
    return {scope: (len(tickets), max(tickets.values())) for scope, tickets in found.items()}


def unanswered(held: pd.DataFrame, at: datetime) -> Told:
    """RS13: open for twelve days or more."""
    found: Told = {}
    for t in lying(held, at).itertuples():
        days = (at - t.accepted_at) / DAY
        if days >= 12:
            found[t.ticket_id] = (1, max(days, found.get(t.ticket_id, (1, 0.0))[1]))
    return found


def promised(held: pd.DataFrame, paid: dict[str, datetime], at: datetime) -> Told:
    """RS12: promised for the next 24 hours or earlier, not paid, the ticket open: hours past the promise."""
    found: dict[str, list[float]] = {}
    for t in lying(held, at).itertuples():
        is_near = not pd.isna(t.promise_due_at) and at >= t.promise_due_at - DAY
        if is_near and not (t.ticket_id in paid and paid[t.ticket_id] <= at):
            found.setdefault(t.dept, []).append((at - t.promise_due_at) / timedelta(hours=1))
    return {dept: (len(hours), max(hours)) for dept, hours in found.items()}


def late(files: pd.DataFrame, at: datetime) -> Told:
    """RD01: periods since the newest data of a source that comes regularly; a file is known from where it begins."""
    found: Told = {}
    for f in files[files["first_period"] <= at].itertuples():
        periods = (at - min(f.last_period, at)) / timedelta(hours=f.cadence_hours)
        found[f.contract] = (1, min(periods, found.get(f.contract, (1, periods))[1]))
    return found


def fallen(tickets: pd.DataFrame, times: list[datetime]) -> States:
    """RT02: of seven days' 30 answers or more, satisfied 10 points or more below the four weeks before, p < 0.01 by the
    two-proportion test; over at 5 points or less. Too few say nothing: what was bad stays so."""
    found: States = {}
    answers = tickets[tickets["answer_code"].isin([2, 3]) & (tickets["owner_dept"] != "UNKNOWN")]
    for before, at in zip([None, *times], times, strict=False):
        months = answers[(answers["surveyed_at"] >= at - 5 * WEEK) & (answers["surveyed_at"] < at)]
        for dept, some in months.groupby("owner_dept"):
            is_new = some["surveyed_at"] >= at - WEEK
            n, n_0 = int(is_new.sum()), int((~is_new).sum())
            good, good_0 = ((some["answer_code"] == 2) & w for w in (is_new, ~is_new))
            was = before is not None and (str(dept), before) in found
            if not n or not n_0 or n < 30:
                bad = was
            else:
                all_of = (good.sum() + good_0.sum()) / (n + n_0)
                fall = good_0.sum() / n_0 - good.sum() / n
                spread = sqrt(all_of * (1 - all_of) * (1 / n + 1 / n_0))
                is_chance = spread == 0 or stats.norm.sf(fall / spread) >= 0.01
                bad = not is_chance and fall > 0.05 if was else not is_chance and fall >= 0.1
            if bad:
                found[str(dept), at] = "orange"
    return found
