"""What a made-up file and its right draft look like, and how the files are put together."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import xlsxwriter

Rows = list[list[object]]
START = datetime(2025, 3, 1, 8, 5)


@dataclass(frozen=True)
class Sample:
    """One file with the draft that is right for it. `decide` are the questions it must raise, and no others."""

    file_name: str
    content: bytes
    table: str
    columns: dict[str, str | list[str]]
    decide: set[str] = field(default_factory=set)
    formats: dict[str, list[str]] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    landed: float = 1.0
    sources: dict[str, dict[str, Any]] = field(default_factory=dict)


def text(rows: Rows, sep: str = ",", encoding: str = "utf-8", title: tuple[str, ...] = ()) -> bytes:
    out = io.StringIO()
    for line in title:
        out.write(line + "\n")
    csv.writer(out, delimiter=sep, lineterminator="\n").writerows(rows)
    return out.getvalue().encode(encoding)


def workbook(rows: Rows, title: tuple[str, ...] = (), cover: Rows | None = None) -> bytes:
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    if cover:
        first = book.add_worksheet("说明")
        for i, row in enumerate(cover):
            first.write_row(i, 0, row)
    sheet = book.add_worksheet("数据")
    for i, line in enumerate(title):
        sheet.write(i, 0, line)
    for i, row in enumerate(rows):
        sheet.write_row(i + len(title), 0, row)
    book.close()
    return out.getvalue()


def heads(line: str) -> list[object]:
    """A header as it stands in the file, cut at its commas."""
    return list(line.split(","))


def mobile(n: int) -> str:
    """A number nobody finds in the repository."""
    return "1" + "38" + f"{n:08d}"


def days(n: int, step: timedelta, rng: Random, start: datetime = START) -> list[datetime]:
    return [start + step * i + timedelta(minutes=rng.randrange(50)) for i in range(n)]
