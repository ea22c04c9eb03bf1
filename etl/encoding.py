"""Which encoding a text file is in, and a plain UTF-8 copy of files that the CSV reader cannot take as they are.

Delimiters, headers and columns do not belong here.
"""

from __future__ import annotations

import codecs
import io
import re
from collections.abc import Iterator
from pathlib import Path

from etl.sentences import fault

CHUNK_BYTES = 1 << 20
SEARCH_BYTES = 256 << 10
# UTF-8 lead bytes of common Chinese characters; GB18030 text does not form two valid ones by chance.
_WIDE = re.compile(rb"[\xe4-\xe9][\x80-\xbf]{2}")
_SURE = 2

# What a declared encoding is read as: the superset that exporting programs really write.
_READ_AS = {
    "utf-8-sig": "utf-8",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "cp950",
    "shift_jis": "cp932",
}
# Two bytes that are one character in UTF-8 and two odd ones in a single-byte encoding.
_ACCENTED = re.compile(rb"[\xc3-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
_SINGLE_BYTE = ("latin-1", "cp1252")

Encoding = str
"""A codec's name as Python knows it; `utf-8` covers both with and without a byte order mark."""


def choose(path: Path, declared: str) -> Encoding:
    """The encoding to read with. Raises `Problems` when the file plainly contradicts its contract.

    `auto` takes UTF-16 with a byte order mark, UTF-8 when the whole file is valid, or when it is up to a damaged
    place; else GB18030.
    """
    wanted = _READ_AS.get(declared, declared)
    with path.open("rb") as handle:
        is_utf16 = handle.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    if is_utf16 and wanted == "auto":
        return "utf-16"
    if wanted.startswith("utf-16"):
        return "utf-16" if is_utf16 else wanted
    if is_utf16:
        raise fault("utf16", path.name, declared=declared)
    if wanted == "utf-8":
        return "utf-8"
    is_valid, n_wide = _as_utf8(path, _ACCENTED if wanted in _SINGLE_BYTE else _WIDE)
    if wanted == "auto":
        return "utf-8" if is_valid or n_wide >= _SURE else "gb18030"
    if is_valid and n_wide >= _SURE:
        raise fault("is_utf8", path.name, declared=declared)
    return wanted


def _as_utf8(path: Path, sign: re.Pattern[bytes]) -> tuple[bool, int]:
    """(is all of it valid UTF-8, how many characters of this sign stand before the first fault, up to a few)."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    n_wide = 0
    for chunk in _chunks(path):
        try:
            decoder.decode(chunk)
        except UnicodeDecodeError as error:
            return False, n_wide + len(sign.findall(chunk[: error.start]))
        if n_wide < _SURE:
            n_wide += len(sign.findall(chunk))
    return True, n_wide


def has_mixed_line_ends(path: Path) -> bool:
    """Whether more than one kind of line end occurs; the CSV reader loses rows of such files."""
    if not _holds(path, b"\r"):
        return False
    n_cr = n_lf = n_both = 0
    last = b""
    for chunk in _chunks(path):
        n_cr += chunk.count(b"\r")
        n_lf += chunk.count(b"\n")
        n_both += chunk.count(b"\r\n") + (last == b"\r" and chunk[:1] == b"\n")
        last = chunk[-1:]
    return n_lf > 0 and not n_cr == n_lf == n_both


def _holds(path: Path, byte: bytes) -> bool:
    """Searched in one buffer over and over: reading into new ones costs more than searching them."""
    buffer = bytearray(SEARCH_BYTES)
    with path.open("rb", buffering=0) as handle:
        while n := handle.readinto(buffer):
            if buffer.find(byte, 0, n) >= 0:
                return True
    return False


def copy_as_utf8(path: Path, target: Path, encoding: Encoding, skip_lines: int) -> tuple[int, int]:
    """Write what follows the first lines as UTF-8 with plain line ends, readable by the owner only.

    Returns (characters written, of these undecodable); undecodable bytes become U+FFFD.
    """
    decoder = codecs.getincrementaldecoder("utf-8-sig" if encoding == "utf-8" else encoding)("replace")
    line_ends = io.IncrementalNewlineDecoder(None, translate=True)
    n_written = n_bad = 0
    target.touch(mode=0o600)
    with target.open("wb") as out:
        for chunk in _chunks(path):
            # Most of a counter file is digits, which the codecs of other alphabets read slowly.
            is_plain = chunk.isascii() and not encoding.startswith("utf-16") and decoder.getstate() == (b"", 0)
            text = line_ends.decode(chunk.decode("ascii") if is_plain else decoder.decode(chunk))
            skip_lines, text = _without_lines(skip_lines, text)
            n_written += len(text)
            n_bad += 0 if text.isascii() else text.count("\ufffd")
            out.write(text.encode())
        skip_lines, text = _without_lines(skip_lines, line_ends.decode(decoder.decode(b"", True), True))
        out.write(text.encode())
    return n_written + len(text), n_bad + text.count("\ufffd")


def _without_lines(n: int, text: str) -> tuple[int, str]:
    """(lines still to be left out, the text behind those that were)."""
    while n and text:
        _, end, text = text.partition("\n")
        n -= bool(end)
    return n, text


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as handle:
        while chunk := handle.read(CHUNK_BYTES):
            yield chunk
