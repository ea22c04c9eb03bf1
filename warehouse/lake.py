"""The history: append-only Delta tables, and the exact list of files that one version consists of.

Which row of a key is current is decided in the staging models, never here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pyarrow as pa
from deltalake import ColumnProperties, CommitProperties, DeltaTable, WriterProperties, write_deltalake
from deltalake.exceptions import TableNotFoundError

from warehouse.canonical import PARTITION, Table, tables
from warehouse.home import fsync_path


@dataclass(frozen=True)
class Pinned:
    """One table at one version: the Parquet files a reader must read, with their partition."""

    table: str
    version: int
    files: tuple[tuple[str, str | None], ...]  # (path, partition)

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.files]

    def only(self, partitions: frozenset[str]) -> Pinned:
        """The same version, cut to some partitions."""
        return Pinned(self.table, self.version, tuple(f for f in self.files if f[1] in partitions))

    def of_files(self, names: frozenset[str]) -> Pinned:
        """The same version, cut to some files."""
        return Pinned(self.table, self.version, tuple(f for f in self.files if Path(f[0]).name in names))


class Lake:
    """All Delta tables under one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def open(self, name: str, version: int | None = None) -> DeltaTable | None:
        """The Delta table, or None while nothing was ever appended."""
        try:
            return DeltaTable(self.root / name, version=version)
        except TableNotFoundError:
            return None

    def append(self, name: str, rows: pa.RecordBatchReader | pa.Table, note: dict[str, str]) -> None:
        """Commit rows of `canonical.tables()[name]` in one atomic step, and force them to disk.

        The rows become visible to models only when the file's own row is appended to `etl_file`.
        """
        table = tables()[name]
        before = self.open(name)
        known = set(before.file_uris()) if before else set()
        write_deltalake(
            self.root / name,
            rows,
            partition_by=[PARTITION] if table.time_column else None,
            mode="append",
            schema_mode="merge",
            writer_properties=_encoding(table),
            commit_properties=CommitProperties(custom_metadata=note),
        )
        self._sync(name, known)

    def pin(self, name: str, version: int | None = None) -> Pinned:
        """The files of a version, the newest when none is given. Version -1 says: never written."""
        delta = self.open(name, version)
        if delta is None:
            return Pinned(name, -1, ())
        actions = delta.get_add_actions(flatten=True)
        paths = actions["path"].to_pylist()
        has_part = f"partition.{PARTITION}" in actions.schema.names
        parts = actions[f"partition.{PARTITION}"].to_pylist() if has_part else [None] * len(paths)
        base = self.root / name
        pairs = sorted((str(base / _unescape(p)), part) for p, part in zip(paths, parts, strict=True))
        return Pinned(name, delta.version(), tuple(pairs))

    def pin_all(self) -> dict[str, Pinned]:
        """Every table's newest version. The register is pinned first: what it lists is then there."""
        order = ["etl_file", *(n for n in tables() if n != "etl_file")]
        return {name: self.pin(name) for name in order}

    def read(self, name: str) -> pa.Table:
        """A whole small table (the internal ones) as Arrow; empty with the right columns when never written."""
        delta = self.open(name)
        schema = tables()[name].schema
        if delta is None:
            return schema.empty_table()
        found = pa.table(delta.to_pyarrow_table())
        # A table written before a column was added reads as if the column had always been empty.
        columns = [found[f.name] if f.name in found.column_names else pa.nulls(len(found), f.type) for f in schema]
        return pa.table(columns, schema=schema)

    def last_load(self, name: str) -> tuple[str, datetime] | None:
        """(file_id, loaded_at) of the file whose rows the newest commit appended; None for any other commit."""
        delta = self.open(name)
        last = delta.history(1)[0] if delta is not None else {}
        if last.get("operation") != "WRITE" or "file_id" not in last or "loaded_at" not in last:
            return None
        return last["file_id"], datetime.fromisoformat(last["loaded_at"])

    def withdraw(self, name: str, file_id: str, loaded_at: datetime) -> None:
        """Remove the rows that one load of one file appended; those of its other loads stay."""
        delta = self.open(name)
        if delta is not None:
            same_file = "file_id = '" + file_id.replace("'", "''") + "'"
            instant = loaded_at.isoformat(sep=" ", timespec="microseconds")
            delta.delete(f"{same_file} and loaded_at = arrow_cast('{instant}', 'Timestamp(Microsecond, None)')")

    def _sync(self, name: str, known: set[str]) -> None:
        delta = self.open(name)
        assert delta is not None
        folders = set()
        for uri in set(delta.file_uris()) - known:
            path = Path(uri.removeprefix("file://"))
            fsync_path(path)
            folders.add(path.parent)
        log = self.root / name / "_delta_log"
        fsync_path(log / f"{delta.version():020d}.json")
        for folder in folders | {log, self.root / name, self.root}:
            fsync_path(folder)


def _encoding(table: Table) -> WriterProperties:
    """How a table is written: whole numbers as packed differences, everything else with small dictionaries.

    Counters have tens of thousands of values and row_no never repeats: their dictionaries cost a fifth of the encoding
    and save little. Packed differences are standard Parquet; DuckDB's and Spark's readers are tested on them.
    """
    numbers = ["row_no", *(name for name, column in table.columns.items() if column.type == "int")]
    packed = ColumnProperties(dictionary_enabled=False, encoding="DELTA_BINARY_PACKED")
    return WriterProperties(
        compression="SNAPPY",
        dictionary_page_size_limit=64 << 10,
        column_properties=dict.fromkeys([] if table.internal else numbers, packed),
    )


def _unescape(path: str) -> str:
    from urllib.parse import unquote

    return unquote(path)


def empty(table: Table) -> pa.Table:
    """A table of the right shape without rows, for engines when nothing was loaded."""
    return table.schema.empty_table()
