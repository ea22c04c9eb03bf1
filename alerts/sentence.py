"""What a warning says, in one sentence per language: the rule's own words, filled with what was seen.

Numbers are written as on the pages. A place in braces names a figure and how to write it: {value:rate}, {n:count}.
Parts in brackets, [{a:count} of one|{b:count} of another], are listed without those whose figure is zero.
"""

from __future__ import annotations

import math
import re
import string
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Literal

from alerts.rules import Rule

Lang = Literal["zh", "en"]
# kind of scope or dimension, code, language -> its name
Names = Callable[[str, str, str], str]
DASH = "—"
WITHHELD = "…"  # instead of numbers that who asks may not see
SHOWN = 3
_PARTS = re.compile(r"\[([^\[\]]*)\]")


def sentence(rule: Rule, scope_id: str, seen: Mapping[str, Any], names: Names, lang: Lang) -> str:
    """The sentence of a warning. What is missing is written as a dash; a list that is withheld is left off."""
    words = rule.sentence.zh if lang == "zh" else rule.sentence.en
    told = _PARTS.sub(lambda parts: _without_zeros(parts[1], seen, lang), words)
    said = _Filler(lang).vformat(told, (), {**seen, "scope": scope_name(rule.scope, scope_id, names, lang)})
    return said.removesuffix(("：" if lang == "zh" else ": ") + WITHHELD)


def _without_zeros(parts: str, seen: Mapping[str, Any], lang: Lang) -> str:
    """The parts between the bars whose figures are not all zero; all of them if none would be left."""
    listed = parts.split("|")
    kept = [p for p in listed if any(seen.get(str(name)) != 0 for _, name, _, _ in string.Formatter().parse(p) if name)]
    return ("，" if lang == "zh" else ", ").join(kept or listed)


def scope_name(kind: str, scope_id: str, names: Names, lang: Lang) -> str:
    """Where a warning is, in words. A scope of two dimensions is written with both."""
    if kind == "type_district":
        type_code, _, region = scope_id.partition("/")
        parts = [names("district", region, lang), names("type", type_code, lang)]
        return "".join(parts) if lang == "zh" else f"{parts[1]} in {parts[0]}"
    if kind == "type_area":
        type_code, _, area = scope_id.partition("/")
        parts = [_area(area, names, lang), names("type", type_code, lang)]
        return "".join(parts) if lang == "zh" else f"{parts[1]} at {parts[0]}"
    if kind == "dept":
        # The list of a day is that of a department: the day is told with the time it was made.
        scope_id = scope_id.partition("/")[0]
    return _area(scope_id, names, lang) if kind == "area" else names(kind, scope_id, lang)


def _area(scope_id: str, names: Names, lang: Lang) -> str:
    """A place, town, district or cell. Without a name of its own it is called by its code."""
    name = names("area", scope_id, lang)
    return name if name != scope_id else scope_id.partition(":")[2]


class _Filler(string.Formatter):
    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs.get(key) if isinstance(key, str) else super().get_value(key, args, kwargs)

    def format_field(self, value: Any, format_spec: str) -> str:
        if value is None or (isinstance(value, float) and not math.isfinite(value)):
            return DASH
        if not format_spec:
            return str(value)
        return WRITE[format_spec](value, self.lang)


def _fixed(value: float, places: int) -> str:
    return f"{value + 0.0:,.{places}f}"


def _hours(value: Any, lang: Lang) -> str:
    hours = float(value)
    if hours >= 72:
        return f"{_fixed(hours / 24, 1)}天" if lang == "zh" else f"{_fixed(hours / 24, 1)} days"
    if hours < 1:
        return f"{_fixed(hours * 60, 0)}分钟" if lang == "zh" else f"{_fixed(hours * 60, 0)} min"
    return f"{_fixed(hours, 1)}小时" if lang == "zh" else f"{_fixed(hours, 1)} h"


def _moment(value: Any, lang: Lang) -> str:
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return f"{at.month}月{at.day}日{at:%H:%M}" if lang == "zh" else f"{at:%d %b %H:%M}"


def _pp(value: Any, lang: Lang) -> str:
    points = _fixed(float(value) * 100, 1)
    return f"{points}个百分点" if lang == "zh" else f"{points} pp"


def _ids(value: Any, lang: Lang) -> str:
    """The first few of a list of numbers."""
    found = str(value).split(",")[:SHOWN]
    return ("、" if lang == "zh" else ", ").join(found)


WRITE: dict[str, Callable[[Any, Lang], str]] = {
    "count": lambda v, _: _fixed(float(v), 0),
    "two": lambda v, _: _fixed(float(v), 2),
    "one": lambda v, _: _fixed(float(v), 1),
    "rate": lambda v, _: f"{_fixed(float(v) * 100, 1)}%",
    "level": lambda v, _: f"{float(v) * 100:g}%",
    "pp": _pp,
    "times": lambda v, lang: f"{_fixed(float(v), 1)}{'倍' if lang == 'zh' else ' times'}",
    "lean": lambda v, _: f"{round(float(v), 1) + 0.0:+.1f}",
    "text": lambda v, _: str(v) or DASH,
    "db": lambda v, _: f"{_fixed(float(v), 1)} dB",
    "dbm": lambda v, _: f"{_fixed(float(v), 1)} dBm",
    "mbps": lambda v, _: f"{_fixed(float(v), 1)} Mbit/s",
    "ids": _ids,
    "hours": _hours,
    "moment": _moment,
}
