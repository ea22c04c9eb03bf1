"""A dimension by channel: the cells of a heat table, as far as this viewer may see them."""

from __future__ import annotations

import pandas as pd

from pages._shared import data
from pages._shared.frame import Frame
from warehouse.analysis.suppression import protect
from warehouse.periods import Period


def by_channel(frame: Frame, period: Period, dimension: str, is_known: bool = False) -> pd.DataFrame:
    """Complaints of `dimension` by channel: its code, channel_code, row, col, value, is_small, is_hidden_too.

    Channels of the workspace's main group stand alone; the others are a column per group, by far the smaller part.
    `is_known` leaves out the row of those whose `dimension` nobody noted.
    `value` is missing where a cell must not be shown: under five customers, or hidden too because a single hidden
    cell would follow from the totals of its row or column. `row` and `col` are in the viewer's words.
    """
    main = frame.workspace.settings.channel_share_group
    fine = data.figures(["M01"], frame.viewer, [period], [dimension, "channel_code", "channel_group"], frame.filters)
    fine = fine[fine["channel_group"] == main].assign(key=lambda f: f["channel_code"])
    coarse = data.figures(["M01"], frame.viewer, [period], [dimension, "channel_group"], frame.filters)
    coarse = coarse[coarse["channel_group"] != main].assign(key=lambda f: f["channel_group"], channel_code=None)
    cells = pd.concat([fine, coarse], ignore_index=True)
    if is_known:
        cells = cells[cells[dimension] != "UNKNOWN"].reset_index(drop=True)
    too = protect(cells, dimension, "key", "M01_num", "is_small") & (frame.viewer.level == "L1")
    return pd.DataFrame(
        {
            dimension: cells[dimension],
            "channel_code": cells["channel_code"],
            "row": [frame.name(dimension, code) for code in cells[dimension]],
            "col": [
                frame.name("channel_code", code) if code else frame.name("channel_group", group)
                for code, group in zip(cells["channel_code"], cells["channel_group"], strict=True)
            ],
            "value": cells["M01_num"].astype(float).mask(too),
            "is_small": cells["is_small"].astype(bool),
            "is_hidden_too": too.astype(bool),
        }
    )


def order(cells: pd.DataFrame, axis: str) -> list[str]:
    """Names of the rows or columns, the fullest first."""
    return [str(name) for name in cells.groupby(axis)["value"].sum().sort_values(ascending=False).index]
