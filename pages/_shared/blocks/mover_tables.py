"""What stands behind the sentence on what moved a measure: now and before per group."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages._shared import data, hidden, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.measures import measures
from warehouse.periods import Comparison


def mover_table(frame: Frame, measure: str, comparison: Comparison, dims: Sequence[str]) -> None:
    """Now and before by type, district and channel, the largest movements of each first."""
    lang = frame.lang
    for dimension in dims:
        by = data.figures([measure], frame.viewer, [comparison.now, comparison.before], [dimension], frame.filters)
        by = hidden.in_every_period(frame, by, dimension, f"{measure}_num")
        by = by.assign(n=by[f"{measure}_num"].fillna(0))
        wide = by.pivot_table(index=dimension, columns="period", values="n", aggfunc="sum", fill_value=0)
        wide = wide.reindex(columns=["before", "now"], fill_value=0).astype(int).reset_index()
        wide["change"] = wide["now"] - wide["before"]
        wide = wide.reindex(wide["change"].abs().sort_values(ascending=False).index).head(12)
        wide[dimension] = [frame.name(dimension, v) for v in wide[dimension]]
        name = word("filter", {"type_l1": "type", "region_code": "region", "channel_code": "channel"}[dimension], lang)
        headers = {
            dimension: name,
            "before": t("today.before", lang),
            "now": t("today.now", lang),
            "change": t("chart.change", lang),
        }
        st.dataframe(
            wide[list(headers)], hide_index=True, column_config=headers, row_height=32, height="content", alt=name
        )


def effect_table(frame: Frame, effects: pd.DataFrame, measure: str) -> None:
    """The split of a rate's change into mix and within, per group."""
    lang = frame.lang
    rows = effects.dropna(subset=["effect"])
    shape = pd.DataFrame(
        {
            "name": [frame.name(d, k) for d, k in zip(rows["dim"], rows["key"], strict=True)],
            "before": [numbers.rate(v, lang) for v in rows["rate_before"]],
            "now": [numbers.rate(v, lang) for v in rows["rate_now"]],
            "n": [numbers.count(v, lang) for v in rows["n_now"]],
            "within": [numbers.pp(v, lang) for v in rows["within_effect"]],
            "mix": [numbers.pp(v, lang) for v in rows["mix_effect"]],
        }
    )
    headers = {k: t(f"today.effect_{k}", lang) for k in ("name", "before", "now", "n", "within", "mix")}
    states.small_table(shape, headers, alt=measures()[measure].name(lang))
