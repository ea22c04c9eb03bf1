"""What happens to the radio network and when: effects on cells, outages of sites, their answer key."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from etl.demo import names
from etl.demo.city import City
from etl.demo.clock import DAY, HOUR, LAST_DAY, START, at, day_number
from etl.demo.outbreaks import OUTAGE_END, OUTAGE_START, POWER_END, POWER_START
from etl.demo.plant import Truth
from etl.demo.rng import Streams

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Effect:
    """A change of `kind` on `cells` between two instants, optionally only in some hours of the day.

    `value` is added (rsrp dBm; weak, load, drop, access, handover shares; interference dB) or multiplied
    (speed); for `unavailable` it is the share of time lost.
    """

    cells: Ints
    starts: int
    ends: int
    kind: str
    value: float
    hours: tuple[int, int] = (0, 24)


@dataclass(frozen=True)
class Outage:
    site: int
    starts: int
    ends: int
    cause: str


def planned_outages(city: City) -> list[Outage]:
    return [
        *(Outage(int(s), OUTAGE_START, OUTAGE_END, "市电停电") for s in city.sites_of_place(names.SIJIYUAN)),
        *(Outage(int(s), POWER_START, POWER_END, "市电停电") for s in city.sites_of_place(names.JIESHOU)[:3]),
    ]


def ambient_outages(streams: Streams, city: City) -> list[Outage]:
    """Ordinary single-site failures away from the anchor places, about seven a month for 400 sites."""
    rng = streams.get("radio", "outages")
    pool = np.flatnonzero((city.sites.place < 0) & (city.sites.on_air < at("2023-01-01")))
    n = round(len(city.sites.place) * 0.26)
    first, last = day_number(START) * DAY, day_number(LAST_DAY) * DAY
    when = np.sort(rng.integers(first, last, n))
    length = rng.lognormal(np.log(1.4 * HOUR), 0.7, n)
    causes = ("市电停电", "传输中断", "主设备故障", "蓄电池欠压")
    return [
        Outage(int(s), int(w), int(w + d), causes[int(c)])
        for s, w, d, c in zip(rng.choice(pool, n), when, length, rng.integers(0, 4, n), strict=True)
    ]


def effects(city: City, outages: list[Outage]) -> list[Effect]:
    """Every planted effect, outages included."""
    cells = city.cells
    of = {p: city.cells_of_place(p) for p in range(len(names.PLACES))}
    lte = {p: rows[~cells.is_nr[rows]] for p, rows in of.items()}
    end_of_data = at("2025-03-31")
    xiannv = np.flatnonzero(city.sites.town[cells.site] == _town("仙女镇"))[:24]
    xinsheng = np.flatnonzero((city.sites.town[cells.site] == _town("邗上街道")) & ~cells.hourly)[:18]
    beside = np.concatenate([of[names.KANGLE], of[names.WENCHANG][:6]])
    old = lte[names.NEW_ESTATE][: 3 * (names.PLACES[names.NEW_ESTATE].sites - names.NEW_SITES)]
    rows = [Effect(np.flatnonzero(cells.site == o.site), o.starts, o.ends, "unavailable", 1.0) for o in outages]
    rows += [
        # The new estate fills up from autumn; two sites relieve it on 2024-10-29.
        Effect(old, at("2024-09-01"), at("2024-10-08"), "weak", 0.05),
        Effect(old, at("2024-10-08"), at("2024-10-29"), "weak", 0.10),
        Effect(old, at("2024-10-19 16:00"), at("2024-10-29"), "weak", -0.025),
        Effect(old, at("2024-09-01"), at("2024-10-29"), "rsrp", -3.5),
        Effect(old, at("2024-10-29"), end_of_data, "weak", -0.055),
        Effect(old, at("2024-10-29"), end_of_data, "rsrp", 3.0),
        # Live week.
        Effect(beside, OUTAGE_START, OUTAGE_END, "rsrp", -4.0),
        Effect(beside, OUTAGE_START, OUTAGE_END, "load", 0.28),
        Effect(beside, OUTAGE_START, OUTAGE_END, "speed", 0.55),
        Effect(of[names.KANGLE], at("2025-03-27 14:00"), end_of_data, "rsrp", -6.5),
        Effect(of[names.KANGLE], at("2025-03-27 14:00"), end_of_data, "weak", 0.07),
        Effect(of[names.WENCHANG], at("2025-03-28 18:00"), end_of_data, "speed", 0.45, (18, 23)),
        Effect(of[names.JINGHUA][:6], at("2025-03-24"), end_of_data, "load", 0.10, (17, 22)),
        Effect(lte[names.JIESHOU][:3], at("2025-03-26 09:00"), at("2025-03-26 15:00"), "drop", 0.115),
        Effect(lte[names.NEW_ESTATE][:3], at("2025-03-25 10:00"), at("2025-03-25 14:00"), "access", 0.09),
        Effect(lte[names.JINGHUA][6:9], at("2025-03-28 09:00"), at("2025-03-28 13:00"), "handover", 0.13),
        Effect(lte[names.CAODIAN][:3], at("2025-03-24"), at("2025-03-29"), "interference", 16.0),
        # History.
        Effect(xiannv, at("2024-04-17 02:00"), at("2024-04-17 16:00"), "access", 0.10),
        Effect(xiannv, at("2024-04-17 02:00"), at("2024-04-17 16:00"), "drop", 0.06),
        Effect(xinsheng, at("2024-11-20 02:00"), at("2024-11-20 22:00"), "speed", 0.40),
        Effect(of[names.JINGHUA], at("2024-12-24 17:00"), at("2024-12-24 23:00"), "load", 0.35),
        Effect(lte[names.WENCHANG][:3], at("2024-05-01"), at("2024-05-04"), "load", 0.25, (10, 22)),
        Effect(lte[names.CAODIAN][6:9], at("2024-07-08"), at("2024-07-12"), "rsrp", -4.5),
        Effect(lte[names.SIJIYUAN][:3], at("2024-09-20"), at("2024-09-27"), "interference", 15.0),
    ]  # fmt: skip
    return rows


def _town(name: str) -> int:
    return next(i for i, t in enumerate(names.TOWNS) if t.name == name)


def radio_truth() -> list[Truth]:
    rows = [
        ("K-TILT", "kpi_drop", "RN01", "place:康乐小区", "2025-03-27 14:00", "2025-03-30 23:59",
         "平均RSRP降6.5dB"),
        ("K-SPEED", "kpi_drop", "RN03", "place:文昌阁商圈", "2025-03-28 18:00", "2025-03-30 23:00",
         "晚间速率降55%"),
        ("K-LOAD", "kpi_high", "RN04", "place:京华城商圈", "2024-01-01", "2025-03-30", "自忙时PRB不低于70%"),
        ("K-DROP", "kpi_high", "RN05", "place:界首乡镇", "2025-03-26 09:00", "2025-03-26 15:00",
         "掉线率约7.5%"),
        ("K-ACCESS", "kpi_drop", "RN06", "place:邗江新建小区", "2025-03-25 10:00", "2025-03-25 14:00",
         "接通率约90%"),
        ("K-HANDOVER", "kpi_drop", "RN06", "place:京华城商圈", "2025-03-28 09:00", "2025-03-28 13:00",
         "切换成功率约85%"),
        ("K-INTERF", "kpi_high", "RN08", "place:曹甸乡村", "2025-03-24", "2025-03-28", "上行干扰高于-105dBm"),
        ("K-WEAK", "kpi_low", "RN02", "place:曹甸乡村;界首乡镇;康乐小区", "2024-01-01", "2025-03-30",
         "MR覆盖率低于90%"),
        ("K-WEAK-OCT", "kpi_low", "RN02", "place:邗江新建小区", "2024-09-01", "2024-10-28",
         "两站开通前弱覆盖"),
        ("K-MISSING", "missing_data", "RD01", "place:曹甸乡村", "2025-03-29 20:00", "2025-03-29 23:00",
         "小时指标缺3小时"),
        ("K-RSRP-JUL", "kpi_drop", "RN01", "place:曹甸乡村", "2024-07-08", "2024-07-11", "平均RSRP降4.5dB"),
        ("K-INTERF-SEP", "kpi_high", "RN08", "place:四季园小区", "2024-09-20", "2024-09-26", "上行干扰"),
    ]  # fmt: skip
    return [Truth(*row) for row in rows]
