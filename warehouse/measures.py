"""The measures: each defined once in `measures.toml`. Nobody else computes a ratio."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from warehouse.problems import from_validation
from warehouse.workspace import Words


class Measure(BaseModel):
    """One figure: how it is computed, on which time basis, in which unit, and what one should know about it."""

    model_config = ConfigDict(extra="forbid")
    id: str
    zh: str
    en: str
    kind: Literal["count", "rate", "per_10k", "mean", "quantile", "share"]
    base: str
    basis: Literal["accepted", "published", "live", "month", "day", "begun", "none"]
    numerator: str
    denominator: str | None = None
    denominator_base: str | None = None
    needs: list[str] = []
    unit: Words
    good: Literal["up", "down", "none"]
    min_n: int = 30
    caveat: Words
    source: Words
    version: int

    @model_validator(mode="after")
    def _has_its_denominator(self) -> Measure:
        if (self.denominator is None) != (self.kind in ("count", "share")):
            raise ValueError("counts and shares have no denominator of their own, all others need one")
        return self

    def name(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en

    def formula(self) -> str:
        """Numerator over denominator, as written."""
        if self.denominator is None:
            return self.numerator
        if self.kind == "quantile":
            return self.numerator
        factor = " * 10000" if self.kind == "per_10k" else ""
        return f"{self.numerator} / {self.denominator}{factor}"


@cache
def measures() -> dict[str, Measure]:
    """Every measure by id."""
    path = Path(__file__).with_name("measures.toml")
    found = {}
    for name, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        try:
            found[name] = Measure(id=name, **entry)
        except ValidationError as error:
            raise from_validation(error, f"{path.name} [{name}]") from None
    return found
