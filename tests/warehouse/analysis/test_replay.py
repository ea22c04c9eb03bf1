"""The replay by hand: no change changes nothing, each rule takes what it says, a known world is hit."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.analysis.replay import (
    HIGH,
    LOW,
    MIDDLE,
    Rule,
    by_group,
    changed,
    drawn_quick_s,
    effect,
    is_on_time,
    saved_s,
)

HOUR = 3600
EVERY = [Rule("none"), Rule("approval"), Rule("duty"), Rule("partner"), Rule("firstline", frozenset({"TAR02"}))]


def tickets(*rows: dict[str, Any]) -> pd.DataFrame:
    """Tickets of 48 hours' limit that took 50, unless told otherwise. Times are hours."""
    usual = {
        "took": 50.0, "allowed": 48.0, "approval": 0.0, "off": 0.0, "partner": 0.0, "quick": math.nan,
        "type_l1": "TAR", "type_code": "TAR02", "is_first_line": False, "draw_key": "00000000", "is_due": True,
    }  # fmt: skip
    full = pd.DataFrame([{**usual, "ticket_id": f"T{n:04d}", **row} for n, row in enumerate(rows)])
    for name in ("took", "allowed", "approval", "off", "partner", "quick"):
        full[f"{name}_s"] = full.pop(name) * HOUR
    return full


def counts(frame: pd.DataFrame) -> tuple[int, int]:
    on_time = is_on_time(frame, saved_s(frame, Rule("none"), 1.0))
    return int(on_time.sum()), len(frame)


def test_the_limit_reached_exactly_is_on_time() -> None:
    frame = tickets({"took": 48.0}, {"took": 48.0 + 1 / HOUR}, {"took": math.nan})
    assert is_on_time(frame, saved_s(frame, Rule("none"), 1.0)).tolist() == [True, False, False]


@pytest.mark.parametrize(
    ("rule", "column", "factor"), [("approval", "approval", 1.0), ("duty", "off", 1.0), ("partner", "partner", 0.5)]
)
def test_a_rule_takes_its_share_of_what_it_may_take(rule: Any, column: str, factor: float) -> None:
    frame = tickets({column: 10.0}, {column: 0.0}, {column: 500.0}, {column: 10.0, "took": math.nan})
    for share in (LOW, MIDDLE, HIGH):
        expected = [10 * factor * share * HOUR, 0, min(500 * factor * share, 50) * HOUR, 0]
        assert saved_s(frame, Rule(rule), share).tolist() == [pytest.approx(e, abs=1) for e in expected]


def test_two_hours_of_approval_decide_a_ticket_of_fifty() -> None:
    """60 % of 2 hours leave 48.8, all of them 48 exactly."""
    frame = tickets({"approval": 2.0}, {"approval": 4.0}, {"approval": 0.0})
    assert is_on_time(frame, saved_s(frame, Rule("approval"), LOW)).tolist() == [False, True, False]
    assert is_on_time(frame, saved_s(frame, Rule("approval"), HIGH)).tolist() == [True, True, False]
    assert changed(frame, Rule("approval"))["ticket_id"].tolist() == ["T0001"]


@given(
    st.lists(
        st.fixed_dictionaries(
            {
                "took": st.one_of(st.just(math.nan), st.floats(0, 400)),
                "approval": st.floats(0, 50),
                "off": st.floats(0, 100),
                "partner": st.floats(0, 100),
                "quick": st.one_of(st.just(math.nan), st.floats(0.1, 5)),
                "draw_key": st.integers(0, 16**8 - 1).map(lambda n: f"{n:08x}"),
            }
        ),
        min_size=1,
        max_size=20,
    )
)
def test_no_rule_takes_more_than_there_is_nor_makes_anything_late(rows: list[dict[str, Any]]) -> None:
    frame = tickets(*rows)
    before = is_on_time(frame, saved_s(frame, Rule("none"), 1.0))
    for rule in EVERY:
        low, middle, high = (saved_s(frame, rule, share) for share in (LOW, MIDDLE, HIGH))
        assert (low >= 0).all() and (low <= middle).all() and (middle <= high).all(), (
            "more is saved with a larger share"
        )
        assert (high <= np.nan_to_num(frame["took_s"].to_numpy()) + 1).all()
        assert (before <= is_on_time(frame, high)).all()


@pytest.mark.parametrize("rule", EVERY)
def test_no_change_is_exactly_the_actual_rate(rule: Rule) -> None:
    frame = tickets(*({"took": 40.0 + n % 20, "off": n % 7} for n in range(200)))
    told = effect(frame, Rule("none"), counts(frame))
    assert told.before == told.after == told.low == told.high == counts(frame)[0] / 200
    other = effect(frame, rule, counts(frame))
    assert other.before == told.before
    assert other.low <= other.after <= other.high


