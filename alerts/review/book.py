"""What the meeting writes: attendees, minutes, decisions, and the seals, in the store. A decision to act becomes a
measure of the register in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Literal, get_args

import sqlalchemy as sa

from alerts import store
from alerts.actions.item import WHOLE, Draft
from alerts.actions.store import start_in
from alerts.actions.texts import clean, person
from alerts.handling import possible
from alerts.review import seal as sealed
from alerts.review.bundle import Issue, Item, Status
from alerts.review.seal import AlreadySealed, Seal
from warehouse import ops
from warehouse.problems import problem
from warehouse.viewer import Role

Decision = Literal["rectify", "observe", "false_alarm", "adjust", "merge"]
DECISIONS: tuple[Decision, ...] = get_args(Decision)
# What can be decided about something that is no warning: there is no alarm to be false and no rule to adjust.
PLAIN: tuple[Decision, ...] = ("rectify", "observe")
MOST_TEXT, MOST_MINUTES = 2000, 20_000
# A meeting is led by those who also supervise measures; the auditor and the wall only look.
MAY_SEAL: frozenset[Role] = frozenset({"manager", "supervisor"})
MAY_DECIDE: frozenset[Role] = frozenset({"manager", "supervisor", "duty", "analyst", "planner"})


class NotYours(PermissionError):
    """A role tried what it may not."""


class Changed(RuntimeError):
    """Somebody else wrote the minutes in the meantime."""


@dataclass(frozen=True)
class Decided:
    """One decision of a meeting."""

    decision_no: int
    week: str
    item_id: str
    item_zh: str
    item_en: str
    source: str
    decision: Decision
    text: str
    owner_dept: str | None
    owner_person: str | None
    due_on: date | None
    action_id: str | None
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True)
class Book:
    """The meeting of a week as the store has it. `decisions` are all, `of` gives the one that holds for an item."""

    week: str
    status: Status
    issue_hash: str | None
    minutes_hash: str | None
    sealed_at: datetime | None
    sealed_by: str | None
    minutes_sealed_at: datetime | None
    minutes_sealed_by: str | None
    attendees: str
    minutes: str
    revision: int
    decisions: tuple[Decided, ...]

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be written any more."""
        return self.status in ("minutes_sealed", "held")

    def of(self, item_id: str) -> Decided | None:
        found = [d for d in self.decisions if d.item_id == item_id]
        return found[-1] if found else None


def choices(item: Item) -> tuple[Decision, ...]:
    """What the meeting can decide about an item."""
    return DECISIONS if item.source.startswith("warning:") else PLAIN


def book(kept: sa.Engine | None, folder: Path, week: str) -> Book:
    """A week's meeting; empty where nobody wrote. What is sealed on disk counts also where the store was lost."""
    row: Any = None
    decisions: tuple[Decided, ...] = ()
    if kept is not None:
        d = ops.review_decision.c
        with kept.connect() as con:
            row = con.execute(sa.select(ops.review).where(ops.review.c.week == week)).mappings().first()
            lines = con.execute(sa.select(ops.review_decision).where(d.week == week).order_by(d.decision_no))
            decisions = tuple(Decided(**line) for line in lines.mappings())
    on_disk = (folder / week / sealed.SEAL).exists()
    closed = (folder / week / sealed.MINUTES).exists()
    status: Status = "minutes_sealed" if closed else "numbers_sealed" if on_disk else "draft"
    told = dict(row) if row is not None else {}
    if status == "draft" and _was_held(told):
        status = "held"
    return Book(
        week, status, told.get("issue_hash"), told.get("minutes_hash"), told.get("sealed_at"), told.get("sealed_by"),
        told.get("minutes_sealed_at"), told.get("minutes_sealed_by"), told.get("attendees") or "",
        told.get("minutes") or "", told.get("revision") or 0, decisions,
    )  # fmt: skip


