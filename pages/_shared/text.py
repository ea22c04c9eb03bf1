"""Words of the pages, in both languages. Numbers are formatted in numbers.py, and no page is laid out here.

A message id is a short stable key (`today.title`) and both languages are translations of it, so a missing
language shows. Catalogues are read as .po once per process; nothing has to be compiled.

`t("today.title", lang)` names its key. Where the last part is a code that data decide,
`word("verdict", code, lang)` names the family, and the test counts the whole family as used.
"""

import os
import string
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from babel.messages.pofile import read_po

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
DOMAIN = "lookout"
LOCALES = Path(__file__).resolve().parents[2] / "locales"


class MissingText(LookupError):
    """A key that one of the catalogues lacks, or a value that its text needs."""


class _Plurals(string.Formatter):
    """`{n:file|files}` reads "1 file", "2 files", "1.2k files": the noun follows the number as it is written."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, bar, many = format_spec.partition("|")
        if not bar:
            return str(super().format_field(value, format_spec))
        return f"{value} {one if str(value) == '1' else many}"


_FORMATTER = _Plurals()


@cache
def catalogue(lang: Lang) -> Mapping[str, str]:
    """Every key of a language with its text, read only."""
    path = LOCALES / lang / "LC_MESSAGES" / f"{DOMAIN}.po"
    with path.open("rb") as file:
        messages = read_po(file, locale=lang, domain=DOMAIN)
    return MappingProxyType({str(m.id): str(m.string) for m in messages if m.id})


def t(key: str, lang: Lang, /, **values: object) -> str:
    """The text of `key` with its named placeholders filled.

    A missing key or value raises `MissingText` under test; in production it shows the key, or the text as it
    stands, because a page with one odd label is better than no page.
    """
    text = catalogue(lang).get(key)
    if text is None:
        if is_strict():
            raise MissingText(f'locales/{lang}/LC_MESSAGES/{DOMAIN}.po has no "{key}"; add it in both languages')
        return key
    try:
        return _FORMATTER.vformat(text, (), values)
    except (KeyError, IndexError) as error:
        if is_strict():
            raise MissingText(f'"{key}" ({lang}) needs the value {error}; got {sorted(values)}') from error
        return text


def word(family: str, code: str | int, lang: Lang, /, **values: object) -> str:
    """The text of `family.code`, for codes that data decide (verdict, lamp, weekday, role, unit …)."""
    return t(f"{family}.{code}", lang, **values)


def maybe(family: str, code: str | int, lang: Lang, /) -> str | None:
    """The text of `family.code` if there is one: codes of sources are translated where they are known."""
    return catalogue(lang).get(f"{family}.{code}")


def noun(plural: str, number: str, lang: Lang, /) -> str:
    """A unit beside a number: "1 ticket". Units of measures are regular plurals in English."""
    return plural[:-1] if lang == "en" and number == "1" and plural.endswith("s") else plural


def has_chinese(text: str) -> bool:
    """Whether a text from outside needs Chinese to be read."""
    return any(c >= "\u2e80" for c in text)


def plain(text: str) -> str:
    """Text from outside, harmless inside Markdown."""
    return "".join("\\" + c if c in "\\`*_{}[]()#+-.!$<>|~:" else c for c in text)


def language(browser: str | None, default: Lang = "zh") -> Lang:
    """The language for a browser's locale, such as "zh-CN"; anything but Chinese reads English."""
    if not browser:
        return default
    return "zh" if browser.lower().startswith("zh") else "en"


def is_strict() -> bool:
    return "PYTEST_CURRENT_TEST" in os.environ or bool(os.environ.get("LOOKOUT_STRICT_TEXT"))


for _lang in LANGS:
    catalogue(_lang)
