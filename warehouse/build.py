"""One build: from a pinned lake to a checked, published release. What tables mean is the models' business."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc

from warehouse.canonical import tables
from warehouse.catalog import checks, models
from warehouse.engines import Engine, shims
from warehouse.engines.duckdb import DuckEngine
from warehouse.home import Home
from warehouse.lake import Lake, Pinned
from warehouse.measures import measures
from warehouse.plan import KEEP, Plan, full_plan, incremental_plan
from warehouse.problems import Failure, Problem
from warehouse.release import Releases
from warehouse.seeds import seed_tables
from warehouse.workspace import Workspace

ROWS_SHOWN_OF_A_FAILED_CHECK = 5
SETTLED = ("loaded", "withdrawn", "replaced")
# Goes up when Python code changes what a release holds: older releases are then no base for an incremental build.
FORMAT = 2
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


def resolve_as_of(workspace: Workspace, lake: Lake, now: datetime) -> datetime:
    """The instant a release speaks of: pinned by the workspace, the end of the data, or `now` (local)."""
    wanted = workspace.settings.as_of
    if isinstance(wanted, datetime):
        return wanted.replace(tzinfo=None)
    if wanted == "now":
        return now
    ends = [r["last_period"] for r in _live(lake).to_pylist() if r["last_period"] is not None]
    if not ends:
        return now
    return datetime.combine(max(ends).date() + timedelta(days=1), datetime.min.time())


@dataclass
class Build:
    """One build of one workspace. `built_at` is naive UTC."""

    home: Home
    workspace: Workspace
    as_of: datetime
    built_at: datetime
    say: Callable[[str], None]

    def run(self, full: bool = False, compute: Engine | None = None) -> Built:
        """Build, check and publish; does nothing when the current release says the same already.

        `full` builds from nothing. `compute` runs the models elsewhere (Spark) and hands back rows.
        Raises `Failure` when a check fails; the release is then not published.
        """
        releases = Releases(self.home.releases)
        lake = Lake(self.home.lake)
        releases.drop_draft()
        pins = lake.pin_all()
        live = _live(lake)
        given = seed_tables(self.workspace, self.as_of)
        state = state_of(pins, live, given, self.workspace)
        base = f"{self.as_of:%Y%m%dT%H%M}-{_digest(state)[:8]}"
        if not full and compute is None:
            same = self._built_before(releases, base, state)
            if same:
                return same
        before = None if full or compute else self._state_of_current(releases)
        plan = incremental_plan(models(), before, state) if before else None
        how = f"incremental: {plan}" if plan else "full"
        given["live_file"] = live.select(["file_id", "loaded_at"])
        try:
            if plan:
                shutil.copyfile(releases.path(str(releases.current())), releases.draft)
                releases.draft.chmod(0o600)
            engine = DuckEngine(releases.draft, self.home.scratch)
            try:
                self._make(engine, compute, pins, given, plan or full_plan(models()))
                warnings = self._check(engine)
                content = self._describe(engine, state, how)
                engine.checkpoint()
            finally:
                engine.close()
        except BaseException:
            releases.drop_draft()
            raise
        name = releases.free_name(base)
        releases.publish(name)
        releases.sweep(self.built_at)
        return Built(name, True, how, len(models()), content, warnings)

    def _built_before(self, releases: Releases, base: str, state: dict[str, Any]) -> Built | None:
        """The release of exactly this state, if there is one: current, or built by a run that was killed."""
        current = releases.current()
        names = sorted((n for n in releases.all() if n.startswith(base)), key=lambda n: n != current)
        for name in names:
            info = releases.info(name)
            if info["state"] != _text(state):
                continue
            if name == current:
                return Built(name, False, "nothing changed", 0, info["content_hash"], [])
            releases.use(name)
            return Built(name, True, "built earlier, now published", 0, info["content_hash"], [])
        return None

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

    def _make(
        self,
        engine: DuckEngine,
        compute: Engine | None,
        pins: dict[str, Pinned],
        given: dict[str, pa.Table],
        plan: Plan,
    ) -> None:
        for worker in filter(None, (engine, compute)):
            for name, rows in given.items():
                worker.give(name, rows)
            for name, parts in plan.lake.items():
                pinned = pins[name] if parts is None else pins[name].only(parts)
                worker.give_lake(tables()[name], pinned)
        for name, parts in plan.models.items():
            model = models()[name]
            if parts == KEEP:
                continue
            if compute is not None:
                compute.run(model)
                engine.shape(model)
                if model.is_published:
                    engine.fill(model, compute.rows("select * from " + name))
            elif parts is None or not model.is_published:
                engine.run(model)
            else:
                engine.run_parts(model, parts)
            self.say(f"{model.layer:8} {name}")

    def _check(self, engine: DuckEngine) -> list[str]:
        failed: list[Problem] = []
        warnings: list[str] = []
        results: list[dict[str, Any]] = []
        for check in checks():
            rows = engine.con.sql(check.sql).limit(ROWS_SHOWN_OF_A_FAILED_CHECK).fetchall()
            results.append(
                {
                    "check_name": check.name,
                    "sentence": check.sentence,
                    "is_warning": check.is_warning,
                    "n_shown": len(rows),
                }
            )
            if rows and check.is_warning:
                warnings.append(f"{check.sentence} Not so for {_sample(rows)}")
            elif rows:
                what = f"does not hold: {check.sentence} First rows: {_sample(rows)}"
                cure = "the release is not published; mend the data"
                failed.append(Problem(f"checks/{check.name}.sql", what, cure))
        if failed:
            raise Failure(failed)
        engine.store("release_check", pa.Table.from_pylist(results))
        return warnings

    def _describe(self, engine: DuckEngine, state: dict[str, Any], how: str) -> str:
        """Write what the release says about itself; returns the hash of its content."""
        stats, classes = [], []
        for name, model in sorted(models().items()):
            if model.is_published:
                n_rows, hashed = engine.count_and_hash(name)
                stats.append({"table_name": name, "grain": model.grain, "n_rows": n_rows, "content_hash": hashed})
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
        return content


def state_of(
    pins: dict[str, Pinned], live: pa.Table, given: dict[str, pa.Table], workspace: Workspace
) -> dict[str, Any]:
    """Everything a release depends on, comparable and small enough to keep in it."""
    return {
        "format": f"{FORMAT} {_digest([shims('duckdb'), [str(t.schema) for t in tables().values()]])}",
        "models": {name: _digest(model.sql) for name, model in models().items()},
        "given": {name: _digest(repr(rows.to_pylist())) for name, rows in given.items()},
        "definitions": {
            "checks": _digest([check.sql for check in checks()]),
            "measures": _digest([entry.model_dump() for entry in measures().values()]),
            "workspace": _digest(workspace.settings.model_dump_json()),
        },
        "live": {f"{r['file_id']} {r['loaded_at']}": r["target_table"] for r in live.to_pylist()},
        "files": {name: {Path(p).name: part or "" for p, part in pin.files} for name, pin in pins.items()},
        "versions": {name: pin.version for name, pin in pins.items()},
    }


def _live(lake: Lake) -> pa.Table:
    """The register rows of files whose rows count, by file (`etl/register.py` writes them)."""
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(lake.read("etl_file").to_pylist(), key=lambda r: (r["loaded_at"], r["state"])):
        if row["state"] in SETTLED:
            newest[row["file_id"]] = row
    rows = pa.Table.from_pylist([newest[k] for k in sorted(newest)], tables()["etl_file"].schema)
    return rows.filter(pc.equal(rows["state"], "loaded"))


def _definition(measure: str) -> dict[str, Any]:
    entry = measures()[measure]
    names = {"measure_id": measure, "zh": entry.zh, "en": entry.en}
    return {**names, "version": entry.version, "formula": entry.formula()}


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True)


def _digest(value: Any) -> str:
    return hashlib.sha256(_text(value).encode()).hexdigest()[:16]


def _sample(rows: list[tuple[Any, ...]]) -> str:
    return "; ".join(", ".join(str(v) for v in row) for row in rows)
