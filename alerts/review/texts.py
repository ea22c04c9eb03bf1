"""Sentences of the review in both languages: kept in `texts.toml`, filled with numbers and with names in both."""

from __future__ import annotations

import string
import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from alerts.review.bundle import Words
from alerts.sentence import DASH, WRITE, Lang

LANGS: tuple[Lang, ...] = ("zh", "en")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@cache
def texts() -> dict[str, Words]:
    """Every sentence by key."""
    raw = tomllib.loads(Path(__file__).with_name("texts.toml").read_text(encoding="utf-8"))
    return {key: Words(**entry) for key, entry in raw.items()}


def say(key: str, /, **filled: Any) -> Words:
    """A sentence, filled. A value is a number, a day, or `Words`; missing numbers are written as a dash."""
    words = texts()[key]
    return Words(zh=_fill(words.zh, "zh", filled), en=_fill(words.en, "en", filled))


def word(family: str, code: str) -> Words:
    """The word of `family_code`; a code nobody named stays as it is."""
    return texts().get(f"{family}_{code}", same(code))


def same(text: Any) -> Words:
    """A name that is the same in both languages."""
    return Words(zh=str(text), en=str(text))


def joined(parts: list[Words], zh: str = "，", en: str = "; ") -> Words:
    """Clauses in one sentence, without those that are empty."""
    return Words(zh=zh.join(p.zh for p in parts if p.zh), en=en.join(p.en for p in parts if p.en))


def listed(parts: list[Words]) -> Words:
    """Names in a row."""
    return joined(parts, "、", ", ")


def sentence(parts: list[Words]) -> Words:
    """Clauses as a sentence with its stop, beginning with a capital."""
    told = joined(parts)
    return Words(zh=told.zh + "。", en=told.en[:1].upper() + told.en[1:] + ".")


def day(at: date) -> Words:
    """3月24日; 24 Mar."""
    return Words(zh=f"{at.month}月{at.day}日", en=f"{at.day} {_MONTHS[at.month - 1]}")


def moment(at: datetime) -> Words:
    """3月24日 08:30; 24 Mar 08:30."""
    told = day(at)
    return Words(zh=f"{told.zh} {at:%H:%M}", en=f"{told.en} {at:%H:%M}")


def _fill(text: str, lang: Lang, filled: dict[str, Any]) -> str:
    own = {k: v.of(lang) if isinstance(v, Words) else v for k, v in filled.items()}
    return _Filler(lang).vformat(text, (), own)


class _Filler(string.Formatter):
    """As warnings are written; `{n:ticket|tickets}` also takes the noun that belongs to the number."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None or (isinstance(value, float) and value != value):
            return DASH
        if "|" in format_spec:
            one, many = format_spec.split("|")
            told = WRITE["count"](value, self.lang)
            return f"{told} {one if told == '1' else many}"
        return WRITE[format_spec](value, self.lang) if format_spec else str(value)
