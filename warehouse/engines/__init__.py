"""Engines that run the models. Each has the same three verbs: give it inputs, run a model, take rows."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import pyarrow as pa

from warehouse.canonical import Table
from warehouse.catalog import Model
from warehouse.lake import Pinned


class Engine(Protocol):
    """Runs models over a pinned lake. Names of inputs are those the models use."""

    def give_lake(self, table: Table, pinned: Pinned) -> None:
        """Offer a lake table at a pinned version under `lake_<name>`, only rows of registered files."""

    def give(self, name: str, rows: pa.Table) -> None:
        """Offer a small table (seeds, run)."""

    def run(self, model: Model) -> None:
        """Run one model so that later ones can read it."""

    def rows(self, name: str) -> pa.RecordBatchReader:
        """Take the rows of anything given or run that is not left in the lake."""


def shims(engine: str) -> str:
    """The handful of functions that engines name differently."""
    return Path(__file__).with_name(f"shims_{engine}.sql").read_text(encoding="utf-8")
