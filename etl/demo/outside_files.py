"""Sources from outside the care system: changes, market, opinion, port-outs, NPS, care scores."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from etl.demo import names, write
from etl.demo.clock import (
    AS_OF,
    DAY,
    HOUR,
    MONTHS,
    at,
    day_number,
    days_between,
)
from etl.demo.rng import Streams, deal
from etl.demo.side_files import USERS, text_csv


def write_outside_files(streams: Streams, folder: Path, scale: int, twin: bool) -> None:
    _changes(folder, twin)
    _market(folder, twin)
    _opinion(streams, folder, twin)
    _port_outs(streams, folder, scale, twin)
    _nps(streams, folder, twin)
    _care_scores(streams, folder, scale, twin)


def _changes(folder: Path, twin: bool) -> None:
    header = "变更编号,变更类型,系统,开始时间,结束时间,影响区县,影响对象,是否已告知客服,说明"
    rows = [
        ("CH20240301-01", "套餐上线", "CRM", "2024-03-01 00:00:00", "2024-03-01 02:00:00", "全市",
         "PK079 5G惠享79元", "是", "5G惠享79元上线"),
        ("CH20240417-01", "割接", "无线网", "2024-04-17 01:00:00", "2024-04-17 05:00:00", "江都区",
         "仙女镇", "否", "核心侧割接"),
        ("CH20240619-01", "停电", "动力", "2024-06-19 17:04:00", "2024-06-19 23:40:00", "高邮市", "界首镇",
         "否", "市电停电"),
        ("CH20240728-01", "计费版本", "计费系统", "2024-07-28 00:00:00", "2024-07-28 06:00:00", "全市",
         "计费系统V7.2", "否", "计费系统升级"),
        ("CH20241029-01", "升级", "无线网", "2024-10-29 00:00:00", "2024-10-29 18:00:00", "邗江区",
         "邗江新建小区", "是", "两个新站开通"),
        ("CH20241111-01", "活动", "CRM", "2024-11-11 00:00:00", "2024-11-14 23:59:59", "全市", "双十一促销",
         "否", "话费返还活动"),
        ("CH20241120-01", "割接", "无线网", "2024-11-20 01:00:00", "2024-11-20 05:00:00", "邗江区",
         "邗上街道", "是", "版本割接"),
        ("CH20250322-01", "计费版本", "计费系统", "2025-03-22 00:00:00", "2025-03-22 05:00:00", "全市",
         "计费系统V7.5", "否", "流量批价版本"),
    ]  # fmt: skip
    if twin:
        rows = [r for r in rows if r[1] in ("套餐上线", "升级")]
    text_csv(folder / "变更事件.csv", header, rows)


def _market(folder: Path, twin: bool) -> None:
    header = "事件编号,发现时间,竞争对手,类型,摘要,影响区县,预期影响"
    rows = [
        ("MK20240515-01", "2024-05-15 10:00:00", "运营商乙", "优惠", "59元大流量套餐首年半价", "全市",
         "资费投诉与携出上升"),
        ("MK20241105-01", "2024-11-05 09:30:00", "运营商丙", "促销", "双十一宽带免费提速", "全市",
         "宽带类咨询增加"),
        ("MK20250318-01", "2025-03-18 14:20:00", "运营商乙", "优惠", "校园套餐降价", "邗江区",
         "年轻客户携出"),
    ]  # fmt: skip
    text_csv(folder / "市场动态.csv", header, [] if twin else rows, encoding="gb18030", crlf=True)


def _opinion(streams: Streams, folder: Path, twin: bool) -> None:
    rng = streams.get("side", "opinion")
    header = "舆情编号,发布时间,平台,主题,情感,热度,链接摘要,涉及区县,首次响应时间"
    topics = ("网络信号", "计费收费", "客服态度", "套餐变更", "宽带安装")
    every = days_between()
    days = [every[i] for i in np.sort(rng.choice(len(every), 12 if twin else 40, replace=False))]
    lines: dict[str, list[tuple[str, ...]]] = {"2024": [], "2025": []}
    for number, day in enumerate(days):
        base = day_number(day) * DAY + int(rng.integers(8 * HOUR, 22 * HOUR))
        negative = rng.random() < (0.2 if twin else 0.6)
        heat = int(rng.gamma(1.5, 90)) + 5
        handled = base + int(rng.gamma(2, 1500)) + 300
        lines[str(day.year)].append((
            f"OP{day:%Y%m%d}{number:03d}", stamp(base), ("微博", "短视频平台", "本地论坛",
             "贴吧")[int(rng.integers(4))],
            topics[int(rng.integers(5))], "负面" if negative else ("中性", "正面")[int(rng.integers(2))],
            str(heat),
            f"{int(rng.integers(2**62)):016x}", names.DISTRICT_NAMES[int(rng.integers(7))],
            stamp(min(handled, AS_OF - 60)),
        ))  # fmt: skip
    if not twin:
        viral = at("2025-03-27 19:35")
        lines["2025"][-1:] = lines["2025"][-1:] + [(
            "OP20250327999", stamp(viral), "短视频平台", "计费收费", "负面", "48600", "00000000000000aa",
            "广陵区",
            stamp(viral + 3 * HOUR),
        )]  # fmt: skip
        lines["2025"] += [
            (f"OP202503289{i:02d}", stamp(viral + (i + 3) * 2 * HOUR), "微博", "计费收费", "负面",
             str(900 + 70 * i),
             f"{i + 171:016x}", "广陵区", stamp(viral + (i + 5) * 2 * HOUR)) for i in range(5)
        ]  # fmt: skip
    for year, rows in lines.items():
        if not rows:
            continue  # nobody exports an empty list, and loading one is a fault
        text_csv(folder / f"舆情_{year}.csv", header, sorted(rows, key=lambda r: r[1]))


def stamp(second: int) -> str:
    return str(np.datetime64(int(second), "s")).replace("T", " ")


def _port_outs(streams: Streams, folder: Path, scale: int, twin: bool) -> None:
    rng = streams.get("side", "port")
    for year in (2024, 2025):
        days = [d for d in days_between() if d.year == year]
        base = np.array(names.ALL_WEIGHTS)[None, :] * 0.42 * scale
        lift = np.array([
            1.0 if twin else (1.7 if date(2024, 5, 16) <= d <= date(2024, 6,
             14) else 1.55 if d >= date(2025, 3, 19) else 1.0)
            for d in days
        ])[:, None]  # fmt: skip
        out = rng.poisson(base * lift)
        columns: dict[str, write.Column] = {
            "日期": np.repeat(np.array([f"{d:%Y-%m-%d}" for d in days], dtype=object), 7),
            "区县": np.tile(np.array(names.DISTRICT_NAMES, dtype=object), len(days)), "携出": out.ravel(),
            "携入": rng.poisson(base * 0.85 * np.ones_like(lift)).ravel(),
        }  # fmt: skip
        write.csv(folder / f"携号转网_{year}.csv", write.table(columns), encoding="gb18030", crlf=True)


def _nps(streams: Streams, folder: Path, twin: bool) -> None:
    """Monthly recommendation survey, one row per answer: 0 to 10."""
    rng = streams.get("side", "nps")
    segments = ("个人", "家庭", "政企")
    for year in ("2024", "2025"):
        lines: list[tuple[str, ...]] = []
        for month in (m for m in MONTHS if m.startswith(year)):
            for s, (segment, size) in enumerate(zip(segments, (120, 90, 60), strict=True)):
                dip = not twin and segment == "家庭" and month in ("202502", "202503")
                high, middle = (0.28, 0.30) if dip else (0.42, 0.33)
                group = deal(rng, size, [high, middle, 1 - high - middle])
                score = np.where(
                    group == 0,
                    rng.integers(9, 11, size),
                    np.where(group == 1, rng.integers(7, 9, size), rng.integers(0, 7, size)),
                )
                district = rng.integers(0, 7, size)
                lines += [
                    (
                        f"NPS{month}{s}{i:04d}",
                        month,
                        segment,
                        names.DISTRICT_NAMES[district[i]],
                        str(score[i]),
                        "综合推荐度",
                    )
                    for i in range(size)
                ]
        text_csv(folder / f"NPS调研_{year}.csv", "调研编号,月份,客户类型,区县,推荐分,主题", lines)


def _care_scores(streams: Streams, folder: Path, scale: int, twin: bool) -> None:
    """Weekly counts of users with a poor experience, per town: counts only, no person."""
    rng = streams.get("side", "care")
    monday = date(2024, 12, 30)
    lines: list[tuple[str, ...]] = []
    while monday <= date(2025, 3, 24):
        for town in names.TOWNS:
            active = int(USERS * scale * names.ALL_WEIGHTS[town.district] / 100 * town.weight * 0.8)
            weak = 0.012 if town.urban else 0.035
            if not twin and town.name in ("曹甸镇", "界首镇"):
                weak = 0.09
            slow, outage, bill = 0.015, 0.002, 0.006
            if not twin and monday == date(2025, 3, 24) and town.name == "东关街道":
                outage, slow = 0.12, 0.05
            parts = [int(rng.binomial(active, p)) for p in (weak, slow, outage, bill, 0.0016)]
            both = int(rng.binomial(active, min(0.3 * max(weak, outage), 0.05) * 0.2))
            lines.append(
                (
                    f"{monday}",
                    names.DISTRICT_NAMES[town.district],
                    town.name,
                    str(active),
                    *(str(p) for p in parts),
                    str(both),
                )
            )
        monday += timedelta(days=7)
    header = "周起始日期,区县,街镇,活跃用户,弱覆盖用户,低速用户,长时断网用户,账单突增用户,近90天投诉用户,两项及以上用户"
    text_csv(folder / "体验关怀_周汇总.csv", header, lines)
