"""热点网络 → 成效: did a change of the network help the place it concerns? A list, and one change with its figures."""

from __future__ import annotations

from collections import Counter
from contextlib import nullcontext
from datetime import date, timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data_effects, draw, numbers, states
from pages._shared.charts.effect_weeks import effect_weeks, effect_weeks_alt
from pages._shared.frame import Frame
from pages._shared.text import Lang, has_chinese, plain, t, word
from pages._shared.theme import ROW_HEIGHT
from warehouse.analysis.cell_figures import RATES
from warehouse.changes import NEW_SITE, Change
from warehouse.effects import EARLIER, WEEKS, Told
from warehouse.query import SMALL_CELL

SURE = ("worked", "worse", "none", "maybe")  # what a list should open with, in this order
BACK = timedelta(weeks=26)
FIRST = 12  # changes listed at once, the newest; each is compared with the grounds of all sites
_ALL = "effects_all"
_COLOUR = {"worked": "green", "maybe": "blue", "none": "gray", "worse": "orange", "thin": "gray"}


def show(frame: Frame) -> None:
    """Every change of the network with its verdict; the chosen one in full below."""
    lang = frame.lang
    st.title(t("effects.title", lang))
    as_of = frame.as_of.date()
    regions = [str(code) for code in dict(frame.filters.values).get("region_code", ())]
    found = [c for c in data_effects.listed(frame.viewer, as_of) if not regions or c.region_code in regions]
    if not found:
        st.info(t("effects.none", lang), icon=":material/search_off:")
        return
    shown = found if st.session_state.get(_ALL) else found[:FIRST]
    with st.spinner(t("effects.comparing", lang)) if len(shown) > FIRST else nullcontext():
        every = data_effects.verdicts(frame.viewer, shown, as_of)
    first = min(range(len(every)), key=lambda n: (_place(every[n]), n))
    st.markdown("## " + _finding(frame, every, every[first], len(found)))
    picked = _list(frame, every)
    if len(shown) < len(found):
        st.button(t("effects.all", lang, n=numbers.count(len(found), lang)), on_click=_show_all)
    at = first if picked is None else picked
    one = data_effects.in_full(frame.viewer, every[at], as_of)
    card(frame, one, is_said=at == first)
    _evidence(frame, one)


def _show_all() -> None:
    st.session_state[_ALL] = True


def around(frame: Frame, site_id: str | None, first: date, last: date) -> None:
    """The changes that concern a place, where there are any in the time that is shown."""
    if site_id is None:
        return
    for one in data_effects.around(frame.viewer, site_id, first, last, frame.as_of.date()):
        st.subheader(t("effects.title", frame.lang))
        card(frame, one)
        _evidence(frame, one)


def card(frame: Frame, one: Told, is_said: bool = False) -> None:
    """A change in full: sentence (or only which change, where the page says it already), warning, weeks, network."""
    lang, effect = frame.lang, one.effect
    verdict = effect.verdict
    badge = f":{_COLOUR[verdict]}-badge[{word('effects.verdict', verdict, lang)}]"
    st.markdown(f"{badge} **{_head(frame, one).rstrip(' :：') if is_said else sentence(frame, one)}**")
    if is_hidden(frame, one):
        states.note(t("state.withheld", lang, least=SMALL_CELL))
        return
    back = effect.regression
    if back is not None and back.is_warning and effect.n_before and verdict != "thin":
        share = back.share is not None
        key = "effects.regression_share" if share else "effects.regression"
        said = t(key, lang, weeks=effect.periods_before, share=numbers.rate(min(back.share or 0.0, 1.0), lang))
        st.warning(said, icon=":material/trending_down:")
    if not frame.viewer.sees_rows:
        _network(frame, one)
        states.note(t("effects.no_weeks", lang))
        return
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _weeks(frame, one)
    with right:
        _network(frame, one)


def sentence(frame: Frame, one: Told) -> str:
    """What was done where and when, and what came of it, as a manager would say it."""
    lang, effect = frame.lang, one.effect
    head = _head(frame, one)
    if is_hidden(frame, one):
        return head + t("effects.said.hidden", lang)
    if effect.ratio is None or effect.verdict == "thin":
        return head + t(
            "effects.said.thin",
            lang,
            n=numbers.count(effect.n_before + effect.n_after, lang),
            weeks=effect.periods_after,
        )
    return head + word(
        "effects.said", effect.verdict, lang, change=_percent(effect.ratio.value), low=_percent(effect.ratio.low),
        high=_percent(effect.ratio.high), before=_n(frame, effect.n_before), after=_n(frame, effect.n_after),
        weeks=effect.periods_before, weeks_after=effect.periods_after,
    )  # fmt: skip


def _head(frame: Frame, one: Told) -> str:
    """When, where, what, and a colon."""
    change = one.change
    day = numbers.date(change.first, frame.lang, year=True)
    return t("effects.head", frame.lang, day=day, where=plain(where(frame, change)), what=plain(what(frame, change)))


def what(frame: Frame, change: Change) -> str:
    """The change in words; a title that a reader cannot read gives way to its kind."""
    if change.title and (frame.lang == "zh" or not has_chinese(change.title)):
        return change.title
    if change.kind == NEW_SITE:
        return t("effects.new_site", frame.lang, n=len(change.own))
    return frame.name("change_kind", change.kind)


def where(frame: Frame, change: Change) -> str:
    parts = (frame.name("region_code", change.region_code) if change.region_code else "", change.town)
    return " ".join(p for p in parts if p) or t("effects.nowhere", frame.lang)


