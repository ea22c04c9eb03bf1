"""The library: what is kept of every case and template, and whether people come back less after a template."""

from __future__ import annotations

import math
from datetime import timedelta

import pandas as pd
import streamlit as st

from pages._shared import data, findings, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.analysis.stratified import Ratio, risk_ratio
from warehouse.cases import CaseFile
from warehouse.periods import Period
from warehouse.query import Filters

WEEKS_BACK = 52


def show(frame: Frame, file: CaseFile) -> None:
    lang = frame.lang
    if not file.template or data.supported(["M58", "M14_BACK"]) != ["M58", "M14_BACK"]:
        states.note(t("cases.no_use", lang))
        return
    period = matured(frame)
    back = data.figures(["M14_BACK"], frame.viewer, [period], ["type_l1", "is_by_template"], Filters())
    used = data.figures(["M58"], frame.viewer, [period], ["type_l1"], Filters())
    ratio = compared(back)
    st.markdown("**" + t("cases.library", lang) + "**")
    _templates(frame, file, back, used)
    st.markdown(_effect(frame, ratio))
    with st.expander(t("cases.evidence", lang)):
        states.note(t("cases.method", lang, n=ratio.n_strata, period=findings.period_text(period, lang)))
        if not math.isnan(ratio.value):
            said = {
                k: numbers.fixed(v, 2) for k, v in (("ratio", ratio.value), ("low", ratio.low), ("high", ratio.high))
            }
            st.markdown(t("cases.ratio", lang, **said))
        states.note(t("cases.selection", lang))


def matured(frame: Frame) -> Period:
    """A year of tickets that had their 30 days."""
    end = frame.as_of.date() - timedelta(days=29)
    return Period("now", end - timedelta(weeks=WEEKS_BACK), end, frame.as_of)


def compared(back: pd.DataFrame) -> Ratio:
    """With a template against without, type by type."""
    wide = back.dropna(subset=["is_by_template"]).assign(by=lambda f: f["is_by_template"].astype(bool))
    parts = wide.pivot_table(index="type_l1", columns="by", values=["M14_BACK_num", "M14_BACK_den"], aggfunc="sum")
    if not {True, False} <= set(wide["by"]):
        return Ratio(math.nan, math.nan, math.nan, 0)
    parts = parts.fillna(0)
    top, bottom = parts["M14_BACK_num"], parts["M14_BACK_den"]
    return risk_ratio(top[True], bottom[True], top[False], bottom[False])


def _templates(frame: Frame, file: CaseFile, back: pd.DataFrame, used: pd.DataFrame) -> None:
    """Template by template: for which type, from which cases, how often used, how many came back with and without."""
    lang = frame.lang
    shares = used.set_index("type_l1")
    by_use = back.dropna(subset=["is_by_template"]).assign(by=lambda f: f["is_by_template"].astype(bool))
    by_use = by_use.set_index(["type_l1", "by"])
    rows = []
    for template in file.template:
        share = shares.loc[template.type_l1] if template.type_l1 in shares.index else None
        cases = [c for c in file.case if c.template == template.id]
        names = [c.name.zh if lang == "zh" else c.name.en for c in cases]
        rows.append(
            {
                "name": f"{template.id} {template.name.zh if lang == 'zh' else template.name.en}",
                "type": frame.name("type_l1", template.type_l1),
                "cases": t("chart.list_separator", lang).join(names) or numbers.DASH,
                "uses": numbers.DASH if share is None else numbers.count(share["M58_num"], lang),
                "share": numbers.DASH if share is None else numbers.rate(share["M58"], lang),
                "with": _rate(frame, by_use, (template.type_l1, True)),
                "without": _rate(frame, by_use, (template.type_l1, False)),
            }
        )
    headers = {c: t(f"cases.library_{c}", lang) for c in rows[0]}
    left = ("name", "type", "cases")
    config = {c: st.column_config.TextColumn(h, alignment="left" if c in left else "right") for c, h in headers.items()}
    st.dataframe(
        pd.DataFrame(rows),
        hide_index=True,
        column_config=config,
        row_height=32,
        height="content",
        alt=t("cases.library", lang),
    )


def _rate(frame: Frame, by_use: pd.DataFrame, key: tuple[str, bool]) -> str:
    """9.9 % (9.1–10.8, n = 4,027); a dash where there is nothing or nothing may be told."""
    if key not in by_use.index:
        return numbers.DASH
    row, lang = by_use.loc[key], frame.lang
    if row["is_small"] or pd.isna(row["M14_BACK"]):
        return numbers.DASH
    return t(
        "cases.rate",
        lang,
        rate=numbers.rate(row["M14_BACK"], lang),
        low=numbers.fixed(100 * row["M14_BACK_low"], 1),
        high=numbers.rate(row["M14_BACK_high"], lang),
        n=numbers.count(row["M14_BACK_n"], lang),
    )


def _effect(frame: Frame, ratio: Ratio) -> str:
    """What to believe of the templates, in one sentence."""
    if math.isnan(ratio.value):
        return t("cases.effect_unknown", frame.lang)
    if not ratio.is_sure:
        return t("cases.effect_none", frame.lang)
    change = numbers.rate(abs(1 - ratio.value), frame.lang)
    if ratio.value < 1:
        return t("cases.effect_less", frame.lang, change=change)
    return t("cases.effect_more", frame.lang, change=change)
