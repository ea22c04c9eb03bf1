"""From a file to rows of text: encoding, header line, delimiter, sheet. What the values mean is cleaned elsewhere."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path

import duckdb
from duckdb import ColumnExpression, ConstantExpression, Expression, FunctionExpression

from etl.contract import Contract
from etl.encoding import Encoding, choose, copy_as_utf8, has_mixed_line_ends
from etl.privacy import scrub
from etl.sentences import fault
from etl.workbook import read_sheet
from warehouse.workspace import Words

PROBE_BYTES = 1 << 20
HEADER_WITHIN_LINES = 50
LONGEST_LINE_BYTES = 4 << 20
UNDECODABLE_LIMIT = 0.001
COPY = "copy.utf8.csv"


@dataclass(frozen=True)
class BadLine:
    """A line the CSV reader refused. `row_no` counts from the header; `n_lines` counts what went with it."""

    row_no: int
    kind: str
    sample: str
    n_lines: int = 1


@dataclass
class Raw:
    """Rows of a file as text. `header_line` is the line the header stands on, counted from 1; 0 without header.

    `source` is the CSV file that is really scanned, its first `n_skipped` lines left out; None for other formats.
    """

    relation: duckdb.DuckDBPyRelation
    headers: list[str]
    header_line: int
    encoding: str
    n_undecodable: int = 0
    con: duckdb.DuckDBPyConnection | None = field(default=None, repr=False)
    source: Path | None = None
    n_skipped: int = 0

    def bad_lines(self) -> list[BadLine]:
        """What the CSV reader could not split, once the relation was read."""
        if self.con is None or self.source is None:
            return []
        sql = Path(__file__).with_name("unreadable.sql").read_text(encoding="utf-8")
        found = self.con.execute(sql).fetchall()
        n_swallowed = self._n_swallowed(len(found)) if any(runs_on for *_, runs_on in found) else 0
        lines = []
        for line, kind, sample, runs_on in found:
            more, n_swallowed = (n_swallowed, 0) if runs_on else (0, n_swallowed)
            lines.append(BadLine(int(line) - self.n_skipped, kind.lower(), sample or "", 1 + more))
        return lines

    def _n_swallowed(self, n_refused: int) -> int:
        """Lines that came out neither as rows nor as refusals: an open quote hid them."""
        assert self.source is not None
        with self.source.open("rb") as handle:
            n_lines = sum(1 for line in handle if line.strip()) - self.n_skipped
        folds = [_n_folds(ColumnExpression(name)) for name in self.headers]
        total = self.relation.select((ConstantExpression(1) + reduce(lambda a, b: a + b, folds)).alias("n"))
        [(n_read,)] = total.aggregate("coalesce(sum(n), 0)").fetchall()
        return max(0, n_lines - int(n_read) - n_refused)


def _n_folds(column: Expression) -> Expression:
    """How many line ends stand inside a cell."""
    bare = FunctionExpression("replace", column, ConstantExpression("\n"), ConstantExpression(""))
    n = FunctionExpression("length", column) - FunctionExpression("length", bare)
    return duckdb.CoalesceOperator(n, ConstantExpression(0))


def connect(scratch: Path) -> duckdb.DuckDBPyConnection:
    """A private in-memory engine with the cleaning vocabulary.

    `type_pushdown` is off because it lets try_cast over a rejecting CSV scan lose rows silently.
    """
    con = duckdb.connect()
    con.execute("set disabled_optimizers = 'type_pushdown'")
    con.execute("set temp_directory = ?", [str(scratch)])
    con.execute("set threads = 2")
    con.execute("set memory_limit = ?", [os.environ.get("LOOKOUT_MEMORY", "4GB")])
    con.execute("set enable_progress_bar = false")
    con.execute(Path(__file__).with_name("clean.sql").read_text(encoding="utf-8"))
    return con


def read(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection, scratch: Path) -> Raw:
    """The file's rows as text columns. Raises `Problems` when the file as a whole cannot be understood."""
    if path.stat().st_size == 0:
        raise fault("empty", path.name)
    if contract.file.format == "csv":
        return _read_csv(path, contract, con, scratch)
    if contract.file.format == "xlsx":
        return _read_xlsx(path, contract, con)
    return _read_parquet(path, contract, con)


def _read_csv(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection, scratch: Path) -> Raw:
    encoding = choose(path, contract.file.encoding)
    with path.open("rb") as handle:
        head = handle.read(PROBE_BYTES).decode(encoding, errors="replace").removeprefix("\ufeff")
    if not head.strip():
        raise fault("blank", path.name, n=path.stat().st_size)
    lines = re.split("\r\n|\n|\r", head)[:HEADER_WITHIN_LINES]
    rows = [_split(line, contract.file.delimiter) for line in lines]
    line_no, headers = _find_header(path, contract, rows, encoding)
    names = _unique(headers)
    source, n_skipped, n_undecodable = path, line_no, 0
    # The reader's own skipping follows quotes over line ends, so a quote in a title line would take rows with it.
    has_quoted_title = any('"' in line for line in lines[: max(0, line_no - 1)])
    if encoding == "gb18030" or has_quoted_title or has_mixed_line_ends(path):
        source, n_skipped = scratch / COPY, 0
        n_written, n_undecodable = copy_as_utf8(path, source, encoding, skip_lines=line_no)
        if n_undecodable > UNDECODABLE_LIMIT * n_written + 1:
            raise fault("undecodable", path.name, n=n_undecodable, total=n_written, encoding=encoding)
    relation = con.read_csv(
        _no_glob(source),
        header=False,
        skiprows=n_skipped,
        columns=dict.fromkeys(names, "VARCHAR"),
        auto_detect=False,
        delimiter=contract.file.delimiter,
        quotechar='"',
        escapechar='"',
        na_values=[""],  # the contract's own tokens are known to cleaning, which is cheaper than here
        max_line_size=LONGEST_LINE_BYTES,
        store_rejects=True,
        ignore_errors=True,
        strict_mode=True,
    )
    return Raw(relation, names, line_no, encoding, n_undecodable, con, source, n_skipped)


