"""周例会 Weekly review: made to be projected. The agenda at the left, one item at a time at the right, what is decided
beneath it."""

from __future__ import annotations

import streamlit as st

from pages._shared import data_review, findings, numbers, other_sources, states, url
from pages._shared.blocks import review_form, review_item, review_pack, review_steps
from pages._shared.data_review import Meeting
from pages._shared.frame import Frame, current
from pages._shared.text import plain, t, word
from warehouse.analysis.calendar_compare import week_start
from warehouse.periods import Period
from warehouse.problems import Problems


def main() -> None:
    frame = current()
    if not frame.has_tickets:
        other_sources.show(frame)
        return
    lang = frame.lang
    weeks = data_review.weeks(frame)
    url.one("week", weeks, weeks[0])
    week = str(st.session_state["week"])
    st.title(t("review.title", lang, week=_week_text(frame, week)))
    head = st.container(horizontal=True, vertical_alignment="center", key="review_head")
    head.selectbox(
        t("map.week", lang), weeks, key="week", format_func=lambda w: _week_text(frame, w), width=250,
        label_visibility="collapsed",
    )  # fmt: skip
    try:
        with st.spinner(t("review.loading", lang)):
            meeting = data_review.meeting_of(frame, week)
    except Problems as error:
        for found in error.problems:
            st.error(str(found), icon=":material/error:")
        return
    if meeting.part:
        _part(frame, meeting)
    else:
        review_form.state_badge(frame, meeting.book, head, meeting.is_intact)
    review_form.seals(frame, meeting.issue, meeting.book, head)
    review_form.say(frame)
    if meeting.book.status == "held" and not meeting.part:
        review_form.held(frame, meeting.book)
    _warn(frame, meeting)
    _screen(frame, meeting)
    review_pack.show(frame, meeting)


def _part(frame: Frame, meeting: Meeting) -> None:
    """Whose numbers these are, and how they stand to those of the whole city."""
    lang = frame.lang
    scope = t("review.and", lang).join(said.of(lang) for said in meeting.issue.filters)
    at = numbers.moment(meeting.issue.as_of, lang)
    st.info(word("review.part", meeting.part, lang, scope=plain(scope), at=at), icon=":material/filter_alt:")


def _screen(frame: Frame, meeting: Meeting) -> None:
    """Agenda and the open item."""
    issue, lang = meeting.issue, frame.lang
    every = review_steps.steps(issue)
    by_key = {s.key: s for s in every}
    url.one("item", by_key, every[0].key)
    here = by_key[str(st.session_state["item"])]
    review_steps.seen(issue.week).add(here.key)
    left, right = st.columns([3, 10], gap="medium")
    with left:
        review_steps.agenda(frame, issue, meeting.book, here)
    with right:
        if here.screen == review_steps.ANNEX:
            _annex(frame, meeting)
        elif here.item is None:
            screen = next(s for s in issue.screens if s.name == here.screen)
            st.markdown(f"## {plain(screen.finding.of(lang))}")
        else:
            review_item.show(frame, here.item)
            review_form.decision(frame, meeting.book, here.item)
        review_steps.arrows(frame, every, here)


def _annex(frame: Frame, meeting: Meeting) -> None:
    """附件: what the meeting does not go through, each one click away."""
    lang, issue = frame.lang, meeting.issue
    st.markdown(f"## {t('review.annex', lang, n=len(issue.annex))}")
    for item in issue.annex:
        with st.expander(plain(item.finding.of(lang))):
            for table in item.tables:
                review_item.table(table, lang)
            for said in item.evidence:
                states.note(said.of(lang))


def _warn(frame: Frame, meeting: Meeting) -> None:
    """What the meeting must know before it believes the numbers."""
    lang = frame.lang
    if meeting.is_intact is False:
        st.error(t("review.tampered", lang), icon=":material/gpp_bad:")
    for said in meeting.issue.missing:
        st.warning(plain(said.of(lang)), icon=":material/history_toggle_off:")
    for change in meeting.issue.changes[:1]:
        states.note(t("review.changed", lang, n=len(meeting.issue.changes), week=change.week))


def _week_text(frame: Frame, week: str) -> str:
    first = week_start(week)
    return findings.period_text(Period(week, first, first.fromordinal(first.toordinal() + 7), frame.as_of), frame.lang)


main()
