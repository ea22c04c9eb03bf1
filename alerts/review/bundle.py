"""One week's issue as plain values: what the screen projects, what the pack prints and what a seal keeps.

Nothing in it is a row of a person. It holds numbers and words, never pictures: whoever shows it draws them from here
alone, so a sealed issue opens without the release it was made from.
"""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Cell = str | int | float | bool | None
ScreenName = Literal["actions", "overall", "movement", "warnings", "hotspots", "sla", "forecast"]
SCREENS: tuple[ScreenName, ...] = ("actions", "overall", "movement", "warnings", "hotspots", "sla", "forecast")
_PERSONAL = frozenset({"ticket_id", "cust_key", "summary_scrubbed", "raw_row"})
_KEY = re.compile(r"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])")  # as etl/privacy makes keys of customers
# held: before this program, known from a register only.
Status = Literal["draft", "numbers_sealed", "minutes_sealed", "held"]


class _Plain(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Plain):
    """The same sentence in both languages."""

    zh: str
    en: str

    def of(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class Number(_Plain):
    """A measure of the week beside what it is compared with.

    `value`, `previous`, `last_year` and `target` are in `unit`, one of the kinds of a `Column` (count, number, share,
    points, hours, money; a share is 0-1); `n` is the denominator. `mismatch`
    says that this week and the same week of last year do not hold the same holidays. `hidden`: too few customers.
    """

    measure: str
    name: Words
    unit: str
    value: float | None
    n: float | None = None
    numerator: float | None = None
    previous: float | None = None
    last_year: float | None = None
    mismatch: bool = False
    target: float | None = None
    verdict: Words | None = None
    hidden: bool = False


class Column(_Plain):
    """A column of a table. `kind` decides how it is written: dates and instants are ISO texts."""

    name: str
    title: Words
    kind: Literal["text", "id", "count", "number", "share", "points", "hours", "money", "date", "instant"] = "text"


class _Rows(_Plain):
    """Columns and rows; refused where they hold the key of a customer or the number of a ticket."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]

    @model_validator(mode="after")
    def _nobody(self) -> Self:
        named = [c.name for c in self.columns if c.name.removesuffix("_en") in _PERSONAL]
        if named:
            raise ValueError(f"column {named[0]} is about single persons; an issue is kept for ever and holds none")
        if any(isinstance(cell, str) and _KEY.search(cell) for row in self.rows for cell in row):
            raise ValueError("a cell holds the key of a customer; an issue is kept for ever and holds none")
        return self


class Table(_Rows):
    """Rows to be read; words inside cells stand in both languages as `name` and `name_en` columns where they differ."""

    title: Words
    note: Words | None = None


class Mark(_Plain):
    """A note, a holiday or a change event on a chart's time axis; `until` makes it a range."""

    at: date
    until: date | None = None
    words: Words
    kind: Literal["note", "holiday", "change", "break"] = "note"


class Chart(_Rows):
    """A native chart: `columns[0]` is the category or the week, the others are series. `target` is a dashed line.

    As in tables a text column `<name>_en` holds the English of `<name>` and is no series: `spoken` leaves one of them.
    """

    title: Words
    subtitle: Words
    form: Literal["line", "bar", "column", "stacked"]
    target: float | None = None
    marks: tuple[Mark, ...] = ()


class Place(_Plain):
    """One region of the map picture, by code of the workspace's boundaries; a hidden value is None."""

    code: str
    name: Words
    value: float | None
    n: float | None = None


class Map(_Plain):
    """Regions coloured by one measure."""

    title: Words
    subtitle: Words
    unit: str
    places: tuple[Place, ...]


class Item(_Plain):
    """One thing the meeting looks at: its finding, what shows it, and where it comes from.

    `source` names what a decision about it belongs to, as `kind:id` (`warning:W…`, `hotspot:H…`, `case:…`,
    `action:…`), else is empty. `evidence` are sentences for those who ask.
    """

    id: str
    finding: Words
    source: str = ""
    severity: Literal["red", "orange", "yellow", "blue", ""] = ""
    numbers: tuple[Number, ...] = ()
    charts: tuple[Chart, ...] = ()
    tables: tuple[Table, ...] = ()
    map: Map | None = None
    evidence: tuple[Words, ...] = ()
    wants_decision: bool = False


class Screen(_Plain):
    """One of at most seven screens; `items` are gone through one by one."""

    name: ScreenName
    title: Words
    finding: Words
    items: tuple[Item, ...]


class Change(_Plain):
    """A number of an earlier sealed issue that reads differently now (追溯变化).

    `measure` is a measure of the week, or the place of the number: screen, item, table, row, column, with slashes.
    """

    week: str
    measure: str
    name: Words
    unit: str
    sealed: float | None
    now: float | None
    why: Words


class Source(_Plain):
    """What the numbers rest on: the release, and fingerprints of the definitions and rule versions in force."""

    release_id: str
    definitions: str
    policies: str
    rules: dict[str, int]


class Issue(_Plain):
    """The whole issue of one ISO week, such as 2025-W13."""

    week: str
    begins: date
    ends: date
    as_of: datetime
    workspace: Words
    is_simulated: bool
    source: Source
    filters: tuple[Words, ...] = ()
    missing: tuple[Words, ...] = ()
    summary: tuple[Words, ...]
    screens: tuple[Screen, ...] = Field(max_length=len(SCREENS))
    annex: tuple[Item, ...] = ()
    changes: tuple[Change, ...] = ()
    definitions: tuple[tuple[str, Words, Words], ...] = ()


def is_headline(change: Change) -> bool:
    """A measure of the week, not a number of a table."""
    return "/" not in change.measure


def spoken(of: Table | Chart, lang: str) -> tuple[tuple[Column, ...], tuple[tuple[Cell, ...], ...]]:
    """Columns and rows in one language: of `<name>` and `<name>_en` the one that is read, under the title of the first.

    An English cell that is empty is read in Chinese.
    """
    at = {c.name: i for i, c in enumerate(of.columns)}
    kept = [c for c in of.columns if not (c.name.endswith("_en") and c.name[:-3] in at)]
    english = {c.name: at[f"{c.name}_en"] for c in kept if f"{c.name}_en" in at} if lang != "zh" else {}
    rows = tuple(
        tuple(row[english[c.name]] or row[at[c.name]] if c.name in english else row[at[c.name]] for c in kept)
        for row in of.rows
    )
    return tuple(kept), rows


def canonical(issue: BaseModel) -> bytes:
    """The one way to write it: UTF-8 JSON, keys sorted, no spaces, a newline at the end."""
    told = json.dumps(issue.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return told.encode() + b"\n"


def fingerprint(issue: BaseModel) -> str:
    """SHA-256 of the canonical bytes, in hex."""
    return hashlib.sha256(canonical(issue)).hexdigest()
