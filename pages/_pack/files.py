"""The whole pack: every file of one issue, as bytes or as a folder that is there at once or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from pages._pack import docx, html, pdf, pptx, xlsx
from pages._pack.paper import Paper, part
from pages._pack.settled import settled
from pages._shared.text import word
from warehouse.problems import Failure, failure

MANIFEST = "pack.json"
Tell = Callable[[str, int, int], None]  # the file about to be made, how many are done, how many there are
MAKERS: dict[str, tuple[str, Callable[[Paper], bytes]]] = {
    "bulletin": ("docx", docx.bulletin),
    "minutes": ("docx", docx.minutes),
    "orders": ("docx", docx.orders),
    "slides": ("pptx", pptx.slides),
    "workbook": ("xlsx", xlsx.workbook),
    "page": ("html", html.page),
}
OPTIONAL: dict[str, tuple[str, Callable[[Paper], bytes]]] = {"morning": ("pdf", pdf.morning)}
_OFFICE = ("docx", "pptx", "xlsx")
KINDS = (*MAKERS, *OPTIONAL)


@dataclass(frozen=True)
class Pack:
    """File name -> bytes, and why an optional file is missing."""

    files: Mapping[str, bytes]
    left_out: Mapping[str, str]


def file_name(kind: str, paper: Paper) -> str:
    """Such as 通报_2025-W13.docx."""
    ending = (MAKERS.get(kind) or OPTIONAL[kind])[0]
    return f"{word('pack.file', kind, paper.lang)}_{paper.issue.week}.{ending}"


def make(paper: Paper, tell: Tell, kinds: tuple[str, ...] = KINDS) -> Pack:
    """The files asked for. One chart or table that fails fails them all: raises `Failure`, which names it."""
    files: dict[str, bytes] = {}
    left_out: dict[str, str] = {}
    for k, kind in enumerate(kinds):
        name = file_name(kind, paper)
        tell(name, k, len(kinds))
        if kind in MAKERS:
            with part(name, name):
                ending, maker = MAKERS[kind]
                content = maker(paper)
                files[name] = settled(content, paper.issue.as_of) if ending in _OFFICE else content
        else:
            try:
                files[name] = OPTIONAL[kind][1](paper)
            except Exception as error:  # whatever its engine raises: the pack is whole without it
                left_out[name] = f"{type(error).__name__}: {error}"[:200]
    return Pack(files, left_out)


def write(paper: Paper, out: Path, tell: Tell, kinds: tuple[str, ...] = KINDS) -> tuple[Path, Pack]:
    """The pack as the folder `out/<week>-<lang>`. An earlier pack of that name is replaced, anything else is not.

    Raises `Failure`; then the folder is as it was.
    """
    folder = out / f"{paper.issue.week}-{paper.lang}"
    if folder.exists() and not (folder / MANIFEST).is_file():
        raise failure(str(folder), "is there and is no pack", "move it away or choose another --out")
    made = make(paper, tell, kinds)
    out.mkdir(parents=True, exist_ok=True)
    fresh, old = out / f".{folder.name}.{os.getpid()}.new", out / f".{folder.name}.{os.getpid()}.old"
    try:
        fresh.mkdir(mode=0o700)
        for name, content in made.files.items():
            _put(fresh / name, content)
        _put(fresh / MANIFEST, manifest(paper, made))
        if folder.exists():
            folder.rename(old)
        fresh.rename(folder)
    except OSError as error:
        raise Failure(
            failure(str(folder), f"could not be written ({error.strerror})", "check the disk").problems
        ) from error
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        if old.exists() and not folder.exists():
            old.rename(folder)
        shutil.rmtree(old, ignore_errors=True)
    return folder, made


def manifest(paper: Paper, made: Pack) -> bytes:
    """What is in the folder, with hashes."""
    told = {
        "week": paper.issue.week,
        "language": paper.lang,
        "status": paper.status,
        "issue": paper.mark,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in made.files.items()},
        "left_out": dict(made.left_out),
    }
    return json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode() + b"\n"


def _put(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
