"""The event log: order, agreement with the ticket columns, hand-overs."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.etl.demo.reading import Demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin

MOVES = ["派单", "转派", "退回"]


def owners(demo: Demo) -> pd.Series:
    """Departments in order of ownership per ticket, beginning with care."""
    moves = demo.events[demo.events["操作"].isin(MOVES)]
    return moves.groupby("工单流水号")["转入部门"].agg(list)


def test_events_are_numbered_in_order_of_time(demo: Demo) -> None:
    events = demo.events
    same = events["工单流水号"] == events["工单流水号"].shift()
    step = events["序号"] - events["序号"].shift()
    wait = events["操作时间"] - events["操作时间"].shift()
    assert (step[same] == 1).all() and (wait[same] >= pd.Timedelta(0)).all()
    assert (events.groupby("工单流水号")["操作"].first() == "受理").all()


def test_files_are_cut_by_the_month_of_the_event(demo: Demo) -> None:
    events = pd.read_csv(demo.inbox / "工单流转日志_202405.csv", encoding="utf-8-sig")
    assert events["操作时间"].str.startswith("2024-05").all()


@pytest.mark.parametrize(
    ("column", "operation", "which"),
    [
        ("派单时间", "派单", "first"),
        ("首次响应时间", "首次响应", "first"),
        ("受理时间", "受理", "first"),
        ("反馈时间", "结果反馈", "last"),
    ],
)
def test_times_of_the_ticket_come_from_the_log(demo: Demo, column: str, operation: str, which: str) -> None:
    logged = demo.events[demo.events["操作"] == operation].groupby("工单流水号")["操作时间"].agg(which)
    ticket = demo.valid.set_index("工单流水号")[column].dropna()
    joined = pd.concat([ticket, logged], axis=1, join="inner")
    assert len(joined) == len(ticket)
    assert (joined.iloc[:, 0] == joined.iloc[:, 1]).all()


@pytest.mark.parametrize(("column", "operation"), [("转派次数", "转派"), ("催单次数", "催办"), ("重开次数", "重开")])
def test_counts_of_the_ticket_come_from_the_log(demo: Demo, column: str, operation: str) -> None:
    logged = demo.events[demo.events["操作"] == operation].groupby("工单流水号").size()
    ticket = demo.valid.set_index("工单流水号")[column]
    assert (ticket == logged.reindex(ticket.index).fillna(0)).all()


def test_owner_is_the_last_department(demo: Demo) -> None:
    last = owners(demo).str[-1]
    ticket = demo.valid.set_index("工单流水号")["处理部门"]
    joined = pd.concat([ticket, last], axis=1, join="inner")
    assert (joined.iloc[:, 0] == joined.iloc[:, 1]).all()


def test_transfers_follow_the_asked_distribution(demo: Demo) -> None:
    sequences = owners(demo)
    moves = (sequences.str.len() - 1).reindex(demo.valid_2024["工单流水号"]).fillna(0)
    shares = moves.clip(upper=3).value_counts(normalize=True)
    assert shares[0.0] == pytest.approx(0.62, abs=0.02)
    assert shares[1.0] == pytest.approx(0.25, abs=0.025)
    assert shares[2.0] == pytest.approx(0.08, abs=0.015)
    assert shares[3.0] == pytest.approx(0.05, abs=0.012)


def test_loops_are_about_three_percent(demo: Demo) -> None:
    sequences = owners(demo).reindex(demo.valid_2024["工单流水号"]).dropna()

    def is_loop(path: list[str]) -> bool:
        # Care takes every ticket in: coming back to it, or to any department left before, is a loop.
        whole = path if path[0] == "客服管理部" else ["客服管理部", *path]
        return len(set(whole)) < len(whole)

    assert sequences.map(is_loop).sum() / len(demo.valid_2024) == pytest.approx(0.03, abs=0.01)


def test_reopens_come_within_seven_days(demo: Demo) -> None:
    events = demo.events
    back = events[events["操作"].isin(["结果反馈", "重开"])]
    wait = back.groupby("工单流水号")["操作时间"].diff()
    reopened = wait[back["操作"] == "重开"]
    assert reopened.max() < pd.Timedelta(days=7) and reopened.min() > pd.Timedelta(0)


def test_work_numbers_are_pseudonyms(demo: Demo) -> None:
    assert demo.events["处理人工号"].str.fullmatch(r"[A-Z]+\d{4}").all()
