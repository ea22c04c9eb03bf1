"""What the values of one column are, judged from the values alone: figure, time, flag, number of a person, text."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from etl.infer.numbers import figure, is_token, sentinels
from etl.infer.order import Written, parse, written_as
from etl.infer.profile import Column
from etl.infer.times import EPOCH_MS, EPOCH_S, EXCEL, clock_format, formats_of

Kind = Literal[
    "empty", "number", "time", "clock", "flag", "phone", "masked", "person", "cell", "point", "angle", "text"
]
ENOUGH = 0.9
MAJORITY = 0.6
_FLAGS = {"是", "否", "有", "无", "y", "n", "yes", "no", "true", "false", "t", "f", "0", "1", "√", "×", "ja", "nein"}
_PHONE = re.compile(r"(?:\+?86|0086)?0?1[3-9]\d{9}")
_MASKED = re.compile(r"(?:\+?86)?1[3-9]\d{0,2}[*xX#]{3,6}\d{2,4}")
_ABROAD = re.compile(r"\+\d{1,3}\d{6,12}|\(\d{3}\)\s?\d{3}-\d{4}|\d{3}-\d{3}-\d{4}|0\d{9,10}")
_ID_CARD = re.compile(r"[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[A-Za-z]{2,}")
_CELL = re.compile(r"\d{3}-\d{2,3}-\d+-\d+")
_POINT = re.compile(r"(?:POINT\s*)?[(\[]?\s*(-?\d{1,3}\.\d+)\s*[,，;\s]\s*(-?\d{1,3}\.\d+)\s*[)\]]?", re.IGNORECASE)
_ANGLE = re.compile(
    r"[NSEW东西南北]?\s?\d{1,3}\s?[°度]\s?\d{1,2}(\.\d+)?\s?['′分]?\s?(\d{1,2}(\.\d+)?\s?[\"″秒]?)?\s?[NSEW]?"
)
_TIME_WORDS = re.compile(
    r"时间|日期|月份|时刻|date|time|stamp|epoch|month|day|created|opened|closed|_at$|_on$|^ts$|datum|zeit",
    re.IGNORECASE,
)


# Words that go with a stamp as well as with something else; counts from 1970 under them are instants.
_STAMP_WORDS = re.compile(
    r"resolved|solved|updated|finished|completed|started|ended|received|logged|raised|assigned|_ms$|_ts$|utc",
    re.IGNORECASE,
)


@dataclass
class Reading:
    """A column's kind, how much of it fits, and what has to be said to read it."""

    kind: Kind
    fit: float = 1.0
    missing: list[str] = field(default_factory=list)
    sentinels: list[str] = field(default_factory=list)
    low: float = 0.0
    high: float = 0.0
    is_whole: bool = False
    unit: str = ""
    percent_share: float = 0.0
    comma_share: float = 0.0
    written: Written | None = None
    clock: str = ""
    mean_length: float = 0.0

    @property
    def is_time(self) -> bool:
        return self.kind == "time"


def read_column(column: Column) -> Reading:
    """The kind that most values fit. Words that stand for nothing are kept apart first."""
    values = set(column.values)
    own = {"无"} if "有" in values else set()
    missing = [t for t in column.values if is_token(t) and t not in own]
    counts = [(t, n) for t, n in column.counts if not is_token(t) or t in own]
    total = sum(n for _, n in counts)
    if total == 0:
        return Reading("empty", missing=missing)
    mean = sum(len(t) * n for t, n in counts) / total
    reading = _kind(column, counts, total)
    reading.missing, reading.mean_length = missing, mean
    return reading


def _kind(column: Column, counts: list[tuple[str, int]], total: int) -> Reading:
    for kind, test in _SHAPES:
        share = sum(n for t, n in counts if test(t)) / total
        if share >= (MAJORITY if kind in ("phone", "person") else ENOUGH):
            return Reading(kind, share)
    values = {t.casefold() for t, _ in counts}
    if values <= _FLAGS and len(values) <= 3 and not (values <= {"0", "1"} and column.n_distinct > 2):
        return Reading("flag", is_whole=values <= {"0", "1"}, high=1.0)
    if (reading := _times(column, counts, total)) is not None:
        return reading
    figures = [(figure(t), n) for t, n in counts]
    n_figures = sum(n for f, n in figures if f)
    if n_figures >= MAJORITY * total:
        return _numbers(column, counts, n_figures / total)
    return Reading("text")


