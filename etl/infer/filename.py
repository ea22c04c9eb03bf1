"""What a file's name tells: the pattern of its kind, the day or month it speaks of, how often such files come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
# (what stands in the name, the format that loading reads it by, hours between two such files)
_DATES: tuple[tuple[str, str, float], ...] = (
    (r"20\d{2}-\d{2}-\d{2}", "%Y-%m-%d", 24.0),
    (r"20\d{2}\.\d{2}\.\d{2}", "%Y.%m.%d", 24.0),
    (r"20\d{2}_\d{2}_\d{2}", "%Y_%m_%d", 24.0),
    (r"20\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", "%Y%m%d", 24.0),
    (r"20\d{2}年\d{1,2}月\d{1,2}日", "%Y年%m月%d日", 24.0),
    (r"20\d{2}年\d{1,2}月", "%Y年%m月", 744.0),
    (rf"(?:{_MONTHS})[_ -]20\d{{2}}", "%B_%Y", 744.0),
    (rf"(?:{_SHORT})[_ -]?20\d{{2}}", "%b_%Y", 744.0),
    (r"20\d{2}-(?:0[1-9]|1[0-2])", "%Y-%m", 744.0),
    (r"20\d{2}(?:0[1-9]|1[0-2])", "%Y%m", 744.0),
    (r"20[012]\d", "%Y", 8784.0),
)


@dataclass(frozen=True)
class FileName:
    """`capture` is a pattern with the group `period`, empty when the name holds no date."""

    pattern: str
    capture: str = ""
    format: str = ""
    written: str = ""
    hours: float | None = None

    @property
    def moment(self) -> datetime | None:
        if not self.format:
            return None
        try:
            return datetime.strptime(self.written, self.format)
        except ValueError:
            return None

    @property
    def month(self) -> tuple[int, int] | None:
        return (self.moment.year, self.moment.month) if self.moment and self.format != "%Y" else None


def read_name(path: Path) -> FileName:
    """The pattern that also takes the files of other days, and the date in the name."""
    name = path.name
    for shape, form, hours in _DATES:
        found = re.search(rf"(?<!\d)({shape})(?!\d)", name)
        if found is None:
            continue
        form = _with_sign(form, found[1])
        capture = f"(?P<period>{shape})".replace("\\d", "[0-9]")
        made = FileName(_pattern(name), capture, form, found[1], hours)
        if made.moment is not None:
            return made
    return FileName(_pattern(name))


def _with_sign(form: str, text: str) -> str:
    """The sign between month name and year as it stands in the name."""
    if form not in ("%B_%Y", "%b_%Y"):
        return form
    sign = re.sub(r"[A-Za-z0-9]", "", text)
    return form.replace("_", sign)


def _pattern(name: str) -> str:
    """The name with digits and month names left open; the rest must stand."""
    stem, dot, ending = name.rpartition(".")
    if not dot:
        stem, ending = name, ""
    open_ = re.sub(rf"(?:{_MONTHS}|\b(?:{_SHORT})(?=[_ -]?\d))", "*", stem)
    open_ = re.sub(r"(?<![A-Za-z0-9])\d[\d._:-]*\d|\d{4,}", "*", open_)
    open_ = re.sub(r"\[", "[[]", open_)
    open_ = re.sub(r"\*[\s_.-]*(?:\*[\s_.-]*)*\*|\*+", "*", open_)
    if not re.search(r"[^*\s_.-]", open_):
        return name.replace("[", "[[]")
    return f"{open_}.{ending}" if dot else open_