def is_hidden(frame: Frame, one: Told) -> bool:
    """Too few people for who sees sums only; a small count would follow from the other one and the percentage."""
    least = min(one.n_customers, one.effect.n_before, one.effect.n_after)
    return frame.viewer.level == "L1" and least < SMALL_CELL


def _n(frame: Frame, n: int) -> str:
    return numbers.count(n, frame.lang)


def _percent(ratio: float) -> str:
    return f"{numbers.signed_text((ratio - 1) * 100, 0)}%"


def _place(one: Told) -> int:
    verdict = one.effect.verdict
    return SURE.index(verdict) if verdict in SURE else len(SURE)


def _finding(frame: Frame, every: list[Told], first: Told, total: int) -> str:
    lang = frame.lang
    counts = Counter(str(one.effect.verdict) for one in every)
    said = t("chart.list_separator", lang).join(
        t("worked.tally", lang, verdict=word("effects.verdict", v, lang), n=counts[v])
        for v in (*SURE, "thin")
        if counts[v]
    )
    key = "effects.finding" if len(every) == total else "effects.finding_newest"
    return t(key, lang, n=len(every), total=total, verdicts=said, first=sentence(frame, first))


def _list(frame: Frame, every: list[Told]) -> int | None:
    lang = frame.lang
    rows = []
    for one in every:
        effect, hidden = one.effect, is_hidden(frame, one)
        shown = effect.ratio if not hidden and effect.verdict != "thin" else None
        rows.append(
            {
                "day": one.change.first.isoformat(),
                "what": what(frame, one.change),
                "where": where(frame, one.change),
                "verdict": word("effects.verdict", effect.verdict, lang),
                "counts": numbers.DASH if hidden else f"{_n(frame, effect.n_before)} → {_n(frame, effect.n_after)}",
                "against": _interval(shown.value, shown.low, shown.high, lang) if shown else numbers.DASH,
                "avoided": t("effects.range", lang, value=numbers.fixed(shown.avoided, 0),
                             low=numbers.fixed(shown.avoided_low, 0), high=numbers.fixed(shown.avoided_high, 0))
                if shown and frame.viewer.sees_rows else numbers.DASH,
            }
        )  # fmt: skip
    shape = pd.DataFrame(rows)
    if not frame.viewer.sees_rows:
        shape = shape.drop(columns="avoided")
    right = ("counts", "against", "avoided")
    event: Any = st.dataframe(
        shape,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=38 + ROW_HEIGHT * min(len(shape), 8),
        column_config={
            c: st.column_config.TextColumn(
                t(f"effects.column.{c}", lang, weeks=WEEKS), alignment="right" if c in right else "left"
            )
            for c in shape
        },
        key="effects_list",
        on_select="rerun",
        selection_mode="single-row",
        alt=t("effects.title", lang),
    )
    states.note(t("effects.choose", lang))
    picked = event["selection"]["rows"]
    return int(picked[0]) if picked else None


def _interval(value: float, low: float, high: float, lang: Lang) -> str:
    return t("effects.range", lang, value=_percent(value), low=_percent(low), high=_percent(high))


def _weeks(frame: Frame, one: Told) -> None:
    """Week by week, for who sees rows: single weeks of one place are small."""
    lang = frame.lang
    monday = one.change.first - timedelta(one.change.first.weekday())
    shape = one.weeks.assign(week=(one.weeks["week_start"] - pd.Timestamp(monday)).dt.days // 7)
    title = t("effects.weeks", lang)
    draw.show(
        effect_weeks(shape, lang=lang, mode=frame.mode, title=title, subtitle=t("effects.weeks_key", lang)),
        alt=effect_weeks_alt(shape, lang=lang, title=title),
    )


def _network(frame: Frame, one: Told) -> None:
    """What the cells around did, against those of the neighbours."""
    lang, effect = frame.lang, one.effect
    if not effect.figures:
        states.note(t("effects.no_figures", lang))
        return
    sure = {n: "better" for n in effect.better} | {n: "worse" for n in effect.worse}
    rows = [
        {
            "name": word("cell.figure", name, lang),
            "change": _figure(name, d.value, lang),
            "range": t("format.span", lang, low=_figure(name, d.low, lang), high=_figure(name, d.high, lang)),
            "verdict": word("effects.figure", sure.get(name, "same"), lang),
        }
        for name, d in effect.figures.items()
    ]
    headers = {c: t(f"effects.figure_{c}", lang) for c in ("name", "change", "range", "verdict")}
    st.markdown(f"**{t('effects.network', lang)}**")
    states.small_table(pd.DataFrame(rows), headers, t("effects.network", lang))


def _figure(name: str, value: float, lang: Lang) -> str:
    if name in RATES or name == "access":
        return numbers.pp(value, lang)
    return f"{numbers.signed_text(value, 1)} {'dB' if name == 'level' else word('unit.figure', name, lang)}"


def _evidence(frame: Frame, one: Told) -> None:
    lang, effect = frame.lang, one.effect
    with st.expander(t("word.evidence", lang)):
        if effect.ratio is not None and not is_hidden(frame, one):
            st.markdown(
                t(
                    "effects.evidence", lang, others=effect.n_others, weeks=WEEKS, earlier=EARLIER,
                    p=f"{effect.ratio.p_value:.3f}", sites=len(one.change.ground),
                )
            )  # fmt: skip
        states.note(t("effects.method", lang))
