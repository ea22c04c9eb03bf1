"""What the digest says of measures: overdue, due soon, unverified, instructions without a reply. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date

from alerts.actions.item import Action
from alerts.actions.kinds import called
from alerts.broadcast import say
from alerts.sentence import Lang, Names

SHOWN = 5  # of each part that are told one by one
# What is told of a measure, and the first part it falls into: a measure is told once.
_PARTS: tuple[tuple[str, Callable[[Action, date], bool]], ...] = (
    ("measures_overdue", lambda a, today: a.is_overdue(today)),
    ("measures_replies", lambda a, today: a.waits_for_reply and a.reply_by is not None and a.reply_by <= today),
    ("measures_unverified", lambda a, today: a.is_unverified(today)),
    ("measures_soon", lambda a, today: a.is_soon(today)),
)


def lines(
    items: Sequence[Action], today: date, names: Names, lang: Lang, owners: Collection[str], base_url: str
) -> list[str]:
    """The lines of a reminder for some departments, none: for all; empty where nobody has to be reminded."""
    left = sorted((a for a in items if not owners or a.owner_dept in owners), key=lambda a: a.order(today))
    told: list[str] = []
    for part, belongs in _PARTS:
        here = [a for a in left if belongs(a, today)]
        left = [a for a in left if a not in here]
        if here:
            told.append(say(part, lang, n=len(here)))
            told += [_line(a, today, names, lang, base_url) for a in here[:SHOWN]]
            if len(here) > SHOWN:
                told.append(say("more", lang, n=len(here) - SHOWN))
    return told


def _line(action: Action, today: date, names: Names, lang: Lang, base_url: str) -> str:
    dept = names("dept", action.owner_dept or "", lang)
    due = f"{action.due_on:%m-%d}"
    said = f"· {action.action_id} {action.problem} → {action.measure or called(action.kind, lang)} ({dept}, {due})"
    return f"{said} {base_url.rstrip('/')}/actions?action={action.action_id}" if base_url else said
