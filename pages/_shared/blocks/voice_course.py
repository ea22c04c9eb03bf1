"""Satisfaction over time, whether its changes are real, and whether those who answer speak for all."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_voice, findings, numbers, states
from pages._shared.blocks import measure_trend
from pages._shared.charts.lines import Grain, period_text
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.analysis.dips import LEAST
from warehouse.measures import measures
from warehouse.periods import Period, next_month, weeks
from warehouse.query import SMALL_CELL

TREND_WEEKS = TREND_MONTHS = 13


def show(frame: Frame) -> None:
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _trend(frame)
    with right:
        _real(frame)
    _answers(frame)


def before_text(frame: Frame) -> str:
    """What a period is compared with, in words."""
    short = frame.comparison.now.days <= 7
    return word("voice.before", "weeks4" if short else "period", frame.lang)


def _points(frame: Frame) -> tuple[list[Period], Grain]:
    """Thirteen weeks, or as many months where the period is long."""
    if frame.comparison.now.days <= 31:
        return weeks(frame.as_of, TREND_WEEKS), "week"
    first = frame.as_of.date().replace(day=1)
    starts = [first]
    for _ in range(TREND_MONTHS):
        starts.insert(0, _month_before(starts[0]))
    return [Period(s.isoformat(), s, next_month(s), frame.as_of) for s in starts[:-1]], "month"


def _month_before(day: date) -> date:
    return day.replace(year=day.year - 1, month=12) if day.month == 1 else day.replace(month=day.month - 1)


def _trend(frame: Frame) -> None:
    lang, entry = frame.lang, measures()["M09"]
    periods, grain = _points(frame)
    starts = {p.first.isoformat(): p for p in periods}

    def named(start: str) -> str:
        return t("chart.only", lang, name=period_text(starts[start].first, grain, lang))

    chosen = starts.get(clicks.choice("point", starts, named))
    asked = data.figures(["M09"], frame.viewer, periods, (), frame.filters).set_index("period")
    shown = asked.reindex([p.id for p in periods])
    if frame.viewer.level == "L1":
        shown = shown.mask(shown["M09_n"].fillna(0) < SMALL_CELL)
    shape = pd.DataFrame(
        {
            "period_start": [p.first for p in periods],
            "value": shown["M09"].astype(float).to_numpy(),
            "n": shown["M09_n"].to_numpy(),
            "low": shown["M09_low"].astype(float).to_numpy(),
            "high": shown["M09_high"].astype(float).to_numpy(),
            "is_running": False,
        }
    )
    if shape["value"].notna().sum() < 2:
        states.few(frame)
        return
    aim = frame.workspace.settings.targets.get("M09")
    title = states.trend_finding(frame, "M09", shape) if grain == "week" else t("voice.by_month", lang)
    first, last = periods[0].first, periods[-1].last
    target = aim.value if aim else None
    common: dict[str, Any] = {
        "kind": "rate", "grain": grain, "target": target, "with_n": True, "holidays": grain == "week",
    }  # fmt: skip
    alt = charts.trend_alt(shape, lang=lang, title=title, kind="rate", grain=grain, target=target)
    bare, subtitle = shape.drop(columns=["low", "high"]), t("voice.trend_subtitle", lang, name=entry.name(lang))
    measure_trend.show(frame, "M09", bare, first, last, title=title, subtitle=subtitle, alt=alt,
                       click=clicks.setting("point", "voice_trend", of="period"), **common)  # fmt: skip
    if chosen:
        _then(frame, chosen, period_text(chosen.first, grain, lang))
    with st.expander(t("word.evidence", lang)):
        measure_trend.show(
            frame, "M09", shape, first, last, title=entry.name(lang), subtitle=t("voice.band", lang),
            alt=t("voice.band_alt", lang, title=title), control=False, **common,
        )  # fmt: skip


def _then(frame: Frame, period: Period, when: str) -> None:
    """The departments of one point of the trend, the lowest rate first: whose week it was."""
    lang = frame.lang
    asked = data.figures(["M09"], frame.viewer, [period], ["owner_dept"], frame.filters)
    told = data_voice.seen(asked, frame.viewer).dropna(subset=["M09"])
    told = told[told["owner_dept"] != "UNKNOWN"].sort_values(["M09", "M09_n"], ascending=[True, False])
    if told.empty:
        states.few(frame)
        return
    shape = pd.DataFrame(
        {
            "name": [frame.name("owner_dept", d) for d in told["owner_dept"]],
            "rate": [numbers.rate(v, lang) for v in told["M09"]],
            "n": [numbers.count(v, lang) for v in told["M09_n"]],
        }
    )
    said = t("voice.then", lang, period=when, n=numbers.count(told["M09_n"].sum(), lang))
    st.markdown(f"**{said}**")
    headers = {"name": t("voice.unit", lang), "rate": measures()["M09"].name(lang), "n": t("chart.sample", lang)}
    states.small_table(shape, headers, alt=said)


def _real(frame: Frame) -> None:
    """Is this dip real? One row for all, one per department: words first, the test under evidence."""
    lang = frame.lang
    st.markdown(f"**{t('voice.real', lang, before=before_text(frame))}**")
    whole = data_voice.whole_dip(frame.viewer, frame.comparison, frame.filters)
    units = data_voice.unit_dips(frame.viewer, frame.comparison, "owner_dept", frame.filters, whole)
    units = units[units["key"] != "UNKNOWN"]
    rows = [(t("filter.all", lang), whole), *((frame.name("owner_dept", r.key), r) for r in units.itertuples())]
    shape = pd.DataFrame(
        [
            {
                "name": name,
                "rate": numbers.rate(d.rate, lang),
                "change": numbers.pp(d.change, lang),
                "n": numbers.count(d.n, lang),
                "word": word("voice.verdict", d.verdict, lang),
            }
            for name, d in rows
        ]
    )
    headers = {
        "name": t("voice.unit", lang),
        "rate": measures()["M09"].name(lang),
        "change": t("chart.change", lang),
        "n": t("chart.sample", lang),
        "word": t("voice.judged", lang),
    }
    states.small_table(shape, headers, alt=t("voice.real", lang, before=before_text(frame)))
    with st.expander(t("word.evidence", lang)):
        proof = pd.DataFrame(
            [
                {
                    "name": name,
                    "now": f"{d.k} / {d.n}",
                    "before": f"{d.k_before} / {d.n_before}",
                    "p": p_text(d.p_value),
                }
                for name, d in rows
            ]
        )
        names = {"name": t("voice.unit", lang), "now": t("today.now", lang), "before": before_text(frame), "p": "p"}
        states.small_table(proof, names, alt=t("voice.test", lang, least=LEAST))
        states.note(t("voice.test", lang, least=LEAST))


def p_text(p: float) -> str:
    """A p-value as people read it."""
    if pd.isna(p):
        return numbers.DASH
    return "<0.001" if p < 0.001 else f"{p:.3f}"


def _answers(frame: Frame) -> None:
    """How many answer, how the answers differ from all tickets, and what weighting them back gives."""
    lang, period = frame.lang, frame.comparison.now
    asked = data.figures(["M09", "M10", "M10_SENT"], frame.viewer, [period], (), frame.filters)
    row = findings.row_of(asked, "now")
    if row is None or pd.isna(row["M10"]):
        return
    table = data_voice.answered(frame.viewer, period, frame.filters)
    weighed = data_voice.as_if_all_had(table)
    if pd.isna(weighed.value):
        return
    st.markdown(
        f"**{t('voice.answers', lang, sent=numbers.rate(row['M10_SENT'], lang), rate=numbers.rate(row['M10'], lang))}**"
    )
    _said(frame, period)
    gap = abs(weighed.value - weighed.raw)
    st.markdown(
        word(
            "voice.weighed",
            "alike" if gap < 0.02 else "apart",
            lang,
            raw=numbers.rate(weighed.raw, lang),
            value=numbers.rate(weighed.value, lang),
            gap=numbers.pp(gap, lang, prose=True, signed=False),
        )
    )
    with st.expander(t("word.evidence", lang)):
        _mix(frame, table)
        states.note(
            t(
                "voice.weighed_note",
                lang,
                low=numbers.rate(weighed.low, lang),
                high=numbers.rate(weighed.high, lang),
                covered=numbers.rate(weighed.covered, lang),
            )
        )


def _said(frame: Frame, period: Period) -> None:
    """Whether customers call it solved, and how many callbacks went to a number that is out of use."""
    lang, ids = frame.lang, data.supported(["M08", "M10_GONE"])
    asked = data.figures(ids, frame.viewer, [period], (), frame.filters)
    row = findings.row_of(asked, "now") if ids else None
    if row is None or row["is_small"]:
        states.unsupported(frame, ["M08"])
        return
    if "M08" in ids and row["M08_n"]:
        aim = frame.workspace.settings.targets.get("M08")
        spread = {k: numbers.rate(row[f"M08_{k}"], lang) for k in ("low", "high")}
        said = t(
            "voice.confirmed", lang, rate=numbers.rate(row["M08"], lang), n=numbers.count(row["M08_n"], lang), **spread
        )
        if aim is not None:
            said += t("voice.confirmed_aim", lang, target=numbers.target(aim.value, "rate", lang))
        st.markdown(said, help=data.measure_help("M08", lang))
    if "M10_GONE" in ids and row["M10_GONE_num"]:
        gone = {"rate": numbers.rate(row["M10_GONE"], lang), "n": numbers.count(row["M10_GONE_n"], lang)}
        st.markdown(t("voice.gone", lang, **gone), help=data.measure_help("M10_GONE", lang))
    states.unsupported(frame, ["M08"])


def _mix(frame: Frame, table: pd.DataFrame) -> None:
    """Shares of types, channels and late tickets among all finished, those asked and those who answered."""
    lang = frame.lang
    sums = ["closed", "asked", "n"]
    totals = table[sums].sum()
    rows = []
    for dimension in ("is_late", "type_l1", "channel_code"):
        part = table.groupby(dimension, observed=True)[sums].sum()
        if dimension == "is_late":
            part = part[part.index.astype(bool)]
        if frame.viewer.level == "L1":
            part = part[(part["n"] >= SMALL_CELL) & (part["closed"] - part["n"] >= SMALL_CELL)]
        for key, values in part.sort_values("closed", ascending=False).iterrows():
            name = t("voice.flag.is_late", lang) if dimension == "is_late" else frame.name(dimension, key)
            shares = {c: numbers.rate(values[c] / totals[c] if totals[c] else None, lang) for c in sums}
            rows.append({"name": name, **shares})
    headers = {
        "name": t("chart.label", lang),
        **{c: word("voice.among", c, lang, n=numbers.count(totals[c], lang)) for c in sums},
    }
    states.small_table(pd.DataFrame(rows, columns=["name", *sums]), headers, alt=t("voice.mix", lang))
    states.note(t("voice.mix", lang))
