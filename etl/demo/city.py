"""The fixed things of the demo city: halls, estates, sites and cells. No tickets, no counters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.clock import at
from etl.demo.geo import METRES_LAT, METRES_LON, scatter
from etl.demo.rng import Streams

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

SITES = 400
NR_SITES = 200
ESTATE_NAMES = ("阳光花园", "翠岗小区", "世纪新城", "莲花苑", "锦绣园", "金色家园")
ON_AIR_NEW_SITES = at("2024-10-29")
SNAPSHOTS = ("20240101", "20240701", "20241030", "20250101")
OFF_AIR = at("2024-12-20")
SCENES = ("商圈", "老旧小区", "新建小区", "偏远农村", "城区", "乡镇")


@dataclass(frozen=True)
class Halls:
    """Business halls; `hall_id` H001… ; coordinates WGS-84."""

    ids: list[str]
    names: list[str]
    town: Ints
    lon: Floats
    lat: Floats


@dataclass(frozen=True)
class Estates:
    """Named estates and places that a complaint can mention; the first rows are the anchor places."""

    names: list[str]
    town: Ints
    lon: Floats
    lat: Floats
    of_town: list[Ints]


@dataclass(frozen=True)
class Sites:
    lon: Floats
    lat: Floats
    town: Ints
    place: Ints  # -1 when not at an anchor place
    scene: Ints
    on_air: Ints
    vendor: Ints  # 0 A, 1 B
    has_nr: NDArray[np.bool_]


@dataclass(frozen=True)
class Cells:
    """Struct of arrays, one entry per cell; `hourly` marks cells with hourly counters."""

    site: Ints
    is_nr: NDArray[np.bool_]
    sector: Ints
    cgi: list[str]
    node: Ints
    azimuth: Ints
    tilt: Ints
    height: Ints
    band: Ints
    on_air: Ints
    off_air: Ints  # 0 when still on air
    hourly: NDArray[np.bool_]
    renamed: NDArray[np.bool_]
    moved: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.site)


@dataclass(frozen=True)
class City:
    halls: Halls
    estates: Estates
    sites: Sites
    cells: Cells

    def sites_of_place(self, place: int) -> Ints:
        return np.flatnonzero(self.sites.place == place)

    def cells_of_place(self, place: int) -> Ints:
        return np.flatnonzero(self.sites.place[self.cells.site] == place)

    def serving_cells(self, lon: Floats, lat: Floats, when: Ints) -> Ints:
        """Nearest sector of the nearest site on air at each instant; -1 where the point is unknown."""
        from scipy.spatial import cKDTree

        known = np.isfinite(lon) & np.isfinite(lat)
        result = np.full(len(lon), -1, dtype=np.int64)
        x, y = self.sites.lon * METRES_LON, self.sites.lat * METRES_LAT
        first = self.sites.on_air <= at("2024-06-01")
        late = np.flatnonzero(known & (when >= ON_AIR_NEW_SITES))
        early = np.flatnonzero(known & (when < ON_AIR_NEW_SITES))
        starts = np.searchsorted(self.cells.site, np.arange(len(x)))
        for rows, pool in ((early, np.flatnonzero(first)), (late, np.arange(len(x)))):
            if not len(rows):
                continue
            tree = cKDTree(np.column_stack([x[pool], y[pool]]))
            east, north = lon[rows] * METRES_LON, lat[rows] * METRES_LAT
            nearest = pool[tree.query(np.column_stack([east, north]))[1]]
            bearing = np.degrees(np.arctan2(east - x[nearest], north - y[nearest])) % 360
            sector = np.round(bearing / 120).astype(np.int64) % 3
            result[rows] = starts[nearest] + sector
        return result


def build_city(streams: Streams, scale: int) -> City:
    halls = _halls(streams)
    estates = _estates(streams)
    sites = _sites(streams, scale)
    return City(halls, estates, sites, _cells(streams, sites))


def _halls(streams: Streams) -> Halls:
    rng = streams.get("city", "halls")
    town_lon = np.array([t.lon for t in names.TOWNS])
    town_lat = np.array([t.lat for t in names.TOWNS])
    town = np.arange(0, len(names.TOWNS))
    keep = [i for i, t in enumerate(names.TOWNS) if t.urban or i % 2 == 0]
    town = np.array(keep)
    lon, lat = scatter(rng, town_lon[town], town_lat[town], 250.0)
    ids = [f"H{n + 1:03d}" for n in range(len(town))]
    return Halls(ids, [f"{names.TOWNS[t].name}营业厅" for t in town], town, lon, lat)


def _estates(streams: Streams) -> Estates:
    rng = streams.get("city", "estates")
    by_name = {t.name: i for i, t in enumerate(names.TOWNS)}
    label = [p.name for p in names.PLACES]
    town = [by_name[p.town] for p in names.PLACES]
    lon = [p.lon for p in names.PLACES]
    lat = [p.lat for p in names.PLACES]
    of_town: list[Ints] = []
    for i, t in enumerate(names.TOWNS):
        start = len(label)
        east, north = scatter(rng, np.full(5, t.lon), np.full(5, t.lat), 700.0 if t.urban else 1100.0)
        for n in range(5):
            suffix = ESTATE_NAMES[(i + n) % len(ESTATE_NAMES)]
            label.append(f"{t.name.removesuffix('街道').removesuffix('镇').removesuffix('乡')}{suffix}")
            town.append(i)
            lon.append(float(east[n]))
            lat.append(float(north[n]))
        of_town.append(np.arange(start, len(label)))
    return Estates(label, np.array(town), np.array(lon), np.array(lat), of_town)


def _sites(streams: Streams, scale: int) -> Sites:
    rng = streams.get("city", "sites")
    by_name = {t.name: i for i, t in enumerate(names.TOWNS)}
    lon: list[float] = []
    lat: list[float] = []
    town: list[int] = []
    place: list[int] = []
    scene: list[int] = []
    nr: list[bool] = []
    on_air: list[int] = []
    for p, spot in enumerate(names.PLACES):
        for n in range(spot.sites):
            is_new = p == names.NEW_ESTATE and n >= spot.sites - names.NEW_SITES
            far = {"新建小区": 950.0, "偏远农村": 1500.0}.get(spot.scene, 330.0)
            radius = 120.0 if is_new else far * (0.8 + 0.2 * (n % 2))
            angle = 2 * np.pi * (n / spot.sites + 0.07 * p)
            lon.append(spot.lon + radius * np.sin(angle) / METRES_LON)
            lat.append(spot.lat + radius * np.cos(angle) / METRES_LAT)
            town.append(by_name[spot.town])
            place.append(p)
            scene.append(SCENES.index(spot.scene))
            nr.append(n < spot.nr_sites)
            on_air.append(ON_AIR_NEW_SITES if is_new else at(f"{2012 + (3 * p + n) % 8}-0{1 + n % 9}-15"))
    rest = SITES * scale - len(lon)
    share = np.array([names.ALL_WEIGHTS[t.district] * t.weight for t in names.TOWNS])
    chosen = rng.choice(len(names.TOWNS), rest, p=share / share.sum())
    urban = np.array([names.TOWNS[t].urban for t in chosen])
    east, north = scatter(
        rng,
        np.array([names.TOWNS[t].lon for t in chosen]),
        np.array([names.TOWNS[t].lat for t in chosen]),
        np.where(urban, 1100.0, 1900.0),
    )
    needed = NR_SITES * scale - sum(nr)
    rank = rng.random(rest) - urban
    is_nr = np.zeros(rest, dtype=bool)
    is_nr[np.argsort(rank, kind="stable")[:needed]] = True
    years = rng.integers(2011, 2023, rest)
    built = [at(f"{y}-{m:02d}-10") for y, m in zip(years, rng.integers(1, 13, rest), strict=True)]
    for n in rng.choice(rest, 4, replace=False):
        built[n] = at("2024-05-20")
    towns = np.concatenate([np.array(town), chosen])
    return Sites(
        lon=np.concatenate([np.array(lon), east]),
        lat=np.concatenate([np.array(lat), north]),
        town=towns,
        place=np.concatenate([np.array(place), np.full(rest, -1)]),
        scene=np.concatenate([np.array(scene), np.where(urban, SCENES.index("城区"), SCENES.index("乡镇"))]),
        on_air=np.array(on_air + built, dtype=np.int64),
        vendor=(towns % 5 >= 3).astype(np.int64),
        has_nr=np.concatenate([np.array(nr), is_nr]),
    )


def _cells(streams: Streams, sites: Sites) -> Cells:
    rng = streams.get("city", "cells")
    per_site = np.where(sites.has_nr, 6, 3)
    site = np.repeat(np.arange(len(per_site)), per_site)
    within = np.arange(len(site)) - np.repeat(np.cumsum(per_site) - per_site, per_site)
    is_nr, sector = within >= 3, within % 3
    node = np.where(is_nr, 700_000, 900_000) + site
    number = np.where(is_nr, 11, 1) + sector
    n = len(site)
    ordinary = np.flatnonzero((sites.place[site] < 0) & (sites.on_air[site] < at("2023-01-01")))
    picks = rng.choice(ordinary, 18, replace=False)
    renamed, moved = np.zeros(n, dtype=bool), np.zeros(n, dtype=bool)
    renamed[picks[:8]] = True
    moved[np.isin(site, site[picks[8:12]])] = True
    off_air = np.zeros(n, dtype=np.int64)
    off_air[picks[12:]] = OFF_AIR
    return Cells(
        site=site,
        is_nr=is_nr,
        sector=sector,
        cgi=[f"460-00-{a}-{b}" for a, b in zip(node, number, strict=True)],
        node=node,
        azimuth=(sector * 120 + rng.integers(-15, 16, n)) % 360,
        tilt=rng.integers(2, 11, n),
        height=rng.integers(18, 46, n),
        band=np.where(is_nr, 41, rng.choice([3, 8, 39, 40], n)),
        on_air=sites.on_air[site],
        off_air=off_air,
        hourly=sites.place[site] >= 0,
        renamed=renamed,
        moved=moved,
    )
