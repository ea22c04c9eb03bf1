"""The same models on Spark, over the same pinned files; results travel back as Arrow."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import lit

from warehouse.canonical import Table
from warehouse.catalog import Model
from warehouse.engines import shims
from warehouse.lake import Pinned, empty


def local_session() -> SparkSession:
    """A small session on this machine: two cores, 2 GB, no web page, errors only."""
    builder = SparkSession.builder.master("local[2]").appName("lookout")
    settings: dict[str, bool | float | int | str | None] = {
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        # Many small tables: planning and compiling would cost more than the rows.
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
    }
    session = builder.config(map=settings).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


class SparkEngine:
    """Runs on a given session (local, a cluster, or Spark Connect)."""

    def __init__(self, session: Any) -> None:
        self.spark = session
        self.spark.conf.set("spark.sql.session.timeZone", "UTC")
        self.spark.conf.set("spark.sql.parser.escapedStringLiterals", "true")
        self.spark.conf.set("spark.sql.parquet.inferTimestampNTZ.enabled", "true")
        self.spark.conf.set("spark.sql.execution.arrow.pyspark.enabled", "true")
        self.spark.conf.set("spark.sql.timestampType", "TIMESTAMP_NTZ")
        # A customer who files every day for years makes a long walk; it always ends (see fact_ticket_case).
        self.spark.conf.set("spark.sql.cteRecursionLevelLimit", "-1")
        self.spark.conf.set("spark.sql.cteRecursionRowLimit", "-1")
        for statement in shims("spark").split(";\n"):
            if statement.strip():
                self.spark.sql(statement)

    def give_lake(self, table: Table, pinned: Pinned) -> None:
        if not pinned.files:
            self.give(f"lake_{table.name}", empty(table))
            return
        base = pinned.paths[0].split("/part=")[0] if "/part=" in pinned.paths[0] else None
        reader = self.spark.read.option("mergeSchema", "true")
        frame = (reader.option("basePath", base) if base else reader).parquet(*pinned.paths)
        if table.name != "etl_file":
            frame = frame.join(self.spark.table("live_file"), ["file_id", "loaded_at"], "left_semi")
        there = set(frame.columns)  # files may be older than a column
        found = [frame[f.name] if f.name in there else lit(None) for f in table.schema]
        typed = [c.cast(_SPARK[str(f.type)]).alias(f.name) for c, f in zip(found, table.schema, strict=True)]
        frame.select(*typed).createOrReplaceTempView(f"lake_{table.name}")

    def give(self, name: str, rows: pa.Table) -> None:
        schema = ", ".join(f"`{f.name}` {_SPARK[str(f.type)]}" for f in rows.schema)
        values = [tuple(row.values()) for row in rows.to_pylist()]
        self.spark.createDataFrame(values, schema).createOrReplaceTempView(name)

    def run(self, model: Model) -> None:
        # Most tables are read more than once, by later models and by whoever takes the rows. A cached table would
        # still carry the plans of all before it, and these multiply from model to model until no heap holds them.
        rows = self.spark.sql(model.sql)
        (rows if model.stays_in_lake else rows.localCheckpoint()).createOrReplaceTempView(model.name)

    def rows(self, sql: str) -> pa.RecordBatchReader:
        return self.spark.sql(sql).toArrow().to_reader()


_SPARK = {
    "string": "string",
    "int64": "bigint",
    "int32": "int",
    "double": "double",
    "bool": "boolean",
    "date32[day]": "date",
    "timestamp[us]": "timestamp_ntz",
}
