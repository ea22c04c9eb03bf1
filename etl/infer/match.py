"""Which table a file belongs to and which header becomes which column: the best total of names and values.

Value maps, units and times of the chosen columns belong elsewhere.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import numpy as np

from etl.geo.position import COMPUTED
from etl.infer.fit import FREE_TEXT, TYPE_FITS, Known, fits
from etl.infer.headers import likeness, name_of
from etl.infer.profile import Profile
from etl.infer.speaking import speaks
from etl.infer.types import Reading
from etl.infer.values import known_share
from warehouse.canonical import Table, tables

ACCEPTED = 0.52
SAID = 0.45
ANONYMOUS = re.compile(r"(?i)column_?\d+|f\d+|field_?\d+|unnamed.*|v\d+|col_?\d+|列\d+")
NAME_WEIGHT = 0.8
BARE_VALUE = 0.55
SELF_EVIDENT = 0.2
REQUIRED_WEIGHT, REQUIRED_FIRST = 1.5, 1.25
MISSING_PENALTY = 1.6


@dataclass(frozen=True)
class Hit:
    """A header chosen for a column; `name` and `fit` are what the header's words and its values say, 0 to 1."""

    column: str
    header: str
    score: float
    name: float
    fit: float


@dataclass
class Match:
    """One table's best assignment. `missing` are required columns that no header gives."""

    table: Table
    hits: dict[str, Hit]
    missing: list[str]
    total: float
    runners: dict[str, list[Hit]] = field(default_factory=dict)


