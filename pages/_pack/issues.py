"""Which issue is printed, the sealed one or a week as it reads now; and what the meeting decided about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError

from alerts.actions import register
from alerts.actions.item import Action
from alerts.review import book, scoped, seal
from alerts.review.asked import Asked, Sources
from alerts.review.bundle import Issue
from alerts.review.command import issue_of
from alerts.review.content import content, newest_week
from alerts.review.gather import sources
from alerts.sentence import Names
from pages._pack.paper import Meeting, Order, Paper, clean
from pages._shared.text import Lang, word
from warehouse.home import Home
from warehouse.measures import measures
from warehouse.problems import failure, from_validation, problem
from warehouse.query import Reader
from warehouse.release import Releases
from warehouse.viewer import Viewer

TITLE = 60  # characters of a problem that make its title


def of_week(home: Home, kept: sa.Engine, week: str | None, lang: Lang, viewer: Viewer | None = None) -> Paper:
    """The paper of a week, of the newest whole one where none is named; a sealed week is printed as it was sealed.

    A `viewer` confined to a part of the city gets the paper of that part (`of_part`). Raises `Problems` for a week that
    is none, and `Failure` for a sealed one that somebody changed.
    """
    found = sources(home, kept)
    chosen = week or newest_week(found.reader.info["as_of"])
    told = book.book(kept, home.reviews, chosen)
    opened = seal.read(home.reviews, chosen, told.issue_hash)
    if opened is not None and not opened.is_intact:
        cure = "restore the folder from a backup; nothing is printed from a broken seal"
        raise failure(f"reviews/{chosen}/{seal.ISSUE}", "has not the bytes that were sealed", cure)
    if viewer is not None and viewer.is_limited:
        return of_part(home, found, chosen, viewer, lang, opened.issue if opened else None)
    issue = opened.issue if opened else issue_of(found, home.reviews, chosen)
    sealed = opened.minutes if opened else None
    return printed(issue, told, sealed, kept, found.names, lang, found.space.boundaries)


def of_part(home: Home, found: Sources, week: str, viewer: Viewer, lang: Lang, sealed: Issue | None) -> Paper:
    """The paper of a viewer's districts and departments, with the measures supervised there; what the meeting wrote is
    of the whole and left out. Only the issue of the whole city is sealed: of a sealed week the part is read from the
    release that the seal names, as long as that is there, so that it fits the whole."""
    as_of = found.reader.info["as_of"]
    kept_as = scoped.sealed_release(Releases(home.releases), sealed)
    if sealed is not None and kept_as is not None:
        as_of, found = sealed.as_of, replace(found, reader=Reader(kept_as))
    mine = replace(found, viewer=viewer)
    try:
        issue = content(mine, week, as_of)
    except ValueError as error:
        raise problem(week, str(error), "use a whole week up to the release, such as 2025-W13") from None
    inside = scoped.actions(Asked.of(mine, week, as_of))
    supervised = _supervised(found.kept, issue, found.names, lang, inside) if found.kept is not None else []
    return Paper(issue, lang, "draft", found.space.boundaries, tuple(supervised))


def printed(
    issue: Issue, told: book.Book, sealed: Mapping[str, Any] | None, kept: sa.Engine | None, names: Names, lang: Lang,
    shapes: Mapping[str, Any] | None,
) -> Paper:  # fmt: skip
    """An issue with what its meeting wrote (`sealed` minutes come before the store's) and what is supervised."""
    meeting = _meeting(told, sealed)
    supervised = _supervised(kept, issue, names, lang) if kept is not None else []
    return Paper(issue, lang, told.status, shapes, (*_decided(meeting, names, lang), *supervised), meeting)


def read_issue(path: Path) -> Issue:
    """An issue from its file. Raises `Problems`."""
    try:
        return Issue.model_validate_json(path.read_bytes())
    except ValidationError as error:
        raise from_validation(error, str(path)) from None
    except FileNotFoundError:
        raise problem(str(path), "there is no such issue", "name one that was kept") from None


def _meeting(told: book.Book, sealed: Mapping[str, Any] | None) -> Meeting:
    """What the meeting wrote: as sealed, else as it stands."""
    if sealed is not None:
        return Meeting(str(sealed["attendees"]), str(sealed["minutes"]), tuple(sealed["decisions"]))
    return Meeting(told.attendees, told.minutes, tuple(vars(decided) for decided in told.decisions))


def _decided(meeting: Meeting, names: Names, lang: Lang) -> list[Order]:
    """The last decision about each item."""
    last = {line["item_id"]: line for line in meeting.decisions}
    found = []
    for line in last.values():
        due = line["due_on"]
        choice = word("pack.decision", line["decision"], lang)
        found.append(Order(
            number=clean(line["action_id"] or f"{line['week']}-{line['decision_no']}"), source=line["source"],
            title=clean(line["item_zh"] if lang == "zh" else line["item_en"], 200),
            measure=clean(f"{choice}: {line['text']}" if line["text"] else choice),
            department=names("dept", line["owner_dept"], lang) if line["owner_dept"] else "",
            person=clean(line["owner_person"] or ""), due=date.fromisoformat(str(due)) if due else None,
            is_decided=True,
        ))  # fmt: skip
    return found


def _supervised(
    kept: sa.Engine, issue: Issue, names: Names, lang: Lang, inside: Callable[[Action], bool] = lambda _: True
) -> list[Order]:
    """What is supervised and open: overdue first."""
    day = issue.as_of.date()
    found = [a for a in register.open_items(kept, day) if a.is_supervised and inside(a)]
    return [_order(action, names, lang) for action in found]


def _order(action: Action, names: Names, lang: Lang) -> Order:
    measure = measures().get(action.verify_measure)
    first = clean(action.problem).split("\n")[0]
    return Order(
        number=action.action_id, source=action.source_ref,
        origin=f"{word('pack.source', action.source, lang)} {action.source_ref}".strip(),
        title=clean(first, TITLE), problem=clean(action.problem), measure=clean(action.measure),
        level=word("pack.level", action.level, lang), state=word("pack.state", action.state, lang),
        department=names("dept", action.owner_dept, lang) if action.owner_dept else "",
        person=action.owner_person or "", due=action.due_on, reply=action.reply_by,
        verify=measure.name(lang) if measure else action.verify_measure, is_supervised=True,
    )  # fmt: skip
