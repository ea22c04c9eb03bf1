"""波动来源: which few groups account for the change of volume, and how types and districts moved timeliness."""

from __future__ import annotations

from typing import Any

import pandas as pd

from alerts.review.asked import Asked, is_hidden_note, plain, seen
from alerts.review.bundle import Chart, Column, Item, Screen, Table, Words
from alerts.review.texts import joined, listed, say, sentence
from warehouse.analysis.contribution import Explanation, explain, rate_contributions
from warehouse.analysis.contribution import Item as Moved
from warehouse.measures import measures
from warehouse.query import SMALL_CELL

DIMENSIONS = {"region_code": "district", "type_l1": "type", "channel_code": "channel"}
MOST = 5


def screen(asked: Asked) -> Screen:
    if not asked.has(asked.comparison.before):
        said = say("movement_first")
        return Screen(name="movement", title=say("screen_movement"), finding=said, items=(_types(asked),))
    both = asked.figures(["M01"], (), (asked.now, asked.comparison.before))
    if both["is_small"].any():
        return Screen(name="movement", title=say("screen_movement"), finding=say("hidden"), items=())
    volume = explained(asked)
    found = finding(asked, volume)
    items = [_volume(asked, volume, found)]
    for measure in asked.supported(["M04"]):
        items += _rate(asked, measure)
    items.append(_types(asked))
    return Screen(name="movement", title=say("screen_movement"), finding=found, items=tuple(items))


def explained(asked: Asked) -> Explanation:
    """What moved the volume from the week before, on the whole of tickets; groups of under five people are left in
    the remainder, so that totals stay true and nobody is singled out."""
    both = (asked.now, asked.comparison.before)
    frame = asked.figures(["M01"], tuple(DIMENSIONS), both, viewer=asked.whole)
    frame["n"] = frame["M01_num"].fillna(0)
    now, before = (frame[frame["period"] == p.id] for p in both)
    told = explain(now, before, list(DIMENSIONS), "n", max_items=MOST, good_direction="down")
    shown = [i for i in told.items if _is_large(asked, i)]
    rest = told.change - sum(i.change for i in shown)
    return Explanation(told.total_before, told.total_now, shown, rest, told.verdict, told.p_value, told.is_broad)


def _is_large(asked: Asked, item: Moved) -> bool:
    """Whether a group may be shown beside its number of the week before: nobody in it, or five people, in both."""
    if item.is_partial and any(0 < n < SMALL_CELL for n in (item.before, item.now)):
        return False
    by = tuple(item.keys)
    groups = asked.figures(["M01"], by, (asked.now, asked.comparison.before))
    mine = groups[[tuple(row) == tuple(item.keys.values()) for row in groups[list(by)].itertuples(index=False)]]
    return len(mine) > 0 and not mine["is_small"].any()


def finding(asked: Asked, told: Explanation) -> Words:
    if told.total_now == 0 and told.total_before == 0:
        return say("movement_nothing")
    said = {"before": told.total_before, "now": told.total_now}
    parts = [say("movement_normal" if told.verdict == "normal" else f"movement_{told.verdict}", **said)]
    if told.items:
        groups = [joined([group(asked, i.keys), say("signed", sign=_sign(i.change), n=abs(i.change))], "", " ")
                  for i in told.items[:3]]  # fmt: skip
        parts.append(say("movement_mainly", groups=listed(groups)))
    elif told.is_broad:
        parts.append(say("movement_broad"))
    else:
        parts.append(say("movement_no_driver"))
    return sentence(parts)


def group(asked: Asked, keys: dict[str, Any]) -> Words:
    """广陵区·网络质量."""
    return joined([asked.name(DIMENSIONS[d], keys[d]) for d in DIMENSIONS if d in keys], "·", " · ")


def _sign(value: float) -> str:
    return "+" if value > 0 else "-" if value < 0 else "±"


def _volume(asked: Asked, told: Explanation, found: Words) -> Item:
    bars: list[tuple[Any, ...]] = [
        (g.zh, g.en, i.change, i.before, i.now) for i in told.items for g in [group(asked, i.keys)]
    ]
    rest = say("remainder")
    bars.append((rest.zh, rest.en, told.remainder, None, None))
    columns = (
        Column(name="group", title=say("column_group")),
        Column(name="group_en", title=say("column_group_en")),
        Column(name="change", title=say("column_change"), kind="count"),
        Column(name="before", title=say("column_before"), kind="count"),
        Column(name="now", title=say("column_now"), kind="count"),
    )
    chart = Chart(
        title=found,
        subtitle=say("movement_subtitle", before=told.total_before, now=told.total_now),
        form="bar",
        columns=columns[:3],
        rows=tuple(b[:3] for b in bars),
    )
    table = Table(title=say("movement_table"), columns=columns, rows=tuple(bars))
    return Item(
        id="volume", finding=found, charts=(chart,), tables=(table,), evidence=(say("movement_how", p=told.p_value),)
    )


