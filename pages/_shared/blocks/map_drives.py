"""Test drives as an overlay of the map: where was the signal measured, and how strong was it?"""

from __future__ import annotations

from typing import Any

import numpy as np

from pages._shared import data_map, deck, numbers
from pages._shared.charts.legend import Key
from pages._shared.frame import Frame
from pages._shared.text import t
from pages._shared.theme import palette
from warehouse.periods import Period

EDGES = (-110.0, -100.0, -90.0)  # dBm: none to speak of, weak, fair, good


def drives(frame: Frame, week: Period) -> tuple[list[Any], list[Key]]:
    """Points of the thirteen weeks up to the week's end, coloured by level."""
    lang, p = frame.lang, palette(frame.mode)
    found = data_map.drives(frame.viewer, week.end).dropna(subset=["rsrp_dbm"])
    if found.empty:
        return [], []
    fill = (p.red.mark, p.orange.mark, p.yellow.mark, p.green.mark)
    step = np.searchsorted(EDGES, found["rsrp_dbm"].to_numpy(float), side="right")
    shown = found.assign(
        rgba=[deck.rgba(fill[i], 220) for i in step],
        size=25,
        tip=[
            f"{r.test_id}\n{numbers.moment(r.measured_at, lang)} · {numbers.fixed(r.rsrp_dbm, 0)} dBm"
            for r in found.itertuples()
        ],
    )[["lon", "lat", "rgba", "size", "tip"]]
    names = ["< -110", "-110 – -100", "-100 – -90", "≥ -90"]
    keys = [
        Key(t("map.drive_key", lang, level=names[i]), fill[i], "circle") for i in range(len(fill)) if (step == i).any()
    ]
    return [deck.points("drives", shown, p, radius_px=(3, 6))], keys
