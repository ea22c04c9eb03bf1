"""A row of the audit trail in words: the page and what it was asked for, the deed and what it was done to.

The trail keeps short names that never change. What this product names is said in the reader's language; whatever
came from a link stays as it was written.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.review.bundle import SCREENS
from alerts.review.texts import say
from pages._shared.frame import Frame
from pages._shared.text import Lang, maybe, t, word
from warehouse import audit

# Parameters of a link -> the column whose codes they hold.
_CODES = {
    "region": "region_code", "type": "type_l1", "subtype": "type_code", "channel": "channel_code", "dept": "owner_dept",
}  # fmt: skip
# Parameters of a link -> the texts that may know their values.
_KNOWN: dict[str, tuple[Callable[[str, Lang], str | None], ...]] = {
    "view": (lambda v, lang: maybe("view", v, lang),),
    "paint": (lambda v, lang: maybe("paint", v, lang),),
    "over": (lambda v, lang: maybe("over", v, lang),),
    "period": (lambda v, lang: maybe("period", v, lang),),
    "severity": (lambda v, lang: maybe("severity", v, lang),),
    "part": (
        lambda v, lang: maybe("types.part", v, lang),
        lambda v, lang: maybe("repeats.part", v, lang),
        lambda v, lang: maybe("voice.part", v, lang),
        lambda v, lang: maybe("handover.part", v, lang),
        lambda v, lang: maybe("compliance.part", v, lang),
    ),
    "item": (lambda v, lang: _screen(v, lang),),
    "warning": (lambda v, lang: maybe("warning.deed", v, lang), lambda v, lang: maybe("access.deed", v, lang)),
    "measure": (lambda v, lang: maybe("action.deed", v, lang), lambda v, lang: maybe("access.deed", v, lang)),
    "review": (lambda v, lang: maybe("review.decision", v, lang), lambda v, lang: maybe("access.deed", v, lang)),
}
_DEEDS = ("warning", "measure", "review")
_DIGESTS = frozenset({"old", "new", "sha256"})  # the first signs of a hash tell it from another
_PLAIN = ("view", "part", "paint", "over")  # said without a name before them: they name a view


def moment(at: datetime, zone: str) -> str:
    """An instant of the trail, which is kept in UTC, as clocks showed it where the workspace is."""
    return f"{at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


def midnight(day: date, zone: str) -> datetime:
    """The instant a day begins where the workspace is, as the trail keeps instants: in UTC without a zone."""
    return datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)


def matter(frame: Frame, row: Mapping[str, Any]) -> str:
    """What a row is about: subject, then what was asked of it."""
    detail = audit.read_detail(row)
    said = [_subject(frame, str(row["kind"]), str(row["subject"]))]
    order = [n for n in _PLAIN if n in detail] + [n for n in detail if n not in _PLAIN]
    said += [_asked(frame, name, detail[name]) for name in order]
    return " · ".join(s for s in said if s)


def _subject(frame: Frame, kind: str, subject: str) -> str:
    lang = frame.lang
    if kind == "page":
        return maybe("nav", subject, lang) or subject
    if kind in ("refused", "sign_in_failed"):
        return maybe("access.why", subject.replace(" ", "_"), lang) or subject
    of, colon, deed = subject.partition(": ")
    if colon and of in _DEEDS:
        return (
            word("access.subject", of, lang) + t("chart.colon", lang) + _known(of, deed.replace(" ", "_"), deed, lang)
        )
    return (
        maybe("access.subject", subject.replace(" ", "_").replace(".", "_"), lang)
        or maybe("nav", subject, lang)
        or subject
    )


def _asked(frame: Frame, name: str, value: Any) -> str:
    lang = frame.lang
    if isinstance(value, bool):
        return (maybe("access.asked", name, lang) or name) if value else ""
    if isinstance(value, dict):
        value = [f"{k} {v}".strip() for k, v in value.items()]
    values = [_value(frame, name, str(v)) for v in (value if isinstance(value, list) else [value]) if v != ""]
    joined = t("chart.list_separator", lang).join(v for v in values if v)
    if not joined or name in _PLAIN:
        return joined
    label = maybe("access.asked", name, lang) or name
    return f"{label} {joined}"


def _screen(item: str, lang: Lang) -> str | None:
    """An item of the weekly review by the screen it stands on; what it is about keeps its own name."""
    screen, dot, own = item.partition(".")
    if screen == "annex":
        return t("access.annex", lang)
    if screen not in SCREENS:
        return None
    return say(f"screen_{screen}").of(lang) + (f" ({own})" if dot else "")


def _value(frame: Frame, name: str, value: str) -> str:
    if name in _CODES:
        return frame.name(_CODES[name], value)
    if name in _DIGESTS:
        return value[:12] if value != "None" else t("access.nothing", frame.lang)
    return _known(name, value, value, frame.lang)


def _known(name: str, code: str, otherwise: str, lang: Lang) -> str:
    said = (ask(code, lang) for ask in _KNOWN.get(name, ()))
    return next((s for s in said if s), otherwise)
