"""下周预测与排班: complaints of next week by type, and calls per day against the shifts that are planned."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from alerts.review.asked import Asked, plain, seen
from alerts.review.bundle import Chart, Column, Item, Screen, Table, Words
from alerts.review.texts import day as day_of
from alerts.review.texts import joined, listed, say, sentence
from warehouse import staffing
from warehouse.analysis.forecast import BACKTESTS, LEVEL, Forecast, by_kind, most_load
from warehouse.periods import Period

YEARS = 3
CALLS_AIM = 0.85  # of calls answered within 15 seconds (M59), where the workspace sets no target of its own
NOTABLE = 0.05


def screen(asked: Asked) -> Screen:
    title = say("screen_forecast")
    told = of_week(asked)
    if _is_few(asked):
        return Screen(name="forecast", title=title, finding=say("hidden"), items=())
    if "" not in told:
        return Screen(name="forecast", title=title, finding=say("forecast_short"), items=())
    found = _finding(asked, told)
    items = [_types(asked, told, found)]
    shifts = None if asked.is_part else _shifts(asked)  # the hotline answers for the whole city
    items += [shifts] if shifts else []
    return Screen(name="forecast", title=title, finding=found, items=tuple(items))


def _is_few(asked: Asked) -> bool:
    return bool(asked.figures(["M01"], (), [asked.now])["is_small"].iloc[0])


def of_week(asked: Asked) -> dict[str, Forecast]:
    """Forecasts of the week after, by level-1 type; "" is the total. Types of hardly any tickets are left out."""
    monday = asked.now.end
    span = Period("all", monday - timedelta(366 * YEARS), monday, asked.at)
    told = asked.sources.reader.figures(["M01"], asked.whole, [span], ("accepted_on", "type_l1"), people="none")
    if told.empty:
        return {}
    counts = pd.DataFrame(
        {
            "day": pd.to_datetime(told["accepted_on"]).dt.date,
            "key": told["type_l1"].astype(str),
            "n": told["M01_num"].fillna(0),
        }
    )
    return by_kind(counts, monday, asked.days)


def _finding(asked: Asked, told: dict[str, Forecast]) -> Words:
    whole = told[""]
    monday = asked.now.end
    parts = [
        say(
            "forecast_finding",
            first=day_of(monday),
            last=day_of(monday + timedelta(6)),
            n=whole.expected,
            low=whole.low,
            high=whole.high,
        )  # fmt: skip
    ]
    if abs(whole.edge - 1) >= NOTABLE:
        parts.append(say("forecast_edge", share=abs(whole.edge - 1), sign="+" if whole.edge > 1 else "-"))
    festivals = _festivals(asked, monday)
    if festivals:
        parts.append(
            say(
                "forecast_holiday",
                name=listed(festivals),
                share=abs(whole.holiday - 1),
                sign="+" if whole.holiday > 1 else "-",
            )  # fmt: skip
        )
    return sentence(parts)


def _festivals(asked: Asked, monday: date) -> list[Words]:
    return [m.words for m in asked.marks(monday, monday + timedelta(6)) if m.kind == "holiday"]


def _types(asked: Asked, told: dict[str, Forecast], found: Words) -> Item:
    last = seen(asked.figures(["M01"], ("type_l1",), [asked.now]), "M01_num").set_index("type_l1")["M01"]
    rows = []
    for key, f in sorted(told.items(), key=lambda kv: -kv[1].expected):
        if not key or f.high < 5:
            continue
        named = asked.name("type", key)
        rows.append((named.zh, named.en, plain(last.get(key)), round(f.expected, 1),
                     f.low, f.high, f.edge - 1, f.holiday - 1, f.coverage if f.tested else None, f.tested))  # fmt: skip
    whole, total = told[""], say("all_types")
    now = float(asked.figures(["M01"], (), [asked.now])["M01"].iloc[0])
    rows.append((total.zh, total.en, now, round(whole.expected, 1), whole.low, whole.high, whole.edge - 1,
                 whole.holiday - 1, whole.coverage if whole.tested else None, whole.tested))  # fmt: skip
    columns = (
        Column(name="type", title=say("column_type")),
        Column(name="type_en", title=say("column_type")),
        Column(name="now", title=say("column_this_week"), kind="count"),
        Column(name="expected", title=say("column_forecast"), kind="number"),
        Column(name="low", title=say("column_low"), kind="count"),
        Column(name="high", title=say("column_high"), kind="count"),
        Column(name="edge", title=say("column_edge"), kind="share"),
        Column(name="holiday", title=say("column_holiday"), kind="share"),
        Column(name="coverage", title=say("column_covered"), kind="share"),
        Column(name="tested", title=say("column_tested"), kind="count"),
    )
    key = "forecast_held" if whole.tested else "forecast_subtitle"
    chart = Chart(
        title=found, subtitle=say(key, level=LEVEL, k=whole.covered, n=whole.tested), form="column",
        columns=(columns[0], columns[1], columns[2], columns[3]), rows=tuple(r[:4] for r in rows[:-1]),
    )  # fmt: skip
    hit = _hit(whole)
    table = Table(title=say("forecast_table"), columns=columns, rows=tuple(rows), note=hit)
    how = say("forecast_how", level=LEVEL, weeks=BACKTESTS)
    return Item(id="types_ahead", finding=found, charts=(chart,), tables=(table,), evidence=(how,))


def _hit(told: Forecast) -> Words:
    """How often the interval held, counted in weeks that had no part in it."""
    if not told.tested:
        return say("forecast_untested")
    return say("forecast_hit", k=told.covered, n=told.tested, share=told.coverage, error=told.error)


def _shifts(asked: Asked) -> Item | None:
    """Calls forecast per day, against the person-hours planned; last week's plan where the new one is not there."""
    monday = asked.now.end
    seen = staffing.days(asked.sources.reader, monday - timedelta(366 * YEARS), monday + timedelta(7))
    past = seen.loc[[d < monday for d in seen["worked_on"]]]
    calls = by_kind(
        pd.DataFrame({"day": past["worked_on"], "key": "calls", "n": past["n_calls"]}), monday, asked.days
    ).get("calls")
    if calls is None:
        return None
    days = [monday + timedelta(n) for n in range(7)]
    plan = seen.set_index("worked_on")["n_planned"]
    is_planned = all(d in plan.index for d in days)
    hours = [float(plan.get(d if is_planned else d - timedelta(7), float("nan"))) for d in days]
    there, aim = past[past["n_present"] > 0], asked.target("M59") or CALLS_AIM
    load = there["n_calls"] / there["n_present"]
    most, is_seen = most_load(load, there["n_answered_15s"] / there["n_calls"], there["n_calls"], aim)
    rows = []
    over = []
    for d, n, h in zip(days, calls.by_day, hours, strict=True):
        beyond = most is not None and h > 0 and n / h > most
        over += [d] if beyond else []
        state = say("dash") if most is None else say("beyond" if beyond else "within")
        rows.append((d.isoformat(), round(n), h, round(n / h, 2) if h > 0 else None, state.zh, state.en))
    busiest = max(zip(calls.by_day, days, strict=True))
    parts = [say("shifts_calls", n=round(calls.expected), day=day_of(busiest[1]), most=round(busiest[0]))]
    told = (
        ("shifts_unseen" if over else "shifts_never_short")
        if not is_seen
        else "shifts_short"
        if over
        else "shifts_enough"
    )
    parts.append(say(told, days=_spans(over), load=most, aim=aim))
    if not is_planned:
        parts.append(say("shifts_assumed"))
    said = sentence(parts)
    columns = (
        Column(name="day", title=say("column_day"), kind="date"),
        Column(name="calls", title=say("column_calls"), kind="count"),
        Column(name="hours", title=say("column_person_hours"), kind="number"),
        Column(name="load", title=say("column_load"), kind="number"),
        Column(name="state", title=say("column_state")),
        Column(name="state_en", title=say("column_state")),
    )
    chart = Chart(
        title=said, subtitle=say("shifts_subtitle"), form="column", columns=columns[:2],
        rows=tuple(r[:2] for r in rows),
    )  # fmt: skip
    table = Table(title=say("shifts_table"), columns=columns, rows=tuple(rows), note=_hit(calls))
    return Item(
        id="shifts", finding=said, charts=(chart,), tables=(table,), evidence=(say("shifts_how", aim=aim),),
        wants_decision=bool(over) or not is_planned,
    )  # fmt: skip


def _spans(days: list[date]) -> Words:
    """4月1日–4月3日: days in a row as one."""
    runs: list[tuple[date, date]] = []
    for d in days:
        if runs and d - runs[-1][1] == timedelta(1):
            runs[-1] = (runs[-1][0], d)
        else:
            runs.append((d, d))
    return listed([day_of(a) if a == b else joined([day_of(a), day_of(b)], "–", "–") for a, b in runs])
