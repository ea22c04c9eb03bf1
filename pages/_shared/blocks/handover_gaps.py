"""Time in which nobody works on a ticket: approvals, weekends and holidays, queues at the turn of the month."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_handover, draw, numbers, states
from pages._shared.blocks import handover_hour, handover_path
from pages._shared.charts import flows
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.analysis.waits import quantiles, ratio_of_medians
from warehouse.query import SMALL_CELL

LEAST = 10
WEEKEND_TARGET = 1.5  # M29
MORNING = range(9, 12)


@dataclass(frozen=True)
class Cost:
    """Median minutes from acceptance to dispatch with and without an approval, and how many there are of each."""

    approved: float
    plain: float
    n_approved: int
    n_plain: int


def approval_cost(frame: Frame) -> Cost | None:
    """None where too few tickets were approved, or too few were not, to say anything."""
    asked = data_handover.spread("M28_WAIT", frame.viewer, frame.comparison.now, ["is_approved"], frame.filters)
    rows = {bool(row["is_approved"]): row for _, row in asked.iterrows()}
    if len(rows) < 2:
        return None
    approved, plain = rows[True], rows[False]
    if min(approved["n"], plain["n"]) < SMALL_CELL or approved["is_small"] or plain["is_small"]:
        return None
    return Cost(float(approved["p50"]), float(plain["p50"]), int(approved["n"]), int(plain["n"]))


def show(frame: Frame) -> None:
    handover_path.choose(frame, list(weekend_gaps(frame)["dept"]))
    at = handover_hour.choose(frame)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _by_hour(frame)
    with right:
        if at:
            handover_hour.by_dept(frame, at)
        else:
            _by_dept(frame)
    if at:
        handover_hour.rows(frame, at)
    _approvals(frame)
    _evidence(frame)


def _by_hour(frame: Frame) -> None:
    """Median wait by hour of arrival, of the chosen department alone where there is one."""
    lang, dept = frame.lang, st.session_state["stop"]
    by = ["is_workday", "hour_of_day"]
    within = [*by, "dept"] if dept else by
    found = data_handover.classes("M29", frame.viewer, frame.comparison.now, within, frame.filters)
    found = found[found["dept"] == dept] if dept else found
    replies = quantiles(found, by, "n", [0.5])
    replies = replies[replies["n"] >= LEAST]
    if replies.empty or replies["is_workday"].nunique() < 2:
        st.info(t("handover.no_hours", lang), icon=":material/hourglass_empty:")
        return
    shape = replies.rename(columns={"hour_of_day": "hour", "p50": "value"})
    off = shape[~shape["is_workday"].astype(bool)]
    often = off[off["n"] >= off["n"].max() / 4]
    off = often if len(often) else off
    worst = off.loc[off["value"].idxmax()]
    title = t(
        "handover.hours",
        lang,
        hour=t("chart.hour_span", lang, hour=int(worst["hour"]), next=int(worst["hour"]) + 1),
        wait=numbers.duration(worst["value"], lang),
    )
    if dept:
        title = t("handover.hours_of", lang, dept=frame.name("owner_dept", dept), said=title)
    draw.show(
        flows.hour_lines(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("handover.hours_subtitle", lang, n=numbers.count(shape["n"].sum(), lang)),
            select=True,
        ),
        **clicks.setting("hour", "gap_hours"),
        alt=flows.hour_lines_alt(shape, lang=lang, title=title),
    )


def weekend_gaps(frame: Frame) -> pd.DataFrame:
    """M29 per department dispatched to: dept, ratio, p50_true, p50_false, n_true, n_false; the widest gap first."""
    found = data_handover.classes("M29", frame.viewer, frame.comparison.now, ["dept", "is_off"], frame.filters)
    found = found[found["dept"] != "NONE"]
    if found.empty:
        return pd.DataFrame(columns=["dept", "ratio"])
    gaps = ratio_of_medians(found, ["dept"], "is_off", "n")
    gaps = gaps[(gaps["n_true"] >= LEAST) & (gaps["n_false"] >= LEAST)]
    return gaps.sort_values("ratio", ascending=False, ignore_index=True)


def _by_dept(frame: Frame) -> None:
    lang, gaps = frame.lang, weekend_gaps(frame)
    if gaps.empty:
        st.info(t("handover.no_gap", lang, n=LEAST), icon=":material/hourglass_empty:")
        return
    shape = pd.DataFrame(
        {
            "key": gaps["dept"],
            "label": [frame.name("owner_dept", d) for d in gaps["dept"]],
            "value": gaps["ratio"],
            "low": float("nan"),
            "high": float("nan"),
            "n": gaps["n_true"],
        }
    )
    wide = gaps[gaps["ratio"] > WEEKEND_TARGET]
    title = t("handover.gap_none", lang)
    if len(wide):
        names = t("chart.list_separator", lang).join(frame.name("owner_dept", d) for d in wide["dept"].head(3))
        title = t("handover.gap", lang, depts=names, n=len(wide), ratio=numbers.fixed(float(wide["ratio"].iloc[0]), 1))
    draw.show(
        charts.ranked_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("handover.gap_subtitle", lang),
            kind="per_10k",
            target=WEEKEND_TARGET,
            select=True,
        ),
        **clicks.choosing("weekend_gap", lambda mark: st.session_state.update(stop=str(mark["key"]))),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="per_10k"),
    )
    depts = data.table("dim_dept", frame.viewer)
    # A partner's duty is not ours to give.
    own = wide[~wide["dept"].isin(depts.loc[depts["kind"] == "PARTNER", "dept_code"])]
    if len(own):
        handover_path.replay_next(frame, "duty", str(st.session_state["stop"] or own["dept"].iloc[0]))


def _approvals(frame: Frame) -> None:
    """What a step of approval costs, by level-1 type."""
    lang = frame.lang
    st.subheader(t("handover.approvals", lang))
    cost = approval_cost(frame)
    per_ticket = data.figures(["M28"], frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    if cost is None:
        st.markdown(t("handover.no_approvals", lang, n=numbers.count(per_ticket["M28_den"], lang, "tickets")))
        return
    st.markdown(
        t(
            "handover.approval_cost",
            lang,
            n=numbers.count(cost.n_approved, lang, "tickets"),
            approved=numbers.duration(cost.approved, lang),
            plain=numbers.duration(cost.plain, lang),
            per=numbers.fixed(float(per_ticket["M28"]), 2),
        )
    )
    handover_path.replay_next(frame, "approval")
    by = ["type_l1", "is_approved"]
    asked = data_handover.spread("M28_WAIT", frame.viewer, frame.comparison.now, by, frame.filters)
    asked = asked[~asked["is_small"].astype(bool) & (asked["n"] >= SMALL_CELL)]
    with_step = asked.loc[asked["is_approved"].astype(bool), "type_l1"]
    asked = asked[asked["type_l1"].isin(set(with_step))].sort_values(by)
    shape = pd.DataFrame(
        {
            "name": [frame.name("type_l1", c) for c in asked["type_l1"]],
            "kind": [
                t("handover.dispatch_approved" if a else "handover.dispatch_plain", lang) for a in asked["is_approved"]
            ],
            "n": [numbers.count(v, lang) for v in asked["n"]],
            "p50": [numbers.duration(v, lang) for v in asked["p50"]],
            "p90": [numbers.duration(v, lang) for v in asked["p90"]],
        }
    )
    heads = {"name": t("filter.type", lang), "kind": t("handover.way_to_dispatch", lang)}
    heads |= {"n": t("handover.gap_n_off", lang)} | {c: t(f"handover.column_{c}", lang) for c in ("p50", "p90")}
    states.small_table(shape, heads, alt=t("handover.approvals", lang))


def queue_at_month_edges(frame: Frame) -> pd.DataFrame:
    """Median minutes to the dispatch in the mornings of the first and last days of months, and at all other times.

    is_rush, n, p50.
    """
    by = ["is_approved", "is_month_edge", "hour_of_day"]
    found = data_handover.classes("M28_WAIT", frame.viewer, frame.comparison.now, by, frame.filters)
    found = found[~found["is_approved"].astype(bool)]
    found = found.assign(is_rush=found["is_month_edge"].astype(bool) & found["hour_of_day"].isin(MORNING))
    return quantiles(found, ["is_rush"], "n", [0.5, 0.9])


def _evidence(frame: Frame) -> None:
    lang = frame.lang
    with st.expander(t("word.evidence", lang)):
        gaps = weekend_gaps(frame)
        shape = pd.DataFrame(
            {
                "name": [frame.name("owner_dept", d) for d in gaps["dept"]],
                "ratio": [numbers.fixed(float(v), 2) for v in gaps["ratio"]],
                "off": [numbers.duration(v, lang) for v in gaps.get("p50_true", [])],
                "n_off": [numbers.count(v, lang) for v in gaps.get("n_true", [])],
                "work": [numbers.duration(v, lang) for v in gaps.get("p50_false", [])],
                "n_work": [numbers.count(v, lang) for v in gaps.get("n_false", [])],
            }
        )
        states.small_table(shape, {c: t(f"handover.gap_{c}", lang) for c in shape}, alt=t("handover.gap_table", lang))
        rush = queue_at_month_edges(frame).set_index("is_rush")
        if {True, False} <= set(rush.index) and rush["n"].min() >= LEAST:
            states.note(
                t(
                    "handover.queue",
                    lang,
                    rush=numbers.duration(rush.loc[True, "p50"], lang),
                    rest=numbers.duration(rush.loc[False, "p50"], lang),
                    n=numbers.count(rush.loc[True, "n"], lang, "tickets"),
                )
            )
        states.note(t("handover.gap_method", lang))
        states.note(t("handover.classes", lang))
