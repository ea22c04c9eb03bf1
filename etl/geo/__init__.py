"""Where something happened: datum, place, district, grade and grid of a row. Knows no pages and no measures."""

from warehouse.datum import (
    bd09_to_wgs84,
    gcj02_to_wgs84,
    swap_suspects,
    to_wgs84,
    wgs84_to_bd09,
    wgs84_to_gcj02,
)
from warehouse.lattice import NO_GRID, grid_cell, grid_id, h3_cells, local_lonlat, local_metres

__all__ = [
    "NO_GRID",
    "bd09_to_wgs84",
    "gcj02_to_wgs84",
    "grid_cell",
    "grid_id",
    "h3_cells",
    "local_lonlat",
    "local_metres",
    "swap_suspects",
    "to_wgs84",
    "wgs84_to_bd09",
    "wgs84_to_gcj02",
]
