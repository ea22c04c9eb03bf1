"""What a file is packed with, gzip or zip, and the one file inside, unpacked into the scratch folder.

A packed file is seen by its content, never by its name. How the file inside is read does not belong here.
"""

from __future__ import annotations

import gzip
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from fnmatch import fnmatch
from pathlib import Path, PurePosixPath
from typing import IO

from etl.privacy import scrub
from etl.sentences import fault
from etl.shapes import FileShape

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
UNPACKED_LIMIT_BYTES = 16 << 30
RATIO_LIMIT = 300
RATIO_FREE_BYTES = 64 << 20  # small files of equal lines pack very well
SHOWN_MEMBERS = 5
BOOKS = ("xlsx", "xls")
_CHUNK_BYTES = 1 << 20
_ENCRYPTED, _NAME_IS_UTF8 = 0x1, 0x800
_SUFFIXES = {
    "csv": (".csv", ".txt", ".tsv", ".dat"),
    "json": (".json",),
    "jsonl": (".jsonl", ".ndjson", ".json"),
    "parquet": (".parquet",),
    "xls": (".xls", ".xlsx"),
    "xlsx": (".xlsx", ".xls"),
}


def unpacked(path: Path, shape: FileShape, scratch: Path) -> Path:
    """The file itself, or what it is packed with taken off: a file of the same name in the scratch folder.

    Raises `Problems` for bombs, nested, encrypted, damaged and cut archives, and where it is not clear which file of
    a zip is meant. An XLSX workbook is a zip and stays what it is.
    """
    with path.open("rb") as handle:
        head = handle.read(4)
    if not head.startswith(GZIP) and head not in (ZIP, EMPTY_ZIP):
        return path
    if not head.startswith(GZIP) and _is_workbook(path):
        if shape.format in BOOKS:
            return path
        raise fault("is_workbook", path.name, format=shape.format)
    target = scratch / "unpacked" / path.name
    target.parent.mkdir(mode=0o700, exist_ok=True)
    with _damage_told(path):
        if head.startswith(GZIP):
            with gzip.open(path) as source:
                _copy(path, source, target, path.stat().st_size)
        else:
            with zipfile.ZipFile(path) as archive:
                item = _chosen(path, archive, shape)
                with archive.open(item) as source:
                    _copy(path, source, target, item.compress_size)
    if nested := _archive_kind(target, shape):
        raise fault("nested_archive", path.name, kind=nested)
    return target


@contextmanager
def _damage_told(path: Path) -> Iterator[None]:
    try:
        yield
    except EOFError:
        raise fault("cut_archive", path.name) from None
    except NotImplementedError:
        raise fault("odd_packing", path.name) from None
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, RuntimeError, ValueError, KeyError):
        raise fault("damaged_archive", path.name) from None
    except OSError as error:
        if error.errno is not None:  # of the disk, not of the archive
            raise
        raise fault("damaged_archive", path.name) from None


def _copy(path: Path, source: IO[bytes] | gzip.GzipFile, target: Path, packed: int) -> None:
    """Unpack, counting: what an archive says of its size is not to be believed."""
    n_bytes = 0
    target.touch(mode=0o600)
    with target.open("wb") as out:
        while chunk := source.read(_CHUNK_BYTES):
            n_bytes += len(chunk)
            is_dense = n_bytes > RATIO_FREE_BYTES and n_bytes > RATIO_LIMIT * max(1, packed)
            if n_bytes > UNPACKED_LIMIT_BYTES or is_dense:
                raise fault("bomb", path.name, packed=packed, unpacked=n_bytes)
            out.write(chunk)
    if n_bytes == 0:
        raise fault("empty", path.name)


def _chosen(path: Path, archive: zipfile.ZipFile, shape: FileShape) -> zipfile.ZipInfo:
    """The one member meant."""
    items = [(item, member_name(item)) for item in archive.infolist() if not item.is_dir()]
    items = [(item, name) for item, name in items if not _is_litter(name)]
    if not items:
        raise fault("empty_archive", path.name)
    if shape.member is not None:
        found = [(item, name) for item, name in items if fnmatch(PurePosixPath(name).name, shape.member)]
    else:
        suffixes = _SUFFIXES[shape.format]
        found = [(item, name) for item, name in items if name.lower().endswith(suffixes)]
        found = found or (items if len(items) == 1 else [])
    if len(found) != 1:
        listed = _listed([name for _, name in found or items])
        if shape.member is not None:
            raise fault("no_member", path.name, n=len(found), total=len(items), pattern=shape.member, names=listed)
        raise fault("which_member", path.name, n=len(found), total=len(items), format=shape.format, names=listed)
    [(item, _)] = found
    if item.flag_bits & _ENCRYPTED:
        raise fault("locked_archive", path.name)
    if item.file_size > UNPACKED_LIMIT_BYTES:
        raise fault("bomb", path.name, packed=item.compress_size, unpacked=item.file_size)
    return item


def member_name(item: zipfile.ZipInfo) -> str:
    """A member's name. Chinese systems write it in GB18030 without saying so; the library takes that for cp437."""
    if item.flag_bits & _NAME_IS_UTF8:
        return item.filename
    try:
        raw = item.filename.encode("cp437")
    except UnicodeEncodeError:
        return item.filename
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return item.filename


def _is_litter(name: str) -> bool:
    """What file managers leave in an archive."""
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or not parts or parts[-1].startswith("._") or parts[-1] in (".DS_Store", "Thumbs.db")


def _listed(names: list[str]) -> str:
    first = [str(name) for name in scrub([name[-80:] for name in names[:SHOWN_MEMBERS]]).to_pylist()]
    shown = ", ".join("".join(c if c.isprintable() else "?" for c in name) for name in first)
    return shown + (" and more" if len(names) > SHOWN_MEMBERS else "")


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, EOFError, NotImplementedError, ValueError):
        return False
    return any(name.startswith("xl/") for name in names)


def _archive_kind(path: Path, shape: FileShape) -> str:
    """The kind of archive a file is, empty for none."""
    with path.open("rb") as handle:
        head = handle.read(300)
    if head.startswith(GZIP):
        return "gzip"
    if head.startswith((ZIP, EMPTY_ZIP)):
        return "" if shape.format in BOOKS and _is_workbook(path) else "zip"
    return "tar" if head[257:262] == b"ustar" else ""
