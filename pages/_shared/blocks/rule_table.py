"""Two versions of a rule in figures: the one in force and the changed one."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
import streamlit as st

from alerts.rules import Rule
from alerts.workbench import Figures, Lead
from pages._shared import numbers, states
from pages._shared.frame import Frame
from pages._shared.text import Lang, t
from warehouse.analysis.intervals import wilson

Said = Callable[[Figures], str]


def show(frame: Frame, rule: Rule, told: Figures, new: Figures | None) -> None:
    """One row a figure."""
    lang = frame.lang
    rows: list[tuple[str, Said]] = [
        ("n", lambda f: numbers.count(f.n, lang)),
        ("per_week", lambda f: numbers.fixed(f.per_week, 1)),
        ("worst", lambda f: numbers.count(f.n_worst, lang)),
        ("floods", lambda f: numbers.count(f.n_floods, lang)),
        ("chatter", lambda f: numbers.count(f.n_chatter, lang)),
        ("precision", lambda f: _share(f.precision, f.n_real, f.n_real + f.n_false, lang)),
        ("recall", lambda f: _share(f.recall, f.n_real, f.n_real + f.n_missed_real, lang)),
        ("lead", lambda f: f"{f.lead.n_warned}/{f.lead.n}" if f.lead.n else t("bench.no_incident", lang)),
        ("early", lambda f: _early(f.lead, lang)),
    ]
    shape = pd.DataFrame(
        [
            {"name": t(f"bench.figure_{key}", lang), "now": said(told), "new": said(new) if new else ""}
            for key, said in rows
        ]
    )
    headers = {"name": t("bench.figure", lang), "now": t("bench.lane_now", lang, version=rule.version)}
    if new is not None:
        headers["new"] = t("bench.lane_new", lang)
    states.small_table(shape, headers, alt=t("bench.figures_alt", lang, rule=rule.name(lang)))


def evidence(frame: Frame, rule: Rule, told: Figures, new: Figures | None) -> None:
    """What the figures mean, and how sure the share of right warnings is."""
    lang = frame.lang
    with st.expander(t("word.evidence", lang)):
        for name, found in ((t("bench.lane_now", lang, version=rule.version), told), (t("bench.lane_new", lang), new)):
            n = found.n_real + found.n_false if found is not None else 0
            if found is not None and n:
                low, high = (float(v) for v in wilson(float(found.n_real), float(n)))
                states.note(
                    t("bench.interval", lang, name=name, rate=numbers.rate(found.precision, lang), n=n,
                      low=numbers.rate(low, lang), high=numbers.rate(high, lang))
                )  # fmt: skip
        for key in ("history", "flood", "chatter", "right", "lead"):
            states.note(t(f"bench.means_{key}", lang))
        states.computed(frame, ["M52_HIT", "M52_LEAD"])


def _share(value: float | None, k: int, n: int, lang: Lang) -> str:
    if value is None:
        return t("bench.unjudged", lang)
    return f"{numbers.rate(value, lang)} ({k}/{n})"


def _early(lead: Lead, lang: Lang) -> str:
    if lead.hours is None:
        return numbers.DASH
    key = "bench.earlier" if lead.hours >= 0 else "bench.later"
    return t(key, lang, time=numbers.duration(abs(lead.hours) * 60, lang))
