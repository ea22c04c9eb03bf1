"""Builds: incremental equals full, order does not matter, and nothing stale survives a change of its inputs."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import warehouse.build
import warehouse.maker
from tests.effort import examples
from tests.warehouse.conftest import AS_OF, LittleHome, kpi, new_home, ticket
from warehouse import families
from warehouse.catalog import models
from warehouse.problems import Failure
from warehouse.release import LAYER_FROM_BYTES
from warehouse.sealed import open_sealed

MONTHS = [datetime(2025, 1, 1), datetime(2025, 2, 1), datetime(2025, 3, 1)]


def published(little: LittleHome) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of every model's table, in an order of their own."""
    current = little.releases.current()
    assert current is not None
    names = [name for name, model in models().items() if model.is_published]
    with open_sealed(little.releases.path(current)) as con:
        return {name: con.table(name).order("all").fetchall() for name in names}


N_TICKETS = 40


def random_ticket(rng: random.Random, number: int, exported_at: datetime) -> dict[str, Any]:
    """One of few tickets of few customers: second filings, repeats, outside copies, merges, moved and closed ones."""
    hour = number * 37 % 1900 + rng.choice([0, 0, 0, 700])
    told = {"town": rng.choice("xyz"), "exported_at": exported_at, "cust_key": f"k{number % 6}"}
    told["source_system"] = rng.choice(["A", "A", "B", None])
    told["cust_key"] = rng.choice([told["cust_key"], told["cust_key"], "k9", None])
    if rng.random() < 0.15:
        told["parent_ticket_id"] = f"T{rng.randint(1, N_TICKETS)}"
    if rng.random() < 0.1:
        told["merged_into"] = f"T{rng.randint(1, N_TICKETS)}"
    accepted_at = MONTHS[0] + timedelta(hours=hour)
    if rng.random() < 0.5:
        told |= {"first_reply_at": accepted_at + timedelta(hours=1), "resolved_at": accepted_at + timedelta(hours=20)}
    if rng.random() < 0.5:
        told |= {"feedback_at": accepted_at + timedelta(hours=30)}
    told |= {"channel_code": rng.choice(["HOTLINE", "MIIT"]), "region_code": rng.choice(["321002", "999", None])}
    return ticket(number, accepted_at, **told)


def random_rows(rng: random.Random, table: str) -> list[dict[str, Any]]:
    """A few rows over few keys, so that files often send a key again."""
    months = rng.sample(MONTHS, rng.randint(1, 2))
    days = [m + timedelta(days=rng.randint(0, 3)) for m in months for _ in range(2)]
    if table == "cell_kpi_1d":
        counters = [{"rrc_att": rng.randint(100, 200), "prb_used_dl": rng.randint(1, 999) / 10} for _ in days]
        return [kpi(rng.choice("AB"), day, **more) for day, more in zip(days, counters, strict=True)]
    if table in ("cell_kpi_1h", "cell_kpi_15m"):
        step = timedelta(hours=1) if table == "cell_kpi_1h" else timedelta(minutes=15)
        starts = [day + rng.randint(0, 3) * step for day in days]
        return [{"cell_id": rng.choice("AB"), "period_start": s, "rrc_att": rng.randint(1, 9)} for s in starts]
    if table == "kpi_value":
        value = {"scope_kind": "cell", "kpi_code": "RATE", "value": rng.random()}
        return [{**value, "scope_id": rng.choice("AB"), "period_start": day} for day in days]
    if table == "ticket":
        numbers = [rng.randint(1, N_TICKETS) for _ in days]
        return [random_ticket(rng, n, day) for n, day in zip(numbers, days, strict=True)]
    if table == "ticket_event":
        first = rng.randint(1, N_TICKETS)
        numbers = [rng.choice([first, rng.randint(1, N_TICKETS), N_TICKETS + 9]) for _ in days * 2]
        return [
            {
                "ticket_id": f"T{n}",
                "seq": rng.randint(0, 9),
                "event_at": MONTHS[rng.randint(0, 2)] + timedelta(hours=rng.randint(0, 600)),
                "event": rng.choice(EVENTS),
                "to_dept": rng.choice(["D1", "D2", None]),
            }
            for n in numbers
        ]
    if table == "contact":
        numbers = [rng.randint(1, N_TICKETS) for _ in days]
        return [
            {"contact_id": f"c{rng.randint(1, 9)}", "ticket_id": f"T{n}", "contact_at": day, "kind": "chaser"}
            for n, day in zip(numbers, days, strict=True)
        ]
    if table == "satisfaction":
        numbers = [rng.randint(1, N_TICKETS) for _ in days]
        return [
            {"ticket_id": f"T{n}", "surveyed_at": day, "answer_code": rng.randint(1, 3)}
            for n, day in zip(numbers, days, strict=True)
        ]
    if table == "cell":
        snapshot = rng.choice(MONTHS).date()
        return [{"cell_id": c, "snapshot_on": snapshot, "region_code": rng.choice(["321002", "321003"])} for c in "AB"]
    return [
        {"period_month": m.date(), "region_code": "321002", "users_begin": rng.randint(1, 99), "users_end": 100}
        for m in MONTHS
    ]


