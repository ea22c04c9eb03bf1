"""Rows whose columns are known only at the end, kept in the scratch folder meanwhile. Their source does not matter."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from etl.sentences import fault

CHUNK_ROWS = 20_000
CHUNK_CHARACTERS = 64 << 20
MOST_COLUMNS = 2_000


class Spool:
    """Rows of text on their way into Parquet files; a new column begins a new file."""

    def __init__(self, path: Path, scratch: Path) -> None:
        self._path, self._folder = path, scratch / "spool"
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._names: dict[str, str] = {}
        self._taken: set[str] = set()
        self._rows: list[dict[str, str | None]] = []
        self._n_waiting = self._n_broken = self.n_characters = 0
        self._writer: pq.ParquetWriter | None = None
        self._files: list[Path] = []

    def add(self, row: dict[str, str | None]) -> None:
        """One row. Raises `Problems` when there are more names than a table has columns."""
        if not row.keys() <= self._names.keys():
            self._names |= {key: self._named(key) for key in row if key not in self._names}
        if len(self._names) > MOST_COLUMNS:
            raise fault("many_columns", self._path.name, n=MOST_COLUMNS)
        self._rows.append(row)
        self._n_waiting += sum(len(value) for value in row.values() if value)
        if len(self._rows) >= CHUNK_ROWS or self._n_waiting >= CHUNK_CHARACTERS:
            self._flush()

    def close(self) -> tuple[list[Path], list[str], int]:
        """(files in order, columns in order of appearance, characters that had to be replaced)."""
        self._flush()
        if self._writer is not None:
            self._writer.close()
        return self._files, list(self._names.values()), self._n_broken

    def _flush(self) -> None:
        table = pa.table({name: self._column(key) for key, name in self._names.items()})
        if self._writer is None or self._writer.schema != table.schema:
            if self._writer is not None:
                self._writer.close()
            file = self._folder / f"{len(self._files):06d}.parquet"
            file.touch(mode=0o600)
            self._writer = pq.ParquetWriter(file, table.schema)
            self._files.append(file)
        self._writer.write_table(table)
        self.n_characters += self._n_waiting
        self._rows, self._n_waiting = [], 0

    def _named(self, key: str) -> str:
        """The engine does not tell `Id` from `id`; the later of the two gets a number."""
        name, n = key, 0
        while name.casefold() in self._taken:
            n += 1
            name = f"{key}_{n}"
        self._taken.add(name.casefold())
        return name

    def _column(self, key: str) -> pa.Array:
        values = [row.get(key) for row in self._rows]
        try:
            return pa.array(values, pa.string())
        except UnicodeEncodeError:  # half a character, as "\ud83d" alone
            return pa.array([self._mended(value) for value in values], pa.string())

    def _mended(self, value: str | None) -> str | None:
        if value is None:
            return None
        mended = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        self._n_broken += mended.count("\ufffd")
        return mended
