"""One build: from a pinned lake to a checked, published release. What tables mean is the models' business."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
from sqlalchemy.exc import OperationalError

from warehouse.canonical import tables
from warehouse.catalog import checks, models
from warehouse.content import Content, Contents
from warehouse.engines import Engine, shims
from warehouse.engines.duckdb import DuckEngine
from warehouse.home import Home
from warehouse.hotspots.registry import Published, published_in, recall, remember
from warehouse.lake import Lake, Pinned
from warehouse.layers import MANIFEST
from warehouse.live import live_files
from warehouse.maker import Maker, TooMany
from warehouse.measures import measures
from warehouse.ops import open_ops, ops_url
from warehouse.plan import full_plan, incremental_plan
from warehouse.release import LAYER_FROM_BYTES, Releases
from warehouse.seeds import seed_tables
from warehouse.upkeep import forwarded
from warehouse.workspace import Workspace

# Goes up when Python code changes what a release holds: older releases are then no base for an incremental build.
FORMAT = 4
# Tables that speak of a run, not of the data: left out of the content hash.
RUN_TABLES = ("fact_file",)


@dataclass(frozen=True)
class Built:
    """What a build came to."""

    id: str
    is_new: bool
    how: str
    n_tables: int
    content_hash: str
    warnings: list[str]


@dataclass
class Build:
    """One build of one workspace. `built_at` is naive UTC. `elsewhere` opens the engine of builds from nothing,
    none for DuckDB; what is added to a release is small, so DuckDB always adds it.
    """

    home: Home
    workspace: Workspace
    as_of: datetime
    built_at: datetime
    say: Callable[[str], None]
    layer_from_bytes: int = LAYER_FROM_BYTES
    elsewhere: Callable[[], AbstractContextManager[Engine | None]] = nullcontext

    def run(self, full: bool = False, compute: Engine | None = None) -> Built:
        """Build, check and publish; does nothing when the current release says the same already.

        `full` builds from nothing. `compute` runs the models elsewhere (Spark) and hands back rows.
        Raises `Failure` when a check fails; the release is then not published.
        """
        releases = Releases(self.home.releases)
        lake = Lake(self.home.lake)
        releases.drop_draft()
        pins = lake.pin_all()
        live = live_files(lake)
        given = seed_tables(self.workspace, self.as_of)
        state = state_of(pins, live, given, self.workspace)
        base = f"{self.as_of:%Y%m%dT%H%M}-{_digest(state)[:8]}"
        if not full and compute is None:
            same = self._built_before(releases, base, state)
            if same:
                return same
        before = None if full or compute else self._state_of_current(releases)
        before = forwarded(before, pins, lake) if before else None
        given["live_file"] = live.select(["file_id", "loaded_at"])
        try:
            how, warnings, content = self._draft(releases, compute, pins, given, before, state)
        except BaseException:
            releases.drop_draft()
            raise
        name = releases.free_name(base)
        releases.publish(name)
        self._remember(releases, name)
        releases.sweep(self.built_at)
        return Built(name, True, how, len(models()), content, warnings)

    def _draft(
        self,
        releases: Releases,
        compute: Engine | None,
        pins: dict[str, Pinned],
        given: dict[str, pa.Table],
        before: dict[str, Any] | None,
        state: dict[str, Any],
    ) -> tuple[str, list[str], str]:
        """Write the draft: the least that is right. Returns how, the warnings and the hash of the content."""
        current = releases.current()
        is_tall = current is not None and releases.is_tall(current, self.layer_from_bytes)
        for may_use_keys in (True, False):
            plan = incremental_plan(models(), before, state, may_use_keys) if before and not is_tall else None
            how = f"incremental: {plan}" if plan else "full"
            below = releases.begin(str(current), self.layer_from_bytes) if plan else None
            old = releases.contents(str(current)) if plan else Contents()
            if before and before["definitions"]["checks"] != state["definitions"]["checks"]:
                old.checks.clear()
            engine = DuckEngine(releases.draft, self.home.scratch, below)
            is_here = plan is not None or compute is not None
            try:
                with nullcontext(compute) if is_here else self.elsewhere() as worker:
                    whole = full_plan(models())
                    maker = Maker(engine, worker, pins, plan or whole, self.say, self._recall, old.steps)
                    maker.make(given, old.tables)
                results, warnings = maker.check(old.checks)
                engine.store("release_check", pa.Table.from_pylist(results))
                engine.store("release_made", maker.steps.rows())
                content = self._describe(engine, maker.contents, state, how)
                engine.checkpoint()
                return how, warnings, content
            except TooMany:
                releases.drop_draft()
            finally:
                engine.close()
        raise AssertionError("the second plan uses no keys")

    def _built_before(self, releases: Releases, base: str, state: dict[str, Any]) -> Built | None:
        """The release of exactly this state, if there is one: current, or built by a run that was killed."""
        current = releases.current()
        names = sorted((n for n in releases.all() if n.startswith(base)), key=lambda n: n != current)
        for name in names:
            info = releases.info(name)
            if info["state"] != _text(state):
                continue
            self._remember(releases, name)
            if name == current:
                return Built(name, False, "nothing changed", 0, info["content_hash"], [])
            releases.use(name)
            return Built(name, True, "built earlier, now published", 0, info["content_hash"], [])
        return None

    def _recall(self) -> list[Published]:
        """Names of hotspots as ever published; those of the current release where the store cannot be asked."""
        try:
            return recall(open_ops(ops_url(self.home)))
        except OperationalError as error:
            self.say(
                f"the operations store cannot be asked for names of hotspots ({error.orig}); taking the last release's"
            )
            releases = Releases(self.home.releases)
            current = releases.current()
            return published_in(releases.path(current)) if current else []

    def _remember(self, releases: Releases, name: str) -> None:
        """Keep the names a release published. Left undone by a killed run, the next one does it."""
        if not releases.contents(name).tables.get("mart_hotspot", Content()).n_rows:
            return
        rows = published_in(releases.path(name))
        try:
            remember(open_ops(ops_url(self.home)), rows, name, self.built_at)
        except OperationalError as error:
            self.say(f"the operations store cannot take names of hotspots ({error.orig}); the next build tries again")

    def _state_of_current(self, releases: Releases) -> dict[str, Any] | None:
        current = releases.current()
        if current is None:
            return None
        try:
            state: dict[str, Any] = json.loads(releases.info(current)["state"])
        except duckdb.Error as error:
            self.say(f"release {current} cannot be read ({error}); building from nothing")
            return None
        return state

    def _describe(self, engine: DuckEngine, contents: dict[str, Content], state: dict[str, Any], how: str) -> str:
        """Write what the release says about itself; returns the hash of its content."""
        stats, classes = [], []
        for name, model in sorted(models().items()):
            if model.is_published:
                found = contents[name]
                stats.append(
                    {
                        "table_name": name,
                        "grain": model.grain,
                        "n_rows": found.n_rows,
                        "content_hash": str(found.total),
                    }
                )
                columns = engine.columns(name)
                classes += [{"table_name": name, "column_name": c, "level": model.class_of(c)} for c in columns]
        content = _digest([[*s.values()] for s in stats if s["table_name"] not in RUN_TABLES])
        engine.store("release_table", pa.Table.from_pylist(stats))
        engine.store("column_class", pa.Table.from_pylist(classes))
        engine.store("release_measure", pa.Table.from_pylist([_definition(i) for i in measures()]))
        info = {
            "workspace_id": self.workspace.id,
            "as_of": self.as_of,
            "built_at": self.built_at,
            "how": how,
            "content_hash": content,
            "state": _text(state),
            "is_synthetic": self.workspace.settings.is_synthetic,
        }
        engine.store("release_info", pa.Table.from_pylist([info]))
        engine.store(MANIFEST, engine.stack.manifest())
        return content


def state_of(
    pins: dict[str, Pinned], live: pa.Table, given: dict[str, pa.Table], workspace: Workspace
) -> dict[str, Any]:
    """Everything a release depends on, comparable and small enough to keep in it."""
    return {
        "format": f"{FORMAT} {_digest([shims('duckdb'), [str(t.schema) for t in tables().values()]])}",
        "models": {name: _digest(model.sql) for name, model in models().items()},
        "given": {name: _digest(repr(_timeless(rows).to_pylist())) for name, rows in given.items()},
        "as_of": [str(row["as_of"]) for row in given["run"].to_pylist()],
        "definitions": {
            "checks": _digest([check.sql for check in checks()]),
            "measures": _digest([entry.model_dump() for entry in measures().values()]),
            # Where models run changes no row, so it is no reason for another release.
            "workspace": _digest(workspace.settings.model_dump_json(exclude={"engine", "spark"})),
        },
        "live": {f"{r['file_id']} {r['loaded_at']}": r["target_table"] for r in live.to_pylist()},
        "files": {name: {Path(p).name: part or "" for p, part in pin.files} for name, pin in pins.items()},
        "versions": {name: pin.version for name, pin in pins.items()},
    }


def _timeless(rows: pa.Table) -> pa.Table:
    """A given table without the instant of the release, which is compared by itself: most rows do not hang on it."""
    return rows.drop_columns(["as_of"]) if "as_of" in rows.column_names else rows


def _definition(measure: str) -> dict[str, Any]:
    entry = measures()[measure]
    names = {"measure_id": measure, "zh": entry.zh, "en": entry.en}
    return {**names, "version": entry.version, "formula": entry.formula()}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _digest(value: Any) -> str:
    return hashlib.sha256(_text(value).encode()).hexdigest()[:16]
