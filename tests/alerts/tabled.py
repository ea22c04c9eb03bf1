"""Write `docs/warnings.md` anew: `python -m tests.alerts.tabled CITY TWIN` with a built demo city and its twin.

What each rule says of what was planted, how late and how much of it was still to come; and what it says in the twin
city, where nothing is planted and every warning is false. Some minutes.
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from alerts import backtest
from alerts.rules import load_rules
from alerts.signals import signals
from alerts.sources import Release, names
from alerts.state import SEVERITIES
from tests.alerts.test_demo_city import PLANTED, at, near
from tests.alerts.test_network_truth import IN_HISTORY, IN_LIVE_WEEK
from warehouse.home import Home

TABLES = Path(__file__).parents[2] / "docs" / "warnings.md"
WEEKS = 26
HEAD = """# What the rules say of the simulated city, and of its twin

Written by `python -m tests.alerts.tabled CITY TWIN` (simulated data, 模拟数据). Do not edit by hand.

## Planted events

**Delay**: from the beginning of the event, as the city's answer key has it, to the warning; "already" where one about
the same thing stood when the event began. **Ahead**: from the warning to the end of the event; negative where the
warning came after it, empty where it still lasts. Rules that look at whole weeks speak on the Monday after; lists of
tickets wait for their time limits. Held by `tests/alerts/test_demo_city.py` and `test_network_truth.py`.

Every rule that the key names for an event is here (docs/decisions/0040). "Already" says less than a delay: of a list
about a whole department the ticket that was planted is one of several.

| event | begins | rule | delay, hours | ahead, hours |
|---|---|---|---:|---:|
"""
TWIN = """
## False warnings in the twin city

The same city with nothing planted and all work done in time, {weeks} weeks to {end:%Y-%m-%d}: every warning of a rule
here is one too many, but for lists (which name tickets, not events). Rules not in the table said nothing. Of these only
those that stand as sending are told to people; RC01 and RC07 say so among their own notes on false warnings.

| rule | stands | warnings | a week | by severity |
|---|---|---:|---:|---|
"""


def main(city: Path, twin: Path) -> None:
    lines = [HEAD, *(f"| {' | '.join(row)} |\n" for row in planted(city))]
    release = Release.current(Home(twin))
    lines += [TWIN.format(weeks=WEEKS, end=release.as_of), *(f"| {' | '.join(row)} |\n" for row in false(release))]
    TABLES.write_text("".join(lines), encoding="utf-8")


def planted(city: Path) -> Iterator[tuple[str, ...]]:
    """Event, when it begins, rule, delay and what was ahead; in the order of the answer key."""
    release, rules = Release.current(Home(city)), load_rules(signals=signals())
    name = names(release)
    asked = {event: dict(by_rule) for event, by_rule in PLANTED.items()}
    for event, rule_id, scope in (*IN_LIVE_WEEK, *IN_HISTORY):
        asked.setdefault(event, {})[rule_id] = scope
    with (city / "truth_events.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["event_id"] in asked]
    for row in rows:
        begin, end = at(row["starts"]), _end(row["ends"])
        for rule_id, scope in asked[row["event_id"]].items():
            found = near(rules[rule_id], release, begin, end or release.as_of, scope, name)
            first = min((e.fired_at for e in found), default=None)
            shown = ("not found", "")
            if first is not None:
                since = (first - begin) / timedelta(hours=1)
                ahead = (end - max(first, begin)) / timedelta(hours=1) if end else None
                shown = ("already" if since <= 0 else f"{since:,.1f}", "" if ahead is None else f"{ahead:,.1f}")
            yield row["event_id"], f"{begin:%Y-%m-%d %H:%M}", rule_id, *shown


def _end(text: str) -> datetime | None:
    """A day ends at midnight."""
    return at(text) + timedelta(days=len(text) <= 10) if text else None


def false(release: Release) -> Iterator[tuple[str, ...]]:
    """Rule, standing, how many warnings, a week, and by severity, the noisiest first."""
    rules = load_rules(signals=signals())
    begin = release.as_of - timedelta(weeks=WEEKS)
    found = {r: backtest.run(rule, release, begin, release.as_of, rules).episodes for r, rule in rules.items()}
    for rule_id, told in sorted(found.items(), key=lambda f: (rules[f[0]].is_list, -len(f[1]), f[0])):
        if told:
            rule, of = rules[rule_id], Counter(e.severity for e in told)
            stands = rule.standing + (", list" if rule.is_list else "")
            by_severity = ", ".join(f"{of[s]} {s}" for s in reversed(SEVERITIES) if of[s])
            yield rule_id, stands, f"{len(told):,}", f"{len(told) / WEEKS:.2f}", by_severity


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