def _plain(text: str) -> str:
    return re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", text)).removeprefix("'")


_SHAPES: tuple[tuple[Kind, Callable[[str], bool]], ...] = (
    ("person", lambda t: bool(_ID_CARD.fullmatch(_plain(t)) or _EMAIL.fullmatch(t))),
    ("phone", lambda t: bool(_PHONE.fullmatch(re.sub(r"\.0$", "", _plain(t))))),
    ("phone", lambda t: bool(_ABROAD.fullmatch(t)) and not t.isdigit()),
    ("masked", lambda t: bool(_MASKED.fullmatch(t))),
    ("cell", lambda t: bool(_CELL.fullmatch(t))),
    ("point", lambda t: bool(_POINT.fullmatch(t))),
    ("angle", lambda t: bool(_ANGLE.fullmatch(t))),
)


def _times(column: Column, counts: list[tuple[str, int]], total: int) -> Reading | None:
    clocks = Counter(clock_format(t) for t, _ in counts)
    clock, n_clock = clocks.most_common(1)[0]
    if clock and n_clock >= ENOUGH * len(counts):
        return Reading("clock", n_clock / len(counts), clock=clock)
    candidates = {t: formats_of(t) for t, _ in counts}
    if not any(candidates.values()):
        candidates = _counted_times(column, counts)
    written = written_as(counts, candidates)
    if written is None or written.share < MAJORITY:
        return None
    if all(t.isdigit() for t, _ in counts[:50]) and not _is_calendar(column, counts, written):
        return None
    return Reading("time", written.share, written=written)


def _is_calendar(column: Column, counts: list[tuple[str, int]], written: Written) -> bool:
    """Digits alone are a date only when nearly all are days of our time, or the header says so."""
    if not written.share >= 0.98:
        return False
    times = [parse(t, f) for t, _ in counts for f in written.formats[:1]]
    years = [t.year for t in times if t]
    if _TIME_WORDS.search(column.header) or _STAMP_WORDS.search(column.header):
        return bool(years)
    is_short = len(counts[0][0]) < 8
    return bool(years) and min(years) >= 1990 and max(years) <= 2045 and max(years) - min(years) <= 15 and not is_short


def _counted_times(column: Column, counts: list[tuple[str, int]]) -> dict[str, tuple[str, ...]]:
    """Seconds, milliseconds or spreadsheet days; only under a header that speaks of time."""
    is_named = _TIME_WORDS.search(column.header) is not None
    if not is_named and not _STAMP_WORDS.search(column.header):
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for text, _ in counts:
        seen = figure(text)
        if seen is None or seen.unit or not re.fullmatch(r"\d+(\.\d+)?", text):
            continue
        for form, low, high in ((EPOCH_S, 9.4e8, 2.2e9), (EPOCH_MS, 9.4e11, 2.2e12), (EXCEL, 33000, 55000)):
            if low <= seen.value <= high and (is_named or form != EXCEL):
                found[text] = (form,)
    return found


def _numbers(column: Column, counts: list[tuple[str, int]], fit: float) -> Reading:
    wrong = sentinels(column)
    seen = [(f, n) for t, n in counts if t not in wrong and (f := figure(t))]
    total = sum(n for _, n in seen) or 1
    values = [f.value for f, _ in seen] or [0.0]
    units = Counter[str]()
    for f, n in seen:
        units[f.unit.strip()] += n
    unit = next((u for u, n in units.most_common() if u and n >= 0.3 * total), "")
    percent = sum(n for f, n in seen if f.percent) / total
    comma = sum(n for f, n in seen if f.is_comma) / total
    whole = all(v == int(v) for v in values if abs(v) < 1e15)
    return Reading(
        "number", fit, [], wrong, min(values), max(values), whole, unit, percent, comma,
    )  # fmt: skip
