"""What people and the engine write: warnings, their history, silences, messages to be sent.

SQLite beside the data by default, PostgreSQL by URL; one small transaction a deed, so that several processes may write.
Nothing here is rebuilt from files, and no release carries any of it. What a deed means is decided in `alerts`.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa

from warehouse.home import Home
from warehouse.registers import METADATA, action_event, action_item, note

__all__ = ["METADATA", "action_event", "action_item", "note", "open_ops", "ops_url", "writing"]
SCHEMA_VERSION = 2

# The engine's: how far each rule was evaluated, and where its instances stand.
rule_run = sa.Table(
    "rule_run",
    METADATA,
    sa.Column("rule_id", sa.String(16), primary_key=True),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("evaluated_to", sa.DateTime, nullable=False),
    sa.Column("release_id", sa.String(80)),
    sa.Column("fault", sa.Text),
)
rule_instance = sa.Table(
    "rule_instance",
    METADATA,
    sa.Column("rule_id", sa.String(16), primary_key=True),
    sa.Column("scope_id", sa.String(120), primary_key=True),
    sa.Column("instance_json", sa.Text, nullable=False),
)
warning = sa.Table(
    "warning",
    METADATA,
    sa.Column("warning_id", sa.String(24), primary_key=True),
    sa.Column("rule_id", sa.String(16), nullable=False, index=True),
    sa.Column("rule_version", sa.Integer, nullable=False),
    sa.Column("scope_kind", sa.String(24), nullable=False),
    sa.Column("scope_id", sa.String(120), nullable=False),
    sa.Column("severity", sa.String(8), nullable=False),
    sa.Column("condition", sa.String(12), nullable=False),
    sa.Column("handling", sa.String(16), nullable=False),
    sa.Column("is_trial", sa.Boolean, nullable=False),
    sa.Column("first_breach_at", sa.DateTime, nullable=False),
    sa.Column("fired_at", sa.DateTime, nullable=False, index=True),
    sa.Column("last_breach_at", sa.DateTime),
    sa.Column("cleared_at", sa.DateTime),
    sa.Column("value", sa.Float),
    sa.Column("threshold", sa.Float),
    sa.Column("baseline", sa.Float),
    sa.Column("n", sa.Integer),
    sa.Column("evidence_json", sa.Text),
    sa.Column("owner_dept", sa.String(24)),
    sa.Column("owner_person", sa.String(60)),
    sa.Column("ack_by", sa.String(60)),
    sa.Column("ack_at", sa.DateTime),
    sa.Column("decision", sa.String(16)),
    sa.Column("decision_at", sa.DateTime),
    sa.Column("decision_by", sa.String(60)),
    sa.Column("false_reason", sa.Text),
    sa.Column("incident_id", sa.String(24), index=True),
    sa.Column("region_code", sa.String(16)),
    # When the engine first told of it: later than fired_at where it had not run for a while.
    sa.Column("known_at", sa.DateTime),
    sa.Column("revision", sa.Integer, nullable=False, default=0),
)
# History, kept for ever: only ever added to. The key makes a repeated evaluation add nothing.
warning_event = sa.Table(
    "warning_event",
    METADATA,
    sa.Column("event_no", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("warning_id", sa.ForeignKey("warning.warning_id"), nullable=False, index=True),
    sa.Column("happened_at", sa.DateTime, nullable=False),
    sa.Column("actor", sa.String(60), nullable=False),
    sa.Column("action", sa.String(16), nullable=False),
    sa.Column("note", sa.Text, nullable=False, default=""),
    sa.Column("detail_json", sa.Text),
    sa.UniqueConstraint("warning_id", "happened_at", "actor", "action", "note"),
)
silence = sa.Table(
    "silence",
    METADATA,
    sa.Column("silence_id", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("rule_id", sa.String(16)),
    sa.Column("scope_id", sa.String(120)),
    sa.Column("begins_at", sa.DateTime, nullable=False),
    sa.Column("ends_at", sa.DateTime, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("created_by", sa.String(60), nullable=False),
    sa.Column("lifted_at", sa.DateTime),
)
rule_version = sa.Table(
    "rule_version",
    METADATA,
    sa.Column("rule_id", sa.String(16), primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    sa.Column("settings_json", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("changed_by", sa.String(60), nullable=False),
    sa.Column("changed_at", sa.DateTime, nullable=False),
    sa.Column("backtest_json", sa.Text, nullable=False),
)
outbox = sa.Table(
    "outbox",
    METADATA,
    sa.Column("message_id", sa.String(40), primary_key=True),
    sa.Column("target", sa.String(60), nullable=False),
    sa.Column("created_at", sa.DateTime, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, index=True),
    sa.Column("n_tries", sa.Integer, nullable=False, default=0),
    sa.Column("next_try_at", sa.DateTime, nullable=False),
    sa.Column("sent_at", sa.DateTime),
    sa.Column("fault", sa.Text),
)
told_group = sa.Table(
    "told_group",
    METADATA,
    sa.Column("group_key", sa.String(120), primary_key=True),
    sa.Column("group_json", sa.Text, nullable=False),
)
# The build's: what hotspots were called when a release first spoke of them. Only ever added to.
hotspot_seen = sa.Table(
    "hotspot_seen",
    METADATA,
    sa.Column("hotspot_id", sa.String(24), primary_key=True),
    sa.Column("week_start", sa.Date, primary_key=True),
    sa.Column("is_urban", sa.Boolean, nullable=False),
    sa.Column("grid_m", sa.Integer, nullable=False),
    sa.Column("grids", sa.Text, nullable=False),
    sa.Column("x_m", sa.Float, nullable=False),
    sa.Column("y_m", sa.Float, nullable=False),
    sa.Column("release_id", sa.String(80), nullable=False),
    sa.Column("published_at", sa.DateTime, nullable=False),
)
# The planners' work list: only ever added to, the newest line of a field holds.
need_event = sa.Table(
    "need_event",
    METADATA,
    sa.Column("event_no", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("hotspot_id", sa.String(24), nullable=False, index=True),
    sa.Column("happened_at", sa.DateTime, nullable=False),
    sa.Column("actor", sa.String(60), nullable=False),
    sa.Column("field", sa.String(24), nullable=False),
    sa.Column("value", sa.String(200), nullable=False),
)
about = sa.Table(
    "ops_about",
    METADATA,
    sa.Column("name", sa.String(40), primary_key=True),
    sa.Column("value", sa.String(200), nullable=False),
)


def ops_url(home: Home) -> str:
    """`LOOKOUT_OPS_URL`, else a file in the home."""
    return os.environ.get("LOOKOUT_OPS_URL") or f"sqlite:///{home.root / 'ops.db'}"


def open_ops(url: str) -> sa.Engine:
    """The store, its tables made where they are missing. SQLite waits for other writers instead of failing."""
    engine = sa.create_engine(url, pool_pre_ping=True)
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
