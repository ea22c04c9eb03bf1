"""The history: append-only Delta tables, and the exact list of files that one version consists of.

Which row of a key is current is decided in the staging models, never here.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from deltalake import CommitProperties, DeltaTable, Schema
from deltalake.exceptions import TableNotFoundError
from deltalake.transaction import AddAction, RemoveAction, create_table_with_add_actions

from warehouse import parts
from warehouse.canonical import PARTITION, Table, tables
from warehouse.data_files import ROW_GROUP_ROWS, DataFiles
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
        """The same version, cut to what has days in common with some partitions; a month names all its days."""
        wanted = parts.touching(partitions)
        return Pinned(self.table, self.version, tuple(f for f in self.files if f[1] in wanted))

    def of_files(self, names: frozenset[str]) -> Pinned:
        """The same version, cut to some files."""
        return Pinned(self.table, self.version, tuple(f for f in self.files if Path(f[0]).name in names))


@dataclass(frozen=True)
class Replaced:
    """Files whose rows other files hold from now on."""

    pinned: Pinned
    n_rows: int

    def removal(self, path: str, part: str | None, folder: Path, at: int) -> RemoveAction:
        name = Path(path).relative_to(folder).as_posix()
        return RemoveAction(name, False, at, Path(path).stat().st_size, {PARTITION: part})


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

    def append(self, name: str, rows: pa.RecordBatchReader | pa.Table, note: dict[str, str]) -> int:
        """Commit rows of `canonical.tables()[name]` in one atomic step, and force them to disk.

        Returns how many rows the files hold, by their own footers. The rows become visible to models only when the
        file's own row is appended to `etl_file`.
        """
        table = tables()[name]
        return self._write(DataFiles(self.root / name, table), table, rows, CommitProperties(custom_metadata=note))

    def rewrite(self, pinned: Pinned, rows: pa.RecordBatchReader, group_rows: int = ROW_GROUP_ROWS) -> None:
        """Put files with `rows` in the place of those of `pinned`, which hold the same rows, in one atomic step."""
        table = tables()[pinned.table]
        n_rows = sum(pq.read_metadata(path).num_rows for path in pinned.paths)
        files = DataFiles(self.root / table.name, table, group_rows)
        self._write(files, table, rows, None, Replaced(pinned, n_rows))

    def _write(
        self,
        files: DataFiles,
        table: Table,
        rows: pa.RecordBatchReader | pa.Table,
        note: CommitProperties | None,
        replaced: Replaced | None = None,
    ) -> int:
        try:
            for batch in rows if isinstance(rows, pa.RecordBatchReader) else rows.to_batches():
                files.add(batch)
            added = files.publish()
            n_rows = sum(int(json.loads(action.stats)["numRecords"]) for action in added)
            if replaced is not None and n_rows != replaced.n_rows:
                raise ValueError(f"{table.name}: {replaced.n_rows} rows would be replaced by {n_rows}")
        except BaseException:
            files.discard()
            raise
        try:
            self._commit(table, added, note, replaced)
        except Exception:
            if not self._has(table.name, added):
                files.discard()
            raise
        self._sync(table.name)
        return n_rows

    def _commit(
        self, table: Table, added: list[AddAction], note: CommitProperties | None, replaced: Replaced | None = None
    ) -> None:
        """The one step that makes files count. A column that a later version brought is declared first."""
        partition = [PARTITION] if table.time_column else []
        delta = self.open(table.name)
        if delta is None:
            schema = Schema.from_arrow(table.schema)
            folder = self.root / table.name
            create_table_with_add_actions(str(folder), schema, added, partition_by=partition, commit_properties=note)
            return
        known = {field.name for field in delta.schema().fields}
        new = [field for field in table.schema if field.name not in known]
        if new:
            delta.alter.add_columns(list(Schema.from_arrow(pa.schema(new)).fields))
        actions: list[AddAction | RemoveAction] = [*added]
        if replaced is not None:
            at = max(action.modification_time for action in added)
            actions = [replace(action, data_change=False) for action in added]
            actions += [
                replaced.removal(path, part, self.root / table.name, at) for path, part in replaced.pinned.files
            ]
        delta.create_write_transaction(actions, "append", table.schema, partition, commit_properties=note)

    def _has(self, name: str, added: list[AddAction]) -> bool:
        """Whether a commit that raised was made after all: its files must then stay."""
        delta = self.open(name)
        known = {Path(uri).name for uri in delta.file_uris()} if delta else set()
        return any(Path(action.path).name in known for action in added)

    def pin(self, name: str, version: int | None = None) -> Pinned:
        """The files of a version, the newest when none is given. Version -1 says: never written."""
        delta = self.open(name, version)
        if delta is None:
            return Pinned(name, -1, ())
        actions = delta.get_add_actions(flatten=True)
        paths = actions["path"].to_pylist()
        has_part = f"partition.{PARTITION}" in actions.schema.names
        named = actions[f"partition.{PARTITION}"].to_pylist() if has_part else [None] * len(paths)
        base = self.root / name
        pairs = sorted((str(base / _unescape(p)), part) for p, part in zip(paths, named, strict=True))
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
        if last.get("operation") not in ("WRITE", "CREATE TABLE") or "file_id" not in last or "loaded_at" not in last:
            return None
        return last["file_id"], datetime.fromisoformat(last["loaded_at"])

    def withdraw(self, name: str, file_id: str, loaded_at: datetime) -> None:
        """Remove the rows that one load of one file appended; those of its other loads stay."""
        delta = self.open(name)
        if delta is not None:
            same_file = "file_id = '" + file_id.replace("'", "''") + "'"
            instant = loaded_at.isoformat(sep=" ", timespec="microseconds")
            delta.delete(f"{same_file} and loaded_at = arrow_cast('{instant}', 'Timestamp(Microsecond, None)')")

    def _sync(self, name: str) -> None:
        delta = self.open(name)
        assert delta is not None
        log = self.root / name / "_delta_log"
        for path in (log / f"{delta.version():020d}.json", log, self.root / name, self.root):
            fsync_path(path)


def _unescape(path: str) -> str:
    from urllib.parse import unquote

    return unquote(path)


def empty(table: Table) -> pa.Table:
    """A table of the right shape without rows, for engines when nothing was loaded."""
    return table.schema.empty_table()
