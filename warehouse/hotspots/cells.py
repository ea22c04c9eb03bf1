"""Which cells a hotspot hangs on: those its customers used, else those near by that point at it. Frames in and out."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from warehouse.hotspots.settings import Cells

Floats = NDArray[np.float64]


def bearing(from_x: ArrayLike, from_y: ArrayLike, to_x: ArrayLike, to_y: ArrayLike) -> Floats:
    """Degrees from north, clockwise, 0 to 360, of the way from one point of local metres to another."""
    east, north = (
        np.asarray(to_x, float) - np.asarray(from_x, float),
        np.asarray(to_y, float) - np.asarray(from_y, float),
    )
    return np.asarray(np.degrees(np.arctan2(east, north)) % 360.0)


def aside(a: ArrayLike, b: ArrayLike) -> Floats:
    """Angle between two bearings, 0 to 180; NaN where one is missing."""
    return np.asarray(np.abs((np.asarray(a, float) - np.asarray(b, float) + 180.0) % 360.0 - 180.0))


def candidates(spots: pd.DataFrame, served: pd.DataFrame, cells: pd.DataFrame, rule: Cells) -> pd.DataFrame:
    """The 3 to 6 cells of each hotspot, best first.

    `spots`: spot_no, x, y, is_urban, on (the day asked about). `served`: spot_no, cell_id, n (its tickets that name the
    cell). `cells`: cell_id, site_id, x, y, azimuth_deg (missing: all round), is_indoor, valid_from, valid_to, versions
    of dim_cell; the one of the day counts.
    Returns spot_no, rank, cell_id, site_id, distance_m, bearing_deg (from the mast to the hotspot), off_axis_deg,
    is_indoor, is_serving, n_tickets. Cells that tickets name come first, by their tickets; where they are fewer than
    `least`, the others are those within reach, indoor ones within `indoor_m`, whose axis is not more than `bearing_deg`
    aside, by distance.
    """
    known = cells[cells["x"].notna() & cells["y"].notna()].reset_index(drop=True)
    named = _named(spots, served, known)
    # Where tickets name enough cells, nobody asks what else stands near.
    day = pd.to_datetime(spots.set_index("spot_no")["on"]).reindex(named["spot_no"]).to_numpy("datetime64[s]")
    since, until = (pd.to_datetime(known[c]).to_numpy("datetime64[s]") for c in ("valid_from", "valid_to"))
    there = named[(since[named["at"]] <= day) & ~(until[named["at"]] <= day)]
    cell = pd.factorize(known["cell_id"])[0][there["at"]]
    told = there.assign(cell=cell).groupby("spot_no")["cell"].nunique()
    few = spots[~spots["spot_no"].isin(told[told >= rule.least].index)]
    pairs = pd.concat([_around(few, known, rule), named], ignore_index=True)
    if pairs.empty:
        return _shape(pairs)
    at = pairs["at"].to_numpy(np.int64)
    numbers = pairs["spot_no"].to_numpy(np.int64)
    order = np.argsort(spots["spot_no"].to_numpy(np.int64), kind="stable")
    of = order[np.searchsorted(spots["spot_no"].to_numpy(np.int64), numbers, sorter=order)]
    n_tickets = pairs["n"].fillna(0).to_numpy(np.int64)
    x, y = (spots[name].to_numpy(float)[of] for name in ("x", "y"))
    mast_x, mast_y = (known[name].to_numpy(float)[at] for name in ("x", "y"))
    distance, way = np.hypot(mast_x - x, mast_y - y), bearing(mast_x, mast_y, x, y)
    off_axis = aside(known["azimuth_deg"].to_numpy(float)[at], way)
    is_indoor = known["is_indoor"].fillna(False).to_numpy(bool)[at]
    day = pd.to_datetime(spots["on"]).to_numpy("datetime64[s]")[of]
    since, until = (pd.to_datetime(known[c]).to_numpy("datetime64[s]")[at] for c in ("valid_from", "valid_to"))
    is_there = (since <= day) & ~(until <= day)
    reach = np.where(is_indoor, rule.indoor_m, np.where(spots["is_urban"], rule.urban_m, rule.rural_m)[of])
    points_here = is_indoor | np.isnan(off_axis) | (off_axis <= rule.bearing_deg)
    held = np.flatnonzero(((n_tickets > 0) | ((distance <= reach) & points_here)) & is_there)
    by_name = pd.factorize(known["cell_id"], sort=True)[0][at]
    held = held[np.lexsort((by_name[held], distance[held], -n_tickets[held], numbers[held]))]
    _, first = np.unique(numbers[held] * np.int64(len(known) + 1) + by_name[held], return_index=True)
    held = held[np.sort(first)]
    rows = {"spot_no": numbers[held], "is_serving": n_tickets[held] > 0, "n_tickets": n_tickets[held]}
    rows |= {name: known[name].to_numpy(object)[at[held]] for name in ("cell_id", "site_id")}
    rows |= {"distance_m": distance[held], "bearing_deg": way[held], "off_axis_deg": off_axis[held]}
    found = pd.DataFrame(rows | {"is_indoor": is_indoor[held]})
    found["rank"] = found.groupby("spot_no").cumcount() + 1
    n_serving = found.groupby("spot_no")["is_serving"].transform("sum")
    wanted = np.where(found["is_serving"], rule.most, np.maximum(rule.least, n_serving))
    return _shape(found[found["rank"] <= np.minimum(wanted, rule.most)])


PAIRS = {"spot_no": "int64", "at": "int64", "n": "float64"}
COLUMNS = {
    "spot_no": "int64", "rank": "int64", "cell_id": "object", "site_id": "object", "distance_m": "float64",
    "bearing_deg": "float64", "off_axis_deg": "float64", "is_indoor": "bool", "is_serving": "bool",
    "n_tickets": "int64",
}  # fmt: skip


def _shape(found: pd.DataFrame) -> pd.DataFrame:
    return found.reindex(columns=list(COLUMNS)).astype(COLUMNS).reset_index(drop=True)


def _around(spots: pd.DataFrame, cells: pd.DataFrame, rule: Cells) -> pd.DataFrame:
    """Pairs of a hotspot and a cell version within the widest reach."""
    if cells.empty or spots.empty:
        return pd.DataFrame({"spot_no": [], "at": [], "n": []}).astype(PAIRS)
    tree = cKDTree(cells[["x", "y"]].to_numpy(float))
    reach = np.where(spots["is_urban"], rule.urban_m, rule.rural_m)
    near = tree.query_ball_point(spots[["x", "y"]].to_numpy(float), reach)
    numbers = np.repeat(spots["spot_no"].to_numpy(np.int64), [len(n) for n in near])
    at = np.concatenate([np.asarray(n, np.int64) for n in near]) if len(near) else np.zeros(0, np.int64)
    return pd.DataFrame({"spot_no": numbers, "at": at, "n": np.nan})


def _named(spots: pd.DataFrame, served: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """Pairs of a hotspot and each version of a cell that its tickets name."""
    versions = pd.DataFrame({"cell_id": cells["cell_id"], "at": np.arange(len(cells))})
    held = served[served["spot_no"].isin(spots["spot_no"])].merge(versions, on="cell_id")
    return held[["spot_no", "at", "n"]].astype(PAIRS)
