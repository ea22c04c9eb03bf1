"""Tables of sums are kept up by what the touched tickets changed: nothing is read but those, and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from unittest.mock import patch

import duckdb
import pytest

import warehouse.engines.duckdb as engine
from tests.warehouse.conftest import LittleHome, new_home, ticket
from warehouse import families
from warehouse.catalog import models
from warehouse.engines import sums
from warehouse.sealed import open_sealed

START = datetime(2025, 3, 1)
SUMS = TABLES = sorted(name for name, model in models().items() if model.sums)


@pytest.fixture
def many(little: LittleHome, request: pytest.FixtureRequest) -> LittleHome:
    """A home with thirty tickets of thirty customers; its releases are laid on one another where the test says so."""
    little.layer_from_bytes = 0 if getattr(request, "param", False) else little.layer_from_bytes
    return fill(little)


@pytest.fixture(scope="module")
def untouched(tmp_path_factory: pytest.TempPathFactory) -> LittleHome:
    """The same home, not to be changed."""
    return fill(new_home(tmp_path_factory.mktemp("sums") / "home"))


def fill(little: LittleHome) -> LittleHome:
    told = [{"town": "abc"[n % 3], "cause_l1": "xy"[n % 2]} for n in range(30)]
    little.load("ticket", [ticket(n, START + timedelta(hours=9 * n), **more) for n, more in enumerate(told)])
    little.load("ticket_event", events(*range(30)))
    little.build()
    return little


COPIED, LAYERED = (pytest.param(False, id="copied"), pytest.param(True, id="layered"))
DEEP_COPIED, DEEP_LAYERED = (
    pytest.param(False, id="copied", marks=pytest.mark.deep),
    pytest.param(True, id="layered", marks=pytest.mark.deep),
)


def events(*numbers: int, dept: str = "D2") -> list[dict[str, Any]]:
    """A log of each ticket by somebody: taken in, sent to D1, signed for, replied to, passed on, answered, told."""
    steps = [
        ("ACP", None),
        ("DSP", "D1"),
        ("ACC", "D1"),
        ("FRS", None),
        ("TRANSFER", dept),
        ("RES", None),
        ("FBK", None),
    ]
    return [
        {"ticket_id": f"T{n}", "seq": k, "event": code, "to_dept": to, "staff_key": f"s{n % 4}",
         "event_at": START + timedelta(hours=9 * n + k)}
        for n in numbers
        for k, (code, to) in enumerate(steps)
    ]  # fmt: skip


def held(little: LittleHome) -> dict[str, list[tuple[Any, ...]]]:
    with open_sealed(little.releases.path(str(little.releases.current()))) as con:
        return {name: con.table(name).order("all").fetchall() for name in SUMS}


@pytest.fixture
def added() -> Iterator[list[str]]:
    """Names of the tables that a build adds to instead of making them whole."""
    names: list[str] = []
    run = engine.DuckEngine.run_sums

    def noted(self: engine.DuckEngine, model: Any) -> Any:
        names.append(model.name)
        return run(self, model)

    with patch.object(engine.DuckEngine, "run_sums", noted):
        yield names


# By turns: one of these stands on copied releases, the other on layers; the deep run takes both.
@pytest.mark.deep
@pytest.mark.parametrize("many", [DEEP_COPIED, LAYERED], indirect=True)
def test_a_small_batch_is_added_to_sums(many: LittleHome, added: list[str]) -> None:
    new = [
        [ticket(40, START, region_code=None), ticket(41, START, priority="P1")],
        [ticket(3, START + timedelta(days=20), town="other", exported_at=START + timedelta(days=21))],
        [ticket(42, START, channel_code="MIIT")],
    ]
    for n, rows in enumerate(new):
        added.clear()
        many.load("ticket", rows)
        many.load("ticket_event", events(7 + n, dept="D9"))
        built = many.build()
        assert sorted(added) == SUMS and f"{len(SUMS)} added to" in built.how
        kept = held(many)
        whole = many.build(full=True)
        assert held(many) == kept
        assert whole.content_hash == built.content_hash
        assert all(kept.values()), "a table without rows proves nothing"


@pytest.mark.deep
@pytest.mark.parametrize("many", [COPIED, DEEP_LAYERED], indirect=True)
def test_a_group_that_lost_its_last_ticket_is_gone(many: LittleHome, added: list[str]) -> None:
    many.load("ticket", [ticket(50, START, priority="P1")])
    many.build()
    assert many.rows("select n from mart_sla where priority = 'P1'") != []
    many.load("ticket", [ticket(50, START, priority="P3", exported_at=START + timedelta(days=1))])
    added.clear()
    many.build()
    assert sorted(added) == SUMS
    assert many.rows("select n from mart_sla where priority = 'P1'") == []
    assert many.rows("select count(*) as n from mart_sla where n <= 0") == [{"n": 0}]


@pytest.mark.deep
def test_a_later_instant_moves_open_tickets_from_sum_to_sum(little: LittleHome, added: list[str]) -> None:
    little.load("ticket", [ticket(n, START, feedback_at=START + timedelta(hours=1)) for n in range(30)])
    little.load("ticket", [ticket(60, little.as_of - timedelta(hours=1))])
    little.build()
    little.as_of += timedelta(days=30)
    built = little.build()
    assert "mart_sla" in added
    overdue = little.rows("select sum(n_overdue) as n from mart_sla where stage = 'FBK' and is_in_force")
    assert overdue == [{"n": 1}]
    assert little.build(full=True).content_hash == built.content_hash


@pytest.mark.deep
def test_many_tickets_make_sums_whole(many: LittleHome, added: list[str]) -> None:
    many.load("ticket", [ticket(n, START) for n in range(100, 104)])
    with patch.object(families, "SHARE_ADDED", 0.01):
        built = many.build()
    assert built.how.startswith("incremental") and added == []
    assert many.build(full=True).content_hash == built.content_hash


@pytest.mark.deep
def test_a_changed_policy_makes_sums_whole(many: LittleHome, added: list[str]) -> None:
    file = many.home.root / "workspace.toml"
    text = file.read_text(encoding="utf-8")
    changed = text.replace("accepted_from = 2025-01-01", "accepted_from = 2026-01-01")
    assert changed != text
    file.write_text(changed, encoding="utf-8")
    many.load("ticket", [ticket(40, START)])
    built = many.build()
    assert "mart_sla" not in added
    assert many.build(full=True).content_hash == built.content_hash


@pytest.mark.parametrize("name", SUMS)
def test_what_adds_up_is_whole_numbers_and_all_else_is_the_group(varied: LittleHome, name: str) -> None:
    model = models()[name]
    with open_sealed(varied.releases.path(str(varied.releases.current()))) as con:
        rows = con.table(name)
        types = dict(zip(rows.columns, map(str, rows.types), strict=True))
        assert {types[c] for c in model.sums} == {"BIGINT"}
        keys = [c for c in rows.columns if c not in model.sums]
        assert keys, "one row for everything would stay when the last ticket goes"
        n_rows = len(rows.fetchall())
        assert n_rows > 0
        assert len(rows.select(*keys).distinct().fetchall()) == n_rows
        assert rows.filter(" or ".join(f"{c} is null" for c in model.sums)).fetchall() == []
        assert rows.filter(f"{model.sums[0]} <= 0").fetchall() == []


# --- the arithmetic -----------------------------------------------------------------------------------------


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create table held (a varchar, n bigint, b bigint, s bigint)")
        opened.execute("create table went as from held")
        opened.execute("create table came as from held")
        yield opened


def test_a_change_is_what_came_less_what_went(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into went values ('x', 2, null, 5), ('y', 1, 1, 4), ('z', 1, 1, 0)")
    con.execute("insert into came values ('x', 2, null, 9), ('y', 1, 1, 4), (null, 1, null, 0)")
    rows = sums.changed(con.table("came"), con.table("went"), ("n", "s")).order("all").fetchall()
    assert sorted(rows, key=str) == sorted([("x", 0, None, 4), ("z", -1, 1, 0), (None, 1, None, 0)], key=str)


def test_groups_after_a_change(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into held values ('x', 2, null, 5), ('z', 1, 1, 0)")
    con.execute("insert into came values ('x', 0, null, 4), ('z', -1, 1, 0), (null, 1, null, 0)")
    rows = sums.after(con.table("held"), con.table("came"), ("n", "s")).fetchall()
    assert sorted(rows, key=str) == sorted([("x", 2, None, 9), (None, 1, None, 0)], key=str)


def test_keys_that_are_null_are_found(con: duckdb.DuckDBPyConnection) -> None:
    con.execute("insert into held values ('x', 2, null, 5), ('x', 1, 1, 0), (null, 1, 1, 0)")
    con.execute("insert into went values ('x', 0, null, 0), (null, 0, 1, 0)")
    rows = sums.among(con.table("held"), con.table("went").select("a", "b"), ["a", "b"]).fetchall()
    assert sorted(rows, key=str) == sorted([("x", 2, None, 5), (None, 1, 1, 0)], key=str)
