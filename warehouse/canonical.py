"""The tables of the lake, read from `canonical.toml`. How a source becomes one of them is the contracts' business."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from warehouse.problems import from_validation

ColumnType = Literal["id", "text", "set", "int", "real", "ratio", "time", "date", "flag"]
ColumnClass = Literal["L1", "L2", "L3"]

ARROW: dict[str, pa.DataType] = {
    "id": pa.string(),
    "text": pa.string(),
    "set": pa.string(),
    "int": pa.int64(),
    "real": pa.float64(),
    "ratio": pa.float64(),
    "time": pa.timestamp("us"),
    "date": pa.date32(),
    "flag": pa.bool_(),
}


class Column(BaseModel):
    """One column of a lake table."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)
    type: ColumnType
    level: ColumnClass = Field("L1", alias="class")
    required: bool = False
    zh: str
    least: float | None = None


class Rule(BaseModel):
    """A condition that a row must not meet."""

    model_config = ConfigDict(extra="forbid")
    when: str
    action: Literal["reject", "flag"]


class Table(BaseModel):
    """One lake table: grain, columns, the key and version that choose the current row, its partitions."""

    model_config = ConfigDict(extra="forbid")
    name: str
    grain: str
    key: list[str]
    version: str | None = None
    partition: str
    order: list[str] = []  # of the rows of partitions that rest, so that a reader of few finds them
    period: str | None = None
    like: str | None = None
    internal: bool = False
    columns: dict[str, Column]
    rules: dict[str, Rule] = {}

    @property
    def time_column(self) -> str | None:
        """The column whose month or day names the partition; None for tables kept in one piece."""
        return self.partition.split(":", 1)[1] if ":" in self.partition else None

    @property
    def period_column(self) -> str | None:
        """The column that says which time a row speaks of."""
        return self.period or self.time_column

    @property
    def is_personal(self) -> bool:
        """Whether a row speaks of a person: then its columns may hold a phone number by mistake."""
        return any(column.level != "L1" for column in self.columns.values())

    @property
    def schema(self) -> pa.Schema:
        """Arrow schema as stored: provenance first, then the columns, then the partition."""
        fields = [] if self.internal else [pa.field(n, ARROW[t]) for n, t in PROVENANCE.items()]
        fields += [pa.field(name, ARROW[column.type]) for name, column in self.columns.items()]
        if self.time_column:
            fields.append(pa.field(PARTITION, pa.string()))
        return pa.schema(fields)


PARTITION = "part"
PROVENANCE: dict[str, str] = {"file_id": "id", "row_no": "int", "file_on": "text", "loaded_at": "time"}


@cache
def tables() -> dict[str, Table]:
    """Every lake table by name."""
    path = Path(__file__).with_name("canonical.toml")
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    found: dict[str, Table] = {}
    for name, entry in raw.items():
        try:
            table = Table(name=name, **entry)
        except ValidationError as error:
            raise from_validation(error, f"{path.name} [{name}]") from None
        if table.like:
            inherited = {k: v for k, v in found[table.like].columns.items() if k not in found[table.like].key}
            table.columns = {**table.columns, **inherited}
        found[name] = table
    return found
