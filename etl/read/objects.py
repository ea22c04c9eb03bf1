"""JSON as rows of text: one object per line, or a document with a list of objects.

Nested objects become columns `a.b`, lists stay JSON text, numbers stay as they are written: an id of twenty digits
must not pass through a double. How a document is taken apart is `document.py`'s.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import duckdb
from duckdb import ColumnExpression

from etl.contract import Contract
from etl.encoding import choose, copy_as_utf8
from etl.read.delimited import COPY, LONGEST_LINE_BYTES, UNDECODABLE_LIMIT
from etl.read.document import DECODER, Document, Number, Pairs
from etl.read.header import find_header
from etl.read.raw import BadLine, Raw
from etl.read.spool import Spool
from etl.sentences import fault, rule_name

LONGEST_KEY = 200
DEEPEST = 32
SAMPLE_CHARACTERS = 1000
MOST_SAMPLES = 10_000
NOT_JSON, CUT_OFF, NOT_AN_OBJECT = "not json", "cut off", "not an object"
DUPLICATE_KEY, ODD_KEY, TOO_DEEP = "duplicate key", "odd key", "nested too deeply"
TOO_LONG, NOT_DECODED = "line size over maximum", "invalid encoding"


class NoRow(Exception):
    """A value that is no row; the message is its kind, as quarantine shows it."""


def read_objects(path: Path, contract: Contract, con: duckdb.DuckDBPyConnection, scratch: Path) -> Raw:
    """All objects as rows. Raises `Problems` for a broken document, and where no entry is an object."""
    encoding = choose(path, contract.file.encoding)
    source, n_undecodable = path, 0
    if encoding != "utf-8":
        source = scratch / COPY
        n_written, n_undecodable = copy_as_utf8(path, source, encoding, skip_lines=0)
        if n_undecodable > UNDECODABLE_LIMIT * n_written + 1:
            raise fault("undecodable", path.name, n=n_undecodable, total=n_written, encoding=encoding)
    entries = _lines(source) if contract.file.format == "jsonl" else _elements(path, source, contract.file.records)
    spool = Spool(path, scratch)
    bad: list[BadLine] = []
    n_rows = n_refused = 0
    for number, entry, sample in entries:
        try:
            if isinstance(entry, NoRow):
                raise entry
            spool.add(flat(entry))
            n_rows += 1
        except NoRow as refusal:
            n_refused += 1
            shown = (sample or _dumped(entry))[:SAMPLE_CHARACTERS] if n_refused <= MOST_SAMPLES else ""
            bad.append(BadLine(number, str(refusal), shown))
    if not n_rows and not n_refused:
        raise fault("blank" if contract.file.format == "jsonl" else "no_rows", path.name, n=path.stat().st_size)
    if not n_rows:
        kind = rule_name(f"bad_line: {bad[0].kind}")
        raise fault("json_no_object", path.name, n=n_refused, kind=kind)
    files, names, n_broken = spool.close()
    n_undecodable += n_broken
    if n_broken > UNDECODABLE_LIMIT * spool.n_characters + 1:
        raise fault("undecodable", path.name, n=n_broken, total=spool.n_characters, encoding=encoding)
    find_header(path, contract, [names], contract.file.format)
    relation = con.read_parquet([str(file) for file in files], union_by_name=True)
    columns = [ColumnExpression(name) for name in names]
    return Raw(relation.select(*columns), names, 0, encoding, n_undecodable, bad=bad)


def _lines(source: Path) -> Iterator[tuple[int, Any, str]]:
    """(line number, object or why it is none, the line) of every line that is not blank."""
    with source.open("rb") as handle:
        number = 0
        while line := handle.readline(LONGEST_LINE_BYTES + 1):
            number += 1
            is_long = len(line) > LONGEST_LINE_BYTES
            if is_long:
                rest = line
                while rest and not rest.endswith(b"\n"):
                    rest = handle.readline(LONGEST_LINE_BYTES)
            if number == 1:
                line = line.removeprefix(b"\xef\xbb\xbf")
            if not line.strip():
                continue
            shown = line[: 4 * SAMPLE_CHARACTERS].decode("utf-8", errors="replace")
            if is_long:
                yield number, NoRow(TOO_LONG), shown
                continue
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                yield number, NoRow(NOT_DECODED), shown
                continue
            yield number, _parsed(text, is_whole=text.endswith("\n")), text


def _parsed(line: str, is_whole: bool) -> Any:
    try:
        return DECODER.decode(line)
    except ValueError:
        return NoRow(NOT_JSON if is_whole else CUT_OFF)
    except RecursionError:
        return NoRow(TOO_DEEP)


def _elements(path: Path, source: Path, records: str | None) -> Iterator[tuple[int, Any, str]]:
    """(number, value, nothing yet to show of it) of every element of the document's list."""
    # Bytes that are no UTF-8 become lone surrogates, which the spool replaces and counts.
    with source.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as handle:
        for number, value in enumerate(Document(path, handle, records).values(), start=1):
            yield number, value, ""


def flat(value: Any) -> dict[str, str | None]:
    """One object as a row. Raises `NoRow` for what is none, and where a name stands twice."""
    if not isinstance(value, Pairs):
        raise NoRow(NOT_AN_OBJECT)
    row: dict[str, str | None] = {}
    _flatten(value, "", row, 0)
    return row


def _flatten(pairs: Pairs, prefix: str, row: dict[str, str | None], depth: int) -> None:
    if depth > DEEPEST:
        raise NoRow(TOO_DEEP)
    for key, value in pairs:
        name = (prefix + key).strip()
        if type(value) is Pairs and value:
            _flatten(value, name + ".", row, depth + 1)
            continue
        if name in row:
            raise NoRow(DUPLICATE_KEY)
        if _is_odd(name):
            raise NoRow(ODD_KEY)
        row[name] = _text(value)


@lru_cache(maxsize=4096)
def _is_odd(name: str) -> bool:
    return not name or len(name) > LONGEST_KEY or any(unicodedata.category(c)[0] == "C" for c in name)


def _text(value: Any) -> str | None:
    if value is None or value == []:
        return None
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return _dumped(value)


def _dumped(value: Any) -> str:
    """The value as JSON, its numbers as they were written."""
    if isinstance(value, Number):
        return str(value)
    if isinstance(value, Pairs):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_dumped(v)}" for k, v in value) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_dumped(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)
