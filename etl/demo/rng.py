"""Named random streams: each part of the city draws from its own, so adding a part shifts no other."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray


class Streams:
    """Child generators of one seed, by name. Asking twice for a name gives a fresh, equal stream."""

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def get(self, *name: str | int) -> np.random.Generator:
        key = zlib.crc32("/".join(str(part) for part in name).encode())
        return np.random.Generator(np.random.PCG64(np.random.SeedSequence([self.seed, key])))


def quota(total: int, shares: NDArray[Any] | Sequence[float]) -> NDArray[np.int64]:
    """Whole numbers that sum to `total` in the proportion of `shares` (largest remainders)."""
    weights = np.asarray(shares, dtype=float)
    exact = total * weights / weights.sum()
    counts = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - counts), kind="stable")
    counts[order[: total - int(counts.sum())]] += 1
    return counts


def deal(rng: np.random.Generator, n: int, shares: NDArray[np.float64] | list[float]) -> NDArray[np.int64]:
    """`n` category indices in exactly the quota of `shares`, shuffled."""
    dealt = np.repeat(np.arange(len(shares)), quota(n, shares))
    rng.shuffle(dealt)
    return dealt


def lognormal(rng: np.random.Generator, mean: float, sigma: float, n: int) -> NDArray[np.float64]:
    """Lognormal with the given arithmetic mean (not the mean of the logarithm)."""
    return rng.lognormal(np.log(mean) - sigma * sigma / 2, sigma, n)
