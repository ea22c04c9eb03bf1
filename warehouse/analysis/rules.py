"""The same tickets under several rules: which conclusions hold under every rule, and which depend on the rule.

Does not belong here: what a rule is (`policies.toml`), counting (mart_sla), words (the pages).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import pandas as pd

from warehouse.analysis.intervals import two_proportion_p

LEAST_N = 30  # a group of fewer tickets is in no order
SURE = 0.05


@dataclass(frozen=True)
class Flip:
    """Two groups whose order is reversed by the rule: `first` is ahead under one, behind under the other."""

    first: str
    second: str
    ahead_under: str
    behind_under: str


@dataclass(frozen=True)
class Conclusions:
    """What can be said of groups that several rules judged.

    worst: the group that is last under every rule that tells groups apart, if there is one; worst_by: the last one of
    each such rule; level: the rules under which the last is not beyond chance behind the first.
    flips: pairs whose order is reversed, each order beyond chance. met, missed: rules under which the whole reaches the
    target, and those under which it does not. lowest, highest: the rules with the lowest and highest rate of the whole.
    """

    worst: str | None
    worst_by: dict[str, str]
    level: tuple[str, ...]
    flips: tuple[Flip, ...]
    met: tuple[str, ...]
    missed: tuple[str, ...]
    lowest: str | None
    highest: str | None


def conclude(table: pd.DataFrame, target: float | None) -> Conclusions:
    """Conclusions from rows of rule, group, k (kept), n (judged), one a pair.

    Only groups that every rule judged, one of them at least `LEAST_N` times, are put in order. An order counts when the
    difference of the two rates is beyond chance (two-sided, 5 %).
    """
    rules = list(dict.fromkeys(table["rule"]))
    counts = table[table["n"] > 0].pivot(index="group", columns="rule", values=["k", "n"])
    judged = counts["n"].reindex(columns=rules) if rules and len(counts) else pd.DataFrame()
    kept = counts[judged.notna().all(axis=1) & judged.ge(LEAST_N).any(axis=1)] if len(judged) else counts
    ends = {rule: _ends(kept, rule) for rule in rules if len(kept) > 1}
    worst_by = {rule: last for rule, (last, is_sure) in ends.items() if is_sure}
    same = set(worst_by.values())
    whole = table.groupby("rule", sort=False)[["k", "n"]].sum().reindex(rules)
    total = (whole["k"] / whole["n"].where(whole["n"] > 0)).dropna().astype(float)
    return Conclusions(
        worst=same.pop() if len(same) == 1 else None,
        worst_by=worst_by,
        level=tuple(rule for rule, (_, is_sure) in ends.items() if not is_sure),
        flips=_flips(kept, rules),
        met=tuple(r for r, v in total.items() if target is not None and v >= target),
        missed=tuple(r for r, v in total.items() if target is not None and v < target),
        lowest=str(total.idxmin()) if len(total) else None,
        highest=str(total.idxmax()) if len(total) else None,
    )


def _ends(kept: pd.DataFrame, rule: str) -> tuple[str, bool]:
    """The last group under a rule, and whether it is beyond chance behind the first."""
    rate = (kept["k"][rule] / kept["n"][rule]).astype(float)
    last, first = rate.idxmin(), rate.idxmax()
    k, n = kept["k"][rule], kept["n"][rule]
    sure = two_proportion_p(float(k[last]), float(n[last]), float(k[first]), float(n[first])) < SURE
    return str(last), bool(sure)


def _flips(kept: pd.DataFrame, rules: list[str]) -> tuple[Flip, ...]:
    found = []
    for a, b in combinations(list(kept.index), 2):
        ahead, behind = None, None
        for rule in rules:
            ka, na, kb, nb = (float(kept.loc[g, (c, rule)]) for g in (a, b) for c in ("k", "n"))
            if two_proportion_p(ka, na, kb, nb) >= SURE:
                continue
            if ka / na > kb / nb:
                ahead = ahead or rule
            else:
                behind = behind or rule
        if ahead and behind:
            found.append(Flip(str(a), str(b), ahead, behind))
    return tuple(found)
