"""Text with a delimiter: CSV and its kin, scanned by the engine, as they stand or as a plain UTF-8 copy."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from pathlib import Path

import duckdb
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

from etl.contract import Contract
from etl.encoding import choose, copy_as_utf8, has_mixed_line_ends
from etl.read.engine import no_glob
from etl.read.header import HEADER_WITHIN_LINES, PROBE_BYTES, find_header, unique
from etl.read.line_end import line_end, without_stray
from etl.read.raw import Raw
from etl.sentences import fault

LONGEST_LINE_BYTES = 4 << 20
UNDECODABLE_LIMIT = 0.001
COPY = "copy.utf8.csv"


def read_csv(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection, scratch: Path) -> Raw:
    encoding = choose(path, contract.file.encoding)
    with path.open("rb") as handle:
        head = handle.read(PROBE_BYTES).decode(encoding, errors="replace").removeprefix("\ufeff")
    if not head.strip():
        raise fault("blank", path.name, n=path.stat().st_size)
    lines = re.split("\r\n|\n|\r", head)[:HEADER_WITHIN_LINES]
    delimiter = contract.file.delimiter
    rows = [split_line(without_stray(line, delimiter), delimiter) for line in lines]
    line_no, headers = find_header(path, contract, rows, encoding)
    title = lines[line_no - 1] if line_no else ""
    following = slice(line_no, len(lines) - 1)  # the last line looked at may be cut
    end = line_end(title, lines[following], delimiter, len(headers), [len(row) for row in rows[following]])
    names = unique(headers + [""] * end.n_more)
    source, n_skipped, n_undecodable = path, line_no, 0
    # The reader's own skipping follows quotes over line ends, so a quote in a title line would take rows with it.
    has_quoted_title = any('"' in line for line in lines[: max(0, line_no - 1)])
    if encoding != "utf-8" or has_quoted_title or has_mixed_line_ends(path):
        source, n_skipped = scratch / COPY, 0
        n_written, n_undecodable = copy_as_utf8(path, source, encoding, skip_lines=line_no)
        if n_undecodable > UNDECODABLE_LIMIT * n_written + 1:
            raise fault("undecodable", path.name, n=n_undecodable, total=n_written, encoding=encoding)

    def scan(numbers: frozenset[str] = frozenset()) -> duckdb.DuckDBPyRelation:
        is_tolerant = not numbers
        return con.read_csv(
            no_glob(source),
            header=False,
            skiprows=n_skipped,
            columns={name: "DOUBLE" if name in numbers else "VARCHAR" for name in names},
            auto_detect=False,
            compression="none",  # a packed file is unpacked by now, though its name may still say .gz
            delimiter=delimiter,
            quotechar='"',
            escapechar='"',
            na_values=[""],  # the contract's own tokens are known to cleaning, which is cheaper than here
            max_line_size=LONGEST_LINE_BYTES,
            store_rejects=is_tolerant,
            ignore_errors=is_tolerant,
            strict_mode=True,
        )

    raw = Raw(scan(), names, line_no, encoding, n_undecodable, con, source, n_skipped, scan=scan)
    if end.stray:
        relation = raw.relation.select(*(_without(name, end.stray, name == names[-1]) for name in names))
        return replace(raw, relation=relation, scan=None)
    return raw


def _without(name: str, stray: str, is_last: bool) -> Expression:
    column = ColumnExpression(name)
    return FunctionExpression("rtrim", column, ConstantExpression(stray)).alias(name) if is_last else column


def split_line(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:  # one enormous cell: no header line
        return []
