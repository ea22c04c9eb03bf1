"""规则: the catalogue of rules with what each has raised."""

from __future__ import annotations

from datetime import timedelta

import pandas as pd
import streamlit as st

from pages._shared import data_warnings, tables
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import t, word

WEEKS = 26


def show(frame: Frame) -> None:
    lang = frame.lang
    rules = data_warnings.rules()
    raised = data_warnings.raised_by_rule(frame.as_of - timedelta(weeks=WEEKS))
    st.title(t("rules.title", lang))
    sending = sum(r.standing == "sending" for r in rules.values())
    st.markdown("## " + t("rules.finding", lang, n=len(rules), sending=sending, trial=len(rules) - sending))
    shape = pd.DataFrame(
        [
            {
                "rule": f"{r.id} {r.name(lang)}",
                "owner": frame.name("owner_dept", r.owner),
                "standing": word("rules.standing", r.standing, lang),
                "version": f"v{r.version}",
                "raised": raised.get(r.id, 0),
            }
            for r in rules.values()
        ]
    )
    columns = [
        Column("rule", t("rules.rule", lang), width="large"),
        Column("owner", t("rules.owner", lang)),
        Column("standing", t("rules.state", lang)),
        Column("version", t("rules.version", lang)),
        Column("raised", t("rules.raised", lang, n=WEEKS), "count"),
    ]
    tables.show(st, shape, columns, lang=lang, alt=t("rules.title", lang), height="content")
