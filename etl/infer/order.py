"""Day first or month first, decided by evidence; a column that gives none is left for a person to decide.

Evidence, strongest first: a part above 12, a second column that names the month, the month in the file name,
the order of rows, how closely the days follow each other, other columns of the same file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from etl.infer.profile import Column
from etl.infer.times import EPOCH_MS, EPOCH_S, EXCEL, ISO, OFFSET, formats_of, is_day_first, swapped
from etl.infer.words import Note, note

SORTED_SHARE = 0.98
UNSORTED_SHARE = 0.9
SAME_SHARE = 0.9
CLOSER_TIMES = 4
FORMATS_KEPT = 4
MIXED_LEAST = 3


@dataclass
class Written:
    """How a column writes its times: the chosen formats, and the rival that would read them as well."""

    formats: list[str]
    share: float
    rival: list[str] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    is_mixed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether nothing has decided between the formats and their rival yet."""
        return bool(self.rival)


@cache
def parse(text: str, form: str) -> datetime | None:
    """The time a text means under a format, as loading reads it; None when it does not fit."""
    try:
        if form in (ISO, OFFSET):
            return _parse_iso(text, form)
        if form in (EPOCH_S, EPOCH_MS):
            return datetime(1970, 1, 1) + timedelta(seconds=float(text) / (1 if form == EPOCH_S else 1000))
        if form == EXCEL:
            return datetime(1899, 12, 30) + timedelta(days=float(text))
        return datetime.strptime(text, form)
    except (ValueError, OverflowError):
        return None


def _parse_iso(text: str, form: str) -> datetime | None:
    if form == OFFSET:
        moment = datetime.fromisoformat(text.replace(" +", "+").replace(" Z", "Z"))
        shift = moment.utcoffset() or timedelta()
        return moment.replace(tzinfo=None) - shift
    if "iso" not in formats_of(text):
        return None
    date, *clock = re.split("[ T]", text)
    year, month, day = (int(p) for p in re.split("[-/]", date))
    parts = [float(p) for p in clock[0].split(":")] if clock else []
    hours, minutes, seconds = (*parts, 0.0, 0.0, 0.0)[:3]
    if hours > 24 or minutes > 59 or seconds >= 60 or (hours == 24 and minutes + seconds > 0):
        return None
    return datetime(year, month, day) + timedelta(hours=hours, minutes=minutes, seconds=seconds)


def written_as(counts: list[tuple[str, int]], candidates: dict[str, tuple[str, ...]]) -> Written | None:
    """The fewest formats that read the values, before any evidence from outside the column."""
    total = sum(n for _, n in counts)
    left = [(text, n) for text, n in counts if candidates.get(text)]
    formats: list[str] = []
    while left and len(formats) < FORMATS_KEPT:
        reads: dict[str, int] = {}
        for text, n in left:
            for form in candidates[text]:
                if parse(text, form) is not None:
                    reads[form] = reads.get(form, 0) + n
        if not reads:
            break
        best = max(reads, key=lambda f: (reads[f], _likely(f)))
        if formats and reads[best] < max(MIXED_LEAST, 0.002 * total):
            break
        formats.append(best)
        left = [(text, n) for text, n in left if parse(text, best) is None]
    if not formats:
        return None
    n_left = sum(n for _, n in left) + sum(n for text, n in counts if not candidates.get(text))
    found = Written(formats, 1 - n_left / max(1, total))
    _judge_alone(found, counts, total)
    return found


def _likely(form: str) -> int:
    """Between formats that read equally much: year first, then day first, as most of the world writes."""
    if form.startswith(("%Y", "iso")):
        return 3
    return 2 if form.startswith("%d") else 1


def _judge_alone(found: Written, counts: list[tuple[str, int]], total: int) -> None:
    """What the column itself says of its order."""
    rivals = {f: swapped(f) for f in found.formats if swapped(f) != f and not f.startswith("%Y")}
    if not rivals:
        return
    first = found.formats[0]
    if len(found.formats) > 1 and swapped(first) in found.formats:
        rival = swapped(first)
        only = [t for t, _ in counts if parse(t, first) is None and parse(t, rival) is not None]
        found.is_mixed = True
        found.notes.append(note("order_mixed", "decide", example=only[0] if only else "", n=len(only)))
        return
    telling = [(t, n) for t, n in counts for f, r in rivals.items() if parse(t, f) and not parse(t, r)]
    if telling:
        n = sum(n for _, n in telling)
        order = "order_day" if is_day_first(next(iter(rivals))) else "order_month"
        found.notes.append(note(order, n=n, example=telling[0][0], total=total))
        return
    found.rival = [rivals.get(f, f) for f in found.formats]


