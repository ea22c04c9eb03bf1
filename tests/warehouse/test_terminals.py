"""Terminals by type and days around drops of the signal: against counts one by one, and for who may see them."""

from __future__ import annotations

from collections import Counter
from datetime import date

import pandas as pd
import pytest

from warehouse.analysis.cross_table import cross_table
from warehouse.analysis.lead_lag import lead_lag
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.terminals import around_drops, around_drops_of, by_type
from warehouse.viewer import Viewer

PLANNER, END = Viewer.of("planner"), date(2025, 3, 31)
FIRST = pd.Timestamp(2024, 4, 1)


def test_terminals_add_up_and_the_planted_handset_stands_out(demo_reader: Reader) -> None:
    found = by_type(demo_reader, PLANNER, END, Filters())
    rows = demo_reader.ask(
        "select count(*) as n from fact_ticket where is_counted and type_l1 = 'NET' and terminal_model is not null "
        "and accepted_on >= '2024-12-30' and accepted_on < '2025-03-31'",
        [],
    )
    assert found["n"].sum() == rows["n"].iloc[0] > 1000
    table = cross_table(found, "terminal_model", "type_code")
    more = table[table["stands_out"] == 1]
    assert ("终端D-5G入门", "NET05") in set(zip(more["terminal_model"], more["type_code"], strict=True))
    assert len(more) <= 3


def test_managers_get_no_terminals(demo_reader: Reader) -> None:
    with pytest.raises(NotAllowed):
        by_type(demo_reader, Viewer.of("manager"), END, Filters())


def test_complaints_around_drops_are_those_counted_one_by_one(demo_reader: Reader) -> None:
    found = around_drops(demo_reader, PLANNER, END)
    assert found["day_no"].tolist() == list(range(-10, 11))
    daily = demo_reader.ask(
        "select cell_id, period_on, rsrp_sum_dbm / mr_samples as level from fact_cell_kpi_1d "
        "where mr_samples >= 500 order by cell_id, period_on",
        [],
    )
    told = demo_reader.ask("select cell_id, accepted_on from mart_ticket_cell", [])
    days = Counter((c, d.date()) for c, d in zip(told["cell_id"], told["accepted_on"], strict=True))
    drops = hits = 0
    for cell, part in daily.groupby("cell_id"):
        level = part.set_index("period_on")["level"]
        usual = level.rolling("28D", closed="left", min_periods=14).mean()
        held = level.index[level <= usual - 2.0]
        starts = [d for n, d in enumerate(held) if n == 0 or (d - held[n - 1]).days > 7]
        starts = [d for d in starts if d >= FIRST]
        drops += len(starts)
        hits += sum(days[cell, d.date()] for d in starts)
    day = found.set_index("day_no").loc[0]
    assert (day["n_drops"], day["n"]) == (drops, hits) and drops > 20
    assert lead_lag(found).verdict in ("none", "follow", "thin")


def test_a_year_of_the_whole_network_is_for_who_sees_all_of_it(demo_reader: Reader) -> None:
    assert around_drops(demo_reader, Viewer.of("planner", regions=frozenset({"321003"})), END).empty


def test_the_drops_of_one_cell_are_its_own_and_its_complaints_too(demo_reader: Reader) -> None:
    daily = demo_reader.ask(
        "select cell_id, period_on, rsrp_sum_dbm / mr_samples as level from fact_cell_kpi_1d "
        "where mr_samples >= 500 order by cell_id, period_on",
        [],
    )
    told = demo_reader.ask("select cell_id, accepted_on from mart_ticket_cell where accepted_on >= '2024-04-01'", [])
    wide = daily.pivot(index="period_on", columns="cell_id", values="level")
    usual = wide.rolling("28D", closed="left", min_periods=14).mean()
    dropped = (wide <= usual - 2.0)[wide.index >= FIRST].sum()
    busiest = told["cell_id"].value_counts()
    cell = max(dropped[dropped > 0].index, key=lambda c: busiest.get(c, 0))
    held = wide.index[wide[cell] <= usual[cell] - 2.0]
    starts = [d for n, d in enumerate(held) if d >= FIRST and (n == 0 or (d - held[n - 1]).days > 7)]
    days = Counter(d.date() for d in told.loc[told["cell_id"] == cell, "accepted_on"])
    found = around_drops_of(demo_reader, PLANNER, cell, END).set_index("day_no")
    for day in (-7, 0, 3):
        inside = [d for d in starts if (d + pd.Timedelta(day, "D")).date() < END]
        n = sum(days[(d + pd.Timedelta(day, "D")).date()] for d in inside)
        assert (found.loc[day, "n_drops"], found.loc[day, "n"]) == (len(inside), n)
    assert lead_lag(found.reset_index()).n_drops == len(starts)


def test_the_drops_of_a_cell_elsewhere_are_not_told(demo_reader: Reader) -> None:
    there = demo_reader.ask("select cell_id from dim_cell where region_code <> '321003' limit 1", [])["cell_id"][0]
    elsewhere = Viewer.of("planner", regions=frozenset({"321003"}))
    assert around_drops_of(demo_reader, elsewhere, there, END).empty
    with pytest.raises(NotAllowed):
        around_drops_of(demo_reader, Viewer.of("manager"), there, END)


def test_a_release_from_before_drops_were_published_tells_none(
    demo_reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert demo_reader.n_rows("mart_signal_drop") > 0
    monkeypatch.setitem(vars(demo_reader), "_n_rows", {**demo_reader._n_rows, "mart_signal_drop": 0})
    assert around_drops(demo_reader, PLANNER, END).empty
