"""The files of the meeting, made on demand and handed out: all of them or none."""

from __future__ import annotations

from typing import Any

import pandas as pd
import streamlit as st

from alerts.review import seal
from alerts.review.bundle import fingerprint
from pages._shared import data, data_review, pack_files, states
from pages._shared.access import exports
from pages._shared.data_review import Meeting
from pages._shared.frame import Frame
from pages._shared.text import plain, t
from warehouse.problems import Problems

_MADE = "_review_pack"  # the last pack that was made: what it is of, its files


def show(frame: Frame, meeting: Meeting) -> None:
    """A button that makes the pack, with its progress; then a button for each file. Nothing for whoever may not."""
    if not pack_files.may_have(frame.viewer) or meeting.is_intact is False:
        return
    lang, key = frame.lang, _key(frame, meeting)
    with st.expander(t("pack.download", lang)):
        if st.button(t("pack.make", lang), key="pack_make", icon=":material/description:"):
            _make(frame, meeting, key)
        made = st.session_state.get(_MADE)
        if not made or made[0] != key:
            states.note(t("pack.make_note", lang))
            return
        for file in made[1]:
            # The same for everybody: it is known by its hash in the trail, not by a mark.
            paper = exports.File("review", file.name, file.mime, pd.DataFrame(), file.unmarked)
            exports.offer(st, paper, lang=lang, key=f"pack_{file.kind}", label=file.name)


def _make(frame: Frame, meeting: Meeting, key: tuple[Any, ...]) -> None:
    from pages._pack.issues import printed

    bar = st.progress(0.0)

    def tell(done: float, name: str) -> None:
        bar.progress(done, text=plain(name))

    store, week = data_review.kept(), meeting.issue.week
    source = data_review.sources(frame, store)
    try:
        minutes = seal.minutes(data.home().reviews, week)
        paper = printed(
            meeting.issue, meeting.book, minutes, store, source.names, frame.lang, frame.workspace.boundaries
        )
        files = pack_files.of(paper, frame.viewer, tell)
    except Problems as error:
        st.error(plain(error.in_chinese() if frame.lang == "zh" else str(error)), icon=":material/error:")
        return
    finally:
        bar.empty()
    st.session_state[_MADE] = (key, files)


def _key(frame: Frame, meeting: Meeting) -> tuple[Any, ...]:
    """What a pack is of: issue, state of its meeting, language."""
    book = meeting.book
    return fingerprint(meeting.issue), book.status, book.revision, len(book.decisions), frame.lang
