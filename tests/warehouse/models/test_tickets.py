"""Tickets through the real models: what counts, what repeats, what was handed over, what is on time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.warehouse.conftest import LittleHome, ticket

DAY = datetime(2025, 1, 6, 9)


def flags(little: LittleHome, *columns: str) -> dict[str, tuple[Any, ...]]:
    rows = little.rows("select * from fact_ticket")
    return {r["ticket_id"]: tuple(r[c] for c in columns) for r in rows}


def test_a_repeat_is_the_same_number_and_type_within_30_days_of_the_last_one(little: LittleHome) -> None:
    same = {"cust_key": "k1", "type_code": "NET01"}
    little.load("ticket", [ticket(n, DAY + timedelta(days=n), **same) for n in (0, 29, 60)])
    little.load("ticket", [ticket("other", DAY + timedelta(days=3), cust_key="k1", type_code="NET02")])
    little.build()
    found = flags(little, "is_repeat", "is_counted")
    assert found == {
        "T0": (False, True),
        "T29": (True, True),
        "T60": (False, True),
        "Tother": (False, True),
    }


def test_a_repeat_ends_at_30_days_to_the_second(little: LittleHome) -> None:
    month = timedelta(days=30)
    for key, gap in (("a", month), ("b", month + timedelta(seconds=1))):
        little.load("ticket", [ticket(f"{key}0", DAY, cust_key=key), ticket(f"{key}1", DAY + gap, cust_key=key)])
    little.build()
    found = flags(little, "is_repeat")
    assert found["Ta1"] == (True,)
    assert found["Tb1"] == (False,)


def test_a_chaser_is_no_repeat(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, DAY)])
    little.load("ticket_event", events(1, ["ACP", "URGE", "URGE"]))
    little.build()
    assert flags(little, "is_repeat", "n_chasers") == {"T1": (False, 2)}


def test_app_and_hotline_within_24_hours_are_one_ticket(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, DAY, cust_key="k", channel_code="APP")])
    little.load("ticket", [ticket(2, DAY + timedelta(hours=24), cust_key="k", channel_code="HOTLINE")])
    little.load("ticket", [ticket(3, DAY + timedelta(hours=1), cust_key="k", type_code="TAR01")])
    little.build()
    found = flags(little, "is_duplicate", "is_counted", "is_repeat")
    assert found["T1"] == (False, True, False)
    assert found["T2"] == (True, False, False)
    assert found["T3"] == (False, True, False)
    assert len(little.rows("select * from mart_ticket")) == 2


def test_a_repeat_is_measured_from_a_ticket_that_counts(little: LittleHome) -> None:
    later = DAY + timedelta(days=30, hours=1)
    rows = [ticket(1, DAY, cust_key="k"), ticket(2, DAY + timedelta(hours=2), cust_key="k")]
    little.load("ticket", [*rows, ticket(3, later, cust_key="k")])
    little.build()
    assert flags(little, "is_repeat")["T3"] == (False,)


def test_tickets_without_a_number_never_repeat(little: LittleHome) -> None:
    little.load("ticket", [ticket(n, DAY + timedelta(hours=n), cust_key=None) for n in range(3)])
    little.build()
    assert set(flags(little, "is_counted", "is_repeat", "is_duplicate").values()) == {(True, False, False)}


@pytest.mark.parametrize(
    ("values", "counts"),
    [
        ({"request_kind": "enquiry"}, False),
        pytest.param({"request_kind": "fault"}, True, marks=pytest.mark.deep),
        pytest.param({"request_kind": None}, True, marks=pytest.mark.deep),
        ({"validity": "invalid"}, False),
        pytest.param({"merged_into": "T9"}, False, marks=pytest.mark.deep),
        ({"type_code": "nonsense"}, True),
    ],
)
def test_what_counts_as_a_complaint(little: LittleHome, values: dict[str, Any], counts: bool) -> None:
    little.load("ticket", [ticket(1, DAY, **values)])
    little.build()
    assert flags(little, "is_counted") == {"T1": (counts,)}


def events(number: int, codes: list[str], start: datetime = DAY) -> list[dict[str, Any]]:
    named = [{"ticket_id": f"T{number}", "seq": n, "event": code} for n, code in enumerate(codes, start=1)]
    return [{**event, "event_at": start + timedelta(hours=n)} for n, event in enumerate(named)]


def test_two_hand_overs_are_two_transfers(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, DAY, n_transfers=7), ticket(2, DAY, n_transfers=7)])
    path = events(1, ["ACP", "TRANSFER", "TRANSFER", "FBK"])
    path[1] |= {"from_dept": "CARE", "to_dept": "NET"}
    path[2] |= {"from_dept": "NET", "to_dept": "BIL"}
    little.load("ticket_event", path)
    little.build()
    # The log wins over the ticket's own column; a ticket without a log keeps what its export says.
    assert flags(little, "n_transfers") == {"T1": (2,), "T2": (7,)}


def test_a_reopening_undoes_the_feedback_before_it(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, DAY, feedback_at=DAY + timedelta(hours=2))])
    little.load("ticket_event", events(1, ["ACP", "RES", "FBK", "REOPEN"]))
    little.build()
    assert flags(little, "feedback_at", "is_reopened_7d") == {"T1": (None, True)}
    little.load("ticket_event", [{**events(1, ["FBK"], DAY + timedelta(hours=9))[0], "seq": 5}])
    little.build()
    [(closed, _)] = flags(little, "feedback_at", "is_reopened_7d").values()
    assert closed == DAY + timedelta(hours=9)


def test_on_time_includes_the_limit_to_the_second(little: LittleHome) -> None:
    limit = timedelta(hours=24)
    ends = {"exact": limit, "late": limit + timedelta(seconds=1), "early": limit - timedelta(seconds=1)}
    little.load("ticket", [ticket(name, DAY, feedback_at=DAY + after) for name, after in ends.items()])
    little.build()
    told = little.rows("select ticket_id, state, policy_id, limit_min from fact_ticket_judged where stage = 'FBK'")
    assert {r["ticket_id"]: r["state"] for r in told} == {"Texact": "on_time", "Tlate": "overdue", "Tearly": "on_time"}
    assert {(r["policy_id"], r["limit_min"]) for r in told} == {("CITY-2025", 1440)}


def test_open_stages_are_judged_at_the_instant_of_the_release(little: LittleHome) -> None:
    ages = {"running": 10, "soon_due": 20, "overdue": 25}
    little.load("ticket", [ticket(s, little.as_of - timedelta(hours=h)) for s, h in ages.items()])
    little.build()
    told = little.rows("select ticket_id, state from fact_ticket_judged where stage = 'FBK'")
    assert {r["ticket_id"]: r["state"] for r in told} == {f"T{s}": s for s in ages}


def test_the_policy_in_force_at_acceptance_judges(little: LittleHome) -> None:
    turn = datetime(2025, 1, 1)
    rows = [ticket("old", turn - timedelta(seconds=1)), ticket("new", turn), ticket("urgent", turn, priority="P1")]
    little.load("ticket", rows)
    little.build()
    told = little.rows("select ticket_id, stage, policy_id, limit_min from fact_ticket_judged order by all")
    assert [tuple(r.values()) for r in told] == [
        ("Tnew", "FBK", "CITY-2025", 1440),
        ("Tnew", "FRS", "CITY-2025", 720),
        ("Told", "FBK", "CITY-2024", 2880),
        ("Told", "FRS", "CITY-2024", 1440),
        ("Turgent", "FBK", "CITY-2025", 240),
        ("Turgent", "FRS", "CITY-2025", 30),
    ]


def test_a_ticket_outside_the_calendar_is_counted_all_the_same(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, datetime(1999, 5, 5))])
    little.build()
    assert len(little.rows("select * from mart_ticket")) == 1


def test_the_newest_version_of_a_ticket_counts(little: LittleHome) -> None:
    first, second = datetime(2025, 1, 7), datetime(2025, 1, 8)
    little.load("ticket", [ticket(1, DAY, exported_at=second, town="new")])
    little.load("ticket", [ticket(1, DAY, exported_at=first, town="old")])
    little.build()
    assert flags(little, "town") == {"T1": ("new",)}


def test_the_district_is_the_sources_then_the_points_then_the_home(little: LittleHome) -> None:
    little.load(
        "ticket",
        [
            ticket(1, DAY, region_code="321002", point_region="321003", home_region="321023", geo_grade="A"),
            ticket(2, DAY, region_code=None, point_region="321003", home_region="321023", geo_grade="B"),
            ticket(3, DAY, region_code=None, home_region="321023", geo_grade="D"),
            ticket(4, DAY, region_code=None, home_region="another city", geo_grade="D"),
            ticket(5, DAY, region_code=None, point_region="999", geo_grade="C"),
            ticket(6, DAY, region_code=None),
        ],
    )
    little.build()
    assert flags(little, "region_code", "region_from") == {
        "T1": ("321002", "source"),
        "T2": ("321003", "point"),
        "T3": ("321023", "home"),
        "T4": ("UNKNOWN", None),
        "T5": ("999", "point"),
        "T6": ("UNKNOWN", None),
    }
    named = little.rows("select region_code, is_seeded from dim_region where region_code in ('321003', '999')")
    assert {r["region_code"]: r["is_seeded"] for r in named} == {"321003": True, "999": False}
    located = little.rows("select ticket_id, is_located from mart_ticket order by ticket_id")
    assert [r["is_located"] for r in located] == [True, True, False, False, True, False]


def test_a_fine_cell_is_as_secret_as_the_point(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, DAY)])
    little.build()
    levels = little.reader().levels["fact_ticket"]
    assert {levels[c] for c in ("lon", "lat", "grid50")} == {"L3"}
    assert {levels[c] for c in ("grid250", "grid500", "h3_8", "h3_9", "place_id")} == {"L2"}
