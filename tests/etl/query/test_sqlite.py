"""A query from the select to the lake, with SQLite: what is pulled, what is left out, what is said when it fails."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import etl.__main__ as command
from etl.query import pulling
from tests.etl.query.asking import SINCE, SQL, ask, pulled, sentence
from tests.etl.small import SmallHome, phone

Change = Callable[..., None]


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "crm.db"
    with closing(sqlite3.connect(path)) as con:
        con.execute("create table ticket (id text, accepted_at text, caller text, content text, changed_at text)")
    monkeypatch.setenv("LOOKOUT_TEST_URL", f"sqlite:///{path}")
    return path


@pytest.fixture
def change(database: Path) -> Change:
    def run(sql: str, *values: object) -> None:
        with closing(sqlite3.connect(database)) as con:
            con.execute(sql, values)
            con.commit()

    return run


@pytest.fixture
def add(change: Change) -> Change:
    def run(n: int, changed_at: str, content: str = "没有信号") -> None:
        change(
            "insert into ticket values (?, ?, ?, ?, ?)", f"T{n}", "2024-03-01 09:00:00", phone(n), content, changed_at
        )

    return run


def ids(small: SmallHome) -> list[str]:
    return sorted(r["ticket_id"] for r in small.rows("ticket"))


def test_from_the_select_to_the_lake(small: SmallHome, add: Change) -> None:
    ask(small)
    for n in range(3):
        add(n, f"2024-03-0{n + 1} 10:00:00")
    made = pulled(small)
    [path] = small.home.inbox.iterdir()
    assert (made["n_rows"], made["file_name"]) == (3, path.name)
    assert path.name.startswith("crm.pull-20") and path.suffix == ".parquet"
    assert path.stat().st_mode & 0o777 == 0o600
    assert pq.read_table(path).column_names == ["id", "accepted_at", "caller", "content", "changed_at"]
    code, files = small.load()
    assert (code, files[path.name]["n_loaded"], ids(small)) == (0, 3, ["T0", "T1", "T2"])


def test_load_pulls_when_asked(small: SmallHome, add: Change) -> None:
    ask(small)
    add(1, "2024-03-01 10:00:00")
    code, report = small.run("load", "--pull")
    assert (code, report["loaded"], report["pull"]["rows"], ids(small)) == (0, 1, 1, ["T1"])


def test_only_new_and_changed_rows_are_taken(small: SmallHome, add: Change, change: Change) -> None:
    ask(small)
    add(1, "2024-03-01 10:00:00")
    add(2, "2024-03-03 10:00:00")
    assert pulled(small)["n_rows"] == 2
    again = pulled(small)
    assert (again["n_rows"], again["n_known"], again["file_name"]) == (0, 1, None)
    add(3, "2024-03-03 09:00:00")  # late, inside the overlap
    add(4, "2024-03-01 10:00:01")  # too late
    change("update ticket set content = ?, changed_at = ? where id = ?", "好了", "2024-03-03 11:00:00", "T2")
    last = pulled(small)
    assert (last["n_rows"], last["since"]) == (2, "2024-03-02 10:00:00")
    assert len(list(small.home.inbox.iterdir())) == 2
    assert small.load()[0] == 0
    assert ids(small) == ["T1", "T2", "T2", "T3"]  # both versions of T2: the newer one counts when a release is built


def test_beginning_anew(small: SmallHome, add: Change) -> None:
    ask(small)
    add(1, "2024-03-01 10:00:00")
    add(2, "2024-03-09 10:00:00")
    pulled(small)
    assert pulled(small, "crm", "--since", "2024-03-05")["n_rows"] == 1


def test_a_date_in_the_far_future_hides_nothing(small: SmallHome, add: Change) -> None:
    ask(small, SQL.replace(" and changed_at <= :until", ""))
    add(1, "2999-01-01 00:00:00")
    pulled(small)
    newest = json.loads((small.root / "pulls" / "crm.json").read_text())["newest"]
    assert datetime.fromisoformat(newest).year < 2999


def test_without_a_since_column_all_rows_or_none(small: SmallHome, add: Change) -> None:
    ask(small, "select id, accepted_at from ticket", "")
    add(1, "2024-03-01 10:00:00")
    assert pulled(small)["n_rows"] == 1
    assert pulled(small)["file_name"] is None
    add(2, "2024-03-01 10:00:00")
    assert pulled(small)["n_rows"] == 2


def test_numbers_as_the_since_column(small: SmallHome, add: Change) -> None:
    ask(
        small,
        "select rowid as n, id, accepted_at from ticket where rowid >= :since",
        'since_column = "N"\nbegin = 2\noverlap_count = 1',
    )
    for n in range(3):
        add(n, "2024-03-01 10:00:00")
    assert pulled(small)["n_rows"] == 2
    add(3, "2024-03-01 10:00:00")
    last = pulled(small)
    assert (last["n_rows"], last["n_known"], last["since"]) == (1, 2, 2)


def test_nothing_there(small: SmallHome, database: Path) -> None:
    ask(small)
    assert small.run("pull")[1]["queries"][0]["file_name"] is None
    assert list(small.home.inbox.iterdir()) == []


def test_two_pulls_within_a_second(small: SmallHome, add: Change) -> None:
    ask(small, "select id, accepted_at from ticket", "")
    add(1, "2024-03-01 10:00:00")
    pulled(small)
    [first] = small.home.inbox.iterdir()
    (small.home.inbox / "later").write_bytes(first.read_bytes())
    names = {first.name}
    for n in range(2, 5):
        add(n, "2024-03-01 10:00:00")
        names.add(pulled(small)["file_name"])
    assert len(names) == 4


def test_many_batches_of_different_types(small: SmallHome, change: Change, add: Change) -> None:
    ask(small, "select id, accepted_at, content as caller, content, changed_at from ticket", "batch_rows = 2")
    for n, content in enumerate([None, None, 7, 8, 1.5, "x", None, 2**62, b"\x00\xff", "尾"]):
        add(n, "2024-03-01 10:00:00", content)
    assert pulled(small)["n_rows"] == 10
    [path] = small.home.inbox.iterdir()
    found = pq.read_table(path)["content"].to_pylist()
    assert found == [None, None, "7", "8", "1.5", "x", None, str(2**62), "00ff", "尾"]


def test_the_address_from_a_private_file(small: SmallHome, add: Change, database: Path) -> None:
    ask(small)
    text = (small.home.contracts / "crm.toml").read_text(encoding="utf-8")
    small.contract("crm", text.replace('url_env = "LOOKOUT_TEST_URL"', 'url_file = "crm.url"'))
    add(1, "2024-03-01 10:00:00")
    place = small.root / "crm.url"
    place.write_text(f"sqlite:///{database}\n")
    place.chmod(0o644)
    assert sentence(small, code=2).startswith(f"crm: {place} has mode 644, so others can read the password in it; ")
    place.chmod(0o600)
    assert pulled(small)["n_rows"] == 1
    place.unlink()
    assert small.run("pull")[1]["problems"][0]["what"] == f"the database's address is not in {place}"


# name: (select, settings, exit code, how the sentence begins)
STATEMENTS = {
    "no table": (
        SQL.replace("from ticket", "from tickets"),
        SINCE,
        1,
        "the database has no such table (no such table: tickets); correct the select, or ask for the right to see",
    ),
    "no column": (
        SQL.replace("caller", "calling"),
        SINCE,
        1,
        "the database has no such column (no such column: calling); correct the select.",
    ),
    "no sense": (
        "select select from ticket where :since < :until",
        SINCE,
        1,
        "the database does not understand the select (",
    ),
    "slow": (
        "with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) as a from n where :since > 1",
        'since_column = "a"\ntimeout_seconds = 0.3',
        1,
        "the database took longer than 0.3 s; select fewer rows, or raise query.timeout_seconds.",
    ),
    "two statements": (
        "select 1; drop table ticket",
        "",
        2,
        "crm.sql is not one select; write a single statement that begins with select or with.",
    ),
    "no select": ("delete from ticket", "", 2, "crm.sql is not one select; "),
    "hidden behind a comment": ("/* select */ delete from ticket", "", 2, "crm.sql is not one select; "),
    "writes all the same": (
        "with x as (select 1) insert into ticket select 1, 2, 3, 4, 5 from x",
        "",
        1,
        "the select would change data; write one that only reads.",
    ),
    "odd parameter": (
        "select * from ticket where id = :id and changed_at > :since",
        SINCE,
        2,
        "crm.sql has parameters that a pull does not know: :id; use :since and :until only.",
    ),
    "no since": (
        "select * from ticket",
        SINCE,
        2,
        "crm.sql does not use :since, although the contract has query.since_column; add a condition such as",
    ),
    "since column not selected": (
        "select id from ticket where changed_at >= :since",
        SINCE,
        2,
        "the select gives no column changed_at; select it, or correct query.since_column.",
    ),
    "since column of words": (
        SQL.replace("changed_at\nfrom", "'x' as changed_at\nfrom"),
        SINCE,
        2,
        "column changed_at holds neither times nor whole numbers; ",
    ),
}


@pytest.mark.parametrize("fault", STATEMENTS)
def test_a_select_that_fails_says_one_sentence(small: SmallHome, add: Change, fault: str) -> None:
    sql, settings, code, expected = STATEMENTS[fault]
    ask(small, sql, settings)
    add(1, "2024-03-01 10:00:00")
    assert sentence(small, code).startswith(f"crm: {expected}")


ODD = "what is in LOOKOUT_TEST_URL is no address of a database; write it as postgresql://user:password@host/database"
ADDRESSES = {
    "": (2, "the database's address is not in LOOKOUT_TEST_URL; put it there, such as postgresql://"),
    "pa55word@host": (2, ODD),
    "postgresql://u:pa55:word@h:x/d": (2, ODD),
    "nosuch://u:pa55word@h/d": (2, ODD),
    "mysql+pymysql://u:pa55word@h/d": (2, "the driver for mysql+pymysql is not installed; install it with pip"),
    "sqlite:////nowhere/pa55word.db": (2, "the database file is not there; check the path in the address."),
    "sqlite:///OTHER": (1, "the file is no database; check the path in the address."),
}


@pytest.mark.parametrize("url", ADDRESSES)
def test_an_address_that_fails_is_not_shown(
    small: SmallHome, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    code, expected = ADDRESSES[url]
    ask(small)
    other = tmp_path / "other.db"
    other.write_bytes(b"no database " * 100)
    monkeypatch.setenv("LOOKOUT_TEST_URL", url.replace("OTHER", str(other)))
    said = sentence(small, code)
    assert said.startswith(f"crm: {expected}")
    assert "pa55" not in said


def test_a_name_that_is_no_query(small: SmallHome) -> None:
    ask(small)
    code, report = small.run("pull", "crmm")
    assert (code, report["problems"][0]["what"]) == (
        2,
        "no contract of this workspace with a [query] has this name; there are: crm",
    )


def test_a_workspace_without_queries(small: SmallHome) -> None:
    assert small.run("pull") == (0, {"pulled": 0, "rows": 0, "failed": 0, "queries": []})


@pytest.fixture
def broken_publishing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device", "inbox")

    monkeypatch.setattr(pulling, "fsync_path", full)
    yield


def test_a_full_disk_leaves_nothing(small: SmallHome, add: Change, broken_publishing: None) -> None:
    ask(small)
    add(1, "2024-03-01 10:00:00")
    assert small.run("pull")[0] == command.FAILED
    assert list(small.home.inbox.iterdir()) == []
    assert not (small.root / "pulls" / "crm.json").exists()


def test_no_number_in_what_is_remembered(small: SmallHome, add: Change) -> None:
    ask(small)
    add(1, "2024-03-01 10:00:00")
    pulled(small)
    kept = (small.root / "pulls" / "crm.json").read_text()
    assert phone(1) not in kept and len(json.loads(kept)["taken"]) == 1
    assert (small.root / "pulls" / "crm.json").stat().st_mode & 0o777 == 0o600
