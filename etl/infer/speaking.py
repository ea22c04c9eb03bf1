"""What values say by themselves where a header says nothing: positions, directions, bands of a network."""

from __future__ import annotations

import re

from etl.infer.numbers import figure
from etl.infer.profile import Column, Profile
from etl.infer.types import Reading

_BAND = re.compile(
    r"(?i)b?(700|800|850|900|1800|1900|2100|2300|2600|3500|4900)m?(hz)?|[bn](1|3|5|7|8|20|28|38|39|40|41|78|79)|[adefv]频段"
)
_PLACED = re.compile(r"-?\d{1,3}\.\d{4,}")
WIDEST, LEAST_SHARE = 20.0, 0.95
SURE, LONGEST = 0.95, 40
_CELL = re.compile(r"\d{3}-\d{2}-\d+-\d+")


def speaks(column: str, source: Column, reading: Reading, profile: Profile, place: int) -> float:
    """How surely the values of a column without a name are a longitude, latitude, direction or band; 0 where unsure.

    `place` is where the column stands among those looked at: of two that could be either, longitude stands first.
    """
    if column in ("lon", "lat"):
        return _position(column, source, reading, profile, place)
    if column == "azimuth_deg":
        turns = [f.value for v in source.values if (f := figure(v))]
        is_turn = bool(turns) and reading.is_whole and all(0 <= t < 360 and t % 5 == 0 for t in turns)
        return SURE if is_turn and max(turns) > 90 and len(turns) <= 72 else 0.0
    if column == "cell_name":
        is_own = reading.kind == "text" and source.n_distinct >= SURE * source.n_rows and reading.mean_length <= LONGEST
        return SURE if is_own and any(_CELL.fullmatch(c.values[0]) for c in profile.columns if c.values) else 0.0
    if column == "band":
        return SURE if source.counts and all(_BAND.fullmatch(v) for v in source.values) else 0.0
    return 0.0


def _position(column: str, source: Column, reading: Reading, profile: Profile, place: int) -> float:
    if not _is_placed(source, reading):
        return 0.0
    if max(abs(reading.low), abs(reading.high)) > 90:
        return 1.0 if column == "lon" else 0.0
    near = [c for c in profile.columns if c is not source and _PLACED.fullmatch(c.values[0] if c.values else "")]
    if any(abs(f.value) > 90 for c in near if (f := figure(c.values[0]))):
        return 1.0 if column == "lat" else 0.0
    is_first = not near or profile.headers.index(source.header) < profile.headers.index(near[0].header)
    return 0.9 if is_first == (column == "lon") else 0.0


def _is_placed(source: Column, reading: Reading) -> bool:
    if reading.kind != "number" or reading.is_whole or not -180 <= reading.low <= reading.high <= 180:
        return False
    shown = sum(n for v, n in source.counts if _PLACED.fullmatch(v.replace(",", ".")))
    return reading.high - reading.low <= WIDEST and shown >= LEAST_SHARE * sum(n for _, n in source.counts)
