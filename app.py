"""Entry: page setup, language, role, shared filters, navigation. Everything that is looked at lives in `pages/`.

The file has two lives: as the program of the server it adds the addresses that are not pages, and as the script of a
session it draws one.
"""

from __future__ import annotations

import time

import streamlit as st
from altair.utils import schemapi
from starlette.middleware import Middleware

from pages._shared import basemap, data, filters, frame, freshness, garbage, shell, typed, url
from pages._shared.access import forms, gate, health, lost, person, trail
from pages._shared.text import plain, t
from pages._shared.theme import mode
from warehouse.problems import Problems

# A link may carry any number of names; the hint lists the first.
MOST_NAMED = 5

# The tests validate every chart; checking each again at every click would double the time of a view.
schemapi.disable_debug_mode()


def main() -> None:
    st.set_page_config(page_title="投诉瞭望 Lookout", page_icon="static/icon.png", layout="wide")
    url.begin()
    url.one(lost.NAME, (), "")
    lang = shell.language()
    try:
        space, source = data.workspace(), data.reader()
    except data.NoRelease:
        shell.nothing_yet(lang)
        return
    except Problems as error:
        shell.broken(error, lang)
        return
    viewer = shell.viewer()
    pages = shell.pages(lang, viewer.role)
    page = st.navigation(list(pages.values()), position="top")
    shell.land(page, pages, viewer.role)
    name = shell.name_of(page, viewer.role)
    try:
        asked = {n: st.query_params.get_all(n) for n in st.query_params if n not in ("lang", "role")}
        trail.view(viewer, name, asked)
    except trail.NotNoted:
        st.error(t("person.not_noted", lang), icon=":material/lock:")
        return
    if name == "wall":  # a screen that nobody operates has a head of its own
        frame.put(frame.Frame(lang, mode(), viewer, space, source, *filters.keep()))
        shell.run(page, lang)
        url.write()
        return
    head = st.container(horizontal=True, vertical_alignment="center", key="head")
    shell.badges_row(head, space, source, lang)
    shell.switches(head, lang)
    if shell.is_refused(name, viewer, lang):
        url.write()
        return
    here = frame.Frame(lang, mode(), viewer, space, source, filters.DEFAULT_PERIOD, filters.Filters())
    if here.has_tickets and name not in shell.WITHOUT_FILTERS:
        weeks = name in shell.WITHOUT_PERIOD
        period, chosen = filters.bar(st, source, viewer, here.name, lang, has_period=not weeks)
    else:
        period, chosen = filters.keep()
    frame.put(frame.Frame(lang, mode(), viewer, space, source, period, chosen))
    freshness.banner(source, viewer, lang)
    hint = st.container(key="hint")
    shell.run(page, lang)
    if strange := [plain(value[:60]) for value in dict.fromkeys(url.strange())]:
        between = "”、“" if lang == "zh" else "”, “"
        hint.info(t("state.bad_link", lang, value=between.join(strange[:MOST_NAMED])), icon=":material/link_off:")
    typed.tell(lang)
    person.foot(lang)
    url.write()
    garbage.collect(time.monotonic())


if __name__ == "__main__":
    main()
else:
    gate.check_binding()
    app = st.App(
        __file__,
        routes=[*basemap.routes(), *forms.routes(), *health.routes()],
        middleware=[Middleware(gate.Gate), Middleware(lost.Lost, pages={*shell.PAGES, *shell.HIDDEN})],
    )
