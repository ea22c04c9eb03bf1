"""Figures that no single select gives, each once (derived.toml), beside the measures of measures.toml.

Does not belong here: how they are worked out; `function` names where that stands.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.problems import from_validation
from warehouse.workspace import Words


class Derived(BaseModel):
    """One figure: what is divided by what, where it is worked out, and what one should know about it. `function` is
    `module:name`; `needs` are tables that must have rows; `shown_on` the views that show it."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    id: str
    zh: str
    en: str
    numerator: Words
    denominator: Words
    function: str = Field(pattern=r"^[a-z_.]+:[a-z_]+$")
    needs: tuple[str, ...] = ()
    shown_on: tuple[str, ...] = Field(min_length=1)
    unit: Words
    good: Literal["up", "down", "none"]
    min_n: int = Field(ge=0)
    caveat: Words
    source: Words
    version: int = Field(ge=1)

    def name(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def formula(self, lang: str) -> str:
        """Numerator over denominator, in words."""
        top, bottom = (w.zh if lang == "zh" else w.en for w in (self.numerator, self.denominator))
        return f"{top} ÷ {bottom}"


@cache
def derived() -> dict[str, Derived]:
    """Every such figure by id."""
    path = Path(__file__).with_name("derived.toml")
    found = {}
    for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        try:
            found[name] = Derived(id=name, **entry)
        except ValidationError as error:
            raise from_validation(error, f"{path.name} [{name}]") from None
    return found
