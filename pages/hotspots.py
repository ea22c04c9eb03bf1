"""热点网络 Hotspots & network: the map (地图), the hotspots (热点); where money for the network should go."""

from __future__ import annotations

from pages._shared import other_sources, views
from pages._shared.blocks import cell_list, city_map, drive_map, fix_effect, site_needs, spot_list
from pages._shared.frame import current

VIEWS: dict[str, views.Show] = {
    "map": city_map.show,
    "hotspots": spot_list.show,
    "cells": cell_list.show,
    "sites": site_needs.show,
    "effects": fix_effect.show,
}


def main() -> None:
    frame = current()
    if not frame.has_tickets:
        (drive_map if drive_map.has(frame) else other_sources).show(frame)
        return
    views.run(frame, VIEWS, "map")


main()
