"""How far a load has come, for a bar: bytes done with, guessed from rows while a file is being read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa

Advance = Callable[[int, int], None]
PROBE_BYTES = 1 << 16
# The last part of a file is told only when it is loaded: a guess must not say "done".
MOST_GUESSED = 0.97


def nobody(_bytes: int, _rows: int) -> None:
    """Nobody looks on."""


def counted(batches: Iterator[pa.RecordBatch], path: Path, advance: Advance) -> Iterator[pa.RecordBatch]:
    """The batches, telling `advance` of each: (bytes done with, rows read), and of the file's rest behind the last."""
    size = path.stat().st_size
    per_row = bytes_per_row(path)
    told = 0
    for batch in batches:
        yield batch
        now = min(int(size * MOST_GUESSED), told + int(per_row * batch.num_rows))
        advance(now - told, batch.num_rows)
        told = now
    advance(size - told, 0)


def bytes_per_row(path: Path) -> float:
    """Mean length of the first lines; 0 for a file that has none, whose progress is told at its end."""
    with path.open("rb") as handle:
        head = handle.read(PROBE_BYTES)
    is_text = b"\0" not in head and not head.startswith((b"PK", b"PAR1"))
    return len(head) / head.count(b"\n") if is_text and b"\n" in head else 0.0
