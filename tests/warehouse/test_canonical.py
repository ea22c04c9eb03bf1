from __future__ import annotations

import pytest

from warehouse.canonical import ARROW, PARTITION, PROVENANCE, tables

NAMES = sorted(tables())


@pytest.mark.parametrize("name", NAMES)
def test_a_table_is_sound(name: str) -> None:
    table = tables()[name]
    assert table.grain.startswith("One row per ")
    assert set(table.key) <= set(table.columns)
    assert table.version is None or table.version in table.columns
    kind, _, column = table.partition.partition(":")
    assert (kind, column) == ("all", "") or (kind in ("day", "month") and table.columns[column].required)
    if column:
        assert table.columns[column].type in ("time", "date")
    if table.period_column:
        assert table.columns[table.period_column].type in ("time", "date")
    assert all(rule.when and rule.action in ("reject", "flag") for rule in table.rules.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_schema_holds_provenance_columns_and_partition_in_this_order(name: str) -> None:
    table = tables()[name]
    expected = [] if table.internal else list(PROVENANCE)
    expected += list(table.columns) + ([PARTITION] if table.time_column else [])
    assert table.schema.names == expected
    assert all(table.schema.field(c).type == ARROW[column.type] for c, column in table.columns.items())


@pytest.mark.parametrize("finer", ["cell_kpi_1h", "cell_kpi_15m"])
def test_finer_periods_have_the_counters_of_days(finer: str) -> None:
    day, part = tables()["cell_kpi_1d"], tables()[finer]
    assert set(day.columns) - set(day.key) == set(part.columns) - set(part.key)
    assert (day.partition, part.partition) == ("month:period_on", "day:period_start")


def test_which_tables_speak_of_people() -> None:
    personal = {n for n, t in tables().items() if t.is_personal and not t.internal}
    about_tickets = {"ticket", "ticket_event", "contact", "onsite_test", "demarcation"}
    assert personal == about_tickets | {"satisfaction", "survey", "experience_rating"}


def test_columns_that_could_name_a_person_are_not_open() -> None:
    """Column classes of the domain reference: keys L2, texts of customers and exact positions L3."""
    ticket = tables()["ticket"].columns
    assert {ticket[c].level for c in ("cust_key", "ticket_id", "serving_cell_id")} == {"L2"}
    assert {ticket[c].level for c in ("lon", "lat", "summary_scrubbed", "intake_staff")} == {"L3"}
