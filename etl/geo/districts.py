"""Which district a point lies in, from the workspace's boundaries. What is done about the answer is `locate.py`'s.

Even-odd rule, so holes and several parts need no special case. Points are taken by latitude, so that only the few
borders of that latitude come into question: a million points of a city take a third of a second.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from warehouse.boundaries import rings_of
from warehouse.datum import Floats
from warehouse.workspace import Workspace

Ints = NDArray[np.int64]
NOWHERE = -1

_BATCH = 512  # points of similar latitude whose borders are looked at together


@dataclass(frozen=True)
class Districts:
    """Boundaries ready for questions. `codes[i]` is the region code of answer i.

    `edges[i]` holds the borders of polygon i as rows x1, y1, x2, y2 (WGS-84 degrees), the lower end first: neighbours
    then compute the same crossing from the same numbers, and no point falls between them.
    """

    codes: tuple[str, ...]
    edges: tuple[Floats, ...]

    @classmethod
    def of(cls, workspace: Workspace) -> Districts | None:
        """The workspace's boundaries; None when it has none."""
        features = (workspace.boundaries or {}).get("features")
        if not features:
            return None
        codes = tuple(str(f["properties"]["region_code"]) for f in features)
        return cls(codes, tuple(_edges(rings_of(f["geometry"])) for f in features))

    def at(self, lon: Floats, lat: Floats) -> Ints:
        """For WGS-84 points the index into `codes`, `NOWHERE` outside every district or without a point."""
        found = np.full(len(lon), NOWHERE, dtype=np.int64)
        held = np.flatnonzero(np.isfinite(lon) & np.isfinite(lat))
        order = held[np.argsort(lat[held], kind="stable")]
        for first in range(0, len(order), _BATCH):
            rows = order[first : first + _BATCH]
            x, y = lon[rows, None], lat[rows, None]
            for i in reversed(range(len(self.codes))):
                x1, y1, x2, y2 = self.edges[i][_spanning(self.edges[i], y[0, 0], y[-1, 0])].T
                if len(x1) == 0:
                    continue
                crosses = (y1 <= y) & (y < y2)
                crosses &= x < x1 + (y - y1) * ((x2 - x1) / (y2 - y1))
                found[rows[crosses.sum(axis=1) % 2 == 1]] = i
        return found

    def names_at(self, lon: Floats, lat: Floats) -> NDArray[np.object_]:
        """The region code of each WGS-84 point, None outside every district."""
        names = np.array([*self.codes, None], dtype=object)
        return np.asarray(names[self.at(lon, lat)], dtype=object)

    def touches(self, lon: Floats, lat: Floats, codes: NDArray[np.object_], slack_m: float) -> NDArray[np.bool_]:
        """True where one of eight points `slack_m` away lies in the district named: the border may be that far off."""
        found = np.zeros(len(lon), dtype=np.bool_)
        for degree in range(0, 360, 45):
            north = slack_m / 110_900.0 * np.cos(np.radians(degree))
            east = slack_m / (110_900.0 * np.cos(np.radians(lat))) * np.sin(np.radians(degree))
            found |= self.names_at(lon + east, lat + north) == codes
        return found


def _edges(rings: Iterable[Any]) -> Floats:
    """Borders with their lower end first."""
    pieces = []
    for ring in rings:
        points = np.asarray(ring, dtype=np.float64)
        pieces.append(np.column_stack([points[:-1], points[1:]]))
    edges = np.concatenate(pieces)
    down = edges[:, 1] > edges[:, 3]
    edges[down] = edges[down][:, [2, 3, 0, 1]]
    return edges


def _spanning(edges: Floats, south: float, north: float) -> NDArray[np.bool_]:
    return np.asarray((edges[:, 1] <= north) & (edges[:, 3] > south) & (edges[:, 1] < edges[:, 3]), dtype=np.bool_)