def settle(found: Written, day_first: bool, evidence: Note) -> None:
    """Decide an open order and keep why."""
    if is_day_first(next(f for f in found.formats if swapped(f) != f)) != day_first:
        found.formats, found.rival = found.rival, found.formats
    found.rival = []
    found.notes.append(evidence)


def times_of(column: Column, formats: list[str]) -> list[datetime | None]:
    """The first rows of a column as times."""
    return [next((t for f in formats if v and (t := parse(v, f))), None) for v in column.first]


def by_second_column(found: Written, column: Column, other: Column, other_formats: list[str]) -> None:
    """Another column of the row that writes the same day unmistakably."""
    truth = times_of(other, other_formats)
    shares = {}
    for form in (tuple(found.formats), tuple(found.rival)):
        pairs = [(a, b) for a, b in zip(times_of(column, list(form)), truth, strict=True) if a and b]
        same = sum(a.date() == b.date() for a, b in pairs)
        shares[form] = same / len(pairs) if len(pairs) >= MIXED_LEAST else 0.0
    best = max(shares, key=lambda f: shares[f])
    if shares[best] >= SAME_SHARE and min(shares.values()) < 0.6:
        day = is_day_first(next(f for f in best if swapped(f) != f))
        share = f"{100 * shares[best]:.0f}"
        settle(found, day, note("order_by_column", other=other.header, share=share, first=_word(day)))


def by_name(found: Written, column: Column, written: datetime | None, has_day: bool) -> None:
    """The month or day of the file name, when one reading keeps to it and the other does not."""
    if written is None:
        return
    month = (written.year, written.month)
    shares = []
    for form in (found.formats, found.rival):
        times = [t for t in times_of(column, form) if t]
        near = [(t.year, t.month) == month and (not has_day or abs((t - written).days) <= 1) for t in times]
        shares.append(sum(near) / max(1, len(times)))
    if max(shares) >= SAME_SHARE and min(shares) < 0.6:
        form = (found.formats, found.rival)[shares.index(max(shares))]
        day = is_day_first(next(f for f in form if swapped(f) != f))
        settle(found, day, note("order_by_name", month=f"{month[0]}-{month[1]:02d}", first=_word(day)))


def by_rows(found: Written, column: Column) -> None:
    """Files are often in order of time: the reading that keeps the order is right."""
    shares, steps = [], 0
    for form in (found.formats, found.rival):
        times = [t for t in times_of(column, form) if t]
        days = [t.date() for t in times]
        moves = [(a, b) for a, b in zip(times, times[1:], strict=False) if a.date() != b.date()]
        steps = max(steps, len(moves), len(set(days)))
        up = sum(a <= b for a, b in moves) / max(1, len(moves))
        shares.append(max(up, 1 - up))
    if steps >= 8 and max(shares) >= SORTED_SHARE and min(shares) < UNSORTED_SHARE:
        form = (found.formats, found.rival)[shares.index(max(shares))]
        day = is_day_first(next(f for f in form if swapped(f) != f))
        settle(found, day, note("order_by_rows", share=f"{100 * max(shares):.0f}", first=_word(day)))


def by_closeness(found: Written, column: Column) -> None:
    """Days of one export lie close together; read the wrong way round they are a month apart each."""
    spans = []
    for form in (found.formats, found.rival):
        days = sorted({t.date() for t in times_of(column, form) if t})
        spans.append(((days[-1] - days[0]).days + 1 if days else 0, len(days)))
    (one, n_one), (two, n_two) = spans
    if min(n_one, n_two) < 3 or not one or not two:
        return
    if max(one, two) >= CLOSER_TIMES * min(one, two):
        form = found.formats if one < two else found.rival
        day = is_day_first(next(f for f in form if swapped(f) != f))
        evidence = note("order_by_closeness", "assumed", span=min(one, two), other=max(one, two), first=_word(day))
        settle(found, day, evidence)


def _word(day_first: bool) -> str:
    return "d/m" if day_first else "m/d"
