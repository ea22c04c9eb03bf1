"""How the limits in force were kept: the two timelinesses and what parts them, stages, departments by stage."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_flow, draw, findings, hidden, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.judging import least_customers
from warehouse.measures import measures
from warehouse.policies import STAGES
from warehouse.query import SMALL_CELL

ORDER = tuple(STAGES)
LEAST_N = 30
TIMES = ("M13", "M13_P90", "M06", "M06_NET", "M06_P50", "M06_P90")
HEAT_STAGES = ("DSP", "FRS", "PLN", "INT", "FBK")


def show(frame: Frame) -> None:
    told = data_flow.judged(frame.viewer, frame.comparison.now, frame.filters, in_force=True)
    told = (
        told[(told["n"] > 0) & enough(frame, told["n"])]
        .sort_values("stage", key=lambda s: s.map(ORDER.index))
        .reset_index(drop=True)
    )
    if told.empty:
        return
    left, right = st.columns([5, 7], gap="medium")
    with left:
        _two_rates(frame, told[told["stage"] == "FBK"])
        _times(frame)
    with right:
        _stages(frame, told)
    _departments(frame)


def _two_rates(frame: Frame, final: pd.DataFrame) -> None:
    """Strict and matured beside each other, and what parts them, in words and numbers."""
    if final.empty:
        return
    lang, row = frame.lang, final.iloc[0]
    st.markdown(f"**{t('compliance.two', lang)}**")
    boxes = st.columns(2)
    for box, kind, measure in zip(boxes, ("matured", "strict"), ("M04", "M03"), strict=True):
        n = numbers.count(row[f"{kind}_n"], lang)
        box.metric(
            word("compliance", kind, lang),
            numbers.rate(row[kind], lang),
            help=data.measure_help(measure, lang),
            border=True,
        )
        box.markdown(f":small[:gray[{t('compliance.of', lang, k=numbers.count(row['n_on_time'], lang), n=n)}]]")
    waiting = int(row["n_soon_due"] + row["n_running"])
    if not waiting:
        states.note(t("compliance.same", lang))
        return
    best = (row["n_on_time"] + waiting) / row["n"]
    st.markdown(
        t(
            "compliance.differ",
            lang,
            gap=numbers.pp(float(row["matured"] - row["strict"]), lang, prose=True, signed=False),
            n=numbers.count(waiting, lang, "tickets"),
            soon=numbers.count(row["n_soon_due"], lang, "tickets"),
            best=numbers.rate(best, lang),
        )
    )


def _times(frame: Frame) -> None:
    """How long it takes: to the first reply and to the result, with and without the pauses that count."""
    lang, ids = frame.lang, data.supported(TIMES)
    if not ids:
        return
    row = data.figures(ids, frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    shape = pd.DataFrame(
        {
            "name": [measures()[i].name(lang) for i in ids],
            "value": [findings.value_text(i, row[i], lang) for i in ids],
            "n": [numbers.count(row[f"{i}_n"], lang) for i in ids],
        }
    )
    headers = {c: t(f"compliance.column_{c}", lang) for c in shape}
    states.small_table(shape, headers, alt=t("compliance.times", lang))


def _stages(frame: Frame, told: pd.DataFrame) -> None:
    lang = frame.lang
    shape = told.assign(label=[word("stage", s, lang) for s in told["stage"]])
    known = shape[shape["matured_n"] >= LEAST_N].dropna(subset=["matured"])
    worst = known.loc[known["matured"].idxmin()] if len(known) else None
    title = t("compliance.stages_few", lang)
    if worst is not None:
        title = t("compliance.stages", lang, stage=worst["label"], value=numbers.rate(worst["matured"], lang))
    subtitle = t("compliance.stages_subtitle", lang, period=findings.period_text(frame.comparison.now, lang))
    draw.show(
        charts.state_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle),
        alt=charts.ranked_alt(shape.assign(value=shape["matured"]), lang=lang, title=title),
    )


def _departments(frame: Frame) -> None:
    """Departments by stage: rates, with n; what a role must not see is hatched."""
    lang = frame.lang
    told = data_flow.judged(frame.viewer, frame.comparison.now, frame.filters, by=["owner_dept"], in_force=True)
    told = told[told["matured_n"] > 0].reset_index(drop=True)
    stages = [s for s in HEAT_STAGES if s in set(told["stage"])]
    told = told[told["stage"].isin(stages)].reset_index(drop=True)
    if told.empty:
        return
    small = few_customers(frame, told)
    few = told["matured_n"] < LEAST_N
    cells = pd.DataFrame(
        {
            "owner_dept": told["owner_dept"],
            "row": [frame.name("owner_dept", d) for d in told["owner_dept"]],
            "col": [word("stage", s, lang) for s in told["stage"]],
            "value": (1 - told["matured"]).mask(small | few),
            "n": told["matured_n"].mask(small),
            "is_small": small,
            "is_hidden_too": False,
        }
    )
    texts = [
        numbers.rate(v, lang) if not f else f"n={numbers.count(n, lang)}"
        for v, n, f in zip(1 - told["matured"], told["matured_n"], few, strict=True)
    ]
    cells["label"] = hidden.labels(frame, cells, texts)
    if cells["value"].notna().sum() == 0:
        states.few(frame)
        return
    size = told.groupby("owner_dept")["n"].sum().sort_values(ascending=False)
    final = cells[cells["col"] == word("stage", "FBK", lang)]
    named = final if final["value"].notna().any() else cells
    top = named.loc[named["value"].idxmax()]
    title = t("compliance.heat", lang, dept=top["row"], stage=top["col"], value=numbers.rate(top["value"], lang))
    draw.show(
        charts.heat(
            cells,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("compliance.heat_subtitle", lang, least=LEAST_N),
            row_order=[frame.name("owner_dept", d) for d in size.index],
            col_order=[word("stage", s, lang) for s in stages],
            row_title=t("filter.department", lang),
            col_title=t("sla.stage", lang),
            fields=("owner_dept",),
            select=True,
        ),
        **clicks.narrowing(frame, "dept_stage", {"owner_dept": "owner_dept"}),
        alt=charts.heat_alt(cells, lang=lang, title=title),
    )
    hidden.note(frame, cells)


def enough(frame: Frame, n: pd.Series) -> pd.Series:
    """Which counts of the whole period's tickets hold enough customers for this role."""
    if frame.viewer.level != "L1":
        return pd.Series(True, index=n.index)
    whole = data.figures(["M01"], frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    return least_customers(n, whole["M01_num"], whole["n_customers"]).ge(SMALL_CELL)


def few_customers(frame: Frame, told: pd.DataFrame) -> pd.Series:
    """Which rows of departments hold too few customers for this role; marts count tickets, so the least is taken."""
    if frame.viewer.level != "L1":
        return pd.Series(False, index=told.index)
    asked = data.figures(["M01"], frame.viewer, [frame.comparison.now], ["owner_dept"], frame.filters)
    groups = asked.set_index("owner_dept")[["M01_num", "n_customers", "is_small"]]
    at = groups.reindex(told["owner_dept"]).reset_index(drop=True)
    least = least_customers(told["n"].reset_index(drop=True), at["M01_num"], at["n_customers"])
    hidden_now = at["is_small"].ne(False) | least.lt(SMALL_CELL) | least.isna()
    return pd.Series(hidden_now.to_numpy(), index=told.index)
