"""The past replayed with one rule changed: which tickets would have been told their result in time (hand-over replay).

Does not belong here: which tickets, and how long they lay where (mart_replay_ticket, mart_stay).

Pure functions on a frame of tickets, one row each:
took_s (acceptance to the result told, NaN while open), allowed_s (acceptance to the deadline, inclusive), is_due,
what a rule may take away (approval_s, off_s, partner_s, seconds), is_first_line, quick_s (how long the first line would
take, seconds), type_l1, type_code, draw_key (hexadecimal digits: draws that come out the same every time).
Open tickets stay as they are.

How much of what it may take away a rule really takes is the one uncertain assumption: a share between LOW and HIGH,
both ends and the middle are replayed. The interval of the effect is the bootstrap over tickets at both ends together.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Kind = Literal["none", "approval", "duty", "partner", "firstline"]
LOW, HIGH = 0.6, 1.0
MIDDLE = (LOW + HIGH) / 2
PARTNER_CUT = 0.5
LEAST_FIRST_LINE = 30
DRAWS, SEED = 2000, 20240101
Seconds = NDArray[np.int64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True)
class Rule:
    """One change. `types`: level-2 types the first line may settle (kind firstline)."""

    kind: Kind
    types: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Effect:
    """What a change does to a rate, 0–1: before, after at the middle assumption, and the interval of after.

    `n` tickets are the base of the rate, `n_replayed` of them were replayed (a sample where there are too many).
    """

    before: float
    after: float
    low: float
    high: float
    n: int
    n_replayed: int


def saved_s(tickets: pd.DataFrame, rule: Rule, share: float) -> Seconds:
    """Seconds each ticket would have been told its result earlier, when the rule takes `share` of what it may."""
    if rule.kind == "none":
        return np.zeros(len(tickets), dtype=np.int64)
    if rule.kind == "firstline":
        return _settled_at_once(tickets, rule.types, share)
    column = {"approval": "approval_s", "duty": "off_s", "partner": "partner_s"}[rule.kind]
    most = tickets[column].to_numpy(dtype=float) * (PARTNER_CUT if rule.kind == "partner" else 1.0)
    took = tickets["took_s"].to_numpy(dtype=float)
    return np.floor(np.fmin(most * share, np.where(np.isnan(took), 0.0, took))).astype(np.int64)


def drawn_quick_s(tickets: pd.DataFrame, done: pd.DataFrame) -> NDArray[np.float64]:
    """Seconds the first line would take for each ticket, drawn from `done[type_l1, took_s]`, what it settled itself.

    A level-1 type with fewer than LEAST_FIRST_LINE of them has no model: NaN. The draw is the ticket's own digits.
    """
    quick = np.full(len(tickets), np.nan)
    share = _digits(tickets, 0)
    kinds = tickets["type_l1"].astype(str).to_numpy()
    for kind, part in done.dropna(subset=["took_s"]).groupby("type_l1"):
        if len(part) < LEAST_FIRST_LINE:
            continue
        model = np.sort(part["took_s"].to_numpy(dtype=float))
        rows = np.flatnonzero(kinds == str(kind))
        quick[rows] = model[(share[rows] * len(model)).astype(int)]
    return quick


def _settled_at_once(tickets: pd.DataFrame, types: frozenset[str], share: float) -> Seconds:
    """Of the tickets of the types, `share` take as long as drawn for the first line, never longer than they took."""
    took, quick = (tickets[c].to_numpy(dtype=float) for c in ("took_s", "quick_s"))
    chosen = tickets["type_code"].isin(types).to_numpy() & ~tickets["is_first_line"].to_numpy(dtype=bool)
    chosen &= _digits(tickets, 4) < share
    saved = np.where(chosen, np.fmax(took - quick, 0.0), 0.0)
    return np.nan_to_num(saved).astype(np.int64)


def _digits(tickets: pd.DataFrame, first: int) -> NDArray[np.float64]:
    """Four hexadecimal digits of the draw key as a share, 0 up to 1."""
    return np.array([int(str(key)[first : first + 4], 16) for key in tickets["draw_key"]], dtype=float) / 65536


def is_on_time(tickets: pd.DataFrame, saved: Seconds) -> Bools:
    """Told within the limit, to the second; reached exactly is on time; open tickets are not."""
    took = tickets["took_s"].to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        return np.asarray(took - saved <= tickets["allowed_s"].to_numpy(dtype=float))


def effect(
    tickets: pd.DataFrame, rule: Rule, before: tuple[int, int], base: Bools | None = None, scale: float = 1.0
) -> Effect:
    """The change of a rate whose numerator and denominator are `before`, over the tickets of `base` (all).

    Each replayed ticket stands for `scale` of them; tickets without a log are in the rate and never change.
    The replayed tickets give the difference, which is laid on the actual rate: so "no change" lands on it exactly,
    also when only a sample was replayed. NaN where there is nothing to replay.
    """
    part = tickets if base is None else tickets[base]
    n, rate = before[1], before[0] / before[1] if before[1] else float("nan")
    if part.empty or not n:
        return Effect(rate, rate, float("nan"), float("nan"), n, len(part))
    actual = is_on_time(part, saved_s(part, Rule("none"), 1.0))
    changes = [_change(actual, is_on_time(part, saved_s(part, rule, s))) for s in (LOW, MIDDLE, HIGH)]
    (low, _), (_, high) = _interval(changes[0]), _interval(changes[2])
    if rule.kind == "none":
        return Effect(rate, rate, rate, rate, n, len(part))
    covered = min(1.0, len(part) * scale / n)
    point = (changes[1][0] - changes[1][1]) / changes[1][2]
    after, lowest, highest = (_rate(rate + covered * change) for change in (point, low, high))
    return Effect(rate, after, lowest, highest, n, len(part))


def _change(actual: Bools, replayed: Bools) -> tuple[int, int, int]:
    """Tickets that become on time, that cease to be, and all."""
    return int((~actual & replayed).sum()), int((actual & ~replayed).sum()), len(actual)


def _interval(change: tuple[int, int, int]) -> tuple[float, float]:
    """95 % bootstrap interval of a net change. Resampling tickets is drawing their three classes anew."""
    gained, lost, n = change
    odds = np.array([gained, lost, n - gained - lost]) / n
    drawn = np.random.default_rng(SEED).multinomial(n, odds, size=DRAWS)
    low, high = np.quantile((drawn[:, 0] - drawn[:, 1]) / n, [0.025, 0.975])
    return float(low), float(high)


def _rate(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def by_group(tickets: pd.DataFrame, rule: Rule, group: str) -> pd.DataFrame:
    """Before and after per group: `group`, n, before, after, low, high (rates), n_changed; the largest gain first."""
    actual = is_on_time(tickets, saved_s(tickets, Rule("none"), 1.0))
    ends = {s: is_on_time(tickets, saved_s(tickets, rule, s)) for s in (LOW, MIDDLE, HIGH)}
    rows = []
    for key, places in tickets.groupby(group, observed=True).indices.items():
        n, before = len(places), float(actual[places].mean())
        change = {s: _change(actual[places], ends[s][places]) for s in ends}
        point = (change[MIDDLE][0] - change[MIDDLE][1]) / n
        low, high = before + _interval(change[LOW])[0], before + _interval(change[HIGH])[1]
        rows.append([key, n, before, before + point, _rate(low), _rate(high), sum(change[MIDDLE][:2])])
    columns = [group, "n", "before", "after", "low", "high", "n_changed"]
    table = pd.DataFrame(rows, columns=columns)
    order = (table["after"] - table["before"]).sort_values(ascending=False, kind="stable").index
    return table.loc[order].reset_index(drop=True)


def changed(tickets: pd.DataFrame, rule: Rule) -> pd.DataFrame:
    """The tickets that change class at the middle assumption, with saved_s; those saved most first."""
    saved = saved_s(tickets, rule, MIDDLE)
    actual = is_on_time(tickets, np.zeros(len(tickets), dtype=np.int64))
    found = tickets.assign(saved_s=saved)[actual != is_on_time(tickets, saved)]
    return found.sort_values(["saved_s", "ticket_id"], ascending=[False, True], ignore_index=True)
