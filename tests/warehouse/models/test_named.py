"""People, causes, packages and routes: who and what occurs, and which department a ticket should have gone to."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import pytest

from tests.warehouse.conftest import DEMO_WORKSPACE, LittleHome, ticket
from warehouse.problems import Problems
from warehouse.workspace import load_workspace

pytestmark = pytest.mark.deep  # a release of its own for each test

DAY = datetime(2025, 3, 3, 9)
# Built besides: mart_flow_ticket
SENT = "A complaint lies with customer care or with a department that the routing names for its type."


def event(number: int, seq: int, code: str, person: str | None = None, **more: object) -> dict[str, object]:
    told = {"ticket_id": f"T{number}", "seq": seq, "event_at": DAY.replace(minute=seq), "event": code}
    return {**told, "staff_key": person, **more}


def test_a_person_belongs_where_most_of_the_work_was_done(little: LittleHome) -> None:
    little.load("ticket", [ticket(1, DAY, intake_staff="a"), ticket(2, DAY, intake_staff="c")])
    log = [
        event(1, 1, "ACP", "a", to_dept="CARE"),
        event(1, 2, "DSP", "a", from_dept="CARE", to_dept="NET"),
        event(1, 3, "INV", "b", to_dept="NET"),
        event(1, 4, "TRANSFER", "b", from_dept="NET", to_dept="BIL"),
        event(1, 5, "RES", "b", to_dept="BIL"),
    ]
    little.load("ticket_event", log)
    little.build()
    told = {r["staff_key"]: r for r in little.rows("select * from dim_staff")}
    assert {k: (r["dept_code"], r["role"], r["n_acts"]) for k, r in told.items()} == {
        "a": ("CARE", "intake", 3),
        "b": ("NET", "handling", 3),
        "c": ("UNKNOWN", "intake", 1),
    }
    assert {little.reader().levels["dim_staff"][c] for c in ("staff_key", "dept_code")} == {"L3"}


@pytest.mark.deep
def test_who_worked_is_added_up_as_when_all_is_made_anew(little: LittleHome) -> None:
    little.load("ticket", [ticket(n, DAY, intake_staff="a", cause_l1="网络原因") for n in range(60)])
    little.load("ticket_event", [event(n, 1, "ACP", "a", to_dept="CARE") for n in range(60)])
    little.build()
    little.load("ticket", [ticket(60, DAY, intake_staff="b", cause_l1="人员原因"), ticket(0, DAY)])
    little.load("ticket_event", [event(0, 1, "ACP", "b", to_dept="HALLMGT")])
    built = little.build()
    staff, causes = (little.rows(f"select * from {t} order by all") for t in ("dim_staff", "fact_ticket_cause"))
    assert [(r["staff_key"], r["dept_code"], r["n_acts"]) for r in staff] == [("a", "CARE", 118), ("b", "HALLMGT", 2)]
    assert {r["cause_l1"]: r["n_tickets"] for r in causes} == {"网络原因": 59, "人员原因": 1}
    assert little.build(full=True).content_hash == built.content_hash


def test_a_cause_is_named_in_both_languages_where_somebody_did(little: LittleHome) -> None:
    words = {"cause_l1": "网络原因", "cause_l2": "覆盖不足", "cause_l3": "弱覆盖"}
    other = {"cause_l1": "外星人", "cause_l2": None}
    little.load("ticket", [ticket(1, DAY, **words), ticket(2, DAY, **other), ticket(3, DAY)])
    judged = {"ticket_id": "T1", "source_system": "S", "window_start": DAY}
    little.load(
        "demarcation", [{**judged, "cause_code": "COVERAGE"}, {**judged, "ticket_id": "T2", "cause_code": "X9"}]
    )
    little.build()
    told = {r["cause_code"]: r for r in little.rows("select * from dim_cause")}
    known = told["网络原因/覆盖不足/弱覆盖"]
    assert (known["l1_en"], known["l3_en"], known["side"], known["is_fixable"]) == (
        "Network",
        "Weak coverage",
        "network",
        True,
    )
    assert told["COVERAGE"]["l2_zh"] == "覆盖不足"
    found = {c: (r["l1_en"], r["side"]) for c, r in told.items() if not r["is_seeded"]}
    assert found == {"外星人": ("外星人", None), "X9": ("X9", None)}


def test_a_package_has_the_name_of_the_workspace_else_that_of_its_bills(little: LittleHome) -> None:
    bill = {"region_code": "321002", "package_code": "PK038", "package_name": "旧名", "n_checked": 1, "n_errors": 0}
    rows = [
        {**bill, "period_month": date(2025, 1, 1), "n_bills": 9},
        {**bill, "period_month": date(2025, 2, 1), "n_bills": 7},
        {**bill, "period_month": date(2025, 2, 1), "n_bills": 5, "region_code": "321003"},
        {**bill, "period_month": date(2025, 1, 1), "n_bills": 3, "package_code": "PK777", "package_name": "新装"},
    ]
    little.load("bill", rows)
    little.build()
    told = {r["package_code"]: r for r in little.rows("select * from dim_package")}
    assert (told["PK038"]["zh"], told["PK038"]["en"], told["PK038"]["fee_yuan"]) == ("轻享38元", "Light 38", 38)
    assert told["PK038"]["n_bills"] == 12
    assert (told["PK777"]["zh"], told["PK777"]["en"], told["PK777"]["n_bills"]) == ("新装", "新装", None)


def test_a_route_holds_from_its_day_on_and_types_say_the_rest(little: LittleHome) -> None:
    (little.home.root / "routings.csv").write_text(
        "type_code,owner_dept,co_owners,effective_from\nTAR02,MKT,,\nTAR02,BIL,TECH; CARE,2025-02-01\n"
        "SVC01,HALLMGT,,2025-01-01\n",
        encoding="utf-8",
    )
    little.build()
    told = little.rows("select * from dim_routing where type_code in ('TAR02', 'SVC01', 'NET01') order by all")
    spans = [(r["type_code"], r["owner_dept"], r["co_owners"], r["valid_from"].year, r["valid_to"]) for r in told]
    assert [(*s[:4], s[4] and s[4].month) for s in spans] == [
        ("NET01", "NET", ";", 1900, None),
        ("SVC01", "CARE", ";", 1900, 1),
        ("SVC01", "HALLMGT", ";", 2025, None),
        ("TAR02", "BIL", ";TECH;CARE;", 2025, None),
        ("TAR02", "MKT", ";", 1900, 2),
    ]


@pytest.mark.parametrize(("dept", "is_off"), [("NET", 0), ("NETMAINT", 0), ("CARE", 0), ("HR", 1), ("MKT", 1)])
def test_what_is_sent_elsewhere_than_the_routing_says_is_counted(little: LittleHome, dept: str, is_off: int) -> None:
    little.load("ticket", [ticket(1, DAY, owner_dept=dept), ticket(2, DAY, type_code=None)])
    sent = {"from_dept": "CARE", "to_dept": dept}
    log = [event(n, 1, "ACP", to_dept="CARE") for n in (1, 2)]
    little.load("ticket_event", [*log, event(1, 2, "DSP", **sent), event(2, 2, "DSP", **sent)])
    built = little.build()
    [told] = little.rows("select sum(n_routed) as n, sum(n_off_route) as off from mart_flow_ticket")
    assert (told["n"], told["off"]) == (1, is_off)
    assert [w for w in built.warnings if w.startswith(SENT)] == [f"{SENT} Not so for T1, NET01, {dept}"] * is_off


def test_a_day_that_is_none_is_named_with_its_line(tmp_path: Path) -> None:
    for path in DEMO_WORKSPACE.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "routings.csv").write_text(
        "type_code,owner_dept,co_owners,effective_from\nNET01,NET,,\nNET01,NET,,31/01/2025\n", encoding="utf-8"
    )
    (tmp_path / "packages.csv").write_text("package_code,zh,en,fee_yuan,launched_on\nP,a,b,cheap,\n", encoding="utf-8")
    with pytest.raises(Problems) as told:
        load_workspace(tmp_path)
    assert [str(p).split(f"{tmp_path}/")[1] for p in told.value.problems] == [
        "packages.csv, line 2: fee_yuan is cheap; write a number such as 59, or leave it empty.",
        "routings.csv, line 3: effective_from is 31/01/2025; write a day such as 2025-01-31, or leave it empty.",
    ]
