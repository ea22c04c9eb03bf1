"""The demo city's own truth: what was planted is found, and how late; and what the twin without plants says falsely."""

from __future__ import annotations

import csv
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from alerts import backtest
from alerts.backtest import Episode
from alerts.rules import Rule, load_rules
from alerts.sentence import Names
from alerts.signals import signals
from alerts.sources import Release, names
from etl.demo.golden import golden_truth
from etl.demo.outbreaks import outbreak_truth
from etl.demo.radio_events import radio_truth
from etl.demo.side_truth import side_truth
from tests.alerts.test_network_truth import IN_HISTORY, IN_LIVE_WEEK
from warehouse.home import Home

RULES = load_rules(signals=signals())
# Events as they begin and end in truth_events.csv, with the rules that must find each and what a warning is about.
# Names of places are those of the data; "*" stands for any scope of the rule.
PLANTED = {
    "G-ZHANG": {"RS02": "*", "RS03": "*", "RS08": "*", "RC06": "*", "RC05-L3": "YZ20240816900002", "RC07": "TAR02",
                "RX01": "CH20240728-01"},
    "G-WANG": {"RC08": "邗上街道营业厅"},
    "G-LI": {"RC04": "*", "RC06": "*", "RC05": "*", "RN02": "place:P05", "RC03": "邗江新建小区热点"},
    "E-PACKAGE": {"RX01": "CH20240301-01", "RC11": "TAR"},
    "E-CUT-APR": {"RC01": "NET/321012", "RC01-CHG": "NET/321012", "RX01": "CH20240417-01"},
    "E-RIVAL-MAY": {"RM01": "CITY"},
    "E-BILL-JUL": {"RC01": "TAR", "RC07": "TAR02", "RC07-CHG": "TAR02", "RX01": "CH20240728-01"},
    "E-ESTATE-OCT": {"RN02": "place:P05", "RC02": "NET/place:P05", "RC03": "邗江新建小区热点"},
    "E-1111": {"RC01": "BIZ", "RX01": "CH20241111-01"},
    "E-CUT-NOV": {"RC01-CHG": "NET/321003", "RX01": "CH20241120-01"},
    "E-TEMPLATE-DEC": {"RC10": "TAR"},
    "E-HALL-JAN": {"RC08": "文峰街道营业厅"},
    "L-DIP": {"RT01": "BIL", "RT02": "BIL"},
    "L-SURGE": {"RC01": "TAR/321012"},
    "L-KANGLE": {"RN01": "place:P04", "RN02": "place:P04", "RC03": "康乐小区热点"},
    "L-BILL-MAR": {"RC01": "TAR", "RC07": "TAR02", "RC07-CHG": "TAR02", "RX01": "CH20250322-01", "RC11": "TAR"},
    "L-HALL": {"RC08": "曲江街道营业厅"},
    "L-TEMPLATE": {"RC10": "TAR"},
    "L-EXTERNAL": {"RC05-L3": "YZ20250327900001"},
    "L-HEIMAO": {"RC05": "YZ20250326900001"},
    "L-CHAIN": {"RC04": "YZ20250328900004", "RC06": "YZ20250328900004"},
    "L-15DAYS": {"RS13": "YZ20250317900001", "RS08": "*", "RS03": "*", "RS02": "YZ20250317900001"},
    "L-HANDOVER": {"RS03": "YZ20250327900002", "RS02": "*"},
    "L-LOOP": {"RS04": "YZ20250325900001"},
    "L-PARTNER": {"RS07": "YZ20250326900002"},
    "L-REOPEN": {"RS09": "YZ20250321900001"},
    "L-PROMISE": {"RS12": "YZ20250326900003"},
    "L-URGENT": {"RS05-P1": "YZ20250330900001", "RS01-P1": "YZ20250330900001", "RS02-P1": "YZ20250330900001"},
    "L-URGES": {"RC06": "YZ20250328900002"},
    "A-WEEKEND": {"RS05": "NET"},
    "A-OVERDUE": {"RS01": "NET", "RS02": "NET", "RS10": "NET"},
    "A-QUEUE": {"RS06": "CARE"},
    "A-CHERRY": {"RS11": "NET"},
    "A-REPEAT": {"RC04-M": "CITY"},
    "A-MONTHEND": {"RC09": "CITY"},
    "K-MISSING": {"RD01-HR": "place:P06"},
    "S-HANDLING-JUL": {"RB01": "套餐变更"},
    "S-HANDLING-MAR": {"RB01": "套餐变更"},
    "S-MARKET-MAY": {"RM01": "CITY"},
    "S-MARKET-MAR": {"RM01": "321003"},
    "S-VIRAL": {"RO01": "计费收费"},
    "S-NPS": {"RT03": "household"},
    "S-ANSWER": {"RT04": "CITY"},
    "S-CARE": {"RP01": "东关街道"},
    "D-UNMAPPED": {"RD02-MAP": "投诉工单_202407_类型旧名.csv"},
    "D-POLICY": {"RD03": "CITY-2025"},
}  # fmt: skip
# Days after an event's last day until which it may still be told: weekly rules speak on the Monday after.
GRACE = timedelta(days=8)


