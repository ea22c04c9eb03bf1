"""Pairs beyond their margins: by hand, corrected for how many are looked at, and none where nothing is planted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from warehouse.analysis.cross_table import cross_table


def counted(table: list[list[int]]) -> pd.DataFrame:
    return pd.DataFrame(
        [(f"r{i}", f"c{j}", n) for i, line in enumerate(table) for j, n in enumerate(line)], columns=["a", "b", "n"]
    )


def test_a_pair_by_hand() -> None:
    """Margins 60 and 40, 50 and 50 of 100: 30 are due, 40 came. Spread √(30 × 0.4 × 0.5) = 2.449, residual 4.08."""
    found = cross_table(counted([[40, 20], [10, 30]]), "a", "b").set_index(["a", "b"])
    one = found.loc[("r0", "c0")]
    assert (one["n"], one["expected"], one["ratio"]) == (40, 30.0, pytest.approx(40 / 30))
    assert one["p_value"] == pytest.approx(4 * 4.456e-05, rel=0.01)
    assert found["stands_out"].tolist() == [1, -1, -1, 1]


def test_small_cells_are_not_judged() -> None:
    found = cross_table(counted([[4, 1], [1, 4]]), "a", "b")
    assert found["p_value"].isna().all() and (found["stands_out"] == 0).all()


def test_nothing_planted_is_nothing_found() -> None:
    rng = np.random.default_rng(3)
    wrong = sum(
        bool((cross_table(counted(rng.poisson(30, (7, 7)).tolist()), "a", "b")["stands_out"] != 0).any())
        for _ in range(200)
    )
    assert wrong <= 20, "of tables without any link at most one in twenty is called one, give or take"


def test_one_row_and_no_row() -> None:
    assert (cross_table(counted([[10, 20]]), "a", "b")["stands_out"] == 0).all()
    assert cross_table(counted([[0]]), "a", "b").empty
