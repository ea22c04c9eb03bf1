"""Every rule in small: rows in, an instant, and the state and sentence it must give, or that it must stay quiet."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from alerts.rules import load_rules
from alerts.signals import signals
from tests.alerts.scenarios import Case, Little, cases, nothing, run

RULES = load_rules(signals=signals())
CASES = cases()


@pytest.fixture(scope="module")
def little() -> Iterator[Little]:
    yield from nothing()


@pytest.mark.parametrize("case", CASES, ids=[c.title for c in CASES])
def test_scenario(case: Case, little: Little) -> None:
    outcome, told = run(case, RULES[case.rule], little)
    active = {scope: i for scope, i in outcome.instances.items() if i.is_active}
    if case.state == "quiet":
        assert active == {}
        return
    assert case.scope in active, f"active: {sorted(active)}"
    instance = active[case.scope]
    assert (instance.state, instance.severity) == (case.state, case.severity)
    assert told == {"zh": case.zh, "en": case.en}


def test_every_case_is_of_a_rule_and_every_rule_has_one_of_each() -> None:
    assert {c.rule for c in CASES} <= set(RULES)
    loud = {c.rule for c in CASES if c.state != "quiet"}
    quiet = {c.rule for c in CASES if c.state == "quiet"}
    assert set(RULES) - loud == set()
    assert set(RULES) - quiet == set()
