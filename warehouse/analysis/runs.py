"""Which steps of time are told together only, so that longer periods and later days never tell a small one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass

SLACK = 2  # complaints that nobody can place: months that meet weeks place some of them


@dataclass(frozen=True)
class Run:
    """Steps `first` up to, not including, `end`; None: not over yet, the next steps will belong to it."""

    first: int
    end: int | None

    def holds(self, step: int) -> bool:
        return self.first <= step and (self.end is None or step < self.end)

    def cut_by(self, boundary: int) -> bool:
        """Whether what lies before a boundary between steps would tell a part of the run."""
        return self.first < boundary and (self.end is None or boundary < self.end)


def runs(
    n: Sequence[int],
    few: Sequence[frozenset[Hashable] | None],
    n_days: Sequence[int],
    least: int,
    is_enough: Callable[[int, int], bool] = lambda first, end: True,
) -> list[Run]:
    """Steps hidden together. `n`: what each counts, on how many days (`n_days`); `few`: who stands behind it where that
    is fewer than `least`.

    A run begins with a small step and takes in those that follow until it holds two that count anything and `least`
    different people. Never those before: they were told when they were the newest. So what is told once is told for
    ever, and no sum over whole runs and told steps is one of few people. A reader is taken to know that every day that
    is listed counts 1 or more, and a hidden step that is not small `least` or more: a run counts more than that.
    `is_enough` may ask for more of a run of steps `first` up to `end`.
    """
    found: list[Run] = []
    first, n_steps, total, floor = None, 0, 0, 0
    people: set[Hashable] = set()
    is_many = False
    for step, (count, who, days) in enumerate(zip(n, few, n_days, strict=True)):
        if not count or (first is None and who is None):
            continue
        if first is None:
            first, n_steps, total, floor, people, is_many = step, 0, 0, 0, set(), False
        n_steps, total, floor = n_steps + 1, total + count, floor + (days if who is not None else max(days, least))
        people |= who or set()
        is_many |= who is None
        has_slack = n_steps > 1 and total > floor + SLACK and (is_many or len(people) >= least)
        if has_slack and is_enough(first, step + 1):
            found.append(Run(first, step + 1))
            first = None
    return [*found, Run(first, None)] if first is not None else found
