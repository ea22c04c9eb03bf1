"""到期看板: what is due and overdue now, at which department, for how long; and the rows behind, by role."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import charts, clicks, data, data_due, draw, findings, hidden, numbers, states
from pages._shared.blocks import due_rows, overdue
from pages._shared.frame import Frame
from pages._shared.text import t, word
from pages._shared.theme import Colour
from warehouse.measures import measures
from warehouse.open_bands import OPEN, SHOWN, SMALL, TOO, has_departments
from warehouse.query import SMALL_CELL

# The bands of 待办, most urgent first; together they are all open tickets.
BANDS = ("M22_OPEN", "M23_2H", "M23_DAY", "M23_NIGHT", "M23_LATER", "M24_FREE")
_TODAY = ("M23_2H", "M23_DAY")
SPECIAL = ("M23", "M24_BACKLOG", "M23_FLOOR", "M22_FLOOR", "M23_PROMISE", "M22_PROMISE")


def show(frame: Frame) -> None:
    st.title(t("due.title", frame.lang))
    shown = data.supported(BANDS)
    if "M22_OPEN" not in shown:
        _without_limits(frame)
        return
    others = data.supported([*SPECIAL, "M23_TODAY"])
    ids = [*shown, *others, *data.supported(["M24", "M22_OPEN_MAX"])]
    asked = data.figures(ids, frame.viewer, [frame.comparison.now], (), frame.filters).iloc[0]
    # A count over nothing but missing times comes as missing, and is none.
    asked = asked.where(asked.notna() | asked.index.str.startswith("M22_OPEN_MAX"), 0)
    if asked["is_small"]:
        states.suppressed(frame)
        return
    if asked["M24"] == 0:
        _nothing_open(frame)
        return
    signs = _signs(frame, shown, others)
    if signs[OPEN] != SHOWN:
        states.suppressed(frame)
        return
    asked = asked.mask(asked.index.map(lambda name: signs.get(str(name), SHOWN) != SHOWN))
    board = data_due.board(frame.viewer, frame.comparison.now.cutoff, frame.filters, shown)
    _finding(frame, asked, board)
    _clocks(frame, asked, signs)
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _board(frame, board, shown)
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
    signs = data_due.signs(frame.viewer, frame.comparison.now.cutoff, frame.filters, (), ids[1:])
    said = t("due.finding_open", frame.lang, n=numbers.count(asked["M24"], frame.lang, "tickets"))
    if signs.get("M22_PROMISE") == SHOWN:
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


def _signs(frame: Frame, shown: list[str], others: list[str]) -> dict[str, str]:
    """Measure -> sign. What is due today is two bands: a sum of one that is hidden and one that is not stays hidden."""
    signs = data_due.signs(frame.viewer, frame.comparison.now.cutoff, frame.filters, shown, others)
    gone = {band for band in shown if signs[band] != SHOWN}
    if gone & set(_TODAY) and gone != set(_TODAY) and signs.get("M23_TODAY") == SHOWN:
        signs["M23_TODAY"] = TOO
    return signs


def _finding(frame: Frame, asked: pd.Series, board: pd.DataFrame) -> None:
    """What is due today and overdue, as far as this role may see it; with neither, what is open."""
    lang, parts = frame.lang, []
    if pd.notna(asked["M23_TODAY"]):
        parts.append(t("due.finding_today", lang, n=numbers.count(asked["M23_TODAY"], lang, "tickets")))
        if asked["M23_2H"] > 0:
            parts[0] += t("due.finding_soon", lang, n=numbers.count(asked["M23_2H"], lang, "tickets"))
    else:
        parts.append(t("due.finding_open", lang, n=numbers.count(asked["M24"], lang, "tickets")))
    if asked["M22_OPEN"] == 0:
        parts.append(t("due.finding_none_overdue", lang))
    elif pd.notna(asked["M22_OPEN"]):
        parts.append(t("due.finding_overdue", lang, n=numbers.count(asked["M22_OPEN"], lang, "tickets")))
        parts += _worst(frame, board)
    st.markdown("## " + t("today.join", lang).join(parts) + t("today.stop", lang))


def _worst(frame: Frame, board: pd.DataFrame) -> list[str]:
    """Where most is overdue, of the departments whose number may be seen; nothing where that is nowhere."""
    lang = frame.lang
    late = board[(board["band"] == "M22_OPEN") & (board["n"] > 0)]
    if late.empty:
        return []
    longest = data.figures(
        ["M22_OPEN_MAX"], frame.viewer, [frame.comparison.now], ["owner_dept"], frame.filters
    ).set_index("owner_dept")["M22_OPEN_MAX"]
    late = late.assign(longest=late["owner_dept"].map(longest))
    worst = late.sort_values(["n", "longest"], ascending=False).iloc[0]
    return [
        t(
            "due.finding_worst",
            lang,
            dept=frame.name("owner_dept", worst["owner_dept"]),
            n=numbers.count(worst["n"], lang, "tickets"),
            longest=findings.value_text("M22_OPEN_MAX", worst["longest"], lang),
        )
    ]


def _clocks(frame: Frame, asked: pd.Series, signs: dict[str, str]) -> None:
    """The clocks beside the limit: soon due, backlog, the 15-day floor, promises."""
    lang = frame.lang
    box = st.container(horizontal=True, vertical_alignment="center", key="clocks")
    for measure in data.supported(SPECIAL):
        value = asked[measure]
        bad = measures()[measure].good == "down" and value != 0
        colour: Colour = "gray" if not bad else "red" if measure in ("M22_FLOOR", "M22_PROMISE") else "orange"
        few = signs.get(measure, SHOWN) != SHOWN
        n = f"<{SMALL_CELL}" if few else numbers.count(value, lang, "tickets")
        said = t("today.waiting", lang, name=measures()[measure].name(lang), n=n)
        box.badge(said, color=colour, help=data.measure_help(measure, lang))


def _board(frame: Frame, board: pd.DataFrame, shown: list[str]) -> None:
    """Departments by time left. A click shows the rows of that cell."""
    lang = frame.lang
    if board.empty:
        told = has_departments(frame.viewer, frame.filters)
        states.note(t("due.too_few_by_dept" if told else "due.no_depts", lang, least=SMALL_CELL))
        return
    counted = board.assign(is_any=board["n"].fillna(1) > 0).groupby("band")["is_any"].any()
    bands = [b for b in shown if b in ("M22_OPEN", "M23_2H") or counted[b]]
    whole = board[board["band"] == OPEN].set_index("owner_dept")["n"]
    cells = board[board["band"].isin(bands)].reset_index(drop=True)
    cells = cells.assign(
        row=[frame.name("owner_dept", d) for d in cells["owner_dept"]],
        col=[word("due.band", b, lang) for b in cells["band"]],
        value=cells["n"],
        n=cells["owner_dept"].map(whole),
        is_small=cells["sign"] == SMALL,
        is_hidden_too=cells["sign"] == TOO,
    )
    if cells["value"].notna().sum() == 0:
        states.few(frame)
        return
    cells["label"] = hidden.labels(frame, cells, [numbers.count(v, lang) for v in cells["value"]])
    late = cells[cells["band"] == "M22_OPEN"].sort_values(["value", "n"], ascending=False, na_position="last")
    rows, top = late["owner_dept"], late.iloc[0]
    title = t("due.board", lang, dept=top["row"], n=numbers.count(top["value"], lang, "tickets"))
    if not top["value"] > 0:
        is_few = late["value"].isna().any()
        title = t("due.board_few", lang, least=SMALL_CELL) if is_few else t("due.board_calm", lang)
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
