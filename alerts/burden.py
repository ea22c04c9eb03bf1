"""What warnings cost people, and how often they are right: pure functions over rows of the store.

What a flood and chatter are is in load.py. Stale is what was open through three weekly meetings without an action;
priorities should be near 80/15/5 (EEMUA 191).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from alerts.engine import ORIGIN
from alerts.handling import was_right
from alerts.load import chattering, flood_weeks
from alerts.rules import BEFORE, Rule
from warehouse.analysis.intervals import wilson

WEEK = timedelta(weeks=1)
STALE = timedelta(weeks=3)
NOISIEST = 10
WANTED = {"low": 0.80, "high": 0.15, "critical": 0.05}
TIERS: Mapping[str, tuple[str, ...]] = {"low": ("blue", "yellow"), "high": ("orange",), "critical": ("red",)}
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Load:
    """The load of the warnings that began between two instants, whole weeks back from `until`.

    `per_week` are the counts of the weeks, the oldest first; `floods` the starts of flood weeks; `chatter` and `stale`
    ids of warnings; `noisiest` rule and count, the most first; `tiers` the share of each tier (empty without warnings).
    """

    until: datetime
    n: int
    per_week: dict[datetime, int]
    floods: list[datetime]
    chatter: list[str]
    stale: list[str]
    noisiest: list[tuple[str, int]]
    tiers: dict[str, float]

    @property
    def mean_per_week(self) -> float:
        return self.n / len(self.per_week) if self.per_week else 0.0

    @property
    def noisiest_share(self) -> float:
        return sum(k for _, k in self.noisiest) / self.n if self.n else 0.0


@dataclass(frozen=True)
class Precision:
    """Of the warnings of a rule that people decided on, how many were no false alarm, with the 95 % Wilson interval."""

    rule_id: str
    n_raised: int
    n_decided: int
    n_right: int
    value: float
    low: float
    high: float


def load(rows: Sequence[Row], rules: Mapping[str, Rule], until: datetime, weeks: int) -> Load:
    """`rows` of listing.since: rule_id, scope_id, severity, condition, handling, fired_at, cleared_at."""
    begin = until - weeks * WEEK
    mine = [r for r in rows if begin <= r["fired_at"] <= until]
    per_week = {begin + k * WEEK: 0 for k in range(weeks)}
    for row in mine:
        per_week[begin + min(int((row["fired_at"] - begin) // WEEK), weeks - 1) * WEEK] += 1
    by_rule = Counter(str(r["rule_id"]) for r in mine)
    ranked = sorted(by_rule.items(), key=lambda item: (-item[1], item[0]))[:NOISIEST]
    worst = Counter(str(r["severity"]) for r in mine)
    tiers = {tier: sum(worst[s] for s in severities) / len(mine) for tier, severities in TIERS.items()} if mine else {}
    return Load(until, len(mine), per_week, floods(per_week), chatter(mine, rules), stale(rows, until), ranked, tiers)


def floods(per_week: Mapping[datetime, int]) -> list[datetime]:
    """The starts of flood weeks."""
    is_flood = flood_weeks(list(per_week.values()))
    return [week for week, flooded in zip(per_week, is_flood, strict=True) if flooded]


def chatter(rows: Iterable[Row], rules: Mapping[str, Rule]) -> list[str]:
    """Warnings in whose rule and scope something began or cleared three times within four evaluations.

    Lists of a day are one a day by design and never chatter; of an earlier register nobody knows when it cleared.
    """
    changes: dict[str, list[int]] = {}
    numbers: dict[str, list[str]] = {}
    for row in rows:
        rule = rules.get(str(row["rule_id"]))
        if rule is None or rule.is_list or row["rule_version"] == BEFORE:
            continue
        key = f"{row['rule_id']}|{row['scope_id']}"
        numbers.setdefault(key, []).append(str(row["warning_id"]))
        for at in (row["fired_at"], row["cleared_at"]):
            if at is not None:
                changes.setdefault(key, []).append((at - ORIGIN) // rule.every)
    noisy = chattering({key: sorted(at) for key, at in changes.items()})
    return [number for key in noisy for number in numbers[key]]


def stale(rows: Iterable[Row], until: datetime) -> list[str]:
    """Open through three weekly meetings without anybody doing more than seeing it."""
    return [
        str(r["warning_id"])
        for r in rows
        if r["handling"] in ("new", "acknowledged") and r["condition"] != "cleared" and r["fired_at"] <= until - STALE
    ]


def precision(rows: Sequence[Row]) -> list[Precision]:
    """Per rule, the worst known first; rules nobody decided on stand last with no figure."""
    found = []
    for rule_id in sorted({str(r["rule_id"]) for r in rows}):
        mine = [r for r in rows if r["rule_id"] == rule_id]
        said = [is_right for r in mine if (is_right := was_right(r["decision"], r["false_reason"])) is not None]
        n, right = len(said), sum(said)
        low, high = (float(x) for x in wilson(right, n)) if n else (math.nan, math.nan)
        found.append(Precision(rule_id, len(mine), n, right, right / n if n else math.nan, low, high))
    return sorted(found, key=lambda p: (p.n_decided == 0, p.value if p.n_decided else 0.0, p.rule_id))


def on_time(rows: Iterable[Row], limits: Mapping[str, timedelta]) -> tuple[int, int]:
    """Of the warnings with a limit of their own to be acknowledged, how many were in time, and how many there are."""
    judged = [r for r in rows if r["severity"] in limits and r["ack_at"] is not None]
    begun = {r["warning_id"]: max(r["fired_at"], r.get("known_at") or r["fired_at"]) for r in judged}
    return sum(r["ack_at"] - begun[r["warning_id"]] <= limits[r["severity"]] for r in judged), len(judged)
