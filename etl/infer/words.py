"""What the draft says to a person: sentences of `sentences.toml` in both languages, and how much each weighs."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from etl.privacy import scrub
from warehouse.problems import Problem, Problems

Weight = Literal["found", "assumed", "decide"]


@dataclass(frozen=True)
class Note:
    """One finding. `decide` asks a person; `column` is the canonical column or header it speaks of, or empty."""

    code: str
    zh: str
    en: str
    weight: Weight = "found"
    column: str = ""

    def say(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


def _scrubbed(text: str) -> str:
    """Examples are a file's own words."""
    return text if text.isdigit() and len(text) < 7 else str(scrub([text]).to_pylist()[0])


@cache
def _sentences() -> dict[str, dict[str, str]]:
    path = Path(__file__).with_name("sentences.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def note(code: str, weight: Weight = "found", *, column: str = "", **values: object) -> Note:
    """The sentence `code` with its placeholders filled; figures get thousands separators."""
    shown = {k: f"{v:,}" if isinstance(v, int) else str(v) for k, v in values.items()}
    shown = {k: _scrubbed(v) for k, v in shown.items()} | {"column": column}
    entry = _sentences()[code]
    return Note(code, entry["zh"].format(**shown), entry["en"].format(**shown), weight, column)


def refusal(code: str, where: str, **values: object) -> Problems:
    """Why a file cannot be looked at, with the cure, in both languages; ready to raise."""
    entry = _sentences()[f"fault_{code}"]
    what, cure = (entry["en"].format(**values), entry["cure_en"].format(**values))
    what_zh, cure_zh = (entry["zh"].format(**values), entry["cure_zh"].format(**values))
    return Problems([Problem(where, what, cure, what_zh, cure_zh)])
