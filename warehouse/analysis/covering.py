"""Which cells of a table must be hidden so that no hidden one can be worked out, and proof by a second table.

Stronger than `suppression`, which sees to it that no line hides a single cell: here every hidden cell gets a witness,
another table of whole numbers that looks the same wherever something is shown and differs in that cell.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Counts = NDArray[np.int64]
Flags = NDArray[np.bool_]
_MARGIN, _TOTAL = 3.0, 1000.0  # how much dearer it is to hide the total of a line, and that of all, than a cell


def with_totals(cells: Counts) -> Counts:
    """The table with a last column and a last row of sums."""
    wide = np.column_stack([cells, cells.sum(axis=1)])
    return np.vstack([wide, wide.sum(axis=0)])


def cover(n: Counts, small: Flags, least: int, hidden: Flags | None = None) -> Flags:
    """What to hide of `n`, a table with its totals as `with_totals` makes it: `small`, `hidden` and what must go along.

    Cells of 0 stay in sight. A reader is taken to know that a small cell holds 1 or more, and any other hidden one
    `least` or more. Every hidden cell can then be one more or one less, changed together with others that are hidden.
    """
    gone = (small | hidden if hidden is not None else small.copy()) & (n > 0)
    can_fall = n - 1 >= np.where(small, 1, least)
    weight = np.ones(n.shape)
    weight[-1, :], weight[:, -1] = _MARGIN, _MARGIN
    weight[-1, -1] = _TOTAL
    table = _Table(n, can_fall, n * weight, gone)
    safe = np.zeros(n.shape, bool)
    while (gone & ~safe).any():
        i, j = np.argwhere(gone & ~safe)[0].tolist()
        for cell in min(table.moves((i, j)), key=lambda move: move.cost).cells:
            gone[cell] = True
        safe[i, j] = True
    return gone


@dataclass(frozen=True)
class _Move:
    cost: float
    cells: tuple[tuple[int, int], ...]


@dataclass
class _Table:
    n: Counts
    can_fall: Flags
    price: NDArray[np.float64]
    gone: Flags

    def moves(self, at: tuple[int, int]) -> Iterator[_Move]:
        """The cheapest move of each kind that changes a cell: at least the one that hides all its totals."""
        last_row, last_col = self.n.shape[0] - 1, self.n.shape[1] - 1
        rows = range(last_row) if at[0] == last_row else [at[0]]
        cols = range(last_col) if at[1] == last_col else [at[1]]
        cost = np.where(self.gone, 0.0, self.price)
        for i in rows:
            for j in cols:
                if self.n[i, j]:
                    yield from self._of_leaf(i, j, cost, at[0] == last_row, at[1] == last_col)

    def _of_leaf(self, i: int, j: int, cost: NDArray[np.float64], is_col: bool, is_row: bool) -> Iterator[_Move]:
        """Moves that change cell (i, j): and the total of its column, if `is_col`, of its row, if `is_row`."""
        n, fall = self.n, self.can_fall
        r, c = n.shape[0] - 1, n.shape[1] - 1
        yield _Move(cost[i, j] + cost[i, c] + cost[r, j] + cost[r, c], ((i, j), (i, c), (r, j), (r, c)))
        if is_row and is_col:
            return
        others = np.arange(r) != i
        beside = np.arange(c) != j
        if not is_row:  # along the row: its total stays, those of two columns change
            usable = beside & (n[i, :c] > 0) & ((fall[i, :c] & fall[r, :c]) | (fall[i, j] & fall[r, j]))
            k = _cheapest(cost[i, :c] + cost[r, :c], usable)
            if k is not None:
                yield _Move(cost[[i, i, r, r], [j, k, j, k]].sum(), ((i, j), (i, k), (r, j), (r, k)))
        if not is_col:
            usable = others & (n[:r, j] > 0) & ((fall[:r, j] & fall[:r, c]) | (fall[i, j] & fall[i, c]))
            k = _cheapest(cost[:r, j] + cost[:r, c], usable)
            if k is not None:
                yield _Move(cost[[i, k, i, k], [j, j, c, c]].sum(), ((i, j), (k, j), (i, c), (k, c)))
        pairs = others[:, None] & beside[None, :] & (n[:r, :c] > 0)
        up = fall[:r, :c] & fall[:r, c][:, None] & fall[r, :c][None, :]
        down = fall[i, j] & fall[i, c] & fall[r, j]
        k = _cheapest(
            (cost[:r, :c] + cost[:r, c][:, None] + cost[r, :c][None, :]).ravel(), (pairs & (up | down)).ravel()
        )
        if k is not None:
            p, q = divmod(k, c)
            cells = ((i, j), (p, q), (i, c), (p, c), (r, j), (r, q))
            yield _Move(sum(float(cost[cell]) for cell in cells), cells)
        if is_row or is_col:
            return
        square = pairs & (n[i, :c] > 0)[None, :] & (n[:r, j] > 0)[:, None]
        turn = (fall[i, :c][None, :] & fall[:r, j][:, None]) | (fall[i, j] & fall[:r, :c])
        k = _cheapest((cost[:r, :c] + cost[i, :c][None, :] + cost[:r, j][:, None]).ravel(), (square & turn).ravel())
        if k is not None:
            p, q = divmod(k, c)
            yield _Move(cost[[i, i, p, p], [j, q, j, q]].sum(), ((i, j), (i, q), (p, j), (p, q)))


def _cheapest(cost: NDArray[np.float64], usable: Flags) -> int | None:
    return int(np.where(usable, cost, np.inf).argmin()) if usable.any() else None


def fold(n: Counts, people: Counts, least: int, union: int) -> Flags:
    """Which parts of a known sum are told together only: those of fewer than `least` people, and those that must join.

    `union`: different people in all parts that are small themselves. Once anything is folded, parts of 0 are too,
    so that nobody knows which parts hold anything. At least two parts are folded, and what is folded holds `least`
    people. A reader is taken to know that parts that had to join (people >= least) hold `least` or more.
    """
    gone = (people > 0) & (people < least)
    if not gone.any():
        return gone
    gone |= n == 0
    held = union
    for k in np.argsort(np.where(gone, np.inf, n), kind="stable"):
        if gone.sum() >= 2 and held >= least:
            break
        if not gone[k]:
            gone[k], held = True, max(held, int(people[k]))
    return gone
