"""What the meeting writes: a decision under each item, the minutes, and the two seals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import streamlit as st

from alerts.review.book import MAY_DECIDE, MAY_SEAL, Book, Changed, Decided, NotYours, choices
from alerts.review.bundle import Issue, Item
from alerts.review.seal import AlreadySealed
from pages._shared import data_review, numbers, states
from pages._shared.data_warnings import NoStore
from pages._shared.frame import Frame
from pages._shared.text import Lang, has_chinese, maybe, plain, t, word
from warehouse.problems import Problems

TOLD = "_review_told"  # what to say after a deed, on the next run
DAYS = 14


def say(frame: Frame) -> None:
    """What came of the deed before."""
    told = st.session_state.pop(TOLD, None)
    if told:
        is_done, key = told
        (st.success if is_done else st.warning)(word("review.told", key, frame.lang))


def decision(frame: Frame, book: Book, item: Item) -> None:
    """The decisions so far about an item, and the form while the minutes are open."""
    made = book.of(item.id)
    if made is not None:
        st.markdown(f":material/gavel: {decided(frame, made)}")
    if book.is_closed or frame.viewer.role not in MAY_DECIDE or not data_review.may_write(frame):
        return
    if item.wants_decision and made is None:
        _form(frame, book.week, item)
    else:
        with st.expander(t("review.decide_again" if made else "review.decide_too", frame.lang)):
            _form(frame, book.week, item)


def decided(frame: Frame, made: Decided) -> str:
    """A decision in one line, as Markdown."""
    lang = frame.lang
    dept = frame.name("owner_dept", made.owner_dept) if made.owner_dept else ""
    parts = [
        f"**{word('review.decision', made.decision, lang)}**",
        plain(made.text),
        plain(dept),
        plain(made.owner_person or ""),
        numbers.date(made.due_on, lang) if made.due_on else "",
    ]
    said = t("review.join", lang).join(p for p in parts if p)
    return f"{said} :gray-badge[{made.action_id}]" if made.action_id else said


def _form(frame: Frame, week: str, item: Item) -> None:
    lang, key = frame.lang, f"{week}_{item.id}"
    depts = sorted(frame.names("owner_dept"))
    today = data_review.today(frame)
    with st.form(f"form_{key}", border=True):
        st.segmented_control(
            t("review.decision_is", lang), choices(item), key=f"what_{key}", default="rectify", required=True,
            format_func=lambda c: word("review.decision", c, lang),
        )  # fmt: skip
        first = st.columns([5, 3, 4], vertical_alignment="bottom")
        first[0].selectbox(
            t("review.dept", lang), depts, key=f"dept_{key}", index=None, placeholder=t("review.choose", lang),
            format_func=lambda d: frame.name("owner_dept", d),
        )  # fmt: skip
        first[1].text_input(t("review.person", lang), key=f"person_{key}", max_chars=16, placeholder="NET0115")
        first[2].date_input(t("review.due", lang), value=today + timedelta(DAYS), min_value=today, key=f"due_{key}")
        second = st.columns([9, 3], vertical_alignment="bottom")
        second[0].text_input(t("review.measure", lang), key=f"text_{key}", max_chars=500)
        second[1].form_submit_button(
            t("review.keep", lang), type="primary", width="stretch", icon=":material/gavel:",
            on_click=_decide, args=(frame, week, item, key),
        )  # fmt: skip


def _decide(frame: Frame, week: str, item: Item, key: str) -> None:
    state = st.session_state
    _try(
        lambda: data_review.decide(
            frame, week, item, state[f"what_{key}"], str(state[f"text_{key}"] or ""),
            owner_dept=state[f"dept_{key}"], owner_person=str(state[f"person_{key}"] or "") or None,
            due_on=state[f"due_{key}"],
        ),
        "decided",
    )  # fmt: skip


def seals(frame: Frame, issue: Issue, book: Book, box: Any) -> None:
    """Minutes and seals at the head of the page, for those who lead the meeting."""
    lang, role = frame.lang, frame.viewer.role
    if not data_review.may_write(frame):
        return
    if not book.is_closed and role in MAY_DECIDE:
        with box.popover(t("review.minutes", lang), icon=":material/edit_note:"):
            _minutes(frame, book)
    if role not in MAY_SEAL:
        return
    if book.status == "draft":
        with box.popover(t("review.seal_numbers", lang), icon=":material/lock:"):
            states.note(t("review.seal_numbers_help", lang))
            st.button(
                t("review.seal_numbers_sure", lang, week=issue.week), key="seal_numbers", type="primary",
                on_click=lambda: _try(lambda: data_review.seal_numbers(frame, issue), "numbers_sealed"),
            )  # fmt: skip
    elif book.status == "numbers_sealed":
        with box.popover(t("review.seal_minutes", lang), icon=":material/lock:"):
            states.note(t("review.seal_minutes_help", lang, n=len(book.decisions)))
            st.button(
                t("review.seal_minutes_sure", lang, week=issue.week), key="seal_minutes", type="primary",
                on_click=lambda: _try(lambda: data_review.seal_minutes(frame, issue.week), "minutes_sealed"),
            )  # fmt: skip


def _minutes(frame: Frame, book: Book) -> None:
    lang, key = frame.lang, f"{book.week}_{book.revision}"
    st.text_input(t("review.attendees", lang), value=book.attendees, key=f"who_{key}", max_chars=500)
    st.text_area(t("review.minutes_text", lang), value=book.minutes, key=f"minutes_{key}", height=180, max_chars=20_000)
    st.button(t("review.save", lang), key=f"save_{key}", type="primary", on_click=_save, args=(frame, book, key))
    for made in book.decisions:
        states.note(f"{made.item_zh if lang == 'zh' else made.item_en}: {word('review.decision', made.decision, lang)}")


def _save(frame: Frame, book: Book, key: str) -> None:
    who, text = (str(st.session_state[f"{name}_{key}"] or "") for name in ("who", "minutes"))
    _try(lambda: data_review.write_minutes(frame, book.week, who, text, book.revision), "saved")


def held(frame: Frame, book: Book) -> None:
    """What an earlier register says of a meeting that was held before this program."""
    lang = frame.lang
    made = [
        f"{word('review.decision', d.decision, lang)} · {d.item_zh if lang == 'zh' else d.item_en}"
        for d in book.decisions
    ]
    parts = [
        t("review.held_by", lang, by=plain(book.sealed_by or numbers.DASH), who=plain(book.attendees)),
        t("review.held_minutes", lang, text=plain(book.minutes or numbers.DASH)),
        *[plain(m) for m in made],
    ]
    if lang != "zh" and any(has_chinese(text) for text in (book.attendees, book.minutes)):
        parts.append(t("review.kept_in_its_language", lang))
    st.info("  \n".join(parts), icon=":material/history:")


def _try(do: Callable[[], Any], key: str) -> None:
    """Do it, or keep what to say why not."""
    try:
        do()
    except AlreadySealed:
        st.session_state[TOLD] = (False, "already")
    except Changed:
        st.session_state[TOLD] = (False, "changed")
    except NotYours:
        st.session_state[TOLD] = (False, "not_yours")
    except NoStore:
        st.session_state[TOLD] = (False, "no_store")
    except Problems:
        st.session_state[TOLD] = (False, "incomplete")
    else:
        st.session_state[TOLD] = (True, key)


def state_badge(frame: Frame, book: Book, box: Any, is_intact: bool | None) -> None:
    """草稿, 数字已定版 or 纪要已定稿, with who and when, and the hash it is held against."""
    lang: Lang = frame.lang
    if book.status == "draft":
        box.badge(t("review.draft", lang), icon=":material/edit:", color="gray", help=t("review.draft_help", lang))
        return
    said = word("review.status", book.status, lang)
    if book.status == "held":
        box.badge(said, icon=":material/history:", color="gray", help=t("review.held_help", lang))
        return
    by = maybe("role", book.sealed_by or "", lang) or book.sealed_by or numbers.DASH
    at = numbers.moment(book.sealed_at, lang) if book.sealed_at else numbers.DASH
    note = t("review.sealed_help", lang, by=plain(by), at=at, hash=(book.issue_hash or "")[:12])
    box.badge(said, icon=":material/lock:", color="green" if is_intact else "red", help=note)
