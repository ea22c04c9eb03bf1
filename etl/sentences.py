"""The sentences of loading, from `sentences.toml`: every fault of a file, note and rule in both languages.

Nothing is decided here; modules name a sentence by its code and give what is to be filled in.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from warehouse.canonical import tables
from warehouse.problems import Problem, Problems, from_validation
from warehouse.workspace import Words

EMPTY = Words(zh="", en="")


class Sentence(BaseModel):
    """What is the matter, and what to do about it."""

    model_config = ConfigDict(extra="forbid")
    what: Words
    cure: Words = EMPTY


@cache
def sentences() -> dict[str, Sentence]:
    """All sentences by `kind.code`, such as `fault.empty`."""
    path = Path(__file__).with_name("sentences.toml")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    try:
        return {f"{kind}.{code}": Sentence(**entry) for kind, codes in raw.items() for code, entry in codes.items()}
    except ValidationError as error:
        raise from_validation(error, path.name) from None


def fault(code: str, where: str, **filled: object) -> Problems:
    """Why a file did not load, ready to raise. `filled` are the words in braces; `Words` fit the language."""
    sentence = sentences()[f"fault.{code}"]
    what, cure = fill(sentence.what, **filled), fill(sentence.cure, **filled)
    return Problems([Problem(where, what.en, cure.en, what.zh, cure.zh)])


def withdrawn(reason: str) -> Words:
    """What the register says of a file that was taken back."""
    what = sentences()["fault.withdrawn"].what
    return Words(zh=f"{what.zh}：{reason}", en=f"{what.en}: {reason}") if reason else what


def note(code: str, **filled: object) -> Words:
    """What is worth knowing of a file that loaded."""
    return fill(sentences()[f"note.{code}"].what, **filled)


def rule_name(rule: str) -> Words:
    """The name of a rule in words; `rule` may carry a detail behind a colon, which stays as it is."""
    code, _, detail = rule.partition(":")
    known = sentences().get(f"rule.{code}")
    if known is None:
        return Words(zh=rule, en=rule)
    name, kind = known.what, detail.strip()
    if not kind:
        return name
    detailed = sentences().get("line." + kind.replace(" ", "_"))
    more = detailed.what if detailed else Words(zh=kind, en=kind)
    return Words(zh=f"{name.zh}（{more.zh}）", en=f"{name.en} ({more.en})")


def rule_cure(rule: str, column: str = "", **filled: object) -> Words:
    """What to do about a refused row or value. `column` is the canonical column's name."""
    return fill(sentences()[f"rule.{rule}"].cure, column=column, **filled)


def fill(words: Words, **filled: object) -> Words:
    """Put values into the braces, in each language."""
    zh = {name: value.zh if isinstance(value, Words) else value for name, value in filled.items()}
    en = {name: value.en if isinstance(value, Words) else value for name, value in filled.items()}
    return Words(zh=words.zh.format(**zh), en=words.en.format(**en))


def column_name(table: str, column: str) -> Words:
    """A canonical column's name as readers know it."""
    known = tables()[table].columns.get(column) if table in tables() else None
    return Words(zh=known.zh if known else column, en=column)
