"""The weekly map by district and town: figures of the release, and nothing hidden that an attacker could work out."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.warehouse.attacker import Attacker
from warehouse import telling, week_map
from warehouse.periods import Period, weeks
from warehouse.query import Filters, Reader
from warehouse.release import Releases
from warehouse.scope import NotAllowed
from warehouse.selects import compiled
from warehouse.viewer import Viewer

WEEK = Period("now", date(2025, 3, 24), date(2025, 3, 31), datetime(2025, 3, 31, 8, 30))
MANAGER, PLANNER, ANALYST = Viewer.of("manager"), Viewer.of("planner"), Viewer.of("analyst")
DAY = datetime(2025, 3, 26)
TYPES = ("NET", "SVC", "TAR")
Cell = tuple[int, int, int]  # district, town, type


class City:
    """A reader over tables in memory, as far as a week's map asks."""

    levels = {
        "mart_ticket": dict.fromkeys(["ticket_id", "cust_key", "accepted_at", "region_code", "town", "type_l1"], "L1"),
        "mart_user_day": dict.fromkeys(["date_on", "region_code", "user_months"], "L1"),
        "mart_town_user_day": dict.fromkeys(["date_on", "region_code", "town", "user_months"], "L1"),
    }

    def __init__(self, cells: dict[Cell, list[int]]) -> None:
        """`cells`: the complaints of each customer."""
        self._con = duckdb.connect()
        rows = [
            (
                f"T{d}{t}{k}{c}{i}",
                f"C{d}{t}{k}{c}",
                DAY,
                f"D{d}",
                f"town{d}{t}" if t else None,
                TYPES[k],
            )
            for (d, t, k), people in cells.items()
            for c, n in enumerate(people)
            for i in range(n)
        ]
        tickets = pd.DataFrame(rows, columns=list(self.levels["mart_ticket"]))
        tickets["accepted_at"] = pd.to_datetime(tickets["accepted_at"])
        places = sorted({(f"D{d}", f"town{d}{t}") for d in range(4) for t in range(1, 4)})
        towns = pd.DataFrame([(date(2025, 3, 26), d, t, 100.0) for d, t in places])
        towns.columns = pd.Index(list(self.levels["mart_town_user_day"]))
        self._con.from_df(tickets).create("mart_ticket")
        self._con.from_df(towns.assign(is_carried_back=False)).create("mart_town_user_day")
        self._con.from_df(towns.groupby(["date_on", "region_code"], as_index=False)["user_months"].sum()).create(
            "mart_user_day"
        )

    def run(self, statement: Any) -> pd.DataFrame:
        return self._con.execute(*compiled(statement)).df()

    def courses(self, viewer: Viewer, by: Any, where: Filters) -> Any:
        return telling.courses(self.run, self.levels, viewer, by, where)


# Whole and nearly whole cities: many cells of none or one customer, some of a few, some large; a customer may complain
# more than once. Town 0 is no town at all.
counts = st.one_of(st.just(0), st.integers(0, 2), st.integers(0, 7), st.integers(5, 30))
a_city = st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(0, 2)), counts, max_size=30)


def attacked(cells: dict[Cell, int], most: int, viewer: Viewer) -> None:
    people = {cell: [1 + c % most for c in range(n)] for cell, n in cells.items() if n}
    reader: Any = City(people)
    assert Attacker(reader, viewer, WEEK, TYPES).found() == []


a_case = given(a_city, st.integers(1, 3), st.sampled_from([MANAGER, PLANNER]))
test_all_answers_of_a_week_together_tell_nothing_hidden = settings(
    max_examples=4, deadline=None, suppress_health_check=list(HealthCheck)
)(a_case(attacked))
test_all_answers_of_many_cities_tell_nothing_hidden = pytest.mark.deep(
    settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))(a_case(attacked))
)