def _split(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:  # one enormous cell: no header line
        return []


def _no_glob(path: Path) -> str:
    """The path as the engine takes it: literally, although `*`, `?` and `[` stand for others there."""
    return re.sub(r"([*?\[])", r"[\1]", str(path))


def _read_xlsx(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection) -> Raw:
    table = read_sheet(path, contract.file.sheet)
    probe = [list(row.values()) for row in table.slice(0, HEADER_WITHIN_LINES).to_pylist()]
    line_no, headers = _find_header(path, contract, [[str(v or "") for v in row] for row in probe], "xlsx")
    names = _unique(headers)
    return Raw(con.from_arrow(table.slice(line_no).rename_columns(names)), names, line_no, "xlsx")


def _read_parquet(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection) -> Raw:
    try:
        relation = con.read_parquet(_no_glob(path))
    except duckdb.Error as error:
        raise fault("bad_parquet", path.name, text=str(error).splitlines()[0][:200]) from None
    _find_header(path, contract, [relation.columns], "parquet")
    text = [ColumnExpression(c).cast(duckdb.sqltypes.VARCHAR).alias(c) for c in relation.columns]
    return Raw(relation.select(*text), relation.columns, 0, "parquet")


def needed_headers(contract: Contract) -> list[list[str]]:
    """For every required column the headers that may carry it (any one of `from`, all of `compose`)."""
    needed: list[list[str]] = []
    for name, source in contract.columns.items():
        if contract.is_required(name):
            needed += [source.header] if source.header else [[h] for h in source.compose]
    return needed


def _find_header(path: Path, contract: Contract, rows: list[list[str]], encoding: str) -> tuple[int, list[str]]:
    """(line the header stands on, headers). Raises when no line carries every required header."""
    wanted = contract.file.header
    tidy = [[cell.strip().strip("\ufeff").strip() for cell in row] for row in rows]
    if wanted == 0:
        width = len(tidy[0]) if tidy else 0
        return 0, [f"column{i + 1}" for i in range(width)]
    candidates = range(len(tidy)) if wanted == "find" else [wanted - 1]
    needed = needed_headers(contract)
    best: list[list[str]] = needed
    best_row: list[str] = tidy[0] if tidy else []
    for index in candidates:
        if index >= len(tidy):
            break
        present = set(tidy[index])
        missing = [group for group in needed if not present & set(group)]
        if not missing and any(tidy[index]):
            return index + 1, tidy[index]
        if len(missing) < len(best):
            best, best_row = missing, tidy[index]
    if encoding in ("utf-8", "gb18030") and any("\0" in cell for row in tidy for cell in row):
        raise fault("not_text", path.name)
    joined = {"zh": "或", "en": " or "}
    names = Words(**{lang: ", ".join(word.join(group) for group in best) for lang, word in joined.items()})
    shown = _shown(best_row)
    other = _other_encoding(path, encoding, needed)
    if other:
        declared = contract.file.encoding
        raise fault("no_header_encoding", path.name, names=names, shown=shown, encoding=other, declared=declared)
    raise fault("no_header", path.name, names=names, shown=shown)


def _shown(cells: Iterable[str]) -> str:
    """The first cells of a line for a message. It may be a customer's line, so it is scrubbed before it is cut."""
    first = [re.sub(r"\s+", " ", cell[:200]) for cell in list(cells)[:8]]
    safe = [(text or "")[:20] for text in scrub(first).to_pylist()] if first else []
    return ", ".join("".join(c if c.isprintable() else "?" for c in cell) for cell in safe) or "nothing"


def _other_encoding(path: Path, encoding: str, needed: list[list[str]]) -> Encoding | None:
    """The encoding under which the headers are there after all."""
    others: dict[str, Encoding] = {"utf-8": "gb18030", "gb18030": "utf-8"}
    if encoding in others:
        with path.open("rb") as handle:
            text = handle.read(PROBE_BYTES).decode(others[encoding], errors="replace")
        if all(any(header in text for header in group) for group in needed):
            return others[encoding]
    return None


def _unique(headers: list[str]) -> list[str]:
    """Later occurrences of a header get _1, _2; empty ones are called columnN. Case does not tell names apart."""
    taken: set[str] = set()
    n_seen: dict[str, int] = {}
    names = []
    for index, header in enumerate(headers):
        base = name = header or f"column{index + 1}"
        while name.casefold() in taken:
            n_seen[base] = n_seen.get(base, 0) + 1
            name = f"{base}_{n_seen[base]}"
        taken.add(name.casefold())
        names.append(name)
    return names
