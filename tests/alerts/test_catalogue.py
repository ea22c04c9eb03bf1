"""The rules that the requirements ask for (6.2), and which of them are told from the first day (design brief, 1)."""

from __future__ import annotations

import re

from alerts.rules import load_rules
from alerts.signals import signals

RULES = load_rules(signals=signals())


def numbers(family: str, last: int) -> list[str]:
    return [f"{family}{n:02d}" for n in range(1, last + 1)]


LATER: set[str] = set()
OURS = {"RC11"}  # in no catalogue: counts of weeks
ASKED = {
    *numbers("RN", 8), *numbers("RC", 10), *numbers("RS", 13), *numbers("RT", 4), *numbers("RD", 3),
    "RB01", "RM01", "RO01", "RX01", "RP01", *numbers("RJ", 3),
}  # fmt: skip
TOLD = {
    *("RN02", "RN07", "RC01", "RC02", "RC05", "RC06", "RC07", "RC08"),
    *("RS10", "RS13", "RT01", "RT02", "RB01", "RX01", "RD01"),
}
LISTS = {"RS01", "RS02", "RS03", "RS04", "RS05", "RS08", "RS09", "RS12", "RC04", "RC05", "RC06"}
SINGLE = {"RS01-P1", "RS02-P1", "RS03-P1", "RS05-P1", "RC05-L3", "RS13"}


def family(rule_id: str) -> str:
    """The number of the requirements that a rule belongs to: RS02-P1 is a part of RS02."""
    return rule_id.partition("-")[0]


def test_every_rule_that_is_asked_for_exists() -> None:
    assert ASKED - LATER - set(RULES) == set()
    assert {family(r) for r in RULES} == ASKED | OURS
    assert LATER & set(RULES) == set(), "no longer later: take it out of LATER"


def test_told_at_first_are_those_of_the_brief() -> None:
    assert {family(r) for r, rule in RULES.items() if rule.standing == "sending"} == TOLD


def test_tickets_are_lists_a_department_and_day_except_those_that_stay_single() -> None:
    assert {r for r, rule in RULES.items() if rule.is_list} >= LISTS
    assert all(rule.scope == "dept" for rule in RULES.values() if rule.is_list)
    assert {r for r, rule in RULES.items() if rule.scope == "ticket"} == SINGLE


def test_every_rule_is_written_in_both_languages() -> None:
    for rule in RULES.values():
        for words in (rule.unit, rule.sentence, rule.runbook, rule.rationale, rule.noise):
            assert re.search("[\u4e00-\u9fff]", words.zh) or rule.id.startswith("RN"), rule.id
            assert words.en and not re.search("[\u4e00-\u9fff]", words.en), rule.id
