"""How the limits in force were kept: the two timelinesses and what parts them, stages, departments by stage."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_flow, draw, findings, hidden, numbers, states, url
from pages._shared.frame import Frame
from pages._shared.text import t, word
from warehouse.judging import least_customers
from warehouse.measures import measures
from warehouse.policies import STAGES
from warehouse.query import SMALL_CELL

ORDER = tuple(STAGES)
LEAST_N = 30
TIMES = ("M13", "M13_P90", "M06", "M06_NET", "M06_P50", "M06_P90")
MEANS = ("M06", "M06_NET")  # asked apart: sums per day tell them, of quantiles they do not
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
    _stage_choice(frame, list(told["stage"]))
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
    means = [i for i in ids if i in MEANS]
    asked = [
        data.figures(part, frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
        for part in (means, [i for i in ids if i not in MEANS])
        if part
    ]
    row = pd.concat([asked[0], *(more[more.index.difference(asked[0].index)] for more in asked[1:])])
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
    shape = told.assign(key=told["stage"], label=[word("stage", s, lang) for s in told["stage"]], value=told["M05"])
    known = shape[shape["M05_n"] >= LEAST_N].dropna(subset=["M05"])
    worst = known.loc[known["M05"].idxmin()] if len(known) else None
    title = t("compliance.stages_few", lang)
    if worst is not None:
        title = t("compliance.stages", lang, stage=worst["label"], value=numbers.rate(worst["M05"], lang))
    subtitle = t("compliance.stages_subtitle", lang, period=findings.period_text(frame.comparison.now, lang))
    draw.show(
        charts.state_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, select=True),
        alt=charts.ranked_alt(shape, lang=lang, title=title),
        key="stage_bars",
        on_select=_choose_stage,
        selection_mode=[charts.PICK],
    )


def _stage_choice(frame: Frame, stages: list[str]) -> None:
    """All stages side by side, or one of them by type; a click on its bar chooses it too."""
    url.one("stage", ["", *stages], "")
    st.selectbox(
        t("compliance.which_stage", frame.lang),
        ["", *stages],
        format_func=lambda s: word("stage", s, frame.lang) if s else t("compliance.all_stages", frame.lang),
        key="stage",
        width=260,
    )


def _choose_stage() -> None:
    chosen = clicks.picked(st.session_state.get("stage_bars"))
    if chosen:
        st.session_state["stage"] = str(chosen["key"])


def _departments(frame: Frame) -> None:
    """Departments by stage, or by type at the chosen stage: rates, with n; what a role must not see is hatched."""
    lang, stage = frame.lang, st.session_state["stage"]
    dims = ["owner_dept", "type_l1"] if stage else ["owner_dept"]
    told = data_flow.judged(frame.viewer, frame.comparison.now, frame.filters, by=dims, in_force=True)
    told = told[(told["M05_n"] > 0) & told["stage"].isin([stage] if stage else HEAT_STAGES)].reset_index(drop=True)
    if told.empty:
        return
    small = few_customers(frame, told, dims)
    few = told["M05_n"] < LEAST_N
    cells = pd.DataFrame(
        {
            **{d: told[d] for d in dims},
            "row": [frame.name("owner_dept", d) for d in told["owner_dept"]],
            "col": [frame.name("type_l1", k) for k in told["type_l1"]]
            if stage
            else [word("stage", s, lang) for s in told["stage"]],
            "value": (1 - told["M05"]).mask(small | few),
            "n": told["M05_n"].mask(small),
            "is_small": small,
            "is_hidden_too": False,
        }
    )
    texts = [
        numbers.rate(v, lang) if not f else f"n={numbers.count(n, lang)}"
        for v, n, f in zip(1 - told["M05"], told["M05_n"], few, strict=True)
    ]
    cells["label"] = hidden.labels(frame, cells, texts)
    if cells["value"].notna().sum() == 0:
        states.few(frame)
        return
    size = told.groupby("owner_dept")["n"].sum().sort_values(ascending=False)
    final = cells[cells["col"] == word("stage", "FBK", lang)]
    named = final if final["value"].notna().any() else cells
    top = named.loc[named["value"].idxmax()]
    said = {"dept": top["row"], "value": numbers.rate(top["value"], lang)}
    if stage:
        title = t("compliance.heat_stage", lang, stage=word("stage", stage, lang), type=top["col"], **said)
        columns = list(dict.fromkeys(told.sort_values("n", ascending=False)["type_l1"]))
        col_order, subtitle = [frame.name("type_l1", k) for k in columns], "compliance.heat_stage_subtitle"
    else:
        title = t("compliance.heat", lang, stage=top["col"], **said)
        col_order = [word("stage", s, lang) for s in HEAT_STAGES if s in set(told["stage"])]
        subtitle = "compliance.heat_subtitle"
    draw.show(
        charts.heat(
            cells,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t(subtitle, lang, least=LEAST_N),
            row_order=[frame.name("owner_dept", d) for d in size.index],
            col_order=col_order,
            row_title=t("filter.department", lang),
            col_title=t("filter.type" if stage else "sla.stage", lang),
            fields=tuple(dims),
            select=True,
        ),
        **clicks.narrowing(frame, "dept_stage", {d: d for d in dims}),
        alt=charts.heat_alt(cells, lang=lang, title=title),
    )
    hidden.note(frame, cells)


def enough(frame: Frame, n: pd.Series) -> pd.Series:
    """Which counts of the whole period's tickets hold enough customers for this role."""
    if frame.viewer.level != "L1" or (n > frame.reader.held_by_few).all():
        return pd.Series(True, index=n.index)
    whole = data.figures(["M01"], frame.viewer, [frame.comparison.now], (), frame.filters, "all").iloc[0]
    return least_customers(n, whole["M01_num"], whole["n_customers"]).ge(SMALL_CELL)


def few_customers(frame: Frame, told: pd.DataFrame, dims: Sequence[str]) -> pd.Series:
    """Which rows of groups hold too few customers for this role; marts count tickets, so the least is taken."""
    if frame.viewer.level != "L1":
        return pd.Series(False, index=told.index)
    now, dims = frame.comparison.now, list(dims)
    asked = data.figures(["M01"], frame.viewer, [now], dims, frame.filters)
    is_small = told[dims].merge(asked[[*dims, "is_small"]], on=dims, how="left")["is_small"].ne(False)
    is_few = told["n"] <= frame.reader.held_by_few
    if not is_few.any():
        return pd.Series(is_small.to_numpy(), index=told.index)
    # Only the customers of these groups are told apart; what is hidden of them is said above.
    groups = frame.filters.with_(**{d: told.loc[is_few, d] for d in dims if d not in dict(frame.filters.values)})
    exact = data.figures(["M01"], data.whole(frame.viewer), [now], dims, groups, "all")
    at = told[[*dims, "n"]].merge(exact[[*dims, "M01_num", "n_customers"]], on=dims, how="left")
    least = least_customers(at["n"], at["M01_num"], at["n_customers"])
    hidden_now = is_small | (is_few.to_numpy() & (least.lt(SMALL_CELL) | least.isna()))
    return pd.Series(hidden_now.to_numpy(), index=told.index)
