"""Planted clusters, floods and stuck tickets, and the answer key that says which rules they must wake.

Radio effects of the same events are in `radio_events.py`; the three cases in `golden.py`.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from etl.demo import names
from etl.demo.city import City
from etl.demo.clock import DAY, HOUR, at
from etl.demo.plant import Plant, Truth
from etl.demo.rng import Streams

HANJIANG, GUANGLING, JIANGDU, GAOYOU, BAOYING, YIZHENG, KAIFAQU = range(7)
OUTAGE_START, OUTAGE_END = at("2025-03-30 19:12"), at("2025-03-30 23:05")
POWER_START, POWER_END = at("2024-06-19 17:04"), at("2024-06-19 23:40")
DIP_DEPT = "BIL"
DECOY_DISTRICT = YIZHENG
DECOY_ANSWERS, DECOY_SATISFIED = 9, 4
STUCK = "YZ20250317900001"
TEMPLATE_TEXT = "要求立即取消限速并按套餐约定退还全部差价,三日内不答复将集体向工信部申诉"
_MAIN = ("10086热线", "网上营业厅", "手机APP")


def outbreak_plants(streams: Streams, city: City) -> list[Plant]:
    plants = [*_history(streams, city), *_october(streams), *_live_week(streams, city), *_stuck()]
    return sorted(plants, key=lambda p: (p.when, p.tag))


def _flood(
    streams: Streams, tag: str, subtype: str, start: str, days: float, n: int, *, hours: tuple[int,
    int] = (9, 20),
    districts: tuple[int, ...] = (), estate: int | None = None, spread: float = 150.0, third: str = "",
    **more: Any,
) -> list[Plant]:  # fmt: skip
    """`n` tickets spread over `days` days from `start`, inside the given hours of the day."""
    rng = streams.get("outbreak", tag)
    first = at(start)
    offsets = np.sort(rng.random(n) * days)
    plants = []
    for offset in offsets:
        second = int(offset * DAY) // DAY * DAY + int(rng.uniform(*hours) * HOUR) if days >= 1 else int(offset * DAY)
        plants.append(
            Plant(
                tag=tag, when=first + second, subtype=subtype, third=third, channel=str(rng.choice(_MAIN)),
                district=int(rng.choice(districts)) if districts else None, estate=estate, spread_m=spread,
                **more,
            )
        )  # fmt: skip
    return plants


def _history(streams: Streams, city: City) -> list[Plant]:
    everywhere = tuple(range(7))
    hall = city.halls.names.index("文峰街道营业厅")
    return [
        *_flood(streams, "package_launch", "资费过高/结构复杂", "2024-03-01", 10, 24, districts=everywhere),
        *_flood(streams, "cutover_april", "掉线/通话中断", "2024-04-17", 1, 9, districts=(JIANGDU,)),
        *_flood(streams, "competitor_may", "资费过高/结构复杂", "2024-05-16", 22, 46, districts=(0, 1, 2)),
        *_flood(streams, "power_outage", "大面积中断", "2024-06-19 17:15", 0.26, 12, estate=names.JIESHOU,
         spread=420,
                dept="NETMAINT", priority=0, reason=3, solved=True),
        *_flood(streams, "billing_july", "计费不准确", "2024-07-29", 11, 34, districts=everywhere),
        *_flood(streams, "eleven_eleven", "未按承诺办理/优惠未兑现", "2024-11-11", 4, 26,
         districts=everywhere),
        *_flood(streams, "cutover_november", "网速慢", "2024-11-20", 1, 8, districts=(HANJIANG,)),
        *_flood(streams, "template_december", "资费过高/结构复杂", "2024-12-10", 4, 7, districts=(0, 1),
                text=TEMPLATE_TEXT, is_template=True, solved=False),
        *_flood(streams, "christmas_eve", "网络拥堵", "2024-12-24 18:30", 0.14, 8, estate=names.JINGHUA,
         third="商圈拥堵",
                spread=200),
        *_flood(streams, "hall_january", "营业厅态度差/顶撞", "2025-01-13", 5, 4, hall=hall, dept="HALLMGT",
         hours=(9, 17)),
    ]  # fmt: skip


def _october(streams: Streams) -> list[Plant]:
    """Neighbours of the October case: appear after 10-08, worsen, fade once two sites are on air (10-29)."""
    plants = []
    for number, (start, days, n) in enumerate(
        (
            ("2024-10-08", 5, 5),
            ("2024-10-14", 7, 9),
            ("2024-10-21", 7, 12),
            ("2024-10-28", 3, 3),
            ("2024-11-04", 8, 1),
        )
    ):
        plants += _flood(
            streams, f"october_{number}", "信号弱/无服务", start, days, n, hours=(18, 23),
            estate=names.NEW_ESTATE,
            spread=220, third="室内信号弱",
        )  # fmt: skip
    for plant in plants:
        plant.tag = "october_estate"
    return plants


def _live_week(streams: Streams, city: City) -> list[Plant]:
    hall = city.halls.names.index("曲江街道营业厅")
    everywhere = tuple(d for d in range(7) if d != DECOY_DISTRICT)
    outage = _flood(streams, "sunday_outage", "大面积中断", "2025-03-30 19:21", 0.155, 16,
     estate=names.SIJIYUAN,
                    spread=200, dept="NETMAINT", priority=0, reason=3)  # fmt: skip
    for number, plant in enumerate(outage):
        plant.hours = None if number % 4 else 3.6
        plant.hours = plant.hours or 40.0
    dip = _flood(streams, "billing_march", "计费不准确", "2025-03-24", 5, 58, districts=everywhere,
     dept=DIP_DEPT,
                 third="流量计费错误", hours=(8, 19))  # fmt: skip
    rng = streams.get("outbreak", "dip")
    for number, plant in enumerate(dip):
        plant.hours = float(rng.uniform(4, 23)) if number % 5 else float(rng.uniform(25, 34))
        plant.answer = 2 if number % 58 < 25 else (3 if number < 56 else 1)
        plant.solved = number % 4 != 0
        plant.cause = ("计费原因", "版本割接", "流量批价错误")
    shuffled = rng.permutation([p.answer or 0 for p in dip])
    for plant, answer in zip(dip, shuffled, strict=True):
        plant.answer = int(answer)
    halls = _flood(streams, "hall_march", "营业厅态度差/顶撞", "2025-03-25", 4, 5, hall=hall, dept="HALLMGT",
                   third="营业员态度差", hours=(9, 17))  # fmt: skip
    template = _flood(streams, "template_march", "资费过高/结构复杂", "2025-03-24", 5, 6, districts=(0, 1, 2),
                      text=TEMPLATE_TEXT, is_template=True)  # fmt: skip
    surge = _flood(streams, "jiangdu_surge", "套餐变更不合理/手续繁", "2025-03-25 08:40", 0.42, 14,
                   districts=(JIANGDU,), third="变更受限")  # fmt: skip
    kangle = _flood(streams, "kangle_hotspot", "信号弱/无服务", "2025-03-03", 26, 14, estate=names.KANGLE,
     spread=150,
                    third="室内信号弱", hours=(17, 22))  # fmt: skip
    external = [
        Plant(tag="external_march", when=at("2025-03-27 10:05"), subtype="退费", channel="消费者协会",
         district=1,
              dept="BIL", priority=0, reason=2, ticket_id="YZ20250327900001", hours=120.0),
        Plant(tag="external_march", when=at("2025-03-26 14:40"), subtype="网速慢", channel="黑猫投诉",
         district=0,
              dept="NET", priority=0, reason=2, ticket_id="YZ20250326900001", hours=30.0),
    ]  # fmt: skip
    return [*outage, *dip, *halls, *template, *surge, *kangle, *external]


def _stuck() -> list[Plant]:
    """Tickets that are open at as-of, each for one clock rule."""
    never = 400.0
    chain = [
        Plant(tag="chain_march", when=at(when), subtype="网速慢", channel="10086热线",
         customer="chain_march", district=0,
              dept="NET", ticket_id=ticket, hours=hours, solved=False if hours < never else None,
              tendency="监管倾向" if hours == never else "", urges=0)
        for when, ticket, hours in (
            ("2025-03-12 20:10", "YZ20250312900001", 30.0),
            ("2025-03-19 21:05", "YZ20250319900001", 44.0),
            ("2025-03-28 20:30", "YZ20250328900004", never),
        )
    ]  # fmt: skip
    single = [
        Plant(tag="fifteen_days", when=at("2025-03-17 10:12"), subtype="退费", dept="BIL", ticket_id=STUCK,
         urges=4,
              silent=True, priority=1, tendency="监管倾向"),
        Plant(tag="handover_stuck", when=at("2025-03-27 15:20"), subtype="信号弱/无服务", dept="NET",
              ticket_id="YZ20250327900002", silent=True, urges=1),
        Plant(tag="buck_passing", when=at("2025-03-25 09:30"), subtype="未按承诺办理/优惠未兑现", dept="MKT",
              ticket_id="YZ20250325900001", route=("CARE", "MKT", "BIL", "HALLMGT", "MKT"), urges=2,
              hours=170.0),
        Plant(tag="partner_stuck", when=at("2025-03-26 10:45"), subtype="宽带办理", dept="PARTNER",
              ticket_id="YZ20250326900002", route=("CARE", "PARTNER"), urges=1),
        Plant(tag="reopened_twice", when=at("2025-03-21 11:05"), subtype="视频卡顿", dept="NET",
              ticket_id="YZ20250321900001", reopens=2, urges=2, hours=260.0),
        Plant(tag="promise_due", when=at("2025-03-26 16:15"), subtype="退费", dept="BIL",
         ticket_id="YZ20250326900003",
              promise_due=at("2025-03-31 18:00"), compensation=86.0),
        Plant(tag="promise_due", when=at("2025-03-24 09:25"), subtype="退费", dept="BIL",
         ticket_id="YZ20250324900001",
              promise_due=at("2025-03-29 18:00"), compensation=35.5),
        Plant(tag="urgent_weekend", when=at("2025-03-30 14:10"), subtype="无法通话/收不到短信", dept="NET",
         priority=0,
              reason=5, ticket_id="YZ20250330900001", silent=True),
        Plant(tag="many_urges", when=at("2025-03-28 10:20"), subtype="网速慢", dept="NET",
         ticket_id="YZ20250328900002",
              urges=3, tendency="曝光倾向"),
    ]  # fmt: skip
    for plant in single:
        plant.hours = plant.hours or never
        plant.channel = plant.channel or "10086热线"
        plant.district = 0 if plant.district is None else plant.district
    return [*chain, *single]


def outbreak_truth() -> list[Truth]:
    rows = [
        ("E-PACKAGE", "outbreak", "RX01", "type:TAR", "2024-03-01", "2024-03-10", "5G惠享79元上市后资费投诉"),
        ("E-CUT-APR", "outbreak", "RC01;RC01-CHG;RX01", "NET/江都区", "2024-04-17", "2024-04-17", "割接后掉线"),
        ("E-RIVAL-MAY", "outbreak", "RM01", "type:TAR", "2024-05-15", "2024-06-07",
         "竞争对手优惠,资费投诉与携出上升"),
        ("E-POWER", "incident", "RN07;RC02", "place:界首乡镇", "2024-06-19 17:04", "2024-06-19 23:40",
         "停电退服"),
        ("E-BILL-JUL", "outbreak", "RC07;RX01;RC01", "subtype:计费不准确", "2024-07-29", "2024-08-08",
         "7月28日计费升级后"),
        ("E-ESTATE-OCT", "hotspot", "RN02;RC03;RC02", "place:邗江新建小区", "2024-10-08", "2024-11-04",
         "新建小区热点:出现、恶化、两站开通后消退"),
        ("E-1111", "outbreak", "RC01;RX01", "type:BIZ", "2024-11-11", "2024-11-14", "促销优惠未兑现"),
        ("E-CUT-NOV", "outbreak", "RC01-CHG;RX01", "NET/邗江区", "2024-11-20", "2024-11-20", "割接后网速慢"),
        ("E-TEMPLATE-DEC", "template", "RC10", "type:TAR", "2024-12-10", "2024-12-13", "7名客户同文申告"),
        ("E-XMAS", "incident", "RN04;RC02", "place:京华城商圈", "2024-12-24 18:00", "2024-12-24 22:30",
         "商圈拥堵"),
        ("E-HALL-JAN", "cluster", "RC08", "hall:文峰街道营业厅", "2025-01-13", "2025-01-17", "态度投诉4件"),
        ("L-OUTAGE", "incident", "RN07;RC02;RN01;RN03", "place:四季园小区", "2025-03-30 19:12",
         "2025-03-30 23:05",
         "周日晚三站断电退服,16名客户投诉(红)"),
        ("L-DIP", "satisfaction_dip", "RT01;RT02", f"dept:{DIP_DEPT}", "2025-03-24", "2025-03-30",
         "计费中心W13满意率骤降,样本不少于52"),
        ("L-BILL-MAR", "outbreak", "RC07;RX01;RC01", "subtype:计费不准确", "2025-03-24", "2025-03-28",
         "3月22日计费版本后"),
        ("L-DECOY", "decoy", "", "district:321081", "2025-03-24", "2025-03-30",
         "仪征市W13仅9份有效测评,不得排名或预警"),
        ("L-SURGE", "outbreak", "RC01", "TAR/江都区", "2025-03-25", "2025-03-25", "一日14件套餐变更"),
        ("L-HALL", "cluster", "RC08", "hall:曲江街道营业厅", "2025-03-25", "2025-03-28", "态度投诉5件"),
        ("L-TEMPLATE", "template", "RC10", "type:TAR", "2025-03-24", "2025-03-28", "6名客户同文申告"),
        ("L-KANGLE", "hotspot", "RC03;RN01;RN02", "place:康乐小区", "2025-03-03", "2025-03-30",
         "30日内多户,无整改项"),
        ("L-EXTERNAL", "external", "RC05", "ticket:YZ20250327900001", "2025-03-27", "", "消费者协会"),
        ("L-HEIMAO", "external", "RC05", "ticket:YZ20250326900001", "2025-03-26", "", "黑猫投诉"),
        ("L-CHAIN", "chain", "RC04;RC06", "ticket:YZ20250328900004", "2025-03-12", "", "同号同类第三次"),
        ("L-15DAYS", "stuck", "RS13;RS08;RS03;RS02", f"ticket:{STUCK}", "2025-03-17", "",
         "满12天无答复,仅记录"),
        ("L-HANDOVER", "stuck", "RS03;RS02", "ticket:YZ20250327900002", "2025-03-27", "", "派单后无人处理"),
        ("L-LOOP", "stuck", "RS04", "ticket:YZ20250325900001", "2025-03-25", "", "转派3次且回流市场部"),
        ("L-PARTNER", "stuck", "RS07", "ticket:YZ20250326900002", "2025-03-26", "", "合作商滞留"),
        ("L-REOPEN", "stuck", "RS09", "ticket:YZ20250321900001", "2025-03-21", "", "重开两次仍未结"),
        ("L-PROMISE", "promise", "RS12", "ticket:YZ20250326900003", "2025-03-31", "",
         "退款承诺到期;另一件已逾期"),
        ("L-URGENT", "stuck", "RS05;RS01;RS02", "ticket:YZ20250330900001", "2025-03-30", "",
         "周日紧急单未签收"),
        ("L-URGES", "stuck", "RC06", "ticket:YZ20250328900002", "2025-03-28", "", "催单3次"),
        ("A-WEEKEND", "ambient", "RS05", "dept:NET", "2024-01-01", "2025-03-30", "周末与节假日真空"),
        ("A-OVERDUE", "ambient", "RS01;RS02;RS10", "dept:NET", "2024-01-01", "2025-03-30", "超时以网络为主"),
        ("A-QUEUE", "ambient", "RS06", "dept:CARE", "2024-01-01", "2025-03-30", "月初上午派单排队"),
        ("A-CHERRY", "ambient", "RS11", "dept:NET", "2024-01-01", "2025-03-30", "先易后难"),
        ("A-REPEAT", "ambient", "RC04", "city", "2024-01-01", "2025-03-30", "重复率由11%降至8%"),
        ("A-MONTHEND", "ambient", "RC09", "city", "2025-03-28", "2025-04-03", "月末月初高峰"),
    ]  # fmt: skip
    return [Truth(*row) for row in rows]
