"""Where measures are under way: by their own scope, by what they come of; and RC03 keeps quiet there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import pytest
import sqlalchemy as sa

from alerts import live
from alerts.acted import ACTED, knowing, places
from alerts.actions import store as register
from alerts.actions.item import Draft
from alerts.rules import load_rules
from alerts.signals import signals
from tests.alerts.stores import KINDS, empty_store
from warehouse import ops

AT = datetime(2025, 3, 10, 9)
RULES = load_rules()
HOTSPOTS = """create table mart_hotspot as select * from (values
    ('H1', date '2025-03-17', 'persisting', 12, 'P1'), ('H2', date '2025-03-17', 'persisting', 11, null),
    ('H3', date '2025-03-17', 'worse', 9, 'P1')
) as t (hotspot_id, week_start, state, n_customers, place_id);
create table mart_hotspot_cell as
    select 'H2' as hotspot_id, date '2025-03-17' as week_start, 1 as cell_rank, 'c2' as cell_id;
alter table mart_hotspot add column n_customers_week int; alter table mart_hotspot add column expected double;
alter table mart_hotspot add column n_weeks int; alter table mart_hotspot add column window_days int default 30;
alter table mart_hotspot add column cause varchar; alter table mart_hotspot add column region_code varchar;
alter table mart_hotspot add column town varchar"""


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    with empty_store(request, tmp_path) as engine:
        yield engine


def measure(kept: sa.Engine, **given: object) -> str:
    fields = {
        "source": "own",
        "problem": "康乐小区信号弱",
        "begins_on": AT.date(),
        "due_on": AT.date() + timedelta(days=7),
    }
    return register.start(kept, Draft(**(fields | given)), "manager", AT)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"scope_kind": "place", "scope_id": "P1"}, [("place", "P1")]),
        ({"scope_kind": "cell", "scope_id": "c1, c2"}, [("cell", "c1"), ("cell", "c2")]),
        ({"source": "hotspot", "source_ref": "hotspot:H1"}, [("hotspot", "H1")]),
        ({"scope_kind": "hotspot", "scope_id": "H1", "source_ref": "hotspot:H1"}, [("hotspot", "H1")]),
        ({"scope_kind": "region", "scope_id": "321002"}, []),
        ({"source": "warning", "source_ref": "warning:gone-1"}, []),
    ],
)
def test_the_places_of_a_measure(kept: sa.Engine, given: dict[str, object], found: list[tuple[str, str]]) -> None:
    measure(kept, **given)
    assert [(p["kind"], p["id"]) for p in places(kept)] == found
    assert all(p["since"] == AT and p["until"] is None for p in places(kept))


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (("hotspot", "H1"), [("hotspot", "H1")]),
        (("type_area", "NET/place:P1"), [("place", "P1")]),
        (("area", "cell:c1"), [("cell", "c1")]),
        (("type_district", "NET/321002"), []),
        (("area", "district:321002"), []),
    ],
)
def test_the_place_of_the_warning_it_comes_of(
    kept: sa.Engine, scope: tuple[str, str], found: list[tuple[str, str]]
) -> None:
    with ops.writing(kept) as con:
        con.execute(
            ops.warning.insert().values(
                warning_id="XX01-1", rule_id="XX01", rule_version=1, scope_kind=scope[0], scope_id=scope[1],
                severity="yellow", condition="firing", handling="new", is_trial=False, first_breach_at=AT, fired_at=AT,
                value=12, threshold=10, known_at=AT, evidence_json="{}", owner_dept="NET",
            )
        )  # fmt: skip
    measure(kept, source="warning", source_ref="warning:XX01-1")
    assert [(p["kind"], p["id"]) for p in places(kept)] == found


def test_only_rules_that_ask_are_told(kept: sa.Engine) -> None:
    measure(kept, scope_kind="place", scope_id="P1")
    assert json.loads(str(knowing(RULES["RC03"], kept).parameters[ACTED])) == [
        {"kind": "place", "id": "P1", "since": "2025-03-10 09:00:00", "until": None}
    ]
    assert knowing(RULES["RC01"], kept) is RULES["RC01"]


def test_hotspots_that_somebody_mends_are_quiet_until_it_is_closed_or_they_grow_worse() -> None:
    con = duckdb.connect()
    con.execute(HOTSPOTS)
    signal = signals()["hotspots_that_last"]
    before, after = datetime(2025, 3, 24), datetime(2025, 3, 25)

    def values(*acted: tuple[str, str, str | None]) -> dict[tuple[str, datetime], float]:
        told = [{"kind": k, "id": i, "since": "2025-03-10 09:00:00", "until": u} for k, i, u in acted]
        given = {"instants": [before, after], "worse_as": 10, ACTED: json.dumps(told)}
        return {(row[1], row[0]): row[2] for row in con.execute(signal.text(), given).fetchall()}

    assert {k[0]: v for k, v in values().items()} == {"H1": 12, "H2": 11, "H3": 10}
    seen = values(("place", "P1", None), ("cell", "c2", "2025-03-24 12:00:00"))
    assert [seen[h, before] for h in ("H1", "H2", "H3")] == [0, 0, 10]
    assert [seen[h, after] for h in ("H1", "H2", "H3")] == [0, 11, 10]


def test_a_live_run_knows_them(kept: sa.Engine) -> None:
    measure(kept, scope_kind="place", scope_id="P1")
    asked: list[str] = []

    class Nothing:
        id = "release"

        def select(self, sql: str, parameters: dict[str, object]) -> pd.DataFrame:
            asked.append(str(parameters.get(ACTED, "")))
            return pd.DataFrame(columns=["seen_at", "scope_id", "value", "n", "what", "code", "region_code"])

    live.run(kept, Nothing(), {"RC03": RULES["RC03"]}, datetime(2025, 3, 24), datetime(2025, 3, 23))  # type: ignore[arg-type]
    assert [text for text in asked if '"P1"' in text]
