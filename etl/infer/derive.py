"""Columns that no single header gives: day and clock put together, a month from the file name, a constant, a status."""

from __future__ import annotations

import re

from etl.infer.columns import Drafted
from etl.infer.filename import FileName
from etl.infer.headers import likeness, name_of
from etl.infer.keys import period_minutes
from etl.infer.profile import Profile
from etl.infer.scope import kind_of
from etl.infer.times import has_clock
from etl.infer.types import Reading
from etl.infer.values import Known, map_values
from etl.infer.words import note
from warehouse.canonical import Table

_SOURCES = ("source_system",)
ALIKE = 0.3
_HOURS = re.compile(r"小时|时段|时刻|^hour|^hr$|stunde|^hora|^heure", re.IGNORECASE)


def with_clock(
    made: Drafted, table: Table, profile: Profile, readings: dict[str, Reading], used: set[str]
) -> str | None:
    """Join a column of days with the column of its time of day. Returns the header that was taken."""
    if table.columns[made.column].type != "time" or len(made.headers) != 1:
        return None
    formats = made.settings.get("formats", [])
    if not formats or any(has_clock(f) for f in formats) or _has_iso_clock(profile, made):
        return None
    day = made.headers[0]
    if day not in readings:
        return None
    clocks = [h for h, r in readings.items() if h not in used and (r.kind == "clock" or _is_hour(h, r))]
    if not clocks:
        return None
    place = profile.headers.index(day)
    clocks = [h for h in clocks if _day_of(h, profile, readings) == day]
    if not clocks:
        return None
    best = max(clocks, key=lambda h: (likeness(h, day), -abs(profile.headers.index(h) - place)))
    if len(clocks) > 1 and likeness(best, day) < 0.3 and abs(profile.headers.index(best) - place) > 1:
        return None
    clock = readings[best].clock or "%H"
    joined = [("%Y-%m-%d" if f == "iso" else f) + " " + clock for f in formats]
    if "iso" in formats:
        joined = ["iso"] if clock.startswith("%H:%M") else [*joined, "%Y/%m/%d " + clock]
    made.settings = {"compose": [day, best], "formats": joined}
    made.notes.append(note("composed", column=made.column, day=day, clock=best))
    return best


def _day_of(clock: str, profile: Profile, readings: dict[str, Reading]) -> str:
    """The day that a time of day belongs to: the one called alike, else the one it stands behind, else the nearest."""
    place = profile.headers.index(clock)

    def closeness(day: str) -> tuple[float, bool, int]:
        alike, off = likeness(clock, day), place - profile.headers.index(day)
        return (alike if alike >= ALIKE else 0.0, off == 1, -abs(off))

    days = [h for h in profile.headers if _is_day(h, profile, readings)]
    return max(days, key=closeness) if days else ""


def _is_day(header: str, profile: Profile, readings: dict[str, Reading]) -> bool:
    written = readings[header].written
    if written is None or any(has_clock(f) for f in written.formats):
        return False
    return not any(":" in v for v in profile[header].values[:50])


def clocks_apart(profile: Profile, readings: dict[str, Reading]) -> list[str]:
    """Headers of times of day, where the days of a file stand in one column of their own."""
    days = [
        h for h, r in readings.items() if r.written is not None and not any(has_clock(f) for f in r.written.formats)
    ]
    if len(days) != 1 or any(":" in v for v in profile[days[0]].values[:50]):
        return []
    return [h for h, r in readings.items() if r.kind == "clock" or _is_hour(h, r)]


def _has_iso_clock(profile: Profile, made: Drafted) -> bool:
    return any(":" in v for v in profile[made.headers[0]].values[:50])


def _is_hour(header: str, reading: Reading) -> bool:
    is_small = reading.kind == "number" and reading.is_whole and reading.low >= 0 and reading.high <= 23
    return is_small and _HOURS.search(name_of(header).key) is not None


def from_name(table: Table, column: str, name: FileName) -> Drafted | None:
    """A required day or month that only the file name tells."""
    entry = table.columns[column]
    if entry.type not in ("date", "time") or not name.capture:
        return None
    made = Drafted(column, {"capture": "period", "formats": [name.format]})
    made.notes.append(note("from_name", "assumed", column=column, written=name.written))
    return made


def constant(table: Table, column: str, stem: str, known: dict[str, str]) -> Drafted | None:
    """A required column that is the same in the whole file."""
    if column in _SOURCES:
        value = re.sub(r"[\d_\-. ]+$", "", stem) or stem
    elif column in known:
        value = known[column]
    else:
        return None
    made = Drafted(column, {"const": value})
    made.notes.append(note("constant", "assumed", column=column, value=value))
    return made


def constants_of(
    table: Table, profile: Profile, readings: dict[str, Reading], hits: dict[str, str], stem: str
) -> dict[str, str]:
    """What may stand as a constant where a table requires it."""
    found: dict[str, str] = {}
    if table.name == "kpi_value":
        scope = hits.get("scope_id")
        found["scope_kind"] = kind_of(scope, readings[scope]) if scope is not None else "network"
        if scope is None:
            found["scope_id"] = stem
        minutes = (
            period_minutes(profile[hits["period_start"]], readings[hits["period_start"]])
            if "period_start" in hits
            else None
        )
        if minutes:
            found["period_minutes"] = str(minutes)
    if table.name == "drive_test":
        found["test_id"] = stem
    if table.name == "mr_grid":
        found["rat"] = "LTE"
    return found


def solved_from_status(status: Drafted, profile: Profile, readings: dict[str, Reading], known: Known) -> Drafted | None:
    """Whether a ticket is solved, where only its status says so."""
    header = status.headers[0]
    mapping = map_values("is_solved", profile[header], readings[header], known)
    if mapping.share < 0.6 or len(set(mapping.codes.values())) < 2:
        return None
    made = Drafted("is_solved", {"from": header, "map": "solved", "unmapped": "missing"}, mapping, "solved")
    made.notes.append(note("solved_by_status", "assumed", column="is_solved", header=header))
    return made
