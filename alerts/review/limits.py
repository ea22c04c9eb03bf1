"""时限与督办: what is overdue and soon due at which department, and an order of departments only where one holds."""

from __future__ import annotations

from typing import Any

import pandas as pd

from alerts.review.asked import Asked, is_hidden_note, lamp, plain, seen
from alerts.review.bundle import Chart, Column, Item, Number, Screen, Table, Words
from alerts.review.texts import listed, say, sentence, word
from warehouse.analysis.ranking import MIN_CASES, can_be_told_apart, ranking
from warehouse.measures import measures

LISTS = ("M22_OPEN", "M22_OPEN_MAX", "M23_2H", "M23_TODAY", "M24_BACKLOG", "M22_FLOOR", "M24")
SEED = 9
MOST_WANTED = 3
LEVELS = {"met": "green", "near": "yellow", "missed": "red", "few": "grey"}


def screen(asked: Asked) -> Screen:
    title = say("screen_sla")
    ids = asked.supported(LISTS)
    if "M22_OPEN" not in ids:
        return Screen(name="sla", title=title, finding=say("sla_no_rule"), items=())
    whole = asked.figures(ids, (), [asked.now]).iloc[0]
    if bool(whole["is_small"]):
        return Screen(name="sla", title=title, finding=say("hidden"), items=())
    groups = asked.figures(ids, ("owner_dept",), [asked.now])
    groups = groups[groups["owner_dept"].notna()]
    found = _finding(asked, whole, groups)
    items = [_lists(asked, ids, groups, found)]
    ranked = _ranking(asked)
    items += [ranked] if ranked else []
    return Screen(name="sla", title=title, finding=found, items=tuple(items))


def numbers(asked: Asked) -> tuple[Number, ...]:
    ids = asked.supported([i for i in LISTS if i != "M22_OPEN_MAX"])
    found = asked.figures(ids)
    return tuple(asked.number(i, found) for i in ids)


def _finding(asked: Asked, whole: pd.Series, groups: pd.DataFrame) -> Words:
    if not plain(whole.get("M24")):
        return say("sla_nothing_open")
    parts = [say("sla_open", n=plain(whole["M24"]), late=plain(whole["M22_OPEN"]) or 0)]
    shown = seen(groups, "M24_num")
    late = shown[shown["M22_OPEN"].fillna(0) > 0].sort_values("M22_OPEN", ascending=False, kind="stable")
    if len(late):
        worst = late.iloc[0]
        parts.append(
            say(
                "sla_worst",
                dept=asked.name("dept", worst["owner_dept"]),
                n=worst["M22_OPEN"],
                longest=plain(worst.get("M22_OPEN_MAX")),
            )  # fmt: skip
        )
    if plain(whole.get("M22_FLOOR")):
        parts.append(say("sla_floor", n=whole["M22_FLOOR"]))
    return sentence(parts)


def _lists(asked: Asked, ids: list[str], groups: pd.DataFrame, found: Words) -> Item:
    shown = seen(groups, "M24_num").sort_values(["M22_OPEN", "M24"], ascending=False)
    columns = [Column(name="dept", title=say("column_dept")), Column(name="dept_en", title=say("column_dept"))]
    for i in ids:
        entry = measures()[i]
        kind: Any = "hours" if entry.unit.en == "hours" else "count"
        columns.append(Column(name=i, title=Words(zh=entry.zh, en=entry.en), kind=kind))
    rows = []
    for _, r in shown.iterrows():
        named = asked.name("dept", r["owner_dept"])
        values = [plain(r[i]) if i == "M22_OPEN_MAX" else plain(r[i]) or 0.0 for i in ids]
        rows.append((named.zh, named.en, *values))
    table = Table(
        title=say("sla_table"), columns=tuple(columns), rows=tuple(rows), note=is_hidden_note(groups, "M24_num")
    )
    return Item(
        id="waiting", finding=found, numbers=numbers(asked), tables=(table,), wants_decision=True,
        evidence=(say("sla_how"),),
    )  # fmt: skip


def _ranking(asked: Asked) -> Item | None:
    """Departments by matured timeliness of the week: order, groups and lamps as far as the counts carry them."""
    if "M04" not in asked.supported(["M04"]):
        return None
    told = asked.figures(["M04"], ("owner_dept",), [asked.now])
    told = told[told["owner_dept"].notna() & (told["owner_dept"] != "UNKNOWN")]
    shown = seen(told, "M04_den").dropna(subset=["M04"])
    if shown.empty or (asked.is_part and len(shown) == 1):
        return None
    units = pd.DataFrame({"key": shown["owner_dept"], "k": shown["M04_num"], "n": shown["M04_den"]})
    table = ranking(units, seed=SEED)
    apart = can_be_told_apart(table)
    aim, entry = asked.target("M04"), measures()["M04"]
    if not apart:
        table = table.assign(_name=[asked.name("dept", k).zh for k in table["key"]]).sort_values("_name")
    rows: list[tuple[Any, ...]] = []
    for r in table.itertuples():
        named = asked.name("dept", r.key)
        lit = "few" if not r.is_ranked else lamp(entry, float(r.rate), aim, r.n) if aim is not None else "few"
        light = word("light", LEVELS[lit])
        place = None
        if apart and r.is_ranked:
            place = f"{int(r.rank_low)}–{int(r.rank_high)}" if r.rank_low != r.rank_high else str(int(r.rank_low))
        rows.append((named.zh, named.en, plain(r.rate), plain(r.n), light.zh, light.en, place))
    columns = (
        Column(name="dept", title=say("column_dept")),
        Column(name="dept_en", title=say("column_dept")),
        Column(name="rate", title=Words(zh=entry.zh, en=entry.en), kind="share"),
        Column(name="n", title=say("column_n"), kind="count"),
        Column(name="light", title=say("column_light")),
        Column(name="light_en", title=say("column_light")),
        Column(name="rank", title=say("column_rank")),
    )
    worst = [asked.name("dept", k) for k in table.loc[table["group"] == 1, "key"]]
    said = say("ranking_worst", names=listed(worst[:3])) if apart else say("ranking_alike")
    n_small = int((~table["is_ranked"].astype(bool)).sum())
    note = say("ranking_note", least=MIN_CASES, n=n_small)
    drawn = tuple(r[:3] for r, is_ranked in zip(rows, table["is_ranked"], strict=True) if is_ranked)
    chart = Chart(
        title=said, subtitle=say("ranking_subtitle", least=MIN_CASES), form="bar",
        columns=columns[:3], rows=drawn, target=aim,
    )  # fmt: skip
    table_out = Table(title=say("ranking_table"), columns=columns, rows=tuple(rows), note=note)
    return Item(id="ranking", finding=said, charts=(chart,), tables=(table_out,), evidence=(say("ranking_how"),))
