"""From a chosen header to what a contract says of it: unit, factor, time formats, map, treatment, missing values."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from etl.infer.fit import CELLS, FREE_TEXT, IN_OBJECT
from etl.infer.headers import name_of
from etl.infer.profile import Column
from etl.infer.times import EPOCH_MS, EPOCH_S, OFFSET, UTC_SIGNS
from etl.infer.types import Reading
from etl.infer.values import REGION_COLUMNS, Known, Mapping, is_coded, is_private, map_values
from etl.infer.words import Note, note
from warehouse.canonical import Table

STAFF = ("intake_staff", "staff_key")
# Words that are a value of their own in a text column, although they often stand for nothing.
_TECHNICAL = re.compile(r"(?i)nil|n/?a|null|nan|-+|—+|/|/0|\\n|\(null\)|#.*")
_SIZES = {
    "kb": 1 / 1024,
    "kbyte": 1 / 1024,
    "mb": 1.0,
    "mbyte": 1.0,
    "gb": 1024.0,
    "gbyte": 1024.0,
    "tb": 1048576.0,
    "bytes": 1 / 1048576,
    "byte": 1 / 1048576,
    "bit": 1 / 8388608,
    "kbit": 1 / 8192,
    "mbit": 1 / 8,
}
_RATES = {"bps": 0.001, "kbps": 1.0, "kbit/s": 1.0, "mbps": 1000.0, "mbit/s": 1000.0, "gbps": 1e6}
_SPANS = {
    "ms": 0.001,
    "s": 1.0,
    "sec": 1.0,
    "秒": 1.0,
    "seconds": 1.0,
    "min": 60.0,
    "分钟": 60.0,
    "h": 3600.0,
    "小时": 3600.0,
}
_MAP_NAMES = {"region_code": "region", "home_region": "region", "scope_region": "region", "channel_code": "channel",
              "type_code": "type", "type_l1": "type", "owner_dept": "dept", "from_dept": "dept", "to_dept": "dept",
              "answer_code": "answer"}  # fmt: skip
SHAPE_LEAST, SHAPE_SHARE = 20, 0.99
HIGHEST_CODE = 3


@dataclass
class Drafted:
    """One column of the draft: settings as the contract writes them, the map it needs, what a person should know."""

    column: str
    settings: dict[str, Any]
    mapping: Mapping | None = None
    map_name: str = ""
    notes: list[Note] = field(default_factory=list)
    score: float = 1.0
    readable: float = 1.0

    @property
    def headers(self) -> list[str]:
        given = self.settings.get("from") or self.settings.get("compose") or list(self.settings.get("collect", {}))
        return [given] if isinstance(given, str) else list(given)


def draft_column(table: Table, column: str, source: Column, reading: Reading, known: Known) -> Drafted:
    """The settings of one column that reads one header."""
    made = Drafted(column, {"from": source.header})
    kind = table.columns[column].type
    if kind in ("time", "date") and reading.written is not None:
        made.settings["formats"] = list(reading.written.formats)
        made.notes += reading.written.notes
        made.readable = reading.written.share
    elif column == "cust_key":
        made.settings["as"] = "msisdn"
    elif column in STAFF:
        made.settings["as"] = "staff"
    elif column in CELLS and kind == "id":
        if _is_cell(source, reading):
            made.settings["as"] = "cell"
        elif source.counts and all(IN_OBJECT.search(v) for v in source.values):
            made.settings["extract"] = IN_OBJECT.pattern
            made.notes.append(note("in_object", "assumed", column=column, header=source.header))
    elif kind == "id":
        _shape(made, source)
    elif column in FREE_TEXT or table.columns[column].level == "L3" and kind == "text":
        made.settings["as"] = "scrub"
    elif is_coded(column):
        _map(made, column, source, reading, known)
    elif kind in ("int", "real", "ratio"):
        _figures(made, kind, source, reading)
    elif kind == "flag" and set(v for v in source.values if v not in reading.missing) == {"1", "2"}:
        made.mapping, made.map_name = Mapping({"1": "yes", "2": "no"}, [], 1.0), column.removeprefix("is_")
        made.settings["map"] = made.map_name
        made.notes.append(note("one_two", "assumed", column=column))
    elif kind == "flag" and reading.kind != "flag":
        _map(made, column, source, reading, known)
    if column == "answer_code" and not made.mapping and reading.kind == "number" and reading.high > HIGHEST_CODE:
        _scale(made, reading)
    _missing(made, kind, reading)
    return made


def _is_cell(source: Column, reading: Reading) -> bool:
    digits = sum(n for v, n in source.counts if re.fullmatch(r"[0-9]{6,10}", v))
    return reading.kind == "cell" or digits >= 0.9 * max(1, sum(n for _, n in source.counts))


def needs_network_code(source: Column) -> bool:
    """Whether cells are given without the network they belong to."""
    return bool(source.counts) and re.fullmatch(r"[0-9]{6,10}", source.counts[0][0]) is not None


def _shape(made: Drafted, source: Column) -> None:
    """The form nearly all ids share, when a few break it: those are kept and flagged."""
    if source.n_filled < SHAPE_LEAST:
        return
    forms = Counter[str]()
    for value, n in source.counts:
        forms[_form(value)] += n
    total = sum(forms.values())
    form, n = forms.most_common(1)[0]
    lengths = {len(v) for v in source.values if _form(v) == form}
    if SHAPE_SHARE * total <= n < total and len(lengths) <= 3:
        odd = next(v for v in source.values if _form(v) != form)
        made.settings |= {"shape": form, "on_bad": "keep"}
        made.notes.append(note("odd_ids", column=made.column, n=total - n, form=form, length=len(odd)))


def _form(value: str) -> str:
    """A pattern of the id: runs of digits with their length, letters as they stand."""
    if len(value) > 40:
        return "long"
    return re.sub(r"(?<!\{)\d+", lambda m: f"[0-9]{{{len(m[0])}}}", re.escape(value).replace("\\-", "-"))


def _figures(made: Drafted, kind: str, source: Column, reading: Reading) -> None:
    unit = name_of(source.named).unit or reading.unit.casefold().strip()
    if kind == "ratio" or made.column in ("completeness",):
        is_percent = reading.percent_share > 0 or unit == "%" or reading.high > 1.5
        if kind == "ratio" or is_percent:
            made.settings["unit"] = "percent" if is_percent else "fraction"
        made.notes.append(note("percent" if is_percent else "fraction", column=made.column, high=f"{reading.high:g}"))
        return
    factor = _factor(made.column, unit)
    if factor is not None and factor != 1.0:
        made.settings["factor"] = factor
        made.notes.append(note("factor", column=made.column, unit=unit, factor=f"{factor:.6g}"))
    if reading.unit and reading.unit != "%":
        made.settings["strip_suffix"] = reading.unit
        made.notes.append(note("unit_text", column=made.column, unit=reading.unit))


def _factor(column: str, unit: str) -> float | None:
    if not unit:
        return None
    if column.endswith("_mb"):
        return _SIZES.get(unit)
    if column.endswith("_gb"):
        return _SIZES[unit] / 1024 if unit in _SIZES else None
    if column.endswith("_kbps"):
        return _RATES.get(unit)
    if column.endswith("_mbps"):
        return _RATES[unit] / 1000 if unit in _RATES else None
    if column.endswith("_s"):
        return _SPANS.get(unit)
    if column.endswith(("_min", "_minutes")):
        return _SPANS[unit] / 60 if unit in _SPANS else None
    return None


def _map(made: Drafted, column: str, source: Column, reading: Reading, known: Known) -> None:
    """A value map, when the vocabulary knows any of the values; the policy for the rest."""
    mapping = map_values(column, source, reading, known)
    same = all(value == code for value, code in mapping.codes.items())
    if not mapping.codes or (same and not mapping.unknown):
        if column in REGION_COLUMNS:
            spelt = _spellings(source)
            if spelt:
                made.mapping, made.map_name = Mapping(spelt, [], 1.0), "region"
                made.settings |= {"map": "region", "unmapped": "pass"}
                made.notes.append(note("spellings", column=column, n=len(spelt), example=next(iter(spelt))))
        return
    made.mapping, made.map_name = mapping, _MAP_NAMES.get(column, column.removesuffix("_code"))
    made.settings["map"] = made.map_name
    if column in REGION_COLUMNS:
        made.settings["unmapped"] = "pass"
    elif column in ("is_solved", "was_reached", "is_indoor", "is_reached", "answer_code"):
        made.settings["unmapped"] = "missing" if column != "answer_code" else "reject"
    if mapping.unknown:
        names = ", ".join(f"{v} ({n})" for v, n in mapping.unknown[:5])
        share = f"{100 * mapping.share:.0f}"
        made.notes.append(note("unmapped", "assumed", column=column, share=share, n=len(mapping.unknown), names=names))


def _scale(made: Drafted, reading: Reading) -> None:
    """Marks on a scale become satisfied or not; where the line lies is a person's to say."""
    top = 5 if reading.high <= 5 else 10
    least = 4 if top == 5 else 9
    codes = {str(mark): "2" if mark >= least else "3" for mark in range(int(min(reading.low, 1)), top + 1)}
    made.mapping, made.map_name = Mapping(codes, [], 1.0), "answer"
    made.settings |= {"map": "answer", "unmapped": "reject"}
    made.notes.append(note("scale", "decide", column=made.column, top=top, least=least))


