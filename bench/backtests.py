"""`backtests`: rules over 2,000 scopes × 156 weeks of made-up tickets, one of them by the improved Farrington method.

`python -m bench.backtests` prints the seconds by the clock and of the processor, `--only RC11` of one rule. The release
is stood in for by a table in memory; signal, state machine and figures are the product's own.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from alerts.backtest import changed, over, read
from alerts.rules import Rule, load_rules

N_SCOPES, N_WEEKS, PER_WEEK, YEARS = 2_000, 156, 10, 5
EACH = 13  # weeks between two lines about how far it is
PROPORTIONS: dict[str, tuple[str, dict[str, Any]]] = {
    "RS10": ("a proportion against its target", {"min_n": 5}),
    "RT02": ("a proportion against the weeks before", {"min_n": 5, "every": "1w"}),
}
COUNTS = "RC11"
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
        self._years_of_counts(np.random.default_rng(2))

    def _years_of_counts(self, rng: np.random.Generator) -> None:
        """A week's complaints of as many scopes stand on its Monday."""
        weeks = YEARS * 52 + 30 + N_WEEKS
        counts = rng.poisson(6, N_SCOPES * weeks)
        monday = np.datetime64(END.date(), "D") - 7 * np.arange(1, weeks + 1)
        regions = pa.array([f"R{d}" for d in range(N_SCOPES)]).take(pa.array(np.repeat(np.arange(N_SCOPES), weeks)))
        types = pa.array(["NET"] * len(counts))
        rows = {"accepted_on": np.tile(monday, N_SCOPES), "type_l1": types, "region_code": regions, "n": counts}
        self.con.from_arrow(pa.table(rows)).create("mart_ticket_day")
        self.con.execute(
            "create table fact_count_history (counted_on date, type_l1 varchar, region_code varchar, n_tickets bigint)"
        )

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        if "instants" not in parameters:  # of changes it has none
            return pd.DataFrame(columns=CHANGES)
        return self.con.execute(sql, dict(parameters)).df()


def main(only: Collection[str]) -> None:
    source, rules = Made(), load_rules()
    for name in [n for n in PROPORTIONS if n in only]:
        what, settings = PROPORTIONS[name]
        rule = changed(rules[name], settings)
        wall, cpu = time.perf_counter(), time.process_time()
        history = read(rule, source, BEGIN, END)
        found = over(rule, history)
        told(f"{name}, {what}: {len(history.found):,} readings, {len(found.episodes):,} warnings", wall, cpu)
        wall, cpu = time.perf_counter(), time.process_time()
        first = next(iter(rule.steps))
        over(changed(rule, {first: rule.steps[first] * 0.98}), history)
        told(f"{name} again with another threshold", wall, cpu)
    if COUNTS in only:
        _counts(source, rules[COUNTS])


def _counts(source: Made, rule: Rule) -> None:
    begun = wall, cpu = time.perf_counter(), time.process_time()
    history = read(rule, source, BEGIN, END)
    told(f"{rule.id}, counts of weeks: {len(history.found):,} rows read", wall, cpu)

    def say(done: int, of: int) -> None:
        if done % EACH == 0:
            told(f"Farrington improved, {done} of {of} weeks", *begun)

    found = over(rule, history, say)
    told(f"{rule.id}, Farrington improved, {YEARS} years back: {len(found.episodes):,} warnings", *begun)


def told(what: str, wall: float, cpu: float) -> None:
    print(f"{what}: {time.perf_counter() - wall:.2f} s, CPU {time.process_time() - cpu:.2f} s", flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m bench.backtests")
    parser.add_argument("--only", nargs="+", choices=[*PROPORTIONS, COUNTS], default=[*PROPORTIONS, COUNTS])
    main(parser.parse_args().only)
