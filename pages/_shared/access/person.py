"""Who is looking, in the head of the page: the picker of the demo, or the person with a way out."""

from __future__ import annotations

from typing import Any

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from pages._shared import states, url
from pages._shared.access import mode, sockets, trail, who
from pages._shared.text import Lang, plain, t, word
from warehouse.accounts import Session
from warehouse.viewer import ROLES, Viewer

KEY_ROLE = "role"
_REFUSED = "_role_refused"


def viewer() -> Viewer:
    """Whose scope holds: the signed-in person's; in a demo the role picked, also by link (`/?role=analyst`).

    Ends the run where a session is over: the gate lets nothing through, this is for the moment in between.
    """
    if mode.how() == "none":
        url.one(KEY_ROLE, ROLES, "manager", is_sticky=True)
        return Viewer.of(st.session_state[KEY_ROLE])
    found = who.asked()
    if found is None:
        st.stop()
    own = found.person.viewer
    if (run := get_script_run_ctx()) is not None:
        sockets.begun(run.session_id, found.person)
    st.session_state[KEY_ROLE] = own.role
    wished = st.query_params.get(KEY_ROLE)
    if wished not in (None, own.role) and st.session_state.get(_REFUSED) != wished:
        st.session_state[_REFUSED] = wished
        trail.deed(own, "refused", "a role by link", wished=str(wished)[:60])
    return own


def menu(box: Any, lang: Lang) -> bool:
    """The person's name with scope, purpose and the way out; False where nobody signs in."""
    found = who.asked()
    if found is None:
        return False
    role = found.person.viewer.role
    with box.popover(plain(found.person.name)[:40], icon=":material/person:", key="person"):
        st.markdown(f"**{plain(found.person.name)}** · {word('role', role, lang)}")
        states.note(t("person.scope", lang, what=scope(found, lang)))
        st.session_state[trail.KEY_PURPOSE] = trail.purpose(role)
        st.selectbox(
            t("person.purpose", lang),
            trail.PURPOSES,
            key=trail.KEY_PURPOSE,
            format_func=lambda p: word("purpose", p, lang),
            help=t("person.purpose_help", lang),
        )
        st.button(t("person.out", lang), icon=":material/logout:", on_click=_out, help=t("person.out_help", lang))
    return True


def scope(found: Session, lang: Lang) -> str:
    """Regions and departments of a person, as codes."""
    limits = [limit for limit in (found.person.viewer.regions, found.person.viewer.departments) if limit is not None]
    if not limits:
        return t("person.whole", lang)
    return " · ".join(", ".join(plain(code) for code in sorted(limit)) or t("person.nothing", lang) for limit in limits)


def foot(lang: Lang) -> None:
    """Where nobody signs in, every page says so."""
    if mode.how() == "none":
        states.note(t("person.demo", lang))


def _out() -> None:
    who.sign_out(dict(st.context.cookies))
    # Leads the browser to /auth/logout, which the gate and Streamlit answer.
    st.logout()
