"""The operations store in a real PostgreSQL: one chain, tampering found there too, and the least rights that work."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from etl.typed import mask_once
from tests.people import signed_in
from tests.postgres import Server
from warehouse import accounts, audit, exports, ops, settled
from warehouse.access import AccessSettings, Person
from warehouse.audit import Event
from warehouse.home import Home
from warehouse.viewer import Viewer

pytestmark = [pytest.mark.deep, pytest.mark.xdist_group("postgres")]
ROOT = Path(__file__).parents[2]
AT = datetime(2025, 3, 31, 8)
ROLES = ("lookout_app", "lookout_audit")


class Store:
    """A database of the tests' own with the roles of `deploy/postgres.sql`."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.owner = ops.open_ops(self.url())
        sql = (ROOT / "deploy" / "postgres.sql").read_text(encoding="utf-8")
        with psycopg.connect(server.url(database="ops"), autocommit=True) as con:
            for _ in range(2):  # as after an update
                con.execute(sql.encode())
            for role in ROLES:
                con.execute(f"alter role {role} password '{server.password}'".encode())
        self.app = ops.open_ops(self.url("lookout_app"))

    def url(self, user: str = "lookout") -> str:
        return self.server.url(user, database="ops")

    def try_as(self, role: str, statement: str) -> str:
        """What the server says to a statement of a role; empty where it does it."""
        with psycopg.connect(self.server.url(role, database="ops")) as con:
            try:
                con.execute(statement.encode())
            except psycopg.Error as error:
                return str(error)
            con.rollback()
        return ""

    def as_owner(self, *statements: str) -> None:
        with psycopg.connect(self.server.url(database="ops"), autocommit=True) as con:
            for statement in statements:
                con.execute(statement.encode())

    def close(self) -> None:
        self.app.dispose()
        self.owner.dispose()


@pytest.fixture
def store(postgres: Server) -> Iterator[Store]:
    postgres.run(
        "drop database if exists ops with (force)",
        *(f"drop role if exists {role}" for role in ROLES),
        "create database ops",
    )
    made = Store(postgres)
    yield made
    made.close()
    postgres.run("drop database if exists ops with (force)", *(f"drop role if exists {role}" for role in ROLES))


def chain(store: sa.Engine, n: int = 5) -> None:
    for k in range(n):
        audit.record(store, Event("rows", "mei", "analyst", "tickets", {"k": k}, 2, "duty", [f"c{k}", "c9"]), AT)


def test_the_program_does_all_it_does_with_the_least_rights(store: Store, tmp_path: Path) -> None:
    app = store.app
    chain(app)
    signed_in(app, "li", "analyst", AT)
    accounts.end_all(app, "li", AT)
    settings = AccessSettings()
    asking, boss = Person("li", Viewer.of("analyst")), Person("boss", Viewer.of("supervisor"))
    wanted = exports.ask(app, asking, "due", "q" * 64, 10, "a review", AT, settings)
    exports.decide(app, wanted, boss, True, "", AT, settings)
    exports.take(app, wanted, asking, "q" * 64, Event("export_taken", "li", "analyst", "f", {}, 10), AT, settings)
    (tmp_path / "workspace.toml").write_text("id = 1\n")
    assert settled.note(app, settled.files(Home(tmp_path)), "root", AT) == ["policies.toml", "workspace.toml"]
    with ops.writing(app) as con:
        said = {"begins_on": AT.date(), "text": "联系 " + "139" + "0" * 8, "author": "li", "written_at": AT}
        con.execute(ops.note.insert().values(**said))
    masked = mask_once(app, "root", AT)
    assert masked is not None and masked.rows == {"note": 1} and mask_once(app, "root", AT) is None
    assert audit.verify(app).fault is None
    assert [r["actor"] for r in audit.who_saw(app, "c3")] == ["mei"]


