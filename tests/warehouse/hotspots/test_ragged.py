"""Counting within groups, against the same by hand."""

from __future__ import annotations

import numpy as np

from warehouse.hotspots.ragged import Ragged, commonest, n_distinct, once


def ints(*values: int) -> np.ndarray:
    return np.array(values, np.int64)


def test_lists_come_back_in_the_order_asked_for_and_as_often() -> None:
    lists = Ragged.of([[7, 8], [], [9]])
    whose, values = lists.take(ints(2, 0, 1, 0))
    assert whose.tolist() == [0, 1, 1, 3, 3]
    assert values.tolist() == [9, 7, 8, 7, 8]
    assert lists.take(ints())[1].tolist() == []


def test_each_value_counts_once_in_its_group_and_is_found_where_it_first_stood() -> None:
    group, value = ints(1, 0, 1, 1, 0), ints(5, 5, 3, 5, 5)
    assert [a.tolist() for a in once(group, value)] == [[0, 1, 1], [5, 3, 5], [1, 2, 0]]
    assert n_distinct(group, value, 3).tolist() == [1, 2, 0]


def test_the_commonest_value_is_the_smaller_on_a_tie_and_there_is_none_of_nothing() -> None:
    assert commonest(ints(0, 0, 0, 2, 2), ints(4, 1, 4, 9, 8), 3).tolist() == [4, -1, 8]
