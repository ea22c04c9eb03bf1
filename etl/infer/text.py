"""Encoding and delimiter of a text file, each with what speaks for it."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from etl.encoding import choose
from etl.infer.words import Note, note

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "pipe", "^": "caret", "~": "tilde", "\x01": "\\x01"}
# Frequent characters of Chinese business exports in both scripts, and Japanese kana, to tell the encodings apart.
_SIMPLIFIED = set("的时间号码区县渠道投诉网络类型状态处理部门内容用户编号日期地市工单受理是否满意小名称原因套餐业务")
_TRADITIONAL = set("的時間號碼區縣渠道投訴網絡網路類型狀態處理部門內容用戶編號日期地市工單受理是否滿意小名稱原因業務")
_KANA = re.compile(r"[\u3041-\u30ff]")


@dataclass(frozen=True)
class Text:
    """The start of a file as text."""

    content: str
    encoding: str
    notes: list[Note] = field(default_factory=list)

    def lines(self, n: int) -> list[str]:
        """Its first lines. Blank ones count, so that the header is found on its own line."""
        found = re.split("\r\n|\n|\r", self.content)
        while found and not found[-1].strip():
            found.pop()
        return found[:n]


def choose_encoding(path: Path | None, head: bytes) -> Text:
    """The encoding of a text file by its bytes; `path` lets the whole file be checked, not only its start."""
    for mark, name, decoder in (
        (codecs.BOM_UTF8, "utf-8-sig", "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16", "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16", "utf-16"),
    ):
        if head.startswith(mark):
            content = head.decode(decoder, errors="replace")
            return Text(content, name, [note("encoding_mark", name=name)])
    if head.isascii():
        return Text(head.decode("ascii"), "utf-8", [note("encoding_ascii")])
    if path is not None and choose(path, "auto") == "utf-8" or path is None and _is_utf8(head):
        n = sum(ord(c) > 127 for c in head.decode("utf-8", errors="replace"))
        return Text(head.decode("utf-8", errors="replace"), "utf-8", [note("encoding_utf8", n=n)])
    name, content = max(_guesses(head), key=lambda guess: guess[0])[1:]
    n_high = sum(ord(c) > 127 for c in content)
    return Text(content, name, [note("encoding_bytes", "found" if n_high > 20 else "assumed", name=name, n=n_high)])


def _is_utf8(head: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _guesses(head: bytes) -> list[tuple[float, str, str]]:
    """(score, encoding, text) of every candidate; more readable text scores higher."""
    found = []
    runs = [len(r) for r in re.findall(rb"[\x80-\xff]+", head)]
    lonely = sum(n == 1 for n in runs) / max(1, len(runs))
    for name in ("gb18030", "big5", "shift_jis", "cp1252"):
        text = head.decode(name, errors="replace")
        high = [c for c in text if ord(c) > 127]
        n_bad = text.count("\ufffd")
        if name == "cp1252":
            letters = sum(c in "äöüßéèêàçñóíáúÄÖÜÉåøæâîôûëïœ€£°–—’“”" for c in high)
            score = lonely * 0.6 + letters / max(1, len(high)) * 0.5
        else:
            common = _TRADITIONAL if name == "big5" else _SIMPLIFIED
            score = sum(c in common for c in high) / max(1, len(high)) * 2
            score += 0.35 if name == "gb18030" else 0.0
            if name == "shift_jis":
                score = len(_KANA.findall(text)) / max(1, len(high)) * 1.5
            score -= lonely
        found.append((score - 20 * n_bad / max(1, len(text)), name, text))
    return found


def split(line: str, delimiter: str) -> list[str]:
    """The cells of one line, without blanks around them."""
    try:
        cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
    except csv.Error:
        return []
    return [cell.strip().strip("\ufeff").strip() for cell in cells]


def choose_delimiter(lines: list[str]) -> tuple[str, Note]:
    """The delimiter that cuts most lines into the same number of cells."""
    best, best_score, best_width = ",", 0.0, 1
    for delimiter in DELIMITERS:
        widths = Counter(_widths(lines, delimiter))
        if not widths:
            continue
        width, n = max(widths.items(), key=lambda item: (item[1] * (item[0] > 1), item[0]))
        share = n / sum(widths.values())
        score = share * min(width, 12) ** 0.5 if width > 1 else 0.0
        # A comma inside figures or texts cuts less evenly than the real delimiter.
        if score > best_score * 1.05:
            best, best_score, best_width = delimiter, score, width
    return best, note("delimiter", name=DELIMITERS[best], n=best_width)


def _widths(lines: list[str], delimiter: str) -> list[int]:
    try:
        rows = list(csv.reader(io.StringIO("\n".join(lines)), delimiter=delimiter))
    except csv.Error:
        return []
    return [len(row) for row in rows if row]
