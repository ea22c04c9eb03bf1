"""What moved the total: a change between two periods, split among the groups behind it.

Does not belong here: which periods may be compared (`calendar_compare`), the sentence made of the answer.

Frames have one row per combination of keys (or several, which are added up), with whole non-negative counts
in ``value``; a key missing from one period counts 0 there, a null key is a key. Both periods must be equally
long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from warehouse.analysis.groups import Groups
from warehouse.analysis.intervals import two_count_p, two_proportion_p

Verdict = Literal["worse", "better", "normal"]

COLUMNS = ["dim", "key", "before", "now", "change", "share_of_change", "p_value"]
RATE_COLUMNS = [
    "dim", "key", "k_before", "n_before", "rate_before", "k_now", "n_now", "rate_now",
    "mix_effect", "within_effect", "effect", "p_value",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Item:
    """One group that moved: its keys, its counts without what earlier items already took, and how sure it is.

    ``p_value`` is that of the two counts alone, ``p_adjusted`` allows for all groups that were looked at.
    ``is_partial``: cells of this group belong to an earlier item and are not counted again here.
    """

    keys: dict[str, Any]
    before: int
    now: int
    share_of_change: float
    p_value: float
    p_adjusted: float
    is_partial: bool

    @property
    def change(self) -> int:
        return self.now - self.before


@dataclass(frozen=True, slots=True)
class Explanation:
    """The fewest groups that tell most of the change; ``remainder`` + the changes of ``items`` = the change.

    ``verdict``: "normal" when the totals differ no more than chance allows. ``is_broad``: the total moved,
    and no dimension shows groups that moved differently from the rest; say "across the board".
    """

    total_before: int
    total_now: int
    items: list[Item]
    remainder: int
    verdict: Verdict
    p_value: float
    is_broad: bool

    @property
    def change(self) -> int:
        return self.total_now - self.total_before

    @property
    def increases(self) -> list[Item]:
        return [item for item in self.items if item.change > 0]

    @property
    def decreases(self) -> list[Item]:
        return [item for item in self.items if item.change < 0]


def contributions(now: pd.DataFrame, before: pd.DataFrame, dims: list[str], value: str) -> pd.DataFrame:
    """Change of every key of every single dimension; columns `COLUMNS`, largest movement of each dim first.

    ``share_of_change`` is signed against the net change and adds up to 1 within a dim (NaN when the net
    change is 0; single shares pass 1 where keys moved in opposite directions).
    """
    cells = _cells(now, before, dims, value)
    parts = [
        _table(cells, [dim]).rename(columns={dim: "key"}).assign(dim=dim)[COLUMNS]
        for dim in dims
    ]  # fmt: skip
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=COLUMNS)


def top_cells(now: pd.DataFrame, before: pd.DataFrame, dims: list[str], value: str, limit: int = 10) -> pd.DataFrame:
    """The cells of all dims crossed that moved most: columns ``dims`` and `COLUMNS` from ``before`` on.

    Their changes do not overlap and may be added. A raw ranking; `explain` judges.
    """
    return _table(_cells(now, before, dims, value), dims).head(limit)


def explain(
    now: pd.DataFrame,
    before: pd.DataFrame,
    dims: list[str],
    value: str,
    max_items: int = 3,
    *,
    good_direction: Literal["down", "up"] = "down",
    alpha: float = 0.05,
    min_share: float = 0.1,
) -> Explanation:
    """The few groups, at any depth of ``dims``, that account for the change.

    Greedy: of all groups (one dim, pairs, all dims crossed) whose counts differ beyond chance, take the one
    with the largest movement; narrow it to a part that holds at least half of it while the rest of the group
    did not move; put its cells aside; repeat on what is left. Chance is the exact test of two Poisson counts,
    corrected for the number of groups that could have shown anything (Tarone), so a quiet week has no items
    however many cells it has. Movements below ``min_share`` of the net change are left in the remainder.
    """
    cells = _cells(now, before, dims, value)
    old, new = cells["before"].to_numpy(), cells["now"].to_numpy()
    groups = Groups(cells, dims)
    tests = _effective_tests([groups.sums(level, old + new) for level in groups.levels], alpha)
    total_before, total_now = int(old.sum()), int(new.sum())
    net = total_now - total_before
    free = np.ones(len(cells), dtype=bool)
    items: list[Item] = []
    while len(items) < max_items:
        mine = groups.best(old, new, free, alpha / tests, min_share * abs(net))
        if mine is None:
            break
        level, code = mine
        members = groups.codes[level] == code
        taken = members & free
        a, b = int(old[taken].sum()), int(new[taken].sum())
        p = two_count_p(a, b)
        keys = {dim: cells[dim].iloc[int(np.argmax(members))] for dim in level}
        share = (b - a) / net if net else float("nan")
        partial = bool((members & ~free & (old + new > 0)).any())
        items.append(Item(keys, a, b, share, p, min(1.0, p * tests), partial))
        free &= ~members
    p_total = two_count_p(total_before, total_now)
    return Explanation(
        total_before,
        total_now,
        items,
        net - sum(item.change for item in items),
        _verdict(net, p_total, alpha, good_direction),
        p_total,
        p_total < alpha and all(_moved_alike(cells, dim, alpha / len(dims)) for dim in dims),
    )


def rate_contributions(
    now: pd.DataFrame, before: pd.DataFrame, dims: list[str], numerator: str, denominator: str
) -> pd.DataFrame:
    """Change of a rate split by key into mix and within: columns `RATE_COLUMNS`, largest effects first.

    within = mean weight × change of the key's rate; mix = change of its weight × (its mean rate − mean
    overall rate). The split is exact: within a dim, mix and within effects add up to the change of the
    overall rate. A key without cases in one period has no rate to change there: all its effect is mix. NaN
    effects when one period has no cases at all. ``p_value`` tests the key's two rates (NaN where it has none,
    or the figure is no share of its denominator, as in complaints per user).
    """
    parts = [_rate_table(now, before, dim, numerator, denominator) for dim in dims]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=RATE_COLUMNS)


def _rate_table(now: pd.DataFrame, before: pd.DataFrame, dim: str, numerator: str, denominator: str) -> pd.DataFrame:
    k = _cells(now, before, [dim], numerator).set_index(dim)
    n = _cells(now, before, [dim], denominator).set_index(dim)
    table = pd.DataFrame({"key": n.index.to_series(index=range(len(n)))})
    k0, k1, n0, n1 = (side[col].to_numpy(dtype=float) for side in (k, n) for col in ("before", "now"))
    orphans = ((n0 == 0) & (k0 > 0)) | ((n1 == 0) & (k1 > 0))
    if orphans.any():
        key = table["key"][orphans].iloc[0]
        raise ValueError(f'{dim} "{key}": {numerator} without any {denominator}')
    with np.errstate(invalid="ignore", divide="ignore"):
        rate0, rate1, w0, w1 = k0 / n0, k1 / n1, n0 / n0.sum(), n1 / n1.sum()
        overall = (k0.sum() / n0.sum() + k1.sum() / n1.sum()) / 2
    from_rate, to_rate = np.where(n0 > 0, rate0, rate1), np.where(n1 > 0, rate1, rate0)
    empty = (n0 == 0) & (n1 == 0)
    within = np.where(empty, 0.0, (w0 + w1) / 2 * (to_rate - from_rate))
    mix = np.where(empty, 0.0, (w1 - w0) * ((from_rate + to_rate) / 2 - overall))
    shares = (n0 > 0) & (n1 > 0) & (k0 <= n0) & (k1 <= n1)
    p = np.where(shares, two_proportion_p(*(np.where(shares, x, 0) for x in (k0, n0, k1, n1))), np.nan)
    table = table.assign(
        dim=dim, k_before=k0, n_before=n0, rate_before=rate0, k_now=k1, n_now=n1, rate_now=rate1,
        mix_effect=mix, within_effect=within, effect=mix + within, p_value=p,
    )  # fmt: skip
    order = np.argsort(-np.nan_to_num(np.abs(mix + within)), kind="stable")
    return table.iloc[order].reset_index(drop=True)[RATE_COLUMNS]


def _cells(now: pd.DataFrame, before: pd.DataFrame, dims: list[str], value: str) -> pd.DataFrame:
    """One row per combination of keys: ``dims``, before, now; sorted by key so that ties are stable."""
    sides = [
        frame[dims].assign(before=frame[value] * (side == "before"), now=frame[value] * (side == "now"))
        for side, frame in (("before", before), ("now", now))
    ]
    counts = pd.concat(sides, ignore_index=True)
    figures = counts[["before", "now"]].to_numpy(dtype=float)
    if np.isnan(figures).any() or (figures < 0).any() or (figures != np.floor(figures)).any():
        raise ValueError(f'"{value}": expected whole counts of 0 or more in every row')
    counts[["before", "now"]] = figures.astype(np.int64)
    if not dims:
        return counts[["before", "now"]].sum().to_frame().T
    return counts.groupby(dims, dropna=False, observed=True, sort=True)[["before", "now"]].sum().reset_index()


def _table(cells: pd.DataFrame, dims: list[str]) -> pd.DataFrame:
    table = cells.groupby(dims, dropna=False, observed=True, sort=True)[["before", "now"]].sum().reset_index()
    table["change"] = table["now"] - table["before"]
    net = int(table["change"].sum())
    table["share_of_change"] = table["change"] / net if net else np.nan
    table["p_value"] = two_count_p(table["before"], table["now"])
    order = np.argsort(-table["change"].abs().to_numpy(), kind="stable")
    return table.iloc[order].reset_index(drop=True)


def _effective_tests(totals: list[NDArray[np.float64]], alpha: float) -> int:
    """Tarone's count of tests: groups too small ever to be significant cost nothing."""
    smallest_p = np.concatenate([2.0 * 0.5**total for total in totals] or [np.ones(1)])
    tests = 1
    while int((smallest_p <= alpha / tests).sum()) > tests:
        tests += 1
    return tests


def _moved_alike(cells: pd.DataFrame, dim: str, alpha: float) -> bool:
    """True unless the keys of a dim changed by different factors (chi-square test of homogeneity)."""
    table = cells.groupby(dim, dropna=False, observed=True)[["before", "now"]].sum().to_numpy()
    table = table[table.sum(axis=1) > 0]
    if len(table) < 2 or (table.sum(axis=0) == 0).any():
        return True
    return bool(stats.chi2_contingency(table, correction=False).pvalue >= alpha)


def _verdict(net: int, p: float, alpha: float, good_direction: Literal["down", "up"]) -> Verdict:
    if p >= alpha or net == 0:
        return "normal"
    return "better" if (net < 0) == (good_direction == "down") else "worse"
