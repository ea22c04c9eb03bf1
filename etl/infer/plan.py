"""What will be said of a file: the table, what each canonical column reads, what is left out. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from etl.infer.columns import Drafted
from etl.infer.filename import FileName
from etl.infer.places import Places
from etl.infer.words import Note
from warehouse.canonical import Table


@dataclass
class Plan:
    """Everything that the contract will say."""

    table: Table
    columns: dict[str, Drafted]
    places: Places | None
    name: FileName
    stem_is_captured: bool = False
    unpivot: dict[str, Any] | None = None
    classes: list[tuple[str, str]] = field(default_factory=list)
    left_out: dict[str, Note] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    plmn: str = ""
    zone: str = ""
    exclude: list[dict[str, Any]] = field(default_factory=list)
    decimal_comma: bool = False
    others: list[tuple[str, float]] = field(default_factory=list)
