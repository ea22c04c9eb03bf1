"""What recorded outcomes suggest about a rule. Only a suggestion: a person saves a version, or does not. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from alerts.rules import Rule
from alerts.state import COMPARE
from alerts.workbench import Decided

LEAST, LOW = 20, 0.30  # judged warnings, and the precision under which a rule is looked at again
KEEPS = 0.9  # share of the right ones that a stricter threshold must keep


@dataclass(frozen=True)
class Suggestion:
    """`raise`: the first threshold to `threshold`, which would have kept n_real of the right warnings and n_false of
    the wrong ones. `retire`: no threshold tells them apart."""

    kind: Literal["raise", "retire"]
    n: int
    precision: float
    threshold: float | None = None
    n_real: int = 0
    n_false: int = 0


def suggestion(rule: Rule, judged: Sequence[Decided]) -> Suggestion | None:
    """What to do about a rule that is wrong too often; None where it is not, or too few were judged."""
    n, n_real = len(judged), sum(d.is_real for d in judged)
    if n < LEAST or n_real / n >= LOW:
        return None
    precision = n_real / n
    known = [d for d in judged if d.value is not None]
    best: Suggestion | None = None
    for threshold in sorted({d.value for d in known if d.value is not None}):
        kept = [d for d in known if d.value is not None and COMPARE[rule.op](d.value, threshold)]
        real = sum(d.is_real for d in kept)
        if not kept or real < KEEPS * n_real or real / len(kept) < LOW:
            continue
        found = Suggestion("raise", n, precision, threshold, real, len(kept) - real)
        if best is None or (found.n_false, -found.n_real) < (best.n_false, -best.n_real):
            best = found
    return best or Suggestion("retire", n, precision)