EVENTS = ("ACP", "DSP", "ACC", "FRS", "TRANSFER", "SUSPEND", "RESUME", "RES", "FBK", "REOPEN", "URGE", "ARC")
COUNTERS = ("cell_kpi_1d", "cell_kpi_1h", "cell_kpi_15m", "kpi_value")
BY_TICKET = ("ticket", "ticket", "ticket_event", "satisfaction", "contact")
TABLES = (*COUNTERS, *BY_TICKET * 3, "cell", "users")
CHANGES = ("add",) * 7 + ("reload", "withdraw", "later", "later", "nothing")


def change(rng: random.Random, little: LittleHome) -> None:
    """Do one thing to the home that may happen between two builds."""
    kind = rng.choice(CHANGES)
    files = sorted(little.targets)
    if kind == "add" or not files:
        table = rng.choice(TABLES)
        little.load(table, random_rows(rng, table), file_on=rng.choice(["", "20250301", "20250302"]))
    elif kind == "reload":
        again = rng.choice(files)
        little.load(little.targets[again], random_rows(rng, little.targets[again]), file_id=again)
    elif kind == "withdraw":
        little.withdraw(rng.choice(files))
    elif kind == "later":
        little.as_of += timedelta(days=rng.randint(0, 2))


def check_a_history(root: Path, seed: int, n_builds: int) -> None:
    """Every other history lays each release on the one before instead of copying it."""
    rng = random.Random(seed)
    little = new_home(root)
    little.layer_from_bytes = 0 if seed % 2 else LAYER_FROM_BYTES
    # With few tickets nearly all are touched by every change; here that is no reason to make them all.
    # Sums are added to whatever is touched, but in every fifth history.
    share = families.SHARE_ADDED if seed % 5 == 0 else 1e9
    with patch.object(families, "LARGEST_SHARE", 1e9), patch.object(families, "SHARE_ADDED", share):
        live_through(rng, little, seed, n_builds)


def live_through(rng: random.Random, little: LittleHome, seed: int, n_builds: int) -> None:
    little.load("ticket", [random_ticket(rng, n, MONTHS[0]) for n in range(1, N_TICKETS + 1)])
    if rng.random() < 0.7:  # else the first event of a kind tells that the source records it, and much hangs on that
        at = {"event_at": MONTHS[1], "ticket_id": "T1"}
        little.load("ticket_event", [{**at, "seq": n, "event": code} for n, code in enumerate(EVENTS)])
    little.build()
    for _ in range(n_builds):
        for _ in range(rng.randint(1, 2)):
            change(rng, little)
        step = little.build()
        grown = published(little)
        assert little.build().id == step.id, "nothing changed, and yet there was something to build"
        whole = little.build(full=True)
        assert whole.how == "full"
        assert published(little) == grown, f"seed {seed}: {step.how}"
        assert whole.content_hash == step.content_hash, f"seed {seed}: {step.how}"


