"""The live run over a long time: week by week, and the same as in one go or in many."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from alerts import live, store
from alerts.live import stretches
from alerts.rules import load_rules
from alerts.sources import Release
from warehouse import ops
from warehouse.home import Home

MONDAY = datetime(2025, 3, 10)


def test_stretches_end_with_weeks() -> None:
    week = timedelta(weeks=1)
    assert stretches(MONDAY, MONDAY + week) == [MONDAY + week]
    assert stretches(MONDAY - timedelta(hours=1), MONDAY + timedelta(hours=1)) == [MONDAY, MONDAY + timedelta(hours=1)]
    assert stretches(MONDAY, MONDAY + 2.5 * week) == [MONDAY + week, MONDAY + 2 * week, MONDAY + 2.5 * week]
    assert stretches(MONDAY, MONDAY) == [MONDAY]


def test_week_by_week_is_any_other_way(demo_home: Path) -> None:
    release = Release.current(Home(demo_home))
    rules = {name: load_rules()[name] for name in ("RC07", "RS10", "RX01")}
    ends = {"once": [21.5], "pieces": [3, 8.25, 15, 21.5]}
    told = []
    for days in ends.values():
        kept = ops.open_ops("sqlite://")
        for day in days:
            done = live.run(kept, release, rules, MONDAY + timedelta(days=day), MONDAY)
            assert done.faults == {} and done.n_rules == 3
        again = live.run(kept, release, rules, MONDAY + timedelta(days=21.5), MONDAY)
        assert again.n_new == 0
        told.append([{k: v for k, v in w.items() if k not in ("revision", "known_at")} for w in store.warnings(kept)])
    assert told[0] == told[1] and len(told[0]) > 3
