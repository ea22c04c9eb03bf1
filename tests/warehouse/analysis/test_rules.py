"""Conclusions that hold under every rule, and those that turn with it: hand-made tables."""

from __future__ import annotations

import pandas as pd

from warehouse.analysis.rules import Flip, conclude


def table(**rules: dict[str, tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [{"rule": r, "group": g, "k": k, "n": n} for r, groups in rules.items() for g, (k, n) in groups.items()]
    )


def test_what_is_last_under_every_rule_is_said_so() -> None:
    told = conclude(
        table(
            short={"NET": (20, 100), "BIL": (60, 100), "MKT": (61, 100)},
            long={"NET": (50, 100), "BIL": (90, 100), "MKT": (88, 100)},
        ),
        0.75,
    )
    assert told.worst == "NET"
    assert told.worst_by == {"short": "NET", "long": "NET"}
    assert told.flips == (), "61 against 60 and 88 against 90 of 100 are no order"
    assert (told.met, told.missed) == (("long",), ("short",)), "228 of 300 is 76 %, 141 of 300 is 47 %"
    assert (told.lowest, told.highest) == ("short", "long")


def test_an_order_that_turns_beyond_chance_is_named() -> None:
    told = conclude(table(a={"BIL": (90, 100), "MKT": (60, 100)}, b={"BIL": (40, 100), "MKT": (80, 100)}), None)
    assert told.flips == (Flip("BIL", "MKT", "a", "b"),)
    assert told.worst is None
    assert told.worst_by == {"a": "MKT", "b": "BIL"}
    assert told.met == told.missed == ()


def test_small_groups_are_in_no_order_but_count_in_the_whole() -> None:
    told = conclude(table(a={"BIL": (90, 100), "HR": (0, 29)}, b={"BIL": (91, 100), "HR": (29, 29)}), 0.9)
    assert told.worst is None and told.worst_by == {} and told.flips == ()
    assert told.level == (), "one group alone is in no order"
    assert told.met == ("b",), "120 of 129; under a 90 of 129"


def test_a_rule_that_does_not_judge_a_group_takes_it_out_of_the_order() -> None:
    told = conclude(
        table(a={"BIL": (90, 100), "NET": (10, 100), "MKT": (50, 100)}, b={"BIL": (9, 90), "MKT": (50, 90)}), None
    )
    assert told.worst is None
    assert told.worst_by == {"a": "MKT", "b": "BIL"}


def test_a_rule_that_tells_nobody_apart_does_not_count_against_the_last() -> None:
    told = conclude(table(a={"BIL": (90, 100), "NET": (10, 100)}, b={"BIL": (99, 100), "NET": (20, 20)}), None)
    assert told.worst == "NET" and told.worst_by == {"a": "NET"}
    assert told.level == ("b",), "99 of 100 against 20 of 20"


def test_nothing_judged_concludes_nothing() -> None:
    told = conclude(pd.DataFrame({"rule": [], "group": [], "k": [], "n": []}), 0.95)
    assert told.worst is None and told.lowest is None and told.flips == ()
