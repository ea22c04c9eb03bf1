"""Files on their way out of the house: one door for all of them. Asked, approved, marked, noted with their hash.

What needs leave and who gives it is decided in `warehouse/exports.py`; here it becomes a button or a sentence.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import sqlalchemy as sa
import streamlit as st

from pages._shared import clock, numbers, typed
from pages._shared.access import handed, mode, seen, trail, who
from pages._shared.frame import KEY, Frame
from pages._shared.text import Lang, plain, t, word
from warehouse import audit, exports, ops
from warehouse.access import Person
from warehouse.audit import Event
from warehouse.exports import Refused, Standing
from warehouse.home import Home
from warehouse.watermark import Mark

Make = Callable[[pd.DataFrame, Mark], bytes]
_NO_REASON = "_export_no_reason"


@dataclass(frozen=True)
class Later:
    """Rows that are read when their file is made: thousands of them cost more than the page that offers the file."""

    columns: Collection[str]
    n: int
    read: Callable[[], pd.DataFrame]

    def __len__(self) -> int:
        return self.n


@dataclass(frozen=True)
class File:
    """A file that somebody may take. `what`: the list, as requests name it; `rows`: what is in it, by whose rows it is
    judged; `asked`: how the list was narrowed besides the filters of the page; `make`: its bytes from the rows, marked.
    """

    what: str
    name: str
    mime: str
    rows: pd.DataFrame | Later
    make: Make
    asked: tuple[Any, ...] = ()

    def read(self) -> pd.DataFrame:
        """Its rows."""
        return self.rows.read() if isinstance(self.rows, Later) else self.rows


def offer(box: Any, file: File, *, lang: Lang, key: str, label: str, tip: str | None = None) -> None:
    """The button for a file; where rows of customers are in it, first the way to get leave."""
    frame = st.session_state.get(KEY)
    if not isinstance(frame, Frame):
        return
    person = person_of(frame)
    if not exports.needs_leave(file.rows.columns):
        _button(box, file, _noted(frame, person, file, lang), key, label, tip)
        return
    most = exports.most_rows(person.viewer.role, mode.settings())
    if len(file.rows) > most:
        _say(box, t("export.limit", lang, n=numbers.count(most, lang)))
        return
    question = _question(frame, file)
    found = _standing(person, question)
    if found is not None and found.state == "approved":
        _button(box, file, _allowed(frame, person, file, question, found, lang), key, label, tip)
        assert found.until is not None
        _say(box, t("export.until", lang, at=moment(frame, found.until, lang), who=name_of(found.decided_by, lang)))
    elif found is not None and found.state == "asked":
        _say(box, t("export.waits", lang, at=moment(frame, found.at, lang), id=found.export_id))
    else:
        _ask(box, file, person, question, found, lang, key)


def person_of(frame: Frame) -> Person:
    """Who is looking: the person signed in, in a demo the role."""
    found = who.asked()
    return found.person if found else Person(frame.viewer.role, frame.viewer)


def moment(frame: Frame, at: datetime, lang: Lang) -> str:
    """A time in UTC as the clock of the workspace shows it."""
    zone = ZoneInfo(frame.workspace.settings.timezone)
    return numbers.moment(at.replace(tzinfo=UTC).astimezone(zone).replace(tzinfo=None), lang)


def name_of(actor: str, lang: Lang) -> str:
    """A person; the role's word in a demo, where nobody has a name."""
    return word("role", actor, lang) if actor in exports.MOST_ROWS else actor


def store() -> sa.Engine | None:
    """Where requests are kept; None where there is no store yet, as nothing can have been asked there."""
    if mode.how() == "none":
        url = sa.engine.make_url(ops.ops_url(Home.from_environment()))
        if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
            return None
    return mode.store()


def _button(box: Any, file: File, made: Callable[[], bytes], key: str, label: str, tip: str | None) -> None:
    box.download_button(
        label, data=made, file_name=file.name, mime=file.mime, icon=":material/download:", help=tip, type="tertiary",
        on_click="ignore", key=key,
    )  # fmt: skip


