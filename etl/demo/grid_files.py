"""What the network's users and test cars measured: MR grids, road tests, quarter-hour counters of one evening.

Levels come from the counters written before, so that a grid is weak where and when its cell is.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
from numpy.typing import NDArray

from etl.demo import names, write
from etl.demo.city import City
from etl.demo.dirt import decimal_id
from etl.demo.geo import METRES_LAT, METRES_LON, wgs84_to_gcj02
from etl.demo.kpi import COUNTERS, MEANS
from etl.demo.rng import Streams

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

GRID_M = 50.0
GRID_RADIUS_M = 250.0
GRID_DAYS = (
    "2024-10-07", "2024-10-21", "2024-11-11", "2025-03-24", "2025-03-25", "2025-03-26", "2025-03-27", "2025-03-28",
    "2025-03-29", "2025-03-30",
)  # fmt: skip
# day, hour, place: a drive before and after each planted change, and one through a rural place.
DRIVES = (
    ("2024-10-12", 10, names.NEW_ESTATE), ("2024-11-05", 10, names.NEW_ESTATE), ("2025-03-20", 15, names.KANGLE),
    ("2025-03-28", 15, names.KANGLE), ("2025-03-18", 9, names.CAODIAN), ("2025-03-28", 19, names.WENCHANG),
)  # fmt: skip
DRIVE_POINTS = 240
QUARTER_PLACES = (names.SIJIYUAN, names.KANGLE)
QUARTER_DAY, QUARTER_FROM_HOUR = "2025-03-30", 16


@dataclass(frozen=True)
class Level:
    """A cell's day: samples, share of weak ones, mean RSRP (dBm) and SINR (dB)."""

    samples: int
    weak: float
    rsrp: float
    sinr: float


def write_grids(streams: Streams, folder: Path, city: City) -> None:
    """Everything of this module."""
    levels = {day: _levels(folder, day) for day in sorted({*GRID_DAYS, *(d for d, *_ in DRIVES)})}
    for day in GRID_DAYS:
        _grids(streams, folder, city, day, levels[day])
    for day, hour, place in DRIVES:
        _drive(streams, folder, city, day, hour, place, levels[day])
    _quarters(folder, city)


def _levels(folder: Path, day: str) -> dict[str, Level]:
    """The levels of every cell on a day, from the daily counters."""
    path = folder / f"小区性能_天_{day[:4]}{day[5:7]}.parquet"
    names_of = [COUNTERS[k] for k in ("mr_samples", "mr_weak", "rsrp_sum", "sinr_sum")]
    rows = pq.read_table(path, columns=["日期", "CGI", *names_of])
    rows = rows.filter(pc.equal(rows["日期"].cast(pa.string()), day))
    columns = [rows[name].to_pylist() for name in ("CGI", *names_of)]
    return {
        cgi: Level(n, weak / n, rsrp / n, sinr / n) for cgi, n, weak, rsrp, sinr in zip(*columns, strict=True) if n > 0
    }


