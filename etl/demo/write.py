"""Writing files as operators' systems export them: encoding, title lines, totals row, stable bytes.

Every writer fills a temporary name in the same folder and renames, so a reader never sees half a file.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import xlsxwriter

CREATED = datetime(2025, 3, 31, 8, 30)
"""Creation date stamped into workbooks, so that equal content gives equal bytes."""

Column: TypeAlias = np.ndarray | pa.Array | pa.ChunkedArray | list[Any]


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a temporary path beside `path`; rename it on success."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        yield temporary
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def instants(seconds: np.ndarray) -> pa.Array:
    """Seconds (NaN or negative = unknown) to a timestamp column printed `YYYY-MM-DD HH:MM:SS`."""
    known = np.isfinite(seconds) & (seconds > 0)
    whole = np.where(known, seconds, 0).astype(np.int64)
    return pa.array(whole, mask=~known).cast(pa.timestamp("s"))


def optional(values: np.ndarray | list[str], known: np.ndarray) -> pa.Array:
    """Column that is blank where `known` is false."""
    return pa.array(values, mask=~np.asarray(known, dtype=bool))


def labels(codes: np.ndarray, names: Sequence[str]) -> pa.Array:
    """Text column from category indices; a negative index is blank."""
    indices = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(indices, pa.array(list(names))).cast(pa.string())


def table(columns: dict[str, Column]) -> pa.Table:
    arrays = [c if isinstance(c, pa.Array | pa.ChunkedArray) else pa.array(c) for c in columns.values()]
    return pa.table(arrays, names=list(columns))


def csv_body(rows: pa.Table) -> bytes:
    """UTF-8 data lines without header; text is quoted only when some value of the table needs it."""
    needs = any(
        pc.any(pc.match_substring_regex(rows[field.name], '[",\r\n]')).as_py()
        for field in rows.schema
        if pa.types.is_string(field.type)
    )
    options = pa_csv.WriteOptions(include_header=False, quoting_style="needed" if needs else "none", batch_size=65_536)
    sink = io.BytesIO()
    pa_csv.write_csv(rows, sink, options)
    return sink.getvalue()


def csv(
    path: Path,
    rows: pa.Table,
    *,
    encoding: str = "utf-8",
    titles: Sequence[str] = (),
    trailer: Sequence[str] = (),
    crlf: bool = False,
) -> None:
    """Write `rows` with title lines above the header and trailer lines below the data."""
    body = csv_body(rows)
    head = "".join(f"{line}\n" for line in (*titles, ",".join(rows.column_names)))
    tail = "".join(f"{line}\n" for line in trailer)
    if encoding.replace("-", "").lower() in ("utf8", "utf8sig"):
        data = head.encode() + body + tail.encode()
        if crlf:
            data = data.replace(b"\n", b"\r\n")
        if encoding.lower().endswith("sig"):
            data = b"\xef\xbb\xbf" + data
    else:
        text = head + body.decode() + tail
        data = (text.replace("\n", "\r\n") if crlf else text).encode(encoding)
    with replacing(path) as temporary:
        temporary.write_bytes(data)


def xlsx(
    path: Path,
    sheet: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Any]],
    titles: Sequence[str] = (),
) -> None:
    """Write one sheet of text and numbers; None is an empty cell. Ids and times are text."""
    with replacing(path) as temporary:
        options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
        book = xlsxwriter.Workbook(str(temporary), options)
        book.set_properties({"created": CREATED, "title": "模拟数据", "comments": "模拟数据"})
        page = book.add_worksheet(sheet)
        number = 0
        for title in titles:
            page.write_string(number, 0, title)
            number += 1
        page.write_row(number, 0, header)
        for row in rows:
            number += 1
            for place, value in enumerate(row):
                if value is None or value == "":
                    continue
                if isinstance(value, str):
                    page.write_string(number, place, value)
                else:
                    page.write_number(number, place, value)
        book.close()


@contextmanager
def parquet(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """Parquet writer whose row groups are appended block by block."""
    with replacing(path) as temporary:
        writer = pq.ParquetWriter(temporary, schema, compression="zstd", version="2.6")
        try:
            yield writer
        finally:
            writer.close()


def text(values: Sequence[str | None]) -> pa.Array:
    """Text column; an empty string is blank. Typed also when there is no row."""
    return pa.array([v or None for v in values], pa.string())
