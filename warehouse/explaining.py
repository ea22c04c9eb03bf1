"""How many complaints about the network its own findings explain, by district, read from one release.

Does not belong here: the share and its interval (`analysis/explained.py`), words.
"""

from __future__ import annotations

import pandas as pd
import sqlalchemy as sa

from warehouse.analysis.explained import Explained, explained
from warehouse.query import Reader
from warehouse.scope import col
from warehouse.viewer import Viewer

WEEKS = 13
TABLE = "mart_explained_week"
LAYER = ("region_code", "rat", "week_start")


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
