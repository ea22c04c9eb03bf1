"""What happens to values and rows that a contract could not accept. Values are scrubbed before they are kept."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from etl.clean import FATE, RAW, RULE, TOTALS_ROW, UNMAPPED, Compiled
from etl.contract import Contract, Source
from etl.privacy import NUMBER_IN_ID, scrub
from etl.read import BadLine
from etl.sentences import rule_cure
from warehouse.canonical import tables
from warehouse.workspace import Words

# Refused rows are all kept. Of values set to missing or flagged, so many of a kind are, and the rest is one entry.
EXAMPLES_PER_RULE = 1000
ENTRIES_AT_ONCE = 10_000  # more are made a table, which takes a tenth of the memory
SHOWN_CHARACTERS = 120
_LEAST_NUMBER, _BEYOND_NUMBER = 13_000_000_000, 20_000_000_000


@dataclass
class Judged:
    """Counts and entries gathered while one file streams through."""

    contract: Contract
    file_id: str
    loaded_at: datetime
    entries: list[dict[str, Any]] = field(default_factory=list)
    tables: list[pa.Table] = field(default_factory=list)
    summaries: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    n_rows: int = 0
    n_loaded: int = 0
    n_rejected: int = 0
    n_flagged: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    unmapped: Counter[tuple[str, str]] = field(default_factory=Counter)
    per_rule: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows_per_line: int = 1

    def judge(self, batch: pa.RecordBatch, compiled: Compiled) -> pa.RecordBatch:
        """The rows of a batch that go to the lake, with `row_no`; everything else is counted and noted."""
        first = self.n_rows + 1
        self.n_rows += batch.num_rows
        numbers = pa.array(np.arange(first, first + batch.num_rows, dtype=np.int64))
        keep = [True] * batch.num_rows
        touched = False
        fate = batch.column(FATE)
        if fate.null_count < batch.num_rows:
            touched = True
            for i, why in enumerate(fate.to_pylist()):
                if why is not None:
                    keep[i] = False
                    self.dropped[why] += 1
        touched |= self._unreadable(batch, compiled, keep, first)
        batch = self._refused_values(batch, keep, first)
        touched |= not all(keep)
        touched |= self._missing(batch, keep, first)
        touched |= self._unmapped(batch, compiled, keep, first)
        touched |= self._rules(batch, compiled, keep, first)
        result = batch.add_column(0, "row_no", numbers)
        if touched:
            result = result.filter(pa.array(keep))
        self.n_loaded += result.num_rows
        return result

    def adds_up(self, n_landed: int) -> bool:
        """Whether every row read has landed, was refused, or was left out by a named rule."""
        return self.n_loaded == n_landed and self.n_rows == n_landed + self.n_rejected + self.dropped.total()

    def note(
        self, row_no: int, column: str, rule: str, action: str, value: str | None, cure: Words, n_rows: int = 1
    ) -> None:
        """Remember one refusal of `n_rows`."""
        self.per_rule[(column, rule)] += n_rows
        if action == "reject":
            self.n_rejected += n_rows
        else:
            self.n_flagged += n_rows
        if (
            action != "reject"
            and self.per_rule[(column, rule)] > EXAMPLES_PER_RULE
            and (column, rule) in self.summaries
        ):
            self.summaries[(column, rule)]["n_values"] += n_rows
            return
        entry = {"row_no": row_no, "column_name": column, "rule": rule, "action": action, "n_values": n_rows}
        entry |= {"value_scrubbed": value, "cure": cure.en, "cure_zh": cure.zh}
        if action != "reject" and self.per_rule[(column, rule)] > EXAMPLES_PER_RULE:
            self.summaries[(column, rule)] = entry
            return
        self.entries.append(entry)
        if len(self.entries) >= ENTRIES_AT_ONCE:
            self._pack()

    def note_bad_lines(self, lines: list[BadLine], delimiter: str) -> None:
        """Lines that never became rows; the rows behind them were numbered as if these lines were not there."""
        self._pack()
        if lines:
            self.tables = [_moved_down(table, lines) for table in self.tables]
        for bad in lines:
            self._note_bad_line(bad, delimiter)

    def _note_bad_line(self, bad: BadLine, delimiter: str) -> None:
        """A line that could not be split, or a totals line that is merely shorter than the header."""
        self.n_rows += bad.n_lines
        first_cell = bad.sample.split(delimiter, 1)[0].strip(' \t\r\n"')
        if bad.n_lines == 1 and first_cell in self.contract.file.totals:
            self.dropped[TOTALS_ROW] += 1
            return
        cure = rule_cure("undecodable_line" if bad.kind == "invalid encoding" else "bad_line")
        if bad.n_lines > 1:
            cure = rule_cure("open_quote", n=f"{bad.n_lines - 1:,}")
        self.note(bad.row_no, "", f"bad_line: {bad.kind}", "reject", bad.sample, cure, bad.n_lines)

    def _refused_values(self, batch: pa.RecordBatch, keep: list[bool], first: int) -> pa.RecordBatch:
        """Values of the right type that must not reach the lake: figures that cannot be, and phone numbers.

        `NaN` and `Infinity` read as figures and spoil every sum. A phone number may be typed into an id or a
        figure of a table about people; texts need nothing here, they are scrubbed or become keys.
        """
        for name, source in self.contract.columns.items():
            column = batch.column(name)
            low, high = _extent(column)
            is_suspect = pa.types.is_floating(column.type) and not (math.isfinite(low) and math.isfinite(high))
            endless = pc.fill_null(pc.invert(pc.is_finite(column)), False) if is_suspect else None
            refused = {"not_readable": endless, "below_least": self._too_small(name, column, low)}
            refused["phone_number"] = self._suspects(name, source, column)
            for rule, mask in refused.items():
                found = pc.indices_nonzero(mask).to_pylist() if mask is not None else []
                if not found:
                    continue
                action = "reject" if self.contract.is_required(name) else "missing"
                for i in found:
                    if keep[i]:
                        shown = "[hidden]" if rule == "phone_number" else str(column[i])
                        self._refuse(i, keep, first, name, rule, action, shown)
                column = pc.if_else(mask, pa.scalar(None, column.type), column)
                batch = batch.set_column(batch.schema.get_field_index(name), name, column)
        return batch

    def _too_small(self, name: str, values: pa.Array, low: float) -> pa.Array | None:
        """Where a figure is below the least it can be: negative counts, and sentinels nobody declared."""
        least = self.contract.target.columns[name].least
        if least is None or low >= least:  # a column with NaN in it may hold anything
            return None
        return pc.fill_null(pc.less(values, least), False)

    def _suspects(self, name: str, source: Source, values: pa.Array) -> pa.Array | None:
        column = self.contract.target.columns[name]
        if not self.contract.target.is_personal or source.treat in ("msisdn", "staff") or source.shape:
            return None
        if column.type == "id":
            return pc.fill_null(pc.match_substring_regex(values, NUMBER_IN_ID), False)
        if column.type in ("int", "real"):
            in_range = pc.and_(pc.greater_equal(values, _LEAST_NUMBER), pc.less(values, _BEYOND_NUMBER))
            return pc.fill_null(in_range, False)
        return None

    def _unreadable(self, batch: pa.RecordBatch, compiled: Compiled, keep: list[bool], first: int) -> bool:
        raw = batch.column(RAW)
        if raw.null_count == batch.num_rows:
            return False
        for i in pc.indices_nonzero(pc.is_valid(raw)).to_pylist():
            if not keep[i]:
                continue
            texts = raw[i].as_py()
            for name, text in zip(compiled.watched, texts, strict=True):
                source = self.contract.columns[name]
                off_shape = source.on_bad == "keep" and source.shape is not None
                if text is None or (batch.column(name)[i].is_valid and not off_shape):
                    continue
                action = source.on_bad or ("reject" if self.contract.is_required(name) else "missing")
                shown = "[hidden]" if source.treat in ("msisdn", "staff") else text
                rule = "off_shape" if off_shape else "not_readable"
                self._refuse(i, keep, first, name, rule, action, shown)
                if not keep[i]:
                    break
        return True

    def _missing(self, batch: pa.RecordBatch, keep: list[bool], first: int) -> bool:
        touched = False
        for name in self.contract.columns:
            column = batch.column(name)
            if column.null_count and self.contract.is_required(name):
                for i in pc.indices_nonzero(pc.is_null(column)).to_pylist():
                    if keep[i]:
                        self._refuse(i, keep, first, name, "required_missing", "reject", None)
                        touched = True
        return touched

    def _unmapped(self, batch: pa.RecordBatch, compiled: Compiled, keep: list[bool], first: int) -> bool:
        touched = False
        for name in compiled.mapped:
            column = batch.column(UNMAPPED + name)
            if column.null_count == batch.num_rows:
                continue
            action = self.contract.columns[name].unmapped
            for i in pc.indices_nonzero(pc.is_valid(column)).to_pylist():
                if not keep[i]:
                    continue
                value = column[i].as_py()
                self.unmapped[(name, value)] += 1
                if action == "reject":
                    self._refuse(i, keep, first, name, "unmapped", "reject", value)
                    touched = True
        return touched

    def _rules(self, batch: pa.RecordBatch, compiled: Compiled, keep: list[bool], first: int) -> bool:
        touched = False
        for name in compiled.rules:
            rule = self.contract.target.rules[name]
            for i in pc.indices_nonzero(pc.fill_null(batch.column(RULE + name), False)).to_pylist():
                if keep[i]:
                    keep[i] = rule.action != "reject"
                    self.note(self._line(first + i), "", name, rule.action, None, rule_cure(name))
                    touched = True
        return touched

    def _refuse(
        self, i: int, keep: list[bool], first: int, column: str, rule: str, action: str, value: str | None
    ) -> None:
        cure = rule_cure(rule, column)
        self.note(self._line(first + i), column, rule, "flag" if action == "keep" else action, value, cure)
        if action == "reject":
            keep[i] = False

    def _line(self, row_no: int) -> int:
        """The row of the file that a row comes from: an unpivoted file gives several for each."""
        return (row_no - 1) // self.rows_per_line + 1

    def entry_table(self) -> pa.Table:
        """Rows for the lake's `quarantine` table, values scrubbed, in the order of the file."""
        self.entries += self.summaries.values()
        self.summaries = {}
        self._pack()
        return pa.concat_tables(self.tables).combine_chunks().sort_by("row_no")

    def _pack(self) -> None:
        self.tables.append(self._scrubbed("quarantine", self.entries))
        self.entries = []

    def unmapped_table(self) -> pa.Table:
        """Rows for the lake's `unmapped_value` table, values scrubbed."""
        rows = [
            {"column_name": column, "value_scrubbed": value, "n_rows": n}
            for (column, value), n in self.unmapped.most_common(EXAMPLES_PER_RULE)
        ]
        return self._scrubbed("unmapped_value", rows)

    def _scrubbed(self, name: str, rows: list[dict[str, Any]]) -> pa.Table:
        """Values are scrubbed before they are cut: half a number would no longer be recognised."""
        schema = tables()[name].schema
        provenance = {"file_id": self.file_id, "loaded_at": self.loaded_at}
        values = scrub([_bounded(row["value_scrubbed"]) for row in rows])
        shown = pc.utf8_slice_codeunits(values, 0, SHOWN_CHARACTERS).to_pylist()
        complete = [{**row, **provenance, "value_scrubbed": v} for row, v in zip(rows, shown, strict=True)]
        return pa.Table.from_pylist(complete, schema)


def _extent(column: pa.Array) -> tuple[float, float]:
    """The least and the greatest figure of a column, both NaN where it holds NaN; 0 and 0 where it holds no figure.

    numpy does without nulls, and takes a tenth of the time that Arrow does for floats.
    """
    is_figure = pa.types.is_floating(column.type) or pa.types.is_integer(column.type)
    if not is_figure or column.null_count == len(column):
        return 0.0, 0.0
    values = column.drop_null().to_numpy() if column.null_count else column.to_numpy()
    return float(values.min()), float(values.max())


def _moved_down(table: pa.Table, lines: list[BadLine]) -> pa.Table:
    """The entries with the row numbers of the file, in which unreadable lines are counted too."""
    numbers = table["row_no"].to_numpy().copy()
    for bad in sorted(lines, key=lambda b: b.row_no):
        numbers[numbers >= bad.row_no] += bad.n_lines
    return table.set_column(table.schema.get_field_index("row_no"), "row_no", pa.array(numbers, pa.int64()))


def _bounded(value: str | None) -> str | None:
    """Enough of a value to show; what is cut off here lies far behind the part that is kept."""
    return None if value is None else value[: 10 * SHOWN_CHARACTERS]
