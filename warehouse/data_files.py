"""The Parquet files of one append: rows split by partition, encoded, measured, and put in place for a commit.

Nothing here is visible to readers: what counts is the commit that names the files, and that is `lake.py`'s.
"""

from __future__ import annotations

import contextlib
import json
import math
import shutil
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from deltalake.transaction import AddAction

from warehouse.canonical import PARTITION, Table
from warehouse.home import fsync_path

STAGING = "_staging"  # Delta readers pass over names with an underscore
ROW_GROUP_ROWS = 122_880  # what DuckDB reads at once
PENDING_BYTES = 192 << 20
OPEN_FILES = 100
# As Delta's own default: the first columns carry bounds, and long texts help nobody to skip a file.
BOUNDED_COLUMNS = 32
BOUNDED_CHARACTERS = 64
_NO_PARTITION = "__HIVE_DEFAULT_PARTITION__"


class DataFiles:
    """Files of one append to the table in `folder`, first in its staging folder, then in place.

    Only one process may append at a time: a staging folder found here was left by a killed one and is removed.
    """

    def __init__(self, folder: Path, table: Table, group_rows: int = ROW_GROUP_ROWS) -> None:
        self.folder = folder
        self.group_rows = group_rows
        self.staging = folder / STAGING
        shutil.rmtree(self.staging, ignore_errors=True)
        self.is_split = table.time_column is not None
        names = [name for name in table.schema.names if not (self.is_split and name == PARTITION)]
        self.schema = pa.schema([table.schema.field(name) for name in names])
        self.encoding = encoding(table)
        self.pending: dict[str | None, list[pa.RecordBatch]] = {}
        self.n_pending: dict[str | None, int] = {}
        self.n_bytes = 0
        self.open: dict[str | None, _File] = {}
        self.closed: list[_File] = []

    def add(self, batch: pa.RecordBatch) -> None:
        """Take a batch in the table's columns. Rows are written once a row group of their partition is together."""
        for part, rows in self._split(batch):
            self.pending.setdefault(part, []).append(rows)
            self.n_pending[part] = self.n_pending.get(part, 0) + rows.num_rows
            self.n_bytes += rows.nbytes
            if self.n_pending[part] >= self.group_rows:
                self._write(part, is_last=False)
        while self.n_bytes > PENDING_BYTES:
            self._write(max(self.n_pending, key=self.n_pending.__getitem__), is_last=True)

    def publish(self) -> list[AddAction]:
        """Close the files, force them to disk and move them in place; returns what a commit says of them."""
        for part in list(self.n_pending):
            self._write(part, is_last=True)
        for part in list(self.open):
            self._close(part)
        for file in self.closed:
            fsync_path(file.path)
        folders = {self.folder} if self.closed else set()
        for file in self.closed:
            file.target.parent.mkdir(exist_ok=True)
            file.path = file.path.replace(file.target)
            folders.add(file.target.parent)
        for folder in folders:
            fsync_path(folder)
        shutil.rmtree(self.staging, ignore_errors=True)
        return [file.action() for file in self.closed]

    def discard(self) -> None:
        """Remove every file, staged or in place. Never after a commit that may have named them."""
        for file in [*self.open.values(), *self.closed]:
            file.abandon()
        shutil.rmtree(self.staging, ignore_errors=True)

    def _split(self, batch: pa.RecordBatch) -> list[tuple[str | None, pa.RecordBatch]]:
        if batch.num_rows == 0:
            return []
        rows = batch.select(self.schema.names).cast(self.schema)
        if not self.is_split:
            return [(None, rows)]
        parts = batch.column(PARTITION)
        distinct = pc.unique(parts).to_pylist()
        if len(distinct) == 1:
            return [(distinct[0], rows)]
        return [(part, rows.filter(_is(parts, part))) for part in distinct]

    def _write(self, part: str | None, is_last: bool) -> None:
        """Write what is together of a partition, in whole row groups unless it is the last there is."""
        table = pa.Table.from_batches(self.pending.pop(part), self.schema)
        self.n_bytes -= sum(batch.nbytes for batch in table.to_batches())
        n = self.n_pending.pop(part)
        whole = n if is_last else n - n % self.group_rows
        file = self.open.pop(part, None) or self._new(part)
        self.open[part] = file  # last used, last closed
        file.writer.write_table(table.slice(0, whole), row_group_size=self.group_rows)
        if whole < n:
            self.pending[part] = table.slice(whole).to_batches()
            self.n_pending[part] = n - whole
            self.n_bytes += sum(batch.nbytes for batch in self.pending[part])

    def _new(self, part: str | None) -> _File:
        if len(self.open) >= OPEN_FILES:
            self._close(next(iter(self.open)))
        self.staging.mkdir(parents=True, exist_ok=True)
        name = f"part-{uuid.uuid4()}.parquet"
        home = self.folder
        if self.is_split:
            home = home / f"{PARTITION}={_NO_PARTITION if part is None else quote(part, safe='')}"
        return _File(part, self.staging / name, home / name, self)

    def _close(self, part: str | None) -> None:
        file = self.open.pop(part)
        file.writer.close()
        self.closed.append(file)


