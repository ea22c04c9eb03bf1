"""The course of a signal around a warning: what is drawn against what, over which time, and what would clear it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from alerts import course as module
from alerts.course import MOST, breaking, clears_at, course, span, threshold
from alerts.rules import Rule, load_rules
from alerts.signals import Signal

MONDAY = datetime(2025, 3, 31)
HOUR = timedelta(hours=1)
WORDS = {"zh": "x", "en": "x"}
RULES = load_rules()


class Told:
    """A source that gives prepared readings."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        return self.frame[self.frame["seen_at"].isin(parameters["instants"])]


def rule(**settings: Any) -> Rule:
    given = {"scope": "district", "op": ">=", "steps": {"orange": 5, "red": 10}, "every": "1h", "owner": "NET",
             "unit": WORDS, "sentence": WORDS, "runbook": WORDS, "rationale": WORDS, "noise": WORDS}  # fmt: skip
    return Rule(id="XX01", zh="x", en="x", signal="prepared", **(given | settings))


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "signals", lambda: {"prepared": Signal("prepared", "", "level", "", frozenset())})


def hours(values: list[float | None], scope: str = "a", **more: Any) -> Told:
    """Readings that end at Monday 0:00, an hour apart."""
    times = [MONDAY - k * HOUR for k in range(len(values))][::-1]
    return Told(pd.DataFrame({"seen_at": pd.to_datetime(times), "scope_id": scope, "value": values, "n": 9, **more}))


def drawn(of: Rule, source: Told, severity: str = "red", scope: str = "a") -> Any:
    return course(of, source, scope, MONDAY - 2 * HOUR, None, MONDAY, severity)  # type: ignore[arg-type]


def test_the_value_against_its_step_and_the_mildest() -> None:
    found = drawn(rule(), hours([1, 6, 12]))
    assert found.form == "plain"
    assert list(found.rows["value"]) == [1, 6, 12]
    assert set(found.rows["limit"]) == {10} and set(found.rows["first_limit"]) == {5}
    assert breaking(rule(), found, MONDAY - HOUR) == 1
    assert breaking(rule(), found, MONDAY - 50 * HOUR) is None
    assert drawn(rule(), hours([1, 6]), "orange").rows["first_limit"].isna().all(), "one line is enough"


def test_a_count_against_times_the_least_unusual_one() -> None:
    """A week's count is judged by how many times the unusual count it is, not the expected one."""
    source = hours([0.5, 2.0], n_now=[5, 20], bound_count=[10, 10], baseline=[2.0, 2.0])
    found = drawn(rule(steps={"yellow": 1.0, "orange": 1.5}), source, "orange")
    assert found.form == "counts"
    assert list(found.rows["value"]) == [5, 20] and list(found.rows["usual"]) == [2, 2]
    assert list(found.rows["limit"]) == [15, 15] and list(found.rows["first_limit"]) == [10, 10]


def test_a_count_against_the_least_unusual_one_and_the_steps_on_the_usual() -> None:
    source = hours([0.0, 3.0], n_now=[4, 12], limit_count=[11, 11], baseline=[4.0, 4.0])
    found = drawn(rule(steps={"yellow": 1.5, "orange": 2.5}), source, "orange")
    assert found.form == "counts"
    assert list(found.rows["value"]) == [4, 12] and list(found.rows["usual"]) == [4, 4]
    assert list(found.rows["limit"]) == [11, 11]
    worse = drawn(rule(steps={"yellow": 1.5, "orange": 5}), source, "orange")
    assert list(worse.rows["limit"]) == [20, 20], "five times four is more than eleven"


def test_a_fall_is_drawn_as_the_rate_against_what_it_was() -> None:
    source = hours([0.3], rate=[0.5], baseline=[0.8], p_value=[0.001])
    row = drawn(rule(steps={"orange": 0.1}), source, "orange").rows.iloc[0]
    assert (row["value"], row["usual"], row["limit"]) == (0.5, 0.8, pytest.approx(0.7))


def test_a_bound_has_the_rate_beside_it_but_a_sum_has_not() -> None:
    share = drawn(rule(op="<", steps={"orange": 0.75}), hours([0.62], rate=[0.5]), "orange")
    assert share.rows["raw"].iloc[0] == 0.5
    assert drawn(rule(), hours([12.0], rate=[0.5])).rows["raw"].isna().all()


def test_what_such_a_signal_does_not_list_is_not_the_case() -> None:
    source = hours([None, 7, None, 7])
    source.frame = source.frame.dropna(subset=["value"])
    kept, listed = drawn(rule(), source), drawn(rule(no_data="normal"), source)
    assert len(kept.rows) == 2
    assert list(listed.rows["value"])[-4:] == [0, 7, 0, 7] and listed.rows["limit"].notna().all()
    assert listed.week_ago is not None and listed.week_ago["value"] == 0


def test_a_list_of_a_day_is_that_of_its_department() -> None:
    found = course(
        rule(is_list=True, scope="dept"), hours([2, 3], "NET"), "NET/2025-03-31", MONDAY - HOUR, None, MONDAY, "red"
    )
    assert list(found.rows["value"])[-2:] == [2, 3]


def test_the_same_hour_a_week_before() -> None:
    source = hours([float(k) for k in range(24 * 8)])
    found = drawn(rule(), source)
    assert found.rows["value"].iloc[-1] == 191
    assert found.week_ago is not None and found.week_ago["value"] == 191 - 7 * 24


def test_other_scopes_are_left_out_and_nothing_is_nothing() -> None:
    found = drawn(rule(), hours([9, 9], "b"))
    assert found.rows.empty and found.week_ago is None


@pytest.mark.parametrize(
    ("every", "began", "ended", "first", "until"),
    [
        ("1h", 2, None, MONDAY - timedelta(days=8), MONDAY),
        ("15m", 2, None, MONDAY - timedelta(days=2), MONDAY),
        ("1d", 2, None, MONDAY - timedelta(weeks=5), MONDAY),
        ("1w", 2, None, MONDAY - timedelta(weeks=26), MONDAY),
        ("1h", 400, 390, MONDAY - 378 * HOUR - timedelta(days=8), MONDAY - 378 * HOUR),
        ("15m", 4000, None, MONDAY - MOST * timedelta(minutes=15), MONDAY),  # never more points than a chart holds
    ],
)
def test_how_long_a_time_is_drawn(every: str, began: int, ended: int | None, first: datetime, until: datetime) -> None:
    end = None if ended is None else MONDAY - ended * HOUR
    assert span(rule(every=every), MONDAY - began * HOUR, end, MONDAY) == (first, until)


def test_what_clears_it_is_the_recovery_or_the_mildest_step() -> None:
    assert clears_at(RULES["RN02"]) == (">=", 0.91)
    assert clears_at(RULES["RC02"]) == ("<", 5)
    assert clears_at(RULES["RT01"]) == (">=", 0.85)


def test_a_severity_worse_than_the_rules_own_stands_above_its_worst() -> None:
    assert threshold(RULES["RN02"], "orange") == 0.9
    assert threshold(RULES["RC02"], "red") == 10