def _spellings(source: Column) -> dict[str, str]:
    """Values that differ only in case, blanks or width, to the commoner spelling."""
    by_key: dict[str, list[tuple[int, str]]] = {}
    for value, n in source.counts:
        if is_private(value):
            continue
        by_key.setdefault(name_of(value).key, []).append((n, value))
    found: dict[str, str] = {}
    for spelt in by_key.values():
        if len(spelt) > 1:
            chosen = max(spelt)[1]
            found |= {chosen: chosen} | {v: chosen for _, v in spelt if v.lower() != chosen.lower()}
    return found


def _missing(made: Drafted, kind: str, reading: Reading) -> None:
    words = [w for w in reading.missing if not _TECHNICAL.fullmatch(w)]
    if reading.sentinels:
        made.notes.append(note("sentinels", column=made.column, values=", ".join(reading.sentinels)))
    if words or reading.sentinels:
        made.settings["missing"] = [*words, *reading.sentinels]


def technical_tokens(readings: dict[str, Reading]) -> list[str]:
    """Words for nothing that hold for the whole file."""
    found = [t for r in readings.values() for t in r.missing if _TECHNICAL.fullmatch(t)]
    return list(dict.fromkeys(found))


def is_utc(formats: list[str]) -> bool:
    return any(f in (OFFSET, EPOCH_S, EPOCH_MS) or f.endswith(UTC_SIGNS) for f in formats)
