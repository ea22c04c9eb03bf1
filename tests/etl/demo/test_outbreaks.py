"""Live events of 2025-W13, stuck tickets and past clusters stand in the files as the answer key says."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.etl.demo.reading import AS_OF, Demo, metres

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin

MONDAY, NEXT_MONDAY = pd.Timestamp("2025-03-24"), pd.Timestamp("2025-03-31")


def in_week(times: pd.Series) -> pd.Series:
    return (times >= MONDAY) & (times < NEXT_MONDAY)


def test_sunday_outage_has_ten_customers_within_500_metres(demo: Demo) -> None:
    valid = demo.valid
    rows = valid[(valid["受理时间"] >= "2025-03-30 19:12") & (valid["投诉现象一级"] == "网络质量")]
    near = rows[rows["定位方式"].isin(["设备", "小区名匹配"]) & (metres(rows, 119.45548, 32.40512) < 250)]
    assert near["业务号码"].nunique() >= 10
    assert (near["紧急程度"] == "紧急").all()
    assert near["反馈时间"].isna().any(), "some are still open at as-of"


@pytest.mark.parametrize("basis", ["受理时间", "反馈时间", "回访时间"])
def test_department_dip_and_decoy_county_hold_under_every_time_basis(demo: Demo, basis: str) -> None:
    week = demo.answers[in_week(demo.answers[basis])]
    dip = week[week["处理部门"] == "计费中心"]
    assert len(dip) >= 52
    assert (dip["测评结果"] == "满意").mean() < 0.60
    decoy = week[week["投诉区县"] == "仪征市"]
    assert len(decoy) == 9
    assert (decoy["测评结果"] == "满意").mean() < 0.5


def test_dip_is_a_fall_from_the_four_weeks_before(demo: Demo) -> None:
    answers = demo.answers[demo.answers["处理部门"] == "计费中心"]
    before = answers[(answers["回访时间"] < MONDAY) & (answers["回访时间"] >= MONDAY - pd.Timedelta(weeks=4))]
    now = answers[in_week(answers["回访时间"])]
    fall = (before["测评结果"] == "满意").mean() - (now["测评结果"] == "满意").mean()
    assert len(before) >= 30 and fall >= 0.15


def test_county_count_surge(demo: Demo) -> None:
    rows = demo.valid[(demo.valid["投诉区县"] == "江都区") & (demo.valid["投诉现象一级"] == "资费套餐")]
    daily = rows.groupby(rows["受理时间"].dt.date).size()
    usual = daily[(daily.index >= pd.Timestamp("2025-01-27").date()) & (daily.index < MONDAY.date())].mean()
    assert daily[pd.Timestamp("2025-03-25").date()] >= max(14, 4 * usual)


def test_attitude_cluster_at_one_hall(demo: Demo) -> None:
    rows = demo.valid[in_week(demo.valid["受理时间"]) & (demo.valid["投诉现象二级"] == "营业厅态度差/顶撞")]
    assert rows.groupby("营业厅编号").size().max() >= 5


def test_template_complaints(demo: Demo) -> None:
    rows = demo.valid[in_week(demo.valid["受理时间"]) & (demo.valid["是否模板化"] == "是")]
    assert rows["投诉内容"].nunique() == 1 and rows["业务号码"].nunique() >= 5


def test_billing_errors_after_both_releases(demo: Demo) -> None:
    rows = demo.valid[demo.valid["投诉现象二级"] == "计费不准确"]
    daily = rows.groupby(rows["受理时间"].dt.date).size()
    for first, days in (("2024-07-29", 7), ("2025-03-24", 5)):
        start = pd.Timestamp(first)
        after = daily[(daily.index >= start.date()) & (daily.index < (start + pd.Timedelta(days=days)).date())].mean()
        before = daily[(daily.index < start.date()) & (daily.index >= (start - pd.Timedelta(days=25)).date())].mean()
        assert after > 1.5 * before, first


def test_external_filings_of_the_week(demo: Demo) -> None:
    channels = set(demo.valid[in_week(demo.valid["受理时间"])]["受理渠道"])
    assert {"消费者协会", "黑猫投诉"} <= channels


def test_open_ticket_without_answer_for_twelve_days(demo: Demo) -> None:
    row = demo.tickets.set_index("工单流水号").loc["YZ20250317900001"]
    assert pd.isna(row["反馈时间"]) and AS_OF - row["受理时间"] > pd.Timedelta(days=12)
    events = demo.events[demo.events["工单流水号"] == "YZ20250317900001"]
    later = events[~events["操作"].isin(["受理", "登记", "分类定级", "派单", "签收"])]
    assert (later["是否实质进展"] == "否").all() and (later["操作"] == "催办").sum() >= 3


STUCK = {
    "YZ20250327900002": lambda e: "签收" not in set(e["操作"]),
    "YZ20250325900001": lambda e: (e["操作"] == "转派").sum() >= 3,
    "YZ20250326900002": lambda e: e[e["操作"] == "派单"]["转入部门"].iloc[-1] == "合作商",
    "YZ20250321900001": lambda e: (e["操作"] == "重开").sum() == 2,
    "YZ20250330900001": lambda e: "签收" not in set(e["操作"]),
    "YZ20250328900002": lambda e: (e["操作"] == "催办").sum() >= 3,
}


@pytest.mark.parametrize("number", STUCK)
def test_stuck_tickets_are_open_and_show_their_fault(demo: Demo, number: str) -> None:
    assert pd.isna(demo.tickets.set_index("工单流水号").loc[number, "反馈时间"])
    assert STUCK[number](demo.events[demo.events["工单流水号"] == number])


def test_a_promise_is_due_today_and_one_has_passed(demo: Demo) -> None:
    opened = demo.tickets[demo.tickets["反馈时间"].isna()]["承诺到期时间"].dropna()
    assert (opened < AS_OF).any()
    assert ((opened > AS_OF) & (opened < AS_OF + pd.Timedelta(hours=24))).any()


def test_third_ticket_of_one_customer_in_thirty_days_is_open(demo: Demo) -> None:
    last = demo.tickets.set_index("工单流水号").loc["YZ20250328900004"]
    chain = demo.valid[demo.valid["业务号码"] == last["业务号码"]]
    assert len(chain) == 3 and pd.isna(last["反馈时间"])


def test_long_lived_hotspot_at_the_old_estate(demo: Demo) -> None:
    rows = demo.valid[
        (demo.valid["受理时间"] >= AS_OF - pd.Timedelta(days=30)) & (demo.valid["投诉现象一级"] == "网络质量")
    ]
    near = rows[rows["定位方式"].isin(["设备", "小区名匹配"]) & (metres(rows, 119.44548, 32.40012) < 300)]
    assert near["业务号码"].nunique() >= 10
    actions = pd.read_csv(demo.inbox / "运营历史_整改.csv")
    running = actions[actions["状态"].isin(["待签收", "整改中"]) & (actions["措施"] == "新建宏站")]
    assert not running["对象"].eq("康乐小区").any()


def test_week_on_week_changes_are_lively_but_believable(demo: Demo) -> None:
    weekly = demo.valid.groupby(demo.valid["受理时间"].dt.strftime("%G-W%V")).size()
    change = (weekly / weekly.shift() - 1).dropna()
    assert 0.03 < change.std() < 0.12
    assert np.abs(change).max() < 0.35


def test_every_rule_of_the_catalogue_has_a_row_in_the_answer_key(demo: Demo) -> None:
    named = set(";".join(demo.truth["rules"]).split(";"))
    catalogue = (
        [f"RN{n:02d}" for n in range(1, 9)] + [f"RC{n:02d}" for n in range(1,
         11)] + [f"RS{n:02d}" for n in range(1, 14)]
        + [f"RT{n:02d}" for n in range(1, 5)] + ["RB01", "RM01", "RO01", "RX01", "RP01", "RD01", "RD02",
        "RD03"]
    )  # fmt: skip
    assert set(catalogue) <= named
