"""How well the values of a header fit a canonical column, whatever the header is called.

1 means the values say it themselves, about 0.8 that their type fits, 0 that they cannot be it.
"""

from __future__ import annotations

import re

from etl.infer.keys import is_log_key
from etl.infer.profile import Column
from etl.infer.times import has_clock
from etl.infer.types import Reading
from etl.infer.values import DEPT_COLUMNS, REGION_COLUMNS, Known, is_coded, known_share
from warehouse.canonical import Table

TYPE_FITS = 0.8
FREE_TEXT = ("summary_scrubbed", "note_scrubbed", "title", "summary", "location", "evidence_json", "expected_effect")
CELLS = ("cell_id", "serving_cell_id", "scope_id")
# What is plausible, in the canonical unit; a figure mostly outside is something else.
RANGES: dict[str, tuple[float, float]] = {
    "lon": (-180, 180), "lat": (-180, 180), "star": (0, 10), "score_10": (0, 10), "rating": (0, 10),
    "answer_code": (0, 9),
    "score_speed": (0, 10), "score_attitude": (0, 10), "score_solution": (0, 10), "score_communication": (0, 10),
    "score_coverage": (0, 10), "score_clarity": (0, 10), "score_stability": (0, 10), "hour_of_day": (0, 24),
    "azimuth_deg": (0, 360), "tilt_deg": (-20, 90), "height_m": (0, 700), "pci": (0, 1007), "tac": (0, 16777215),
    "rsrp_dbm": (-160, -20), "rsrq_db": (-50, 25), "sinr_db": (-40, 60), "ul_intf_dbm": (-140, 0),
    "age_band": (0, 120),
    "rsrp_avg_dbm": (-160, -20), "rsrq_avg_db": (-50, 25), "confidence": (0, 100), "n_hours": (0, 24),
    "bandwidth_mhz": (0, 400),
    "tenure_months": (0, 600), "completeness": (0, 100), "speed_kmh": (0, 400),
}  # fmt: skip
# What an element manager writes for a cell: its name among the other parts of the object.
IN_OBJECT = re.compile(r"Cell Name=([^,]+)")
_AGES = re.compile(
    r"(?i)\d{1,2}\s?(-|–|~|to|至|到|a|bis)\s?\d{1,3}|[+<>≥≤]|岁|[老中青少]年|以上|以下|under|over|young|middle|senior|anos"
)
SAID_ELSEWHERE = 0.8
_MONTHS = ("month", "period_month")


def fits(table: Table, column: str, source: Column, reading: Reading, known: Known) -> float:
    """The fit of one header's values to one column, 0 to 1."""
    if reading.kind in ("empty", "person", "masked"):
        return 0.0
    kind = table.columns[column].type
    if kind in ("time", "date"):
        return _time(table, column, kind, source, reading)
    if column == "cust_key":
        return _customer(source, reading)
    if reading.kind in ("phone", "clock"):
        return 0.0
    if kind in ("int", "real", "ratio"):
        return _number(column, kind, source, reading, known)
    if kind == "flag":
        return _flag(column, source, reading, known)
    if kind == "id":
        return _id(table, column, source, reading)
    if kind == "set":
        return 0.0
    return _text(column, source, reading, known)


def _time(table: Table, column: str, kind: str, source: Column, reading: Reading) -> float:
    if reading.written is None:
        return 0.0
    has_time = any(
        has_clock(f) or (f == "iso" and any(":" in v for v in source.values[:20])) for f in reading.written.formats
    )
    has_day = any("%d" in f or "%" not in f for f in reading.written.formats)
    if column in _MONTHS:
        return TYPE_FITS if not has_time else 0.4
    if not has_day:
        return 0.4
    if table.name == "cell_kpi_1d":
        return 0.2 if has_time and _has_hours(source) else TYPE_FITS
    if kind == "date":
        return 0.5 if has_time and _changes_within_day(source) else TYPE_FITS
    if table.name in ("cell_kpi_1h", "cell_kpi_15m"):
        return TYPE_FITS if has_time else 0.2
    return TYPE_FITS if has_time else 0.7


def _has_hours(source: Column) -> bool:
    """Whether any value lies at another time than midnight."""
    return any(re.search(r"[1-9]", "".join(re.findall(r"\d{1,2}:\d{2}.*", v))) for v in source.values[:200])


