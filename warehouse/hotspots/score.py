"""How much a hotspot matters, 0 to 100, by components that are shown. Requirements 2.8."""

from __future__ import annotations

from dataclasses import dataclass

from warehouse.hotspots.settings import Score


@dataclass(frozen=True)
class Scored:
    """Points of each component; `total` is their sum."""

    excess: float
    repeat: float
    escalated: float
    radio: float
    vip: float

    @property
    def total(self) -> float:
        return self.excess + self.repeat + self.escalated + self.radio + self.vip


def score(
    n: int, expected: float, repeat_share: float, n_escalated: int, badness: float, vip_share: float, points: Score
) -> Scored:
    """`n` customers against `expected`; shares and `badness` from 0 to 1. One escalated complaint gives all its points.

    An expectation that is not known (NaN) counts as 5, the least divisor: small places must not win by a hair.
    """
    due = expected if expected == expected else 5.0
    excess = min(1.0, max(0.0, (n - due) / max(5.0, due)))
    return Scored(
        points.excess * excess,
        points.repeat * repeat_share,
        points.escalated * float(n_escalated > 0),
        points.radio * badness,
        points.vip * vip_share,
    )
