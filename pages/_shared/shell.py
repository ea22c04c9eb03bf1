"""The frame around every view: which pages there are, who is looking, which language, what the badges say."""

from __future__ import annotations

import contextlib
import logging
import zlib
from typing import Any, cast

import streamlit as st

from pages._shared import badges, filters, freshness, url
from pages._shared import text as words
from pages._shared.access import person, trail
from pages._shared.access.person import KEY_ROLE
from pages._shared.text import Lang, t, word
from warehouse.problems import Problems
from warehouse.query import Reader
from warehouse.viewer import ROLES, Role, Viewer
from warehouse.workspace import Workspace

# url path -> file, icon. The path is the same in every language.
PAGES = {
    "today": ("pages/today.py", ":material/today:"),
    "review": ("pages/review.py", ":material/groups:"),
    "warnings": ("pages/warnings.py", ":material/notifications_active:"),
    "complaints": ("pages/complaints.py", ":material/donut_small:"),
    "flow": ("pages/flow.py", ":material/timer:"),
    "hotspots": ("pages/hotspots.py", ":material/map:"),
    "actions": ("pages/actions.py", ":material/task_alt:"),
    "data": ("pages/data.py", ":material/database:"),
}
# Views that speak of the data as a whole.
WITHOUT_FILTERS = {"data", "review", "actions", "ticket", "warnings", "warning", "hotspot", "cell", "wall"}
# Views that step through weeks of their own.
WITHOUT_PERIOD = {"hotspots"}
HIDDEN = {
    "tickets": "pages/tickets.py",
    "ticket": "pages/ticket.py",
    "warning": "pages/warning.py",
    "hotspot": "pages/hotspot.py",
    "cell": "pages/cell.py",
    "wall": "pages/wall.py",
}
# Where a role lands; a role whose own view is not there yet lands on the nearest one.
LANDING: dict[Role, str] = {
    "manager": "today",
    "duty": "warnings",
    "analyst": "complaints",
    "planner": "hotspots",
    "handler": "flow",
    "supervisor": "flow",
    "auditor": "data",
    "engineer": "data",
    "wall": "wall",
}
_ROWS = {"tickets", "ticket", "cell"}  # single tickets and cells, for roles that see rows
_EVERY = {*PAGES, *HIDDEN}
# Which pages a role may open, whatever the link says; what they show there is the query layer's business.
# The screen on a wall is nobody's own: whoever stands before it sees the one view made for it and no other.
MAY_OPEN: dict[Role, frozenset[str]] = {
    "manager": frozenset(_EVERY - _ROWS),
    "duty": frozenset(_EVERY),
    "analyst": frozenset(_EVERY),
    "planner": frozenset(_EVERY),
    "handler": frozenset(_EVERY),
    "supervisor": frozenset(_EVERY),
    "auditor": frozenset(_EVERY - _ROWS - {"hotspots", "hotspot"}),
    "engineer": frozenset({"today", "warnings", "warning", "data", "wall"}),
    "wall": frozenset({"wall"}),
}
_HOME = "home"  # tells the page at the root from the same page at its own path; no such path exists
_WISH = "_landing_wish"
_REFUSED = "_page_refused"


def language() -> Lang:
    """The switch or the link, else the browser's language."""
    try:
        browser = st.context.locale
    except Exception:  # outside a browser there is none
        browser = None
    url.one("lang", words.LANGS, words.language(browser), is_sticky=True)
    return cast(Lang, st.session_state["lang"])


def pages(lang: Lang, role: Role) -> dict[str, Any]:
    """Every page of the navigation, and the hidden ones; the role's own page is the one that opens at the root.

    Streamlit opens its default page at the root only. Hidden, the same page is there once more under its own path, so
    that a link to it holds for every role.
    """
    own = LANDING[role]
    listed = {name: page for name, page in PAGES.items() if name in MAY_OPEN[role]}
    if own not in listed:
        listed[own] = (HIDDEN[own], ":material/tv:")
    shown = {
        name: st.Page(
            file,
            title=word("nav", name, lang),
            icon=icon,
            url_path=_HOME if name == own else name,
            default=name == own,
        )
        for name, (file, icon) in listed.items()
    }
    unlisted = {**HIDDEN, **{name: file for name, (file, _) in PAGES.items() if name not in listed}}
    hidden = {
        name: st.Page(file, title=word("nav", name.rstrip("_"), lang), url_path=name.rstrip("_"), visibility="hidden")
        for name, file in {**unlisted, f"{own}_": listed[own][0]}.items()
        if name != own
    }
    return shown | hidden


