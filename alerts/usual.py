"""What is usual for a cell, an hour of the day and a class of day: medians of the eight weeks before, on arrays.

The same as relations/cell_usual.sql, which says what is meant, and the same to the last bit; for a network of many
thousand cells it takes a third of the time and memory, as nothing is put into lists first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

DAYS, HOURS = 56, 24
LEAST = 5  # days, for anything to be usual
SPREADS = 4  # own spreads from the median; what lies farther already was a warning
MEASURES = ("rsrp", "coverage", "speed")
NAMES = ("rsrp_dbm", "coverage", "speed_mbps")
CELLS_AT_ONCE = 2000
Floats = NDArray[np.float32]


@dataclass
class Grid:
    """Hours of (day, hour, cell): which were reported, and each measure, NaN where it is unknown. 13 bytes an hour.

    In the order in which hours come, so that they are put in side by side. Days lie in a ring: nothing moves when the
    first day does, and what no day was put into takes no memory yet.
    """

    first: date  # the day numbered 0
    seen: NDArray[np.bool_]
    found: dict[str, Floats]
    is_known: NDArray[np.bool_]  # of each place in the ring; elsewhere is anything
    turned: int = 0  # the place of the first day

    @classmethod
    def empty(cls, first: date, n_cells: int) -> Grid:
        shape = (DAYS, HOURS, n_cells)
        found = {name: np.empty(shape, dtype=np.float32) for name in MEASURES}
        return cls(first, np.empty(shape, dtype=bool), found, np.zeros(DAYS, dtype=bool))

    def begin_on(self, first: date) -> date:
        """Move on to a later first day; gives the first of the days that are to be filled."""
        days = min(max((first - self.first).days, 0), DAYS)
        self.is_known[self.places(np.arange(days))] = False
        self.first, self.turned = first, (self.turned + days) % DAYS
        return first + timedelta(days=DAYS - days)

    def places(self, days: NDArray[np.integer[Any]]) -> NDArray[np.integer[Any]]:
        """Where days lie in the ring, by their numbers."""
        return (days + self.turned) % DAYS

    def fill(self, rows: Iterable[pa.RecordBatch]) -> Grid:
        """Put rows of usual_hours.sql or usual_prepared.sql into it."""
        n_cells = self.seen.shape[2]
        for batch in rows:
            cell, hour, day = (batch[n].to_numpy(zero_copy_only=False) for n in ("cell_no", "hour_no", "day_no"))
            place = self.places(day.astype(np.int64))
            for new in np.flatnonzero(~self.is_known & (np.bincount(place, minlength=DAYS) > 0)):
                self.seen[new] = False
                for values in self.found.values():
                    values[new] = np.nan
                self.is_known[new] = True
            at = (place * HOURS + hour) * n_cells + cell
            self.seen.reshape(-1)[at] = True
            for name in MEASURES:
                self.found[name].reshape(-1)[at] = batch[name].to_numpy(zero_copy_only=False)
        return self

    @property
    def end(self) -> date:
        """The first day behind it."""
        return self.first + timedelta(days=DAYS)


def usual_rows(hours: Grid, is_workday: NDArray[np.bool_], cells: Sequence[str], week: date) -> pa.Table:
    """The rows of cell_usual for one week. `is_workday` says it of each day of the grid."""
    parts, seen, found = [], hours.seen, hours.found
    is_known = hours.is_known[hours.places(np.arange(DAYS))]
    names = pa.array(cells, pa.string())
    for first in range(0, len(cells), CELLS_AT_ONCE):
        some = slice(first, first + CELLS_AT_ONCE)
        for is_work in (False, True):
            days = hours.places(np.flatnonzero((is_workday == is_work) & is_known))
            there = seen[days, :, some].any(axis=0) if len(days) else np.zeros((HOURS, 0), dtype=bool)
            hour_no, cell_no = np.nonzero(there)
            if not len(cell_no):
                continue
            codes = pa.array((first + cell_no).astype(np.int32))
            columns: dict[str, Any] = {
                "week_start": pa.repeat(pa.scalar(week, pa.date32()), len(cell_no)),
                "cell_id": pa.DictionaryArray.from_arrays(codes, names),
                "hour_no": pa.array(hour_no.astype(np.int64)),
                "is_workday": pa.array(np.full(len(cell_no), is_work)),
            }
            for measure, name in zip(MEASURES, NAMES, strict=True):
                middle, spread = usual(np.ascontiguousarray(found[measure][days, :, some][:, there].T))
                columns[name] = pa.array(middle, pa.float32(), from_pandas=True)
                columns[f"{name.split('_')[0]}_spread"] = pa.array(spread, pa.float32(), from_pandas=True)
            parts.append(pa.table(columns))
    return pa.concat_tables(parts) if parts else SCHEMA.empty_table()


def usual(values: Floats) -> tuple[Floats, Floats]:
    """Per row of `values` (NaN: unknown): the median without what lies far off, NaN of fewer than five, and the spread,
    1.4826 times the median distance from the median."""
    n = (~np.isnan(values)).sum(axis=1)
    ordered = np.sort(values, axis=1)
    middle = median(ordered, n)
    away = np.abs(ordered - middle[:, None])
    spread = median(np.sort(away, axis=1), n) * np.float32(1.4826)
    with np.errstate(invalid="ignore"):
        near = away <= (SPREADS * spread)[:, None]
    # What is near lies side by side, as the values are in order.
    begin = near.argmax(axis=1) if near.shape[1] else np.zeros(len(near), dtype=np.int64)
    usually = median(ordered, near.sum(axis=1), begin)
    return np.where(n >= LEAST, usually, np.float32(np.nan)), spread


def median(ordered: Floats, n: NDArray[np.int64], begin: NDArray[np.int64] | int = 0) -> Floats:
    """The median of `n` of each row of ordered values from place `begin` on; NaN of none."""
    if not ordered.shape[1]:
        return np.full(len(ordered), np.nan, dtype=np.float32)
    rows, last = np.arange(len(ordered)), ordered.shape[1] - 1
    low = ordered[rows, begin + np.maximum(n - 1, 0) // 2]
    high = ordered[rows, np.minimum(begin + n // 2, last)]
    half = low.astype(np.float64) + (high - low).astype(np.float64) * 0.5
    return np.where(n > 0, np.where(n % 2 == 1, low, half), np.nan).astype(np.float32)


def first_day(week: date) -> date:
    """The first day that counts for a week."""
    return week - timedelta(days=DAYS)


SCHEMA = pa.schema(
    [("week_start", pa.date32()), ("cell_id", pa.dictionary(pa.int32(), pa.string()))]
    + [("hour_no", pa.int64()), ("is_workday", pa.bool_())]
    + [(n, pa.float32()) for m in NAMES for n in (m, f"{m.split('_')[0]}_spread")]
)