def _say(box: Any, text: str) -> None:
    """Small print; Streamlit's own caption is too pale to read."""
    box.markdown(f":small[:gray[{plain(text)}]]")


def _question(frame: Frame, file: File) -> str:
    asked: Mapping[str, Any] = {
        "filters": frame.filters.values,
        "period": frame.period,
        "asked": file.asked,
        "columns": sorted(map(str, file.rows.columns)),
    }
    return exports.question(file.what, frame.viewer, asked)


def _standing(person: Person, question: str) -> Standing | None:
    found = store()
    return None if found is None else exports.standing(found, person.name, question, clock.utc())


# A file is made outside the run of the page, where nobody can be asked who is looking: all that is asked here.
def _noted(frame: Frame, person: Person, file: File, lang: Lang) -> Callable[[], bytes]:
    kept, purpose, line = trail.store(), trail.purpose(frame.viewer.role), _line(frame, person, lang)

    def made() -> bytes:
        at = clock.utc()
        content, event = _make(file, person, purpose, line, at)
        if kept is not None:
            audit.record(kept, event, at)
        return content

    return made


def _allowed(
    frame: Frame, person: Person, file: File, question: str, found: Standing, lang: Lang
) -> Callable[[], bytes]:
    kept, settings = mode.store(), mode.settings()
    purpose, line = trail.purpose(frame.viewer.role), _line(frame, person, lang)

    def made() -> bytes:
        at = clock.utc()
        content, event = _make(file, person, purpose, line, at)
        try:
            exports.take(kept, found.export_id, person, question, event, at, settings)
        except Refused as error:
            detail = {"export": found.export_id, "why": error.why}
            audit.record(kept, Event("refused", person.name, person.viewer.role, "an export", detail), at)
            raise
        return content

    return made


def _make(
    file: File, person: Person, purpose: str, line: Callable[[str, datetime], str], at: datetime
) -> tuple[bytes, Event]:
    number = exports.new_mark()
    rows = file.read()
    content = file.make(rows, Mark(number, line(number, at)))
    detail = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "mark": number}
    role, keys = person.viewer.role, seen.keys(rows)
    handed.note(content, file.mime, file.name, person.name)
    return content, Event("export_taken", person.name, role, file.name, detail, len(rows), purpose, keys)


def _line(frame: Frame, person: Person, lang: Lang) -> Callable[[str, datetime], str]:
    purpose = word("purpose", trail.purpose(frame.viewer.role), lang)
    taker = word("role", person.name, lang) if person.name in exports.MOST_ROWS else person.name

    def told(number: str, at: datetime) -> str:
        return t("export.mark", lang, who=taker, at=moment(frame, at, lang), purpose=purpose, id=number)

    return told


def _ask(box: Any, file: File, person: Person, question: str, before: Standing | None, lang: Lang, key: str) -> None:
    n = len(file.rows)
    if before is not None:
        told = {"id": before.export_id, "who": name_of(before.decided_by, lang), "note": before.note}
        _say(box, t(f"export.{before.state}", lang, **told))
    with box.popover(t("export.ask", lang), icon=":material/approval:", type="tertiary"):
        _say(st, t("export.ask_note", lang, n=numbers.count(n, lang), hours=int(exports.HOLDS.total_seconds() // 3600)))
        st.text_input(t("export.reason", lang), key=f"{key}_reason", max_chars=200, help=t("action.no_numbers", lang))
        if st.session_state.pop(_NO_REASON, None) == key:
            st.warning(t("export.no_reason", lang), icon=":material/edit:")
        st.button(
            t("export.send", lang), key=f"{key}_ask", type="primary", on_click=_asked,
            args=(person, file.what, question, n, key),
        )  # fmt: skip


def _asked(person: Person, what: str, question: str, n: int, key: str) -> None:
    reason = typed.harmless(str(st.session_state.get(f"{key}_reason") or ""))
    if not reason:
        st.session_state[_NO_REASON] = key
        return
    exports.ask(mode.store(), person, what, question, n, reason, clock.utc(), mode.settings())