def is_refused(name: str, viewer: Viewer, lang: Lang) -> bool:
    """Whether a role may not look at a page: then one sentence stands in its place, and the way to its own."""
    role = viewer.role
    if name in MAY_OPEN[role]:
        return False
    own = LANDING[role]
    if st.session_state.get(_REFUSED) != name:
        st.session_state[_REFUSED] = name
        with contextlib.suppress(trail.NotNoted):  # nothing is shown either way
            trail.deed(viewer, "refused", "a page by link", page=name)
    file, icon = PAGES.get(own) or (HIDDEN[own], ":material/tv:")
    st.title(word("nav", name, lang))
    told = "state.only" if role == "wall" else "state.no_permission"
    st.info(t(told, lang, role=word("role", role, lang)), icon=":material/lock:")
    st.page_link(file, label=word("nav", own, lang), icon=icon)
    return True


def name_of(page: Any, role: Role) -> str:
    """The name of a page, also when it stands at the root."""
    return str(page.url_path) or LANDING[role]


def viewer() -> Viewer:
    """Who is looking: the person who signed in, in a demo the role picked."""
    return person.viewer()


def switches(head: Any, lang: Lang) -> None:
    """Language and role, at the right of the head."""
    box = head.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center", key="switches")
    if not person.menu(box, lang):
        box.selectbox(
            t("filter.role", lang),
            ROLES,
            key=KEY_ROLE,
            on_change=_wish,
            format_func=lambda r: word("role", r, lang),
            label_visibility="collapsed",
            help=t("frame.role_help", lang),
            width=150,
        )
    box.segmented_control(
        t("filter.language", lang),
        words.LANGS,
        required=True,
        format_func=lambda code: {"zh": "中文", "en": "English"}[code],
        key="lang",
        label_visibility="collapsed",
    )


def _wish() -> None:
    """Only a choice in the picker moves the viewer; a link says itself where it leads."""
    st.session_state[_WISH] = True


def land(page: Any, listed: dict[str, Any], role: Role) -> None:
    """After another role was picked: go to that role's own page, with language, role and filters.

    Ends the run when that is another page. Call when the navigation is declared and nothing is drawn yet.
    """
    own = listed[LANDING[role]]
    if st.session_state.pop(_WISH, False) and page != own:
        st.switch_page(own, query_params=url.carry(["lang", KEY_ROLE, "period", *filters.PARAMETERS]))


def badges_row(head: Any, space: Workspace, source: Reader, lang: Lang) -> None:
    """Whose data, as of when, how fresh, simulated or not."""
    name = space.settings.name.zh if lang == "zh" else space.settings.name.en
    head.markdown(f"**{t('app.title', lang)}** · {words.plain(name)}", width="content")
    badges.as_of_badge(head, source.info["as_of"], lang)
    freshness.badge(head, source, viewer(), lang)
    if source.info["is_synthetic"]:
        badges.simulated_badge(head, lang)


def run(page: Any, lang: Lang) -> None:
    """Run a view. A fault is logged with a number; the viewer sees the number, never a stack trace with rows in it."""
    try:
        page.run()
    except trail.NotNoted:
        st.error(t("person.not_noted", lang), icon=":material/lock:")
    except Exception as error:
        if words.is_strict():
            raise
        number = f"{zlib.crc32(repr(error).encode()) % 10**6:06d}"
        logging.getLogger("lookout").exception("fault %s in view %s", number, page.url_path or _HOME)
        st.error(t("state.failed", lang, number=number), icon=":material/error:")


def nothing_yet(lang: Lang) -> None:
    st.title(t("app.title", lang))
    st.info(t("frame.no_release", lang), icon=":material/inventory_2:")
    st.code("make load", language="bash")


def broken(error: Problems, lang: Lang) -> None:
    st.title(t("app.title", lang))
    st.error(t("frame.broken", lang), icon=":material/error:")
    for found in error.problems:
        st.text(str(found))
