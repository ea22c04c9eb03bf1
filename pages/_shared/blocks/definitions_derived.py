"""口径: a figure that a function works out, with what is divided by what."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import states
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.derived import Derived


def show(frame: Frame, entry: Derived) -> None:
    """A figure that a function works out."""
    lang = frame.lang
    st.subheader(f"{entry.id} {entry.name(lang)}")
    st.markdown(entry.caveat.zh if lang == "zh" else entry.caveat.en)
    told = {
        "name": f"{entry.zh} / {entry.en}",
        "unit": entry.unit.zh if lang == "zh" else entry.unit.en,
        "good": word("good", entry.good, lang),
        "min_n": str(entry.min_n),
        "base": ", ".join(entry.needs) or "ops.action_item",
        "version": str(entry.version),
        "source": entry.source.zh if lang == "zh" else entry.source.en,
    }
    shape = pd.DataFrame({"what": [word("definitions.fact", k, lang) for k in told], "value": list(told.values())})
    headers = {"what": t("definitions.column_what", lang), "value": t("definitions.column_value", lang)}
    st.dataframe(shape, hide_index=True, column_config=headers, row_height=32, height="content", alt=entry.name(lang))
    for label, said in ((t("definitions.numerator", lang), entry.numerator),
                        (t("definitions.denominator", lang), entry.denominator)):  # fmt: skip
        states.note(label)
        st.markdown(said.zh if lang == "zh" else said.en)
    states.note(t("definitions.function", lang))
    st.code(entry.function, language=None, wrap_lines=True)
