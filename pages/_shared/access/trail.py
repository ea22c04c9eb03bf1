"""What the pages write into the audit trail: views, rows of customers, deeds. Before anything is shown, not after.

Where people sign in, a trail that cannot be written shows nothing. In a demo there is nobody to hold to account: a row
is kept where a store is, and nothing hangs on it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import sqlalchemy as sa
import streamlit as st

from pages._shared import clock
from pages._shared.access import mode, who
from warehouse import audit, ops
from warehouse.audit import Event
from warehouse.home import Home
from warehouse.problems import Problems
from warehouse.viewer import Role, Viewer

# What a role looks at customers' rows for, unless the person says otherwise.
PURPOSES = ("duty", "analysis", "planning", "care", "oversight", "running")
USUAL: dict[Role, str] = {
    "manager": "analysis", "duty": "duty", "analyst": "analysis", "planner": "planning", "handler": "care",
    "supervisor": "oversight", "auditor": "oversight", "engineer": "running", "wall": "oversight",
}  # fmt: skip
_LEAST_DIGITS = 7  # of a number that may lead to a person
KEY_PURPOSE = "_purpose"
_LAST = "_trail_last"


class NotNoted(Exception):
    """The trail cannot be written, so nothing may be shown."""


def purpose(role: Role) -> str:
    chosen = st.session_state.get(KEY_PURPOSE)
    return chosen if chosen in PURPOSES else USUAL[role]


def view(viewer: Viewer, page: str, asked: Mapping[str, Any]) -> None:
    """A page is opened, or asked something else. The same once more in a row adds nothing."""
    detail = {name: hidden(value) for name, value in asked.items() if value}
    told = (page, repr(sorted(detail.items())), viewer.key)
    if st.session_state.get(_LAST) != told:
        _write("page", viewer, page, detail)
        st.session_state[_LAST] = told


def hidden(values: Sequence[str]) -> list[str]:
    """What was typed into a link, without the numbers of people that may stand in it."""
    if all(sum(c.isdigit() for c in value) < _LEAST_DIGITS for value in values):
        return list(values)
    from etl.privacy import scrub

    return [str(value) for value in scrub(list(values)).to_pylist()]


def rows(viewer: Viewer, what: str, keys: Iterable[Any], n_rows: int, **asked: Any) -> None:
    """Rows of customers are about to be shown. The same rows again within a view add nothing."""
    shown = frozenset(str(k) for k in keys if k is not None and k == k)
    told = (what, n_rows, hash(shown), viewer.key)
    seen: set[Any] = st.session_state.setdefault("_trail_rows", set())
    if told in seen:
        return
    _write("rows", viewer, what, asked, n_rows, shown)
    if len(seen) > 500:
        seen.clear()
    seen.add(told)


def deed(viewer: Viewer, kind: str, subject: str, **detail: Any) -> None:
    """Somebody did or decided something, or was refused."""
    _write(kind, viewer, subject, detail)


def signed(viewer: Viewer, kind: str, subject: str, **detail: Any) -> str:
    """The name a deed is written under, after the trail has a row of it: what failed in the end was tried."""
    _write(kind, viewer, subject, detail)
    return who.actor(viewer)


def _write(
    kind: str,
    viewer: Viewer,
    subject: str,
    detail: dict[str, Any],
    n_rows: int | None = None,
    keys: Collection[str] = (),
) -> None:
    try:
        found = store()
        if found is not None:
            event = Event(kind, who.actor(viewer), viewer.role, subject, detail, n_rows, purpose(viewer.role), keys)
            audit.record(found, event, clock.utc())
    except (sa.exc.SQLAlchemyError, Problems) as error:
        if mode.how() != "none":
            logging.getLogger("lookout").exception("the audit trail cannot be written")
            raise NotNoted from error


def store() -> sa.Engine | None:
    """Where the trail is kept; None in a demo without a store, or one whose trail is switched off for a test."""
    if mode.how() != "none":
        return mode.store()
    url = sa.engine.make_url(ops.ops_url(Home.from_environment()))
    is_missing = url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists())
    return None if is_missing or os.environ.get("LOOKOUT_DEMO_TRAIL") == "off" else mode.store()