@cache
def synonyms() -> dict[str, dict[str, list[str]]]:
    path = Path(__file__).with_name("synonyms.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def words_of(table: str, column: str) -> tuple[str, ...]:
    """Every synonym of a column: its own, those of the table it is like, those of any table, its own names."""
    known, entry = synonyms(), tables()[table]
    found = [*known.get(table, {}).get(column, ())]
    if entry.like:
        found += known.get(entry.like, {}).get(column, ())
    found += known["any"].get(column, ())
    label = getattr(entry.columns[column], "zh", "")
    return tuple(dict.fromkeys([*found, column.replace("_", " "), *([label] if label else [])]))


@cache
def name_score(table: str, column: str, header: str) -> float:
    """How well a header names a column. Earlier synonyms are the surer ones."""
    if is_barred(column, header):
        return 0.0
    best = 0.0
    for place, word in enumerate(words_of(table, column)):
        score = likeness(re.sub(r"_\d+$", "", header), word)
        best = max(best, score * (1 - 0.003 * min(place, 30)))
    return best


@cache
def is_barred(column: str, header: str) -> bool:
    """Whether a word of the header keeps it from the column, whatever its values are."""
    return any(name_of(word).key in name_of(header).key for word in synonyms()["never"].get(column, ()))


@cache
def is_vague(column: str, header: str) -> bool:
    """Whether a header may mean the column and much else, so that only the values can say."""
    return any(name_of(word).key == name_of(header).key for word in synonyms()["vague"].get(column, ()))


def is_personal(header: str) -> bool:
    """Whether a header speaks of a name, a document, an address: content that is never stored."""
    known = synonyms()["personal"]
    name = name_of(header)
    if any(name_of(word).key in name.key for word in known["except"]):
        return False
    for word in known["words"]:
        other = name_of(word)
        if other.is_chinese and other.key in name.key:
            return True
        if not other.is_chinese and set(other.tokens) <= set(name.tokens):
            return True
    return False


def assign(table: Table, profile: Profile, readings: Mapping[str, Reading], known: Known, barred: set[str]) -> Match:
    """The assignment of headers to the columns of one table with the best total."""
    headers = [h for h in profile.headers if h not in barred and readings[h].kind != "empty"]
    columns = [c for c in table.columns if c not in COMPUTED]
    names = np.zeros((len(headers), len(columns)))
    values = np.zeros_like(names)
    scores = np.zeros_like(names)
    for j, column in enumerate(columns):
        for i, header in enumerate(headers):
            names[i, j] = name_score(table.name, column, profile[header].named)
            values[i, j] = fits(table, column, profile[header], readings[header], known)
            if ANONYMOUS.fullmatch(header):
                values[i, j] = max(values[i, j], speaks(column, profile[header], readings[header], profile, i))
            if (
                is_barred(column, header)
                or is_vague(column, header)
                and (known_share(column, profile[header], readings[header], known) < SAID)
            ):
                values[i, j] = 0.0
            scores[i, j] = _score(names[i, j], values[i, j])
            if ANONYMOUS.fullmatch(header):
                scores[i, j] = _anonymous(table, column, float(values[i, j])) - 0.001 * i
    # Squares favour one sure pair over two doubtful ones; a required column comes before an optional one.
    wanted = np.array([REQUIRED_FIRST if entry.required else 1.0 for entry in (table.columns[c] for c in columns)])
    from scipy.optimize import linear_sum_assignment  # a third of a second that no other command should wait for

    rows, picks = linear_sum_assignment(-(np.where(scores >= ACCEPTED, scores, 0.0) ** 2 * wanted))
    hits = {
        columns[j]: Hit(columns[j], headers[i], *(float(m[i, j]) for m in (scores, names, values)))
        for i, j in zip(rows, picks, strict=True)
        if scores[i, j] >= ACCEPTED
    }
    missing = [c for c, entry in table.columns.items() if entry.required and c not in hits]
    total = sum(
        h.score * _weight(table, c)
        for c, h in hits.items()
        if h.name >= 0.3 or h.fit >= 0.9 or ANONYMOUS.fullmatch(h.header)
    )
    used = len(hits) / max(1, len(headers))
    # A table of few columns is not better for having less to fill.
    total += used * 1.0
    return Match(table, hits, missing, total, _runners(columns, headers, scores, names, values, hits))


def _score(name: float, fit: float) -> float:
    if fit <= 0:
        return 0.0
    if name < 0.3:
        return BARE_VALUE * fit if fit >= 0.9 else 0.0
    return NAME_WEIGHT * name + (1 - NAME_WEIGHT) * fit if fit >= 0.5 else name * fit


def _anonymous(table: Table, column: str, fit: float) -> float:
    """A header without a name: only what a row cannot do without, texts, and values that say it themselves."""
    if fit >= 0.9:
        return BARE_VALUE + 0.1 * fit + (SELF_EVIDENT if table.columns[column].required and fit == 1 else 0.0)
    is_wanted = table.columns[column].required or column in FREE_TEXT
    return BARE_VALUE + 0.02 if is_wanted and fit >= TYPE_FITS else 0.0


@cache
def _n_tables(column: str) -> int:
    names = ("period_on", "period_start") if column in ("period_on", "period_start") else (column,)
    return sum(any(n in t.columns for n in names) for t in tables().values() if not t.internal)


def _weight(table: Table, column: str) -> float:
    """A column that many tables have says little about which table it is."""
    weight = 1 / math.sqrt(_n_tables(column))
    return weight * (REQUIRED_WEIGHT if table.columns[column].required else 1.0)


def _runners(
    columns: list[str],
    headers: list[str],
    scores: np.ndarray,
    names: np.ndarray,
    values: np.ndarray,
    hits: dict[str, Hit],
) -> dict[str, list[Hit]]:
    """For every column the other headers that would have done, best first."""
    found: dict[str, list[Hit]] = {}
    taken = {h.header for h in hits.values()}
    for j, column in enumerate(columns):
        order = [i for i in np.argsort(-scores[:, j]) if scores[i, j] >= ACCEPTED and headers[i] not in taken]
        found[column] = [Hit(column, headers[i], *(float(m[i, j]) for m in (scores, names, values))) for i in order[:4]]
    return found


def table_words(table: str, texts: list[str]) -> int:
    """How many words of the file name, titles and sheet speak for a table."""
    shown = " ".join(texts).casefold()
    plain = re.sub(r"[_\-.]+", " ", shown)
    return sum(_is_in(word, plain) for word in synonyms()["names"].get(table, ()))


def _is_in(word: str, text: str) -> bool:
    if name_of(word).is_chinese:
        return word in text
    return re.search(rf"(?<![a-z]){re.escape(word)}s?(?![a-z])", text) is not None
