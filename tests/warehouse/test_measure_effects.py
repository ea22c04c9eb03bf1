"""What came of measures: who they are compared with, and that the city's planted effects are found and no others."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from warehouse.measure_effects import Fix, _others, _outcome, outcomes
from warehouse.query import Reader
from warehouse.release import Releases

WEEKS = pd.date_range("2024-01-01", periods=60, freq="7D")
HERE = Fix("A", "staffing", "region", "r1", "SVC03", date(2024, 10, 9), date(2024, 10, 11))


def table(after: int, regions: int = 6) -> pd.DataFrame:
    """Ten a week everywhere; in r1 `after` a week from the week after the measure on."""
    found = pd.DataFrame(10, index=[f"r{n}" for n in range(1, regions + 1)], columns=WEEKS)
    found.loc["r1", WEEKS >= "2024-10-14"] = after
    return found


def test_half_as_many_as_the_others_is_said_and_counted() -> None:
    found = _outcome(table(5), HERE, [HERE], date(2025, 1, 27), (WEEKS[0], WEEKS[-1]))
    e = found.effect
    assert (e.verdict, e.n_before, e.n_after, e.n_others) == ("worked", 80, 40, 5)
    assert e.ratio is not None and e.ratio.value == pytest.approx(0.5) and e.ratio.avoided == pytest.approx(40)


def test_no_change_is_no_effect() -> None:
    assert _outcome(table(10), HERE, [HERE], date(2025, 1, 27), (WEEKS[0], WEEKS[-1])).effect.verdict == "none"


def test_weeks_to_come_are_not_counted() -> None:
    found = _outcome(table(5), HERE, [HERE], date(2024, 10, 30), (WEEKS[0], WEEKS[-1]))
    assert (found.effect.periods_after, found.effect.verdict) == (2, "thin")


def test_where_something_happened_too_is_nobody_to_compare_with() -> None:
    busy = Fix("B", "staffing", "region", "r2", "SVC", date(2024, 10, 1), date(2024, 10, 20))
    other = Fix("C", "parameter", "region", "r3", "NET", date(2024, 10, 1), date(2024, 10, 20))
    long_ago = Fix("D", "staffing", "region", "r4", "SVC03", date(2024, 1, 1), date(2024, 1, 20))
    every = [HERE, busy, other, long_ago]
    assert _others(table(5), HERE, every, date(2024, 8, 1), date(2024, 12, 1)) == ["r3", "r4", "r5", "r6"]
    named = Fix(**{**vars(HERE), "control": "r2, r5,r1,zz"})
    assert _others(table(5), named, every, date(2024, 8, 1), date(2024, 12, 1)) == ["r2", "r5"]
    alone = Fix(**{**vars(HERE), "control": "none"})
    found = _outcome(table(5), alone, every, date(2025, 1, 27), (WEEKS[0], WEEKS[-1]))
    assert (found.effect.n_others, found.effect.ratio, found.effect.verdict) == (0, None, "thin")


def test_a_place_without_a_complaint_is_thin_and_no_fault() -> None:
    found = _outcome(
        table(5), Fix(**{**vars(HERE), "scope_id": "r9"}), [HERE], date(2025, 1, 27), (WEEKS[0], WEEKS[-1])
    )
    assert found.effect.verdict == "thin" and found.effect.n_before == 0


def test_the_planted_effects_are_found_and_no_others(demo_home: Path) -> None:
    """Nothing that had no effect is said to have worked, and what worked lies in its interval as often as promised."""
    from alerts.actions.past import _codes, read
    from alerts.sources import Release

    releases = Releases(demo_home / "releases")
    path = releases.path(str(releases.current()))
    records = read(demo_home / "inbox" / "运营历史_整改.csv", _codes(Release(path)))
    truth = {}
    with (demo_home / "truth_events.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            found = re.search(r"action:(ZG[\d-]+).*?真实效果([+-][\d.]+)", " ".join(row))
            if found:
                truth[found[1]] = float(found[2])
    fixes = [
        Fix(r.number, r.draft.kind, r.draft.scope_kind, r.draft.scope_id, r.draft.verify_type, r.draft.begins_on,
            r.done_on)
        for r in records
        if r.done_on is not None
    ]  # fmt: skip
    told = outcomes(Reader(path), fixes, date(2025, 3, 31))
    assert len(told) == len(truth) == 41
    worked = [o.fix.id for o in told if o.effect.verdict == "worked"]
    assert len(worked) >= 5 and all(truth[number] < -0.25 for number in worked)
    held = [o.effect.ratio.low <= 1 + truth[o.fix.id] <= o.effect.ratio.high for o in told if o.effect.ratio]
    assert sum(held) / len(held) >= 0.9
