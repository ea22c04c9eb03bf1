"""Every number that an issue took from the release, each with a name by which another reading of the week has it too.

What people did (acknowledged, decided, closed) is no number of the release: it goes on after the seal, as it should.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from alerts.review.bundle import Chart, Column, Item, Number, Screen, Table, Words, spoken
from alerts.review.texts import joined, say

PEOPLE = ("actions", "warnings")  # screens of what people did
PEOPLE_ITEMS = ("rules", "rectification", "changes", "changes_all")
LOADED = "sources"  # how far the files reach: always further than when it was sealed
LABELS = ("text", "id", "date", "instant")
Key = tuple[str, ...]


@dataclass(frozen=True)
class Read:
    """One number: what it is, in both languages, and how it is written."""

    name: Words
    unit: str
    value: float | None


def readings(screens: Iterable[Screen], annex: Iterable[Item]) -> dict[Key, Read]:
    """The numbers of tables, charts and comparisons by their place: screen, item, table, row, column."""
    found: dict[Key, Read] = {}
    for screen in screens:
        if screen.name not in PEOPLE:
            for item in screen.items:
                found |= dict(_of(item, screen.name, screen.title))
    for item in annex:
        if item.id not in (*PEOPLE_ITEMS, LOADED):
            found |= dict(_of(item, "annex", say("annex")))
    return found


def _of(item: Item, place: str, title: Words) -> Iterator[tuple[Key, Read]]:
    for number in item.numbers:
        yield from _compared(number, (place, item.id, number.measure), title)
    for table in item.tables:
        yield from _cells(table, (place, item.id, table.title.zh), joined([title, table.title], " · ", " · "))
    # A chart beside a table draws the same numbers.
    for at, chart in enumerate(item.charts if not item.tables else ()):
        yield from _cells(chart, (place, item.id, f"chart{at}"), title)
    if item.map is not None and not item.tables:
        for region in item.map.places:
            name = joined([title, region.name], " · ", " · ")
            yield (place, item.id, "map", region.code), Read(name, item.map.unit, region.value)


def _compared(number: Number, key: Key, title: Words) -> Iterator[tuple[Key, Read]]:
    """The parts of a number; its value stands first, a target is no reading of data."""
    name = joined([title, number.name], " · ", " · ")
    yield (*key, "value"), Read(name, number.unit, number.value)
    for part, unit in (
        ("n", "count"), ("numerator", "count"), ("previous", number.unit), ("last_year", number.unit)
    ):  # fmt: skip
        yield (*key, part), Read(joined([name, say(f"part_{part}")], " · ", " · "), unit, getattr(number, part))


def _cells(of: Table | Chart, key: Key, title: Words) -> Iterator[tuple[Key, Read]]:
    columns, rows = spoken(of, "zh")
    _, english = spoken(of, "en")
    labels = [at for at, column in enumerate(columns) if column.kind in LABELS]
    width = _width(rows, labels)
    for row, other in zip(rows, english, strict=True):
        own = tuple(str(row[at]) for at in labels[:width])
        named = Words(zh=_label(row, labels[:width]), en=_label(other, labels[:width]))
        for at, column in enumerate(columns):
            value = row[at]
            if at not in labels and (value is None or isinstance(value, int | float)):
                name = joined([title, named, column.title], " · ", " · ")
                yield (*key, *own, column.name), Read(name, _unit(column), None if value is None else float(value))


def _width(rows: Sequence[Sequence[object]], labels: Sequence[int]) -> int:
    """How many labels it takes to tell rows apart: a state that changes is no part of a name."""
    for width in range(1, len(labels)):
        if len({tuple(row[at] for at in labels[:width]) for row in rows}) == len(rows):
            return width
    return len(labels)


def _label(row: Sequence[object], labels: Sequence[int]) -> str:
    return " / ".join(str(row[at]) for at in labels if row[at] not in (None, ""))


def _unit(column: Column) -> str:
    return "share" if column.kind == "points" else column.kind
