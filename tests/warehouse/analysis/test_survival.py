"""The share of open tickets by hour, against hand-computed values and properties."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse.analysis.survival import open_share, share_at


def counts(*rows: tuple[int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["hour", "n_closed", "n_open"])


def test_without_open_tickets_it_is_the_share_not_closed_yet() -> None:
    told = open_share(counts((4, 1, 0), (1, 5, 0), (2, 4, 0)))
    assert list(zip(told["hour"], told["share"], strict=True)) == [
        (0, 1.0),
        (1, pytest.approx(0.5)),
        (2, pytest.approx(0.1)),
        (4, pytest.approx(0.0, abs=1e-12)),
    ]
    assert list(told["n_at_risk"]) == [10, 10, 5, 1]


def test_an_open_ticket_counts_as_long_as_it_is_known() -> None:
    """Textbook case: 6 at risk, 1 closes; 4 left after one is only known so far, 2 close; the last is open."""
    told = open_share(counts((6, 1, 1), (10, 2, 1), (13, 0, 1)))
    assert told["share"].tolist() == [1.0, pytest.approx(5 / 6), pytest.approx(5 / 6 * 2 / 4), pytest.approx(5 / 12)]
    assert told["n_at_risk"].tolist() == [6, 6, 4, 1]


def test_the_interval_is_greenwoods_on_the_log_log_scale() -> None:
    """100 at risk, 50 close: S = 0.5, variance of ln S = 50 / (100 · 50) = 0.01, se of ln(-ln S) = 0.1 / ln 2."""
    told = open_share(counts((5, 50, 50))).iloc[-1]
    assert told["low"] == pytest.approx(0.5**2.718281828 ** (1.959964 * 0.1 / 0.693147), rel=1e-5)
    assert told["high"] == pytest.approx(0.5**2.718281828 ** (-1.959964 * 0.1 / 0.693147), rel=1e-5)


def test_what_the_curve_says_of_an_hour() -> None:
    closed = open_share(counts((2, 3, 0), (9, 1, 0)))
    assert [share_at(closed, h) for h in (0, 1, 2, 8.9, 9, 50)] == [1, 1, 0.25, 0.25, 0, 0]
    waiting = open_share(counts((2, 3, 0), (9, 0, 1)))
    assert share_at(waiting, 9) == 0.25
    assert share_at(waiting, 10) is None, "nobody was watched so long"
    assert share_at(open_share(counts()), 1) is None


@pytest.mark.parametrize("bad", [[(1, -1, 0)], [(1, 1, 0), (1, 2, 0)]])
def test_what_is_no_count_is_refused(bad: list[tuple[int, int, int]]) -> None:
    with pytest.raises(ValueError, match="one row an hour"):
        open_share(counts(*bad))


@given(st.dictionaries(st.integers(1, 400), st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1))
def test_it_only_falls_and_stays_inside(found: dict[int, tuple[int, int]]) -> None:
    told = open_share(counts(*((h, *n) for h, n in found.items())))
    shares = told["share"].tolist()
    assert all(0 <= b <= a <= 1 for a, b in zip(shares, shares[1:], strict=False))
    known = told.dropna(subset=["low"])
    assert ((known["low"] <= known["share"]) & (known["share"] <= known["high"])).all()
