"""The rows of one file on their way to the lake: made private, put in place and time, cut to the table's columns.

Which rows and values are refused is decided in `quarantine.py`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from etl.contract import Contract
from etl.geo.locate import Locator
from etl.privacy import CustomerKey, scrub
from etl.quarantine import Judged
from etl.scan import Scan
from warehouse.canonical import PARTITION


@dataclass
class Stream:
    """One file's batches on their way from DuckDB to Delta: judged, made private, put into the lake's columns."""

    contract: Contract
    scan: Scan
    judged: Judged
    keys: CustomerKey
    file_on: str
    timezone: str
    locator: Locator
    first_period: datetime | None = None
    last_period: datetime | None = None
    fault: Exception | None = None

    def batches(self) -> Iterator[pa.RecordBatch]:
        """The batches. A fault is kept in `fault` too: the writer of the lake would only hand on its text."""
        try:
            yield from self._batches()
        except Exception as error:
            self.fault = error
            raise

    def _batches(self) -> Iterator[pa.RecordBatch]:
        schema = self.contract.target.schema
        for batch, compiled in self.scan.batches():
            kept = self.judged.judge(batch, compiled)
            if kept.num_rows == 0:
                continue
            columns = {name: kept.column(name) for name in self.contract.target.columns}
            self._make_private(columns)
            self.locator.fill(columns, kept.column("row_no"))
            self._shift_zone(columns)
            self._span(columns)
            n = kept.num_rows
            columns |= {
                "file_id": pa.repeat(self.judged.file_id, n),
                "row_no": kept.column("row_no"),
                "file_on": pa.repeat(self.file_on, n),
                "loaded_at": pa.repeat(pa.scalar(self.judged.loaded_at, pa.timestamp("us")), n),
            }
            if self.contract.target.time_column:
                columns[PARTITION] = self._partition(columns)
            yield pa.RecordBatch.from_arrays([columns[f.name].cast(f.type) for f in schema], schema=schema)

    def _make_private(self, columns: dict[str, pa.Array]) -> None:
        for name, source in self.contract.columns.items():
            if source.treat in ("msisdn", "staff"):
                columns[name] = self.keys.keys(columns[name])
            elif source.treat == "scrub":
                columns[name] = scrub(columns[name])
            elif self.contract.target.columns[name].type in ("text", "set") and source.const is None:
                columns[name] = _scrub_distinct(columns[name])

    def _shift_zone(self, columns: dict[str, pa.Array]) -> None:
        zone = self.contract.time.zone
        if zone is None or zone == self.timezone:
            return
        for name, column in self.contract.target.columns.items():
            if column.type == "time" and name in self.contract.columns:
                aware = pc.assume_timezone(columns[name], zone, ambiguous="earliest", nonexistent="latest")
                columns[name] = pc.local_timestamp(aware.cast(pa.timestamp("us", self.timezone)))

    def _partition(self, columns: dict[str, pa.Array]) -> pa.Array:
        """The month or day of each row's time, written out once per day."""
        kind, time = self.contract.target.partition.split(":", 1)
        days = columns[time].cast(pa.date32(), safe=False).dictionary_encode()
        names = pc.strftime(days.dictionary, {"month": "%Y-%m", "day": "%Y-%m-%d"}[kind])
        return names.take(days.indices)

    def _span(self, columns: dict[str, pa.Array]) -> None:
        name = self.contract.target.period_column
        if name is None:
            return
        bounds = pc.min_max(columns[name].cast(pa.timestamp("us"))).as_py()
        if bounds["min"] is not None:
            self.first_period = min(filter(None, [self.first_period, bounds["min"]]))
            self.last_period = max(filter(None, [self.last_period, bounds["max"]]))


def _scrub_distinct(column: pa.Array) -> pa.Array:
    """Scrub a column of few distinct values: a number typed into the wrong field must not get through either."""
    coded = column.dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices, scrub(coded.dictionary)).cast(pa.string())
