"""Steps of a build that are no select (`made.STEPS`): done when a model asks for their tables, or found to be done.

Whether anything they hang on changed is asked of the tables by a digest, so that complaints of a week that is not over
yet, or of another kind, cost nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import pyarrow as pa

from warehouse.canonical import tables
from warehouse.catalog import Model, models
from warehouse.engines import Engine
from warehouse.engines.duckdb import DuckEngine
from warehouse.hotspots import step as hotspots
from warehouse.hotspots.before import first_changed
from warehouse.hotspots.registry import Published
from warehouse.hotspots.settings import Settings
from warehouse.hotspots.tables import empty
from warehouse.hours import SOURCES
from warehouse.lake import Pinned
from warehouse.made import BY_TABLE, HOTSPOTS, Step
from warehouse.plan import Step as PlanStep

NOTHING_TO_DO = "no grid"
COUNTED = "fact_cell_kpi_1d"


@dataclass
class Steps:
    """The steps of one build. `recall` gives the names of hotspots as published before."""

    engine: DuckEngine
    compute: Engine | None
    pins: dict[str, Pinned]
    recall: Callable[[], Sequence[Published]]
    say: Callable[[str], None]
    before: dict[str, str]  # what each step hung on in the release before
    plan: Mapping[str, PlanStep]  # what becomes of every model
    digests: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    def is_done(self, model: Model, may_keep: bool) -> bool:
        """Whether a model stays as it is because what it is made from does; else its made tables are there now.

        `may_keep`: the release before has the tables that read the step's, and neither they nor its code changed.
        """
        for step in {BY_TABLE[name] for name in model.inputs & BY_TABLE.keys()}:
            if step.name not in self.digests:
                self._do(step, may_keep)
        return any(BY_TABLE[name].name in self.kept for name in model.inputs & BY_TABLE.keys())

    def rows(self) -> pa.Table:
        """What the release notes about the steps: those done, and those of before that nothing asked for."""
        told = self.before | self.digests
        columns = pa.schema({"step_name": pa.string(), "digest": pa.string()})
        return pa.Table.from_pylist([{"step_name": n, "digest": d} for n, d in sorted(told.items())], columns)

    def _do(self, step: Step, may_keep: bool) -> None:
        assert step is HOTSPOTS
        asked = self._asked()
        con = self.engine.con
        digests = self._digest(asked, f"{step.name}.{hotspots.DAY}")
        digests[hotspots.ALWAYS] = f"{step.version} {digests[hotspots.ALWAYS]}"
        before = self._weeks_before(step.name)
        self.digests |= {f"{step.name} {week}".strip(): digest for week, digest in digests.items()}
        changed = first_changed(before, digests)
        if may_keep and changed is None:
            self.kept.add(step.name)
            self.say(f"as before {step.name}")
            return
        # What is said of all weeks comes first.
        since = date.fromisoformat(changed) if may_keep and changed else None
        found = empty()
        if asked:
            with self.engine.in_little_memory():
                found = hotspots.make(con, asked, self.recall, self._offer, since)
        for name, rows in found.items():
            for worker in filter(None, (self.engine, self.compute)):
                worker.give(name, rows)
        del found
        pa.default_memory_pool().release_unused()
        self.say(f"made     {step.name}" + (f" since {since}" if since else ""))

    def _digest(self, asked: hotspots.Asked | None, name: str) -> dict[str, str]:
        """The digests of all weeks; days are read as far as they may differ from what the release before noted."""
        days = self._weeks_before(name)
        if asked is None:
            return {hotspots.ALWAYS: NOTHING_TO_DO}
        found = hotspots.digest(self.engine.con, asked, days, _changed_since(days, self.plan.get(COUNTED)))
        self.digests |= {f"{name} {week}".strip(): told for week, told in days.items()}
        return found

    def _weeks_before(self, of: str) -> dict[str, str]:
        """What the release before notes of the weeks of a step; from here on it is this build's to say."""
        names = [name for name in self.before if name.split(" ")[0] == of]
        return {name.removeprefix(of).strip(): self.before.pop(name) for name in names}

    def _asked(self) -> hotspots.Asked | None:
        """None where the workspace has no square grid."""
        [said] = self.engine.con.sql("select * from seed_hotspot").to_arrow_table().to_pylist()
        [(as_of,)] = self.engine.con.sql("select as_of from run").fetchall()
        if said["origin_lon"] is None:
            return None
        rules = Settings.model_validate_json(said["settings_json"])
        origin = (float(said["origin_lon"]), float(said["origin_lat"]))
        hours = {name: self.pins.get(name, Pinned(name, -1, ())) for name in SOURCES}
        return hotspots.Asked(rules, origin, hotspots.last_monday(as_of), hours)

    def _offer(self, name: str, pinned: Pinned) -> None:
        self.engine.offer(name, tables()[pinned.table], pinned)


def _changed_since(known: Mapping[str, str], made: PlanStep) -> date | None:
    """The first Monday whose counters of days may not be what is known of weeks; None when any may."""
    last = max(known, default=hotspots.ALWAYS)
    if last == hotspots.ALWAYS or not isinstance(made, frozenset):
        return None
    first = date.fromisoformat(last) + timedelta(days=7)
    touched = [date.fromisoformat(day) for day in made]
    return min([first, *(day - timedelta(days=day.weekday()) for day in touched)])


def readers(step: Step) -> list[Model]:
    """Models that read a step's tables."""
    return [model for model in models().values() if model.inputs & set(step.tables)]