def _changes_within_day(source: Column) -> bool:
    clocks = {v[-8:] for v in source.values[:200] if ":" in v}
    return len(clocks) > 1


def _are_ages(source: Column) -> bool:
    """Whether texts are spans of years of age, such as 18-24 or entre 21 a 30 anos; "3 d 4 h" is another age."""
    return sum(n for v, n in source.counts if _AGES.search(v)) >= 0.5 * max(1, source.n_filled)


def _customer(source: Column, reading: Reading) -> float:
    if reading.kind == "phone":
        return 1.0
    if reading.kind in ("text", "number") and reading.mean_length >= 4 and source.n_distinct > 0.2 * source.n_filled:
        return 0.75 if reading.is_whole or reading.kind == "text" and reading.mean_length < 24 else 0.0
    return 0.0


def _number(column: str, kind: str, source: Column, reading: Reading, known: Known) -> float:
    if is_coded(column) and reading.kind in ("text", "flag"):
        share = known_share(column, source, reading, known)
        return 0.9 if share >= 0.8 else 0.5 * share
    if column in ("lon", "lat") and reading.kind in ("point", "angle"):
        return 0.85
    if reading.kind == "flag":
        return 0.6 if reading.is_whole else 0.0
    if reading.kind == "time" and all(v.isdigit() for v in source.values[:20]):
        return 0.2
    if reading.kind != "number":
        return 0.0
    low, high = RANGES.get(column, (float("-inf"), float("inf")))
    if reading.low < low or reading.high > high:
        return 0.15 if kind != "ratio" else 0.4
    if kind == "int" and not reading.is_whole:
        return 0.25
    return TYPE_FITS * reading.fit


def _flag(column: str, source: Column, reading: Reading, known: Known) -> float:
    if reading.kind == "flag":
        return TYPE_FITS
    if source.n_distinct > 8:
        return 0.0
    if {v for v in source.values if v not in reading.missing} == {"1", "2"}:
        return 0.7
    share = known_share(column, source, reading, known)
    if share >= 0.8:
        return 0.8
    return 0.45 if source.n_distinct <= 3 else 0.0


def _id(table: Table, column: str, source: Column, reading: Reading) -> float:
    if reading.kind == "cell":
        return 1.0 if column in CELLS else 0.2
    if column == "ticket_id" and table.name == "ticket_event" and is_log_key(source, reading):
        return 1.0
    if column in CELLS and source.counts and all(IN_OBJECT.search(v) for v in source.values):
        return 1.0
    if reading.kind in ("point", "angle") or reading.mean_length > 60:
        return 0.0
    if reading.kind == "time" and not all(v.isdigit() for v in source.values[:20]):
        return 0.0
    if reading.kind == "number" and not reading.is_whole:
        return 0.15
    if [k for k in table.key if k != "source_system"] == [column] and source.n_filled:
        share = source.n_distinct / source.n_filled
        return TYPE_FITS if share > 0.9 else 0.65 if share > 0.5 else 0.4
    return TYPE_FITS


def _text(column: str, source: Column, reading: Reading, known: Known) -> float:
    if reading.kind in ("time", "point", "angle", "cell"):
        return 0.0
    if column in FREE_TEXT:
        if reading.kind != "text":
            return 0.1
        is_long = reading.mean_length >= (
            8 if any("\u4e00" <= c <= "\u9fff" for v in source.values[:5] for c in v) else 15
        )
        return TYPE_FITS if is_long and source.n_distinct > 3 else 0.55
    if is_coded(column):
        share = known_share(column, source, reading, known)
        if share >= 0.9 and source.n_distinct >= 2 and reading.kind == "text":
            return 1.0
        if share >= 0.6:
            return 0.85
    if column in REGION_COLUMNS and known_share("status", source, reading, known) >= SAID_ELSEWHERE:
        return 0.2
    if column == "scene" and known_share("is_indoor", source, reading, known) >= SAID_ELSEWHERE:
        return 0.3
    if column == "age_band" and reading.kind == "text" and not _are_ages(source):
        return 0.2
    if reading.kind == "number":
        is_name = column in DEPT_COLUMNS
        return 0.2 if is_name or not reading.is_whole or source.n_distinct > 60 else 0.6
    if reading.kind == "flag":
        return 0.55
    few = source.n_distinct <= max(60, 0.2 * source.n_filled)
    if reading.mean_length > 80:
        return 0.1
    return TYPE_FITS if few else 0.55
