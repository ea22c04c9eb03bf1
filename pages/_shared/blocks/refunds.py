"""补偿与有责: what was paid for the complaints of a period, and how many of them the company is to blame for."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import data, numbers
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.periods import Period
from warehouse.query import SMALL_CELL

PAID = ("M38", "M38_MEAN", "M38_PAID")


def show(frame: Frame, period: Period, when: str) -> None:
    """One line: the sum, the mean of a finished ticket and how many got any; and the share of blame, as known."""
    lang, told = frame.lang, []
    ids = data.supported([*PAID, "M39"])
    if not ids:
        return
    row = data.figures(ids, frame.viewer, [period], (), frame.filters).iloc[0]
    if row["is_small"]:
        return
    if set(PAID) <= set(ids) and row["M38_PAID_n"] and not few(frame, row, "M38_PAID"):
        said = {"sum": numbers.count(row["M38"], lang), "mean": numbers.fixed(float(row["M38_MEAN"]), 2)}
        said["share"] = numbers.rate(row["M38_PAID"], lang)
        said["n"] = numbers.count(row["M38_PAID_n"], lang)
        told.append((t("assess.paid", lang, **said), "M38"))
    if "M39" in ids and row["M39_n"] and not few(frame, row, "M39"):
        said = {"share": numbers.rate(row["M39"], lang), "n": numbers.count(row["M39_n"], lang)}
        told.append((t("assess.to_blame", lang, **said), "M39"))
    if told:
        whole = t("assess.paid_period", lang, period=when)
        text = t("today.join", lang).join(part for part, _ in told) + t("today.stop", lang)
        st.markdown(whole + text, help="\n\n".join(data.measure_help(measure, lang) for _, measure in told))


def few(frame: Frame, row: pd.Series, measure: str) -> bool:
    """A rate on one to four tickets, or on all but so few, tells of single people."""
    n = row[f"{measure}_num"]
    rest = row[f"{measure}_den"] - n
    return frame.viewer.level == "L1" and (0 < n < SMALL_CELL or 0 < rest < SMALL_CELL)
