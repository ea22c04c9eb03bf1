"""Write `etl/demo/recorded_warnings.csv` anew: `python -m tests.alerts.recorded HOME` with a built demo city.

To be run when a rule changes what it says of the demo city's last 26 weeks; the difference is to be read, not only
committed. test_history.py compares the file with what the engine raises.
"""

from __future__ import annotations

import csv
import sys
from datetime import datetime, timedelta
from pathlib import Path

from alerts import backtest
from alerts.rules import load_rules
from alerts.sentence import scope_name
from alerts.signals import signals
from alerts.sources import Release, names
from etl.demo.operations import RECORDED, RECORDED_RULES
from warehouse.home import Home

BEGIN, END = datetime(2024, 9, 30), datetime(2025, 3, 31)
COLUMNS = ("rule_id", "scope_id", "scope", "severity", "fired_at", "cleared_at", "is_planted")
# Weekly rules and lists of seven days speak of an event up to a week after it.
LATE = {"RS10": 8, "RT01": 8, "RT02": 8, "RC08": 8}


def main(home: Path) -> None:
    release, rules = Release.current(Home(home)), load_rules(signals=signals())
    name, planted = names(release), _planted(home / "truth_events.csv", release.as_of)
    rows = []
    for rule_id in RECORDED_RULES:
        for e in backtest.run(rules[rule_id], release, BEGIN, release.as_of, rules).episodes:
            if e.fired_at >= END:
                continue
            is_planted = any(
                rule_id in told
                and begin - timedelta(hours=1) <= e.fired_at <= end + timedelta(days=LATE.get(rule_id, 1))
                for told, begin, end in planted
            )
            scope = scope_name(rules[rule_id].scope, e.scope, name, "zh")
            rows.append(
                (rule_id, e.scope, scope, e.severity, str(e.fired_at), str(e.ended_at or ""), str(int(is_planted)))
            )
    with RECORDED.open("w", encoding="utf-8", newline="") as handle:
        out = csv.writer(handle, lineterminator="\n")
        out.writerow(COLUMNS)
        out.writerows(sorted(rows, key=lambda r: (r[4], r[0], r[1])))


def _planted(path: Path, as_of: datetime) -> list[tuple[list[str], datetime, datetime]]:
    """Rules, begin and end of every planted event that some rule must find; dirty data aside."""
    found = []
    with path.open(encoding="utf-8-sig", newline="") as handle:
        for row in csv.DictReader(handle):
            if row["rules"] and row["starts"] and row["kind"] not in ("dirty_data", "data_quality"):
                end = _at(row["ends"]) + timedelta(days=len(row["ends"]) <= 10) if row["ends"] else as_of
                found.append((row["rules"].split(";"), _at(row["starts"]), end))
    return found


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text + "-01" if len(text) == 7 else text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
