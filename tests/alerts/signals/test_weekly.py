"""Counts of whole weeks: which detector judges which history, and that nothing counts but a week's own past."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import numpy as np
import pandas as pd
import pytest

from alerts.detectors import ears, farrington
from alerts.detectors.farrington import Setting
from alerts.rules import load_rules
from alerts.signals import weekly

FIRST = date(2020, 1, 6)
GIVEN = load_rules()["RC11"].parameters
WEEKS = 300


@pytest.fixture
def counts() -> np.ndarray:
    """Three scopes: of five years and more, of three to four, of half a year."""
    found = np.random.default_rng(5).poisson(9, (3, WEEKS)).astype(float)
    found[1, :120] = 0
    found[2, : WEEKS - 26] = 0
    return found


def told(counts: np.ndarray, weeks: list[int]) -> pd.DataFrame:
    """As the select has it, for instants at the end of some weeks."""
    rows = [
        {
            "seen_at": pd.NaT,
            "scope_id": f"NET/{s}",
            "week_start": FIRST + timedelta(weeks=int(w)),
            "n": int(counts[s, w]),
        }
        for s, w in zip(*np.nonzero(counts), strict=True)
    ]
    asked = [{"seen_at": _end(w), "scope_id": None, "week_start": FIRST + timedelta(weeks=w), "n": None} for w in weeks]
    frame = pd.DataFrame([*rows, *asked])
    return frame.assign(seen_at=pd.to_datetime(frame["seen_at"]))


def _end(week: int) -> datetime:
    return datetime.combine(FIRST, datetime.min.time()) + timedelta(weeks=week + 1)


def test_each_history_is_judged_by_what_it_allows(counts: np.ndarray) -> None:
    last = WEEKS - 1
    found = weekly.weekly(told(counts, [last]), GIVEN).set_index("scope_id")
    assert found["years"].to_dict() == {"NET/0": 5, "NET/1": 3, "NET/2": 0}
    for row, years in ((0, 5), (1, 3)):
        answer = farrington.judge(counts[row], last, Setting(years=years, alpha=0.01), FIRST)
        seen = found.loc[f"NET/{row}"]
        assert seen["bound_count"] == answer.upper[0] + 1
        assert seen["baseline"] == pytest.approx(answer.expected[0], rel=1e-6)
        assert seen["value"] == counts[row, last] / (answer.upper[0] + 1)
    limit = ears.limits(counts[2], "C2", 7, 0.001, 1.0)[-1]
    assert found.loc["NET/2", "bound_count"] == np.floor(limit) + 1
    assert "EARS C2" in found.loc["NET/2", "method_zh"] and "Farrington" in found.loc["NET/0", "method_en"]


def test_the_unusual_count_itself_is_unusual_and_one_less_is_not(counts: np.ndarray) -> None:
    last = WEEKS - 1
    limit = weekly.weekly(told(counts, [last]), GIVEN)["bound_count"].tolist()
    for row in range(3):
        for less, is_unusual in ((0, True), (1, False)):
            counts[row, last] = limit[row] - less
            value = weekly.weekly(told(counts, [last]), GIVEN)["value"][row]
            assert (value >= 1) == is_unusual


def test_any_chunking_and_later_weeks_change_nothing(counts: np.ndarray) -> None:
    weeks = list(range(WEEKS - 12, WEEKS))
    together = weekly.weekly(told(counts, weeks), GIVEN)
    alone = pd.concat([weekly.weekly(told(counts, [w]), GIVEN) for w in weeks], ignore_index=True)
    pd.testing.assert_frame_equal(together, alone, rtol=1e-9)
    known = np.where(np.arange(WEEKS) <= WEEKS - 12, counts, 0)
    then = weekly.weekly(told(known, weeks[:1]), GIVEN)
    pd.testing.assert_frame_equal(then, together[: len(then)], rtol=1e-9)


def test_other_scopes_change_nothing(counts: np.ndarray) -> None:
    last = [WEEKS - 1]
    few = weekly.weekly(told(counts[:1], last), GIVEN)
    many = weekly.weekly(told(counts, last), GIVEN)
    pd.testing.assert_frame_equal(few, many[many["scope_id"] == "NET/0"].reset_index(drop=True), rtol=1e-6)


def test_few_are_not_unusual_and_a_week_without_any_is_judged(counts: np.ndarray) -> None:
    last = WEEKS - 1
    counts[0, last - 3 :] = [0, 0, 0, 4]
    counts[1, last] = 0
    found = weekly.weekly(told(counts, [last]), GIVEN).set_index("scope_id")
    assert found.loc["NET/0", "bound_count"] >= 5 and found.loc["NET/0", "value"] < 1
    assert found.loc["NET/1", "value"] == 0 and found.loc["NET/1", "n"] == 0


def test_too_short_a_history_is_not_judged(counts: np.ndarray) -> None:
    counts[2, : WEEKS - 9] = 0
    assert "NET/2" not in set(weekly.weekly(told(counts, [WEEKS - 1]), GIVEN)["scope_id"])
    assert weekly.weekly(told(counts[:0], [WEEKS - 1]), GIVEN).empty
    assert weekly.weekly(told(counts, []), GIVEN).empty
    assert weekly.weekly(told(counts, [0]), GIVEN).empty


def test_it_says_how_far_it_is(counts: np.ndarray) -> None:
    said: list[tuple[int, int]] = []
    weekly.weekly(told(counts, [WEEKS - 2, WEEKS - 1]), GIVEN, lambda done, of: said.append((done, of)))
    assert said == [(1, 2), (2, 2)]


def test_five_in_four_weeks_are_enough_where_they_are_rare(counts: np.ndarray) -> None:
    """The fifth of four weeks is told; the same week without it is not, and says which count would have been."""
    counts[0] = 0
    counts[0, [0, 40, 160, 220]] = 1
    for before, bound, value in ((1, 4, 1.0), (0, 5, 0.8)):
        counts[0, WEEKS - 4 :] = [0, before, 0, 4]
        seen = weekly.weekly(told(counts, [WEEKS - 1]), GIVEN).set_index("scope_id").loc["NET/0"]
        assert (seen["bound_count"], seen["value"]) == (bound, value)
