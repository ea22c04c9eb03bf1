"""Lists of unequal length in two arrays, and counts of what differs within groups: whole weeks at once, no loops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Small = NDArray[np.int32] | NDArray[np.int64]


@dataclass(frozen=True)
class Ragged:
    """List k is `values[begin[k]:begin[k + 1]]`."""

    begin: Ints
    values: Small

    @classmethod
    def of(cls, lists: Sequence[Sequence[int]]) -> Ragged:
        sizes = np.fromiter(map(len, lists), np.int64, len(lists))
        begin = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        return cls(begin, np.fromiter(chain.from_iterable(lists), np.int64, int(begin[-1])))

    def where(self, ids: Ints) -> tuple[Ints, Ints]:
        """Of the lists `ids`, one after the other: whose entry it is, by position in `ids`, and where it stands."""
        first, sizes = self.begin[ids], self.begin[ids + 1] - self.begin[ids]
        whose = np.repeat(np.arange(len(ids), dtype=np.int64), sizes)
        at = np.repeat(first - (np.cumsum(sizes) - sizes), sizes)
        at += np.arange(len(at), dtype=np.int64)
        return whose, at

    def take(self, ids: Ints) -> tuple[Ints, Small]:
        """Of the lists `ids`: whose entry it is, by position in `ids`, and the entry."""
        whose, at = self.where(ids)
        return whose, self.values[at]


def once(group: Ints, value: Ints) -> tuple[Ints, Ints, Ints]:
    """Each value of each group once, ascending by both: group, value, and where it stands first."""
    most = np.int64(value.max(initial=0) + 1)
    keys, first = np.unique(group * most + value, return_index=True)
    return keys // most, keys % most, first


def n_distinct(group: Ints, value: Ints, n_groups: int) -> Ints:
    """How many different values each group has."""
    return np.bincount(once(group, value)[0], minlength=n_groups).astype(np.int64)


def commonest(group: Ints, value: Ints, n_groups: int) -> Ints:
    """Of each group the value that most of its rows have, the smallest on a tie; -1 of none."""
    out = np.full(n_groups, -1, np.int64)
    most = np.int64(value.max(initial=0) + 1)
    keys, n = np.unique(group * most + value, return_counts=True)
    whose, what = keys // most, keys % most
    order = np.lexsort((what, -n, whose))
    groups, first = np.unique(whose[order], return_index=True)
    out[groups] = what[order][first]
    return out
