"""Opening the operations store, and writing to it one deed at a time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from warehouse.home import Home
from warehouse.ops.base import METADATA, SCHEMA_VERSION, about


def ops_url(home: Home) -> str:
    """`LOOKOUT_OPS_URL`, else a file in the home."""
    return os.environ.get("LOOKOUT_OPS_URL") or f"sqlite:///{home.root / 'ops.db'}"


def open_ops(url: str) -> sa.Engine:
    """The store, its tables made where they are missing. SQLite waits for other writers instead of failing."""
    address = sa.engine.make_url(url)
    if address.drivername in ("postgresql", "postgres"):  # written as everywhere; the driver is the one we bring along
        address = address.set(drivername="postgresql+psycopg")
    engine = sa.create_engine(address, pool_pre_ping=True)
    if engine.dialect.name == "sqlite":
        sa.event.listen(engine, "connect", _prepare_sqlite)
    METADATA.create_all(engine)
    with engine.begin() as con:
        version = con.execute(sa.select(about.c.value).where(about.c.name == "schema")).scalar()
        if version is None:
            con.execute(about.insert().values(name="schema", value=str(SCHEMA_VERSION)))
        elif int(version) < SCHEMA_VERSION:
            _add_columns(engine, con)
            con.execute(about.update().where(about.c.name == "schema").values(value=str(SCHEMA_VERSION)))
    return engine


def existing_ops(home: Home) -> sa.Engine | None:
    """The store, unless it would be a file that is not there yet."""
    url = sa.engine.make_url(ops_url(home))
    is_file = url.get_backend_name() == "sqlite"
    return None if is_file and not (url.database and Path(url.database).exists()) else open_ops(ops_url(home))


def _add_columns(engine: sa.Engine, con: sa.Connection) -> None:
    """Columns that an older version of this program did not have, empty in the rows that are there."""
    seen = sa.inspect(con)
    for table in METADATA.sorted_tables:
        there = {c["name"] for c in seen.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                told = sa.schema.CreateColumn(column).compile(dialect=engine.dialect)
                con.exec_driver_sql(" ".join(("alter table", table.name, "add column", str(told))))


@contextmanager
def writing(engine: sa.Engine) -> Iterator[sa.Connection]:
    """One deed: all of it is kept or none. On SQLite the write lock is taken at once, so that two cannot deadlock."""
    with engine.connect() as con:
        if engine.dialect.name == "sqlite":
            con.exec_driver_sql("begin immediate")
            try:
                yield con
                con.exec_driver_sql("commit")
            except BaseException:
                con.exec_driver_sql("rollback")
                raise
        else:
            with con.begin():
                yield con


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transactions would begin too late for `begin immediate`.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode = wal", "synchronous = full", "busy_timeout = 15000", "foreign_keys = on"):
        cursor.execute(f"pragma {pragma}")
    cursor.close()
