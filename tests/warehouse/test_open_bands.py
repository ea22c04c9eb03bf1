"""What is open by department and time left: figures of the release, and nothing hidden that follows from the rest."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import LinearConstraint, milp

from warehouse import open_bands
from warehouse.open_bands import OPEN, SHOWN, SMALL, TOO
from warehouse.query import Filters, NotAllowed, Reader
from warehouse.release import Releases
from warehouse.selects import compiled
from warehouse.viewer import Viewer

NOW, LEAST = datetime(2025, 3, 31, 8, 30), 5
MANAGER, ANALYST = Viewer.of("manager"), Viewer.of("analyst")
BANDS = ("M22_OPEN", "M23_2H", "M23_DAY", "M23_LATER")
HOURS = (-3, 1, 6, 90)  # from now to the limit, one for each band
COLUMNS = ["ticket_id", "cust_key", "accepted_at", "due_at", "feedback_at", "owner_dept", "region_code"]


class City:
    """A reader over one table in memory: departments with open tickets of some customers in each band."""

    levels = {"mart_ticket": dict.fromkeys(COLUMNS, "L1")}

    def __init__(self, cells: dict[tuple[int, int], list[int]]) -> None:
        """`cells`: the tickets of each customer, by department and band."""
        begun = NOW - timedelta(days=3)
        rows = [
            (f"T{d}{b}{c}{i}", f"C{d}{b}{c}", begun, NOW + timedelta(hours=HOURS[b]), None, f"D{d}", "R1")
            for (d, b), people in cells.items()
            for c, n in enumerate(people)
            for i in range(n)
        ]
        # Neither is open: one is done, one comes later.
        rows.append(("T1", "C1", begun, NOW, NOW - timedelta(hours=1), "D0", "R1"))
        rows.append(("T2", "C2", NOW + timedelta(hours=1), NOW + timedelta(hours=9), None, "D0", "R1"))
        self._con = duckdb.connect()
        self._con.execute(
            "create table mart_ticket (ticket_id text, cust_key text, accepted_at timestamp, due_at timestamp, "
            "feedback_at timestamp, owner_dept text, region_code text)"
        )
        self._con.executemany("insert into mart_ticket values (?, ?, ?, ?, ?, ?, ?)", rows)

    def run(self, statement: Any) -> pd.DataFrame:
        return self._con.execute(*compiled(statement)).df()


def told(reader: Any, viewer: Viewer = MANAGER, where: Filters | None = None) -> pd.DataFrame:
    return open_bands.by_department(reader, viewer, NOW, where or Filters(), BANDS)


def follows(reader: Any) -> list[tuple[str, str]]:
    """Cells that are hidden from a manager and can have one value only, by integer programming."""
    board = told(reader)
    signs = open_bands.in_all(reader, MANAGER, NOW, Filters(), BANDS)
    truth = open_bands.by_department(reader, ANALYST, NOW, Filters(), BANDS)
    depts = sorted(set(truth["owner_dept"])) or ["D0"]
    at = {(d, b): k for k, (d, b) in enumerate((d, b) for d in depts for b in BANDS)}
    rows: list[Any] = []
    low: list[float] = []
    high: list[float] = []
    hidden: dict[tuple[str, str], Any] = {}

    def see(dept: str, band: str, n: float, sign: str) -> None:
        row = np.zeros(len(at))
        row[[k for (d, b), k in at.items() if dept in (d, "") and band in (b, OPEN)]] = 1
        rows.append(row)
        low.append(n if sign == SHOWN else 1 if sign == SMALL else LEAST)
        high.append(n if sign == SHOWN else np.inf)
        if sign != SHOWN:
            hidden[dept, band] = row

    for cell in board.itertuples():
        see(str(cell.owner_dept), str(cell.band), cell.n, str(cell.sign))
    whole = truth.groupby("band")["n"].sum().reindex([*BANDS, OPEN], fill_value=0.0)
    for band, sign in signs.items():
        see("", band, float(whole[band]), sign)
    limits = LinearConstraint(np.array(rows), np.array(low), np.array(high))
    found = []
    for name, row in hidden.items():
        both = [milp(w * row, constraints=limits, integrality=np.ones(len(row)), bounds=(0, 9999)) for w in (1, -1)]
        assert all(b.status == 0 for b in both), "what is seen must be possible"
        if round(both[0].fun) == round(-both[1].fun):
            found.append(name)
    return found


def of_one(n: int) -> list[int]:
    return [1] * n


def test_a_band_of_few_is_hidden_and_another_with_it() -> None:
    city: Any = City({(0, 0): of_one(9), (0, 1): of_one(2), (0, 2): of_one(7), (1, 0): of_one(8), (1, 2): of_one(6)})
    board = told(city).set_index(["owner_dept", "band"])
    assert (board.loc[("D0", "M23_2H"), "sign"], board.loc[("D0", OPEN), "n"]) == (SMALL, 18)
    assert np.isnan(board.loc[("D0", "M23_2H"), "n"])
    line = board.xs("D0")
    assert (line["sign"] == TOO).sum() >= 1, "it would be 18 less the others"
    assert follows(city) == []
    assert open_bands.in_all(city, MANAGER, NOW, Filters(), BANDS)["M23_2H"] == SMALL


def test_one_customer_with_many_tickets_is_one_customer() -> None:
    board = told(City({(0, 0): [6, 1], (0, 2): of_one(9)})).set_index("band")
    assert board.loc["M22_OPEN", "sign"] == SMALL and board.loc["M23_DAY", "sign"] == TOO


def test_an_analyst_sees_all_and_the_bands_add_up() -> None:
    board = told(City({(0, 0): of_one(2), (1, 3): of_one(1), (1, 1): [3]}), ANALYST)
    assert set(board["sign"]) == {SHOWN}
    wide = board.pivot(index="owner_dept", columns="band", values="n")
    assert wide.loc["D1", list(BANDS)].tolist() == [0, 3, 0, 1] and (wide[list(BANDS)].sum(axis=1) == wide[OPEN]).all()


def test_one_district_or_type_is_not_told_by_department() -> None:
    city = City({(0, 0): of_one(20), (1, 2): of_one(20)})
    where = Filters.of({"region_code": ["R1"]})
    assert len(told(city)) and told(city, MANAGER, where).empty and len(told(city, ANALYST, where))
    with pytest.raises(NotAllowed):
        told(city, MANAGER, Filters.of({"owner_dept": ["D0"]}))


def test_counts_on_their_own_are_hidden_by_their_customers() -> None:
    city: Any = City({(0, 0): [9, 9], (0, 2): of_one(30)})
    signs = open_bands.in_all(city, MANAGER, NOW, Filters(), (), ["M22_OPEN", "M23_DAY"])
    assert signs == {"M22_OPEN": SMALL, "M23_DAY": SHOWN, OPEN: SHOWN}


def test_nothing_open_and_no_department_are_told_as_such() -> None:
    nobody: Any = City({})
    assert told(nobody).empty
    assert open_bands.in_all(nobody, MANAGER, NOW, Filters(), BANDS)[OPEN] == SHOWN


counts = st.one_of(st.just(0), st.integers(0, 3), st.integers(0, 8), st.integers(5, 30))
a_city = st.dictionaries(st.tuples(st.integers(0, 4), st.integers(0, 3)), counts, max_size=20)


def attacked(cells: dict[tuple[int, int], int], most: int) -> None:
    city = City({cell: [1 + c % most for c in range(n)] for cell, n in cells.items()})
    assert follows(city) == []


test_no_hidden_band_follows_from_the_others = settings(max_examples=4, deadline=None)(
    given(a_city, st.integers(1, 3))(attacked)
)
test_no_hidden_band_of_many_boards_follows_from_the_others = pytest.mark.deep(
    settings(max_examples=300, deadline=None)(given(a_city, st.integers(1, 3))(attacked))
)


def test_the_attacker_is_no_fool(monkeypatch: pytest.MonkeyPatch) -> None:
    city = City({(0, 0): of_one(9), (0, 1): of_one(2), (1, 0): of_one(8), (1, 1): of_one(30)})
    monkeypatch.setattr(open_bands, "cover", lambda n, small, least, hidden=None: small)
    assert ("D0", "M23_2H") in follows(city)


@pytest.mark.deep
def test_the_demo_city_tells_what_is_open_and_no_more(demo_home: Path) -> None:
    releases = Releases(demo_home / "releases")
    reader = Reader(releases.path(str(releases.current())))
    assert reader.info["as_of"] == NOW and follows(reader) == []
