"""The steps of the meeting: every item of every screen in order, then the annex; the agenda with its ticks."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from alerts.review.book import Book
from alerts.review.bundle import Issue, Item
from pages._shared.frame import Frame
from pages._shared.text import t

ANNEX = "annex"
SEEN = "_review_seen"  # steps the viewer has been at, by week
PICK = "agenda_pick"
# A phone has no room for a list beside or above the item: there the agenda is one line that opens.
STYLE = """<style>
.st-key-agenda_small { display: none; }
@media (max-width: 640px) { .st-key-review_agenda { display: none; } .st-key-agenda_small { display: flex; } }
</style>"""


@dataclass(frozen=True)
class Step:
    """One screen of the projector. `item` is None where a screen has nothing to go through, and for the annex."""

    key: str
    screen: str
    item: Item | None


def steps(issue: Issue) -> list[Step]:
    """In the order of the meeting. Keys are short and stand in the URL."""
    found = []
    for screen in issue.screens:
        if not screen.items:
            found.append(Step(screen.name, screen.name, None))
        for at, item in enumerate(screen.items):
            found.append(Step(screen.name if at == 0 else f"{screen.name}.{item.id}", screen.name, item))
    if issue.annex:
        found.append(Step(ANNEX, ANNEX, None))
    return found


def seen(week: str) -> set[str]:
    """The steps of a week that were on screen."""
    found: dict[str, set[str]] = st.session_state.setdefault(SEEN, {})
    return found.setdefault(week, set())


def is_done(issue: Issue, book: Book, screen: str, been: set[str]) -> bool:
    """A screen is ticked when it was gone through and everything that wants a decision has one."""
    mine = [s for s in steps(issue) if s.screen == screen]
    decided = all(book.of(s.item.id) is not None for s in mine if s.item is not None and s.item.wants_decision)
    return decided and all(s.key in been for s in mine)


def agenda(frame: Frame, issue: Issue, book: Book, here: Step) -> None:
    """The screens with a tick each; the one that is open says how far it is."""
    lang, been = frame.lang, seen(issue.week)
    every = steps(issue)
    box = st.container(gap="xxsmall", key="review_agenda")
    titles: dict[str, str] = {s.name: s.title.of(lang) for s in issue.screens}
    if issue.annex:
        titles[ANNEX] = t("review.annex", lang, n=len(issue.annex))
    for name, title in titles.items():
        mine = [s for s in every if s.screen == name]
        is_here = name == here.screen
        label = title
        if is_here and len(mine) > 1:
            label = t("review.step_of", lang, title=title, at=mine.index(here) + 1, n=len(mine))
        done = is_done(issue, book, name, been)
        icon = ":material/check_circle:" if done else ":material/radio_button_unchecked:"
        box.button(
            label, key=f"agenda_{name}", icon=":material/play_circle:" if is_here else icon, width="content",
            type="primary" if is_here else "tertiary", on_click=go, args=(mine[0].key,),
        )  # fmt: skip
    _small(frame, issue, book, here, titles)


def _small(frame: Frame, issue: Issue, book: Book, here: Step, titles: dict[str, str]) -> None:
    """The same agenda for a phone."""
    been, every = seen(issue.week), steps(issue)
    st.html(STYLE)

    def named(name: str) -> str:
        return ("✓ " if is_done(issue, book, name, been) else "") + titles[name]

    st.session_state[PICK] = here.screen
    st.container(key="agenda_small").selectbox(
        t("review.agenda", frame.lang), list(titles), key=PICK, format_func=named, label_visibility="collapsed",
        on_change=lambda: go(next(s.key for s in every if s.screen == st.session_state[PICK])),
    )  # fmt: skip


def arrows(frame: Frame, every: list[Step], here: Step) -> None:
    """Back and on, also by the keys that presenters press."""
    lang, at = frame.lang, every.index(here)
    box = st.container(horizontal=True, vertical_alignment="center", key="review_arrows")
    box.button(
        t("review.back", lang), icon=":material/chevron_left:", key="review_back", shortcut="PageUp",
        disabled=at == 0, on_click=go, args=(every[max(at - 1, 0)].key,),
    )  # fmt: skip
    box.button(
        t("review.on", lang), icon=":material/chevron_right:", key="review_on", shortcut="PageDown",
        disabled=at == len(every) - 1, on_click=go, args=(every[min(at + 1, len(every) - 1)].key,),
    )  # fmt: skip
    box.markdown(f":small[:gray[{t('review.at', lang, at=at + 1, n=len(every))}]]", width="content")


def go(key: str) -> None:
    st.session_state["item"] = key
