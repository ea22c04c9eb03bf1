"""到期看板: what is due and overdue now, at which department, for how long; and the rows behind, by role."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, draw, findings, hidden, numbers, states
from pages._shared.blocks import due_rows, overdue
from pages._shared.frame import Frame
from pages._shared.text import t, word
from pages._shared.theme import Colour
from warehouse.measures import measures

# The bands of 待办, most urgent first; together they are all open tickets.
BANDS = ("M22_OPEN", "M23_2H", "M23_DAY", "M23_NIGHT", "M23_LATER", "M24_FREE")
SPECIAL = ("M23", "M24_BACKLOG", "M23_FLOOR", "M22_FLOOR", "M23_PROMISE", "M22_PROMISE")


def show(frame: Frame) -> None:
    st.title(t("due.title", frame.lang))
    shown = data.supported(BANDS)
    if "M22_OPEN" not in shown:
        _without_limits(frame)
        return
    asked = data.figures(
        [*shown, *data.supported([*SPECIAL, "M24", "M23_TODAY", "M22_OPEN_MAX"])],
        frame.viewer,
        [frame.comparison.now],
        (),
        frame.filters,
    ).iloc[0]
    # A count over nothing but missing times comes as missing, and is none.
    asked = asked.where(asked.notna() | asked.index.str.startswith("M22_OPEN_MAX"), 0)
    if asked["is_small"]:
        states.suppressed(frame)
        return
    if asked["M24"] == 0:
        _nothing_open(frame)
        return
    by_dept = data.figures(
        [*shown, "M24", "M22_OPEN_MAX"], frame.viewer, [frame.comparison.now], ["owner_dept"], frame.filters
    )
    seen = ~by_dept["is_small"].astype(bool)
    by_dept.loc[seen, shown] = by_dept.loc[seen, shown].fillna(0)
    _finding(frame, asked, by_dept)
    _clocks(frame, asked)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _board(frame, by_dept, shown)
    with right:
        overdue.show(frame, asked)
    due_rows.show(frame, asked)


def _without_limits(frame: Frame) -> None:
    """A source whose tickets are judged by no rule: say so, and show the dates promised where there are any."""
    states.unsupported(frame, ["M22_OPEN"])
    ids = data.supported(["M24", "M23_PROMISE", "M22_PROMISE"])
    if not ids:
        states.empty(frame)
        return
    asked = data.figures(ids, frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    if asked["is_small"]:
        states.suppressed(frame)
        return
    if not asked["M24"]:
        _nothing_open(frame)
        return
    said = t("due.finding_open", frame.lang, n=numbers.count(asked["M24"], frame.lang, "tickets"))
    if "M22_PROMISE" in ids:
        late = numbers.count(asked["M22_PROMISE"], frame.lang, "tickets")
        said += t("today.join", frame.lang) + t("due.finding_promise", frame.lang, n=late)
    st.markdown("## " + said + t("today.stop", frame.lang))
    due_rows.show(frame, asked)


def _nothing_open(frame: Frame) -> None:
    """Everything is done, which is a finding; with filters it may as well be that nothing matches."""
    if frame.filters.values:
        states.empty(frame)
        return
    none = numbers.count(0, frame.lang, "tickets")
    st.markdown("## " + t("due.finding_open", frame.lang, n=none) + t("today.stop", frame.lang))


def _finding(frame: Frame, asked: pd.Series, by_dept: pd.DataFrame) -> None:
    lang = frame.lang
    today, soon = asked["M23_TODAY"], asked["M23_2H"]
    parts = [t("due.finding_today", lang, n=numbers.count(today, lang, "tickets"))]
    if soon:
        parts[0] += t("due.finding_soon", lang, n=numbers.count(soon, lang, "tickets"))
    if not asked["M22_OPEN"]:
        parts.append(t("due.finding_none_overdue", lang))
    else:
        parts.append(t("due.finding_overdue", lang, n=numbers.count(asked["M22_OPEN"], lang, "tickets")))
        ranked = hidden.visible(frame, by_dept, "M24_num").sort_values(["M22_OPEN", "M22_OPEN_MAX"], ascending=False)
        if len(ranked) and ranked.iloc[0]["M22_OPEN"]:
            worst = ranked.iloc[0]
            parts.append(
                t(
                    "due.finding_worst",
                    lang,
                    dept=frame.name("owner_dept", worst["owner_dept"]),
                    n=numbers.count(worst["M22_OPEN"], lang, "tickets"),
                    longest=findings.value_text("M22_OPEN_MAX", worst["M22_OPEN_MAX"], lang),
                )
            )
    st.markdown("## " + t("today.join", lang).join(parts) + t("today.stop", lang))


def _clocks(frame: Frame, asked: pd.Series) -> None:
    """The clocks beside the limit: soon due, backlog, the 15-day floor, promises."""
    lang = frame.lang
    box = st.container(horizontal=True, vertical_alignment="center", key="clocks")
    for measure in data.supported(SPECIAL):
        value = asked[measure]
        bad = measures()[measure].good == "down" and bool(value)
        colour: Colour = "gray" if not bad else "red" if measure in ("M22_FLOOR", "M22_PROMISE") else "orange"
        said = f"{measures()[measure].name(lang)} {numbers.count(value, lang, 'tickets')}"
        box.badge(said, color=colour, help=data.measure_help(measure, lang))


def _board(frame: Frame, by_dept: pd.DataFrame, shown: list[str]) -> None:
    """Departments by time left. A click shows the rows of that cell."""
    lang = frame.lang
    bands = [b for b in shown if b in ("M22_OPEN", "M23_2H") or by_dept[b].fillna(0).sum() > 0]
    groups = by_dept.assign(is_hidden_too=~by_dept.index.isin(hidden.visible(frame, by_dept, "M24_num").index))
    groups["is_hidden_too"] &= ~groups["is_small"].astype(bool)
    cells = pd.concat(
        [
            pd.DataFrame(
                {
                    "owner_dept": groups["owner_dept"],
                    "band": band,
                    "row": [frame.name("owner_dept", d) for d in groups["owner_dept"]],
                    "col": word("due.band", band, lang),
                    "value": groups[band].astype(float).mask(groups["is_hidden_too"]),
                    "n": groups["M24"].mask(groups["is_hidden_too"]),
                    "is_small": groups["is_small"].astype(bool),
                    "is_hidden_too": groups["is_hidden_too"],
                }
            )
            for band in bands
        ],
        ignore_index=True,
    )
    if cells["value"].notna().sum() == 0:
        states.few(frame)
        return
    cells["label"] = hidden.labels(frame, cells, [numbers.count(v, lang) for v in cells["value"]])
    rows = groups.sort_values(["M22_OPEN", "M24"], ascending=False, na_position="last")["owner_dept"]
    late = cells[cells["band"] == "M22_OPEN"].dropna(subset=["value"])
    top = late.loc[late["value"].idxmax()]
    title = t("due.board", lang, dept=top["row"], n=numbers.count(top["value"], lang, "tickets"))
    if not top["value"]:
        title = t("due.board_calm", lang)
    draw.show(
        charts.heat(
            cells,
            lang=lang,
            mode=frame.mode,
            title=title,
            subtitle=t("due.board_subtitle", lang, at=numbers.moment(frame.as_of, lang)),
            row_order=[frame.name("owner_dept", d) for d in rows],
            col_order=[word("due.band", b, lang) for b in bands],
            row_title=t("filter.department", lang),
            col_title=t("due.left", lang),
            fields=("owner_dept", "band"),
            select=True,
        ),
        **clicks.choosing("board", lambda mark: _open(frame, mark)),
        alt=charts.heat_alt(cells, lang=lang, title=title),
    )
    hidden.note(frame, cells)


def _open(frame: Frame, chosen: dict[str, Any]) -> None:
    """The rows of the clicked cell: its band, and its department where the role may narrow by it."""
    st.session_state["waiting"] = str(chosen["band"])
    for name, values in clicks.parameters(frame, {"owner_dept": str(chosen["owner_dept"])}).items():
        st.session_state[name] = values
