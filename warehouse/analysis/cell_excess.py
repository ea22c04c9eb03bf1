"""Which cells have more complaints than their traffic explains, and whether the network is poor there. Frames in.

Does not belong here: which complaint is put to which cell (`mart_ticket_cell`), how badly a cell does (`radio`).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from warehouse.hotspots import radio
from warehouse.hotspots.expect import common

SURE = 0.95
LEAST = 3  # complaints; one or two at a cell happen anywhere
TOP = 20
FLOOR = 0.05  # of the mean traffic of the stratum: a cell that was hardly counted is not expected to have none
BOTH, FINE_HIGH, POOR_QUIET, OTHER = "both", "fine_high", "poor_quiet", "other"
KINDS = (FINE_HIGH, POOR_QUIET, BOTH)


@dataclass(frozen=True)
class Overlap:
    """Of the `k` cells with most complaints beyond expectation `poor` have a figure beyond its limit.

    `by_chance` is how many of `k` cells picked by lot would: the share of poor cells times `k`. `shared` counts the
    cells that are both among those `k` and among the `k` worst by figures.
    """

    k: int
    poor: int
    by_chance: float
    shared: int


def with_excess(cells: pd.DataFrame) -> pd.DataFrame:
    """`cells` with expected, ratio, excess, p_more, is_high added; needs region_code, rat, n_tickets, rrc_att.

    expected: the complaints of the cell's district and radio generation, shared out by connection attempts (equally
    where none were counted). ratio: complaints over expected, shrunk by the Gamma prior that cells have in common
    (moments); excess: (ratio - 1) x expected, complaints. p_more: probability that the true ratio is above 1, of cells
    with at least three complaints. is_high: p_more at least 0.95, and so at least three complaints.
    """
    groups = _numbered(cells["region_code"], cells["rat"])
    traffic = np.nan_to_num(cells["rrc_att"].to_numpy(float))
    n = cells["n_tickets"].to_numpy(float)
    size = np.bincount(groups).astype(float)
    mean = (np.bincount(groups, traffic) / size)[groups]
    base = np.where(mean > 0, np.maximum(traffic, FLOOR * mean), 1.0)
    expected = np.bincount(groups, n)[groups] * base / np.bincount(groups, base)[groups]
    ratio, p_more = np.ones(len(n)), np.full(len(n), np.nan)
    held = expected > 0
    if held.any():
        prior = common(n[held], expected[held])
        shape, rate = n + prior.alpha, expected + prior.beta
        ratio[held] = (shape / rate)[held]
        asked = held & (n >= LEAST)
        p_more[asked] = stats.gamma.sf(1.0, shape[asked], scale=1 / rate[asked])
    return cells.assign(
        expected=expected, ratio=ratio, excess=(ratio - 1) * expected, p_more=p_more, is_high=p_more >= SURE
    )


def _numbered(*names: pd.Series) -> NDArray[np.intp]:
    """A running number for each combination; an unknown name is one of its own."""
    number = np.zeros(len(names[0]), np.intp)
    for name in names:
        code, known = pd.factorize(name, use_na_sentinel=True)
        number = number * (len(known) + 1) + code + 1
    return np.unique(number, return_inverse=True)[1].astype(np.intp)


def with_kind(cells: pd.DataFrame) -> pd.DataFrame:
    """`kind` and is_poor added; needs is_high, state and n_tickets.

    both: high and poor. fine_high: high where no figure is beyond its limit. poor_quiet: poor and no complaint at all.
    """
    poor = cells["state"].isin([radio.BAD, radio.OUT]).to_numpy(bool)
    known = (cells["state"] != radio.SILENT).to_numpy(bool)
    high, quiet = cells["is_high"].to_numpy(bool), cells["n_tickets"].to_numpy(float) == 0
    names = [BOTH, FINE_HIGH, POOR_QUIET, OTHER]
    code = np.select([high & poor, high & known, poor & quiet], [0, 1, 2], 3)
    return cells.assign(is_poor=poor, kind=pd.Categorical.from_codes(code, names))


def overlap(cells: pd.DataFrame, top: int = TOP) -> Overlap:
    """How far the two lists agree; needs excess, badness, is_poor. Ties are broken by the cell's number."""
    excess, badness, poor = (cells[name].to_numpy() for name in ("excess", "badness", "is_poor"))
    by_excess = _first(cells, "excess", np.flatnonzero(excess > 0), top)
    k = len(by_excess)
    worst = _first(cells, "badness", np.flatnonzero(badness > 0), k)
    # Only cells that complaints can be put to: of a generation or district without any, none can be among the first.
    could = (cells["state"] != radio.SILENT).to_numpy(bool) & (cells["expected"].to_numpy(float) > 0)
    share = float(poor[could].mean()) if could.any() else 0.0
    return Overlap(k, int(poor[by_excess].sum()), share * k, len(np.intersect1d(by_excess, worst)))


def highest(cells: pd.DataFrame, by: str, n: int) -> pd.DataFrame:
    """The `n` rows of the highest values, ties by the cell's number."""
    return cells.iloc[_first(cells, by, np.arange(len(cells)), n)]


def _first(cells: pd.DataFrame, by: str, of: NDArray[np.intp], n: int) -> NDArray[np.intp]:
    """Positions of the rows `of` that are first; only those that may be are sorted."""
    values = np.nan_to_num(cells[by].to_numpy(float)[of], nan=-np.inf)
    if 0 < n < len(of):
        may = values >= np.partition(values, -n)[-n]
        of, values = of[may], values[may]
    return of[np.lexsort([cells["cell_id"].iloc[of].to_numpy(), -values])][:n]


def agreement(cells: pd.DataFrame) -> tuple[float, float, float]:
    """Spearman's correlation of excess and badness with a 95 % interval (Fisher z), over cells with an expectation."""
    held = cells[(cells["expected"] > 0) & cells["badness"].notna()]
    n = len(held)
    if n < 10 or held["badness"].nunique() < 2 or held["excess"].nunique() < 2:
        return float("nan"), float("nan"), float("nan")
    r = float(stats.spearmanr(held["excess"], held["badness"]).statistic)
    z, half = np.arctanh(np.clip(r, -0.999999, 0.999999)), 1.96 * np.sqrt(1.06 / (n - 3))
    bounds: NDArray[np.float64] = np.tanh([z - half, z + half])
    return r, float(bounds[0]), float(bounds[1])
