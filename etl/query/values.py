"""Values of a database as typed Arrow columns, whatever the driver makes of its types.

Batches may infer different types for one column (the first holds only nulls), so a common type is found at the end.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any

import pyarrow as pa

LONGEST_DECIMAL = 38


def batch(names: list[str], rows: Sequence[Sequence[Any]], zone: tzinfo) -> pa.Table:
    """Rows as a table. Instants with an offset become the local time of `zone`."""
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    return pa.table([_column(values, zone) for values in columns], names=names)


def _column(values: Sequence[Any], zone: tzinfo) -> pa.Array:
    plain = [_plain(value, zone) for value in values]
    kinds = {type(value) for value in plain if value is not None}
    if len(kinds) > 1 and kinds != {int, float}:
        return pa.array([_text(value) for value in plain], pa.string())
    try:
        return pa.array(plain, pa.timestamp("us") if kinds == {datetime} else None)
    except (pa.ArrowException, OverflowError, UnicodeEncodeError):  # a number of fifty digits, half a character
        return pa.array([_text(value) for value in plain], pa.string())


def _plain(value: Any, zone: tzinfo) -> Any:
    """The value as one of the types that Arrow knows."""
    if isinstance(value, datetime):
        return value.astimezone(zone).replace(tzinfo=None) if value.tzinfo else value
    if value is None or isinstance(value, bool | int | float | str | date):
        return value
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, list | dict | tuple):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _text(value: Any) -> str | None:
    if value is None:
        return None
    text = ("true" if value else "false") if isinstance(value, bool) else str(value)
    return text.encode("utf-8", "replace").decode("utf-8")


def common_schema(schemas: Sequence[pa.Schema]) -> pa.Schema:
    """One schema that every batch can be cast to."""
    fields = [pa.field(name, _common([s.field(at).type for s in schemas])) for at, name in enumerate(schemas[0].names)]
    return pa.schema(fields)


def _common(types: Sequence[pa.DataType]) -> pa.DataType:
    found = {kind for kind in types if not pa.types.is_null(kind)}
    if len(found) <= 1:
        return found.pop() if found else pa.string()
    if found == {pa.int64(), pa.float64()}:
        return pa.float64()
    if all(pa.types.is_decimal(kind) for kind in found):
        scale = max(kind.scale for kind in found)
        whole = max(kind.precision - kind.scale for kind in found)
        if whole + scale <= LONGEST_DECIMAL:
            return pa.decimal128(whole + scale, scale)
    return pa.string()
