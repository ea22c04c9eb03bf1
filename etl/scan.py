"""The typed batches of one file: numbers by the reader's own parser as long as the file is clean, else by cleaning.

Parsing a number while the line is split costs half of reading it as text first. The reader's parser knows no missing
token, no thousands sign and no cure, so the first cell or line it cannot take ends it, and the careful way goes on
from there: by the same contract, with the same result. What cleaning means is said in `clean/`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import duckdb
import pyarrow as pa

from etl.clean import Compiled, compile_contract, plain_numbers
from etl.contract import Contract
from etl.read import BadLine, Raw
from etl.read.delimited import split_line

BATCH_ROWS = 100_000
LEAST_BYTES = 2 << 20  # of a file, and the least share of its columns, for which two ways pay
LEAST_SHARE = 0.25
SAMPLE_SPOTS, SAMPLE_BYTES = 9, 16 << 10
_TO_THE_END = 1 << 62


@dataclass
class Scan:
    """One file's rows by its contract. `captures` are the groups found in the file name."""

    contract: Contract
    raw: Raw
    captures: dict[str, str]
    is_clean: bool = False
    used: Compiled | None = None  # the way that the last batch was read

    @cached_property
    def careful(self) -> Compiled:
        """The careful way through the whole file."""
        return compile_contract(self.contract, self.raw, self.captures)

    def batches(self) -> Iterator[tuple[pa.RecordBatch, Compiled]]:
        """Batches in the file's order, each with what says how it was read."""
        n_done = 0
        # Where a line becomes several rows, no row says how many lines were done with.
        may_be_quick = self.raw.scan is not None and self.contract.unpivot is None
        numbers = likely_numbers(self.contract, self.raw) if may_be_quick else frozenset()
        if self.raw.scan is not None and numbers:
            raw = replace(self.raw, relation=self.raw.scan(numbers), numbers=numbers)
            quick = compile_contract(self.contract, raw, self.captures)
            self.used = quick
            for batch in self._until_a_fault(quick):
                n_done += batch.num_rows
                yield batch, quick
        if not self.is_clean:
            rest = self.used = self._after(n_done) if n_done else self.careful
            for batch in rest.relation.to_arrow_reader(BATCH_ROWS):
                yield batch, rest

    def _until_a_fault(self, quick: Compiled) -> Iterator[pa.RecordBatch]:
        """Batches up to the first fault; whatever it was, the careful way meets it too, and can say what it is."""
        try:
            reader = quick.relation.to_arrow_reader(BATCH_ROWS)
        except duckdb.Error:
            return
        with reader:
            while True:
                try:
                    batch = _whole_numbers(reader.read_next_batch(), self.contract)
                except StopIteration:
                    self.is_clean = True
                    return
                except (duckdb.Error, pa.ArrowException, OSError):
                    return
                yield batch

    def _after(self, n_done: int) -> Compiled:
        raw = replace(self.raw, relation=self.raw.relation.limit(_TO_THE_END, n_done))
        return compile_contract(self.contract, raw, self.captures)

    def bad_lines(self) -> list[BadLine]:
        """What the reader could not split, once all batches were taken."""
        return [] if self.is_clean else self.raw.bad_lines()


def _whole_numbers(batch: pa.RecordBatch, contract: Contract) -> pa.RecordBatch:
    """Columns of whole numbers in their own type. Raises `ArrowInvalid` where one is not whole."""
    for at, field in enumerate(batch.schema):
        column = contract.target.columns.get(field.name)
        if column is not None and column.type == "int":
            batch = batch.set_column(at, field.name, batch.column(at).cast(pa.int64()))
    return batch


def likely_numbers(contract: Contract, raw: Raw) -> frozenset[str]:
    """Headers of columns to read as numbers at once, judged by lines from all over the file; none if few would be."""
    if raw.typed:
        return _typed_numbers(contract, raw)
    width = len(raw.headers)
    lines = [line for line in _sample(raw, contract.file.delimiter) if line]
    if not lines or any(len(line) != width for line in lines):
        return frozenset()
    found = set()
    for header, is_whole in _candidates(contract, raw).items():
        at = raw.headers.index(header)
        if all(_is_number(line[at], is_whole) for line in lines):
            found.add(header)
    return frozenset(found) if len(found) >= LEAST_SHARE * width else frozenset()


def _candidates(contract: Contract, raw: Raw) -> dict[str, bool]:
    """Headers of plain numbers that one column reads and no rule looks at, and whether only whole ones will do."""
    used = Counter(header for source in contract.columns.values() for header in source.headers)
    # The first two columns tell a totals line and a repeated header.
    apart = {*raw.headers[:2], *(rule.header for rule in contract.exclude)}
    plain = plain_numbers(contract, set(raw.headers))
    return {header: is_whole for header, is_whole in plain.items() if used[header] == 1 and header not in apart}


def _typed_numbers(contract: Contract, raw: Raw) -> frozenset[str]:
    """Of the cells that are numbers already, those that the contract wants as such."""
    return frozenset(raw.typed & _candidates(contract, raw).keys())


def _sample(raw: Raw, delimiter: str) -> list[list[str]]:
    """Split lines from the beginning, the end and places between; none of a small file or of none."""
    size = raw.source.stat().st_size if raw.source else 0
    if raw.source is None or size < LEAST_BYTES:
        return []
    lines: list[list[str]] = []
    with raw.source.open("rb") as handle:
        for spot in range(SAMPLE_SPOTS):
            start = max(0, (size - SAMPLE_BYTES) * spot // (SAMPLE_SPOTS - 1))
            handle.seek(start)
            text = handle.read(SAMPLE_BYTES).decode("utf-8", errors="replace")
            whole = re.split("\r\n|\n|\r", text)[raw.n_skipped if start == 0 else 1 :]
            lines += [split_line(line, delimiter) for line in (whole if start + SAMPLE_BYTES >= size else whole[:-1])]
    return lines


def _is_number(text: str, is_whole: bool) -> bool:
    try:
        number = float(text or "0")
    except ValueError:
        return False
    return not is_whole or number.is_integer()