def test_the_attacker_is_no_fool(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nothing hidden along with the small ones, they are found."""
    city: Any = City({(0, 1, 0): [1, 1], (0, 2, 1): [1] * 9, (1, 1, 0): [1] * 9, (1, 2, 1): [1] * 9})
    assert Attacker(city, MANAGER, WEEK, TYPES).found() == []
    monkeypatch.setattr(week_map, "cover", lambda n, small, least, hidden: small)
    assert Attacker(city, MANAGER, WEEK, TYPES).found() == [((("cell", "D0", "NET"),), 2)]


def test_several_types_are_no_way_round() -> None:
    city: Any = City({(d, 1, k): [1] * (2 if (d, k) == (0, 0) else 9) for d in range(3) for k in range(3)})
    told = week_map.districts(city, MANAGER, WEEK, Filters.of({"type_l1": ["SVC", "TAR"]}))
    whole = week_map.districts(city, MANAGER, WEEK, Filters())
    shown = dict(zip(told.parts["region_code"], told.parts["n"], strict=True))
    assert whole.parts.set_index("region_code").loc["D0", "n"] == 20 and pd.isna(shown["D0"])


def test_a_manager_may_not_narrow_by_what_is_not_on_the_lattice() -> None:
    city: Any = City({(0, 1, 0): [1] * 9})
    with pytest.raises(NotAllowed):
        week_map.districts(city, MANAGER, WEEK, Filters.of({"channel_code": ["APP"]}))
    with pytest.raises(ValueError, match="has_towns"):
        week_map.towns(city, MANAGER, WEEK, Filters.of({"type_l1": ["NET"]}))
    assert week_map.has_towns(ANALYST, Filters.of({"type_l1": ["NET"]}))


def test_small_towns_are_folded_into_one_rate() -> None:
    city: Any = City({(0, 1, 0): [1] * 20, (0, 2, 0): [1, 2], (0, 3, 0): [1] * 4, (1, 1, 0): [1] * 6})
    told = week_map.towns(city, MANAGER, WEEK, Filters())
    signs = dict(zip(told.parts["town"], told.parts["sign"], strict=True))
    assert (signs["town01"], signs["town02"], signs["town03"], signs["town11"]) == ("", "small", "small", "")
    assert told.rest[["region_code", "n_towns", "n", "user_months"]].values.tolist() == [["D0", 2, 7.0, 200.0]]
    assert told.n == 33 and told.parts["n"].notna().sum() == told.parts["sign"].eq("").sum()


@pytest.fixture(scope="module")
def demo(demo_home: Path) -> Reader:
    releases = Releases(demo_home / "releases")
    return Reader(releases.path(str(releases.current())))


def test_figures_are_those_of_the_release(demo: Reader) -> None:
    week = weeks(demo.info["as_of"], 1)[0]
    told = week_map.districts(demo, ANALYST, week, Filters()).parts.set_index("region_code").sort_index()
    asked = demo.figures(["M02"], ANALYST, [week], ["region_code"]).set_index("region_code").sort_index()
    assert told["n"].tolist() == asked["M02_num"].tolist()
    assert told["user_months"].tolist() == pytest.approx(asked["M02_den"].tolist())
    towns = week_map.towns(demo, ANALYST, week, Filters())
    assert towns.parts["n"].sum() == told["n"].sum() and not towns.is_carried_back
    assert towns.parts["user_months"].sum() == pytest.approx(told["user_months"].sum()), (
        "no user is lost or counted twice"
    )
    town = demo.figures(["M02_TOWN"], ANALYST, [week], ["region_code", "town"]).set_index(["region_code", "town"])
    ours = towns.parts[towns.parts["n"] > 0].set_index(["region_code", "town"])
    assert ours["user_months"].to_dict() == pytest.approx(town["M02_TOWN_den"].reindex(ours.index).to_dict())
    early = Period("now", date(2024, 10, 14), date(2024, 10, 21), datetime(2024, 10, 21, 8, 30))
    assert week_map.towns(demo, ANALYST, early, Filters()).is_carried_back


def test_an_attacker_finds_nothing_in_the_demo_city(demo: Reader) -> None:
    week = weeks(demo.info["as_of"], 1)[0]
    types = sorted(demo.figures(["M01"], ANALYST, [week], ["type_l1"])["type_l1"])
    attacker = Attacker(demo, MANAGER, week, types)
    assert attacker.hidden and attacker.found() == []


@pytest.mark.deep
@pytest.mark.parametrize("viewer", [MANAGER, PLANNER, Viewer.of("manager", frozenset({"321002", "321023"}))])
def test_an_attacker_finds_nothing_in_any_week(demo: Reader, viewer: Viewer) -> None:
    types = ["BIZ", "NET", "SVC", "TAR", "TRM"]
    found = {w.first: Attacker(demo, viewer, w, types).found() for w in weeks(demo.info["as_of"], 65)}
    assert {first: n for first, n in found.items() if n} == {}
    assert min(found) < max(found) - timedelta(400)


def test_the_map_hides_what_other_periods_would_tell(demo: Reader) -> None:
    """Cells kept back so that a month less its weeks tells no small one are kept back on the map as well."""
    n_kept = 0
    for week in weeks(demo.info["as_of"], 6):
        cells = demo.figures(["M01"], MANAGER, [week], ["region_code", "type_l1"])
        for cell in cells[cells["is_kept_back"]].itertuples():
            told = week_map.districts(demo, MANAGER, week, Filters.of({"type_l1": [cell.type_l1]})).parts
            shown = told.set_index("region_code").loc[cell.region_code]
            # A cell may be kept back for its neighbours in time and be small itself.
            assert shown["sign"] != week_map.SHOWN and pd.isna(shown["n"])
            n_kept += shown["sign"] == week_map.TOO
    assert n_kept