def seal_numbers(kept: sa.Engine, folder: Path, issue: Issue, by: str, at: datetime, role: Role) -> Seal:
    """数字定版. Raises `NotYours` and `AlreadySealed`. A seal cut short on its way to the store is finished."""
    _allow(role, MAY_SEAL)
    if book(kept, folder, issue.week).status == "held":
        raise AlreadySealed(f"{issue.week} was held before")
    try:
        seal = sealed.seal_numbers(folder, issue, by, at)
    except AlreadySealed:
        there = sealed.read(folder, issue.week)
        if there is None or book(kept, folder, issue.week).issue_hash is not None:
            raise
        _note(kept, there.seal)
        raise
    _note(kept, seal)
    return seal


def _note(kept: sa.Engine, seal: Seal) -> None:
    values = {
        "sealed_at": seal.sealed_at, "sealed_by": seal.sealed_by, "issue_hash": seal.sha256,
        "release_id": seal.release_id,
    }  # fmt: skip
    with ops.writing(kept) as con:
        _row(con, seal.week)
        r = ops.review.c
        con.execute(ops.review.update().where(r.week == seal.week, r.issue_hash.is_(None)).values(**values))


def seal_minutes(kept: sa.Engine, folder: Path, week: str, by: str, at: datetime, role: Role) -> str:
    """纪要定稿: attendees, minutes and decisions beside the numbers they were made on; gives the hash.

    Raises `NotYours`, `AlreadySealed` and `Problems`.
    """
    _allow(role, MAY_SEAL)
    there = sealed.read(folder, week)
    told = book(kept, folder, week)
    text = {
        "week": week,
        "issue": None if there is None else there.seal.sha256,
        "sealed_at": at.isoformat(),
        "sealed_by": by,
        "attendees": told.attendees,
        "minutes": told.minutes,
        "decisions": [_told(d) for d in told.decisions],
    }
    digest = sealed.seal_minutes(folder, week, text)
    with ops.writing(kept) as con:
        _row(con, week)
        con.execute(
            ops.review.update()
            .where(ops.review.c.week == week)
            .values(minutes_sealed_at=at, minutes_sealed_by=by, minutes_hash=digest)
        )
    return digest


def write_minutes(
    kept: sa.Engine, folder: Path, week: str, attendees: str, minutes: str, revision: int, role: Role
) -> int:
    """Keep attendees and minutes; gives the new revision. Raises `NotYours`, `AlreadySealed` after the second seal,
    `Changed` when another wrote since `revision`, and `Problems` for text that is too long."""
    _allow(role, MAY_DECIDE)
    _still_open(folder, week)
    who, said = clean(attendees, "attendees", MOST_TEXT), clean(minutes, "minutes", MOST_MINUTES)
    with ops.writing(kept) as con:
        row = _row(con, week)
        _not_held(dict(row))
        if row["revision"] != revision:
            raise Changed(week)
        values = {"attendees": who, "minutes": said, "revision": revision + 1}
        con.execute(ops.review.update().where(ops.review.c.week == week).values(**values))
    return revision + 1