def test_an_effect_by_hand() -> None:
    """Of ten late tickets four lay on a weekend long enough for every share; the rate goes from 50 to 70 %."""
    frame = tickets(*[{"took": 20.0}] * 10, *[{"off": 10.0}] * 4, *[{}] * 6)
    told = effect(frame, Rule("duty"), counts(frame))
    assert (told.before, told.after) == (0.5, 0.7)
    assert 0.5 <= told.low < 0.7 < told.high <= 0.95
    assert told == effect(frame, Rule("duty"), counts(frame)), "the same every time"


def test_the_uncertain_assumption_widens_the_interval() -> None:
    """A ticket that needs 80 % of the weekend counts at one end of the range only."""
    sure = tickets(*[{"took": 20.0}] * 1000, *[{"off": 10.0}] * 400, *[{}] * 600)
    unsure = tickets(*[{"took": 20.0}] * 1000, *[{"off": 2.5}] * 400, *[{}] * 600)
    wide, narrow = (effect(f, Rule("duty"), counts(f)) for f in (unsure, sure))
    assert wide.high - wide.low > 3 * (narrow.high - narrow.low)


def test_a_sample_moves_the_actual_rate_by_its_difference() -> None:
    """Where a sample by chance is better than all, its difference counts and not its level."""
    sample = tickets(*[{"took": 20.0}] * 6, *[{"off": 10.0}] * 2, *[{}] * 2)
    told = effect(sample, Rule("duty"), (5000, 10_000), scale=1000.0)
    assert (told.before, told.after, told.n, told.n_replayed) == (0.5, 0.7, 10_000, 10)


def test_tickets_without_a_log_never_change() -> None:
    frame = tickets(*[{"took": 20.0}] * 5, *[{"off": 10.0}] * 5)
    half = effect(frame, Rule("duty"), (10, 20))
    assert half.after == pytest.approx(0.5 + 0.5 * 0.5)


def test_the_matured_rate_leaves_out_what_is_not_due() -> None:
    frame = tickets({"took": 20.0}, {"off": 10.0}, {"took": math.nan, "is_due": False})
    told = effect(frame, Rule("duty"), (1, 2), frame["is_due"].to_numpy())
    assert (told.before, told.after, told.n_replayed) == (0.5, 1.0, 2)


def test_nothing_to_replay_says_so() -> None:
    told = effect(tickets({}).iloc[:0], Rule("duty"), (3, 4))
    assert (told.before, told.after) == (0.75, 0.75) and math.isnan(told.low)


def test_first_line_settles_the_chosen_types_as_fast_as_it_does() -> None:
    done = pd.DataFrame({"type_l1": ["TAR"] * 40 + ["SVC"] * 5, "took_s": [*range(100, 4100, 100), *[60] * 5]})
    frame = tickets(
        {"draw_key": "00000000"},
        {"draw_key": "80000000"},
        {"draw_key": "ffff0000"},
        {"type_l1": "SVC"},
        {"type_code": "TAR01"},
        {"draw_key": "8000ffff"},
        {"is_first_line": True},
    ).drop(columns="quick_s")
    frame["quick_s"] = drawn_quick_s(frame, done)
    assert frame["quick_s"].tolist()[:3] == [100, 2100, 4000]
    assert math.isnan(frame["quick_s"][3]), "five are no model"
    saved = saved_s(frame, Rule("firstline", frozenset({"TAR02"})), MIDDLE)
    took = 50 * HOUR
    assert saved.tolist() == [took - 100, took - 2100, took - 4000, 0, 0, 0, 0], (
        "the last share is beyond the first line"
    )


def test_groups_add_up_to_the_whole() -> None:
    rows = [{"took": 40.0 + n % 20, "off": float(n % 9), "type_l1": "NET" if n % 3 else "TAR"} for n in range(300)]
    frame = tickets(*rows)
    groups = by_group(frame, Rule("duty"), "type_l1")
    whole = effect(frame, Rule("duty"), counts(frame))
    assert (groups["n"] * groups["after"]).sum() / 300 == pytest.approx(whole.after)
    assert groups["n_changed"].sum() == len(changed(frame, Rule("duty")))
    gains = (groups["after"] - groups["before"]).tolist()
    assert gains == sorted(gains, reverse=True)


def test_a_world_with_a_known_truth_is_hit() -> None:
    """Every ticket comes at the beginning of a weekend on which a department works at 5 % of its speed.

    With a duty desk it takes its content of work. The replay at 95 % must say so for each that outlasts the weekend.
    """
    content = np.random.default_rng(3).uniform(3, 90, 500)
    took = 48 + (content - 0.05 * 48)
    frame = tickets(*({"took": t, "off": 48.0} for t in took))
    replayed = is_on_time(frame, saved_s(frame, Rule("duty"), 0.95))
    assert (replayed == (content <= 48)).all()
    told = effect(frame, Rule("duty"), counts(frame))
    assert told.low <= float((content <= 48).mean()) <= told.high
