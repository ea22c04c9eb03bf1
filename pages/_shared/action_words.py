"""How a measure of the register reads: its badges, place, dates, and what happened to it. Words only, no layout."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from alerts.actions.item import Action, Event
from alerts.actions.kinds import called
from alerts.actions.past import BEFORE
from pages._shared import data_warnings, numbers, warning_words
from pages._shared.frame import Frame
from pages._shared.text import has_chinese, maybe, plain, t, word
from warehouse.measures import measures

_COLOUR = {"waiting": "orange", "returned": "red", "doing": "blue", "verifying": "violet", "closed": "gray"}
# Fields of a line of history that say nothing a reader needs.
_SILENT = ("state", "closed_at", "replied_at", "result_note", "first_due_on", "raised_at", "raised_by")


def badges(frame: Frame, action: Action, today: date) -> str:
    """State, level, source and how its day stands, as Markdown."""
    lang = frame.lang
    parts = [
        f":{_COLOUR[action.state]}-badge[{word('action.state', action.state, lang)}]",
        f":gray-badge[{word('warning.level', action.level, lang)}]" if action.level != "ordinary" else "",
        f":gray-badge[{word('action.source', action.source, lang)}]",
        due(frame, action, today),
    ]
    return " ".join(p for p in parts if p)


def due(frame: Frame, action: Action, today: date) -> str:
    """How its day stands, as Markdown."""
    said, colour = due_text(frame, action, today), "gray"
    if action.is_overdue(today) or action.is_unverified(today):
        colour = "red"
    elif action.is_soon(today):
        colour = "orange"
    return f":{colour}[{said}]"


def due_text(frame: Frame, action: Action, today: date) -> str:
    """How its day stands, in plain words."""
    lang = frame.lang
    if action.state == "closed":
        return word("action.result", action.result or "none", lang)
    if action.is_overdue(today):
        return t("action.overdue_by", lang, n=(today - action.due_on).days)
    if action.is_unverified(today) and action.done_on:
        return t("action.unverified_for", lang, n=(today - action.done_on).days)
    if action.state == "verifying":
        return t("action.in_window", lang)
    return t("action.days_left", lang, n=(action.due_on - today).days)


def headline(frame: Frame, action: Action) -> str:
    """The problem, then what is done about it."""
    if frame.lang == "en" and has_chinese(action.problem):
        return brief(frame, action)
    kind = called(action.kind, frame.lang)
    own = action.measure if frame.lang == "zh" or not has_chinese(action.measure) or action.kind == "other" else ""
    return f"{action.problem} → {own or kind}"


def brief(frame: Frame, action: Action) -> str:
    """What is done about what in the reader's language alone, for sentences."""
    if frame.lang == "zh" or not has_chinese(action.problem):
        return headline(frame, action)
    return t("action.brief", frame.lang, kind=called(action.kind, frame.lang), place=place(frame, action))


def place(frame: Frame, action: Action) -> str:
    """What it is about, in words; empty for the whole city."""
    if action.scope_kind == "region":
        return frame.name("region_code", action.scope_id)
    if action.scope_kind == "dept":
        return frame.name("owner_dept", action.scope_id)
    if action.scope_kind in ("place", "hall"):
        return named(frame, action.scope_kind, action.scope_id)
    return action.scope_id if action.scope_kind != "city" else t("action.whole", frame.lang)


def named(frame: Frame, kind: str, code: str) -> str:
    """A place or hall in words."""
    return data_warnings.called(frame.viewer)(kind, code, frame.lang)


def owner(frame: Frame, action: Action) -> str:
    """The department that has it, and the person where there is one."""
    dept = frame.name("owner_dept", action.owner_dept) if action.owner_dept else numbers.DASH
    return f"{dept} · {action.owner_person}" if action.owner_person else dept


def aim(frame: Frame, action: Action) -> str:
    """What shows whether it helped: a measure, of which complaints, over how long, against whom."""
    lang, entry = frame.lang, measures().get(action.verify_measure)
    name = entry.name(lang) if entry else action.verify_measure
    of = complaints(frame, action.verify_type)
    against = maybe("action.control", action.control, lang) or action.control
    return t("action.aim", lang, measure=name, of=of, n=action.verify_days, control=against)


def complaints(frame: Frame, code: str | None) -> str:
    """A type or group of types in words."""
    if not code:
        return t("action.all_types", frame.lang)
    dimension = "type_code" if code in frame.names("type_code") else "type_l1"
    return frame.name(dimension, code)


def person(name: str, frame: Frame) -> str:
    return t("action.before", frame.lang) if name == BEFORE else warning_words.person(name, frame.lang)


def line(frame: Frame, event: Event) -> str:
    """When, who, what: one line of the history, as Markdown."""
    lang = frame.lang
    told = [plain(value(frame, k, v)) for k, v in changed(event).items()] if event.deed != "raise" else []
    extra = t("chart.list_separator", lang).join([*told, *([plain(event.note)] if event.note else [])])
    did = word("action.did", event.deed, lang)
    at = f":gray[{numbers.moment(event.happened_at, lang)}]"
    return f"{at} **{person(event.actor, frame)}** " + (t("alt.item", lang, label=did, value=extra) if extra else did)


def meanwhile(frame: Frame, events: Sequence[Event]) -> str:
    """Who changed what since the reader looked, in a sentence."""
    lang = frame.lang
    told = [
        t(
            "action.meanwhile_item",
            lang,
            who=person(e.actor, frame),
            at=numbers.moment(e.happened_at, lang),
            did=word("action.did", e.deed, lang)
            + "".join(f" {plain(value(frame, k, v))}" for k, v in changed(e).items()),
        )
        for e in events
    ]
    return t("action.meanwhile", lang, told=t("action.and_then", lang).join(told))


def changed(event: Event) -> dict[str, Any]:
    """What a line of history changed that a reader needs to know."""
    return {k: v for k, v in event.changes.items() if k not in _SILENT and v is not None}


def value(frame: Frame, field: str, raw: Any) -> str:
    """A field with its value, in words."""
    lang, shown = frame.lang, str(raw)
    if isinstance(raw, bool):
        shown = word("action.yes_no", "yes" if raw else "no", lang)
    elif field == "owner_dept":
        shown = frame.name("owner_dept", raw)
    elif field == "kind":
        shown = called(str(raw), lang)
    elif field == "level":
        shown = word("warning.level", raw, lang)
    elif field == "result":
        shown = word("action.result", raw, lang)
    elif field == "verify_type":
        shown = complaints(frame, raw)
    elif field == "cost_yuan":
        shown = numbers.money(float(raw), lang)
    elif isinstance(raw, date) and not isinstance(raw, datetime):
        shown = numbers.date(raw, lang, year=True)
    return t("alt.item", lang, label=word("action.field", field, lang), value=shown)