def decide(
    kept: sa.Engine, folder: Path, week: str, item: Item, decision: Decision, text: str, by: str, at: datetime,
    role: Role, owner_dept: str | None = None, owner_person: str | None = None, due_on: date | None = None,
) -> Decided:  # fmt: skip
    """Keep a decision about an item. 立项整改 starts a measure of the register; about a warning it is also the
    warning's own decision. All of it or nothing is kept.

    Raises `NotYours`, `AlreadySealed` after the minutes were, and `Problems` for what is missing.
    """
    _allow(role, MAY_DECIDE)
    _still_open(folder, week)
    where = f"{week} {item.id}"
    if decision not in choices(item):
        raise problem(where, f"cannot be decided as {decision!r}", f"use one of {', '.join(choices(item))}")
    said = clean(text, where, MOST_TEXT)
    who = person(owner_person, where) if owner_person else None
    if decision == "rectify" and not (said and owner_dept and due_on):
        raise problem(where, "has no measure, department or day", "fill in all three")
    if decision == "false_alarm" and not said:
        raise problem(where, "has no reason", "say why it was a false alarm")
    if due_on is not None and due_on < at.date():
        raise problem(where, f"is due on {due_on}, which is over", "choose a day to come")
    with ops.writing(kept) as con:
        _not_held(dict(_row(con, week)))
        action_id = None
        if decision == "rectify":
            assert owner_dept and due_on
            kind = item.source.partition(":")[0]
            scope = _scope(con, item.source)
            draft = Draft(
                source="review", source_ref=item.source if kind else f"review:{week}", problem=item.finding.zh,
                measure=said, scope_kind=scope[0], scope_id=scope[1], owner_dept=owner_dept, owner_person=who,
                begins_on=at.date(), due_on=due_on,
            )  # fmt: skip
            action_id = start_in(con, draft, by, at)
        if item.source.startswith("warning:"):
            _decide_warning(con, item.source.partition(":")[2], decision, by, at, said)
        values: dict[str, Any] = {
            "week": week, "item_id": item.id, "item_zh": item.finding.zh, "item_en": item.finding.en,
            "source": item.source, "decision": decision, "text": said, "owner_dept": owner_dept, "owner_person": who,
            "due_on": due_on, "action_id": action_id, "decided_by": by, "decided_at": at,
        }  # fmt: skip
        number = con.execute(ops.review_decision.insert().values(**values)).inserted_primary_key
    assert number is not None
    return Decided(decision_no=int(number[0]), **values)


def _scope(con: sa.Connection, source: str) -> tuple[str, str]:
    """Where a measure is to be judged: the hotspot, the district of the warning, else the whole."""
    kind, _, number = source.partition(":")
    if kind == "hotspot":
        return "hotspot", number
    query = sa.select(ops.warning.c.region_code).where(ops.warning.c.warning_id == number)
    region = con.execute(query).scalar() if kind == "warning" else None
    return ("region", str(region)) if region and region != "CITY" else (WHOLE, "")


def _decide_warning(con: sa.Connection, number: str, decision: Decision, by: str, at: datetime, note: str) -> None:
    """The decision on the warning and on all others of its incident that are not decided or closed yet."""
    w = ops.warning.c
    found = con.execute(sa.select(ops.warning).where(w.warning_id == number)).mappings().first()
    if found is None:
        return
    rows: Sequence[Any] = [found]
    if found["incident_id"]:
        rows = con.execute(sa.select(ops.warning).where(w.incident_id == found["incident_id"])).mappings().all()
    for row in rows:
        if "decide" in possible(row["handling"]) and row["handling"] != "decided":
            store.act_in(con, row, "decide", by, at, note, {"decision": decision})


def _told(d: Decided) -> dict[str, Any]:
    return {k: v.isoformat() if isinstance(v, date | datetime) else v for k, v in vars(d).items()}


def _row(con: sa.Connection, week: str) -> sa.RowMapping:
    """The week's row, made where it is missing; inside a transaction that holds the write lock."""
    query = sa.select(ops.review).where(ops.review.c.week == week)
    row = con.execute(query).mappings().first()
    if row is None:
        con.execute(ops.review.insert().values(week=week, attendees="", minutes="", revision=0))
        row = con.execute(query).mappings().first()
    assert row is not None
    return row


def _was_held(row: Mapping[str, Any]) -> bool:
    """A meeting of an earlier register has the instant of its minutes, and no hash of ours."""
    return row.get("minutes_sealed_at") is not None and row.get("minutes_hash") is None


def _not_held(row: Mapping[str, Any]) -> None:
    if _was_held(row):
        raise AlreadySealed(f"{row['week']} was held before")


def _still_open(folder: Path, week: str) -> None:
    if (folder / week / sealed.MINUTES).exists():
        raise AlreadySealed(f"the minutes of {week} are sealed")


def _allow(role: Role, allowed: frozenset[Role]) -> None:
    if role not in allowed:
        raise NotYours(role)
