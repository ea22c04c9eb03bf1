"""Arrays of texts, and the characters nobody sees. Knows nothing of identifiers."""

from __future__ import annotations

from collections.abc import Iterable

import pyarrow as pa

INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"


def as_strings(values: pa.Array | pa.ChunkedArray | Iterable[str | None]) -> pa.Array:
    """One array of strings, whatever kind of sequence came; NaN and None are null."""
    array = values if isinstance(values, pa.Array | pa.ChunkedArray) else pa.array(values, from_pandas=True)
    return (array.combine_chunks() if isinstance(array, pa.ChunkedArray) else array).cast(pa.string())
