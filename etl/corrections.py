"""Refused rows go out to be corrected, and come back as a file of their own.

The rows are taken from the file as it lies in the inbox, since the lake never held them. They are raw data and stay in
a folder that only the owner may enter. A corrected file is known by its name; it is read by the contract of the file
it corrects, whatever that file's format is.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
from duckdb import ColumnExpression, ConstantExpression, FunctionExpression

from etl import read
from etl.contract import Contract, FileShape
from etl.privacy import NEUTRALISED, neutralise
from etl.register import Outcome
from etl.sentences import rule_name

MARK = re.compile(r"__corrects_([0-9a-f]{8,20})\.csv$")
BATCH_ROWS = 50_000
MOST_NAME = 200  # bytes before the mark; a name of 255 is the most that file systems hold
# What a spreadsheet would run is made a text, as in all files; the apostrophe goes when the file comes back.
_GUARDED = re.compile(NEUTRALISED)
ROW, WHY, CURE, LINE = "row_no", "why", "cure", "line"


def corrected_id(name: str) -> str | None:
    """The beginning of the id of the file that a file of this name corrects."""
    found = MARK.search(name)
    return found[1] if found else None


def file_name(outcome: Outcome, n: int = 1) -> str:
    """What the corrected rows of a file must be called; `n` counts such files where there are several."""
    stem = Path(outcome.file_name).stem.encode()[:MOST_NAME].decode(errors="ignore")
    return f"{stem}{f'_{n}' if n > 1 else ''}__corrects_{outcome.file_id[:12]}.csv"


def contract_for(contract: Contract) -> Contract:
    """The contract of a file, for its corrected rows: the same columns, written as plain CSV."""
    given = {"pattern": contract.file.pattern, "missing": contract.file.missing}
    shape = FileShape.model_validate(given | {"format": "csv", "encoding": "utf-8"})
    return contract.model_copy(update={"file": shape})


def unguarded(raw: read.Raw) -> read.Raw:
    """Text as it was before it was kept from being a formula."""
    plain = [
        FunctionExpression(
            "regexp_replace", ColumnExpression(h), ConstantExpression(NEUTRALISED), ConstantExpression(r"\1")
        ).alias(h)
        for h in raw.headers
    ]
    return replace(raw, relation=raw.relation.select(*plain), scan=None)


def write(path: Path, contract: Contract, entries: pa.Table, scratch: Path, target: Path) -> int:
    """Write the refused rows of `path` with the reason and cure of each. Returns how many.

    `entries` are the file's rows of the lake's `quarantine` table. The file appears whole or not at all.
    """
    refused = [e for e in entries.to_pylist() if e["action"] == "reject"]
    by_row = {e["row_no"]: e for e in refused}
    target.parent.mkdir(parents=True, exist_ok=True)
    target.parent.chmod(0o700)
    draft = target.with_name(f".{target.name}.tmp")
    with read.connect(scratch) as con:
        raw = read.read(path, contract, con, scratch)
        raw = unguarded(raw) if corrected_id(path.name) else raw
        headers = [h for h in raw.headers if h not in (ROW, WHY, CURE, LINE)]
        draft.touch(mode=0o600)
        with draft.open("w", encoding="utf-8-sig", newline="") as out:
            sheet = csv.writer(out)
            read_by = _headers_of(contract)
            sheet.writerow([ROW, WHY, CURE, LINE, *(h if h in read_by else neutralise(h) for h in headers)])
            n = 0
            for row_no, cells in _rows(raw, headers, frozenset(by_row)):
                sheet.writerow([*_explained(by_row.pop(row_no)), "", *map(_guard, cells)])
                n += 1
            bad = {line.row_no: line for line in raw.bad_lines()}
            for row_no, entry in sorted(by_row.items()):
                sample = bad[row_no].sample if row_no in bad else ""
                sheet.writerow([*_explained(entry), _guard(sample.rstrip("\r\n")), *[""] * len(headers)])
                n += 1
            out.flush()
            os.fsync(out.fileno())
    draft.replace(target)
    return n


def _rows(raw: read.Raw, headers: list[str], wanted: frozenset[int]) -> Iterator[tuple[int, list[str]]]:
    """The wanted rows by their number in the file, in which lines that could not be split are counted."""
    for _ in raw.relation.to_arrow_reader(BATCH_ROWS):
        pass  # lines that cannot be split are known only behind the last row
    skipped = sorted((line.row_no, line.n_lines) for line in raw.bad_lines())
    at, number = 0, 0
    for batch in raw.relation.select(*map(ColumnExpression, headers)).to_arrow_reader(BATCH_ROWS):
        for i in range(batch.num_rows):
            number += 1
            while at < len(skipped) and skipped[at][0] <= number:
                number += skipped[at][1]
                at += 1
            if number in wanted:
                yield number, [column[i].as_py() or "" for column in batch.columns]


def _explained(entry: dict[str, object]) -> list[object]:
    name = rule_name(str(entry["rule"]))
    column = entry["column_name"] or ""
    return [entry["row_no"], f"{column} {name.zh} / {name.en}".strip(), f"{entry['cure_zh']} / {entry['cure']}"]


def _headers_of(contract: Contract) -> frozenset[str]:
    """The headers that a contract reads by name: they must come back as they are."""
    named = [h for source in contract.columns.values() for h in source.headers]
    figures = contract.unpivot.headers if contract.unpivot else []
    return frozenset([*named, *(rule.header for rule in contract.exclude), *figures])


def _guard(text: str) -> str:
    """A text that had its apostrophe before gets one more, as one is taken when it comes back."""
    return "'" + text if _GUARDED.match(text) else neutralise(text) or ""
