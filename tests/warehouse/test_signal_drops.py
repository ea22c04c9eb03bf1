"""Where a drop of the signal begins: as asked of every day, and a new day's drops without the days of a year."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.warehouse.conftest import LittleHome
from warehouse.catalog import models
from warehouse.hotspots.settings import defaults
from warehouse.query import Reader
from warehouse.terminals import DROP_DB

START = datetime(2025, 1, 1)
BY_DAY = Path(__file__).with_name("drops_by_day.sql").read_text(encoding="utf-8")
SAMPLES = defaults().cause.samples
Days = list[tuple[int, float]]  # days from the first, and the mean level in dBm


def drops(days: Days, samples: int = SAMPLES) -> list[date]:
    """The model's own select over the days of one cell."""
    with duckdb.connect() as con:
        con.execute("create table seed_radio as select 500 as samples")
        columns = "part text, cell_id text, period_on date, mr_samples bigint, rsrp_sum_dbm double"
        con.execute("create table fact_cell_kpi_1d (" + columns + ")")
        for n, dbm in days:
            told = [f"{on(n)}", on(n), samples, dbm * samples]
            con.execute("insert into fact_cell_kpi_1d values (?, 'A', ?, ?, ?)", told)
        return [
            began for (began,) in con.sql(models()["mart_signal_drop"].sql).select("began_on").order("all").fetchall()
        ]


def on(n: int) -> date:
    return (START + timedelta(days=n)).date()


def level(first: int, last: int, dbm: float) -> Days:
    return [(n, dbm) for n in range(first, last)]


@pytest.mark.parametrize(
    ("days", "begun"),
    [
        pytest.param(level(0, 20, -90) + level(20, 25, -92), [20], id="exactly-two-dB"),
        pytest.param(level(0, 20, -90) + level(20, 25, -91.99), [], id="a-little-less"),
        pytest.param(level(0, 13, -90) + [(13, -95)], [], id="thirteen-days-known"),
        pytest.param(level(0, 14, -90) + [(14, -95)], [14], id="fourteen-days-known"),
        pytest.param(level(0, 20, -90) + [(48, -95)], [], id="what-is-known-lies-more-than-28-days-back"),
        pytest.param(
            level(0, 20, -90) + [(20, -95), *level(21, 27, -90), (27, -95)], [20], id="low-again-7-days-later"
        ),
        pytest.param(
            level(0, 20, -90) + [(20, -95), *level(21, 28, -90), (28, -95)], [20, 28], id="low-again-8-days-later"
        ),
    ],
)
def test_where_a_drop_begins(days: Days, begun: list[int]) -> None:
    assert drops(days) == [on(n) for n in begun]


def test_a_day_of_too_few_reports_begins_none() -> None:
    days = level(0, 20, -90) + level(20, 25, -95)
    assert drops(days, SAMPLES - 1) == [] != drops(days)


def test_the_drops_of_the_city_are_those_asked_of_every_day(demo_reader: Reader) -> None:
    asked = demo_reader.ask(BY_DAY, {"samples": SAMPLES, "drop_db": DROP_DB})
    published = demo_reader.ask("select cell_id, began_on from mart_signal_drop order by cell_id, began_on", [])
    assert published.equals(asked) and len(asked) > 100


def signal(days: Days, cell: str) -> list[dict[str, Any]]:
    """One hour a day of a cell."""
    return [
        {"cell_id": cell, "period_start": START + timedelta(days=n), "mr_samples": 1000, "rsrp_sum_dbm": 1000 * dbm}
        for n, dbm in days
    ]


@pytest.fixture
def fallen(little: LittleHome) -> LittleHome:
    """Two cells of 80 days; A's signal fell on the sixtieth. Releases are laid on each other, never copied."""
    little.layer_from_bytes = 0
    fell = level(0, 60, -90) + level(60, 80, -96)
    little.load("cell_kpi_1h", signal(fell, "A") + signal(level(0, 80, -90), "B"))
    little.build()
    return little


def begun(home: LittleHome) -> list[tuple[str, date]]:
    rows = home.rows("select cell_id, began_on from mart_signal_drop order by all")
    return [(r["cell_id"], r["began_on"].date()) for r in rows]


def as_from_nothing(home: LittleHome) -> bool:
    added = home.rows("select * from mart_signal_drop order by all")
    home.build(full=True)
    return added == home.rows("select * from mart_signal_drop order by all")


@pytest.mark.deep
def test_a_new_day_adds_its_drops_alone(fallen: LittleHome) -> None:
    assert begun(fallen) == [("A", on(60))]
    fallen.load("cell_kpi_1h", signal([(80, -93.0)], "B"))
    assert fallen.build().how.startswith("incremental")
    assert begun(fallen) == [("A", on(60)), ("B", on(80))]
    assert as_from_nothing(fallen)


@pytest.mark.deep
def test_days_that_come_late_move_the_drops_of_the_days_after_them(fallen: LittleHome) -> None:
    fallen.load("cell_kpi_1h", signal([(59, -95.0)], "A"))
    fallen.build()
    assert begun(fallen) == [("A", on(59))], "the day after it begins no drop any more"
    fallen.load("cell_kpi_1h", signal(level(45, 59, -70), "A"))
    fallen.build()
    assert begun(fallen) == [("A", on(59))], (
        "all lower than two weeks of a better signal, and within a week of each other"
    )
    fallen.load("cell_kpi_1h", signal(level(45, 60, -96), "A"))
    fallen.build()
    assert begun(fallen) == [("A", on(45))]
    assert as_from_nothing(fallen)


@pytest.mark.deep
def test_other_limits_make_other_drops(fallen: LittleHome) -> None:
    settings = fallen.home.workspace_file
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text + "\n[hotspots.cause]\nsamples = 1001\n", encoding="utf-8")
    fallen.build()
    assert begun(fallen) == []
