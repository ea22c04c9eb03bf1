"""Warnings after a change: which follow it, that they are a step worse, and that its owner hears of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from alerts import found, store
from alerts.aftermath import after_changes, changes, looking_at, one_worse, raised
from alerts.engine import Noted, Outcome
from alerts.rules import load_rules
from alerts.state import Event
from warehouse import ops

RULES = load_rules()
AT = datetime(2025, 3, 22)
ROWS = [
    ("change", "CH1", "流量批价版本", "计费版本", "计费系统", AT, "全市"),
    ("change", "CH2", "版本割接", "割接", "无线网", AT, "321003"),
    ("area", "place:P01", None, None, None, pd.NaT, "321003"),
]


class Told:
    """A source that has two changes, one everywhere and one in a district, and a place in that district."""

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        return pd.DataFrame(ROWS, columns=["what", "code", "title", "kind", "system", "started_at", "region_code"])


KNOWN = changes(Told())


@pytest.mark.parametrize(
    "rule, scope, days, change",
    [
        ("RC07", "TAR02", 2, "CH1"),  # billing after a billing release
        ("RC01", "TAR/321081", 2, "CH1"),  # tariff complaints anywhere
        ("RB01", "套餐变更", 4, "CH1"),
        ("RC01", "NET/321003", 2, "CH2"),  # network complaints of the district that was cut over
        ("RN01", "place:P01", 2, "CH2"),  # and the signal of a place in it
        ("RC01", "NET/321081", 2, None),  # another district
        ("RC01", "SVC/321003", 2, None),  # another matter
        ("RC07", "TAR02", 7, None),  # a week is over
        ("RC07", "TAR02", -1, None),  # before it
        ("RS10", "BIL", 2, None),  # another family of rules
        ("RC06", "BIL/2025-03-24", 2, None),  # a list
    ],
)
def test_which_warnings_follow_a_change(rule: str, scope: str, days: int, change: str | None) -> None:
    found = KNOWN.before(RULES[rule], scope, AT + timedelta(days=days))
    assert (found.id if found else None) == change


def outcome(rule: str, scope: str, severity: Any, at: datetime) -> Outcome:
    noted = [Noted(Event(at, scope, "fire", severity, 2.0, at), {"n_now": 9.0})]
    return Outcome(RULES[rule], {}, noted, at)


def test_they_are_a_step_worse_and_say_why() -> None:
    (noted,) = raised(outcome("RC07", "TAR02", "orange", AT + timedelta(days=2)), KNOWN).noted
    assert noted.event.severity == "red"
    assert noted.evidence == {
        "n_now": 9.0, "change_id": "CH1", "change_title": "流量批价版本", "change_at": "2025-03-22T00:00:00",
        "raised_from": "orange",
    }  # fmt: skip
    assert [one_worse(s) for s in ("blue", "yellow", "orange", "red")] == ["yellow", "orange", "red", "red"]


def test_what_follows_no_change_stays_as_it_is() -> None:
    before = outcome("RC01", "SVC/321003", "yellow", AT + timedelta(days=2))
    assert raised(before, KNOWN) == before


def test_the_store_tells_of_them_as_they_were_when_they_began(tmp_path: Path) -> None:
    """However often the engine runs in between, the rule about changes sees the same."""
    kept = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    at = AT + timedelta(days=2)
    first = raised(outcome("RC01", "TAR/321081", "yellow", at), KNOWN)
    found.record(kept, first, None, "r1")
    worse = Noted(Event(at + timedelta(hours=1), "TAR/321081", "raise", "orange", 3.0, at), {"n_now": 19.0})
    later = raised(Outcome(RULES["RC01"], {}, [worse], worse.event.at), KNOWN)
    found.record(kept, later, at, "r1")
    assert store.after_changes(kept) == after_changes(first)
    assert [w["severity"] for w in store.warnings(kept)] == ["red"]
    rule = looking_at(RULES["RX01"], store.after_changes(kept))
    assert json.loads(str(rule.parameters["fired"]))[0]["at"] == "2025-03-24 00:00:00"
