"""Damaged files of every format: never a traceback, never a row lost silently, and the rows always add up."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import re
import shutil
import tomllib
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter
import xlwt

from etl.contract import read_contracts
from etl.read import sheets
from tests.etl.mutate import mutants
from tests.etl.small import TICKETS, SmallHome, csv_text

PLAIN = csv_text(range(60))
TABLE = list(csv.reader(io.StringIO(PLAIN)))
OBJECTS = [dict(zip(TABLE[0], row, strict=True)) for row in TABLE[1:]]
N_MADE, N_ORDINARY, N_DEEP, REAL_LINES = 5, 12, 200, 200
HOME_LOADS = 25
SAME = (
    "csv_utf16",
    "csv_crlf",
    "csv_quoted",
)  # read by the same code as csv and csv_gb18030, and damaged in the deep run
DATA = os.environ.get("LOOKOUT_DATA")


def lines() -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in OBJECTS).encode()


def document() -> bytes:
    return json.dumps({"code": 0, "data": {"rows": OBJECTS}}, ensure_ascii=False, indent=1).encode()


def xlsx() -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate(TABLE):
            sheet.write_row(at, 0, row)
    return target.getvalue()


def stored_xlsx() -> bytes:
    """Nothing packed, so that damage reaches the sheet and not only the packing."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(xlsx())) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    return target.getvalue()


def xls() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("S")
    for at, row in enumerate(TABLE):
        for column, value in enumerate(row):
            sheet.write(at, column, value)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def parquet() -> bytes:
    target = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(OBJECTS), target, row_group_size=20)
    return target.getvalue()


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("工单.csv", PLAIN)
    return target.getvalue()


FORMATS: dict[str, tuple[Callable[[], bytes], dict[str, str]]] = {
    "csv": (PLAIN.encode, {"format": "csv"}),
    "csv_crlf": (lambda: PLAIN.replace("\n", "\r\n").encode(), {"format": "csv"}),
    "csv_gb18030": (lambda: PLAIN.encode("gb18030"), {"format": "csv"}),
    "csv_utf16": (lambda: PLAIN.encode("utf-16"), {"format": "csv"}),
    "csv_quoted": (lambda: PLAIN.replace(",没有信号,", ',"没有,""信号\n""",').encode(), {"format": "csv"}),
    "csv_gz": (lambda: gzip.compress(PLAIN.encode()), {"format": "csv"}),
    "csv_zip": (zipped, {"format": "csv"}),
    "jsonl": (lines, {"format": "jsonl"}),
    "json": (document, {"format": "json", "records": "data.rows"}),
    "xlsx": (xlsx, {"format": "xlsx"}),
    "xlsx_stored": (stored_xlsx, {"format": "xlsx"}),
    "xls": (xls, {"format": "xls"}),
    "parquet": (parquet, {"format": "parquet"}),
}


def contract(settings: dict[str, str]) -> str:
    written = "".join(f'{key} = "{value}"\n' for key, value in settings.items())
    return TICKETS.replace('pattern = "工单*.csv"\nformat = "csv"\n', 'pattern = "工单*"\n' + written)


def check_adds_up(small: SmallHome, table: str, names: set[str]) -> dict[str, dict[str, Any]]:
    """Load the inbox; every file has an outcome, and every row of every file is somewhere."""
    code, files = small.load()
    assert code in (0, 1, 3)
    assert set(files) == names
    check_outcomes(small, table, files)
    assert list(small.home.scratch.iterdir()) == []
    return files


def check_outcomes(small: SmallHome, table: str, files: dict[str, dict[str, Any]]) -> None:
    landed = Counter(r["file_id"] for r in small.stored(table))
    for name, outcome in files.items():
        assert "a fault of this program" not in outcome["message"], (name, outcome["message"])
        if outcome["state"] == "failed":
            assert outcome["message"].startswith(f"{name}: ") and outcome["message"].endswith(".")
            assert outcome["file_id"] not in landed
            continue
        n_read, n_landed = outcome["n_rows"], outcome["n_loaded"]
        assert n_read == n_landed + outcome["n_rejected"] + outcome["n_dropped"], (name, outcome)
        assert n_landed == landed[outcome["file_id"]]


def rows_there(content: bytes, outcome: dict[str, Any], form: str) -> int | None:
    """How many rows a plain text file holds by counting its lines; None where quotes may fold lines into one."""
    if form == "jsonl":
        return sum(1 for line in content.split(b"\n") if line.strip())
    if form not in ("csv", "csv_crlf", "csv_gb18030") or b'"' in content:
        return None
    text = content.decode(outcome["encoding"], errors="replace").removeprefix("\ufeff")
    found = [line for line in re.split("\r\n|\n|\r", text) if line]
    head = next(at for at, line in enumerate(found) if {"工单号", "受理时间"} <= {c.strip() for c in line.split(",")})
    return len(found) - head - 1


