"""Contacts, visits, grids, drives and the bulletin follow from tickets and counters, and show what was planted."""

from __future__ import annotations

import json
from pathlib import Path

import fastexcel
import pandas as pd
import pytest

from tests.etl.demo.reading import Demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin

COUNTS = ["RRC连接请求次数", "切换成功次数", "下行PRB占用数", "MR采样点数", "RSRP累计(dBm)", "退服时长(s)"]


def workbook(path: Path) -> pd.DataFrame:
    return fastexcel.read_excel(path).load_sheet(0, header_row=1, dtypes="string").to_pandas()


def weak_share(inbox: Path, day: str) -> float:
    """Of the LTE grids of the new estate."""
    grids = pd.read_csv(inbox / f"MR栅格_{day}.csv")
    here = grids[grids["LATITUDE"].between(32.35, 32.37) & (grids["RAT"] == "4G")]
    assert len(here) > 50
    return float(here["RSRP_SAMPLES_LT110"].sum() / here["RSRP_SAMPLES"].sum())


def test_quarters_add_up_to_their_hours(demo: Demo) -> None:
    quarters = pd.read_csv(demo.inbox / "小区性能_15分钟_20250330.csv")
    hours = pd.read_csv(demo.inbox / "小区性能_小时_202503.csv")
    quarters["开始时间"] = quarters["开始时间"].str[:14] + "00:00"
    summed = quarters.groupby(["开始时间", "CGI"])[COUNTS].sum()
    expected = hours.set_index(["开始时间", "CGI"]).loc[summed.index, COUNTS]
    assert len(summed) > 100
    assert (summed == expected).all(axis=None)


def test_grids_are_weak_until_the_new_sites_are_on_air(demo: Demo) -> None:
    assert weak_share(demo.inbox, "20241021") > 5 * weak_share(demo.inbox, "20241111")


def test_a_drive_shows_the_planted_drop(demo: Demo) -> None:
    def mean(day: str) -> float:
        rows = pd.read_csv(demo.inbox / f"道路测试_{day}_康乐小区.csv", encoding="gb18030", skiprows=2)
        return float(rows.loc[rows["RSRP(dBm)"] > -200, "RSRP(dBm)"].mean())

    assert mean("20250328") < mean("20250320") - 3


def test_visits_fall_between_acceptance_and_feedback_of_network_complaints(demo: Demo) -> None:
    visits = pd.concat(workbook(demo.inbox / f"上门测试_{year}.xlsx") for year in (2024, 2025))
    tickets = demo.tickets.set_index("工单流水号").loc[visits["工单流水号"]]
    assert set(tickets["投诉现象一级"]) == {"网络质量"}
    when = pd.to_datetime(visits["测试时间"]).to_numpy()
    assert (when > pd.to_datetime(tickets["受理时间"]).to_numpy()).all()
    feedback = pd.to_datetime(tickets["反馈时间"]).fillna(pd.Timestamp("2025-03-31 08:30"))
    assert (when < feedback.to_numpy()).all()
    assert pd.to_datetime(visits["测试时间"]).dt.hour.between(9, 17).all()
    levels = visits.assign(level=visits["RSRP(dBm)"].astype(float)).groupby("测试结论")["level"].mean()
    assert levels["弱覆盖"] < -110 < levels["测试正常"]


def test_contacts_and_judgements_speak_of_tickets_that_exist(demo: Demo) -> None:
    known = set(demo.tickets["工单流水号"])
    contacts = pd.read_csv(demo.inbox / "客户联系记录_202503.csv", encoding="gb18030")
    assert set(contacts["工单流水号"]) <= known
    assert contacts["联系编号"].is_unique
    lines = (demo.inbox / "定界结果_202503.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(line) for line in lines]
    assert {entry["ticket_id"] for entry in found} <= known
    assert all(0 <= entry["confidence"] <= 1 for entry in found)
    assert all(entry["window"]["start"] < entry["window"]["end"] for entry in found)


@pytest.mark.parametrize("year", [2024, 2025])
def test_the_bulletin_ranks_us_among_all_cities(demo: Demo, year: int) -> None:
    rows = workbook(demo.inbox / f"省公司通报_{year}.xlsx")
    ranks = rows["全省排名"].astype(float)
    assert len(rows) == (48 if year == 2024 else 8)
    assert ranks.between(1, 13).all()
    # Where we are better than the mean, we are not last.
    per_10k = rows[rows["指标"].str.startswith("万投比")].astype({"本市": float, "全省均值": float})
    better = per_10k["本市"] < per_10k["全省均值"]
    assert (ranks[per_10k.index][better] < 13).all()


@pytest.mark.deep
def test_nothing_happened_in_the_twin(demo: Demo, twin: Demo) -> None:
    def n_lines(city: Demo) -> int:
        return len((city.inbox / "重大事件.csv").read_bytes().decode("gb18030").splitlines())

    assert (n_lines(demo), n_lines(twin)) == (7, 1)
