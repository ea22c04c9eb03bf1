"""看依据: the rule, its reasons and its figures as the engine saw them."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from alerts.board import Matter, Row
from alerts.course import threshold
from alerts.rules import Rule
from pages._shared import data_warnings, numbers, states, warning_words
from pages._shared.frame import Frame
from pages._shared.text import Lang, maybe, plain, t

SHARES = ("rate", "baseline_rate", "p_value")


def show(frame: Frame, matter: Matter) -> None:
    lang, rules = frame.lang, data_warnings.rules()
    with st.expander(t("warning.evidence", lang), icon=":material/query_stats:"):
        for row in matter.rows[:1]:
            rule = rules.get(row["rule_id"])
            if rule is None:
                states.note(t("warning.rule_gone", lang, id=row["rule_id"]))
                continue
            _rule(rule, row, lang)
            _figures(rule, row, lang)


def _rule(rule: Rule, row: Row, lang: Lang) -> None:
    zh = lang == "zh"
    st.markdown(
        "  \n".join(
            [
                t("warning.rule", lang, id=rule.id, name=rule.name(lang), version=row["rule_version"]),
                f"**{t('warning.rationale', lang)}** {plain(rule.rationale.zh if zh else rule.rationale.en)}",
                f"**{t('warning.noise', lang)}** {plain(rule.noise.zh if zh else rule.noise.en)}",
                f"**{t('warning.evaluated', lang)}** "
                + numbers.duration(rule.every.total_seconds() / 60, lang)
                + (
                    t("warning.changed_since", lang, version=rule.version)
                    if rule.version != row["rule_version"]
                    else ""
                ),
            ]
        )
    )


def _figures(rule: Rule, row: Row, lang: Lang) -> None:
    """The named figures of the evidence, as the engine saw them when it fired or last got worse."""
    seen = {**warning_words.evidence(row), "threshold": threshold(rule, row["severity"])}
    found = []
    for name, value in seen.items():
        label, x = maybe("warning.figure", name, lang), numbers.number(value)
        if label is None or x is None:
            continue
        found.append({"name": label, "value": _fine(x)})
    if not found:
        return
    states.small_table(
        pd.DataFrame(found),
        {"name": t("warning.figure_name", lang), "value": t("warning.figure_value", lang)},
        t("warning.evidence", lang),
    )
    states.note(t("warning.evidence_at", lang, at=numbers.moment(row["fired_at"], lang)))


def _fine(x: float) -> str:
    return numbers.fixed(x, 0 if x == int(x) else 4 if abs(x) < 1 else 2)
