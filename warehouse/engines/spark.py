"""The same models on Spark: in this process, on a cluster, or through Spark Connect; over the same pinned files.

Every table that a model makes is written once, as Parquet, to a scratch folder that this machine and all workers reach.
Later models read it there, and so does the release. Three things follow. A worker that dies takes nothing with it that
is not made again from files. A plan never carries the plans of all tables before it, which multiply from model to model
until no heap holds them. And no table has to fit into the memory of this process on its way to the release.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
from py4j.protocol import Py4JError
from pyarrow.fs import FileSystem, FileType
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

from warehouse.canonical import Table
from warehouse.catalog import Model
from warehouse.engines import shims
from warehouse.lake import Pinned, empty
from warehouse.problems import Failure, Problem
from warehouse.workspace_file import SparkSettings

LOCAL = "local[2]"
FIRST_TRIES = 5  # some 20 s; each try waits four times as long as the one before
_QUIET = {"spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR"}
# On one machine: many small tables, planning and compiling would cost more than the rows.
_SMALL = {
    "spark.driver.memory": "2g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
}
# What makes the SQL mean the same as in DuckDB.
_MEANING = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.parser.escapedStringLiterals": "true",
    "spark.sql.parquet.inferTimestampNTZ.enabled": "true",
    "spark.sql.timestampType": "TIMESTAMP_NTZ",
    # A customer who files every day for years makes a long walk; it always ends (see fact_ticket_case).
    "spark.sql.cteRecursionLevelLimit": "-1",
    "spark.sql.cteRecursionRowLimit": "-1",
}


def session(address: str = LOCAL, settings: dict[str, str] | None = None) -> SparkSession:
    """A session at a master (`local[2]`, `spark://host:7077`, `yarn`) or at a Connect server (`sc://host:15002`).

    `settings` win over ours; of a Connect server, only those of a session can be set from here.
    """
    if address.startswith("sc://"):
        remote: SparkSession = SparkSession.builder.remote(address).getOrCreate()
        _see_that_it_answers(remote)
        for name, value in (settings or {}).items():
            if remote.conf.isModifiable(name):  # the others, of executors say, were settled when the server started
                remote.conf.set(name, value)
        return remote
    wanted: dict[str, Any] = {**_QUIET, **(_SMALL if address.startswith("local") else {}), **(settings or {})}
    made = SparkSession.builder.master(address).appName("lookout").config(map=wanted).getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def _see_that_it_answers(remote: Any) -> None:
    """A client goes on trying for ten minutes: right for a server that was there, too long for one that is not."""
    from pyspark.sql.connect.client.retries import DefaultPolicy

    usual = remote.client.get_retry_policies()
    remote.client.set_retry_policies([DefaultPolicy(max_retries=FIRST_TRIES)])
    remote.version  # noqa: B018
    remote.client.set_retry_policies(usual)


@contextmanager
def engine_at(address: str, scratch: Path, lake: Path, settings: SparkSettings) -> Iterator[SparkEngine]:
    """An engine for one build. What it wrote to the scratch folder is gone afterwards, and so is the session.

    Raises `Failure` with the first sentence of what Spark says when it cannot be reached or gives up.
    """
    try:
        spark = session(address, settings.settings)
        try:
            engine = SparkEngine(spark, settings.scratch or str(scratch), {str(lake): settings.lake or str(lake)})
            with engine.own_folder():
                yield engine
        finally:
            spark.stop()
    except (PySparkException, Py4JError) as error:
        said = str(error).strip().splitlines() or [type(error).__name__]
        cure = "see that it runs, and that every worker reaches the lake and the scratch folder (docs/scale.md)"
        raise Failure([Problem(f"Spark at {address}", " ".join(said[:2])[:500], cure)]) from error


class SparkEngine:
    """Runs on a given session. `scratch` is a folder or URL that this machine and every worker reach by this name;
    `places` says how workers reach a folder that has another name here.
    """

    def __init__(self, session: Any, scratch: str, places: dict[str, str] | None = None) -> None:
        self.spark, self.places = session, places or {}
        self.scratch = scratch.rstrip("/") + "/lookout-spark"
        self.files, self.folder = FileSystem.from_uri(self.scratch.replace("s3a://", "s3://", 1))
        self.paths: dict[str, str] = {}
        self.number = count(1)
        for name, value in _MEANING.items():
            self.spark.conf.set(name, value)
        for statement in shims("spark").split(";\n"):
            if statement.strip():
                self.spark.sql(statement)

    def give_lake(self, table: Table, pinned: Pinned) -> None:
        if not pinned.files:
            self.give(f"lake_{table.name}", empty(table))
            return
        paths = [self._there(path) for path in pinned.paths]
        base = paths[0].split("/part=")[0] if "/part=" in paths[0] else None
        # Told the schema, Spark opens no file to find it, and a column that a file is older than is empty.
        reader = self.spark.read.schema(_columns(table.schema))
        frame = (reader.option("basePath", base) if base else reader).parquet(*paths)
        if table.name != "etl_file":
            frame = frame.join(self.spark.table("live_file"), ["file_id", "loaded_at"], "left_semi")
        frame.select(*table.schema.names).createOrReplaceTempView(f"lake_{table.name}")

    def give(self, name: str, rows: pa.Table) -> None:
        path = self._new_path(name)
        self.files.create_dir(path)
        pq.write_table(rows, f"{path}/part-0.parquet", filesystem=self.files)
        self._read(name, path, _columns(rows.schema))

    def run(self, model: Model) -> None:
        rows = self.spark.sql(model.sql)
        if model.stays_in_lake:
            rows.createOrReplaceTempView(model.name)
            return
        path = self._new_path(model.name)
        rows.write.parquet(self._url(path))
        self._read(model.name, path, rows.schema)

    def rows(self, name: str) -> pa.RecordBatchReader:
        found = ds.dataset(self.paths[name], format="parquet", filesystem=self.files)
        return found.scanner(batch_size=100_000).to_reader()

    @contextmanager
    def own_folder(self) -> Iterator[None]:
        """The folder under the scratch folder, empty at first (a killed build may have left one) and gone at last."""
        self._clear()
        try:
            yield
        finally:
            self._clear()

    def _clear(self) -> None:
        if self.files.get_file_info(self.folder).type == FileType.Directory:
            self.files.delete_dir(self.folder)
        self.paths.clear()

    def _new_path(self, name: str) -> str:
        """A folder that nothing was ever written to, so that no reader has its old files in mind."""
        old = self.paths.get(name)
        if old is not None:
            self.files.delete_dir(old)
        self.paths[name] = f"{self.folder}/{next(self.number):04d}-{name}"
        return self.paths[name]

    def _read(self, name: str, path: str, schema: Any) -> None:
        self.spark.read.schema(schema).parquet(self._url(path)).createOrReplaceTempView(name)

    def _url(self, path: str) -> str:
        """A folder under the scratch folder, as workers name it."""
        return self.scratch + path.removeprefix(self.folder)

    def _there(self, path: str) -> str:
        for here, there in self.places.items():
            if path.startswith(here):
                return there.rstrip("/") + path.removeprefix(here)
        return path


def _columns(schema: pa.Schema) -> str:
    return ", ".join(f"`{f.name}` {_SPARK[str(f.type)]}" for f in schema)


_SPARK = {
    "string": "string",
    "int64": "bigint",
    "int32": "int",
    "double": "double",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us]": "timestamp_ntz",
}
