"""Issues made by hand: a rich week, and the edges."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from alerts.review import bundle
from alerts.review.bundle import Chart, Column, Issue, Item, Map, Mark, Number, Place, Screen, Table, Words
from pages._pack.paper import Order, Paper
from warehouse.workspace import SEEDS, load_workspace

DISTRICTS = ("邗江", "广陵", "江都", "仪征", "高邮", "宝应")
ENGLISH = ("Hanjiang", "Guangling", "Jiangdu", "Yizheng", "Gaoyou", "Baoying")
CODES = ("321003", "321002", "321012", "321081", "321084", "321023")


def both(zh: str, en: str) -> Words:
    return Words(zh=zh, en=en)


def workspace() -> Any:
    return load_workspace(SEEDS.parents[1] / "workspaces" / "demo")


def numbers() -> tuple[Number, ...]:
    return (
        Number(measure="M01", name=both("投诉量", "Complaints"), unit="count", value=12345, previous=11987,
               last_year=None, mismatch=True),
        Number(measure="M03", name=both("及时率", "On-time rate"), unit="share", value=0.7618, n=463, numerator=353,
               previous=0.7425, last_year=0.801, target=0.95, verdict=both("未达标", "missed")),
        Number(measure="M02", name=both("万投比", "Per 10k users"), unit="per_10k", value=4.3712, n=1054321,
               previous=4.1, last_year=4.44, target=4.0),
        Number(measure="X1", name=both("平均时长", "Mean time"), unit="hours", value=36.54, n=52, previous=40.1),
        Number(measure="M01", name=both("小县投诉", "Small county"), unit="count", value=None, hidden=True),
    )  # fmt: skip


def weeks(n: int, last: date = date(2025, 3, 24)) -> list[str]:
    return [(last - timedelta(weeks=n - 1 - k)).isoformat() for k in range(n)]


def line() -> Chart:
    rows = tuple((day, 60 + k * 3.5 if k != 4 else None, 58 + k * 3.0, 55.0) for k, day in enumerate(weeks(13)))
    return Chart(
        title=both("投诉连升三周", "Complaints rise for the third week"),
        subtitle=both("投诉量，件", "Complaints, tickets"),
        form="line",
        columns=(
            Column(name="week", title=both("周", "Week"), kind="date"),
            Column(name="now", title=both("今年", "This year"), kind="number"),
            Column(name="then", title=both("去年", "Last year"), kind="number"),
            Column(name="low", title=both("下限", "Low"), kind="number"),
        ),
        rows=rows, target=80,
        marks=(
            Mark(at=date(2025, 3, 11), words=both("光缆中断", "Fibre cut"), kind="change"),
            Mark(at=date(2025, 2, 3), until=date(2025, 2, 12), words=both("春节", "Spring Festival"), kind="holiday"),
        ),
    )  # fmt: skip


def chart(form: str, target: float | None = None) -> Chart:
    columns = [
        Column(name="district", title=both("区县", "District")),
        Column(name="district_en", title=both("区县", "District")),
        Column(name="rate", title=both("及时率", "On time"), kind="share"),
    ]
    rows: list[tuple[Any, ...]] = [
        (z, e, 0.9 - 0.05 * k) for k, (z, e) in enumerate(zip(DISTRICTS, ENGLISH, strict=True))
    ]
    if form == "stacked":
        columns = [
            *columns[:2],
            *(Column(name=n, title=both(z, n), kind="count") for n, z in (("network", "网络"), ("bill", "资费"))),
        ]
        rows = [(z, e, 20 + k, 9 - k) for k, (z, e) in enumerate(zip(DISTRICTS, ENGLISH, strict=True))]
    return Chart(title=both("江都及时率最低", "Jiangdu is least on time"),
                 subtitle=both("按区县，n=463", "By district, n=463"),
                 form=form, columns=tuple(columns), rows=tuple(rows), target=target)  # fmt: skip


def table(n: int = 12) -> Table:
    columns = (
        Column(name="id", title=both("工单号", "Ticket"), kind="id"),
        Column(name="place", title=both("地点", "Place")),
        Column(name="place_en", title=both("地点", "Place")),
        Column(name="due", title=both("到期", "Due"), kind="instant"),
        Column(name="on", title=both("受理日", "Accepted"), kind="date"),
        Column(name="customers", title=both("客户", "Customers"), kind="count"),
        Column(name="rate", title=both("满意率", "Satisfied"), kind="share"),
        Column(name="diff", title=both("变化", "Change"), kind="points"),
        Column(name="hours", title=both("时长", "Time"), kind="hours"),
        Column(name="cost", title=both("费用", "Cost"), kind="money"),
    )
    rows = tuple(
        (f"00{k:06d}", f"四季园{k}", f"Siji {k}", f"2025-03-{k % 28 + 1:02d}T10:30:00", f"2025-03-{k % 28 + 1:02d}",
         k + 5, k / n, -0.019, 40.5 + k, 1234.5 * k)
        for k in range(n)
    )  # fmt: skip
    return Table(title=both("超时清单", "Overdue"), columns=columns, rows=rows,
                 note=both("只列汇总,无客户信息", "Aggregates only"))  # fmt: skip


def the_map() -> Map:
    places = tuple(
        Place(code=c, name=both(z, e), value=None if c == "321023" else 3.0 + k, n=40 + k)
        for k, (c, z, e) in enumerate(zip(CODES, DISTRICTS, ENGLISH, strict=True))
    )
    return Map(title=both("江都万投比最高", "Jiangdu has most complaints"),
               subtitle=both("件/万户·月", "per 10k user-months"),
               unit="per_10k", places=places)  # fmt: skip


def issue(**changed: Any) -> Issue:
    begins = changed.pop("begins", date(2025, 3, 24))
    year, week, _ = begins.isocalendar()

    def item(name: str, **held: Any) -> Item:
        return Item(
            id=name, finding=both(f"{name}的结论：及时率76.2%，未达标", f"{name}: 76.2% on time, missed"), **held
        )

    warning = item(
        "warning-1", source="warning:W2025-0001", severity="red", numbers=numbers()[:2], wants_decision=True,
        evidence=(both("超出基线 3.1 倍，p<0.001", "3.1 times the baseline, p<0.001"),),
    )  # fmt: skip
    held: dict[str, tuple[Item, ...]] = {
        "actions": (item("last-actions", tables=(table(3),)),),
        "overall": (item("overall", numbers=numbers(), charts=(line(),)),),
        "movement": (item("movement", charts=(chart("bar", 0.95), chart("column", 0.95))),),
        "warnings": (warning, item("warning-2", source="warning:W2025-0002", severity="orange", wants_decision=True)),
        "hotspots": (item("hotspots", map=the_map(), tables=(table(12),)),),
        "sla": (item("sla", charts=(chart("stacked"),), tables=(table(30),)),),
        "forecast": (item("forecast", charts=(line(),)),),
    }
    screens = tuple(
        Screen(
            name=name, title=both(f"第{k}屏", f"Screen {k}"), finding=both("本屏结论", "What it says"), items=held[name]
        )
        for k, name in enumerate(bundle.SCREENS, start=1)
    )
    values: dict[str, Any] = {
        "week": f"{year}-W{week:02d}", "begins": begins, "ends": begins + timedelta(days=6),
        "as_of": datetime(2025, 3, 31, 8, 30), "workspace": both("扬州演示", "Yangzhou demo"), "is_simulated": True,
        "source": bundle.Source(release_id="20250331T083000-abc", definitions="d" * 16, policies="p" * 16,
                                rules={"RC01": 2, "RN02": 1}),
        "filters": (both("全市", "Whole city"),), "missing": (both("无装维数据", "No home-visit data"),),
        "summary": (both("及时率76.2%，低于目标18.8个百分点。", "76.2% on time, 18.8 pp below target."),
                    both("四季园断网引发投诉。", "An outage at Siji Garden raised complaints.")),
        "screens": screens, "annex": (item("structure", charts=(chart("column"),), tables=(table(2),)),),
        "changes": (bundle.Change(week="2025-W12", measure="M01", name=both("投诉量", "Complaints"), unit="count",
                                  sealed=420, now=423, why=both("迟到工单 3 件", "3 late tickets")),),
        "definitions": (("M01", both("投诉量", "Complaints"), both("有效投诉和故障", "Valid complaints and faults")),
                        ("M03", both("及时率", "On-time rate"), both("按时反馈占受理", "Answered in time"))),
    }  # fmt: skip
    return Issue(**(values | changed))


def empty(**changed: Any) -> Issue:
    """A week in which nothing happened."""
    screens = tuple(
        Screen(name=name, title=both("屏", "Screen"), finding=both("本周无数据", "No data this week"), items=())
        for name in bundle.SCREENS
    )
    bare: dict[str, Any] = dict.fromkeys(("annex", "changes", "definitions", "summary", "filters", "missing"), ())
    return issue(**{"screens": screens, **bare, **changed})


def orders() -> tuple[Order, ...]:
    return (
        Order(number="A0001", source="warning:W2025-0001", title="四季园断网整改", measure="更换电源", level="挂牌",
              state="整改中", department="网络部", person="值班长", due=date(2025, 4, 7), reply=date(2025, 4, 3),
              verify="M01", is_supervised=True),
        Order(number="A0002", source="review:2025-W13", title="复核派单规则", department="客服部",
              is_decided=True),
    )  # fmt: skip


def paper(found: Issue | None = None, lang: Any = "zh", **changed: Any) -> Paper:
    return Paper(found or issue(), lang, **({"shapes": workspace().boundaries, "orders": orders()} | changed))