def check_format(small: SmallHome, form: str, n: int, seed: str) -> Counter[str]:
    make, settings = FORMATS[form]
    small.contract("small_tickets", contract(settings))
    contents = {f"工单{at:03d}.{form}": c for at, c in enumerate(mutants(make(), n, f"{form}:{seed}"))}
    for name, content in contents.items():
        small.put(name, content)
    files = check_adds_up(small, "ticket", set(contents))
    for name, outcome in files.items():
        if outcome["state"] == "loaded":
            assert rows_there(contents[name], outcome, form) in (None, outcome["n_rows"]), (name, outcome)
    return Counter(outcome["state"] for outcome in files.values())


@pytest.mark.parametrize("form", [pytest.param(f, marks=[pytest.mark.deep] if f in SAME else []) for f in FORMATS])
def test_a_damaged_file_has_an_outcome(small: SmallHome, form: str) -> None:
    check_format(small, form, N_MADE, "ordinary")


@pytest.mark.parametrize("form", ["xlsx", "xlsx_stored"])
def test_a_damaged_workbook_read_with_its_numbers_has_an_outcome(
    small: SmallHome, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr(sheets, "LEAST_BYTES", 0)
    check_format(small, form, N_MADE, "numbers")


@pytest.mark.deep
@pytest.mark.parametrize("form", FORMATS)
def test_many_damaged_files_have_an_outcome(small: SmallHome, form: str) -> None:
    states = check_format(small, form, N_DEEP, "deep")
    assert states.total() == N_DEEP


@pytest.mark.parametrize("form", FORMATS)
def test_the_sound_file_loads_whole(small: SmallHome, form: str) -> None:
    """What the damage is done to is sound, or the tests above would only see refusals."""
    make, settings = FORMATS[form]
    small.contract("small_tickets", contract(settings))
    small.put("工单1", make())
    code, files = small.load()
    assert (code, files["工单1"]["n_loaded"]) == (0, 60), files


def real_files() -> list[tuple[str, str, Path]]:
    """(workspace, contract, the smallest published file it takes)."""
    found = []
    for folder in sorted(Path("workspaces").iterdir()):
        settings = folder / "workspace.toml"
        names = tomllib.loads(settings.read_text(encoding="utf-8"))["sources"] if settings.exists() else []
        for source in read_contracts(names, folder / "contracts") if DATA and folder.name != "demo" else []:
            files = [p for p in Path(DATA).rglob("*") if p.is_file() and source.takes(p.name)]
            if files:
                found.append((folder.name, source.name, min(files, key=lambda p: (p.stat().st_size, p))))
    return found


def head_of(path: Path) -> bytes:
    """The first lines of a text file; a workbook whole. Damage to few lines is dense enough to matter."""
    content = path.read_bytes()
    return content if content[:2] == b"PK" else b"".join(content.splitlines(keepends=True)[:REAL_LINES])


def check_real(small: SmallHome, workspace: str, source: str, path: Path, n: int) -> None:
    def begin_anew() -> None:
        shutil.rmtree(small.root)
        assert small.run("init", workspace)[0] == 0

    begin_anew()
    [contract] = read_contracts([source], small.home.contracts)
    names = set()
    for at, content in enumerate(mutants(head_of(path), n, f"{source}:{n}")):
        name = f"{path.stem}{at:03d}{path.suffix}"
        if not contract.takes(name) or contract.file.capture:  # a name that says something stays
            if at % HOME_LOADS == HOME_LOADS - 1:
                begin_anew()  # each load reads what all loads before it said: hundreds in one home take an hour
            folder = small.root / f"sent{at:03d}"
            folder.mkdir()
            (folder / path.name).write_bytes(content)
            code, files = small.load(str(folder / path.name))
            check_outcomes(small, contract.table, files)
            assert code in (0, 1, 3) and set(files) == {path.name}
        else:
            names.add(small.put(name, content).name)
    if names:
        check_adds_up(small, contract.table, names)


@pytest.mark.deep  # published files are large; the hand-made ones of every format run always
@pytest.mark.skipif(not DATA, reason="LOOKOUT_DATA is unset")
@pytest.mark.parametrize(("workspace", "source", "path"), real_files(), ids=lambda v: v if isinstance(v, str) else "")
def test_a_damaged_real_file_has_an_outcome(small: SmallHome, workspace: str, source: str, path: Path) -> None:
    check_real(small, workspace, source, path, N_ORDINARY)


@pytest.mark.deep
@pytest.mark.skipif(not DATA, reason="LOOKOUT_DATA is unset")
@pytest.mark.parametrize(("workspace", "source", "path"), real_files(), ids=lambda v: v if isinstance(v, str) else "")
def test_many_damaged_real_files_have_an_outcome(small: SmallHome, workspace: str, source: str, path: Path) -> None:
    check_real(small, workspace, source, path, N_DEEP)
