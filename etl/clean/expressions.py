"""Short words for composing expressions of the engine."""

from __future__ import annotations

import duckdb
from duckdb import Expression, FunctionExpression


def call(name: str, *arguments: Expression) -> Expression:
    return FunctionExpression(name, *arguments)


def coalesce(*arguments: Expression) -> Expression:
    return duckdb.CoalesceOperator(*arguments)


def all_of(conditions: list[Expression]) -> Expression:
    result = conditions[0]
    for condition in conditions[1:]:
        result = result & condition
    return result


def any_of(conditions: list[Expression]) -> Expression:
    result = conditions[0]
    for condition in conditions[1:]:
        result = result | condition
    return result
