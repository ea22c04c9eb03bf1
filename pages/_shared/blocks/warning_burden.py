"""负担: how many warnings people get, in which weeks too many, from which rules, and how often they were right."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from alerts.burden import WANTED, Load, Precision
from pages._shared import charts, data_warnings, draw, numbers, states
from pages._shared.data_warnings import Burden
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word

WEEKS = 26
LEAST = 5  # decisions before a share is told as a figure


def finding(frame: Frame, burden: Burden) -> str:
    """How many a week, whether that is a flood, and which rule is wrong most often."""
    lang, load = frame.lang, burden.load
    last = list(load.per_week.values())[-1] if load.per_week else 0
    said = t(
        "burden.finding", lang, weeks=WEEKS, mean=numbers.fixed(load.mean_per_week, 1), last=last,
        floods=len(load.floods),
    )  # fmt: skip
    worst = next((p for p in burden.precision if p.n_decided >= LEAST), None)
    if worst is None:
        return said + t("burden.none_decided", lang)
    rules = data_warnings.rules()
    name = rules[worst.rule_id].name(lang) if worst.rule_id in rules else worst.rule_id
    return said + t("burden.worst", lang, rule=name, right=worst.n_right, n=worst.n_decided)


def show(frame: Frame, burden: Burden) -> None:
    lang, load = frame.lang, burden.load
    st.subheader(t("burden.title", lang))
    if not load.n:
        states.empty(frame)
        return
    left, right = st.columns([6, 6], gap="medium")
    with left:
        _weeks(frame, load)
        _figures(lang, burden)
    with right:
        _precision(frame, burden.precision)
    with st.expander(t("warning.evidence", lang), icon=":material/query_stats:"):
        states.note(t("burden.method", lang, weeks=WEEKS))
        states.computed(frame, ["M52_N", "M52_ACK", "M52_RIGHT"])
        rules = data_warnings.rules()
        noisy = pd.DataFrame(
            [
                {
                    "name": f"{r} {rules[r].name(lang)}" if r in rules else r,
                    "n": numbers.count(k, lang),
                    "share": numbers.rate(k / load.n, lang),
                }
                for r, k in load.noisiest
            ]
        )
        headers = {"name": t("burden.noisiest", lang), "n": t("burden.n", lang), "share": t("burden.share", lang)}
        states.small_table(noisy, headers, t("burden.noisiest", lang))


def _weeks(frame: Frame, load: Load) -> None:
    """New warnings a week; flood weeks stand out."""
    lang = frame.lang
    shape = pd.DataFrame(
        [
            {"period_start": week.date(), "value": float(n), "n": n, "is_running": False}
            for week, n in load.per_week.items()
        ]
    )
    title = t("burden.weeks", lang, n=len(load.floods))
    draw.show(
        charts.trend(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("burden.weeks_subtitle", lang),
            kind="count",
            grain="week",
            events=[charts.Event(w.date(), t("burden.flood", lang), t("burden.flood", lang)) for w in load.floods[-3:]],
        ),
        alt=charts.trend_alt(shape, lang=lang, title=title, kind="count", grain="week"),
    )


def _figures(lang: Lang, burden: Burden) -> None:
    """Chatter, what is open through three meetings, the noisiest ten, and severities against 80/15/5."""
    load = burden.load
    parts = [
        t("burden.chatter", lang, n=len(load.chatter)),
        t("burden.stale", lang, n=len(load.stale)),
        t("burden.noisy_share", lang, n=len(load.noisiest), share=numbers.rate(load.noisiest_share, lang)),
        t("burden.tiers", lang, **{k: numbers.rate(v, lang) for k, v in load.tiers.items()},
          want=" / ".join(f"{v:.0%}" for v in WANTED.values())),
    ]  # fmt: skip
    done, n = burden.on_time
    if n:
        parts.append(t("burden.on_time", lang, share=numbers.rate(done / n, lang), n=n))
    st.markdown("\n".join(f"- {p}" for p in parts))


def _precision(frame: Frame, found: Sequence[Precision]) -> None:
    """Rule by rule: raised, decided on, right, with its interval; few decisions are said to be few."""
    lang, rules = frame.lang, data_warnings.rules()
    decided = [p for p in found if p.n_decided]
    st.markdown(f"**{t('burden.precision', lang)}**")
    if not decided:
        states.note(t("burden.none_decided_alone", lang))
        return
    shape = pd.DataFrame(
        [
            {
                "name": f"{p.rule_id} {rules[p.rule_id].name(lang)}" if p.rule_id in rules else p.rule_id,
                "right": _share(p, lang),  # beside the name, so that a phone shows it without being pushed
                "decided": numbers.count(p.n_decided, lang),
                "raised": numbers.count(p.n_raised, lang),
            }
            for p in decided
        ]
    )
    headers = {c: word("burden.column", c, lang) for c in shape}
    states.small_table(shape, headers, t("burden.precision", lang))
    states.note(t("burden.precision_note", lang))


def _share(p: Precision, lang: Lang) -> str:
    if math.isnan(p.value):
        return numbers.DASH
    if p.n_decided < LEAST:
        return t("burden.few", lang, right=p.n_right, n=p.n_decided)
    return f"{numbers.fixed(100 * p.value, 0)}% ({numbers.fixed(100 * p.low, 0)}–{numbers.fixed(100 * p.high, 0)})"
