"""The issue as one long list: one line for each figure, wherever it stands. What people pivot."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from alerts.review.bundle import Chart, Item, Map, Number, Table, spoken
from pages._pack.paper import Paper, clean, instant, kind_of, part, unit_kind, written
from pages._pack.plots import read
from pages._shared import numbers
from pages._shared.text import t, word
from warehouse.scope import SMALL_CELL


@dataclass(frozen=True)
class Figure:
    """One value with where it stands. `kind` is how it is written; `day` is set where the row is a day."""

    screen: str
    item: str
    finding: str
    origin: str
    title: str
    row: str
    day: date | None
    series: str
    kind: str
    value: float | None
    n: float | None = None
    target: float | None = None
    previous: float | None = None
    last_year: float | None = None
    note: str = ""


def figures(paper: Paper) -> list[Figure]:
    """Every figure of the issue, in its order. Raises `Failure` naming the chart or table that holds no figures."""
    found: list[Figure] = []
    for screen, item in paper.items():
        found += [_number(paper, screen, item, number) for number in item.numbers]
        shown: list[Chart | Map | Table] = [*item.charts, *([item.map] if item.map else []), *item.tables]
        for one in shown:
            with part("xlsx", paper.of(one.title)):
                found += _of(one, paper, screen, item)
    return found


def _of(one: Chart | Map | Table, paper: Paper, screen: str, item: Item) -> Iterator[Figure]:
    if isinstance(one, Chart):
        return _chart(paper, screen, item, one)
    return _map(paper, screen, item, one) if isinstance(one, Map) else _table(paper, screen, item, one)


def _number(paper: Paper, screen: str, item: Item, number: Number) -> Figure:
    notes = [t("pack.hidden", paper.lang, least=SMALL_CELL)] if number.hidden else []
    notes += [t("pack.mismatch", paper.lang, value="").strip()] if number.mismatch else []
    notes += [paper.of(number.verdict)] if number.verdict else []
    return Figure(
        screen, clean(item.id), paper.of(item.finding), word("pack.origin", "number", paper.lang),
        clean(number.measure), "", None, paper.of(number.name), kind_of(number), number.value, number.n, number.target,
        number.previous, number.last_year, " ".join(notes),
    )  # fmt: skip


def _chart(paper: Paper, screen: str, item: Item, chart: Chart) -> Iterator[Figure]:
    drawn = read(chart, paper)
    origin = word("pack.origin", "chart", paper.lang)
    for series in drawn.series:
        for label, day, value in zip(drawn.labels, drawn.days, series.values, strict=True):
            yield Figure(
                screen, clean(item.id), paper.of(item.finding), origin, paper.of(chart.title), label, day, series.name,
                series.column.kind, value, target=chart.target,
            )  # fmt: skip


def _map(paper: Paper, screen: str, item: Item, chart: Map) -> Iterator[Figure]:
    origin = word("pack.origin", "map", paper.lang)
    kind = unit_kind(chart.unit)
    for place in chart.places:
        note = "" if place.value is not None else t("pack.map_hidden", paper.lang)
        yield Figure(
            screen, clean(item.id), paper.of(item.finding), origin, paper.of(chart.title), paper.of(place.name), None,
            paper.of(chart.title), kind, place.value, place.n, note=note,
        )  # fmt: skip


def _table(paper: Paper, screen: str, item: Item, table: Table) -> Iterator[Figure]:
    columns, rows = spoken(table, paper.lang)
    origin = word("pack.origin", "table", paper.lang)
    for row in rows:
        cells = list(zip(row, columns, strict=True))
        named = [written(v, c.kind, paper.lang) for v, c in cells if c.kind in ("text", "id") and v is not None]
        stamps = [instant(v) for v, c in cells if c.kind in ("date", "instant")]
        day = next((stamp.date() for stamp in stamps if stamp), None)
        for value, column in cells:
            found = numbers.number(value) if not isinstance(value, str | bool) else None
            if column.kind in ("text", "id", "date", "instant") or found is None:
                continue
            yield Figure(
                screen, clean(item.id), paper.of(item.finding), origin, paper.of(table.title), " · ".join(named), day,
                paper.of(column.title), column.kind, found,
            )  # fmt: skip
