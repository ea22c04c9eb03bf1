"""整改督办 → 成效: which measures worked, what each kind brings for its money, and where evidence is too thin."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from alerts.actions.item import Action
from alerts.actions.kinds import called
from pages._shared import action_words, data_actions, data_worked, draw, numbers, states, tables
from pages._shared.charts.effect_weeks import effect_weeks, effect_weeks_alt
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import Lang, t, word
from warehouse.analysis.fix_effect import Effect
from warehouse.analysis.price_list import Price
from warehouse.measure_effects import EARLIER, Outcome
from warehouse.query import SMALL_CELL

VERDICTS = ("worked", "maybe", "none", "worse", "thin")


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("worked.title", lang))
    actions = {a.action_id: a for a in data_actions.items(frame.viewer)}
    found = data_worked.outcomes(list(actions.values()), frame.as_of.date())
    if not found:
        st.markdown("## " + t("worked.nothing", lang))
        st.info(t("worked.none" if data_worked.fixes(list(actions.values())) else "worked.no_measure", lang),
                icon=":material/query_stats:")  # fmt: skip
        return
    prices = data_worked.prices(found)
    st.markdown("## " + finding(frame, found, prices))
    _prices(frame, prices)
    chosen = _list(frame, found, actions)
    _one(frame, chosen, actions[chosen.fix.id])


def finding(frame: Frame, found: Sequence[Outcome], prices: Mapping[str, Price]) -> str:
    """How many measures can be judged and how, and the kind that is proven best."""
    lang = frame.lang
    counts = Counter(str(o.effect.verdict) for o in found)
    said = t("chart.list_separator", lang).join(
        t("worked.tally", lang, verdict=word("effects.verdict", v, lang), n=counts[v]) for v in VERDICTS if counts[v]
    )
    best = next(((k, p) for k, p in prices.items() if p.evidence == "enough" and (p.avoided or 0) > 0), None)
    if best is None:
        return t("worked.finding", lang, n=len(found), said=said)
    kind, p = best
    assert p.ratio is not None and p.avoided is not None
    return t(
        "worked.finding_best", lang, n=len(found), said=said, kind=called(kind, lang), change=_percent(p.ratio),
        avoided=numbers.fixed(p.avoided, 0),
    )  # fmt: skip


def _prices(frame: Frame, prices: Mapping[str, Price]) -> None:
    """What each kind brings; no figure where evidence is too thin."""
    lang, rows = frame.lang, []
    for kind, p in prices.items():
        told = p.evidence != "thin" and p.ratio is not None
        rows.append({
            "name": called(kind, lang), "n": numbers.count(p.n, lang),
            "change": _range(_percent(p.ratio), _percent(p.low), _percent(p.high), lang) if told else numbers.DASH,
            "avoided": _range(_fixed(p.avoided), _fixed(p.avoided_low), _fixed(p.avoided_high), lang)
            if told else numbers.DASH,
            "cost": numbers.money(p.cost_yuan, lang, places=0) if p.cost_yuan is not None else numbers.DASH,
            "per": _fixed(p.per_10k, 1) if told and p.evidence == "enough" and p.per_10k else numbers.DASH,
            "evidence": word("worked.evidence", p.evidence, lang),
            "peak": numbers.count(p.n_regressed, lang),
        })  # fmt: skip
    st.markdown(f"**{t('worked.prices', lang)}**")
    headers = {c: word("worked.price", c, lang) for c in rows[0]}
    states.small_table(pd.DataFrame(rows), headers, t("worked.prices", lang))
    states.note(t("worked.prices_help", lang))


def _list(frame: Frame, found: Sequence[Outcome], actions: Mapping[str, Action]) -> Outcome:
    """Every measure, those that can be judged first; the chosen one."""
    lang = frame.lang
    ranked = sorted(found, key=lambda o: (VERDICTS.index(o.effect.verdict), -o.fix.done_on.toordinal(), o.fix.id))
    rows = []
    for o in ranked:
        e, a = o.effect, actions[o.fix.id]
        hidden = is_hidden(frame, e)
        told = e.ratio is not None and e.verdict != "thin" and not hidden
        rows.append({
            "verdict": word("effects.verdict", e.verdict, lang),
            "what": action_words.brief(frame, a),
            "done": o.fix.done_on,
            "counts": numbers.DASH if hidden else f"{_n(frame, e.n_before)} → {_n(frame, e.n_after)}",
            "against": _against(e, lang) if told else numbers.DASH,
            "id": o.fix.id,
        })  # fmt: skip
    columns = [
        Column("verdict", t("worked.verdict", lang), width=128),
        Column("what", t("ledger.what", lang), width="large"),
        Column("done", t("action.done_on", lang), "date", width="small"),
        Column("counts", t("worked.counts", lang), width="medium"),
        Column("against", t("worked.against", lang), width="medium"),
        Column("id", t("ledger.id", lang), width="small"),
    ]
    st.markdown(f"**{t('worked.each', lang)}**")
    event: Any = tables.show(
        st, pd.DataFrame(rows), columns, lang=lang, alt=t("worked.each", lang), key="worked_list",
        height=38 + 32 * min(len(rows), 9), on_select="rerun", selection_mode="single-row",
    )  # fmt: skip
    picked = event["selection"]["rows"]
    return ranked[int(picked[0])] if picked and picked[0] < len(ranked) else ranked[0]


def _one(frame: Frame, o: Outcome, action: Action) -> None:
    """One measure: its verdict in a sentence, week by week, and what the verdict rests on."""
    lang, e = frame.lang, o.effect
    st.markdown(f"**{action_words.plain(action_words.brief(frame, action))}**  \n{sentence(frame, e)}")
    if e.regression is not None and e.regression.is_warning and e.n_before:
        st.warning(t("worked.regression", lang), icon=":material/trending_down:")
    if frame.viewer.sees_rows:
        monday = o.fix.done_on - timedelta(o.fix.done_on.weekday())
        shape = o.weeks.assign(week=(o.weeks["week_start"] - pd.Timestamp(monday)).dt.days // 7)
        title = t("worked.weeks", lang, of=action_words.complaints(frame, o.fix.type_code))
        draw.show(
            effect_weeks(shape, lang=lang, mode=frame.mode, title=title, subtitle=t("effects.weeks_key", lang)),
            alt=effect_weeks_alt(shape, lang=lang, title=title),
        )
    else:
        states.note(t("effects.no_weeks", lang))
    st.page_link(
        "pages/actions.py", label=t("worked.open", lang), icon=":material/task_alt:",
        query_params={"action": action.action_id, "lang": lang, "role": frame.viewer.role},
    )  # fmt: skip
    with st.expander(t("word.evidence", lang)):
        if e.ratio is not None and not is_hidden(frame, e):
            names = t("chart.list_separator", lang).join(_unit(frame, o.fix.scope_kind, c) for c in o.compared)
            st.markdown(
                t(
                    "worked.rests", lang, n=e.n_others, names=action_words.plain(names), before=e.periods_before,
                    after=e.periods_after, earlier=EARLIER, p=f"{e.ratio.p_value:.3f}",
                    range=_against(e, lang),
                )
            )  # fmt: skip
        states.note(t("effects.method", lang))


def sentence(frame: Frame, e: Effect) -> str:
    """What came of it, as a manager would say it."""
    lang = frame.lang
    if is_hidden(frame, e):
        return t("effects.said.hidden", lang)
    if e.ratio is None or e.verdict == "thin":
        n = numbers.count(e.n_before + e.n_after, lang)
        return t("worked.thin", lang, n=n, weeks=e.periods_after, others=e.n_others)
    return word(
        "worked.said", e.verdict, lang, before=_n(frame, e.n_before), after=_n(frame, e.n_after),
        change=_percent(e.ratio.value), avoided=numbers.fixed(abs(e.ratio.avoided), 0),
    )  # fmt: skip


def _unit(frame: Frame, kind: str, code: str) -> str:
    if kind in ("region", "city"):
        return frame.name("region_code", code)
    return action_words.named(frame, kind, code)


def _against(e: Effect, lang: Lang) -> str:
    assert e.ratio is not None
    return _range(_percent(e.ratio.value), _percent(e.ratio.low), _percent(e.ratio.high), lang)


def _range(value: str, low: str, high: str, lang: Lang) -> str:
    return t("effects.range", lang, value=value, low=low, high=high)


def is_hidden(frame: Frame, e: Effect) -> bool:
    """A small count on either side, for who sees sums only: it would follow from the other and the percentage."""
    return not frame.viewer.sees_rows and min(e.n_before, e.n_after) < SMALL_CELL


def _n(frame: Frame, n: int) -> str:
    return numbers.count(n, frame.lang)


def _percent(ratio: float | None) -> str:
    return numbers.DASH if ratio is None else f"{numbers.signed_text((ratio - 1) * 100, 0)}%"


def _fixed(value: float | None, places: int = 0) -> str:
    return numbers.DASH if value is None else numbers.fixed(value, places)
