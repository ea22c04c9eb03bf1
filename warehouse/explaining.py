"""How many complaints about the network its own findings explain, by district, read from one release.

Does not belong here: the share and its interval (`analysis/explained.py`), words.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd
import sqlalchemy as sa

from warehouse.analysis.explained import Explained, explained
from warehouse.query import Reader
from warehouse.scope import SMALL_CELL, col
from warehouse.viewer import Viewer

WEEKS = 13
TABLE = "mart_explained_week"
LAYER = ("region_code", "rat", "week_start")
KINDS = ("radio", "alarm", "change")


@dataclass(frozen=True)
class Told:
    """What a viewer is told: of all together, by district, and how many complaints had which kind of finding.

    `city` is None where complaints with or without a finding are few. `districts`: region_code, n, ratio, explained,
    low, high; what is few is missing. `kinds` is None where one of them is few: it would follow from the others.
    """

    n: int
    city: Explained | None
    districts: pd.DataFrame
    kinds: dict[str, int] | None


def told(reader: Reader, viewer: Viewer, regions: Collection[str] = ()) -> Told | None:
    """Of some districts (none: all that the viewer sees); None where there is nothing to tell of."""
    rows = layers(reader, viewer)
    if len(rows) and regions:
        rows = rows[rows["region_code"].isin(regions)]
    if rows.empty:
        return None

    def is_few(n: int) -> bool:
        return not viewer.sees_rows and 0 < n < SMALL_CELL

    city, by = share(rows), by_district(rows)
    by.loc[[is_few(n) for n in by["n_found"]], ["ratio", "share", "low", "high"]] = None
    kinds = {kind: int(rows[f"n_{kind}"].sum()) for kind in KINDS}
    return Told(
        city.n,
        None if is_few(city.n_bad) or is_few(city.n - city.n_bad) else city,
        by.drop(columns="n_found").rename(columns={"share": "explained"}),
        None if any(is_few(n) for n in kinds.values()) else kinds,
    )


def layers(reader: Reader, viewer: Viewer) -> pd.DataFrame:
    """The rows of `mart_explained_week`, of the viewer's districts; sums only.

    The weeks, and what counts for a finding, are as the release has them. Nothing of a release that lacks the table.
    """
    if TABLE not in reader.levels:
        return pd.DataFrame()
    week = sa.table(TABLE)
    shown = [col(week, name) for name in reader.levels[TABLE]]
    found = reader.run(sa.select(*shown).select_from(week).order_by(*(col(week, name) for name in LAYER)))
    return found if viewer.regions is None else found[found["region_code"].isin(viewer.regions)]


def share(rows: pd.DataFrame) -> Explained:
    """The share of `layers`' complaints that findings explain, pooled over what the rows hold."""
    return explained(rows["n_found"], rows["traffic_found"], rows["n_fine"], rows["traffic_fine"])


def by_district(rows: pd.DataFrame) -> pd.DataFrame:
    """region_code, n, n_found, ratio, share, low, high; one row per district, the best explained first."""
    out = []
    for code, part in rows.groupby("region_code"):
        found = share(part)
        out.append(
            {
                "region_code": code, "n": found.n, "n_found": found.n_bad, "ratio": found.ratio, "share": found.share,
                "low": found.low, "high": found.high,
            }
        )  # fmt: skip
    columns = ["region_code", "n", "n_found", "ratio", "share", "low", "high"]
    return pd.DataFrame(out, columns=columns).sort_values("share", ascending=False, ignore_index=True)
