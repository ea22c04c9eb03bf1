"""A query against a real PostgreSQL: types, the load behind it, and every way in which a server can fail."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from urllib.parse import quote

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from etl.query import address
from tests.etl.query.asking import SINCE, SQL, ask, pulled, sentence
from tests.etl.small import SmallHome, phone
from tests.postgres import Server, free_port

pytestmark = pytest.mark.xdist_group("postgres")

TABLE = """
create table ticket (
    id text primary key, accepted_at timestamp, caller text, content text, changed_at timestamptz default now())
"""
MANY = """
insert into ticket select 'M' || n, timestamp '2024-03-01' + n * interval '1 second', null, repeat('字', 200),
    timestamptz '2024-03-01 00:00:00+08' + n * interval '1 second' from generate_series(1, 20000) as s(n)
"""


@pytest.fixture
def asked(postgres: Server, small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("LOOKOUT_TEST_URL", postgres.url())
    postgres.run("drop table if exists ticket", TABLE, "create sequence if not exists counter")
    ask(small)
    yield postgres


def add(server: Server, n: int, changed_at: str) -> None:
    number = phone(n)
    row = f"('T{n}', timestamp '2024-03-01 09:00:00', '{number}', '没有信号', timestamptz '{changed_at}')"
    server.run("insert into ticket values " + row + " on conflict (id) do update set changed_at = excluded.changed_at")


def test_from_the_select_to_the_lake(asked: Server, small: SmallHome) -> None:
    for n in range(3):
        add(asked, n, f"2024-03-0{n + 1} 02:00:00+00")
    made = pulled(small)
    code, files = small.load()
    assert (code, files[made["file_name"]]["n_loaded"]) == (0, 3)
    # The instant as the workspace's local time, Asia/Shanghai.
    assert [r["exported_at"] for r in small.rows("ticket")] == [datetime(2024, 3, n + 1, 10) for n in range(3)]
    assert all(r["cust_key"] and phone(0)[:6] not in str(r) for r in small.rows("ticket"))
    assert pulled(small)["file_name"] is None
    add(asked, 0, "2024-03-03 03:00:00+00")  # changed
    last = pulled(small)
    assert (last["n_rows"], last["n_known"]) == (1, 2)


def test_many_rows_come_in_batches(asked: Server, small: SmallHome) -> None:
    ask(small, settings=SINCE + "\nbatch_rows = 3000")
    asked.run(MANY)
    assert pulled(small)["n_rows"] == 20_000
    code, files = small.load()
    assert (code, [f["n_loaded"] for f in files.values()]) == (0, [20_000])


TYPES = """
select 1::smallint as small, 2::bigint as big, 123456789012345678901234567890::numeric as huge, 1.50::numeric as price,
    'NaN'::numeric as no_price, 1.5::double precision as real, true as flag, date '2024-03-01' as day,
    timestamp '2024-03-01 09:00:00.5' as at, timestamptz '2024-03-01 09:00:00+00' as instant, time '09:30' as clock,
    interval '1 day 2 hours' as span, '{"a": [1, "中"]}'::jsonb as document, array[1, 2] as list,
    '\\x00ff'::bytea as bytes, '6f9619ff-8b86-d011-b42d-00c04fc964ff'::uuid as uuid, inet '10.0.0.1' as ip,
    null as nothing, 'a' as twice, 'b' as twice
