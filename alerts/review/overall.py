"""总体与考核: the measures of the week beside target and predecessors, their course, and the month's assessment."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from alerts.review.asked import Asked, plain
from alerts.review.bundle import Chart, Column, Item, Number, Screen, Table, Words
from alerts.review.texts import say, sentence
from warehouse.measures import measures
from warehouse.periods import compare

SHOWN = ("M01", "M02", "M04", "M03", "M07", "M09", "M12", "M14", "M18_N", "M22_OPEN")
TRENDS = ("M01", "M04", "M09")
TREND = "trend_"
MONTH = ("M03", "M07", "M09")
BULLETIN = {"ON_TIME_PCT": "M03", "SOLVED_PCT": "M07", "SATISFIED_PCT": "M09", "PER_10K": "M02"}


def numbers(asked: Asked) -> tuple[Number, ...]:
    """The measures of the week that this source has, in their order."""
    ids = asked.supported(SHOWN)
    found = asked.figures(ids)
    return tuple(asked.number(i, found) for i in ids)


def screen(asked: Asked, told: tuple[Number, ...]) -> Screen:
    found = finding(asked, told)
    items = [Item(id="overall", finding=found, numbers=told, evidence=(say("overall_how"),))]
    items += _trends(asked)
    month = _month(asked)
    return Screen(name="overall", title=say("screen_overall"), finding=found, items=(*items, *month))


def finding(asked: Asked, told: tuple[Number, ...]) -> Words:
    """Volume against both predecessors, and which targets are missed."""
    by = {n.measure: n for n in told}
    volume = by.get("M01")
    if volume is not None and volume.hidden:
        return say("hidden")
    if volume is None or not volume.value:
        return say("overall_empty")
    parts = [
        say("overall_volume", n=volume.value, before=volume.previous, change=_change(volume.value, volume.previous))
    ]
    if volume.previous is None:
        parts = [say("overall_first", n=volume.value)]
        if asked.has(asked.comparison.before):
            parts = [say("overall_count", n=volume.value), say("overall_few_before")]
    if volume.mismatch:
        parts.append(say("overall_holiday"))
    elif volume.last_year:
        parts.append(say("overall_year", change=_change(volume.value, volume.last_year)))
    elif volume.last_year is not None or not asked.has(asked.comparison.year_ago):
        parts.append(say("overall_no_year"))
    missed = [n for n in told if n.target is not None and n.unit == "share" and is_missed(n)]
    judged = [n for n in told if n.target is not None and n.unit == "share" and n.value is not None]
    if missed:
        worst = max(missed, key=lambda n: abs((n.value or 0) - (n.target or 0)))
        parts.append(
            say(
                "overall_missed", n=len(missed), of=len(judged), name=worst.name, value=worst.value, target=worst.target
            )
        )
    elif judged:
        parts.append(say("overall_met", n=len(judged)))
    return sentence(parts)


def is_missed(number: Number) -> bool:
    """On the wrong side of its target, by more than rounding."""
    if number.value is None or number.target is None:
        return False
    gap = number.target - number.value
    return (gap if measures()[number.measure].good == "up" else -gap) >= 0.0005


def _change(now: float | None, before: float | None) -> Words:
    """+12.3%, or the difference where the base is under 20."""
    if now is None or before is None:
        return say("dash")
    if before < 20:
        return say("change_count", n=abs(now - before), sign="+" if now > before else "-" if now < before else "±")
    return say("change_share", n=abs(now - before) / before, sign="+" if now > before else "-" if now < before else "±")


def _trends(asked: Asked) -> list[Item]:
    """Thirteen weeks of volume, timeliness and satisfaction, each with target, holidays and changes."""
    ids = asked.supported(TRENDS)
    weeks = asked.trend()
    told = asked.figures(ids, (), weeks).set_index("period")
    marks = asked.marks(weeks[0].first, weeks[-1].last)
    found = []
    for measure in ids:
        entry = measures()[measure]
        values = [plain(told[measure].get(w.id)) for w in weeks]
        known = [v for v in values[:-1] if v is not None]
        # Nothing but zeros is no course: before the first ticket no week ranks above another.
        if values[-1] is None or len(known) < 2 or not any([*known, values[-1]]):
            continue
        kind = "share" if entry.kind == "rate" else "count"
        middle = float(pd.Series(known).median())
        rank = 1 + sum(v > values[-1] for v in known)
        name = Words(zh=entry.zh, en=entry.en)
        said = say(f"trend_{kind}", name=name, value=values[-1], middle=middle, rank=rank, n=len(known) + 1)
        chart = Chart(
            title=said,
            subtitle=say("trend_subtitle", name=name, unit=Words(zh=entry.unit.zh, en=entry.unit.en)),
            form="line",
            columns=(
                Column(name="week", title=say("column_week"), kind="date"),
                Column(name=measure, title=name, kind="share" if kind == "share" else "count"),
            ),
            rows=tuple((w.first.isoformat(), v) for w, v in zip(weeks, values, strict=True)),
            target=asked.target(measure),
            marks=marks,
        )
        found.append(Item(id=f"{TREND}{measure}", finding=said, charts=(chart,)))
    return found


def _month(asked: Asked) -> list[Item]:
    """考核: the month up to the end of the week against its targets, room left, and the province's bulletin."""
    until = asked.now.last + timedelta(1)
    month = compare("mtd", asked.at)
    # The Monday meeting speaks of the week that ended: its month, up to its Sunday.
    first = asked.now.last.replace(day=1)
    period = type(month.now)("now", first, until, asked.at)
    ids = asked.supported(["M01", *MONTH, "M22_N"])
    row = asked.figures(ids, (), [period]).iloc[0] if ids else None
    if row is None or not row.get("M01") or bool(row["is_small"]):
        return []
    aims = [i for i in MONTH if i in ids and asked.target(i) is not None and not pd.isna(row[i])]
    single = asked.figures(ids, (), [period])
    told = tuple(asked.number(i, single).model_copy(update={"mismatch": False}) for i in aims)
    missed = [n for n in told if is_missed(n)]
    parts = [say("month_missed" if missed else "month_met", month=_month_name(first), n=len(missed), of=len(told))]
    aim = asked.target("M03")
    if aim is not None and "M22_N" in ids:
        left = int((1 - aim) * int(row["M01"]) + 1e-9) - int(row["M22_N"])
        parts.append(say("month_room" if left >= 0 else "month_gone", n=abs(left), target=aim))
    tables = () if asked.is_part else _bulletin(asked)
    return [Item(id="month", finding=sentence(parts), numbers=told, tables=tables, evidence=(say("month_how"),))]


