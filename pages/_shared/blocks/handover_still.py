"""Tickets that lie still at a hand-over now, and departments that take the easy ones first (挑易避难)."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_handover, draw, hidden, numbers, states, tables, url
from pages._shared.blocks import handover_path
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import t, word
from warehouse.query import SMALL_CELL, TimedOut

LEAST_PICKS = 50
WIDE_GAP = 2.0  # RS11
PAGE_ROWS, MOST_PAGES = 20, 500


def show(frame: Frame) -> None:
    handover_path.choose(frame, _depts(frame))
    left, right = st.columns(2, gap="medium")
    with left:
        _stuck(frame, str(st.session_state["stop"]))
    with right:
        _order(frame)
    _rows(frame)
    _picks(frame)


def _depts(frame: Frame) -> list[str]:
    """Departments that one of the two pictures shows, those with most lying still first."""
    orders = data.figures(["M37"], frame.viewer, [frame.comparison.now], ["dept"], frame.filters)
    found = [*_lying(frame, "dept")["dept"], *orders.loc[orders["M37_n"] >= LEAST_PICKS, "dept"]]
    return list(dict.fromkeys(str(d) for d in found))


def _lying(frame: Frame, dimension: str, dept: str = "") -> pd.DataFrame:
    """Groups of open tickets that lie still and that may be shown, of one department where one is named."""
    by = ["dept", dimension] if dept else [dimension]
    asked = _asked(frame, by)
    asked = asked[asked["dept"] == dept] if dept else asked
    shown = hidden.visible(frame, asked, "M26_STUCK_num")
    return shown[shown["M26_STUCK"] > 0].sort_values("M26_STUCK", ascending=False)


def _asked(frame: Frame, by: list[str]) -> pd.DataFrame:
    """Stuck tickets by group. Among many open ones few may lie still: a manager is not told of these either."""
    asked = data.figures(["M26_STUCK"], frame.viewer, [frame.comparison.now], by, frame.filters)
    few = asked["M26_STUCK"].between(1, SMALL_CELL - 1) & (frame.viewer.level == "L1")
    return asked.assign(is_small=asked["is_small"].astype(bool) | few)


def _stuck(frame: Frame, dept: str) -> None:
    """Open tickets that lie still, by who has them. As of the data, whatever period is chosen.

    A click shows those of one department: by type here, and one by one below.
    """
    if dept and len(_lying(frame, "type_l1", dept)):
        _stuck_at(frame, dept)
        return
    lang = frame.lang
    asked = _asked(frame, ["dept"])
    whole = data.figures(["M26_STUCK"], frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    total = 0.0 if whole["is_small"] else float(whole["M26_STUCK"])
    is_few = bool(whole["is_small"]) or (frame.viewer.level == "L1" and 0 < total < SMALL_CELL)
    few = asked["is_small"].any()
    shown = _lying(frame, "dept")
    if shown.empty:
        if few or is_few:
            states.note(t("handover.few_stuck", lang))
        else:
            st.success(t("handover.none_stuck", lang), icon=":material/check_circle:")
        return
    shape = pd.DataFrame(
        {
            "key": shown["dept"].astype(str),
            "label": [frame.name("owner_dept", d) for d in shown["dept"]],
            "value": shown["M26_STUCK"].astype(float),
        }
    )
    title = t(
        "handover.stuck",
        lang,
        n=numbers.count(total, lang, "tickets"),
        dept=shape["label"].iloc[0],
        most=numbers.count(shape["value"].iloc[0], lang, "tickets"),
    )
    draw.show(
        charts.count_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("handover.stuck_subtitle", lang, at=numbers.moment(frame.as_of, lang)),
            select=True,
        ),
        **clicks.choosing("stuck_depts", _choose),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="count"),
    )
    if few and frame.viewer.level == "L1":
        hidden.left_out(frame, asked, shown)


def _stuck_at(frame: Frame, dept: str) -> None:
    lang, shown = frame.lang, _lying(frame, "type_l1", dept)
    shape = pd.DataFrame(
        {
            "key": shown["type_l1"].astype(str),
            "label": [frame.name("type_l1", c) for c in shown["type_l1"]],
            "value": shown["M26_STUCK"].astype(float),
        }
    )
    said = {"type": shape["label"].iloc[0], "n": numbers.count(shape["value"].iloc[0], lang, "tickets")}
    title = t("handover.stuck_types", lang, dept=frame.name("owner_dept", dept), **said)
    subtitle = t("handover.stuck_subtitle", lang, at=numbers.moment(frame.as_of, lang))
    draw.show(
        charts.count_bars(shape, lang=lang, mode=frame.mode, title=title, subtitle=subtitle, select=True),
        **clicks.narrowing(frame, "stuck_types", {"key": "type_l1"}),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="count"),
    )


def _choose(mark: dict[str, Any]) -> None:
    st.session_state.update(stop=str(mark["key"]), page=1)


def gaps_by_type(frame: Frame) -> pd.DataFrame:
    """Departments whose slowest level-2 type waits WIDE_GAP times as long as the quickest of the same level-1 type."""
    found = data_handover.picking(frame.viewer, frame.comparison.now, frame.filters, LEAST_PICKS)
    return found[found["ratio"] >= WIDE_GAP].reset_index(drop=True)


def _order(frame: Frame) -> None:
    lang = frame.lang
    asked = data.figures(["M37"], frame.viewer, [frame.comparison.now], ["dept"], frame.filters)
    asked = asked[asked["M37_n"] >= LEAST_PICKS].sort_values("M37")
    if asked.empty:
        st.info(t("handover.no_order", lang, n=LEAST_PICKS), icon=":material/sort:")
        return
    shape = pd.DataFrame(
        {
            "key": asked["dept"].astype(str),
            "label": [frame.name("owner_dept", d) for d in asked["dept"]],
            "value": asked["M37"],
            "low": float("nan"),
            "high": float("nan"),
            "n": asked["M37_n"],
        }
    )
    compared = data_handover.picking(frame.viewer, frame.comparison.now, frame.filters, LEAST_PICKS)
    wide = gaps_by_type(frame)
    if compared.empty:
        # Nothing to compare is no sign that nobody picks.
        value = numbers.fixed(float(shape["value"].iloc[0]), 2)
        title = t("handover.order_last", lang, dept=shape["label"].iloc[0], value=value)
    elif len(wide):
        top = wide.loc[wide["n_slow"].idxmax()]
        title = t(
            "handover.cherry",
            lang,
            dept=frame.name("owner_dept", top["dept"]),
            slow=frame.name("type_code", top["slow"]),
            ratio=numbers.fixed(float(top["ratio"]), 1),
            quick=frame.name("type_code", top["quick"]),
        )
    else:
        title = t("handover.no_cherry", lang)
    draw.show(
        charts.ranked_bars(
            shape,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("handover.order_subtitle", lang, n=numbers.count(shape["n"].sum(), lang)),
            kind="per_10k",
            select=True,
        ),
        **clicks.choosing("pick_orders", _choose),
        alt=charts.ranked_alt(shape, lang=lang, title=title, kind="per_10k"),
    )


def _picks(frame: Frame) -> None:
    lang = frame.lang
    found = data_handover.picking(frame.viewer, frame.comparison.now, frame.filters, LEAST_PICKS)
    dept = str(st.session_state["stop"])
    found = found[found["dept"] == dept] if dept else found
    with st.expander(t("word.evidence", lang), expanded=bool(dept)):
        shape = pd.DataFrame(
            {
                "name": [frame.name("owner_dept", d) for d in found["dept"]],
                "type": [frame.name("type_l1", c) for c in found["type_l1"]],
                "slow": [frame.name("type_code", c) for c in found["slow"]],
                "slow_p50": [numbers.duration(v, lang) for v in found["slow_p50"]],
                "quick": [frame.name("type_code", c) for c in found["quick"]],
                "quick_p50": [numbers.duration(v, lang) for v in found["quick_p50"]],
                "ratio": [numbers.fixed(float(v), 2) for v in found["ratio"]],
                "n": [numbers.count(a + b, lang) for a, b in zip(found["n_slow"], found["n_quick"], strict=True)],
            }
        )
        if shape.empty:
            states.note(t("handover.pick_few", lang, n=LEAST_PICKS))
        else:
            states.small_table(shape, {c: t(f"handover.pick_{c}", lang) for c in shape}, alt=t("handover.picks", lang))
        states.note(t("handover.pick_method", lang, n=LEAST_PICKS, ratio=numbers.fixed(WIDE_GAP, 0)))
        states.note(t("handover.stuck_method", lang))


def _rows(frame: Frame) -> None:
    lang = frame.lang
    url.one("page", range(1, MOST_PAGES + 1), 1)
    if not frame.viewer.sees_rows:
        states.note(t("handover.no_rows", lang))
        return
    try:
        _table(frame)
    except TimedOut:
        st.warning(t("state.timed_out", lang), icon=":material/timer_off:")


def _table(frame: Frame) -> None:
    lang, page = frame.lang, int(st.session_state["page"])
    dept = str(st.session_state["stop"])
    rows, total = data_handover.stuck(frame.viewer, frame.filters, page - 1, PAGE_ROWS, dept)
    pages = max(1, min(math.ceil(total / PAGE_ROWS), MOST_PAGES))
    if page > pages:
        st.session_state["page"] = page = pages
        rows, total = data_handover.stuck(frame.viewer, frame.filters, page - 1, PAGE_ROWS, dept)
    said = t("handover.stuck_rows", lang)
    if dept:
        said = t("handover.hours_of", lang, dept=frame.name("owner_dept", dept), said=said)
    if not total:
        if dept:
            states.note(t("repeats.list_empty", lang, name=said))
        return
    st.subheader(t("repeats.list_title", lang, name=said, n=numbers.count(total, lang)))
    shape = rows.assign(
        dept=[frame.name("owner_dept", d) for d in rows["dept"]],
        type_code=[frame.name("type_code", c) for c in rows["type_code"]],
        region_code=[frame.name("region_code", c) for c in rows["region_code"]],
        priority=[frame.name("priority", c) for c in rows["priority"]],
        idle=[numbers.duration(v, lang) for v in rows["idle_min"]],
        allowed=[numbers.duration(v, lang) for v in rows["allowed_min"]],
        signed=[t("handover.unsigned" if u else "handover.signed", lang) for u in rows["is_unsigned"]],
    )
    columns = [
        Column("ticket_id", word("column", "ticket_id", lang)),
        Column("dept", word("column", "owner_dept", lang)),
        Column("idle", t("handover.column_idle", lang)),
        Column("allowed", t("handover.column_allowed", lang)),
        Column("signed", t("handover.column_signed", lang)),
        Column("last_event_at", t("handover.column_last", lang), "moment"),
        Column("due_at", word("column", "due_at", lang), "moment"),
        Column("priority", word("column", "priority", lang)),
        Column("type_code", word("column", "type_code", lang)),
        Column("region_code", word("column", "region_code", lang)),
    ]
    tables.show(st, shape, columns, lang=lang, alt=t("handover.stuck_rows", lang), height="content")
    if pages > 1:
        pager = f"stuck_pager_{page}_{pages}"
        st.pagination(pages, default=page, key=pager, on_change=_turn, args=(pager,))


def _turn(pager: str) -> None:
    st.session_state["page"] = st.session_state[pager]
