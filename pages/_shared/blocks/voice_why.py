"""Why customers are dissatisfied: what goes along with it, and the reasons they name."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data_voice, draw, findings, numbers, states
from pages._shared.blocks import voice_behind
from pages._shared.blocks.voice_course import p_text
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis.drivers import LEAST
from warehouse.query import SMALL_CELL

MOST_REASONS = 8
PARETO = 0.6


def show(frame: Frame) -> None:
    chosen = voice_behind.choose(frame)
    left, right = st.columns(2, gap="medium")
    with left:
        _effects(frame)
    with right:
        _reasons(frame)
    if chosen:
        voice_behind.show(frame, chosen)


def _effects(frame: Frame) -> None:
    lang = frame.lang
    period = data_voice.window(frame.comparison.now)
    table = data_voice.effects(frame.viewer, period, frame.filters)
    told = table[table["is_told"]]
    when = findings.period_text(period, lang)
    if told.empty:
        st.markdown(f"**{t('voice.effects_none', lang, least=LEAST)}**")
        return
    sure = told[(told["high"] < 0) | (told["low"] > 0)]
    shape = pd.DataFrame(
        {
            "key": told["factor"].astype(str),
            "label": [word("voice.flag", f, lang) for f in told["factor"]],
            "change": told["effect"],
            "kind": ["neutral" if not s else "worse" if e < 0 else "better" for e, s in
                     zip(told["effect"], told.index.isin(sure.index), strict=True)],
        }
    )  # fmt: skip
    if len(sure):
        worst = sure.iloc[0]
        gap = numbers.pp(worst["effect"], lang, prose=True, signed=False)
        title = word(
            "voice.effects",
            "low" if worst["effect"] < 0 else "high",
            lang,
            flag=word("voice.flag", worst["factor"], lang),
            gap=gap,
        )
    else:
        title = t("voice.effects_quiet", lang)
    n = numbers.count(told["n_with"].iloc[0] + told["n_without"].iloc[0], lang)
    draw.show(
        charts.contribution_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("voice.effects_subtitle", lang, period=when, n=n),
            kind="rate",
            select=True,
        ),
        **clicks.setting("why", "voice_effects"),
        alt=charts.contribution_alt(shape, lang=lang, title=title, kind="rate"),
    )
    states.note(t("voice.effects_caveat", lang))
    with st.expander(t("word.evidence", lang)):
        _proof(frame, table)


def _proof(frame: Frame, table: pd.DataFrame) -> None:
    lang = frame.lang
    shape = pd.DataFrame(
        {
            "name": [word("voice.flag", f, lang) for f in table["factor"]],
            "with": [f"{numbers.rate(r.rate_with, lang)} ({r.n_with:,.0f})" for r in table.itertuples()],
            "without": [f"{numbers.rate(r.rate_without, lang)} ({r.n_without:,.0f})" for r in table.itertuples()],
            "effect": [
                t(
                    "effects.range",
                    lang,
                    value=numbers.pp(r.effect, lang),
                    low=numbers.pp(r.low, lang),
                    high=numbers.pp(r.high, lang),
                )
                if r.is_told
                else t("verdict_long.few", lang)
                for r in table.itertuples()
            ],
            "p": [p_text(p) for p in table["p_value"]],
        }
    )
    if frame.viewer.level == "L1":
        few = (table["n_with"].between(1, SMALL_CELL - 1)).to_numpy()
        shape = shape[~few]
    headers = {c: word("voice.effect_column", c, lang) for c in shape}
    states.small_table(shape, headers, alt=t("voice.effects_method", lang, least=LEAST))
    states.note(t("voice.effects_method", lang, least=LEAST))


def _reasons(frame: Frame) -> None:
    """Reasons that the dissatisfied named, most first."""
    lang, period = frame.lang, frame.comparison.now
    asked = data_voice.counts(frame.viewer, "M09_BAD", ["reason"], period, frame.filters)
    asked = asked[asked["M09_BAD_num"].fillna(0) > 0].dropna(subset=["reason"])
    total = float(asked["M09_BAD_num"].sum())
    is_small = frame.viewer.level == "L1"
    if not total or (is_small and total < SMALL_CELL):
        states.nothing(frame, is_hidden=bool(total)) if total else states.note(t("voice.no_reasons", lang))
        return
    known = asked[asked["reason"] != "UNKNOWN"].sort_values("M09_BAD_num", ascending=False)
    if known.empty:
        states.note(t("voice.reasons_unnamed", lang, n=numbers.count(total, lang)))
        return
    known = voice_behind.told(frame, known, total).head(MOST_REASONS)
    shares = known["M09_BAD_num"].astype(float) / total
    shape = pd.DataFrame(
        {
            "key": known["reason"].astype(str),
            "label": [frame.name("reason", r) for r in known["reason"]],
            "share": shares,
            "baseline": float("nan"),
            "n": known["M09_BAD_num"],
        }
    )
    rest = total - float(known["M09_BAD_num"].sum())
    if rest > 0:
        other = {
            "key": "",
            "label": t("chart.remainder", lang),
            "share": rest / total,
            "baseline": float("nan"),
            "n": rest,
        }
        shape = pd.concat([shape, pd.DataFrame([other])], ignore_index=True)
    if known.empty:
        states.suppressed(frame)
        return
    enough = int((shares.cumsum() < PARETO).sum()) + 1
    names = t("chart.list_separator", lang).join(shape["label"].head(min(enough, 3)))
    title = t("voice.reasons", lang, names=names, share=numbers.rate(float(shares.head(min(enough, 3)).sum()), lang))
    draw.show(
        charts.share_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("voice.reasons_subtitle", lang, n=numbers.count(total, lang)),
            select=True,
        ),
        **clicks.setting("why", "voice_reasons"),
        alt=charts.share_alt(shape, lang=lang, title=title),
    )
