"""Who sent a request or looks at a page: a cookie leads to a session, a session to a person. No widgets here."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import streamlit as st

from pages._shared import clock
from pages._shared.access import mode
from warehouse import accounts, audit
from warehouse.access import AccessSettings, Person, person_of
from warehouse.accounts import Session
from warehouse.audit import Event
from warehouse.viewer import Viewer

COOKIE = "lookout_session"
PROVIDER_COOKIE = "_streamlit_user"
# A page asks forty times while it loads. What another process ended holds this long at most.
_REMEMBERED = timedelta(seconds=2)
_known: dict[str, tuple[datetime, Session | None]] = {}
_lock = threading.Lock()


def asked() -> Session | None:
    """The session of the page that is being drawn; None without one, or where nobody signs in."""
    if mode.how() == "none":
        return None
    return of_cookies(dict(st.context.cookies))


def actor(viewer: Viewer) -> str:
    """The name that a deed of this viewer is written under: the person's; in a demo the role."""
    found = asked()
    return found.person.name[:60] if found else viewer.role


def of_cookies(cookies: Mapping[str, str], touch: bool = True) -> Session | None:
    """The session that cookies lead to, if it holds now. With `touch` it counts as used."""
    now, settings = clock.utc(), mode.settings()
    if settings.how() == "oidc":
        return _of_provider(cookies, now, settings, touch)
    token = cookies.get(COOKIE, "")
    return _held(accounts.key_of(token), now, settings, touch) if token else None


def _of_provider(cookies: Mapping[str, str], now: datetime, settings: AccessSettings, touch: bool) -> Session | None:
    told = claims(cookies)
    ends_at = _ends(told)
    # Streamlit keeps its cookie for 30 days whatever the token says.
    if told is None or ends_at is None or now >= ends_at:
        return None
    key = claims_key(told)
    found = _held(key, now, settings, touch)
    if found is None and (person := person_of(told, settings.claims)) is not None:
        ends = min(ends_at, now + timedelta(hours=settings.session_hours))
        if accounts.begin(mode.store(), key, person, "oidc", now, ends):
            noted("sign_in", person, "oidc")
            forget(key)
            found = _held(key, now, settings, touch)
    return found


def claims(cookies: Mapping[str, str]) -> dict[str, Any] | None:
    """The claims of a provider, if Streamlit signed the cookie they stand in."""
    from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

    if PROVIDER_COOKIE not in cookies:
        return None
    try:
        raw = _get_signed_cookie_with_chunks(dict(cookies), PROVIDER_COOKIE)
        told = json.loads(raw) if raw else None
    except Exception:  # whatever a forged cookie may do to the reader of cookies, it opens nothing
        return None
    return told if isinstance(told, dict) and told.get("is_logged_in") is True else None


def claims_key(told: Mapping[str, Any]) -> str:
    """One sign-in at a provider. From the claims, not from the cookie, whose signature can be written in many ways."""
    parts = [str(told.get(name, "")) for name in ("iss", "sub", "aud", "iat", "exp", "nonce", "jti", "sid")]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def is_valid(told: Mapping[str, Any]) -> bool:
    """Whether the provider's token still holds."""
    ends = _ends(told)
    return ends is not None and clock.utc() < ends


def person(told: Mapping[str, Any]) -> Person | None:
    """Whom the claims of a provider name here."""
    return person_of(told, mode.settings().claims)


def _ends(told: Mapping[str, Any] | None) -> datetime | None:
    try:
        return datetime.fromtimestamp(float((told or {})["exp"]), UTC).replace(tzinfo=None)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _held(key: str, now: datetime, settings: AccessSettings, touch: bool) -> Session | None:
    with _lock:
        at, found = _known.get(key, (None, None))
    if at is not None and timedelta(0) <= now - at < _REMEMBERED:
        return found if found and now < found.ends_at else None
    found = accounts.session(mode.store(), key, now, settings, touch)
    with _lock:
        if len(_known) > 5000:
            _known.clear()
        _known[key] = (now, found)
    return found


def forget(key: str | None = None) -> None:
    """What was remembered of a session, or of all, is asked anew."""
    with _lock:
        if key is None:
            _known.clear()
        else:
            _known.pop(key, None)


def sign_out(cookies: Mapping[str, str]) -> None:
    """End every session of whom these cookies belong to."""
    found = of_cookies(cookies)
    if found is not None:
        accounts.end_all(mode.store(), found.person.name, clock.utc())
        forget()
        noted("sign_out", found.person, found.how)


def noted(kind: str, person: Person, subject: str, **detail: Any) -> None:
    """A row of the trail about somebody who is known."""
    audit.record(mode.store(), Event(kind, person.name, person.viewer.role, subject, detail), clock.utc())
