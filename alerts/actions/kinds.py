"""Kinds of measures (kinds.toml): their names, and by which complaints they are judged."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

OTHER = "other"


class Kind(BaseModel):
    """`also`: names in older registers; `aims`: a type or group of types of complaints, "" for all."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    zh: str
    en: str
    also: tuple[str, ...] = ()
    aims: str = Field(default="", pattern=r"^[A-Z0-9]{0,8}$")
    acts: Literal["place", "region", "city"]

    def name(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by its code. Raises ValidationError for a faulty file, which is ours."""
    raw = tomllib.loads(Path(__file__).with_name("kinds.toml").read_text(encoding="utf-8"))
    return {code: Kind(**entry) for code, entry in raw.items()}


def called(kind: str, lang: str) -> str:
    """What a kind is called; one of an older program by its code."""
    found = kinds().get(kind)
    return found.name(lang) if found else kind


def of_words(words: str) -> str:
    """The kind that an older register calls so; "other" for none."""
    for code, kind in kinds().items():
        if words in (kind.zh, kind.en, *kind.also):
            return code
    return OTHER
