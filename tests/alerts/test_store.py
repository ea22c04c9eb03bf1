"""Warnings in the store: an evaluation twice adds nothing, people's deeds are kept, two writers do not overwrite."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from alerts import found, store
from alerts.engine import follow, instants
from alerts.handling import NotPossible, on_the_agenda, possible
from alerts.rules import Rule
from warehouse import ops

MONDAY = datetime(2025, 3, 24)
HOUR = timedelta(hours=1)
WORDS = {"zh": "x", "en": "x"}


class Told:
    """A source that gives prepared readings: (hours after Monday, scope, value, n)."""

    def __init__(self, *rows: tuple[int, str, float | None, int]) -> None:
        self.frame = pd.DataFrame(
            [(MONDAY + h * HOUR, s, v, n) for h, s, v, n in rows], columns=["seen_at", "scope_id", "value", "n"]
        )

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        return self.frame[self.frame["seen_at"].isin(parameters["instants"])]


def rule(**settings: Any) -> Rule:
    given = {"scope": "district", "op": ">", "steps": {"yellow": 10, "red": 30}, "every": "1h", "owner": "NET",
             "unit": WORDS, "sentence": WORDS, "runbook": WORDS, "rationale": WORDS, "noise": WORDS}  # fmt: skip
    return Rule(id="XX01", zh="x", en="x", signal="prepared", **(given | settings))


@pytest.fixture(autouse=True)
def prepared(monkeypatch: pytest.MonkeyPatch) -> None:
    from alerts import engine
    from alerts.signals import Signal

    known = {"prepared": Signal("prepared", "", "level", "", frozenset())}
    monkeypatch.setattr(engine, "signals", lambda: known)


def run(kept: sa.Engine, source: Told, hours: int, of: Rule | None = None) -> int:
    """Evaluate up to so many hours after Monday, from where the store stands."""
    one = of or rule()
    before, since = found.where_it_stands(kept, one)
    times = instants(one, since or MONDAY, MONDAY + hours * HOUR)
    return found.record(kept, follow(one, source, times, before), since, "release")


def events(kept: sa.Engine) -> list[tuple[str, str]]:
    return [(e["actor"], e["action"]) for w in store.warnings(kept) for e in store.history(kept, w["warning_id"])]


def test_an_evaluation_twice_adds_nothing(kept: sa.Engine) -> None:
    source = Told((1, "a", 12, 50), (2, "a", 12, 50))
    assert run(kept, source, 2) == 1
    assert run(kept, source, 2) == 0
    assert events(kept) == [("engine", "fire")]


def test_hour_by_hour_is_once_over_the_range(tmp_path: Path) -> None:
    rows = [(h, s, v, 50) for s, values in (("a", [12, 5, 40, 40, 1]), ("b", [1, 12, 12, 1, 12]))
            for h, v in enumerate(values, 1)]  # fmt: skip
    pictures = []
    for name, stops in (("once", [5]), ("hourly", [1, 2, 3, 4, 5])):
        kept = ops.open_ops(f"sqlite:///{tmp_path / name}.db")
        for stop in stops:
            run(kept, Told(*rows), stop)
        pictures.append(
            [{k: v for k, v in w.items() if k not in ("revision", "known_at")} for w in store.warnings(kept)]
        )
    assert pictures[0] == pictures[1]
    assert len(pictures[0]) == 4


def test_a_worse_value_asks_for_another_look(kept: sa.Engine) -> None:
    source = Told((1, "a", 12, 50), (2, "a", 40, 50))
    run(kept, source, 1)
    (number,) = store.numbers(store.warnings(kept))
    store.act(kept, number, "ack", "Li", MONDAY + HOUR)
    run(kept, source, 2)
    (warning,) = store.warnings(kept)
    assert (warning["severity"], warning["handling"], warning["ack_by"]) == ("red", "new", None)
    assert warning["threshold"] == 30
    assert events(kept) == [("engine", "fire"), ("Li", "ack"), ("engine", "raise")]


def test_what_cleared_and_nobody_acknowledged_stays_on_the_agenda(kept: sa.Engine) -> None:
    run(kept, Told((1, "a", 12, 50), (2, "a", 1, 50)), 2)
    (warning,) = store.warnings(kept)
    assert warning["condition"] == "cleared" and warning["cleared_at"] == MONDAY + 2 * HOUR
    assert on_the_agenda(warning["handling"], warning["condition"] == "firing")
    store.act(kept, warning["warning_id"], "ack", "Li", MONDAY)
    store.act(kept, warning["warning_id"], "close", "Li", MONDAY)
    assert not on_the_agenda(store.warnings(kept)[0]["handling"], False)


def test_it_begins_when_the_condition_began(kept: sa.Engine) -> None:
    patient = rule(**{"for": "2h"})
    run(kept, Told(*((h, "a", 12, 50) for h in (1, 2, 3))), 3, patient)
    (warning,) = store.warnings(kept)
    assert (warning["first_breach_at"], warning["fired_at"]) == (MONDAY + HOUR, MONDAY + 3 * HOUR)


def test_deeds_in_order_and_no_others(kept: sa.Engine) -> None:
    run(kept, Told((1, "a", 12, 50)), 1)
    (number,) = store.numbers(store.warnings(kept))
    with pytest.raises(NotPossible, match='"close" is not possible while a warning is "new"'):
        store.act(kept, number, "close", "Li", MONDAY)
    assert "close" not in possible("new")
    store.act(kept, number, "decide", "Li", MONDAY, "放炮施工", decision="false_alarm")
    (warning,) = store.warnings(kept)
    assert (warning["decision"], warning["false_reason"], warning["ack_by"]) == ("false_alarm", "放炮施工", "Li")
    with pytest.raises(store.Unknown):
        store.act(kept, "XX01-none", "ack", "Li", MONDAY)


def test_two_people_do_not_overwrite_each_other(kept: sa.Engine) -> None:
    run(kept, Told((1, "a", 12, 50)), 1)
    (seen,) = store.warnings(kept)
    store.act(kept, seen["warning_id"], "ack", "Li", MONDAY, revision=seen["revision"])
    with pytest.raises(store.Stale, match="was changed meanwhile"):
        store.act(kept, seen["warning_id"], "assign", "Wang", MONDAY, revision=seen["revision"], owner_dept="BIL")
    assert store.warnings(kept)[0]["owner_dept"] == "NET"


def test_two_engines_do_not_both_write(kept: sa.Engine) -> None:
    source = Told((1, "a", 12, 50))
    one = rule()
    outcome = follow(one, source, instants(one, MONDAY, MONDAY + HOUR))
    assert found.record(kept, outcome, None, "release") == 1
    with pytest.raises(store.Stale, match="XX01 was evaluated up to"):
        found.record(kept, outcome, None, "release")
    assert events(kept) == [("engine", "fire")]


def test_a_silence_has_an_end(kept: sa.Engine) -> None:
    with ops.writing(kept) as con:
        con.execute(ops.silence.insert().values(rule_id="XX01", scope_id=None, begins_at=MONDAY,
                    ends_at=MONDAY + HOUR, reason="割接", created_by="Li"))  # fmt: skip
        assert store.silenced(con, "XX01", "a", MONDAY)
        assert not store.silenced(con, "XX02", "a", MONDAY)
        assert not store.silenced(con, "XX01", "a", MONDAY + HOUR)