"""


def test_types(asked: Server, small: SmallHome) -> None:
    ask(small, TYPES, "")
    pulled(small)
    [path] = small.home.inbox.iterdir()
    table = pq.read_table(path)
    [row] = table.to_pylist()
    assert row == {
        "small": 1, "big": 2, "huge": Decimal(123456789012345678901234567890), "price": Decimal("1.50"),
        "no_price": "NaN", "real": 1.5, "flag": True, "day": date(2024, 3, 1),
        "at": datetime(2024, 3, 1, 9, 0, 0, 500_000), "instant": datetime(2024, 3, 1, 17), "clock": "09:30:00",
        "span": "1 day, 2:00:00", "document": '{"a": [1, "中"]}', "list": "[1, 2]", "bytes": "00ff",
        "uuid": "6f9619ff-8b86-d011-b42d-00c04fc964ff", "ip": "10.0.0.1", "nothing": None, "twice": "a", "twice_1": "b",
    }  # fmt: skip
    assert table.schema.field("instant").type == pa.timestamp("us")


# What is wrong: (select, address, how the sentence begins).
FAILURES: dict[str, tuple[str, Callable[[Server], str], str]] = {
    "wrong password": (
        SQL,
        lambda s: s.url(password="pa55word"),
        "the database refuses user or password; correct the address.",
    ),
    "unknown user": (SQL, lambda s: s.url(user="pa55user"), "the database refuses user or password; "),
    "an @ in the password": (SQL, lambda s: s.url(password="x@pa55word"), "the server's name is not known; "),
    "unknown database": (SQL, lambda s: s.url(database="pa55base"), "the server has no database of that name; "),
    "connection refused": (SQL, lambda s: s.url(port=free_port()), "the database does not answer; "),
    "unknown host": (
        SQL,
        lambda s: s.url().replace("127.0.0.1", "pa55host.invalid"),
        "the server's name is not known; ",
    ),
    "no table": (
        SQL.replace("from ticket", "from tickets"),
        Server.url,
        'the database has no such table (relation "tickets" does not exist); correct the select, ',
    ),
    "no column": (SQL.replace("caller", "calling"), Server.url, 'the database has no such column (column "calling" '),
    "no sense": (SQL.replace("from", "frm"), Server.url, "the database does not understand the select (syntax"),
    "writes": (
        "with gone as (delete from ticket returning *) select * from gone where changed_at > :since",
        Server.url,
        "the select would change data; write one that only reads.",
    ),
    "writes by a function": (
        "select nextval('counter'), now() as changed_at where now() > :since",
        Server.url,
        "the select would change data; write one that only reads.",
    ),
    "a value that cannot be": (
        "select 'infinity'::timestamp as changed_at where now() > :since",
        Server.url,
        "a value cannot be read (",
    ),
    "division by zero": (
        "select 1 / 0 as changed_at where now() > :since",
        Server.url,
        "a value cannot be read (division by zero)",
    ),
}


@pytest.mark.parametrize("fault", FAILURES)
def test_a_pull_that_fails_says_one_sentence(
    asked: Server, small: SmallHome, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    sql, url, expected = FAILURES[fault]
    ask(small, sql)
    add(asked, 1, "2024-03-01 00:00:00+00")
    monkeypatch.setenv("LOOKOUT_TEST_URL", url(asked))
    said = sentence(small)
    assert said.startswith(f"crm: {expected}")
    assert "pa55" not in said and asked.password not in said


def test_the_table_is_whole_after_a_select_that_would_delete(asked: Server, small: SmallHome) -> None:
    ask(small, "with gone as (delete from ticket returning *) select * from gone where changed_at > :since")
    add(asked, 1, "2024-03-01 00:00:00+00")
    sentence(small)
    ask(small)
    assert pulled(small)["n_rows"] == 1


def test_a_user_without_rights(asked: Server, small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    asked.run("drop role if exists reader", f"create role reader login password '{asked.password}'")
    monkeypatch.setenv("LOOKOUT_TEST_URL", asked.url(user="reader"))
    assert sentence(small).startswith(
        "crm: the user may not read what the select asks for (permission denied for table"
    )


def test_a_password_with_odd_signs(asked: Server, small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    word = "p@s/s:w%rd 密"
    asked.run("drop role if exists odd", f"create role odd login superuser password '{word}'")
    monkeypatch.setenv("LOOKOUT_TEST_URL", asked.url(user="odd", password=quote(word, safe="")))
    assert pulled(small)["n_rows"] == 0


def test_a_select_that_takes_too_long(asked: Server, small: SmallHome) -> None:
    ask(small, "select pg_sleep(60), now() as changed_at where now() > :since", SINCE + "\ntimeout_seconds = 0.5")
    began = time.monotonic()
    assert sentence(small).startswith("crm: the database took longer than 0.5 s; ")
    assert time.monotonic() - began < 20
    assert asked.backends() == []


def slow_rows(asked: Server, small: SmallHome, timeout: float = 60) -> None:
    """A select that gives some rows at once and then takes its time."""
    asked.run(MANY)
    sql = SQL.replace("id, accepted_at", "id, pg_sleep(0.001), accepted_at")
    ask(small, sql, SINCE + f"\nbatch_rows = 100\ntimeout_seconds = {timeout}")


def meanwhile(asked: Server, act: Callable[[int], None]) -> threading.Thread:
    """Do something to the pull's session half a second after it began."""

    def wait_and_act() -> None:
        for _ in range(200):
            found = asked.backends()
            if found:
                time.sleep(0.5)
                act(found[0])
                return
            time.sleep(0.05)

    thread = threading.Thread(target=wait_and_act, daemon=True)
    thread.start()
    return thread


