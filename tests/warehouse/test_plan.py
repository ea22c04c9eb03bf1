"""What is made anew, as data: states in, steps out."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from warehouse import daily, open_days, parts, quantiles
from warehouse.catalog import models
from warehouse.lake import Pinned
from warehouse.made import BY_TABLE, behind
from warehouse.plan import KEEP, KEYS, SUMS, full_plan, incremental_plan

OF_STEPS = {name for name, model in models().items() if model.inputs & BY_TABLE.keys()}
FILES = {
    "cell_kpi_1d": {"a.parquet": "2025-01", "b.parquet": "2025-02"},
    "cell": {"c.parquet": ""},
    "ticket": {"t.parquet": "2025-01"},
    "quarantine": {"q.parquet": ""},
    "etl_file": {"e.parquet": ""},
}


def state(**changes: Any) -> dict[str, Any]:
    read = {i.removeprefix("lake_") for m in models().values() for i in m.inputs if i.startswith("lake_")}
    empty: dict[str, dict[str, str]] = {name: {} for name in read}
    known = {i for m in models().values() for i in m.inputs if not i.startswith("lake_") and i not in models()}
    known = (known | {"seed_hotspot"}) - BY_TABLE.keys()
    usual = {
        "format": "1",
        "models": dict.fromkeys(models(), "x"),
        "given": dict.fromkeys(known, "x"),
        "live": {"f1 2025-01-01": "cell_kpi_1d", "f2 2025-01-01": "ticket"},
        "files": {**empty, **FILES},
    }
    return {**usual, **changes}


def steps(now: dict[str, Any], before: dict[str, Any] | None = None) -> dict[str, frozenset[str] | None]:
    plan = incremental_plan(models(), before or state(), now)
    assert plan is not None
    return {name: step for name, step in plan.models.items() if step != KEEP}


def with_file(table: str, name: str, part: str) -> dict[str, dict[str, str]]:
    files = state()["files"]
    return {**files, table: {**files[table], name: part}}


def test_nothing_changed_keeps_everything() -> None:
    assert steps(state()) == {}


def test_a_new_counter_file_touches_its_part_and_what_counts_all_parts() -> None:
    now = state(files=with_file("cell_kpi_1d", "n.parquet", "2025-02"))
    part = frozenset({"2025-02"})
    days = frozenset(f"2025-02-{day:02d}" for day in range(1, 29))
    finer = ["stg_cell_kpi_15m", "fact_cell_kpi_15m", "stg_cell_kpi_1h", "fact_cell_kpi_1h"]
    assert steps(now) == {
        **dict.fromkeys(finer, days),
        "stg_cell_kpi_1d": days,
        "fact_cell_kpi_1d": days,
        "mart_cell_region_day": days,
        "mart_cell_finding": days,
        "mart_signal_drop": parts.around(part, 0, 35),
        "mart_cell_week": part,
        "mart_cell_quarter": None,
        "mart_explained_week": None,
        "mart_completeness": None,
        "mart_case_day": None,
        **dict.fromkeys(OF_STEPS, None),
    }
    plan = incremental_plan(models(), state(), now)
    assert plan is not None
    assert plan.lake == {"cell_kpi_1d": days, "cell_kpi_1h": days, "cell_kpi_15m": days}


def test_an_hour_file_touches_its_day_alone_however_long_the_month_is() -> None:
    now = state(files=with_file("cell_kpi_1h", "n.parquet", "2025-02-07"))
    day = frozenset({"2025-02-07"})
    found = steps(now)
    assert found["fact_cell_kpi_1d"] == found["mart_cell_region_day"] == day
    assert found["mart_cell_week"] == {"2025-02"}
    first = date(2025, 2, 7)
    assert found["mart_signal_drop"] == {f"{first + timedelta(n)}" for n in range(36)}
    # Of the lake only that day's files are read, and those of its month where a table is kept by month.
    plan = incremental_plan(models(), state(), now)
    assert plan is not None
    assert plan.lake == {"cell_kpi_1d": day, "cell_kpi_1h": day, "cell_kpi_15m": day}
    pinned = Pinned("cell_kpi_1d", 1, (("a", "2025-01"), ("b", "2025-02"), ("c", "2025-02-07"), ("d", "2025-02-08")))
    assert pinned.only(day).paths == ["b", "c"]


def test_a_cell_that_moved_makes_the_mart_whole_and_leaves_the_counters() -> None:
    found = steps(state(files=with_file("cell", "n.parquet", "")))
    assert found["mart_cell_region_day"] is None
    assert "fact_cell_kpi_1d" not in found


def test_both_at_once_do_not_read_half_a_table() -> None:
    files = with_file("cell", "n.parquet", "") | {"cell_kpi_1d": {"a.parquet": "2025-01", "n.parquet": "2025-02"}}
    found = steps(state(files=files))
    assert found["mart_cell_region_day"] is None
    assert found["fact_cell_kpi_1d"] == {f"2025-02-{day:02d}" for day in range(1, 29)}


def test_a_withdrawn_counter_file_makes_its_table_whole() -> None:
    found = steps(state(live={"f2 2025-01-01": "ticket"}))
    assert found["stg_cell_kpi_1d"] is found["fact_cell_kpi_1d"] is found["mart_cell_region_day"] is None
    assert "stg_ticket" not in found
    # Its quarantined rows no longer count either.
    assert found["mart_quarantine"] is None


def test_rows_that_lay_there_before_they_were_registered_make_the_table_whole() -> None:
    live = {**state()["live"], "f3 2025-01-02": "cell_kpi_1d"}
    assert steps(state(live=live))["fact_cell_kpi_1d"] is None


@pytest.mark.parametrize("name", ["run", "seed_assignment", "seed_type"])
def test_a_changed_setting_reaches_exactly_what_depends_on_it(name: str) -> None:
    given = {**state()["given"], name: "y"}
    found = {n for n in steps(state(given=given)) if models()[n].is_published}
    assert found
    assert found == {n for n in models() if models()[n].is_published and depends(n, name)}


def depends(model: str, name: str) -> bool:
    inputs = models()[model].inputs | behind(models()[model].inputs)
    return name in inputs or any(depends(i, name) for i in inputs if i in models())


def test_a_changed_model_reaches_what_stands_on_it() -> None:
    found = steps(state(models={**state()["models"], "fact_cell_kpi_1d": "y"}))
    # Staging is needed again, and whole.
    assert found["stg_cell_kpi_1d"] is found["fact_cell_kpi_1d"] is found["mart_cell_region_day"] is None


def test_another_format_or_set_of_models_is_built_from_nothing() -> None:
    assert incremental_plan(models(), state(format="0"), state()) is None
    assert incremental_plan(models(), {"files": {}}, state()) is None
    fewer = {n: "x" for n in list(models())[1:]}
    assert incremental_plan(models(), state(models=fewer), state()) is None


BY_TICKET = {n for n, m in models().items() if m.slice_column == "ticket_id"}
ADDED_TO = {n for n, m in models().items() if m.sums}


def test_new_tickets_touch_their_families_and_what_counts_all_tickets() -> None:
    now = state(files=with_file("ticket", "n.parquet", "2025-02"))
    plan = incremental_plan(models(), state(), now)
    assert plan is not None
    assert plan.came == {"ticket": {"n.parquet"}}
    assert {plan.models[n] for n in ("stg_ticket", "fact_ticket", "fact_ticket_stage", "mart_ticket")} == {KEYS}
    assert plan.models["fact_ticket_event"] == KEYS, "the acceptance decides which events came too early"
    assert plan.models["fact_satisfaction"] == KEEP
    assert plan.models["mart_completeness"] is None
    assert plan.models["dim_recorded"] == KEEP
    assert plan.guards == ("dim_recorded",)
    assert plan.lake["ticket"] == KEYS


def test_new_events_bring_their_tickets_rows_along() -> None:
    plan = incremental_plan(models(), state(), state(files=with_file("ticket_event", "n.parquet", "2025-02")))
    assert plan is not None
    assert plan.came == {"ticket_event": {"n.parquet"}}
    assert plan.models["fact_ticket"] == plan.models["stg_ticket"] == KEYS
    assert plan.lake["ticket"] == KEYS


@pytest.mark.parametrize("files", [{"other.parquet": "2025-01"}, {}])
def test_where_files_went_families_are_not_enough(files: dict[str, str]) -> None:
    now = state(files={**state()["files"], "ticket": files})
    found = steps(now)
    assert found["fact_ticket"] is found["mart_ticket"] is None


def test_a_reloaded_ticket_file_makes_its_tables_whole() -> None:
    now = state(
        live={"f1 2025-01-01": "cell_kpi_1d", "f2 2025-02-02": "ticket"},
        files=with_file("ticket", "n.parquet", "2025-01"),
    )
    assert steps(now)["fact_ticket"] is None


def test_a_later_instant_touches_the_open_tickets() -> None:
    plan = incremental_plan(models(), state(as_of="1"), state(as_of="2"))
    assert plan is not None
    assert set(plan.open_models) == {n for n in BY_TICKET if models()[n].open_when}
    assert plan.models["fact_ticket_stage"] == plan.models["mart_ticket"] == KEYS
    assert plan.models["fact_ticket"] == KEEP
    assert plan.given == {"run"}
    counted_anew = {"run", *(n for n, step in plan.models.items() if step != KEEP and models()[n].is_published)}
    assert {n for n, step in plan.models.items() if step is None and models()[n].is_published} == {
        n
        for n, m in models().items()
        if m.is_published and n not in BY_TICKET | ADDED_TO and (m.inputs | behind(m.inputs)) & counted_anew
    }
    a_day = {d.table for d in daily.TABLES} - {"mart_flow_dwell"}  # of no whole numbers
    added_to = {"mart_sla", "mart_flow_ticket", "mart_flow_move", open_days.TABLE, *quantiles.CLOCKS, *a_day}
    assert {n for n, step in plan.models.items() if step == SUMS} == added_to


def test_new_tickets_add_to_sums() -> None:
    plan = incremental_plan(models(), state(), state(files=with_file("ticket", "n.parquet", "2025-02")))
    assert plan is not None
    assert {n for n, step in plan.models.items() if step == SUMS} == ADDED_TO
    assert f", {len(ADDED_TO)} added to, " in str(plan)


def test_another_hour_makes_what_is_told_at_the_hour_whole() -> None:
    now = state(as_of="2", given={**state()["given"], "seed_hour": "y"})
    plan = incremental_plan(models(), state(as_of="1"), now)
    assert plan is not None
    hourly = {open_days.TABLE, *(d.table for d in daily.TABLES if d.step == "hour")}
    assert {n for n, step in plan.models.items() if n in ADDED_TO and step is None} == hourly
    assert len(hourly) == 3


@pytest.mark.parametrize("changes", ["setting", "model", "file"])
def test_sums_are_made_whole_where_more_than_tickets_changed(changes: str) -> None:
    files = with_file("ticket", "n.parquet", "2025-02")
    now = {
        "setting": state(files=files, given={**state()["given"], "seed_policy": "y"}),
        "model": state(files=files, models={**state()["models"], "mart_sla": "y"}),
        "file": state(files={**files, "ticket": {"n.parquet": "2025-02"}}),
    }
    assert steps(now[changes])["mart_sla"] is None


def test_what_reads_a_table_of_sums_is_made_whole() -> None:
    reading = replace(models()["mart_completeness"], name="over", inputs=frozenset({"mart_sla"}), sums=("n",))
    more = {**models(), "over": reading}
    now = state(files=with_file("ticket", "n.parquet", "2025-02"), models=dict.fromkeys(more, "x"))
    plan = incremental_plan(more, state(models=dict.fromkeys(more, "x")), now)
    assert plan is not None
    assert plan.models["mart_sla"] == SUMS
    assert plan.models["over"] is None


def test_a_setting_that_changed_makes_tickets_whole_although_some_came() -> None:
    given = {**state()["given"], "seed_type": "y"}
    plan = incremental_plan(models(), state(), state(given=given, files=with_file("ticket", "n.parquet", "2025-01")))
    assert plan is not None
    assert plan.models["fact_ticket"] is None
    assert plan.models["stg_ticket"] is None
    assert not plan.by_keys


def test_families_can_be_forbidden() -> None:
    plan = incremental_plan(models(), state(), state(files=with_file("ticket", "n.parquet", "2025-01")), False)
    assert plan is not None
    assert not plan.by_keys
    assert plan.models["fact_ticket"] is None


def test_a_full_plan_reads_every_table_that_a_model_names() -> None:
    plan = full_plan(models())
    assert set(plan.models.values()) == {None}
    # Hours and quarters are read to be added up where no day was sent; they are no tables of a release.
    assert {"cell_kpi_1h", "cell_kpi_15m"} <= set(plan.lake)
    assert not models()["fact_cell_kpi_1h"].is_published
    assert set(plan.lake.values()) == {None}
