"""整改督办 → 台账: what was promised, overdue and unverified first; one measure opens in place, also by `?action=`."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd
import streamlit as st

from alerts.actions import register
from alerts.actions.item import Action
from alerts.actions.states import LEVELS, SOURCES, STATES
from pages._shared import action_words, data_actions, data_worked, numbers, states, tables, url, verdicts
from pages._shared.blocks import action_card, action_form
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.text import plain, t, word

PAGE_ROWS, MOST_PAGES = 20, 500
OPEN = "open"  # the default of the filter by state: all but closed
STANDS = (OPEN, "overdue", "supervised", "unverified", "replies", *STATES, "all")


def show(frame: Frame) -> None:
    lang, today = frame.lang, data_actions.today(frame.workspace)
    st.title(t("ledger.title", lang))
    found = data_actions.items(frame.viewer)
    action_card.say(frame)
    st.markdown("## " + finding(frame, found, today))
    row = st.container(horizontal=True, vertical_alignment="bottom", key="ledger_filters")
    shown = sorted(_filtered(frame, row, found), key=lambda a: a.order(today))
    action_form.raise_one(frame, row, {}, "new")
    _lagging(frame, found)
    if not found:
        st.info(t("ledger.none", lang), icon=":material/task_alt:")
        return
    chosen = _chosen(frame)
    left, right = st.columns([7, 5], gap="medium") if chosen else (st.container(), None)
    with left:
        if shown:
            _table(frame, shown, today)
        else:
            states.empty(frame)
    if right is not None and chosen is not None:
        with right.container(border=True, key="action_card"):
            st.button(t("ledger.close_card", lang), icon=":material/close:", type="tertiary", on_click=_leave)
            action_card.show(frame, chosen)
    _departments(frame, found, today)


def finding(frame: Frame, found: Sequence[Action], today: date) -> str:
    """What is open, what is late and the worst of it, what nobody has verified, which instructions wait."""
    lang, n = frame.lang, register.counts(found, today)
    if not n.open:
        return t("ledger.calm", lang)
    parts = [t("ledger.open", lang, n=n.open)]
    late = sorted((a for a in found if a.is_overdue(today)), key=lambda a: (not a.is_supervised, a.due_on))
    if late:
        worst = late[0]
        parts.append(
            t(
                "ledger.overdue", lang, n=n.overdue, what=plain(action_words.brief(frame, worst)),
                dept=frame.name("owner_dept", worst.owner_dept), days=(today - worst.due_on).days,
            )
        )  # fmt: skip
    if n.unverified:
        parts.append(t("ledger.unverified", lang, n=n.unverified))
    if n.replies:
        parts.append(t("ledger.replies", lang, n=n.replies))
    return t("today.join", lang).join(parts) + t("today.stop", lang)


def _lagging(frame: Frame, found: Sequence[Action]) -> None:
    """What is complained about most for weeks while nobody has promised anything."""
    lang = frame.lang
    told = data_worked.lagging(found, frame.as_of.date()) if frame.has_tickets else []
    if told:
        items = [
            t(
                "ledger.lag_item",
                lang,
                name=frame.name("type_code", x.type_code),
                weeks=x.weeks,
                n=numbers.count(x.n, lang),
            )
            for x in told
        ]
        said = t("ledger.lag", lang, told=t("chart.list_separator", lang).join(items))
        st.warning(plain(said), icon=":material/pending_actions:")


def _chosen(frame: Frame) -> Action | None:
    """The measure that the link or a click names; a number nobody knows opens nothing."""
    wanted = str(st.query_params.get("action") or st.session_state.get("action") or "")[:24]
    found = data_actions.one(frame.viewer, wanted) if wanted else None
    url.one("action", [wanted] if found else [], None)
    if wanted and found is None:
        states.note(t("ledger.unknown", frame.lang))
    return found


def _leave() -> None:
    st.session_state["action"] = None
    st.query_params.pop("action", None)


def _filtered(frame: Frame, box: Any, found: Sequence[Action]) -> list[Action]:
    lang, everything = frame.lang, t("filter.all", frame.lang)
    depts = sorted({a.owner_dept for a in found if a.owner_dept})
    url.one("stand", STANDS, OPEN)
    for name, allowed in (("owner", depts), ("level", LEVELS), ("source", SOURCES)):
        url.many(name, list(allowed))
    box.selectbox(
        t("ledger.stand", lang), STANDS, key="stand", width=170,
        format_func=lambda s: word("ledger.stands", s, lang) if s not in STATES else word("action.state", s, lang),
    )  # fmt: skip
    box.multiselect(
        t("action.dept", lang), depts, key="owner", width=200, placeholder=everything,
        format_func=lambda d: frame.name("owner_dept", d),
    )  # fmt: skip
    box.multiselect(
        t("warning.level", lang), LEVELS, key="level", width=150, placeholder=everything,
        format_func=lambda c: word("warning.level", c, lang),
    )  # fmt: skip
    box.multiselect(
        t("action.from", lang), SOURCES, key="source", width=180, placeholder=everything,
        format_func=lambda s: word("action.source", s, lang),
    )  # fmt: skip
    chosen, today = st.session_state, data_actions.today(frame.workspace)
    return [
        a for a in found
        if stands(a, chosen["stand"] or OPEN, today)
        and (not chosen["owner"] or a.owner_dept in chosen["owner"])
        and (not chosen["level"] or a.level in chosen["level"])
        and (not chosen["source"] or a.source in chosen["source"])
    ]  # fmt: skip


def stands(action: Action, wanted: str, today: date) -> bool:
    """Whether a measure is among what the filter by state asks for."""
    if wanted == OPEN:
        return action.is_open
    if wanted == "overdue":
        return action.is_overdue(today)
    if wanted == "supervised":
        return action.is_overdue(today) and action.is_supervised
    if wanted == "unverified":
        return action.is_unverified(today)
    if wanted == "replies":
        return action.waits_for_reply
    return wanted in ("all", action.state)


def _table(frame: Frame, shown: Sequence[Action], today: date) -> None:
    lang = frame.lang
    url.one("page", range(1, MOST_PAGES + 1), 1)
    pages = max(1, min(math.ceil(len(shown) / PAGE_ROWS), MOST_PAGES))
    page = min(int(st.session_state["page"]), pages)
    part = shown[(page - 1) * PAGE_ROWS : page * PAGE_ROWS]
    shape = pd.DataFrame([_row(frame, a, today) for a in part])
    columns = _columns(frame)
    event: Any = tables.show(
        st, shape, columns, lang=lang, alt=t("ledger.alt", lang, n=len(shown)), key=f"ledger_{page}_{len(shown)}",
        height="content", on_select="rerun", selection_mode="single-row",
    )  # fmt: skip
    picked = event["selection"]["rows"]
    if picked and picked[0] < len(part) and st.session_state.get("_ledger_row") != (page, picked[0]):
        st.session_state["action"] = part[picked[0]].action_id
        st.session_state["_ledger_row"] = (page, picked[0])
        st.query_params["action"] = part[picked[0]].action_id
        st.rerun()
    if not picked:
        st.session_state["_ledger_row"] = None
    foot = st.container(horizontal=True, vertical_alignment="center")
    whole = pd.DataFrame([_row(frame, a, today) for a in shown])
    name = f"lookout-actions-{today:%Y%m%d}.csv"
    tables.download(foot, whole, columns, lang=lang, file_name=name, key="ledger_csv", what="ledger")
    if pages > 1:
        pager = f"ledger_pager_{page}_{pages}"
        foot.pagination(pages, default=page, key=pager, on_change=_to, args=(pager,))


def _to(pager: str) -> None:
    st.session_state["page"] = st.session_state[pager]


def _row(frame: Frame, a: Action, today: date) -> dict[str, Any]:
    lang = frame.lang
    return {
        "stands": action_words.due_text(frame, a, today),
        "what": action_words.headline(frame, a),
        "owner": action_words.owner(frame, a),
        "due_on": a.due_on,
        "state": word("action.state", a.state, lang),
        "level": word("warning.level", a.level, lang),
        "source": word("action.source", a.source, lang),
        "place": action_words.place(frame, a),
        "id": a.action_id,
    }


def _columns(frame: Frame) -> list[Column]:
    lang = frame.lang
    return [
        Column("stands", t("ledger.stands", lang), width="medium"),
        Column("what", t("ledger.what", lang), width="large"),
        Column("owner", t("action.owner", lang), width="medium"),
        Column("due_on", t("action.due_on", lang), "date", width="small"),
        Column("state", t("ledger.stand", lang), width=110),
        Column("level", t("warning.level", lang), width=84),
        Column("source", t("action.from", lang), width=140),
        Column("place", t("action.place", lang), width="medium"),
        Column("id", t("ledger.id", lang), width="small"),
    ]


def _departments(frame: Frame, found: Sequence[Action], today: date) -> None:
    """Who has how much, and how it ends: M53 by department."""
    lang, asked = frame.lang, register.rectifications(found)
    again = {a.action_id for a in register.recurred(asked)}
    rows = []
    for dept in sorted({a.owner_dept or "" for a in asked}):
        own = [a for a in asked if (a.owner_dept or "") == dept]
        n = register.counts(own, today)
        rows.append({
            "name": frame.name("owner_dept", dept) if dept else numbers.DASH,
            "open": numbers.count(n.open, lang), "overdue": numbers.count(n.overdue, lang),
            "unverified": numbers.count(n.unverified, lang),
            "closure": _share(*register.closed_share(own, today), lang),
            "late": _share(*register.late_share(own, today), lang),
            "again": _share(*register.again_share(own, again), lang),
        })  # fmt: skip
    st.markdown(f"**{t('ledger.by_dept', lang)}**")
    columns = ("name", "open", "overdue", "unverified", "closure", "late", "again")
    headers = {c: word("ledger.col", c, lang) for c in columns}
    states.small_table(pd.DataFrame(rows), headers, t("ledger.by_dept", lang), muted=t("ledger.few", lang))
    states.computed(frame, ["M53_CLOSED", "M53_LATE", "M53_AGAIN"])


def _share(n: int, of: int, lang: Any) -> str:
    """A share with its denominator: of under 20 the two counts, under 30 with the word that it is few."""
    if not of:
        return numbers.DASH
    if of < verdicts.MIN_BASE:
        return t("ledger.share_few", lang, k=n, n=of, few=t("ledger.few", lang))
    said = t("ledger.share", lang, share=numbers.rate(n / of, lang), n=of)
    return said if of >= verdicts.MIN_SAMPLE else f"{said} · {t('ledger.few', lang)}"