def _bulletin(asked: Asked) -> tuple[Table, ...]:
    """全省均值 and 排名 of the newest month that was over: the province tells of none before."""
    rows = asked.table("fact_province_bulletin")
    if len(rows):
        rows = rows[rows["period_month"] + pd.offsets.MonthBegin(1) <= pd.Timestamp(asked.now.end)]
    if rows.empty:
        return ()
    month = rows["period_month"].max()
    rows = rows[rows["period_month"] == month]
    lines = []
    for code, measure in BULLETIN.items():
        for r in rows[rows["metric_code"] == code].itertuples():
            entry = measures()[measure]
            lines.append((entry.zh, entry.en, plain(r.value), plain(r.province_mean), plain(r.rank), plain(r.n_cities)))
    if not lines:
        return ()
    columns = (
        Column(name="name", title=say("column_measure")),
        Column(name="name_en", title=say("column_measure_en")),
        Column(name="value", title=say("column_ours"), kind="number"),
        Column(name="province_mean", title=say("column_province"), kind="number"),
        Column(name="rank", title=say("column_rank"), kind="count"),
        Column(name="n_cities", title=say("column_cities"), kind="count"),
    )
    title = say("bulletin_title", month=_month_name(month.date()))
    return (Table(title=title, columns=columns, rows=tuple(lines), note=say("bulletin_note")),)


def _month_name(day: date) -> Words:
    return Words(zh=f"{day.year}年{day.month}月", en=f"{day:%b %Y}")
