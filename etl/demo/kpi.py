"""Cell counters by hour and by day. What is planted into them is said in `radio_events.py`.

Everything is an integer count except the mean and completeness columns, so a day is exactly the sum of its
hours. Cells without hourly files get their day drawn directly, block by block, in bounded memory.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.demo import names, write
from etl.demo.city import SCENES, City
from etl.demo.clock import DAY, HOUR, MONTHS, at, day_number, is_workday, month_days
from etl.demo.radio_events import Effect
from etl.demo.rng import Streams

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

COUNTERS: dict[str, str] = {
    "rrc_att": "RRC连接请求次数", "rrc_succ": "RRC连接成功次数", "erab_att": "E-RAB建立请求次数",
    "erab_succ": "E-RAB建立成功次数",
    "erab_abn_rel": "E-RAB异常释放次数", "erab_norm_rel": "E-RAB正常释放次数", "ho_att": "切换请求次数",
    "ho_succ": "切换成功次数",
    "ho_in": "切换入次数", "prb_used_dl": "下行PRB占用数", "prb_avail_dl": "下行PRB可用数",
    "prb_used_ul": "上行PRB占用数",
    "prb_avail_ul": "上行PRB可用数", "vol_dl_mb": "下行流量(MB)", "vol_ul_mb": "上行流量(MB)",
    "thp_num": "下行体验速率分子(Mbit)",
    "thp_den": "下行体验速率分母(s)", "rrc_avg": "平均RRC连接用户数", "rrc_max": "最大RRC连接用户数",
    "intf": "平均干扰(dBm)",
    "unavail_s": "退服时长(s)", "mr_samples": "MR采样点数", "mr_weak": "MR弱覆盖采样点数",
    "rsrp_sum": "RSRP累计(dBm)",
    "sinr_sum": "SINR累计(dB)", "cqi_good": "CQI优良数", "cqi_all": "CQI总数", "completeness": "周期完整率",
}  # fmt: skip
MEANS = ("rrc_avg", "intf", "completeness")
BLOCK = 4_000
MISSING_HOURS = (
    (names.CAODIAN, at("2025-03-29 20:00"), at("2025-03-29 23:00")),
    (names.JIESHOU, at("2024-05-14 02:00"), at("2024-05-14 04:00")),
)
_PROFILES = {
    "商圈": (4, 2, 1, 1, 1, 2, 4, 8, 18, 34, 48, 58, 62, 58, 54, 56, 60, 66, 78, 92, 100, 84, 44, 14),
    "老旧小区": (22, 14, 9, 7, 7, 10, 22, 38, 42, 40, 40, 42, 46, 42, 40, 42, 48, 60, 80, 96, 100, 92, 64,
    36),
    "新建小区": (20, 12, 8, 6, 6, 9, 22, 40, 40, 36, 36, 38, 42, 38, 36, 38, 46, 62, 84, 98, 100, 92, 62, 34),
    "偏远农村": (10, 6, 4, 4, 5, 14, 30, 44, 46, 44, 46, 50, 48, 44, 42, 44, 50, 60, 80, 94, 86, 60, 30, 14),
    "城区": (18, 11, 7, 6, 6, 10, 24, 46, 60, 62, 62, 62, 60, 56, 56, 60, 64, 70, 82, 94, 96, 82, 54, 30),
    "乡镇": (12, 8, 5, 5, 6, 14, 30, 46, 50, 48, 48, 50, 50, 46, 44, 48, 54, 64, 82, 94, 90, 68, 38, 18),
}  # fmt: skip
# mean load, load spread, weak share, weak spread, RSRP, weekend factor
_SCENE: dict[str, tuple[float, float, float, float, float, float]] = {
    "商圈": (0.34, 0.05, 0.025, 0.008, -86.0, 1.22),
    "老旧小区": (0.31, 0.04, 0.080, 0.012, -95.0, 1.05),
    "新建小区": (0.22, 0.03, 0.070, 0.010, -98.0, 1.05),
    "偏远农村": (0.14, 0.03, 0.135, 0.012, -100.0, 1.02),
    "城区": (0.27, 0.06, 0.026, 0.010, -88.0, 0.96),
    "乡镇": (0.18, 0.05, 0.045, 0.014, -93.0, 1.0),
}


@dataclass
class Radio:
    """Constant character of each cell."""

    load: Floats
    weak: Floats
    rsrp: Floats
    scene: Ints
    prb: Ints
    intf: Floats


def radio_character(streams: Streams, city: City, twin: bool) -> Radio:
    rng = streams.get("kpi", "character")
    cells, sites = city.cells, city.sites
    n = len(cells)
    scene = sites.scene[cells.site]
    values = np.array([_SCENE[s] for s in SCENES])[scene]
    load = np.clip(values[:, 0] + rng.normal(0, 1, n) * values[:, 1], 0.05, 0.45)
    weak = np.clip(values[:, 2] + rng.normal(0, 1, n) * values[:, 3], 0.004, 0.5)
    place = sites.place[cells.site]
    weak = np.where(place == names.KANGLE, weak + 0.05, weak)
    # New sites of the new estate are good from their first day.
    weak = np.where((place == names.NEW_ESTATE) & (cells.on_air >= sites.on_air.max()), 0.015, weak)
    busy = city.cells_of_place(names.JINGHUA)[:6]
    load[busy] = 0.47 + rng.random(len(busy)) * 0.03
    if twin:
        load, weak = np.minimum(load, 0.28), np.minimum(weak, 0.04)
    intf = rng.normal(-115.5, 1.2, n)
    return Radio(load, weak, values[:, 4] + rng.normal(0, 1.5, n), scene, np.where(cells.is_nr, 273, 100), intf)


def _day_factor(day: date, weekend: Floats) -> Floats:
    growth = 1 + 0.0004 * (day_number(day) - day_number(date(2024, 1, 1)))
    season = 1 + 0.04 * np.cos(2 * np.pi * (day.timetuple().tm_yday - 215) / 365)
    return np.where(is_workday(day), 1.0, weekend) * growth * season


def _shape(effect: Effect, starts: Ints, period: int) -> Floats:
    """Share of each period during which the effect holds."""
    overlap = np.minimum(starts + period, effect.ends) - np.maximum(starts, effect.starts)
    share = np.clip(overlap / period, 0, 1)
    if effect.hours != (0, 24):
        if period == HOUR:
            hour = starts % DAY // HOUR
            share = share * ((hour >= effect.hours[0]) & (hour < effect.hours[1]))
        else:
            share = share * (effect.hours[1] - effect.hours[0]) / 24
    return share


def draw_counters(
    rng: np.random.Generator,
    radio: Radio,
    is_nr: NDArray[np.bool_],
    rows: Ints,
    load: Floats,
    starts: Ints,
    period: int,
    planted: list[Effect],
) -> dict[str, NDArray[np.generic]]:
    """Counters of `rows` cells over `starts` periods; every array has the shape (cells, periods)."""
    shape = load.shape
    nr = is_nr[rows][:, None]
    base = {
        "load": load,
        "rsrp": radio.rsrp[rows][:, None] + rng.normal(0, 0.55, shape),
        "weak": radio.weak[rows][:, None] * np.exp(rng.normal(0, 0.10, shape)),
        "speed": np.exp(rng.normal(0, 0.06, shape)),
        "drop": np.full(shape, 0.0016),
        "access": np.full(shape, 0.0028),
        "handover": np.full(shape, 0.012),
        "interference": radio.intf[rows][:, None] + rng.normal(0, 0.7, shape),
        "unavailable": np.zeros(shape),
    }
    position = {int(cell): i for i, cell in enumerate(rows)}
    for effect in planted:
        mine = [position[int(c)] for c in effect.cells if int(c) in position]
        if not mine or effect.ends <= starts[0] or effect.starts >= starts[-1] + period:
            continue
        share = _shape(effect, starts, period)[None, :]
        target = base[effect.kind]
        if effect.kind == "speed":
            target[mine] *= 1 - share * (1 - effect.value)
        elif effect.kind == "unavailable":
            target[mine] = np.maximum(target[mine], share)
        else:
            target[mine] += share * effect.value
    alive = 1 - base["unavailable"]
    util = np.clip(base["load"], 0.01, 0.97)
    prb = radio.prb[rows][:, None]
    hours = period / HOUR

    def whole(values: NDArray[Any]) -> Ints:
        return np.maximum(np.round(values), 0).astype(np.int64)

    busy = util * alive * hours
    rrc_att = whole(busy * np.where(nr, 3_600, 2_600) * np.exp(rng.normal(0, 0.05, shape)) + 12 * hours * alive)
    fail = np.clip(base["access"] * np.exp(rng.normal(0, 0.2, shape)), 0, 0.6)
    rrc_succ = rrc_att - whole(rrc_att * fail * 0.6)
    erab_att = whole(rrc_succ * 1.12)
    erab_succ = erab_att - whole(erab_att * fail * 0.4)
    abnormal = whole(erab_succ * np.clip(base["drop"] * np.exp(rng.normal(0, 0.2, shape)), 0, 0.5))
    ho_att = whole(erab_succ * 0.55)
    ho_succ = ho_att - whole(ho_att * np.clip(base["handover"] * np.exp(rng.normal(0, 0.15, shape)), 0, 0.6))
    ho_in = whole(ho_att * rng.uniform(0.94, 1.06, shape))
    avail = whole(prb * period * alive)
    used_dl = whole(avail * util)
    used_ul = whole(avail * np.clip(util * 0.42, 0.005, 0.9))
    speed = np.where(nr, 60 + 330 * (1 - util), 5 + 36 * (1 - util)) * base["speed"]
    active = whole(busy * 2_300)
    volume = whole(busy * np.where(nr, 46_000, 6_400) * np.exp(rng.normal(0, 0.05, shape)))
    samples = whole(rrc_att * 2.6 + 60 * hours * alive)
    weak = np.minimum(whole(samples * np.clip(base["weak"], 0, 0.9)), samples)
    sinr = 13.5 - 24 * np.clip(base["weak"], 0, 0.6) - 5 * util
    cqi = whole(samples * 1.4)
    users = np.round(util * alive * np.where(nr, 85, 62), 1)
    return {
        "rrc_att": rrc_att, "rrc_succ": rrc_succ, "erab_att": erab_att, "erab_succ": erab_succ,
        "erab_abn_rel": abnormal, "erab_norm_rel": erab_succ - abnormal, "ho_att": ho_att, "ho_succ": ho_succ,
        "ho_in": ho_in, "prb_used_dl": used_dl, "prb_avail_dl": avail, "prb_used_ul": used_ul,
        "prb_avail_ul": avail,
        "vol_dl_mb": volume, "vol_ul_mb": whole(volume * 0.11), "thp_num": whole(active * speed),
        "thp_den": active,
        "rrc_avg": users, "rrc_max": whole(users * (2.1 if period == HOUR else 3.4)),
        "intf": np.round(base["interference"], 1), "unavail_s": whole(base["unavailable"] * period),
        "mr_samples": samples, "mr_weak": weak, "rsrp_sum": np.round(samples * base["rsrp"]).astype(np.int64),
        "sinr_sum": np.round(samples * sinr).astype(np.int64),
        "cqi_good": whole(cqi * np.clip(0.965 - base["weak"], 0, 1)),
        "cqi_all": cqi, "completeness": np.ones(shape),
    }  # fmt: skip


def write_kpi(
    streams: Streams,
    folder: Path,
    city: City,
    planted: list[Effect],
    twin: bool,
    progress: Callable[[str], None],
) -> None:
    """Write the daily Parquet and hourly CSV files of every month."""
    radio = radio_character(streams, city, twin)
    cells = city.cells
    hourly, others = np.flatnonzero(cells.hourly), np.flatnonzero(~cells.hourly)
    cgi = np.array(cells.cgi, dtype=object)
    weekend = np.array([_SCENE[s][5] for s in SCENES])
    profiles = np.array([np.array(_PROFILES[s]) / np.mean(_PROFILES[s]) for s in SCENES])
    schema = pa.schema(
        [("日期", pa.date32()), ("CGI", pa.string())]
        + [(zh, pa.float64() if key in MEANS else pa.int64()) for key, zh in COUNTERS.items()]
    )
    for month in MONTHS:
        days = month_days(month)
        numbers = np.array([day_number(d) for d in days])
        factors = np.array([_day_factor(d, weekend) for d in days])  # (days, scenes)
        with write.parquet(folder / f"小区性能_天_{month}.parquet", schema) as sink:
            starts = (numbers[:, None] * DAY + np.arange(24) * HOUR).ravel()
            rng = streams.get("kpi", "hour", month)
            scene = radio.scene[hourly]
            rhythm = factors.T[scene][:, :, None] * profiles[scene][:, None, :]
            load = radio.load[hourly][:, None] * rhythm.reshape(len(hourly), -1)
            load *= np.exp(rng.normal(0, 0.06, load.shape))
            values = draw_counters(rng, radio, cells.is_nr, hourly, load, starts, HOUR, planted)
            exists = starts[None, :] >= cells.on_air[hourly][:, None]
            if not twin:
                exists &= ~_missing_hours(city, hourly, starts)
            _write_hours(folder / f"小区性能_小时_{month}.csv", cgi[hourly], starts, values, exists)
            sink.write_table(_days_of_hours(schema, cgi[hourly], numbers, values, exists))
            for number, begin in enumerate(range(0, len(others), BLOCK)):
                rows = others[begin : begin + BLOCK]
                rng = streams.get("kpi", "day", month, number)
                load = radio.load[rows][:, None] * factors.T[radio.scene[rows]]
                load *= np.exp(rng.normal(0, 0.05, load.shape))
                drawn = draw_counters(rng, radio, cells.is_nr, rows, load, numbers * DAY, DAY, planted)
                day = numbers[None, :] * DAY
                on = day >= cells.on_air[rows][:, None]
                on &= (cells.off_air[rows][:, None] == 0) | (day < cells.off_air[rows][:, None])
                sink.write_table(_table(schema, cgi[rows], numbers, drawn, on))
        progress(f"性能 {month}")


def _missing_hours(city: City, hourly: Ints, starts: Ints) -> NDArray[np.bool_]:
    """Hours that never arrived: an evening of the live week, and two hours that come later as blanks."""
    place = city.sites.place[city.cells.site[hourly]]
    missing = np.zeros((len(hourly), len(starts)), dtype=bool)
    for where, low, high in MISSING_HOURS:
        missing |= (place == where)[:, None] & ((starts >= low) & (starts < high))[None, :]
    return missing


def _write_hours(
    path: Path,
    cgi: NDArray[np.generic],
    starts: Ints,
    values: dict[str, NDArray[np.generic]],
    exists: NDArray[np.bool_],
) -> None:
    # Time first, then cell, as a performance export runs.
    keep = exists.T.ravel()
    columns: dict[str, write.Column] = {
        "开始时间": write.instants(np.repeat(starts, len(cgi))[keep]),
        "CGI": pa.DictionaryArray.from_arrays(
            pa.array(np.tile(np.arange(len(cgi)), len(starts))[keep].astype(np.int32)), pa.array(cgi)
        ).cast(pa.string()),
    }
    for key, zh in COUNTERS.items():
        columns[zh] = values[key].T.ravel()[keep]
    write.csv(path, write.table(columns))


def _days_of_hours(
    schema: pa.Schema,
    cgi: NDArray[np.generic],
    numbers: Ints,
    values: dict[str, NDArray[np.generic]],
    exists: NDArray[np.bool_],
) -> pa.Table:
    shape = (len(cgi), len(numbers), 24)
    here = exists.reshape(shape)
    hours = here.sum(axis=2)
    days: dict[str, NDArray[np.generic]] = {}
    for key in COUNTERS:
        cube = np.where(here, values[key].reshape(shape), 0)
        if key == "rrc_max":
            days[key] = cube.max(axis=2)
        elif key == "completeness":
            days[key] = np.round(hours / 24, 4)
        elif key in MEANS:
            days[key] = np.round(cube.sum(axis=2) / np.maximum(hours, 1), 2)
        else:
            days[key] = cube.sum(axis=2)
    return _table(schema, cgi, numbers, days, hours > 0)


def _table(
    schema: pa.Schema,
    cgi: NDArray[np.generic],
    numbers: Ints,
    values: dict[str, NDArray[np.generic]],
    keep: NDArray[np.bool_],
) -> pa.Table:
    mask = keep.T.ravel()
    arrays: list[pa.Array] = [
        pa.array(np.repeat(numbers, len(cgi))[mask].astype(np.int32)).cast(pa.date32()),
        pa.array(np.tile(cgi, len(numbers))[mask]),
    ]
    arrays += [pa.array(values[key].T.ravel()[mask]) for key in COUNTERS]
    return pa.Table.from_arrays(arrays, schema=schema)