@pytest.mark.examples
@settings(
    max_examples=examples(3, 1),
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(seed=st.integers(0, 10**6))
def test_an_incremental_build_equals_a_full_one(tmp_path: Path, seed: int) -> None:
    root = tmp_path / str(seed)
    shutil.rmtree(root, ignore_errors=True)
    check_a_history(root, seed, n_builds=2)


@pytest.mark.deep
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**9))
def test_an_incremental_build_equals_a_full_one_over_long_histories(tmp_path: Path, seed: int) -> None:
    root = tmp_path / str(seed)
    shutil.rmtree(root, ignore_errors=True)
    check_a_history(root, seed, n_builds=8)


def test_a_build_without_changes_says_so(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, MONTHS[0])])
    first = little.build()
    assert (first.is_new, first.how) == (True, "full")
    again = little.build()
    assert (again.is_new, again.how, again.id) == (False, "nothing changed", first.id)
    assert again.content_hash == first.content_hash
    assert little.releases.all() == [first.id]


def test_only_the_touched_part_is_made_anew(little: LittleHome) -> None:
    little.load("cell_kpi_1d", [kpi("A", MONTHS[0]), kpi("A", MONTHS[1])])
    little.build()
    little.load("cell_kpi_1d", [kpi("B", MONTHS[1])])
    built = little.build()
    assert built.how.startswith("incremental")
    # Staging of days, hours and quarters, the facts, mart_cell_region_day and mart_cell_week.
    assert "8 by part" in built.how
    assert len(little.rows("select * from fact_cell_kpi_1d")) == 3


@pytest.mark.deep
def test_rows_sent_twice_or_in_another_order_make_the_same_release(tmp_path: Path) -> None:
    rows = [ticket(n, MONTHS[0] + timedelta(days=n), cust_key=f"k{n % 3}") for n in range(12)]
    counters = [kpi(c, MONTHS[0] + timedelta(days=n), prb_used_dl=0.1 * n) for n in range(9) for c in "ABC"]
    hashes = set()
    for n, seed in enumerate([None, 1, 2]):
        little = new_home(tmp_path / str(n))
        rng = random.Random(seed)
        ordered = [rows[:6], rows[6:]], [counters[:10], counters[10:]]
        tickets, kpis = (files if seed is None else rng.sample(files, 2) for files in ordered)
        for table, files in (("ticket", tickets), ("cell_kpi_1d", kpis)):
            for file in files:
                shuffled = file if seed is None else rng.sample(file, len(file))
                identity = f"{table}-{file is ordered[table == 'cell_kpi_1d'][0]}"
                for _ in range(2 if seed == 2 else 1):
                    little.load(table, shuffled, file_id=identity)
        hashes.add(little.build().content_hash)
    assert len(hashes) == 1


def test_other_data_make_another_hash(little: LittleHome) -> None:
    # Of fact_experience_rating.
    line = {"rating": 5, "operator": "A", "period_month": date(2025, 1, 1)}
    first = little.load("experience_rating", [line, line])
    before = little.build().content_hash
    # Two equal rows more or less, and two other equal rows: an exclusive or would not see the difference.
    little.load("experience_rating", [{**line, "rating": 4}] * 2, file_id=first)
    assert little.build().content_hash != before


def edit(little: LittleHome, name: str, old: str, new: str) -> None:
    file = little.home.root / name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "old", "new", "sql", "expected"),
    [
        ("types.csv", "信号弱/无服务", "没有信号", "select l2_zh from dim_type where type_code = 'NET01'", "没有信号"),
        (
            "workspace.toml",
            "accepted_from = 2025-01-01",
            "accepted_from = 2026-01-01",
            "select policy_id from mart_ticket",
            "CITY-2024",
        ),
        ("channels.csv", "HOTLINE,10086热线,10086 hotline,main,L0", "HOTLINE,a,b,external,L4",
         "select escalation_level from mart_ticket", "L4"),
    ],
)  # fmt: skip
def test_a_changed_workspace_is_built_anew(
    little: LittleHome, name: str, old: str, new: str, sql: str, expected: str
) -> None:
    little.load("ticket", [ticket(1, MONTHS[2])])
    first = little.build()
    edit(little, name, old, new)
    second = little.build()
    assert second.id != first.id
    assert list(little.rows(sql)[0].values()) == [expected]


