"""口径: every measure as it is computed, with formula, SQL, version and source; and which view shows which."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from pages._shared import data, states, url
from pages._shared.blocks import definitions_derived
from pages._shared.blocks.shown_on import SHOWN_ON
from pages._shared.frame import Frame
from pages._shared.text import Lang, t, word
from warehouse.derived import Derived, derived
from warehouse.measures import Measure, measures
from warehouse.policies import Limit, regimes


def show(frame: Frame) -> None:
    lang = frame.lang
    supported = set(data.supported(list(measures())))
    supported |= {i for i, d in derived().items() if all(frame.reader.n_rows(name) for name in d.needs)}
    every: dict[str, Measure | Derived] = {**measures(), **derived()}
    st.markdown("## " + t("definitions.finding", lang, n=len(every), shown=len(supported)))
    left, right = st.columns([4, 8], gap="medium")
    with left:
        url.one("measure", every, "M01")
        chosen = st.selectbox(
            t("definitions.choose", lang),
            list(every),
            format_func=lambda i: f"{i} {every[i].name(lang)}",
            key="measure",
        )
        _list(frame, every, supported)
    with right:
        entry = every[chosen or "M01"]
        if isinstance(entry, Derived):
            definitions_derived.show(frame, entry)
        else:
            _one(frame, entry)
    with st.expander(t("definitions.policies", lang)):
        _policies(frame)
    with st.expander(t("definitions.views", lang)):
        _views(frame)


def _list(frame: Frame, every: Mapping[str, Measure | Derived], supported: set[str]) -> None:
    lang = frame.lang
    shape = pd.DataFrame(
        [
            {
                "id": i,
                "name": m.name(lang),
                "state": t("definitions.shown", lang) if i in supported else t("definitions.not_supported", lang),
            }
            for i, m in every.items()
        ]
    )
    headers = {k: t(f"definitions.column_{k}", lang) for k in shape}
    st.dataframe(
        shape, hide_index=True, column_config=headers, row_height=32, height=480, alt=t("view.definitions", lang)
    )


def _one(frame: Frame, entry: Measure) -> None:
    lang = frame.lang
    st.subheader(f"{entry.id} {entry.name(lang)}")
    st.markdown(entry.caveat.zh if lang == "zh" else entry.caveat.en)
    missing = frame.reader.missing_for(entry.id)
    if missing:
        st.info(t("definitions.missing", lang, columns=", ".join(missing)), icon=":material/info:")
    aim = frame.workspace.settings.targets.get(entry.id)
    facts = {
        "name": f"{entry.zh} / {entry.en}",
        "unit": entry.unit.zh if lang == "zh" else entry.unit.en,
        "basis": word("basis", entry.basis, lang),
        "good": word("good", entry.good, lang),
        "target": "—" if aim is None else f"{aim.value:g}" + (f" ({aim.stretch:g})" if aim.stretch else ""),
        "min_n": str(entry.min_n),
        "base": entry.base + (f", {entry.denominator_base}" if entry.denominator_base else ""),
        "version": str(entry.version),
        "source": entry.source.zh if lang == "zh" else entry.source.en,
    }
    shape = pd.DataFrame({"what": [word("definitions.fact", k, lang) for k in facts], "value": list(facts.values())})
    st.dataframe(
        shape,
        hide_index=True,
        column_config={"what": t("definitions.column_what", lang), "value": t("definitions.column_value", lang)},
        row_height=32,
        height="content",
        alt=entry.name(lang),
    )
    states.note(t("definitions.numerator", lang))
    st.code(entry.numerator, language="sql", wrap_lines=True)
    if entry.denominator:
        states.note(t("definitions.denominator", lang))
        st.code(entry.denominator, language="sql", wrap_lines=True)
    with st.expander(t("definitions.sql", lang)):
        st.code(frame.reader.sql(entry.id), language="sql", wrap_lines=True)


def _policies(frame: Frame) -> None:
    lang = frame.lang
    assigned = {a.policy: a.accepted_from.isoformat() for a in frame.workspace.settings.policies}
    rows = [
        {
            "policy": regime.name(lang),
            "from": assigned.get(name, "—"),
            "stage": word("stage", row.stage, lang),
            "priority": _holds_for(frame, row),
            "limit": _limit(row, lang),
            "source": regime.source.zh if lang == "zh" else regime.source.en,
        }
        for name, regime in regimes().items()
        for row in regime.rows
    ]
    headers = {k: t(f"definitions.policy_{k}", lang) for k in rows[0]}
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, column_config=headers, row_height=32, alt=t("definitions.policies", lang)
    )


def _holds_for(frame: Frame, row: Limit) -> str:
    """The tickets that a limit holds for, in words."""
    named = [
        frame.name(k, v) if k in ("type_l1", "type_code", "priority") else word(f"policy.{k}", v, frame.lang)
        for k, v in row.selectors().items()
    ]
    return " · ".join(named) or t("filter.all", frame.lang)


def _limit(row: Limit, lang: Lang) -> str:
    """The limit and where its clock starts, or why there is none."""
    if row.not_measured is not None:
        return row.not_measured.zh if lang == "zh" else row.not_measured.en
    said = str(row.limit)
    number, _, unit = said.partition(" ")
    text = word("policy.unit", unit, lang, n=number) if unit else word("policy.limit", said, lang)
    return text if row.clock_from == "ACP" else f"{text} · {word('policy.from', row.clock_from, lang)}"


def _views(frame: Frame) -> None:
    lang = frame.lang
    views = {**SHOWN_ON}
    for i, d in derived().items():
        for view in d.shown_on:
            views[view] = (*views.get(view, ()), i)
    rows = [{"view": word("view", view, lang), "measures": ", ".join(ids)} for view, ids in views.items()]
    headers = {"view": t("definitions.column_view", lang), "measures": t("definitions.column_measures", lang)}
    st.dataframe(
        pd.DataFrame(rows), hide_index=True, column_config=headers, row_height=32, alt=t("definitions.views", lang)
    )
