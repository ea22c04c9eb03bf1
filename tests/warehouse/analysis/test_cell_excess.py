"""Complaints beyond traffic, shrunk; which cells are both, either or neither."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from warehouse.analysis.cell_excess import (
    BOTH,
    FINE_HIGH,
    OTHER,
    POOR_QUIET,
    agreement,
    highest,
    overlap,
    with_excess,
    with_kind,
)
from warehouse.hotspots.expect import common


def cells(n: list[int], traffic: list[float], **more: list[object]) -> pd.DataFrame:
    made = {"cell_id": [f"c{i:03d}" for i in range(len(n))], "n_tickets": n, "rrc_att": traffic}
    return pd.DataFrame({**made, "region_code": "r", "rat": "LTE", "state": "fine", "badness": 0.0, **more})


def test_what_is_expected_is_shared_out_by_traffic_within_district_and_generation() -> None:
    table = cells([6, 2, 4, 0], [300, 100, 50, 50], region_code=["a", "a", "b", "b"])
    found = with_excess(table)
    assert found["expected"].tolist() == pytest.approx([6, 2, 2, 2])
    assert found["expected"].sum() == table["n_tickets"].sum()


def test_the_excess_is_that_of_the_shrunken_ratio() -> None:
    found = with_excess(cells([12, 1, 1, 1, 1], [1, 1, 1, 1, 1]))
    prior = common([12, 1, 1, 1, 1], [3.2] * 5)
    ratio = (12 + prior.alpha) / (3.2 + prior.beta)
    assert found["ratio"].iloc[0] == pytest.approx(ratio)
    assert found["excess"].iloc[0] == pytest.approx((ratio - 1) * 3.2)
    assert found["p_more"].iloc[0] == pytest.approx(stats.gamma.sf(1, 12 + prior.alpha, scale=1 / (3.2 + prior.beta)))
    assert 0 < found["excess"].iloc[0] < 12 - 3.2, "drawn to the mean"


def test_counts_by_chance_alone_name_hardly_a_cell() -> None:
    rng = np.random.default_rng(6)
    traffic = rng.gamma(4, 1, 2000)
    found = with_excess(cells(rng.poisson(traffic).tolist(), traffic.tolist()))
    assert found["is_high"].mean() < 0.01


def test_cells_that_were_not_counted_share_equally_and_none_is_expected_of_an_empty_city() -> None:
    assert with_excess(cells([2, 0], [np.nan, np.nan]))["expected"].tolist() == [1, 1]
    empty = with_excess(cells([0, 0], [5, 5]))
    assert empty["excess"].tolist() == [0, 0] and not empty["is_high"].any()
    assert with_excess(cells([], [])).empty


def test_a_cell_hardly_counted_is_not_expected_to_have_no_complaint() -> None:
    found = with_excess(cells([1, 10, 10], [0, 100, 100]))
    assert found["expected"].iloc[0] > 0.1 and np.isfinite(found["excess"]).all()


def test_kinds_need_both_complaints_and_figures() -> None:
    table = cells([9, 9, 0, 1, 9], [1] * 5, state=["bad", "fine", "out", "bad", "silent"])
    found = with_kind(table.assign(is_high=[True, True, False, False, True]))
    assert found["kind"].tolist() == [BOTH, FINE_HIGH, POOR_QUIET, OTHER, OTHER]


def test_the_overlap_counts_poor_cells_among_the_first_and_what_lot_would_give() -> None:
    table = cells(
        [0] * 10, [1] * 10, excess=[9, 8, 7, 6, 0, 0, 0, 0, 0, 0], expected=[1] * 10,
        badness=[1, 0, 0, 0.5, 1, 1, 0, 0, 0, 0], state=["bad", "fine", "fine", "poor", "bad", "bad", *["fine"] * 4],
    )  # fmt: skip
    seen = overlap(with_kind(table.assign(is_high=False)), top=4)
    assert (seen.k, seen.poor, seen.shared) == (4, 1, 2)
    assert seen.by_chance == pytest.approx(0.3 * 4)
    assert overlap(with_kind(table.assign(is_high=False, excess=0.0))).k == 0


def test_lists_that_agree_correlate_and_few_cells_say_nothing() -> None:
    same = cells([0] * 30, [1] * 30, excess=list(range(30)), expected=[1] * 30, badness=[i / 30 for i in range(30)])
    r, low, high = agreement(same)
    assert r == pytest.approx(1) and low > 0.99 and high <= 1
    assert np.isnan(agreement(same.head(9))[0])


@pytest.mark.parametrize("n", [0, 1, 7, 50, 99, 100, 200])
def test_the_highest_are_those_that_sorting_all_would_put_first(n: int) -> None:
    rng = np.random.default_rng(n)
    excess = rng.integers(0, 6, 100).astype(float)
    excess[rng.random(100) < 0.1] = np.nan
    table = cells([1] * 100, [1.0] * 100, excess=excess.tolist()).sample(frac=1, random_state=n)
    wanted = table.sort_values(["excess", "cell_id"], ascending=[False, True]).head(n)
    pd.testing.assert_frame_equal(highest(table, "excess", n), wanted)
