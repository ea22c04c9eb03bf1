"""Getis-Ord Gi and Gi*: is a place among high values, as a z-score. Arrays in, arrays out.

Weights are 1 within the distance, 0 beyond; mean and deviation over all n places (over the n - 1 others for Gi).
Source: Ord and Getis 1995, equations 13 and 14.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import sparse
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]


def neighbours(x: ArrayLike, y: ArrayLike, metres: float) -> sparse.csr_array:
    """n × n matrix with 1.0 for every pair at most `metres` apart, a place with itself included."""
    points = np.column_stack([np.asarray(x, float), np.asarray(y, float)])
    if not len(points):
        return sparse.csr_array((0, 0))
    # A distance that rounding made a hair longer still counts.
    pairs = cKDTree(points).query_pairs(metres * (1 + 1e-9), output_type="ndarray")
    a, b = pairs[:, 0], pairs[:, 1]
    own = np.arange(len(points))
    rows, columns = np.concatenate([a, b, own]), np.concatenate([b, a, own])
    return sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=(len(points), len(points)))


def gi_star(values: ArrayLike, near: sparse.csr_array, among: NDArray[np.bool_] | None = None) -> Floats:
    """Gi* of every place as a z-score; 0 where all values are alike or every place is a neighbour.

    `values` is (n,) or (n, periods), each period a map of its own; `near` as `neighbours` gives it. Places that are not
    `among` those of the map are no neighbours of anything and get 0.
    """
    held = np.ones(near.shape[0], bool) if among is None else among
    v = np.asarray(values, float)[held]
    n = v.shape[0]
    whole = np.zeros(np.shape(values))
    if n < 2:
        return whole
    whole[held] = v
    degree = _column((near @ held.astype(float))[held], v.ndim)
    mean, spread = v.mean(axis=0), v.std(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = ((near @ whole)[held] - mean * degree) / (spread * np.sqrt((n * degree - degree**2) / (n - 1)))
    whole[held] = _finite(z)
    return whole


def gi(values: ArrayLike, near: sparse.csr_array) -> Floats:
    """Gi of every place: as `gi_star`, the place itself left out of the sum, the mean and the deviation."""
    v = np.asarray(values, float)
    n = v.shape[0]
    if n < 3:
        return np.zeros_like(v)
    degree = _column(np.asarray(near.sum(axis=1)), v.ndim) - 1
    mean = (v.sum(axis=0) - v) / (n - 1)
    spread = np.sqrt(((v**2).sum(axis=0) - v**2) / (n - 1) - mean**2)
    with np.errstate(invalid="ignore", divide="ignore"):
        z = (near @ v - v - mean * degree) / (spread * np.sqrt(((n - 1) * degree - degree**2) / (n - 2)))
    return _finite(z)


def _column(degree: Floats, n_dim: int) -> Floats:
    return degree.reshape(-1, *([1] * (n_dim - 1)))


def _finite(z: Floats) -> Floats:
    return np.where(np.isfinite(z), z, 0.0)
