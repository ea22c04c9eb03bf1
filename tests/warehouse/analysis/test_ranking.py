"""Who is ranked, how sure that is, and when no order is printed."""

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.ranking import can_be_told_apart, groups, ranking, worst_count


def units(**counts: tuple[int, int]) -> pd.DataFrame:
    return pd.DataFrame([(key, *kn) for key, kn in counts.items()], columns=["key", "k", "n"])


def test_a_bad_unit_is_among_the_worst_and_a_small_one_is_not_ranked():
    rows = units(a=(31, 65), b=(160, 200), c=(170, 210), d=(150, 190), e=(80, 100), f=(82, 100), tiny=(4, 9))
    table = ranking(rows, seed=1).set_index("key")
    assert table.index[0] == "a" and table.index[-1] == "tiny"
    assert table.loc["a", "p_worst"] > 0.999 and table.loc["a", "rank_high"] == 1
    assert not table.loc["tiny", "is_ranked"] and np.isnan(table.loc["tiny", ["p_worst", "value"]].astype(float)).all()
    assert table["p_worst"].sum() == pytest.approx(3, abs=1e-9)
    assert can_be_told_apart(table) and table.loc["a", "group"] == 1 and table.loc["b", "group"] == 2
    assert 31 / 65 < table.loc["a", "value"] < 0.8, "pulled towards the others, not onto them"


def test_thirty_cases_are_enough_and_twenty_nine_are_not():
    table = ranking(units(a=(15, 30), b=(20, 29), c=(80, 100)), seed=1).set_index("key")
    assert list(table["is_ranked"]) == [True, True, False]
    assert bool(table.loc["b", "is_ranked"]) is False


def test_alike_units_have_no_order():
    table = ranking(units(a=(75, 100), b=(150, 200), c=(60, 80), d=(91, 120)), seed=1)
    assert not can_be_told_apart(table)
    assert set(table["group"]) == {1.0}
    assert table["p_worst"].max() < 0.75


def test_one_unit_alone_has_no_rank():
    table = ranking(units(a=(31, 65), b=(13, 17)), seed=1)
    assert not table["is_ranked"].any() and not can_be_told_apart(table)
    assert ranking(units(a=(31, 65)).head(0), seed=1).empty


def test_the_same_seed_gives_the_same_table():
    rows = units(a=(31, 65), b=(60, 80), c=(65, 80), d=(33, 50))
    pd.testing.assert_frame_equal(ranking(rows, seed=7), ranking(rows, seed=7))
    other = ranking(rows, seed=8)
    assert ranking(rows, seed=7)["p_worst"].to_numpy() == pytest.approx(other["p_worst"].to_numpy(), abs=0.02)


def test_the_worst_of_few():
    assert [worst_count(n) for n in (2, 3, 4, 5, 6, 40)] == [1, 1, 2, 2, 3, 3]


def test_the_chance_of_being_worst_against_the_exact_one():
    """Two units, flat posteriors of equal size: the better one is worse in truth as often as two normals say."""
    from scipy import stats

    from warehouse.analysis.ranking import posterior_draws
    from warehouse.analysis.shrinkage import Prior

    drawn = posterior_draws([600, 640], [1000, 1000], Prior(1, 1), seed=3, draws=60_000)
    spread = np.sqrt(0.6 * 0.4 / 1000 + 0.64 * 0.36 / 1000)
    assert np.mean(drawn[:, 1] < drawn[:, 0]) == pytest.approx(stats.norm.sf(0.04 / spread), abs=0.005)


def test_groups_begin_where_the_first_of_a_group_is_surely_passed():
    steps = np.array([[0.1, 0.2, 0.3], [0.2, 0.1, 0.3], [0.1, 0.2, 0.3]])
    assert list(groups(steps)) == [1, 1, 2]
