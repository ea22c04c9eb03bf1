"""The three cases of 2024 in the release of the demo city: every stage and stay, to the second."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from etl.demo.golden import LI, WANG, ZHANG, ZHANG_EXTERNAL
from warehouse.query import Reader
from warehouse.viewer import Viewer

pytestmark = pytest.mark.xdist_group("demo_home")
STAGES = """
select stage, ended_at, elapsed_s, paused_s, dept, cycle_no, source from fact_ticket_stage
where ticket_id = ? order by started_at, stage_no
"""
STAYS = """
select dept, in_at, out_at, dwell_min, dwell_nonwork_min, first_accept_min, first_action_min from fact_dept_dwell
where ticket_id = ? order by visit_no
"""


def clock(text: str) -> pd.Timestamp:
    return pd.Timestamp(f"2024-{text}")


def frame(reader: Reader, sql: str, *parameters: Any) -> list[tuple[Any, ...]]:
    rows = reader.ask(sql, list(parameters))
    return [tuple(None if pd.isna(v) else v for v in row) for row in rows.itertuples(index=False)]


GOLDEN = {
    ZHANG: [
        ("ACP", "08-03 09:42:10", 0, "CARE"),
        ("REG", "08-03 09:46:20", 250, "CARE"),
        ("CLS", "08-03 09:49:05", 165, "CARE"),
        ("DSP", "08-03 09:55:30", 385, "BIL"),
        ("ACC", "08-05 09:12:00", 170_190, "BIL"),
        ("FRS", "08-05 10:31:00", 4_740, "BIL"),
        ("INV", "08-18 15:20:00", 1_140_540, "BIL"),
        ("PLN", "08-19 09:30:00", 65_400, "BIL"),
        ("RES", "08-19 16:00:00", 23_400, "BIL"),
        ("FBK", "08-21 10:15:00", 152_100, "BIL"),
        ("SAT", "08-21 10:20:00", 300, "BIL"),
        ("ARC", "08-21 17:00:00", 24_000, "BIL"),
    ],
    WANG: [
        ("ACP", "09-14 16:05:00", 0, "CARE"),
        ("REG", "09-14 16:08:00", 180, "CARE"),
        ("CLS", "09-14 16:10:00", 120, "CARE"),
        ("DSP", "09-14 16:14:00", 240, "HALLMGT"),
        ("ACC", "09-14 16:40:00", 1_560, "HALLMGT"),
        ("FRS", "09-14 17:20:00", 2_400, "HALLMGT"),
        ("INV", "09-15 10:00:00", 60_000, "HALLMGT"),
        ("PLN", "09-18 09:00:00", 255_600, "HALLMGT"),
        ("RES", "09-24 17:30:00", 549_000, "HALLMGT"),
        ("FBK", "09-26 10:10:00", 146_400, "HALLMGT"),
        ("SAT", "09-26 10:15:00", 300, "HALLMGT"),
        ("ARC", "09-26 17:00:00", 24_300, "HALLMGT"),
    ],
    # Only recorded: neither a first contact nor an investigation.
    LI[0]: [
        ("ACP", "10-08 19:25:00", 0, "CARE"),
        ("REG", "10-08 19:28:00", 180, "CARE"),
        ("CLS", "10-08 19:31:00", 180, "CARE"),
        ("DSP", "10-08 19:35:00", 240, "NET"),
        ("ACC", "10-09 09:05:00", 48_600, "NET"),
        ("RES", "10-09 16:40:00", 27_300, "NET"),
        ("FBK", "10-09 17:00:00", 1_200, "NET"),
        ("ARC", "10-09 18:00:00", 3_600, "NET"),
    ],
}
# Working minutes by hand. Zhang: ten working days of 540 minutes and Monday the 19th to 16:00. Wang: the 14th is a
# make-up working day, the 15th to 17th a holiday; 76 minutes and five days. Li: 08:30 to 16:40 of the 9th.
DWELL = {
    ZHANG: [
        ("CARE", clock("08-03 09:42:10"), clock("08-03 09:55:30"), 800 / 60, 800 / 60, None, 250 / 60),
        ("BIL", clock("08-03 09:55:30"), clock("08-19 16:00:00"), 23_404.5, 23_404.5 - 5_850, 2_836.5, 21_924.5),
    ],
    WANG: [
        ("CARE", clock("09-14 16:05:00"), clock("09-14 16:14:00"), 9, 0, None, 3),
        ("HALLMGT", clock("09-14 16:14:00"), clock("09-24 17:30:00"), 14_476, 14_476 - 2_776, 26, 66),
    ],
    LI[0]: [
        ("CARE", clock("10-08 19:25:00"), clock("10-08 19:35:00"), 10, 10, None, 3),
        ("NET", clock("10-08 19:35:00"), clock("10-09 16:40:00"), 1_265, 1_265 - 490, 810, None),
    ],
}


@pytest.mark.parametrize("number", GOLDEN)
def test_stages(demo_reader: Reader, number: str) -> None:
    expected = [(stage, clock(at), took, 0, dept, 1, "log") for stage, at, took, dept in GOLDEN[number]]
    assert frame(demo_reader, STAGES, number) == expected


@pytest.mark.parametrize("number", DWELL)
def test_stays(demo_reader: Reader, number: str) -> None:
    found = frame(demo_reader, STAYS, number)
    assert [f[:3] for f in found] == [d[:3] for d in DWELL[number]]
    for row, expected in zip(found, DWELL[number], strict=True):
        assert row[3:] == pytest.approx(expected[3:])


def test_the_chain_of_li_reaches_the_platform_on_the_tenth_day(demo_reader: Reader) -> None:
    columns = ["chain_id", "ticket_ids", "n_tickets", "n_chasers", "max_level", "days_to_external"]
    rows = demo_reader.ask("select * from fact_chain where chain_id = ?", [LI[0]])
    [(*chain, days)] = rows[columns].itertuples(index=False)
    assert chain == [LI[0], " ".join(LI), 4, 1, "L2"]
    assert days == pytest.approx(9.5868, abs=1e-4)


def test_a_filing_13_days_later_is_a_repeat_and_no_second_filing(demo_reader: Reader) -> None:
    sql = "select is_counted, is_repeat, case_id, chain_id from fact_ticket where ticket_id = ?"
    assert frame(demo_reader, sql, ZHANG_EXTERNAL) == [(True, True, ZHANG_EXTERNAL, ZHANG)]


def test_planted_copies_of_outside_bodies_count_once_and_escalate(demo_reader: Reader) -> None:
    copies = (
        "select ticket_id, case_id, is_counted, is_linked_external from fact_ticket where ticket_id like 'WB202412%'"
    )
    found = frame(demo_reader, copies)
    assert len(found) >= 5
    for ticket_id, case_id, is_counted, is_linked in found:
        assert (case_id != ticket_id, is_counted, is_linked) in {(True, False, True), (False, True, False)}
    linked = [row[1] for row in found if not row[2]]
    heads = "select count(*) from mart_ticket where list_contains(?, ticket_id) and is_escalated and is_linked_external"
    assert frame(demo_reader, heads, linked) == [(len(linked),)]


def test_the_planted_disagreement_is_reported_and_the_log_wins(demo_reader: Reader) -> None:
    told = demo_reader.table("mart_log_difference", Viewer.of("manager")).set_index("column_name")
    assert told.loc["feedback_at", ["n_differ", "median_difference"]].tolist() == [
        told.loc["n_transfers", "n_differ"],
        120.0,
    ]
    assert told.loc["feedback_at", "n_differ"] > 0
    assert told.loc["n_transfers", "max_difference"] == 2.0
    findings = demo_reader.table("mart_ticket_log", Viewer.of("manager")).set_index("finding")["n_found"]
    assert findings[["events_of_unknown_tickets", "events_before_acceptance", "events_sent_again"]].sum() == 0


def test_stages_of_every_finished_ticket_add_up_to_its_handling_time(demo_reader: Reader) -> None:
    sql = """
    select count(*), count_if(s.total <> date_diff('second', t.accepted_at, t.feedback_at))
    from mart_ticket as t join (
        select ticket_id, sum(elapsed_s) as total from fact_ticket_stage
        where stage not in ('SAT', 'ARC') and ended_at is not null group by ticket_id having max(cycle_no) = 1
    ) as s on s.ticket_id = t.ticket_id
    where t.feedback_at is not null
    """
    [(n, n_other)] = frame(demo_reader, sql)
    assert n > 25_000
    assert n_other == 0


def test_both_clocks_of_the_written_cases(demo_reader: Reader) -> None:
    """From the first contact and from the outside filing (CF17), in calendar days."""
    told = demo_reader.table("mart_case", Viewer.of("manager")).set_index("case_id")
    days = ["days_to_outside", "days_to_interim", "days_to_permanent"]
    both = [*days, "days_outside_to_interim", "days_outside_to_permanent"]
    assert told.loc["li-2024-10", both].tolist() == [10, 11, 21, 1, 11]
    assert told.loc["zhang-2024-08", both].tolist() == [13, 16, 16, 3, 3]
    assert told.loc["wang-2024-09", days[1:]].tolist() == [4, 10]
    assert pd.isna(told.loc["wang-2024-09", "outside_at"])
    assert told.loc["li-2024-10", ["n_inside", "n_chasers", "n_empty"]].tolist() == [3, 1, 4]
    assert told.loc["zhang-2024-08", ["n_inside", "n_chasers", "n_empty"]].tolist() == [1, 3, 4]


def test_the_course_shows_the_change_before_and_the_sites_after(demo_reader: Reader) -> None:
    steps = demo_reader.table("mart_case_step", Viewer.of("manager"))
    change = steps[(steps["case_id"] == "zhang-2024-08") & (steps["lane"] == "network")]
    assert list(change["step_at"]) == [clock("07-28 00:00:00")]
    on_air = steps[(steps["case_id"] == "li-2024-10") & (steps["code"] == "ON_AIR")]
    assert on_air[["step_at", "what"]].to_numpy().tolist() == [[clock("10-29 00:00:00"), "2"]]
    days = demo_reader.table("mart_case_day", Viewer.of("manager")).sort_values("day_on")
    weak = days.set_index("day_on")["weak_share"]
    assert weak[: pd.Timestamp("2024-10-28")].min() > 2 * weak[pd.Timestamp("2024-10-29") :].max()


def test_a_case_names_nobody(demo_reader: Reader) -> None:
    columns = set(demo_reader.levels["mart_case_step"]) | set(demo_reader.levels["mart_case"])
    assert columns & {"ticket_id", "cust_key", "staff_key", "note_scrubbed", "place_name", "town"} == set()
    weeks = demo_reader.table("mart_case_week", Viewer.of("manager"))
    assert "n_complaints" not in weeks
    assert weeks["n_told"].dropna().isin([0]).sum() + (weeks["n_told"] >= 5).sum() == weeks["n_told"].notna().sum()