def test_a_target_alone_makes_a_new_release_with_the_same_content(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, MONTHS[2])])
    first = little.build()
    edit(little, "workspace.toml", "M03 = { value = 0.95 }", "M03 = { value = 0.96 }")
    second = little.build()
    assert second.is_new
    assert second.content_hash == first.content_hash


def test_a_later_instant_judges_open_tickets_again(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, AS_OF - timedelta(hours=1))])
    little.load("cell_kpi_1d", [kpi("A", MONTHS[0])])
    little.build()
    little.as_of += timedelta(days=3)
    built = little.build()
    assert built.how.startswith("incremental")
    states = little.rows("select state from fact_ticket_judged where stage = 'FBK'")
    assert states == [{"state": "overdue"}]


@pytest.mark.deep
def test_a_changed_model_is_built_anew(little: LittleHome, monkeypatch: pytest.MonkeyPatch) -> None:
    little.tables = None
    little.load("ticket", [ticket(1, MONTHS[2])])
    little.build()
    before = models()
    sql = before["dim_dept"].sql.replace("select dept_code, zh,", "select dept_code, 'x' || zh as zh,")
    changed = {**before, "dim_dept": replace(before["dim_dept"], sql=sql)}
    for module in (warehouse.build, warehouse.maker):
        monkeypatch.setattr(module, "models", lambda: changed)
    built = little.build()
    assert "8 tables whole, 0 by part" in built.how, "itself and the seven that are made from it"
    assert all(r["zh"].startswith("x") for r in little.rows("select zh from dim_dept"))


def test_measures_are_part_of_a_release(little: LittleHome, monkeypatch: pytest.MonkeyPatch) -> None:
    first = little.build()
    entry = warehouse.build.measures()["M01"]
    newer = {**warehouse.build.measures(), "M01": entry.model_copy(update={"version": 99})}
    monkeypatch.setattr(warehouse.build, "measures", lambda: newer)
    second = little.build()
    assert second.is_new
    assert second.content_hash == first.content_hash
    assert little.rows("select version from release_measure where measure_id = 'M01'") == [{"version": 99}]


def test_a_failed_check_names_its_sentence_and_publishes_nothing(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, MONTHS[2])])
    first = little.build()
    day = MONTHS[2] + timedelta(days=1)
    little.load("ticket", [ticket(2, day, feedback_at=day - timedelta(hours=1))])
    with pytest.raises(Failure) as caught:
        little.build()
    assert str(caught.value) == (
        "checks/no_feedback_before_acceptance.sql: does not hold: No ticket was answered before it was accepted. "
        "First rows: T2, 2025-03-02 00:00:00, 2025-03-01 23:00:00; the release is not published; mend the data."
    )
    assert little.releases.current() == first.id
    assert not little.releases.draft.exists()


def test_a_warning_is_told_and_does_not_hold_up_the_release(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, AS_OF + timedelta(days=1))])
    built = little.build()
    assert built.is_new
    assert built.warnings == [
        "No ticket was accepted after the instant the release speaks of. Not so for T1, 2025-04-01 08:30:00"
    ]


def test_an_unreadable_current_release_is_built_over(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, MONTHS[2])])
    first = little.build()
    path = little.releases.path(first.id)
    path.chmod(0o600)
    path.write_bytes(b"not a database")
    little.load("ticket", [ticket(2, MONTHS[2])])
    second = little.build()
    assert second.how == "full"
    assert len(little.rows("select * from mart_ticket")) == 2


def test_an_empty_home_gives_a_release_with_every_table_empty_of_tickets(little: LittleHome) -> None:
    little.build()
    assert little.reader().n_rows("mart_ticket") == 0
    assert little.reader().span() is None
