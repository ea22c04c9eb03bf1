"""Sources of the care system besides tickets: users, halls, handling, shifts, AI service, bills, training."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from etl.demo import names, write
from etl.demo.city import City
from etl.demo.clock import (
    LAST_DAY,
    MONTHS,
    is_month_edge,
    is_workday,
    month_days,
)
from etl.demo.geo import wgs84_to_gcj02
from etl.demo.golden import hall_of_wang
from etl.demo.rng import Streams
from etl.demo.tickets import Tickets

USERS = 3_000_000
TEAMS = ("热线一班", "热线二班", "在线班")
TEAM_SHARES = np.array([0.45, 0.35, 0.20])
CALLS_BY_HOUR = (
    np.array([3, 2, 1, 1, 1, 2, 8, 22, 60, 92, 96, 84, 60, 62, 76, 84, 80, 66, 60, 62, 58, 44, 22, 8]) / 1054
)
BIZ_OPS = ("套餐变更", "宽带报装", "过户", "补卡", "携号转网", "缴费")


def write_side_files(streams: Streams, folder: Path, city: City, tickets: Tickets, scale: int, twin: bool) -> None:
    _users(folder, scale)
    _halls(folder, city)
    _handling(streams, folder, city, scale, twin)
    _shifts(streams, folder, tickets, scale)
    _ai(streams, folder, scale)
    _bills(streams, folder, scale, twin)
    _training(streams, folder, city)


def users_by_district(month_index: int, scale: int) -> tuple[np.ndarray, np.ndarray]:
    """Users at the start and the end of a month, per district; +0.2 % a month."""
    share = np.array(names.ALL_WEIGHTS) / 100
    begin = np.round(USERS * scale * share * 1.002**month_index).astype(int)
    end = np.round(USERS * scale * share * 1.002 ** (month_index + 1)).astype(int)
    return begin, end


def _users(folder: Path, scale: int) -> None:
    lines: dict[str, list[list[str]]] = {"2024": [], "2025": []}
    for index, month in enumerate(MONTHS):
        begin, end = users_by_district(index, scale)
        five = np.round(end * (0.46 + 0.008 * index)).astype(int)
        for d, name in enumerate(names.DISTRICT_NAMES):
            lines[month[:4]].append([month, name, f"{begin[d]:,}", f"{end[d]:,}", f"{five[d]:,}"])
        lines[month[:4]].append([month, "全市", f"{begin.sum():,}", f"{end.sum():,}", f"{five.sum():,}"])
    header = ("月份", "区县", "期初到达用户", "期末到达用户", "其中5G用户")
    for year, rows in lines.items():
        columns: dict[str, write.Column] = {h: [r[i] for r in rows] for i, h in enumerate(header)}
        titles = ("到达用户月报(模拟数据)",)
        write.csv(
            folder / f"到达用户_{year}.csv",
            write.table(columns),
            encoding="gb18030",
            titles=titles,
            crlf=True,
        )


def _halls(folder: Path, city: City) -> None:
    halls = city.halls
    lon, lat = wgs84_to_gcj02(halls.lon, halls.lat)
    rows = [
        (halls.ids[h], halls.names[h], names.DISTRICT_NAMES[names.TOWNS[halls.town[h]].district],
         names.TOWNS[halls.town[h]].name, round(float(lon[h]), 6), round(float(lat[h]), 6), 6 + h % 9)
        for h in range(len(halls.ids))
    ]  # fmt: skip
    header = ("营业厅编号", "营业厅名称", "所属区县", "所属街镇", "经度", "纬度", "营业员数")
    write.xlsx(folder / "营业厅.xlsx", "营业厅", header, rows, ("营业厅清单(模拟数据) 坐标系:GCJ-02",))


def text_csv(path: Path, header: str, lines: Sequence[tuple[str, ...]], **options: Any) -> None:
    keys = header.split(",")
    columns: dict[str, write.Column] = {k: write.text([line[i] for line in lines]) for i, k in enumerate(keys)}
    write.csv(path, write.table(columns), **options)


def _handling(streams: Streams, folder: Path, city: City, scale: int, twin: bool) -> None:
    online = ("网上营业厅", "手机APP", "10086热线")
    units = [(c, "") for c in online] + [("线下营业厅", h) for h in city.halls.ids]
    for month in MONTHS:
        rng = streams.get("side", "handling", month)
        days = month_days(month)
        n_days, n_units, n_ops = len(days), len(units), len(BIZ_OPS)
        shape = (n_days, n_ops, n_units)
        volume = (
            np.where(np.arange(n_units) < 3, 420.0, 26.0)[None, None, :]
            * np.array([1.0, 0.3, 0.15, 0.4, 0.12, 1.6])[None, :, None]
        )
        edge = np.array([1.35 if is_month_edge(d) else 1.0 for d in days])[:, None, None]
        attempts = rng.poisson(volume * edge * scale, shape)
        rate = np.full(shape, 0.9925)
        if not twin:
            for when, op, value in (("2024-07-28", 0, 0.95), ("2025-03-26", 0, 0.93)):
                for i, day in enumerate(days):
                    if day == date.fromisoformat(when):
                        rate[i, op, :] = value
        success = rng.binomial(attempts, rate)
        wait = np.where(np.arange(n_units) < 3, 1.5, 11.0)[None, None, :] * rng.gamma(12, 1 / 12, shape) * edge
        keep = (attempts > 0).ravel()
        dates = np.repeat(np.array([f"{d:%Y-%m-%d}" for d in days], dtype=object), n_ops * n_units)
        columns: dict[str, write.Column] = {
            "日期": dates[keep], "业务类型": np.tile(np.repeat(np.array(BIZ_OPS, dtype=object), n_units),
            n_days)[keep],
            "渠道": np.tile(np.array([u[0] for u in units], dtype=object), n_days * n_ops)[keep],
            "营业厅编号": np.tile(np.array([u[1] or None for u in units], dtype=object),
            n_days * n_ops)[keep],
            "办理次数": attempts.ravel()[keep], "成功次数": success.ravel()[keep],
            "平均等待(分钟)": np.round(wait.ravel()[keep], 1),
        }  # fmt: skip
        write.csv(folder / f"业务办理_{month}.csv", write.table(columns), encoding="gb18030", crlf=True)


def _shifts(streams: Streams, folder: Path, tickets: Tickets, scale: int) -> None:
    for month in MONTHS:
        rng = streams.get("side", "shifts", month)
        days = month_days(month)
        peak = np.array([1.45 if is_month_edge(d) else (1.0 if is_workday(d) else 0.88) for d in days])
        calls = rng.poisson(5200 * scale * peak[:, None, None] * CALLS_BY_HOUR[None, :, None] * TEAM_SHARES)
        plan = np.tile(_planned(scale), (len(days), 1, 1))
        present = np.maximum(plan - rng.binomial(1, 0.12, plan.shape), 1)
        strain = calls / (present * 12.5)
        answered = rng.binomial(calls, np.clip(0.955 - 0.22 * np.maximum(strain - 0.85, 0), 0.4, 0.97))
        n = calls.size
        columns: dict[str, write.Column] = {
            "日期": np.repeat(np.array([f"{d:%Y-%m-%d}" for d in days], dtype=object), 72),
            "小时": np.tile(np.repeat(np.arange(24), 3), len(days)), "班组": np.tile(np.array(TEAMS,
            dtype=object), n // 3),
            "计划人数": plan.ravel(), "实到人数": present.ravel(), "呼入量": calls.ravel(),
            "15秒接通量": answered.ravel(),
        }  # fmt: skip
        write.csv(folder / f"排班_{month}.csv", write.table(columns))
    _plan_ahead(folder, scale)


def _planned(scale: int) -> np.ndarray:
    """People planned per hour and team: every day the same, which month ends strain."""
    mean = 5200 * scale * CALLS_BY_HOUR[:, None] * TEAM_SHARES / 11
    return np.ceil(mean).astype(int) + 1


def _plan_ahead(folder: Path, scale: int) -> None:
    """The shifts of the week after the data, as planned: nobody has come and nobody has called yet."""
    days = [LAST_DAY + timedelta(n) for n in range(1, 8)]
    columns: dict[str, write.Column] = {
        "日期": np.repeat(np.array([f"{d:%Y-%m-%d}" for d in days], dtype=object), 24 * len(TEAMS)),
        "小时": np.tile(np.repeat(np.arange(24), len(TEAMS)), len(days)),
        "班组": np.tile(np.array(TEAMS, dtype=object), 24 * len(days)),
        "计划人数": np.tile(_planned(scale).ravel(), len(days)),
    }
    write.csv(folder / f"周排班计划_{days[0]:%Y%m%d}.csv", write.table(columns))


def _ai(streams: Streams, folder: Path, scale: int) -> None:
    topics = ("话费查询", "流量查询", "套餐办理", "宽带报障", "网络故障", "投诉进度", "开关业务", "其他")
    for month in MONTHS:
        rng = streams.get("side", "ai", month)
        days = month_days(month)
        sessions = rng.poisson(np.array([420, 380, 210, 120, 90, 60, 150, 130]) * scale, (len(days), 8))
        contained = rng.binomial(sessions, np.array([0.88, 0.87, 0.66, 0.5, 0.38, 0.45, 0.8, 0.5]))
        sampled = np.minimum(40, sessions)
        columns: dict[str, write.Column] = {
            "日期": np.repeat(np.array([f"{d:%Y-%m-%d}" for d in days], dtype=object), 8),
            "主题": np.tile(np.array(topics, dtype=object), len(days)), "会话数": sessions.ravel(),
            "自助解决数": contained.ravel(), "转人工数": (sessions - contained).ravel(),
            "抽检数": sampled.ravel(),
            "抽检正确数": rng.binomial(sampled, 0.957).ravel(),
        }  # fmt: skip
        write.csv(folder / f"智能客服_{month}.csv", write.table(columns))


def _bills(streams: Streams, folder: Path, scale: int, twin: bool) -> None:
    rng = streams.get("side", "bills")
    share = np.array([p[3] for p in names.PACKAGES])
    rows: dict[str, list[tuple[str, str, str, str, str, str]]] = {"2024": [], "2025": []}
    for index, month in enumerate(MONTHS):
        _, end = users_by_district(index, scale)
        audited = month >= "202409"
        for d, district in enumerate(names.DISTRICT_NAMES):
            for p, package in enumerate(names.PACKAGES):
                bills = int(end[d] * share[p])
                checked = int(bills * (0.05 if audited else 0.01))
                rate = 0.0006 if twin or month not in ("202407", "202408", "202503") else 0.004
                rows[month[:4]].append(
                    (
                        month,
                        district,
                        package[0],
                        str(bills),
                        str(checked),
                        str(int(rng.binomial(checked, rate))),
                    )
                )
    for year, lines in rows.items():
        text_csv(
            folder / f"账单稽核_{year}.csv",
            "月份,区县,套餐,出账数,稽核数,差错数",
            lines,
            encoding="gb18030",
            crlf=True,
        )


def _training(streams: Streams, folder: Path, city: City) -> None:
    rng = streams.get("side", "training")
    wang = hall_of_wang(city)
    rows = [
        (
            "TR20240918-01",
            "2024-09-18",
            "2024-09-24",
            city.halls.ids[wang],
            "全厅服务礼仪与首问负责制",
            "14",
            "96.5",
        )
    ]
    for number in range(18):
        day = date(2024, 2, 1) + timedelta(days=int(number * 22))
        hall = int(rng.integers(len(city.halls.ids)))
        rows.append((f"TR{day:%Y%m%d}-{number + 2:02d}", f"{day}", f"{day + timedelta(days=2)}",
         city.halls.ids[hall],
                     ("服务规范", "业务知识", "投诉应答演练")[number % 3], str(int(rng.integers(8, 30))),
                     f"{rng.uniform(82, 98):.1f}"))  # fmt: skip
    text_csv(folder / "培训记录.csv", "培训编号,开始日期,结束日期,营业厅编号,主题,参训人数,平均成绩", sorted(rows))