class _File:
    """One Parquet file. `path` is where it is now, `target` where readers will look for it."""

    def __init__(self, part: str | None, path: Path, target: Path, files: DataFiles) -> None:
        self.part, self.path, self.target, self.files = part, path, target, files
        self.footers: list[pq.FileMetaData] = []
        collector = {"metadata_collector": self.footers}
        self.writer = pq.ParquetWriter(path, files.schema, store_schema=False, **files.encoding, **collector)

    def action(self) -> AddAction:
        status = self.path.stat()
        values = {PARTITION: self.part} if self.files.is_split else {}
        path = self.path.relative_to(self.files.folder).as_posix()
        stats = statistics(self.footers[0], self.files.schema)
        return AddAction(path, status.st_size, values, status.st_mtime_ns // 1_000_000, True, json.dumps(stats))

    def abandon(self) -> None:
        with contextlib.suppress(OSError, pa.ArrowException):  # a full disk; the file goes anyway
            self.writer.close()
        self.path.unlink(missing_ok=True)


def _is(parts: pa.Array, part: str | None) -> pa.Array:
    return pc.is_null(parts) if part is None else pc.fill_null(pc.equal(parts, part), False)


def encoding(table: Table) -> dict[str, Any]:
    """How a table is written: whole numbers as packed differences, everything else with small dictionaries.

    Counters have tens of thousands of values and row_no never repeats: their dictionaries cost a fifth of the encoding
    and save little. Packed differences are standard Parquet; DuckDB's and Spark's readers are tested on them.
    """
    numbers = ["row_no", *(name for name, column in table.columns.items() if column.type == "int")]
    packed = [] if table.internal else numbers
    others = [name for name in table.schema.names if name not in packed and name != PARTITION]
    return {
        "compression": "snappy",
        "use_dictionary": others,
        "column_encoding": dict.fromkeys(packed, "DELTA_BINARY_PACKED") or None,
        "dictionary_pagesize_limit": 64 << 10,
    }


def statistics(footer: pq.FileMetaData, schema: pa.Schema) -> dict[str, Any]:
    """Delta's statistics of a file from its Parquet footer: rows, and nulls and bounds of the first columns."""
    lowest: dict[str, Any] = {}
    highest: dict[str, Any] = {}
    n_null: dict[str, int] = {}
    groups = [footer.row_group(i) for i in range(footer.num_row_groups)]
    for at, name in enumerate(schema.names[:BOUNDED_COLUMNS]):
        found = [group.column(at).statistics for group in groups]
        if any(s is None or not s.has_null_count for s in found):
            continue
        n_null[name] = sum(s.null_count for s in found)
        filled = [s for s, group in zip(found, groups, strict=True) if s.null_count < group.num_rows]
        if not filled or not all(s.has_min_max for s in filled):
            continue
        low, high = _bound(min(s.min for s in filled), False), _bound(max(s.max for s in filled), True)
        if low is not None and high is not None:
            lowest[name], highest[name] = low, high
    return {"numRecords": footer.num_rows, "minValues": lowest, "maxValues": highest, "nullCount": n_null}


def _bound(value: Any, is_upper: bool) -> Any:
    """A bound as Delta's JSON has it: instants in milliseconds, rounded outwards. None for what gives no bound."""
    if isinstance(value, datetime):
        if is_upper and value.microsecond % 1000:
            value += timedelta(milliseconds=1)
        return value.isoformat(timespec="milliseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, str):
        return value if len(value) <= BOUNDED_CHARACTERS else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None
