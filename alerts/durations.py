"""Durations as people write them in a rule: "30m", "4h", "3d", "2w"."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Any

from pydantic import BeforeValidator

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
_WRITTEN = re.compile(r"(\d+(?:\.\d+)?)([smhdw])")


def parse(text: Any) -> timedelta:
    """The duration of "90m" and the like. Raises ValueError with the cure."""
    if isinstance(text, timedelta):
        return text
    found = _WRITTEN.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise ValueError('is not a duration; write a number and s, m, h, d or w, such as "3d"')
    return timedelta(**{_UNITS[found[2]]: float(found[1])})


def written(span: timedelta) -> str:
    """The shortest way to write a duration: 1 day 12 hours is "36h"."""
    seconds = span.total_seconds()
    for unit, size in (("w", 604800), ("d", 86400), ("h", 3600), ("m", 60)):
        if seconds and seconds % size == 0:
            return f"{int(seconds // size)}{unit}"
    return f"{seconds:g}s"


Duration = Annotated[timedelta, BeforeValidator(parse)]
