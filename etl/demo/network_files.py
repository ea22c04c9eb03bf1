"""Engineering parameters and alarms as two vendors' systems export them. Counters: `kpi.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from etl.demo import names, write
from etl.demo.city import SNAPSHOTS, City
from etl.demo.clock import AS_OF, DAY, HOUR, LAST_DAY, MONTHS, START, at, day_number, month_bounds
from etl.demo.geo import METRES_LON, wgs84_to_gcj02
from etl.demo.radio_events import Outage
from etl.demo.rng import Streams

CELL_HEADER = (
    "eNodeB ID", "CELL_ID", "小区名称", "CGI", "站点编号", "网络制式", "经度", "纬度", "方位角",
    "机械下倾角", "电下倾角", "天线挂高",
    "频段号", "频点", "PCI", "TAC", "是否室分", "参考信号功率", "所属区县", "所属街镇", "覆盖场景", "厂家",
    "带宽", "开通时间",
)  # fmt: skip
_SCENE_LABELS = ("商圈", "老旧小区", "新建小区", "偏远农村", "城区", "乡镇")


def write_cells(folder: Path, city: City) -> None:
    """One workbook per snapshot: cells on air that day, GCJ-02. Renames and moves show from 2024-07-01."""
    cells, sites = city.cells, city.sites
    for snapshot in SNAPSHOTS:
        day = at(f"{snapshot[:4]}-{snapshot[4:6]}-{snapshot[6:]}")
        later = snapshot >= "20240701"
        east = np.where(cells.moved & later, 85.0 / METRES_LON, 0.0)
        lon, lat = wgs84_to_gcj02(sites.lon[cells.site] + east, sites.lat[cells.site])
        rows = []
        for i in range(len(cells)):
            if cells.on_air[i] > day or (cells.off_air[i] and cells.off_air[i] <= day):
                continue
            site = int(cells.site[i])
            town = names.TOWNS[sites.town[site]]
            rat = "5G" if cells.is_nr[i] else "4G"
            suffix = "-改" if cells.renamed[i] and later else ""
            place = sites.place[site]
            label = names.PLACES[place].name if place >= 0 else town.name
            opened = str(np.datetime64(int(cells.on_air[i]), "s"))[:10]
            rows.append((
                str(cells.node[i]), str(cells.cgi[i].rsplit("-", 1)[1]),
                f"{label}{site:04d}-{rat}-{cells.sector[i] + 1}{suffix}",
                cells.cgi[i], f"YZS{site:05d}", rat, round(float(lon[i]), 6), round(float(lat[i]), 6),
                int(cells.azimuth[i]),
                int(cells.tilt[i]) // 2, int(cells.tilt[i]) - int(cells.tilt[i]) // 2, int(cells.height[i]),
                int(cells.band[i]), 504_990 if cells.is_nr[i] else 1_300 + 10 * int(cells.band[i]),
                (site * 3 + int(cells.sector[i])) % 504,
                20_000 + names.DISTRICT_CODES[town.district] % 1000, "否",
                18 if cells.is_nr[i] else 15, names.DISTRICT_NAMES[town.district], town.name,
                _SCENE_LABELS[sites.scene[site]], ("厂家A", "厂家B")[sites.vendor[site]],
                100 if cells.is_nr[i] else 20, opened,
            ))  # fmt: skip
        write.xlsx(
            folder / f"小区工参_{snapshot}.xlsx",
            "工参",
            CELL_HEADER,
            rows,
            ("小区工程参数表(模拟数据) 坐标系:GCJ-02",),
        )


def write_alarms(streams: Streams, folder: Path, city: City, outages: list[Outage], twin: bool) -> None:
    """Outage alarms of planted and ambient failures, ageing equipment at old estates, everyday noise."""
    rng = streams.get("alarms")
    sites = city.sites
    first, last = day_number(START) * DAY, day_number(LAST_DAY) * DAY
    n = round(len(sites.place) * 22)
    site = rng.integers(0, len(sites.place), n)
    old = np.flatnonzero(np.isin(sites.place, [names.SIJIYUAN, names.KANGLE]))
    ageing = 0 if twin else 420
    site = np.concatenate([site, rng.choice(old, ageing)])
    when = np.concatenate([rng.integers(first, last, n), rng.integers(first, last, ageing)])
    length = rng.lognormal(np.log(0.6 * HOUR), 1.0, n + ageing)
    kinds = (
        ("驻波比告警", 2, "天馈"), ("光模块收发异常", 2, "传输"), ("温度过高", 3, "环境"), ("GPS失步", 2,
         "时钟"),
        ("小区性能下降", 3, "性能"), ("电源模块老化", 2, "设备老化"), ("射频单元老化告警", 2, "设备老化"),
    )  # fmt: skip
    kind = np.concatenate([rng.integers(0, 5, n), rng.integers(5, 7, ageing)])
    ok = sites.on_air[site] < when
    rows = [
        (int(w), int(min(w + d, AS_OF - 60)), int(s), *kinds[int(k)])
        for w, d, s, k, keep in zip(when, length, site, kind, ok, strict=True)
        if keep
    ]
    for o in outages:
        rows.append((o.starts, o.ends, o.site, "基站退服", 1, o.cause))
        if o.cause == "市电停电":
            rows.append((o.starts - 240, o.ends - 60, o.site, "市电停电告警", 2, "动力"))
    rows.sort()
    levels = {1: ("紧急", "1-Critical"), 2: ("重要", "2-Major"), 3: ("次要", "3-Minor")}
    stamp = write.instants(np.array([r[0] for r in rows])), write.instants(np.array([r[1] for r in rows]))
    starts = np.array([r[0] for r in rows])
    vendor = sites.vendor[np.array([r[2] for r in rows])]
    for month in MONTHS:
        low, high = month_bounds(month)
        for v in (0, 1):
            mine = np.flatnonzero((starts >= low) & (starts < high) & (vendor == v))
            some = [rows[i] for i in mine]
            begin, clear = stamp[0].take(mine), stamp[1].take(mine)
            node = [str(900_000 + r[2]) for r in some]
            if v == 0:
                columns: dict[str, write.Column] = {
                    "级别": [levels[r[4]][0] for r in some], "告警源": [f"YZS{r[2]:05d}" for r in some],
                    "MO对象": [f"eNodeB={n}" for n in node], "名称": [r[3] for r in some],
                    "最近发生时间(NT)": begin,
                    "清除时间(NT)": clear, "定位信息": [f"站点YZS{r[2]:05d} {r[5]}" for r in some],
                    "eNodeB ID": node,
                    "告警ID": [f"A{month}{i:06d}" for i in mine],
                }  # fmt: skip
                write.csv(folder / f"告警_厂家A_{month}.csv", write.table(columns), encoding="gb18030", crlf=True)
            else:
                columns = {
                    "告警级别": [levels[r[4]][1] for r in some], "网元": [f"YZS{r[2]:05d}" for r in some],
                    "网元内定位": [f"ENB_{n}" for n in node],
                    "告警码": [f"{19800 + len(r[3]) * 7 + r[4]}" for r in some],
                    "发生时间": begin, "告警类型": [r[3] for r in some], "告警原因": [r[5] for r in some],
                    "附加文本": ["模拟数据"] * len(some), "告警恢复时间": clear,
                }  # fmt: skip
                write.csv(folder / f"告警_厂家B_{month}.csv", write.table(columns))
