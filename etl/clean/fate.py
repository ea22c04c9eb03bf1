"""Rows that are none: blank lines, repeated headers, totals, and what a contract excludes by a named rule."""

from __future__ import annotations

from duckdb import CaseExpression, ColumnExpression, ConstantExpression, Expression

from etl.clean.expressions import all_of, any_of, call
from etl.contract import Contract
from etl.read.raw import Raw

# What `fate__` may say.
REPEATED_HEADER, TOTALS_ROW, EXCLUDED = "repeated_header", "totals_row", "excluded: "


def fate_of(contract: Contract, raw: Raw) -> Expression:
    """NULL for an ordinary row, else why it is left out: blank, header, totals, or an exclusion's reason."""
    columns = [ColumnExpression(h) for h in raw.headers]
    fate = CaseExpression(all_of([c.isnull() for c in columns]), ConstantExpression("blank"))
    repeated = all_of([c == ConstantExpression(h) for c, h in zip(columns, raw.headers, strict=True)][:2])
    fate = fate.when(repeated, ConstantExpression(REPEATED_HEADER))
    if contract.file.totals:
        tokens = ConstantExpression(contract.file.totals)
        is_total = any_of([call("list_contains", tokens, call("tidy", c)) for c in columns[:2]])
        fate = fate.when(is_total, ConstantExpression(TOTALS_ROW))
    for rule in contract.exclude:
        if rule.header in raw.headers:
            hit = call("regexp_matches", ColumnExpression(rule.header), ConstantExpression(rule.matches))
            fate = fate.when(hit, ConstantExpression(EXCLUDED + rule.reason.en))
    return fate
