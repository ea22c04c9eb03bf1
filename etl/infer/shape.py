"""What kind of file it is, by content and never by its ending: format, encoding, delimiter, sheet, header line.

What the columns mean does not belong here.
"""

from __future__ import annotations

import gzip
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, get_args

import fastexcel

from etl.contract import FileShape
from etl.infer.header import find_header
from etl.infer.text import Text, choose_delimiter, choose_encoding, split
from etl.infer.words import Note, note, refusal
from etl.workbook import read_sheet

HEAD_BYTES = 1 << 20
PROBE_ROWS = 200
SNIFF_BYTES = 64 << 20
DEEPEST = 4


@dataclass
class Shape:
    """How to read the file: settings of `[file]`, the lines above the header, what was seen."""

    settings: dict[str, Any]
    title: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    sheet_name: str = ""

    @property
    def format(self) -> str:
        return str(self.settings["format"])


def look(path: Path) -> Shape:
    """The shape of a file. Raises `Problems` when it is none that can be loaded."""
    size = path.stat().st_size
    if size == 0:
        raise refusal("empty", path.name)
    with path.open("rb") as handle:
        head = handle.read(HEAD_BYTES)
    shape = _by_content(path, head)
    _check_supported(path, shape.settings)
    return shape


def _by_content(path: Path, head: bytes) -> Shape:
    if head.startswith(b"PAR1"):
        return Shape({"format": "parquet"}, notes=[note("format_parquet")])
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        if "EncryptedPackage".encode("utf-16-le") in head:
            raise refusal("password", path.name)
        return _workbook(path, "xls")
    if head.startswith(b"\x1f\x8b"):
        return _gzip(path)
    if head.startswith(b"PK"):
        return _zip(path)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{") and (found := _json(head)):
        if found.format == "json" and head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"{"):
            _find_records(path, found)
        return found
    if head[:4] in (b"%PDF", b"\x89PNG", b"GIF8", b"\xff\xd8\xff\xe0", b"SQLi", b"Rar!", b"7z\xbc\xaf"):
        raise refusal("no_table", path.name)
    if b"<html" in head[:4096].lower() or b"<table" in head[:65536].lower():
        raise refusal("web_page", path.name)
    return _text(path, head)


def _text(path: Path, head: bytes) -> Shape:
    text = choose_encoding(path, head)
    if "\0" in text.content:
        raise refusal("no_text", path.name)
    if not text.content.strip():
        raise refusal("blank", path.name)
    return _lines(text)


def _lines(text: Text) -> Shape:
    lines = text.lines(PROBE_ROWS)
    delimiter, said = choose_delimiter(lines)
    rows = [split(line, delimiter) for line in lines]
    header = find_header(rows)
    settings: dict[str, Any] = {"format": "csv", "encoding": text.encoding, "header": header.line}
    if delimiter != ",":
        settings["delimiter"] = delimiter
    title = [" ".join(c for c in row if c) for row in rows[: max(0, header.line - 1)]]
    return Shape(settings, [t for t in title if t], [*text.notes, said, *header.notes])


def _workbook(path: Path, kind: str) -> Shape:
    table = read_sheet(path, 0)
    names = fastexcel.read_excel(path).sheet_names
    best, notes = 0, []
    if len(names) > 1:
        tables = [table, *(read_sheet(path, n) for n in range(1, len(names)))] if len(names) <= 12 else [table]
        sizes = [t.num_rows * t.num_columns - sum(c.null_count for c in t.columns) for t in tables]
        best = max(range(len(sizes)), key=lambda i: sizes[i])
        table = tables[best]
        others = ", ".join(n for i, n in enumerate(names) if i != best)
        notes.append(note("sheet", "assumed", name=names[best], n=table.num_rows, others=others))
    probe = [[str(v or "").strip() for v in row.values()] for row in table.slice(0, PROBE_ROWS).to_pylist()]
    header = find_header(probe)
    settings: dict[str, Any] = {"format": kind, "header": header.line}
    if best:
        settings["sheet"] = names[best]
    title = [" ".join(c for c in row if c) for row in probe[: max(0, header.line - 1)]]
    notes = [note("format_workbook", kind=kind.upper()), *notes, *header.notes]
    return Shape(settings, [t for t in title if t], notes, names[best])


def _json(head: bytes) -> Shape | None:
    """JSON lines or one array; None when it only looks like it."""
    text = head.decode("utf-8-sig", errors="replace").strip()
    if text.startswith("{") and "}\n" in text.replace("\r", "") and text.split("\n", 2)[0].rstrip().endswith("}"):
        return Shape({"format": "jsonl"}, notes=[note("format_json_lines")])
    if text.startswith("["):
        return Shape({"format": "json"}, notes=[note("format_json")])
    return Shape({"format": "json"}, notes=[note("format_json")]) if text.startswith("{") and '"' in text[:50] else None


def _find_records(path: Path, shape: Shape) -> None:
    """Where in one JSON object the longest list of rows is."""
    if path.stat().st_size > SNIFF_BYTES:
        return
    try:
        lists = dict(_lists(json.loads(path.read_bytes().decode("utf-8-sig")), ""))
    except (ValueError, RecursionError):
        return
    if lists:
        best = max(lists, key=lambda place: lists[place])
        shape.settings["records"] = best
        shape.notes.append(note("records", place=best, n=lists[best]))


def _lists(value: Any, place: str) -> Iterator[tuple[str, int]]:
    """(place, number of objects) of every list of objects inside an object."""
    if isinstance(value, list) and place and value and isinstance(value[0], dict):
        yield place, len(value)
    elif isinstance(value, dict) and place.count(".") < DEEPEST:
        for name, inner in value.items():
            if "." not in name:
                yield from _lists(inner, f"{place}.{name}" if place else name)


def _gzip(path: Path) -> Shape:
    try:
        with gzip.open(path) as packed:
            head = packed.read(HEAD_BYTES)
    except (OSError, EOFError, zlib.error) as error:
        raise refusal("gzip", path.name, why=error) from None
    return _inside(path, head, "gzip")


def _zip(path: Path) -> Shape:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n.filename for n in archive.infolist() if not n.is_dir()]
            if any(n.startswith(("xl/", "_rels/", "[Content_Types]")) for n in names):
                return _workbook(path, "xlsx")
            if len(names) != 1:
                raise refusal("zip_many", path.name, n=len(names))
            with archive.open(names[0]) as packed:
                head = packed.read(HEAD_BYTES)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise refusal("zip", path.name, why=error) from None
    return _inside(path, head, "zip")


def _inside(path: Path, head: bytes, kind: str) -> Shape:
    """A packed file is judged by the start of what it holds."""
    if head.startswith((b"PAR1", b"\x1f\x8b", b"PK", b"\xd0\xcf\x11\xe0")):
        raise refusal("packed_twice", path.name, kind=kind)
    shape = _json(head) if head.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"[", b"{") else None
    if shape is None:
        shape = _lines(choose_encoding(None, head))
    shape.notes.insert(0, note("packed", kind=kind))
    return shape


def _check_supported(path: Path, settings: dict[str, Any]) -> None:
    """Only what a contract can say can be loaded."""
    for name in ("format", "encoding"):
        value = settings.get(name)
        known = _literals(name)
        if value is not None and known and value not in known:
            raise refusal("format", path.name, value=value)


def _literals(name: str) -> set[str]:
    annotation = FileShape.model_fields[name].annotation
    return {v for v in _flat(annotation) if isinstance(v, str)}


def _flat(annotation: Any) -> list[Any]:
    inner = get_args(annotation)
    return [a for i in inner for a in (_flat(i) or [i])] if inner else []
