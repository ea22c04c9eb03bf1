"""Weeks found anew from a late ticket on equal those of a run from nothing, names and states included."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import pandas as pd
import pyarrow as pa
import pytest

from tests.warehouse.hotspots import made as made_up
from tests.warehouse.hotspots.made import DAY0, WEEKS, ambient, outbreak
from warehouse.hotspots import evidence, step, tables
from warehouse.hotspots.before import Before, begin_of, first_changed
from warehouse.hotspots.city import City
from warehouse.hotspots.history import unpacked
from warehouse.hotspots.identity import GONE, Seen
from warehouse.hotspots.settings import defaults
from warehouse.hotspots.weekly import Found, run

FIRST = 11
LISTED = "made_hotspot_ticket"
OLD = [
    ambient(4, per_week=15),
    outbreak({12: 6, 13: 9, 14: 12, 15: 12, 16: 12, 17: 12, 18: 8, 24: 9, 25: 9}),
    outbreak({28: 7, 29: 11, 30: 11}, at=(60, 140), name="Y", first=2 * 10**6),
    outbreak({33: 7, 34: 12, 35: 14, 36: 3}, at=(150, 40), name="Z", first=3 * 10**6),
]
# A customer more near a spot, in a square of its own that nobody had complained from before.
LATE = {
    32: outbreak({32: 4}, at=(67, 146), name="L", first=4 * 10**6),
    20: outbreak({20: 9}, name="M", first=5 * 10**6),
}


def city(*parts: pd.DataFrame) -> City:
    return made_up.city(*parts, is_known=False)


def as_published(town: City, found: list[Found], until: date) -> Before:
    """The tables of a release that speak of weeks before a day."""
    spots, grids = [], []
    for f in found:
        key = {"hotspot_id": f.hotspot_id, "week_start": town.monday(f.week)}
        if key["week_start"] >= until:
            continue
        same = {name: getattr(f, name) for name in ("state", "is_urban", "window_days")}
        size = {"x_m": f.x, "y_m": f.y, "n_customers_week": f.n_week, "gate": f.gate or None}
        spots.append(key | same | size | {"first_week_on": town.monday(f.first_week)})
        for grid in f.grids:
            column, row = unpacked(grid)
            grids.append(key | {"grid_m": 250, "column_no": int(column), "row_no": int(row)})
    made = tables.empty() | {
        "made_hotspot": tables.of_rows("made_hotspot", spots),
        "made_hotspot_grid": tables.of_rows("made_hotspot_grid", grids),
    }
    return Before(made, until)


def told(found: list[Found], town: City) -> list[tuple[object, ...]]:
    ids = town.tickets["ticket_id"].to_numpy()
    return [
        (f.week, f.hotspot_id, f.state, f.first_week, f.related_id, f.n_customers, f.n_week, f.grids, f.x, f.y, f.gate,
         f.p_value if f.p_value == f.p_value else None, f.expected if f.expected == f.expected else None,
         tuple(sorted(ids[f.rows])))
        for f in found
    ]  # fmt: skip


def seen(found: list[Found]) -> list[Seen]:
    return [Seen(f.hotspot_id, f.week, f.is_urban, f.grids, f.x, f.y) for f in found if f.state != GONE]


@pytest.mark.parametrize("week", LATE)
def test_weeks_before_a_late_ticket_stand_and_the_others_equal_a_run_from_nothing(week: int) -> None:
    old = city(*OLD)
    before = run(old, range(FIRST, WEEKS), ())
    whole = run(now := city(*OLD, LATE[week]), range(FIRST, WEEKS), seen(before))
    assert told(whole, now) != told(before, old)
    again = city(*OLD, LATE[week])
    until = begin_of(DAY0 + timedelta(weeks=week), again.settings.select.window_days)
    begin = (until - DAY0).days // 7
    kept = [f for f in before if f.week < begin]
    tracks = as_published(old, before, until).go_on(again)
    assert len(kept) > 2 and any(t.is_alive for t in tracks.values())
    anew = run(again, range(begin, WEEKS), seen(before), tracks)
    assert told(kept, old) + told(anew, again) == told(whole, now)


def test_a_later_ticket_changes_no_earlier_week() -> None:
    """Not even one in a square that nobody had been heard of in."""
    old, new = city(*OLD), city(*OLD, LATE[32])
    before, after = (run(town, range(FIRST, WEEKS), ()) for town in (old, new))
    earlier = [told([f for f in found if f.week < 32], town) for found, town in ((before, old), (after, new))]
    assert earlier[0] == earlier[1] != []


def test_tickets_are_taken_from_where_all_their_weeks_are() -> None:
    """One of before whose weeks go on, one that is no longer there, one that is new."""
    town = city(ambient(1, per_week=2), outbreak({20: 1, 30: 1}))
    until = DAY0 + timedelta(weeks=25)
    made = []
    for rows in (
        [("X020000", 20, 26), ("gone", 20, 26), ("moved out", 20, 24), ("X030000", 30, 30)],
        [("X020000", 25, 26), ("X030000", 30, 31)],
    ):
        weeks = [(i, DAY0 + timedelta(weeks=a), DAY0 + timedelta(weeks=b)) for i, a, b in rows]
        listed = [{"hotspot_id": "H", "ticket_id": i, "week_first": a, "week_last": b} for i, a, b in weeks]
        made.append(tables.empty() | {"made_hotspot_ticket": tables.of_rows("made_hotspot_ticket", listed)})
    found: pa.Table = Before(made[0], until).with_(made[1], town)["made_hotspot_ticket"]
    spans = {r["ticket_id"]: ((r["week_first"] - DAY0).days // 7, (r["week_last"] - DAY0).days // 7)
             for r in found.to_pylist()}  # fmt: skip
    assert spans == {"X020000": (20, 26), "moved out": (20, 24), "X030000": (30, 31)}


@pytest.mark.parametrize("week, until", [(25, 20), (26, 21), (27, 27), (30, 30)])
def test_where_a_week_has_ended_nothing_before_it_is_found_anew(week: int, until: int) -> None:
    row = {"hotspot_id": "H", "ticket_id": "T", "week_first": DAY0, "week_last": DAY0 + timedelta(weeks=26)}
    with duckdb.connect() as con:
        for name, rows in (tables.empty() | {LISTED: tables.of_rows(LISTED, [row])}).items():
            con.from_arrow(rows).create(name.replace("made_", "mart_"))
        before = Before.read(con, DAY0 + timedelta(weeks=week), 30)
    assert before.until == DAY0 + timedelta(weeks=until) and before.tables[LISTED].num_rows == 1


def test_a_ticket_of_an_ended_week_goes_on_into_the_new_one() -> None:
    town = city(ambient(1, per_week=2), outbreak({24: 1}))
    until = DAY0 + timedelta(weeks=27)
    spans = [[("X024000", 24, 26), ("T000001", 20, 22)], [("X024000", 27, 28), ("new here", 27, 27)]]
    made = []
    for rows in spans:
        weeks = [(i, DAY0 + timedelta(weeks=a), DAY0 + timedelta(weeks=b)) for i, a, b in rows]
        listed = [{"hotspot_id": "H", "ticket_id": i, "week_first": a, "week_last": b} for i, a, b in weeks]
        made.append(tables.empty() | {LISTED: tables.of_rows(LISTED, listed)})
    found = Before(made[0], until).with_(made[1], town)[LISTED].to_pylist()
    assert sorted((r["ticket_id"], *((r[k] - DAY0).days // 7 for k in ("week_first", "week_last"))) for r in found) == [
        ("T000001", 20, 22), ("X024000", 24, 28), ("new here", 27, 27),
    ]  # fmt: skip


def test_the_first_week_that_differs() -> None:
    assert first_changed({"": "a", "2024-01-01": "b"}, {"": "a", "2024-01-01": "b"}) is None
    assert first_changed({"": "a", "2024-01-01": "b"}, {"": "c", "2024-01-01": "b"}) == ""
    assert first_changed({"": "a", "2024-01-08": "b"}, {"": "a", "2024-01-01": "b"}) == "2024-01-01"


def test_nothing_is_kept_of_a_release_that_knew_no_hotspot() -> None:
    town = city(ambient(1, per_week=2))
    assert Before(tables.empty(), DAY0 + timedelta(weeks=20)).go_on(town) == {}
    assert not town.history[True].hot.any()


def test_a_week_in_which_nothing_happened_has_ended_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a snapshot of the thirty days before its end."""
    nothing = pd.DataFrame({"name": [], "week_on": [], "n": [], "total": []})
    monkeypatch.setattr(evidence, "select", lambda *_: nothing)
    with duckdb.connect() as con:
        one, other = (
            step.digest(con, step.Asked(defaults(), (0.0, 0.0), until, {}))
            for until in (date(2025, 3, 31), date(2025, 4, 7))
        )
    assert first_changed(one, other) == "2025-03-31" and first_changed(one, one) is None
