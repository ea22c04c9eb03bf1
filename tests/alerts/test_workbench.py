"""What a change of a rule would mean, by hand: what is gone, what people found right and is missed, the lead."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
import pytest

from alerts import workbench
from alerts.aftermath import Changes
from alerts.backtest import Backtest, Episode, changed, over, read
from alerts.learnt import suggestion
from alerts.rules import Rule, load_rules
from alerts.workbench import Decided, figures, gone, incidents, missed

RULES = load_rules()
START = datetime(2025, 3, 3)
DAY = timedelta(days=1)
NOWHERE = Changes((), {})


def episode(scope: str, first: float, last: float | None, severity: Any = "yellow") -> Episode:
    return Episode(scope, START + first * DAY, None if last is None else START + last * DAY, severity, {})


def test_of(*episodes: Episode, rule: Rule = RULES["RC01"]) -> Backtest:
    return Backtest(rule, START, START + 28 * DAY, list(episodes), 2 * len(episodes))


test_of.__test__ = False  # type: ignore[attr-defined]


def judged(scope: str, first: float, last: float | None, is_real: bool, value: float | None = None) -> Decided:
    return Decided(scope, START + first * DAY, None if last is None else START + last * DAY, is_real, value)


BEFORE = test_of(episode("a", 1, 2), episode("a", 5, 6, "red"), episode("b", 3, None))
AFTER = test_of(episode("a", 1.5, 1.8), episode("b", 8, 9))


def test_an_episode_stays_where_the_other_version_warns_while_it_lasts() -> None:
    assert gone(BEFORE, AFTER) == [False, True, False]
    assert gone(AFTER, BEFORE) == [False, False]


def test_what_people_found_right_and_is_missed() -> None:
    decided = [judged("a", 1, 2, True), judged("a", 5, 6, True), judged("b", 3, None, False), judged("c", 1, 2, True)]
    assert missed(BEFORE, AFTER, decided) == [decided[1]]
    told = figures(AFTER, decided, [], NOWHERE)
    assert (told.n_real, told.n_false, told.n_missed_real) == (1, 1, 2)
    assert told.precision == 0.5 and told.recall == 1 / 3
    before = figures(BEFORE, decided, [], NOWHERE)
    assert (before.n, before.n_worst, before.n_real, before.per_week) == (3, 1, 2, 0.75)


def test_without_decisions_nothing_is_said_of_being_right() -> None:
    told = figures(BEFORE, [], [], NOWHERE)
    assert told.precision is None and told.recall is None


def test_what_a_decision_says() -> None:
    row = {
        "scope_id": "a",
        "fired_at": START,
        "cleared_at": None,
        "value": 1.0,
        "warning_id": "x",
        "false_reason": None,
    }
    words = ("rectify", "observe", "merge", "false_alarm", "adjust", None)
    assert [d.is_real for d in workbench.decided([{**row, "decision": w} for w in words])] == [True, True, True, False]
    moved = {**row, "decision": "adjust", "false_reason": "low_threshold"}
    assert [d.is_real for d in workbench.decided([moved])] == [False], "as the load report counts it"


def outage(region: str, kind: str = "outage", day: float = 5, told: float | None = 5.5) -> dict[str, Any]:
    at = pd.NaT if told is None else START + told * DAY
    return {"incident_id": "S1", "kind": kind, "title": "x", "region_code": region, "started_at": START + day * DAY,
            "ended_at": START + (day + 1) * DAY, "agents_briefed_at": pd.NaT, "mass_notice_at": at,
            "reported_at": at}  # fmt: skip


def test_lead_is_before_people_were_first_told() -> None:
    found = test_of(episode("NET/321002", 5.25, 6), episode("NET/321003", 4, 5), episode("TAR/321002", 5, 6))
    lead = figures(found, [], incidents([outage("321002"), outage("321081")]), NOWHERE).lead
    assert (lead.n, lead.n_warned, lead.hours) == (2, 1, 6.0)


def test_an_incident_nobody_was_told_of_has_no_lead() -> None:
    lead = figures(test_of(episode("NET/321002", 5, 6)), [], incidents([outage("321002", told=None)]), NOWHERE).lead
    assert (lead.n_warned, lead.hours) == (1, None)


@pytest.mark.parametrize(
    "rule, kind, n", [("RC01", "billing_fault", 1), ("RN01", "billing_fault", 0), ("RC07", "outage", 0),
                      ("RN01", "congestion", 1), ("RS04", "outage", 0), ("RT01", "outage", 0)],
)  # fmt: skip
def test_a_rule_answers_for_incidents_of_its_matter(rule: str, kind: str, n: int) -> None:
    assert figures(test_of(rule=RULES[rule]), [], incidents([outage("CITY", kind)]), NOWHERE).lead.n == n


def test_other_thresholds_are_tried_on_one_reading() -> None:
    """Reading anew with the changed rule gives the same; what changes the select is refused."""

    class Counted:
        n_selects = 0

        def select(self, sql: str, parameters: Any) -> pd.DataFrame:
            if "instants" not in parameters:
                return pd.DataFrame(columns=["what", "code", "title", "kind", "system", "started_at", "region_code"])
            self.n_selects += 1
            rows = [(at, "NET/321002", 2 + at.hour, 4.0, 30) for at in parameters["instants"]]
            return pd.DataFrame(rows, columns=["seen_at", "scope_id", "n_now", "mean_before", "n_before"])

    source, rule = Counted(), RULES["RC01"]
    kept = read(rule, source, START, START + 2 * DAY)
    for settings in ({}, {"yellow": 1.2}, {"alpha": 0.05, "least": 8}, {"for": "2h", "keep_firing_for": "0s"}):
        tried = changed(rule, settings)
        assert over(tried, kept) == over(tried, read(tried, source, START, START + 2 * DAY))
    assert source.n_selects == 5
    assert len(over(changed(rule, {"yellow": 2.4}), kept).episodes) == 2
    with pytest.raises(ValueError, match="read it anew"):
        over(changed(rule, {"every": "2h"}), kept)
    with pytest.raises(ValueError, match="read it anew"):
        over(changed(RULES["RC02"], {"on_cell": 4}), read(RULES["RC02"], source, START, START + DAY))


def test_a_rule_that_is_seldom_right_is_suggested_a_threshold() -> None:
    rule = RULES["RC01"]
    wrong = [judged(f"w{n}", 1, 2, False, 1.5 + n / 100) for n in range(30)]
    right = [judged(f"r{n}", 1, 2, True, 3.0 + n) for n in range(5)]
    found = suggestion(rule, wrong + right)
    assert found is not None and (found.kind, found.threshold, found.n_real, found.n_false) == ("raise", 3.0, 5, 0)
    assert found.precision == 5 / 35
    mixed = suggestion(rule, [*wrong, *(judged("r", 1, 2, True, 1.0) for _ in range(5))])
    assert mixed is not None and mixed.kind == "retire"
    assert suggestion(rule, wrong[:10] + right) is None, "fewer than 20"
    assert suggestion(rule, wrong[:20] + right * 4) is None, "half of them were right"