@pytest.mark.parametrize(
    "statement",
    [
        "update audit_event set actor = 'nobody'", "delete from audit_event", "truncate audit_event",
        "update audit_seen set cust_key = 'x'", "delete from audit_seen", "drop table audit_event",
        "alter table audit_event add x int", "create table more (x int)", "create role evil login superuser",
        "copy audit_event to program 'cat'", "drop table warning",
    ],
)  # fmt: skip
def test_the_program_itself_cannot_change_the_trail(store: Store, statement: str) -> None:
    chain(store.app, 1)
    said = store.try_as("lookout_app", statement)
    assert re.search(r"permission denied|must be owner|must be superuser|Only roles with", said), said


@pytest.mark.parametrize("statement", ["select 1 from account", "select 1 from warning", "delete from audit_event"])
def test_auditors_read_the_trail_and_nothing_else(store: Store, statement: str) -> None:
    chain(store.app, 2)
    assert "permission denied" in store.try_as("lookout_audit", statement)
    assert store.try_as("lookout_audit", "select * from audit_event, audit_seen, ops_about") == ""
    reading = ops.open_ops(store.url("lookout_audit"))
    assert audit.verify(reading).fault is None
    reading.dispose()


@pytest.mark.parametrize(
    ("spoiling", "told"),
    [
        ("update audit_event set actor = 'nobody' where event_no = 3", "row 3 was changed"),
        ("delete from audit_event where event_no = 2", "row 2 is missing"),
        ("delete from audit_seen where event_no = 4 and cust_key = 'c9'", "the customers of row 4 were changed"),
        ("delete from audit_event where event_no = 5", "the chain ends with row 4, and row 5 was written last"),
        ("update audit_event set happened_at = happened_at - interval '1 day' where event_no = 1", "row 1 was changed"),
    ],
)
def test_who_owns_the_database_is_found_out_by_the_command(store: Store, spoiling: str, told: str) -> None:
    chain(store.app)
    store.as_owner(spoiling)
    assert audit.verify(store.app).fault == told
    if not told.startswith("row 3"):
        return
    environment = {**os.environ, "LOOKOUT_OPS_URL": store.url()}
    command = [sys.executable, "-m", "warehouse", "audit", "verify"]
    said = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert said.returncode == 1 and told in said.stderr


def test_rows_that_are_numbered_can_be_written(store: Store) -> None:
    """Every table whose numbers come from a sequence; for auditors none."""
    asked = "select relname, has_sequence_privilege(%s, oid, 'usage') from pg_class where relkind = 'S'"
    with psycopg.connect(store.url().replace("+psycopg", "")) as con:
        told = {role: dict(con.execute(asked, [role]).fetchall()) for role in ROLES}
    assert len(told["lookout_app"]) >= 6 and all(told["lookout_app"].values())
    assert not any(told["lookout_audit"].values())


def test_many_at_once_form_one_chain(store: Store) -> None:
    def many(who: str) -> None:
        engine = ops.open_ops(store.url("lookout_app"))
        for k in range(20):
            audit.record(engine, Event("deed", who, "duty", "warning: ack", {"k": k}), AT)
        engine.dispose()

    threads = [threading.Thread(target=many, args=(f"p{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = audit.verify(store.app)
    assert (found.n, found.fault) == (80, None)


def test_a_backup_is_the_store_again(store: Store, tmp_path: Path) -> None:
    dump, psql = shutil.which("pg_dump"), shutil.which("psql")
    if dump is None or psql is None:
        pytest.skip("pg_dump and psql are not installed (apt-get install postgresql-client)")
    chain(store.app, 12)
    head = audit.verify(store.app).head
    kept = tmp_path / "ops.sql"
    at = store.server.url(database="ops")
    subprocess.run([dump, "--dbname", at, "--file", str(kept)], check=True, timeout=60)
    store.close()
    store.server.run("drop database ops with (force)", "create database ops")
    restore = [psql, "-q", "-v", "ON_ERROR_STOP=1", "-d", at, "-f", str(kept)]
    subprocess.run(restore, check=True, timeout=60, capture_output=True)
    again = ops.open_ops(store.url("lookout_app"))
    found = audit.verify(again, noted=head)
    assert (found.n, found.fault) == (12, None)
    assert "permission denied" in store.try_as("lookout_app", "delete from audit_event"), "the rights came along"
    chain(again, 1)
    again.dispose()
