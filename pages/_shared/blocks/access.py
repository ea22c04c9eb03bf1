"""权限审计: who saw, did and took away what, whether the trail is whole, and what each role may see."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pandas as pd
import streamlit as st

from pages._shared import clock, data, numbers, states
from pages._shared.access import trail
from pages._shared.blocks import access_words, export_requests
from pages._shared.frame import Frame
from pages._shared.tables import Column
from pages._shared.tables import show as draw
from pages._shared.text import plain, t, word
from warehouse import audit
from warehouse.query import SMALL_CELL
from warehouse.viewer import LEVEL_OF_ROLE, ROLES, Role, Viewer

MAY: tuple[Role, ...] = ("auditor", "engineer")
SIZE, DAYS = 50, 30
# Kinds as one looks for them -> kinds as they are kept.
GROUPS: dict[str, tuple[str, ...]] = {
    "rows": ("rows", "page"),
    "exports": ("export_asked", "export_decided", "export_taken"),
    "deeds": ("deed", "rule", "policy"),
    "people": ("sign_in", "sign_out", "password", "account"),
    "refused": ("sign_in_failed", "refused"),
    "removed": ("erased", "retained"),
}


def show(frame: Frame) -> None:
    lang = frame.lang
    if frame.viewer.role not in MAY and export_requests.may_decide(frame):
        _requests(frame)
        return
    if frame.viewer.role not in MAY:
        st.info(t("state.no_permission", lang, role=word("role", frame.viewer.role, lang)), icon=":material/lock:")
        return
    store = trail.store()
    if store is None:
        st.markdown("## " + t("access.no_trail", lang))
        _roles(frame)
        return
    found = audit.verify(store)
    since = clock.utc().date() - timedelta(days=DAYS)
    counts = {name: audit.search(store, kinds=kinds, begin=since, size=1)[1] for name, kinds in GROUPS.items()}
    if found.fault:
        st.markdown("## " + t("access.finding_broken", lang))
        st.error(plain(found.fault), icon=":material/gpp_bad:")
    else:
        told = {name: numbers.count(counts[name], lang) for name in ("rows", "exports", "refused")}
        st.markdown("## " + t("access.finding", lang, days=DAYS, **told))
    _search(frame, store)
    export_requests.show(frame)
    _roles(frame)
    with st.expander(t("access.evidence", lang)):
        states.note(t("access.chain", lang, n=numbers.count(found.n, lang)))
        st.code(f"python -m warehouse audit verify --head {found.head}", language="bash")
        states.note(t("access.hidden", lang, n=numbers.count(_hidden(frame), lang), least=SMALL_CELL))


def _requests(frame: Frame) -> None:
    """What somebody sees who decides about files and audits nothing."""
    lang, n = frame.lang, export_requests.waiting(frame)
    st.markdown("## " + t("export.finding" if n else "export.finding_none", lang, n=numbers.count(n, lang)))
    export_requests.show(frame)


def _search(frame: Frame, store: Any) -> None:
    lang = frame.lang
    row = st.container(horizontal=True, vertical_alignment="bottom", key="audit_search")
    group = row.selectbox(
        t("access.kind", lang),
        ["all", *GROUPS],
        format_func=lambda g: word("access.group", g, lang),
        key="audit_group",
        width=180,
    )
    actor = row.text_input(t("access.actor", lang), key="audit_actor", max_chars=60, width=180)
    customer = row.text_input(
        t("access.customer", lang), key="audit_customer", max_chars=64, help=t("access.customer_help", lang), width=320
    )
    text = row.text_input(
        t("access.text", lang), key="audit_text", max_chars=100, help=t("access.text_help", lang), width=220
    )
    zone = frame.workspace.settings.timezone
    # Nothing chosen, or the first of two days only: no limit on that side.
    days = row.date_input(t("access.days", lang), value=[], key="audit_days", width=260)
    first, last = (*days, None, None)[:2] if isinstance(days, tuple) else (days, None)
    asked: dict[str, Any] = {
        "kinds": GROUPS.get(group or "all", ()),
        "actor": actor.strip(),
        "text": text.strip(),
        "cust_key": customer.strip(),
        "begin": access_words.midnight(first, zone) if first else None,
        "end": access_words.midnight(last + timedelta(days=1), zone) if last else None,
    }
    page = int(st.session_state.get("audit_page", 1))
    rows, total = audit.search(store, **asked, page=page - 1, size=SIZE)
    if not rows and total:
        rows, total = audit.search(store, **asked, size=SIZE)
    st.markdown("**" + t("access.events", lang, n=numbers.count(total, lang)) + "**")
    if not total:
        states.note(t("access.none", lang))
        return
    columns = [Column("at", t("access.at", lang, zone=zone))]
    columns += [Column(c, word("access.column", c, lang)) for c in ("who", "kind", "what", "purpose", "role")]
    columns.insert(4, Column("rows", word("access.column", "rows", lang), "count"))
    draw(st, pd.DataFrame([_line(frame, r) for r in rows]), columns, lang=lang, alt=t("access.events", lang, n=total))
    pages = -(-total // SIZE)
    if pages > 1:
        st.pagination(pages, default=min(page, pages), key="audit_pager", on_change=_turn)


def _turn() -> None:
    st.session_state["audit_page"] = st.session_state["audit_pager"]


def _line(frame: Frame, row: dict[str, Any]) -> dict[str, Any]:
    lang = frame.lang
    return {
        "at": access_words.moment(row["happened_at"], frame.workspace.settings.timezone),
        "who": row["actor"] if row["actor"] not in ROLES else word("role", row["actor"], lang),
        "role": word("role", row["role"], lang) if row["role"] in ROLES else "",
        "kind": word("access.event", row["kind"], lang),
        "what": access_words.matter(frame, row),
        "rows": row["n_rows"],
        "purpose": word("purpose", row["purpose"], lang) if row["purpose"] in trail.PURPOSES else row["purpose"],
    }


def _roles(frame: Frame) -> None:
    """What each role sees, as the query layer decides it."""
    lang = frame.lang
    lines = []
    for role in ROLES:
        viewer = Viewer.of(role)
        n = sum(viewer.may_see(level) for levels in frame.reader.levels.values() for level in levels.values())
        lines.append(
            {
                "role": word("role", role, lang),
                "level": word("access.level", LEVEL_OF_ROLE[role], lang),
                "sees_rows": t("access.yes", lang) if viewer.sees_rows else t("access.no", lang),
                "columns": n,
            }
        )
    with st.expander(t("access.roles", lang)):
        shown = [Column(c, word("access.column", c, lang)) for c in ("role", "level", "sees_rows")]
        shown.append(Column("columns", word("access.column", "columns", lang), "count"))
        draw(st, pd.DataFrame(lines), shown, lang=lang, alt=t("access.roles", lang))


def _hidden(frame: Frame) -> int:
    """How many cells of district by level-1 type a manager does not see in the period."""
    manager = Viewer.of("manager", frame.viewer.regions)
    cells = data.figures(["M01"], manager, [frame.comparison.now], ["region_code", "type_l1"])
    return int(cells["is_small"].sum())
