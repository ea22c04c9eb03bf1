"""Files with one column per figure, read as one row per figure. What a figure means is the contract's business.

A contract says `[unpivot]`; its columns then read the two new headers like any others.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from duckdb import ColumnExpression, ConstantExpression, FunctionExpression, StarExpression
from pydantic import BaseModel, ConfigDict, Field, model_validator

from etl.sentences import fault

if TYPE_CHECKING:
    from etl.read import Raw


class Unpivot(BaseModel):
    """`headers` become rows: their names stand under the header `name`, their values under `value`."""

    model_config = ConfigDict(extra="forbid")
    headers: list[str] = Field(min_length=1)
    name: str
    value: str

    @model_validator(mode="after")
    def _names_are_new(self) -> Self:
        taken = {h for h in (self.name, self.value) if h in self.headers}
        if taken or self.name == self.value or len(set(self.headers)) < len(self.headers):
            raise ValueError("name, value and every one of headers must differ from each other")
        return self

    def present(self, headers: Iterable[str]) -> list[str]:
        """The headers of the list that a file has, in the contract's order."""
        there = set(headers)
        return [h for h in self.headers if h in there]


def unpivoted(raw: Raw, rule: Unpivot | None) -> Raw:
    """The same rows, each as often as it has figures, the order kept. Without a rule the same object.

    The reader has made sure that one of the headers is there. Raises `Problems` when a new header is there already.
    """
    if rule is None:
        return raw
    found = rule.present(raw.headers)
    if clash := [h for h in (rule.name, rule.value) if h in raw.headers]:
        raise fault("unpivot_clash", "unpivot", column=clash[0])
    names = FunctionExpression("list_value", *(ConstantExpression(h) for h in found))
    values = FunctionExpression("list_value", *(ColumnExpression(h) for h in found))
    relation = raw.relation.select(
        StarExpression(),
        FunctionExpression("unnest", names).alias(rule.name),
        FunctionExpression("unnest", values).alias(rule.value),
    )
    return replace(raw, relation=relation)