@pytest.fixture(scope="module")
def release(demo_home: Path) -> Release:
    return Release.current(Home(demo_home))


@pytest.fixture(scope="module")
def truth(demo_home: Path, release: Release) -> dict[str, tuple[datetime, datetime]]:
    """Begin and end of every planted event; one without an end still lasts."""
    found = {}
    with (demo_home / "truth_events.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["event_id"] in PLANTED:
                end = at(row["ends"]) if row["ends"] else release.as_of
                found[row["event_id"]] = (at(row["starts"]), end)
    return found


def at(text: str) -> datetime:
    return datetime.fromisoformat(text + "-01" if len(text) == 7 else text)


def near(rule: Rule, release: Release, begin: datetime, end: datetime, scope: str, name: Names) -> list[Episode]:
    """The warnings about a scope around an event: from ten days before it, of a long one the first twelve weeks."""
    until = min(end + GRACE, begin + timedelta(weeks=12), release.as_of)
    return [
        e
        for e in backtest.run(rule, release, begin - timedelta(days=10), until, RULES).episodes
        if (e.ended_at or release.as_of) >= begin and _about(e, scope, name(rule.scope, e.scope, "zh"))
    ]


def _about(episode: Episode, scope: str, words: str) -> bool:
    told = str(episode.evidence.get("worst", ""))
    if scope.endswith("热点"):  # a hotspot is called by its place and a number
        return words.startswith(scope)
    return scope in ("*", episode.scope, words) or episode.scope.startswith(f"{scope}/") or scope in told


def test_every_rule_that_the_key_names_is_asked() -> None:
    """Of a family one rule is enough: RC05 is found where RC05-L3 is."""
    asked = {(event, rule.partition("-")[0]) for event, rules in PLANTED.items() for rule in rules}
    asked |= {(event, rule) for event, rule, _ in (*IN_LIVE_WEEK, *IN_HISTORY)}
    key = [*golden_truth(), *outbreak_truth(), *radio_truth(), *side_truth()]
    named = {(t.event_id, rule.partition("-")[0]) for t in key for rule in t.rules.split(";") if rule}
    assert sorted(named - asked) == []


@pytest.mark.deep
def test_every_planted_event_is_found(release: Release, truth: dict[str, tuple[datetime, datetime]]) -> None:
    name = names(release)
    lines, missed = [], []
    for event, rules in PLANTED.items():
        begin, end = truth[event]
        for rule, scope in rules.items():
            found = near(RULES[rule], release, begin, end, scope, name)
            if not found:
                missed.append(f"{event} by {rule}")
                continue
            delay = max(timedelta(0), min(e.fired_at for e in found) - begin)
            lines.append(f"{event:<16}{rule:<9}{delay / timedelta(hours=1):8.1f} h")
    print("\n".join(["event           rule        delay", *lines]))
    assert missed == []


@pytest.mark.deep
def test_the_twin_city_is_quiet(twin_home: Path) -> None:
    """Nothing is planted there and work is done in time: four weeks without a red, and the false warnings a week."""
    release = Release.current(Home(twin_home))
    begin = release.as_of - timedelta(weeks=4)
    lines, red = [], []
    for name, rule in RULES.items():
        if name.startswith("RN"):
            continue
        found = backtest.run(rule, release, begin, release.as_of, RULES)
        red += [f"{name} {e.scope} {e.fired_at}" for e in found.episodes if e.severity == "red"]
        lines.append(f"{name:<9}{found.per_week:6.2f} a week{'  (lists)' if rule.is_list else ''}")
    print("\n".join(lines))
    assert red == []