def test_a_session_that_is_ended_midway(asked: Server, small: SmallHome) -> None:
    slow_rows(asked, small)
    acting = meanwhile(asked, lambda pid: asked.run("select pg_terminate_backend(%d)" % pid))  # noqa: UP031
    said = sentence(small)
    acting.join()
    assert said.startswith("crm: the connection broke off before all rows were there; nothing was kept; ")
    assert not (small.root / "pulls" / "crm.json").exists()


def test_a_server_that_dies_midway(asked: Server, small: SmallHome) -> None:
    slow_rows(asked, small)
    acting = meanwhile(asked, lambda _: asked.stop())
    try:
        said = sentence(small)
    finally:
        acting.join()
        asked.start()
    assert said.startswith("crm: the connection broke off before all rows were there; nothing was kept; ")
    ask(small, SQL)
    assert pulled(small)["n_rows"] == 20_000  # the next pull takes everything


@pytest.mark.deep
def test_a_server_that_freezes_midway(asked: Server, small: SmallHome) -> None:
    """It neither answers nor ends the connection, so only our own time limit helps."""
    slow_rows(asked, small, timeout=2)
    frozen: list[int] = []

    def freeze(pid: int) -> None:
        frozen.append(pid)
        os.kill(pid, signal.SIGSTOP)

    acting = meanwhile(asked, freeze)
    began = time.monotonic()
    try:
        said = sentence(small)
    finally:
        acting.join()
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
    assert frozen
    assert said.startswith("crm: the database took longer than 2 s; ")
    assert time.monotonic() - began < 30


@pytest.mark.deep
def test_a_host_that_does_not_answer(asked: Server, small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as deaf:  # accepts and never says a word
        deaf.bind(("127.0.0.1", 0))
        deaf.listen()
        monkeypatch.setattr(address, "CONNECT_SECONDS", 2)
        monkeypatch.setenv("LOOKOUT_TEST_URL", asked.url(port=deaf.getsockname()[1]))
        assert sentence(small).startswith("crm: the database does not answer; ")


def test_the_bounds_are_parameters(asked: Server, small: SmallHome) -> None:
    """The server sees placeholders, never the values."""
    ask(small, "select 'T1' as id, now() as accepted_at, :since ::timestamp as a, :until ::timestamp as changed_at")
    made = pulled(small)
    [row] = pq.read_table(small.home.inbox / made["file_name"]).to_pylist()
    assert row["a"] == datetime(1970, 1, 1)
    assert abs((row["changed_at"] - datetime.now(UTC).replace(tzinfo=None)).total_seconds() - 8 * 3600) < 120
