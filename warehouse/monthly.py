"""Long tables of counters made month by month: little memory at a time, and their rows lie in the order of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from warehouse.canonical import PARTITION, tables
from warehouse.catalog import Model, models
from warehouse.content import Content
from warehouse.engines.duckdb import DuckEngine
from warehouse.lake import Pinned
from warehouse.parts import months

LARGE_BYTES = 256 << 20  # what a table is made from in one go


def months_of(model: Model, pins: Mapping[str, Pinned], large_bytes: int = LARGE_BYTES) -> list[str]:
    """The months a model is better made by, one after another; none where all at once is as good."""
    if model.slice_column != PARTITION or not model.is_published:
        return []
    files = [file for name in _lake_behind(model) for file in pins[name].files]
    if any(part is None for _, part in files) or not _is_long(files, large_bytes):
        return []
    return sorted(months(part for _, part in files if part is not None))


def is_read_by_month(model: Model, pins: Mapping[str, Pinned], step: frozenset[str] | None) -> bool:
    """Whether so much of the lake lies behind a model that is not published that nobody reads it at once."""
    found = [pins[name] if step is None else pins[name].only(step) for name in _lake_behind(model)]
    return not model.is_published and _is_long([file for pin in found for file in pin.files], LARGE_BYTES)


def make(engine: DuckEngine, model: Model, pins: Mapping[str, Pinned], parts: list[str]) -> Content:
    """Make a whole table by its months; what it is made from is as it was afterwards. Returns its content."""
    lake = _lake_behind(model)
    for n, part in enumerate(parts):
        _offer(engine, model, {name: pins[name].only(frozenset({part})) for name in lake}, True)
        if n == 0:
            engine.shape(model)
        engine.add(model)
    _offer(engine, model, {name: pins[name] for name in lake}, False)
    return engine.content(model.name)


def _offer(engine: DuckEngine, model: Model, pins: Mapping[str, Pinned], looks: bool) -> None:
    for name, pinned in pins.items():
        engine.give_lake(tables()[name], pinned)
    behind = {step.name for step in _unpublished(model)}
    for step in models().values():
        if step.name in behind:
            engine.run(step, looks)


def _is_long(files: Iterable[tuple[str, str | None]], large_bytes: int) -> bool:
    return sum(Path(path).stat().st_size for path, _ in files) >= large_bytes


def _lake_behind(model: Model) -> list[str]:
    found = {name for step in [model, *_unpublished(model)] for name in step.inputs if name.startswith("lake_")}
    return sorted(name.removeprefix("lake_") for name in found)


def _unpublished(model: Model) -> Iterator[Model]:
    """The models that a model is made from and that a release does not hold, all sliced like it."""
    for name in sorted(model.inputs & models().keys()):
        step = models()[name]
        if not step.is_published:
            yield step
            yield from _unpublished(step)
