"""Finished charts, kept by what they were drawn from: half of a view's time went into drawing the same picture again.

What is kept is the specification, by a digest of all arguments, the rows included: who gives the same rows and words
gets the same picture, and nobody gets another's. No Streamlit here; the memory is one of the process.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, cast

import pandas as pd
import pyarrow as pa

from pages._shared.charts.base import AnyChart

MOST_BYTES = 32 * 2**20
P = ParamSpec("P")


class _Memory:
    """Specifications by digest, the ones longest unused dropped beyond `most` bytes. Safe for many threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: bytes) -> dict[str, Any] | None:
        with self._lock:
            packed = self._kept.get(key)
            if packed is None:
                return None
            self._kept.move_to_end(key)
        # Unpacked anew each time, so that what one page does to it is not what the next one gets.
        return cast("dict[str, Any]", pickle.loads(packed))

    def put(self, key: bytes, spec: dict[str, Any]) -> None:
        packed = pickle.dumps(spec, protocol=pickle.HIGHEST_PROTOCOL)
        with self._lock:
            self.size += len(packed) - len(self._kept.pop(key, b""))
            self._kept[key] = packed
            while self.size > self.most:
                self.size -= len(self._kept.popitem(last=False)[1])

    def clear(self) -> None:
        with self._lock:
            self._kept.clear()
            self.size = 0


MEMORY = _Memory(MOST_BYTES)


class Picture:
    """A chart that is drawn when somebody looks at more of it than its specification."""

    def __init__(self, key: bytes, build: Callable[[], AnyChart]) -> None:
        self._key, self._build = key, build
        self._chart: AnyChart | None = None

    def spec(self) -> dict[str, Any]:
        """The Vega-Lite specification, unvalidated: tests validate every chart."""
        known = MEMORY.get(self._key)
        if known is None:
            known = packed(self._drawn().to_dict(validate=False))
            MEMORY.put(self._key, known)
        return known

    def _drawn(self) -> AnyChart:
        if self._chart is None:
            self._chart = self._build()
        return self._chart

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self._drawn(), name)


def packed(spec: dict[str, Any]) -> dict[str, Any]:
    """The specification with its rows as bytes of Arrow, which Streamlit sends as they are; made of a list at every
    look, they were an eighth of it. Shapes of districts stay a list: Vega reads their geometry from the specification.
    """
    rows = {name: found if _has_shapes(found) else _arrow(found) for name, found in spec.get("datasets", {}).items()}
    return {**spec, "datasets": rows} if rows else spec


def _has_shapes(rows: Any) -> bool:
    return not isinstance(rows, list) or any("geometry" in row for row in rows[:1])


def _arrow(rows: list[dict[str, Any]]) -> bytes | list[dict[str, Any]]:
    sink = io.BytesIO()
    try:
        table = pa.Table.from_pandas(pd.DataFrame(rows))
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        return rows  # a column of several kinds, which Streamlit turns into texts
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return sink.getvalue()


def remembered(chart: Callable[P, AnyChart]) -> Callable[P, AnyChart]:
    """Draw once for the same arguments. The result is used as the chart itself."""

    @wraps(chart)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> AnyChart:
        asked = pickle.dumps((chart.__module__, chart.__qualname__, args, sorted(kwargs.items())))
        key = hashlib.blake2b(asked, digest_size=16).digest()
        return cast(AnyChart, Picture(key, lambda: chart(*args, **kwargs)))

    return drawn
