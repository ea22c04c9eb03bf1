"""上次会议落实: what fell due in the week, was done and verified, what is overdue, and what earlier issues said
differently."""

from __future__ import annotations

from typing import Any

from alerts.actions import register
from alerts.actions.item import Action
from alerts.actions.register import Week
from alerts.review import scoped
from alerts.review.asked import Asked
from alerts.review.bundle import Change, Column, Item, Screen, Table, Words, is_headline
from alerts.review.texts import same, say, sentence, word

MOST = 6  # measures looked at one by one; the others stand in the list


def of_week(asked: Asked) -> Week | None:
    """The register as it stood when the week was over; None without a store."""
    kept = asked.sources.kept
    if kept is None:
        return None
    found = register.as_at(kept, asked.ends)
    if asked.is_part:
        found = list(filter(scoped.actions(asked), found))
    return register.week_of(found, asked.now.first, asked.now.last)


def screen(asked: Asked, week: Week | None, changes: tuple[Change, ...]) -> Screen:
    title = say("screen_actions")
    if week is None:
        return Screen(name="actions", title=title, finding=say("actions_none"), items=())
    found = finding(week)
    first = Item(id="kept", finding=found, tables=_tables(asked, week), evidence=(say("actions_how"),))
    items = [first, *[_item(asked, a, week) for a in _wanting(week)[:MOST]]]
    if changes:
        items.append(changed(changes))
    return Screen(name="actions", title=title, finding=found, items=tuple(items))


def finding(week: Week) -> Words:
    """How many of what fell due were done and verified, and what is overdue."""
    if not (week.due or week.open or week.closed):
        return say("actions_empty")
    if week.due:
        parts = [say("actions_due", n=len(week.due), done=len(week.done), verified=len(week.verified))]
    else:
        parts = [say("actions_none_due")]
    parts.append(say("actions_overdue", n=len(week.overdue)) if week.overdue else say("actions_in_time"))
    if week.unverified:
        parts.append(say("actions_unverified", n=len(week.unverified)))
    if week.replies:
        parts.append(say("actions_replies", n=len(week.replies)))
    return sentence(parts)


def rectification(asked: Asked, week: Week | None) -> Item | None:
    """整改清单: problem, department, person, measure, day, state, result, the overdue first."""
    if week is None or not week.open:
        return None
    table = _table(asked, [*week.open, *week.closed], say("rectification_table"), week)
    said = say("rectification_finding", n=len(week.open), late=len(week.overdue))
    return Item(id="rectification", finding=said, tables=(table,))


def changed(changes: tuple[Change, ...]) -> Item:
    """追溯变化: measures of earlier issues that read differently now, and how many numbers of their tables do."""
    heads = [c for c in changes if is_headline(c)]
    said = say("changes_finding", n=len(changes), weeks=len({c.week for c in changes}))
    note = say("changes_more", n=len(changes) - len(heads)) if len(heads) < len(changes) else None
    tables = (_changes_table(heads, note),) if heads else ()
    return Item(id="changes", finding=said, tables=tables, evidence=(note,) if note and not heads else ())


def changed_all(changes: tuple[Change, ...]) -> Item | None:
    """Every other number that reads differently, for the annex."""
    rest = [c for c in changes if not is_headline(c)]
    if not rest:
        return None
    said = say("changes_all", n=len(rest), weeks=len({c.week for c in rest}))
    return Item(id="changes_all", finding=said, tables=(_changes_table(rest, None),))


def _changes_table(changes: list[Change], note: Words | None) -> Table:
    rows: list[tuple[Any, ...]] = []
    for c in changes:
        share = c.unit == "share"
        rows.append((c.week, c.name.zh, c.name.en, *((c.sealed, c.now) if share else (None, None)),
                     *((None, None) if share else (c.sealed, c.now)), c.why.zh, c.why.en))  # fmt: skip
    columns = (
        Column(name="week", title=say("column_week"), kind="id"),
        Column(name="measure", title=say("column_measure")),
        Column(name="measure_en", title=say("column_measure")),
        Column(name="sealed_share", title=say("column_sealed_share"), kind="share"),
        Column(name="now_share", title=say("column_now_share"), kind="share"),
        Column(name="sealed", title=say("column_sealed"), kind="number"),
        Column(name="now", title=say("column_reads_now"), kind="number"),
        Column(name="why", title=say("column_why")),
        Column(name="why_en", title=say("column_why")),
    )
    return Table(title=say("changes_table"), columns=columns, rows=tuple(rows), note=note)


def _wanting(week: Week) -> list[Action]:
    """Overdue first, then what waits to be verified or answered."""
    found = {a.action_id: a for a in (*week.overdue, *week.unverified, *week.replies)}
    return list(found.values())


def _tables(asked: Asked, week: Week) -> tuple[Table, ...]:
    rows = {a.action_id: a for a in (*week.overdue, *week.due, *week.unverified, *week.replies)}
    return (_table(asked, list(rows.values()), say("actions_table"), week),) if rows else ()


def _table(asked: Asked, items: list[Action], title: Words, week: Week) -> Table:
    rows: list[tuple[Any, ...]] = []
    for a in items:
        dept = asked.name("dept", a.owner_dept) if a.owner_dept else say("dash")
        state, result = _state(a, week), word("result", a.result) if a.result else same("")
        rows.append((a.action_id, a.problem, a.measure, dept.zh, dept.en, a.owner_person, a.due_on.isoformat(),
                     state.zh, state.en, result.zh, result.en))  # fmt: skip
    columns = (
        Column(name="action_id", title=say("column_number"), kind="id"),
        Column(name="problem", title=say("column_problem")),
        Column(name="measure", title=say("column_action")),
        Column(name="dept", title=say("column_dept")),
        Column(name="dept_en", title=say("column_dept")),
        Column(name="person", title=say("column_person"), kind="id"),
        Column(name="due", title=say("column_due"), kind="date"),
        Column(name="state", title=say("column_state")),
        Column(name="state_en", title=say("column_state")),
        Column(name="result", title=say("column_result")),
        Column(name="result_en", title=say("column_result")),
    )
    return Table(title=title, columns=columns, rows=tuple(rows))


def _state(action: Action, week: Week) -> Words:
    is_late = action.action_id in {a.action_id for a in week.overdue}
    return say("state_overdue") if is_late else word("action", action.state)


def _item(asked: Asked, action: Action, week: Week) -> Item:
    dept = asked.name("dept", action.owner_dept) if action.owner_dept else say("dash")
    key = "action_item" if action.measure else "action_item_open"
    said = say(key, problem=same(action.problem), measure=same(action.measure), dept=dept, state=_state(action, week))
    due = Words(zh=action.due_on.isoformat(), en=action.due_on.isoformat())
    evidence = [say("action_due", due=due, first=action.first_due_on.isoformat(), level=word("level", action.level))]
    return Item(
        id=action.action_id, finding=said, source=f"action:{action.action_id}", evidence=tuple(evidence),
        wants_decision=True,
    )  # fmt: skip
