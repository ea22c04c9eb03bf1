"""What coded values become: the workspace's own names first, then the shipped vocabulary; the rest is listed.

Which column is coded is decided in `match.py`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from etl.infer.headers import name_of
from etl.infer.profile import Column
from etl.infer.types import Reading
from warehouse.workspace import Workspace

REGION_COLUMNS = ("region_code", "home_region", "scope_region")
DEPT_COLUMNS = ("owner_dept", "from_dept", "to_dept")
MANY = 400
PART_TIMES = 4
LONGEST_CODE = 80
LONGEST_SHORT = 5
PRIVATE = re.compile(r"\d{7,}|@")
_SUFFIXES = ("经济技术开发区", "开发区", "新区", "自治县", "区", "县", "市", "分公司", "county", "district")
# Columns whose words are kept as they are when no vocabulary knows them.
_SAME_WORDS: dict[str, str] = {}


@dataclass(frozen=True)
class Known:
    """Names that are known beforehand, by kind: a comparable name to its code."""

    region: dict[str, str] = field(default_factory=dict)
    channel: dict[str, str] = field(default_factory=dict)
    type: dict[str, str] = field(default_factory=dict)
    dept: dict[str, str] = field(default_factory=dict)

    def names(self, column: str) -> dict[str, str]:
        if column in REGION_COLUMNS:
            return self.region
        if column in DEPT_COLUMNS:
            return self.dept
        return {"channel_code": self.channel, "type_code": self.type, "type_l1": self.type}.get(column, {})


def known_of(workspace: Workspace | None) -> Known:
    """The names of a workspace's dimensions."""
    if workspace is None:
        return Known()
    region: dict[str, str] = {}
    for row in workspace.dimension("region").to_pylist():
        for text in (row["region_code"], row["zh"], row["en"]):
            region |= {key: row["region_code"] for key in _keys(text)}
    channel, kind, dept = (_by_names(workspace, d, c) for d, c in _DIMENSIONS)
    return Known(region, channel, kind, dept)


_DIMENSIONS = (("channel", "channel_code"), ("type", "type_code"), ("dept", "dept_code"))


def _by_names(workspace: Workspace, dimension: str, code: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in workspace.dimension(dimension).to_pylist():
        for name in (code, "zh", "en", "l2_zh", "l2_en"):
            if row.get(name):
                found.setdefault(name_of(row[name]).key, row[code])
    return found


def _keys(text: str | None) -> list[str]:
    """A region is written with and without what kind of place it is."""
    if not text:
        return []
    key = name_of(text).key
    short = next((key.removesuffix(s) for s in _SUFFIXES if key.endswith(s) and len(key) - len(s) >= 2), key)
    return [key, short]


@cache
def vocabulary() -> dict[str, dict[str, list[str]]]:
    path = Path(__file__).with_name("vocabulary.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def _words(column: str) -> tuple[tuple[str, str, bool], ...]:
    """(comparable word, code, whether containing it is enough), longest words first."""
    entry = vocabulary().get(_SAME_WORDS.get(column, column), {})
    found = [
        (name_of(word).key, code, len(word) >= (2 if name_of(word).is_chinese else 4))
        for code, words in entry.items()
        for word in words
    ]
    return tuple(sorted((f for f in found if f[0]), key=lambda f: -len(f[0])))


def code_of(column: str, value: str, known: Known) -> str | None:
    """The code of one value; None when nothing knows it."""
    own = known.names(column)
    key = name_of(value).key
    if own:
        for text in _keys(value) if column in REGION_COLUMNS else [key]:
            if text in own:
                return own[text]
        if column in REGION_COLUMNS or column in DEPT_COLUMNS:
            return None
    words = _words(column)
    for word, code, _ in words:
        if word == key:
            return code if not own or code in set(own.values()) else None
    said = f" {' '.join(name_of(value).tokens)} "
    for word, code, is_part in words:
        if is_part and word in key and PART_TIMES * len(word) >= len(key) and _stands(word, key, said):
            return code if not own or code in set(own.values()) else None
    return None


def _stands(word: str, key: str, said: str) -> bool:
    """Whether a short word is one of the value's own: "call" is in "phone calls" and not in "caller 7"."""
    if not word.isascii() or len(word) > LONGEST_SHORT or " " not in said.strip() and not re.search(r"\d", said):
        return True
    return re.search(rf" {re.escape(word)}e?s? ", said) is not None or word not in said


def is_private(value: str) -> bool:
    """Whether a value may hold a number or address of a person: such values are never written into a draft."""
    return (
        len(value) > LONGEST_CODE
        or PRIVATE.search(re.sub(r"[\s\-.·]", "", unicodedata.normalize("NFKC", value))) is not None
    )


@dataclass
class Mapping:
    """A value map: what is known with its code, and what nothing knows, each with rows."""

    codes: dict[str, str]
    unknown: list[tuple[str, int]]
    share: float


def map_values(column: str, source: Column, reading: Reading, known: Known) -> Mapping:
    """Codes for the values of one column."""
    codes: dict[str, str] = {}
    unknown: list[tuple[str, int]] = []
    n_known = total = 0
    for value, n in source.counts:
        if value in reading.missing:
            continue
        total += n
        if is_private(value):
            continue
        code = code_of(column, value, known)
        if code is None:
            unknown.append((value, n))
        else:
            codes[value] = code
            n_known += n
    return Mapping(codes, unknown, n_known / total if total else 0.0)


def known_share(column: str, source: Column, reading: Reading, known: Known) -> float:
    """How much of a column's rows carry values that mean something for a canonical column."""
    if not (known.names(column) or _words(column)) or source.n_distinct > MANY:
        return 0.0
    return map_values(column, source, reading, known).share


def is_coded(column: str) -> bool:
    """Whether a canonical column holds codes that a vocabulary or a workspace names."""
    return column in vocabulary() or column in REGION_COLUMNS + DEPT_COLUMNS + ("type_code", "type_l1")
