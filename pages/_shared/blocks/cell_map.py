"""Where a cell stands: its direction, the cells around it by state, and what test drives measured there."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from pages._shared import deck, draw, extent, states
from pages._shared.blocks import cell_words
from pages._shared.charts.legend import Key, legend
from pages._shared.fans import WIDTH_DEG, fans
from pages._shared.frame import Frame
from pages._shared.maps import borders
from pages._shared.text import t, word
from pages._shared.theme import palette
from warehouse.hotspots import radio

REACH_M = 2_500.0
MOST = 300  # neighbours; more fans than that hide each other
HEIGHT = 320  # px
_OWN_M = 230.0


def show(frame: Frame, about: pd.Series, everyone: pd.DataFrame) -> None:
    """A small map around the cell; a note where it has no position."""
    lang, p, space = frame.lang, palette(frame.mode), frame.workspace
    if pd.isna(about["lon"]):
        states.note(t("cell.no_position", lang))
        return
    lon, lat = float(about["lon"]), float(about["lat"])
    fill = {radio.OUT: p.red.mark, radio.BAD: p.orange.mark, radio.POOR: p.yellow.mark, radio.FINE: p.green.mark}
    fill[radio.SILENT] = p.gray.mark
    around = _near(everyone, lon, lat)
    around = around[around["cell_id"] != about["cell_id"]]
    around = around.assign(
        rgba=[deck.rgba(fill[s], 110) for s in around["state"]],
        tip=[f"{cell_words.name(r)}\n{cell_words.worst(r, lang)}" for r in around.itertuples()],
    )
    own = pd.DataFrame([about]).assign(rgba=[deck.rgba(p.accent, 255)], tip=[cell_words.name(about)])
    own = own[["cell_id", "lon", "lat", "azimuth_deg", "rgba", "tip"]]
    edge = borders([{"type": "Polygon", "coordinates": fans(own, _OWN_M, WIDTH_DEG)}])
    layers = [
        deck.sectors("neighbours", around[["cell_id", "lon", "lat", "azimuth_deg", "rgba", "tip"]], length_m=130),
        deck.sectors("cell", own, length_m=_OWN_M),
        deck.lines("cell_edge", edge, p.text, 1.0),
    ]
    deck.show(
        layers,
        extent.around(lon, lat),
        space,
        lang=lang,
        mode=frame.mode,
        key="cell_place",
        height=HEIGHT,
        alt=t("cell.map_alt", lang, name=cell_words.name(about), n=len(around)),
    )
    keys = [Key(t("cell.this", lang), p.accent, "circle")]
    keys += [Key(word("cell_state", s, lang), fill[s], "circle") for s in radio.STATES if (around["state"] == s).any()]
    told = t("chart.list_separator", lang).join(k.label for k in keys)
    draw.show(legend(keys, lang=lang, mode=frame.mode, columns=3), alt=t("map.legend_alt", lang, names=told))


def _near(cells: pd.DataFrame, lon: float, lat: float) -> pd.DataFrame:
    if cells.empty:
        return cells.assign(cell_id=[], lon=[], lat=[], azimuth_deg=[], state=[], cell_name=[], worst=[])
    east = (cells["lon"] - lon) * 111_320 * math.cos(math.radians(lat))
    north = (cells["lat"] - lat) * 110_900
    away = np.nan_to_num((east**2 + north**2).to_numpy(float), nan=np.inf)
    nearest = np.argsort(away, kind="stable")[:MOST]
    return cells.iloc[np.sort(nearest[away[nearest] <= REACH_M**2])]