def _grid_centres(place: int) -> tuple[Ints, Ints, Floats, Floats]:
    """Indices and centres (WGS-84) of the grids around a place."""
    spot = names.PLACES[place]
    x0, y0 = int(spot.lon * METRES_LON // GRID_M), int(spot.lat * METRES_LAT // GRID_M)
    reach = int(GRID_RADIUS_M // GRID_M)
    dx, dy = np.meshgrid(np.arange(-reach, reach + 1), np.arange(-reach, reach + 1))
    near = np.hypot(dx, dy) <= reach
    x, y = (x0 + dx[near]).astype(np.int64), (y0 + dy[near]).astype(np.int64)
    lon, lat = (x + 0.5) * GRID_M / METRES_LON, (y + 0.5) * GRID_M / METRES_LAT
    return x, y, lon.astype(np.float64), lat.astype(np.float64)


def _grids(streams: Streams, folder: Path, city: City, day: str, levels: dict[str, Level]) -> None:
    rows: list[tuple[object, ...]] = []
    for place in range(len(names.PLACES)):
        x, y, lon, lat = _grid_centres(place)
        shade = streams.get("mr", "shade", place).normal(0, 3.0, len(x))  # what stands between: the same every day
        rng = streams.get("mr", "day", day, place)
        cells = [int(c) for c in city.cells_of_place(place) if city.cells.cgi[c] in levels]
        for cell, mine in _served(city, cells, lon, lat).items():
            level = levels[city.cells.cgi[cell]]
            n = rng.poisson(level.samples / 40 / max(len(mine), 1) * np.exp(rng.normal(0, 0.3, len(mine)))) + 1
            weak = rng.binomial(n, np.clip(level.weak * np.exp(-0.3 * shade[mine]), 0, 0.95))
            rsrp = level.rsrp + shade[mine] + rng.normal(0, 0.6, len(mine))
            for i, grid in enumerate(mine):
                rows.append((
                    day.replace("-", ""), "扬州", decimal_id(city.cells.cgi[cell]), int(x[grid]), int(y[grid]), 24,
                    round(float(rsrp[i]), 2), int(n[i]), int(weak[i]),
                    round(-9.5 + 0.12 * (float(rsrp[i]) + 90), 2), round(level.sinr + float(shade[grid]), 2),
                    round(float(np.hypot(lon[grid] - lon.mean(), lat[grid] - lat.mean()) * METRES_LON / 78), 1),
                    504_990 if city.cells.is_nr[cell] else 1_300 + 10 * int(city.cells.band[cell]),
                    "5G" if city.cells.is_nr[cell] else "4G", round(float(lon[grid]), 6), round(float(lat[grid]), 6),
                ))  # fmt: skip
    header = (
        "SDATE", "CITY", "SC_ECI", "GRIDX", "GRIDY", "NUM_HOURS", "AVG_SCRSRP", "RSRP_SAMPLES", "RSRP_SAMPLES_LT110",
        "AVG_SCRSRQ", "AVG_ULSINR", "AVG_TA", "EARFCN", "RAT", "LONGITUDE", "LATITUDE",
    )  # fmt: skip
    columns: dict[str, write.Column] = {h: [r[i] for r in rows] for i, h in enumerate(header)}
    write.csv(folder / f"MR栅格_{day.replace('-', '')}.csv", write.table(columns))


def _served(city: City, cells: list[int], lon: Floats, lat: Floats) -> dict[int, Ints]:
    """For each cell the grids that it serves: of each generation the nearest site's sector that points there."""
    served: dict[int, list[int]] = {}
    for is_nr in (False, True):
        pool = np.array([c for c in cells if bool(city.cells.is_nr[c]) == is_nr], dtype=np.int64)
        if not len(pool):
            continue
        site = city.cells.site[pool]
        east = (lon[:, None] - city.sites.lon[site][None, :]) * METRES_LON
        north = (lat[:, None] - city.sites.lat[site][None, :]) * METRES_LAT
        bearing = np.degrees(np.arctan2(east, north))
        off = np.abs((bearing - city.cells.azimuth[pool][None, :] + 180) % 360 - 180)
        for grid, best in enumerate(np.argmin(np.hypot(east, north) * (1 + off / 180), axis=1)):
            served.setdefault(int(pool[best]), []).append(grid)
    return {cell: np.array(grids) for cell, grids in sorted(served.items())}


def _drive(
    streams: Streams, folder: Path, city: City, day: str, hour: int, place: int, levels: dict[str, Level]
) -> None:
    """One car around one place: a point a second, stamps that repeat, and the tool's signs for nothing."""
    rng = streams.get("drive", day, place)
    spot = names.PLACES[place]
    turn = np.linspace(0, 2 * np.pi, DRIVE_POINTS)
    radius = min(spot.radius_m, 300) * (0.7 + 0.3 * np.sin(3 * turn))
    lon, lat = spot.lon + radius * np.sin(turn) / METRES_LON, spot.lat + radius * np.cos(turn) / METRES_LAT
    cells = [int(c) for c in city.cells_of_place(place) if city.cells.cgi[c] in levels and not city.cells.is_nr[c]]
    cell = np.zeros(DRIVE_POINTS, dtype=np.int64)
    for number, points in _served(city, cells, lon, lat).items():
        cell[points] = number
    mean = np.array([levels[city.cells.cgi[c]].rsrp for c in cell])
    rsrp = mean + np.cumsum(rng.normal(0, 0.5, DRIVE_POINTS)) * 0.5 + rng.normal(0, 2.0, DRIVE_POINTS)
    sinr = np.array([levels[city.cells.cgi[c]].sinr for c in cell]) + (rsrp - mean) * 0.5
    second = np.cumsum(rng.choice([0, 1], DRIVE_POINTS, p=[0.08, 0.92]))
    east, north = wgs84_to_gcj02(lon, lat)
    lost = rng.random(DRIVE_POINTS) < 0.02
    idle = rng.random(DRIVE_POINTS) < 0.3
    start = np.datetime64(f"{day}T{hour:02d}:00:00")
    no_rate = idle | lost
    stamps = np.char.replace((start + second.astype("timedelta64[s]")).astype(str), "T", " ")
    columns: dict[str, write.Column] = {
        "时间": list(stamps), "经度": np.round(east, 6), "纬度": np.round(north, 6), "运营商": ["本网"] * DRIVE_POINTS,
        "网络制式": ["4G"] * DRIVE_POINTS, "CGI": [city.cells.cgi[c] for c in cell],
        "车速(km/h)": np.round(rng.uniform(15, 45, DRIVE_POINTS), 1),
        "RSRP(dBm)": ["-200" if x else f"{v:.1f}" for v, x in zip(rsrp, lost, strict=True)],
        "RSRQ(dB)": ["-" if x else f"{-10 + 0.1 * (v + 90):.1f}" for v, x in zip(rsrp, lost, strict=True)],
        "SINR(dB)": ["-" if x else f"{v:.1f}" for v, x in zip(sinr, lost, strict=True)],
        "下行速率(Mbps)": ["-" if x else f"{max(0.3, 4 + 1.6 * v):.2f}" for v, x in zip(sinr, no_rate, strict=True)],
        "上行速率(Mbps)": ["-" if x else f"{max(0.1, 1 + 0.4 * v):.2f}" for v, x in zip(sinr, no_rate, strict=True)],
    }  # fmt: skip
    name = f"道路测试_{day.replace('-', '')}_{spot.name}.csv"
    titles = (f"道路测试明细(模拟数据) {spot.name}", "坐标系:GCJ-02")
    write.csv(folder / name, write.table(columns), encoding="gb18030", titles=titles, crlf=True)


def _quarters(folder: Path, city: City) -> None:
    """Quarter hours of one evening that add up to the hours already written."""
    path = folder / f"小区性能_小时_{QUARTER_DAY[:4]}{QUARTER_DAY[5:7]}.csv"
    hours = pa_csv.read_csv(path, convert_options=pa_csv.ConvertOptions(column_types={"开始时间": pa.string()}))
    wanted = {city.cells.cgi[c] for p in QUARTER_PLACES for c in city.cells_of_place(p)}
    evening = pc.greater_equal(hours["开始时间"], f"{QUARTER_DAY} {QUARTER_FROM_HOUR:02d}:00:00")
    hours = hours.filter(pc.and_(evening, pc.is_in(hours["CGI"], pa.array(sorted(wanted)))))
    rows = hours.to_pylist()
    kept = {COUNTERS[key] for key in (*MEANS, "rrc_max")}
    columns: dict[str, write.Column] = {
        "开始时间": [f"{r['开始时间'][:14]}{15 * q:02d}:00" for r in rows for q in range(4)],
        "周期(分钟)": [15] * (4 * len(rows)),
        "CGI": [r["CGI"] for r in rows for _ in range(4)],
    }
    for header in COUNTERS.values():
        columns[header] = [
            r[header] if header in kept else r[header] // 4 + (q < r[header] % 4) for r in rows for q in range(4)
        ]
    write.csv(folder / f"小区性能_15分钟_{QUARTER_DAY.replace('-', '')}.csv", write.table(columns))
