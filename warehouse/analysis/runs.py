"""Which steps of time are told together only, so that longer periods and later days never tell a small one."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

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
    one = Steps(n, few, n_days, is_enough)
    return joint_runs([one], least)[0]


@dataclass(frozen=True)
class Steps:
    """What one group counts step by step, as `runs` takes it. `parts`: of a step that other sums cut, such as a week in
    which a month ends, what each part counts and on how many days; none of a step that lies whole in all of them."""

    n: Sequence[int]
    few: Sequence[frozenset[Hashable] | None]
    n_days: Sequence[int]
    is_enough: Callable[[int, int], bool] = lambda first, end: True
    parts: Callable[[int], Sequence[tuple[int, int]]] = lambda step: ()


def joint_runs(groups: Sequence[Steps], least: int) -> list[list[Run]]:
    """Runs of several groups whose sum is told for every step: one alone would follow from it and the others.

    Groups that are hidden at once end together, when each has what `runs` asks for. Where one is alone in a step, or
    all of them count no more than what a reader is taken to know, in all of it or in a part that other sums cut off,
    those that count least there go along. One that nobody shares a step with is the sum of that step: nothing hides it,
    and a run is not taken to hide it.
    """
    found: list[list[Run]] = [[] for _ in groups]
    members: dict[int, _Run] = {}
    for step in range(max((len(g.n) for g in groups), default=0)):
        counts = {k: g.n[step] for k, g in enumerate(groups) if step < len(g.n) and g.n[step]}
        for k in counts:
            if k not in members and groups[k].few[step] is not None:
                members[k] = _Run(step)
        others = sorted(counts.keys() - members.keys(), key=lambda k: (-counts[k], k))
        while others and _follow([groups[k] for k in counts.keys() & members.keys()], step, least):
            members[others.pop()] = _Run(step)
        for k in counts.keys() & members.keys():
            is_alone = len(counts) == 1 and len(groups) > 1
            members[k].take(groups[k], step, groups[k].n[step] if is_alone else _known(groups[k], step, least))
        if members and all(run.is_over(groups[k], step + 1, least) for k, run in members.items()):
            for k, run in members.items():
                found[k].append(Run(run.first, step + 1))
            members = {}
    for k, run in members.items():
        found[k].append(Run(run.first, None))
    return found


def _follow(hidden: Sequence[Steps], step: int, least: int) -> bool:
    """Whether what groups count in a step follows from their sum."""
    if len(hidden) == 1 or 0 < sum(g.n[step] for g in hidden) <= sum(_known(g, step, least) for g in hidden):
        return True
    # Of one part the sums of longer times may tell each group: then the week follows if the other leaves no choice.
    parts = zip(*(g.parts(step) for g in hidden), strict=True)
    return any(sum(n for n, _ in part) <= sum(k for _, k in part) for part in parts)


def _known(group: Steps, step: int, least: int) -> int:
    """What a reader is taken to know that a hidden step counts at least."""
    days = group.n_days[step]
    return days if group.few[step] is not None else max(days, least)


@dataclass
class _Run:
    """A run that goes on."""

    first: int
    n_steps: int = 0
    total: int = 0
    floor: int = 0
    people: set[Hashable] = field(default_factory=set)
    is_many: bool = False

    def take(self, group: Steps, step: int, floor: int) -> None:
        """Take a step in. `floor`: what a reader is taken to know that it counts at least."""
        who = group.few[step]
        self.n_steps, self.total = self.n_steps + 1, self.total + group.n[step]
        self.floor += floor
        self.people |= who or set()
        self.is_many |= who is None

    def is_over(self, group: Steps, end: int, least: int) -> bool:
        has_slack = self.n_steps > 1 and self.total > self.floor + SLACK
        return has_slack and (self.is_many or len(self.people) >= least) and group.is_enough(self.first, end)
