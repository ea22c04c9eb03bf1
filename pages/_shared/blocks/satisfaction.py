"""满意度: are customers satisfied, is a change real, who and what is behind it. The parts are blocks of their own."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data, data_voice, findings, numbers, states, views
from pages._shared.blocks import types, voice_course, voice_rates, voice_survey, voice_units, voice_why
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from warehouse.analysis.dips import LEAST, Dip, is_below, who_fell

# In the order in which a fall is looked for: who can act on it comes first.
DIMENSIONS = ("owner_dept", "type_l1", "region_code", "channel_code")
RELIABLE = 0.20  # rule RT04: below this answer rate nothing is concluded
PARTS: dict[str, views.Show] = {
    "course": voice_course.show,
    "units": voice_units.show,
    "why": voice_why.show,
    "survey": voice_survey.show,
}


def show(frame: Frame) -> None:
    lang = frame.lang
    st.title(t("voice.title", lang))
    if not frame.has_tickets:
        voice_rates.alone(frame)
        return
    if not finding(frame):
        return
    shown = {k: v for k, v in PARTS.items() if k != "survey" or frame.reader.n_rows("fact_survey")}
    views.parts(frame, shown, "course", t("types.parts", lang), lambda p: word("voice.part", p, lang))
    types.drill(frame)


def finding(frame: Frame) -> bool:
    """The view's sentence: rate, target, whether a fall is real, and whose it is.

    False when there is nothing to show, once the reason has been said.
    """
    lang, period = frame.lang, frame.comparison.now
    whole = data.figures(["M01"], frame.viewer, [period], (), frame.filters).iloc[0]
    if whole["is_small"] or whole["M01"] == 0:
        states.nothing(frame, is_hidden=bool(whole["is_small"]))
        return False
    when, n = findings.period_text(period, lang), numbers.count(whole["M01"], lang, "tickets")
    if frame.reader.missing_for("M09"):
        _say(lang, [t("voice.no_source", lang, period=when, n=n)])
        states.unsupported(frame, ["M09", "M10"])
        if frame.reader.n_rows("fact_survey"):
            voice_survey.show(frame)
        return False
    asked = data.figures(["M09", "M10"], frame.viewer, [period], (), frame.filters).iloc[0]
    if not asked["M09_n"]:
        _say(lang, [t("voice.no_answer", lang, period=when, n=n)])
        return False
    answers = numbers.count(asked["M09_n"], lang)
    parts = [t("voice.finding", lang, period=when, rate=numbers.rate(asked["M09"], lang), n=answers)]
    parts += _against_target(frame, asked)
    told = data_voice.whole_dip(frame.viewer, frame.comparison, frame.filters)
    parts.append(moved(told, voice_course.before_text(frame), lang))
    parts += _whose(frame, told)
    if not pd.isna(asked["M10"]) and asked["M10"] < RELIABLE:
        parts.append(t("voice.unreliable", lang, rate=numbers.rate(asked["M10"], lang)))
    _say(lang, parts)
    return True


def _say(lang: Lang, parts: list[str]) -> None:
    st.markdown("## " + t("today.join", lang).join(parts) + t("today.stop", lang))


def moved(told: Dip, before: str, lang: Lang) -> str:
    """Whether a change is more than chance, in words."""
    gap = numbers.pp(told.change, lang, prose=True, signed=False)
    return word("voice.moved", told.verdict, lang, before=before, gap=gap, least=LEAST)


def _against_target(frame: Frame, asked: pd.Series) -> list[str]:
    lang, aim = frame.lang, frame.workspace.settings.targets.get("M09")
    if aim is None or asked["M09_n"] < LEAST:
        return []
    target = numbers.target(aim.value, "rate", lang)
    if asked["M09"] >= aim.value:
        return [t("voice.met", lang, target=target)]
    sure = is_below(int(asked["M09_num"]), int(asked["M09_n"]), aim.value)
    return [word("voice.below", "sure" if sure else "unsure", lang, target=target)]


def _whose(frame: Frame, told: Dip) -> list[str]:
    """The unit that fell while the others did not, looked for by department, type, district and channel."""
    lang = frame.lang
    for dimension in DIMENSIONS:
        table = data_voice.unit_dips(frame.viewer, frame.comparison, dimension, frame.filters, told)
        key = who_fell(table) if len(table) > 1 else None
        if key is not None:
            row = table[table["key"].astype(str) == key].iloc[0]
            said = {
                "unit": frame.name(dimension, key),
                "before": numbers.rate(row["before"], lang),
                "rate": numbers.rate(row["rate"], lang),
                "n": numbers.count(row["n"], lang),
            }
            return [t("voice.whose" if told.verdict == "fell" else "voice.whose_though", lang, **said)]
    return [t("voice.everywhere", lang)] if told.verdict == "fell" else _lowest(frame)


def _lowest(frame: Frame) -> list[str]:
    """Without a fall: the unit that lies furthest below all others together, where that is more than chance."""
    for dimension in DIMENSIONS:
        table = data_voice.rates(frame.viewer, frame.comparison, dimension, frame.filters)
        low = voice_units.clearly(table[table["key"] != "UNKNOWN"], "low")
        if len(low):
            row = low.sort_values("p_rest").iloc[0].copy()
            row["label"] = frame.name(dimension, row["key"])
            return [word("voice.units", "low", frame.lang, names=voice_units.unit_text(row, frame.lang))]
    return []
