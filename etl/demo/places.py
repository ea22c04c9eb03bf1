"""Where each complaint happens: town, named estate, point and its grade, serving cell, home district."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.actions import Action, place_factor
from etl.demo.city import City
from etl.demo.geo import scatter
from etl.demo.plant import Plant
from etl.demo.rng import Streams

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


class Places:
    """Complaint place of each row: town, named estate, point, grade, serving cell."""

    def __init__(
        self,
        streams: Streams,
        city: City,
        plants: list[Plant],
        actions: list[Action],
        what: Ints,
        when: Ints,
        which: Ints,
        district: Ints,
        root: Ints,
        twin: bool,
    ) -> None:
        rng = streams.get("tickets", "place")
        n = len(what)
        net = names.SUBTYPE_L1[what] == names.NET
        self.town = np.zeros(n, dtype=np.int64)
        for d in range(len(names.DISTRICTS)):
            rows = np.flatnonzero(district == d)
            towns = [i for i, t in enumerate(names.TOWNS) if t.district == d]
            share = np.array([names.TOWNS[i].weight for i in towns])
            self.town[rows] = rng.choice(towns, len(rows), p=share / share.sum())
        spread = np.where(np.array([t.urban for t in names.TOWNS])[self.town], 750.0, 1300.0)
        centre_lon = np.array([t.lon for t in names.TOWNS])[self.town]
        centre_lat = np.array([t.lat for t in names.TOWNS])[self.town]
        lon, lat = scatter(rng, centre_lon, centre_lat, spread)
        self.grade = rng.choice(4, n, p=[0.42, 0.26, 0.20, 0.12])
        self.grade = np.where(
            net, np.where(self.grade == 3, rng.choice(4, n, p=[0.5, 0.2, 0.2, 0.1]), self.grade), self.grade
        )
        self.estate = np.full(n, -1)
        picks = rng.integers(0, 5, n)
        first = np.array([e[0] for e in city.estates.of_town])
        named = (self.grade == 1) | (rng.random(n) < 0.35)
        self.estate[named] = (first[self.town] + picks)[named]
        anchor = rng.random(n)
        for p, spot in enumerate(names.PLACES):
            d = names.TOWNS[city.estates.town[p]].district
            part = spot.net_share * (0.25 if twin else place_factor(actions, p, when))
            here = net & (district == d) & (anchor >= 0) & (anchor < part)
            anchor = np.where(district == d, anchor - spot.net_share, anchor)
            anchor[here] = 1.0
            self._settle(rng, city, np.flatnonzero(here), p, spot.radius_m)
            lon[here], lat[here] = self._around(rng, city, int(here.sum()), p, spot.radius_m)
        for row in np.flatnonzero(which >= 0):
            plant = plants[which[row]]
            if plant.estate is not None:
                self._settle(rng, city, np.array([row]), plant.estate, plant.spread_m)
                self.grade[row] = int(rng.random() < 0.3)
                lon[[row]], lat[[row]] = self._around(rng, city, 1, plant.estate, plant.spread_m)
        exact = self.grade == 1
        lon[exact] = city.estates.lon[self.estate[exact]]
        lat[exact] = city.estates.lat[self.estate[exact]]
        jitter_lon, jitter_lat = scatter(rng, lon, lat, 60.0)
        lon, lat = np.where(exact, jitter_lon, lon), np.where(exact, jitter_lat, lat)
        centre = self.grade == 2
        lon, lat = np.where(centre, centre_lon, lon), np.where(centre, centre_lat, lat)
        # A chain keeps its place: the same person complains about the same spot.
        keep = (root != np.arange(n)) & net
        for values in (self.town, self.estate, self.grade, lon, lat):
            values[keep] = values[root[keep]]
        cell = city.serving_cells(lon, lat, when)
        self.cell = np.where(net & (self.grade < 2) & (rng.random(n) < 0.8), cell, -1)
        blank = self.grade == 3
        self.lon, self.lat = np.where(blank, np.nan, lon), np.where(blank, np.nan, lat)
        self.estate[blank & (which < 0)] = -1
        moved = rng.random(n) < 0.06
        self.home = np.where(moved, rng.integers(0, 7, n), district)[root]

    def _settle(self, rng: np.random.Generator, city: City, rows: Ints, estate: int, radius: float) -> None:
        self.town[rows] = city.estates.town[estate]
        self.estate[rows] = estate
        self.grade[rows] = np.where(self.grade[rows] > 1, rng.integers(0, 2, len(rows)), self.grade[rows])

    @staticmethod
    def _around(rng: np.random.Generator, city: City, n: int, estate: int, radius: float) -> tuple[Floats, Floats]:
        lon, lat = city.estates.lon[estate], city.estates.lat[estate]
        return scatter(rng, np.full(n, lon), np.full(n, lat), radius * 0.45)
