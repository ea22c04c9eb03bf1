"""`backtests`: rules over 2,000 scopes × 156 weeks of made-up tickets, and the improved Farrington method over as many.

`python -m bench.backtests` prints the seconds by the clock and of the processor. The release is stood in for by a table
in memory; signal, state machine and figures are the product's own.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from alerts.backtest import changed, over, read
from alerts.detectors.farrington import Setting, judge
from alerts.rules import load_rules

N_SCOPES, N_WEEKS, PER_WEEK, YEARS = 2_000, 156, 10, 5
EACH = 13  # weeks between two lines about how far it is
END = datetime(2025, 3, 31)
BEGIN = END - timedelta(weeks=N_WEEKS)
CHANGES = ["what", "code", "title", "kind", "system", "started_at", "region_code"]


class Made:
    """A source with tickets of many departments, all on time but one in ten, and satisfied but one in ten."""

    def __init__(self) -> None:
        rng = np.random.default_rng(1)
        n = N_SCOPES * (N_WEEKS + 6) * PER_WEEK
        begin = np.datetime64(BEGIN - timedelta(weeks=6), "us")
        accepted = begin + (rng.random(n) * (N_WEEKS + 6) * 7 * 86_400e6).astype("m8[us]")
        rows = pa.table(
            {
                "owner_dept": pa.array([f"D{d}" for d in range(N_SCOPES)]).take(pa.array(rng.integers(0, N_SCOPES, n))),
                "accepted_at": accepted,
                "due_at": accepted + np.timedelta64(48, "h"),
                "feedback_at": accepted + (rng.exponential(20 * 3600e6, n)).astype("m8[us]"),
                "surveyed_at": accepted + np.timedelta64(60, "h"),
                "answer_code": np.where(rng.random(n) < 0.9, 2, 3),
            }
        )
        self.con = duckdb.connect()
        self.con.execute("set threads = 2")
        self.con.from_arrow(rows).create("mart_ticket")

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        if "instants" not in parameters:  # of changes it has none
            return pd.DataFrame(columns=CHANGES)
        return self.con.execute(sql, dict(parameters)).df()


def main() -> None:
    source, rules = Made(), load_rules()
    for name, what, settings in (
        ("RS10", "a proportion against its target", {"min_n": 5}),
        ("RT02", "a proportion against the weeks before", {"min_n": 5, "every": "1w"}),
    ):
        rule = changed(rules[name], settings)
        wall, cpu = time.perf_counter(), time.process_time()
        history = read(rule, source, BEGIN, END)
        found = over(rule, history)
        told(f"{name}, {what}: {len(history.found):,} readings, {len(found.episodes):,} warnings", wall, cpu)
        wall, cpu = time.perf_counter(), time.process_time()
        first = next(iter(rule.steps))
        over(changed(rule, {first: rule.steps[first] * 0.98}), history)
        told(f"{name} again with another threshold", wall, cpu)
    counts = np.random.default_rng(2).poisson(6, (N_SCOPES, YEARS * 52 + 30 + N_WEEKS))
    wall, cpu = time.perf_counter(), time.process_time()
    alarms = 0
    for done, week in enumerate(range(counts.shape[1] - N_WEEKS, counts.shape[1])):
        if done % EACH == 0:
            told(f"Farrington improved, {done} of {N_WEEKS} weeks", wall, cpu)
        alarms += int(judge(counts, week, Setting(years=YEARS)).alarm.sum())
    told(f"Farrington improved, {YEARS} years back: {alarms:,} alarms", wall, cpu)


def told(what: str, wall: float, cpu: float) -> None:
    print(f"{what}: {time.perf_counter() - wall:.2f} s, CPU {time.process_time() - cpu:.2f} s", flush=True)


if __name__ == "__main__":
    main()
