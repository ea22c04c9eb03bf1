"""Beside the cell: terminals that stand out by type of complaint, and whether complaints follow drops of the signal."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import data_cells, data_terminals, numbers, states
from pages._shared.blocks import drops
from pages._shared.frame import Frame
from pages._shared.text import plain, t
from warehouse.terminals import WEEKS

LEAST = 100  # complaints with a known terminal
MOST = 12  # terminals listed, those with most complaints
_SIGN = {1: "▲ ", -1: "▼ ", 0: ""}


def show(frame: Frame, where: Any) -> None:
    """Terminal by type, for who sees rows."""
    lang = frame.lang
    found = data_terminals.crossed(frame.viewer, data_cells.end_of_weeks(frame.as_of), where)
    if found.empty or int(found["n"].sum()) < LEAST:
        return
    st.subheader(t("terminals.title", lang))
    st.markdown(f"**{finding(frame, found)}**")
    shape = found.assign(
        type=[frame.name("type_code", c) for c in found["type_code"]],
        said=[f"{_SIGN[int(s)]}{numbers.count(n, lang)}" for s, n in zip(found["stands_out"], found["n"], strict=True)],
    )
    types = shape.groupby("type")["n"].sum().sort_values(ascending=False).index
    models = shape.groupby("terminal_model")["n"].sum().sort_values(ascending=False).head(MOST)
    wide = shape.pivot(index="terminal_model", columns="type", values="said").reindex(index=models.index, columns=types)
    table = wide.fillna("0").reset_index(names="name").assign(total=[numbers.count(n, lang) for n in models])
    headers = {"name": t("terminals.model", lang), **{c: str(c) for c in types}, "total": t("terminals.total", lang)}
    states.small_table(table, headers, finding(frame, found))
    states.note(t("terminals.key", lang))
    with st.expander(t("word.evidence", lang)):
        _pairs(frame, found)
        drops.of_network(frame)


def finding(frame: Frame, found: pd.DataFrame) -> str:
    """The pair that stands out most, with what was due."""
    lang, n = frame.lang, numbers.count(int(found["n"].sum()), frame.lang)
    more = found[found["stands_out"] == 1].sort_values("p_value")
    if more.empty:
        return t("terminals.none", lang, weeks=WEEKS, n=n)
    top = more.iloc[0]
    key = "terminals.finding" if len(more) > 1 else "terminals.finding_one"
    return t(
        key, lang, weeks=WEEKS, n=n, model=plain(str(top["terminal_model"])),
        type=frame.name("type_code", top["type_code"]), found=numbers.count(top["n"], lang),
        due=numbers.fixed(top["expected"], 0), ratio=numbers.fixed(top["ratio"], 1), others=len(more) - 1,
    )  # fmt: skip


def _pairs(frame: Frame, found: pd.DataFrame) -> None:
    lang = frame.lang
    apart = found[found["stands_out"] != 0].sort_values("p_value")
    rows = pd.DataFrame(
        {
            "name": [f"{r.terminal_model} × {frame.name('type_code', r.type_code)}" for r in apart.itertuples()],
            "n": [numbers.count(v, lang) for v in apart["n"]],
            "expected": [numbers.fixed(v, 1) for v in apart["expected"]],
            "ratio": [numbers.fixed(v, 2) for v in apart["ratio"]],
            "p": [f"{v:.4f}" if v >= 0.0001 else "<0.0001" for v in apart["p_value"]],
        }
    )
    if len(rows):
        states.small_table(rows, {c: t(f"terminals.column.{c}", lang) for c in rows}, t("terminals.title", lang))
    states.note(t("terminals.method", lang))
