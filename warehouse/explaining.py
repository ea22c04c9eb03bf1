"""How many complaints about the network its own findings explain, by district, read from one release.

Does not belong here: the share and its interval (`analysis/explained.py`), words.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pandas as pd

from warehouse.analysis.explained import Explained, explained
from warehouse.query import Reader
from warehouse.viewer import Viewer

WEEKS = 13
SQL = Path(__file__).with_name("explained.sql")
NEEDED = ("mart_cell_week", "mart_ticket_cell")
FINDINGS = "mart_cell_finding"


def layers(reader: Reader, viewer: Viewer, end: date, weeks: int = WEEKS) -> pd.DataFrame:
    """The rows of `explained.sql` for the weeks before a Monday, of the viewer's districts; sums only.

    Findings are as the release has them. Nothing of a release from before there was a table of them.
    """
    if FINDINGS not in reader.levels or any(reader.n_rows(name) == 0 for name in NEEDED):
        return pd.DataFrame()
    asked = {"first_on": end - timedelta(7 * weeks), "end_on": end}
    found = reader.ask(SQL.read_text(encoding="utf-8"), asked)
    numbers = [c for c in found if c not in ("region_code", "rat", "week_start")]
    found[numbers] = found[numbers].fillna(0)
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