def _rate(asked: Asked, measure: str) -> list[Item]:
    """The change of a rate, split into what each group's own rate did and what the mix did."""
    both = (asked.now, asked.comparison.before)
    frame = asked.figures([measure], ("type_l1",), both, viewer=asked.whole)
    parts = [f"{measure}_num", f"{measure}_den"]
    frame[parts] = frame[parts].fillna(0)
    sides = [frame[frame["period"] == p.id] for p in both]
    if any(side[parts[1]].sum() == 0 for side in sides):
        return []
    effects = rate_contributions(sides[0], sides[1], ["type_l1"], *parts)
    least = frame.groupby("type_l1")["n_customers"].min()
    shown = effects[(effects["key"].map(least).fillna(0) >= SMALL_CELL) & effects["effect"].notna()]
    if shown.empty:
        return []
    total, mix = float(effects["effect"].sum()), float(effects["mix_effect"].sum())
    top = shown.iloc[0].copy()
    top["n_total_now"], top["n_total_before"] = float(effects["n_now"].sum()), float(effects["n_before"].sum())
    entry = measures()[measure]
    name = Words(zh=entry.zh, en=entry.en)
    said = sentence(
        [
            say("rate_moved", name=name, change=abs(total), sign=_sign(total)),
            _mostly(asked, top),
        ]
    )
    rows = []
    for r in shown.itertuples():
        named = asked.name("type", r.key)
        rows.append((named.zh, named.en, float(r.effect), plain(r.rate_before), plain(r.rate_now), float(r.n_now)))
    columns = (
        Column(name="type", title=say("column_type")),
        Column(name="type_en", title=say("column_type_en")),
        Column(name="effect", title=say("column_effect"), kind="points"),
        Column(name="rate_before", title=say("column_before"), kind="share"),
        Column(name="rate_now", title=say("column_now"), kind="share"),
        Column(name="n", title=say("column_n"), kind="count"),
    )
    chart = Chart(
        title=said,
        subtitle=say("rate_subtitle", name=name, mix=abs(mix), sign=_sign(mix)),
        form="bar",
        columns=columns[:3],
        rows=tuple(r[:3] for r in rows),
    )
    table = Table(title=say("rate_table", name=name), columns=columns, rows=tuple(rows))
    return [Item(id=f"rate_{measure}", finding=said, charts=(chart,), tables=(table,), evidence=(say("rate_how"),))]


def _mostly(asked: Asked, top: pd.Series) -> Words:
    """What the group did, and that it was by its weight where its own rate went the other way or stood still."""
    effect = float(top["effect"])
    told = {"group": asked.name("type", top["key"]), "effect": abs(effect), "sign": _sign(effect)}
    rates = plain(top["rate_before"]), plain(top["rate_now"])
    if None in rates or float(top["within_effect"]) * effect > 0:
        return say("rate_mostly", **told)
    more = float(top["n_now"]) / float(top["n_total_now"]) > float(top["n_before"]) / float(top["n_total_before"])
    return say("rate_by_weight_more" if more else "rate_by_weight", before=rates[0], now=rates[1], **told)


def _types(asked: Asked) -> Item:
    """Volume by type: this week, the week before, the same week of last year."""
    told = asked.figures(["M01"], ("type_l1",), [p for p in asked.comparison.periods if p.id == "now" or asked.has(p)])
    periods = ("now", "before", "year_ago")
    kept = told[told.index.isin(_in_all(told).index)]
    table = kept.pivot_table(index="type_l1", columns="period", values="M01", aggfunc="sum")
    rows: list[tuple[Any, ...]] = []
    for code, row in table.sort_values("now", ascending=False, kind="stable").iterrows() if "now" in table else []:
        named = asked.name("type", code)
        rows.append((named.zh, named.en, *(plain(row.get(p)) for p in periods)))
    columns = (
        Column(name="type", title=say("column_type")),
        Column(name="type_en", title=say("column_type_en")),
        Column(name="now", title=say("column_now"), kind="count"),
        Column(name="before", title=say("column_before"), kind="count"),
        Column(name="year_ago", title=say("column_year"), kind="count"),
    )
    note = say("note_holiday") if asked.is_mismatch else is_hidden_note(told, "M01_num")
    said = say("types_finding", n=len(rows))
    if rows:
        key = "types_most" if rows[0][3] is not None else "types_most_first"
        said = say(key, name=Words(zh=rows[0][0], en=rows[0][1]), n=rows[0][2], before=rows[0][3])
    chart = Chart(
        title=said, subtitle=say("types_subtitle"), form="column",
        columns=columns[:1] + columns[1:4], rows=tuple(r[:4] for r in rows),
    )  # fmt: skip
    return Item(
        id="types", finding=said, charts=(chart,) if rows else (),
        tables=(Table(title=say("types_table"), columns=columns, rows=tuple(rows), note=note),),
    )  # fmt: skip


def _in_all(told: pd.DataFrame) -> pd.DataFrame:
    """Groups that may be shown in each period: with one of them hidden, a change would be invented."""
    kept = pd.concat([seen(part, "M01_num") for _, part in told.groupby("period")]) if len(told) else told
    gone = set(told.drop(kept.index)["type_l1"])
    return told[~told["type_l1"].isin(gone)]
