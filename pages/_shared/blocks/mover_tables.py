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

MOST = 12


def mover_table(frame: Frame, measure: str, comparison: Comparison, dims: Sequence[str]) -> None:
    """Now and before by type, district and channel, the largest movements of each first."""
    lang = frame.lang
    for dimension in dims:
        by = data.figures([measure], frame.viewer, [comparison.now, comparison.before], [dimension], frame.filters)
        by = hidden.in_every_period(frame, by, dimension, f"{measure}_num")
        counts: dict[str, dict[str, int]] = {}
        for key, period, n in zip(by[dimension], by["period"], by[f"{measure}_num"].fillna(0), strict=True):
            counts.setdefault(key, {"before": 0, "now": 0})[period] += int(n)
        moved = sorted(
            ((c["now"] - c["before"], key, c) for key, c in counts.items()), key=lambda m: (-abs(m[0]), m[1])
        )
        wide = pd.DataFrame(
            [{dimension: frame.name(dimension, key), **c, "change": change} for change, key, c in moved[:MOST]],
            columns=[dimension, "before", "now", "change"],
        )
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
