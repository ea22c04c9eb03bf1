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
    out = cells.copy()
    groups = [out["region_code"].fillna(""), out["rat"].fillna("")]
    traffic = out["rrc_att"].fillna(0).astype(float)
    mean = traffic.groupby(groups).transform("mean")
    base = traffic.clip(lower=FLOOR * mean).where(mean > 0, 1.0)
    n = out["n_tickets"].astype(float)
    out["expected"] = n.groupby(groups).transform("sum") * base / base.groupby(groups).transform("sum")
    held = out["expected"] > 0
    out["ratio"], out["p_more"] = 1.0, np.nan
    if held.any():
        expected = out.loc[held, "expected"].to_numpy(float)
        prior = common(n[held], expected)
        shape, rate = n[held].to_numpy() + prior.alpha, expected + prior.beta
        out.loc[held, "ratio"] = shape / rate
        asked = (held & (n >= LEAST)).to_numpy()
        some = asked[held.to_numpy()]
        out.loc[asked, "p_more"] = stats.gamma.sf(1.0, shape[some], scale=1 / rate[some])
    out["excess"] = (out["ratio"] - 1) * out["expected"]
    out["is_high"] = out["p_more"] >= SURE
    return out


def with_kind(cells: pd.DataFrame) -> pd.DataFrame:
    """`kind` and is_poor added; needs is_high, state and n_tickets.

    both: high and poor. fine_high: high where no figure is beyond its limit. poor_quiet: poor and no complaint at all.
    """
    out = cells.copy()
    out["is_poor"] = out["state"].isin([radio.BAD, radio.OUT])
    known = out["state"] != radio.SILENT
    out["kind"] = np.select(
        [
            out["is_high"] & out["is_poor"],
            out["is_high"] & known,
            out["is_poor"] & (out["n_tickets"] == 0),
        ],
        [BOTH, FINE_HIGH, POOR_QUIET],
        OTHER,
    )
    return out


def overlap(cells: pd.DataFrame, top: int = TOP) -> Overlap:
    """How far the two lists agree; needs excess, badness, is_poor. Ties are broken by the cell's number."""
    by_excess = highest(cells[cells["excess"] > 0], "excess", top)
    k = len(by_excess)
    worst = highest(cells[cells["badness"] > 0], "badness", k)
    known = cells[cells["state"] != radio.SILENT]
    # Only cells that complaints can be put to: of a generation or district without any, none can be among the first.
    could = known[known["expected"] > 0]
    share = float(could["is_poor"].mean()) if len(could) else 0.0
    return Overlap(
        k, int(by_excess["is_poor"].sum()), share * k, len(set(by_excess["cell_id"]) & set(worst["cell_id"]))
    )


def highest(cells: pd.DataFrame, by: str, n: int) -> pd.DataFrame:
    """The `n` rows of the highest values, ties by the cell's number; only those that may be among them are sorted."""
    values = cells[by].fillna(-np.inf).to_numpy(float)
    if 0 < n < len(values):
        cells = cells[values >= np.partition(values, -n)[-n]]
    return cells.sort_values([by, "cell_id"], ascending=[False, True]).head(n)


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
