"""Smaller sources: shapes, planted changes, identities."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from tests.etl.demo.reading import Demo, read_xlsx

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin


def gb(demo: Demo, name: str, **options: Any) -> pd.DataFrame:
    return pd.read_csv(demo.inbox / name, encoding="gb18030", **options)


def test_users_grow_slowly_and_districts_sum_to_the_city(demo: Demo) -> None:
    users = gb(demo, "到达用户_2024.csv", skiprows=1, thousands=",")
    city = users[users["区县"] == "全市"].set_index("月份")["期末到达用户"]
    parts = users[users["区县"] != "全市"].groupby("月份")["期末到达用户"].sum()
    assert (city == parts).all()
    assert city[202401] == pytest.approx(3_006_000, abs=10)
    per_10k = len(demo.valid_2024) / 12 / 3_030_000 * 10_000
    assert per_10k == pytest.approx(6.6, abs=0.2)


def test_handling_success_drops_on_two_days(demo: Demo) -> None:
    for month, day in (("202407", "2024-07-28"), ("202503", "2025-03-26")):
        rows = gb(demo, f"业务办理_{month}.csv")
        rows = rows[rows["业务类型"] == "套餐变更"].groupby("日期")[["办理次数", "成功次数"]].sum()
        rate = rows["成功次数"] / rows["办理次数"]
        assert rate[day] < 0.97 and rate.drop(day).min() > 0.985


def test_market_opinion_and_changes(demo: Demo) -> None:
    assert len(gb(demo, "市场动态.csv")) == 3
    opinion = pd.concat([pd.read_csv(demo.inbox / f"舆情_{y}.csv") for y in (2024, 2025)])
    assert 40 <= len(opinion) <= 46 and (opinion["热度"] > 10_000).sum() == 1
    assert opinion["首次响应时间"].max() < "2025-03-31 08:30"
    kinds = pd.read_csv(demo.inbox / "变更事件.csv")["变更类型"].value_counts()
    assert kinds["割接"] == 2 and kinds["停电"] == 1 and kinds["计费版本"] == 2


def test_month_edges_strain_the_hotline(demo: Demo) -> None:
    shifts = pd.read_csv(demo.inbox / "排班_202503.csv")
    daily = shifts.groupby("日期")[["呼入量", "15秒接通量"]].sum()
    rate = daily["15秒接通量"] / daily["呼入量"]
    assert rate["2025-03-30"] < rate["2025-03-12"]
    assert (shifts["15秒接通量"] <= shifts["呼入量"]).all()


def test_the_shifts_of_the_week_to_come_are_planned_as_ever_and_nobody_has_called_yet(demo: Demo) -> None:
    plan = pd.read_csv(demo.inbox / "周排班计划_20250331.csv")
    assert list(plan.columns) == ["日期", "小时", "班组", "计划人数"]
    assert sorted(plan["日期"].unique()) == [f"2025-{d}" for d in ("03-31", *(f"04-0{n}" for n in range(1, 7)))]
    before = pd.read_csv(demo.inbox / "排班_202503.csv")
    by_day = plan.groupby("日期")["计划人数"].sum()
    assert set(by_day) == set(before.groupby("日期")["计划人数"].sum())


def test_ai_service_is_right_ninety_five_times_in_a_hundred(demo: Demo) -> None:
    rows = pd.read_csv(demo.inbox / "智能客服_202410.csv")
    assert (rows["自助解决数"] + rows["转人工数"] == rows["会话数"]).all()
    assert rows["抽检正确数"].sum() / rows["抽检数"].sum() == pytest.approx(0.957, abs=0.01)


def test_bills_show_more_errors_after_the_upgrade(demo: Demo) -> None:
    bills = gb(demo, "账单稽核_2024.csv").groupby("月份").sum(numeric_only=True)
    rate = bills["差错数"] / bills["稽核数"]
    assert rate[202408] > 3 * rate[202406]


def test_recommendation_falls_among_families(demo: Demo) -> None:
    rows = pd.read_csv(demo.inbox / "NPS调研_2025.csv")
    rows = rows[rows["客户类型"] == "家庭"]
    nps = ((rows["推荐分"] >= 9).astype(int) - (rows["推荐分"] <= 6).astype(int)).groupby(rows["月份"]).mean()
    assert nps[202502] < nps[202501] - 0.10


def test_answer_rate_falls_in_the_spring_festival_week(demo: Demo) -> None:
    week = demo.surveys["回访时间"].dt.strftime("%G-W%V")
    rate = demo.surveys["测评结果"].isin(["满意", "不满意"]).groupby(week).mean()
    assert rate["2025-W06"] < 0.20 < 0.35 < rate["2025-W09"]


def test_halls_are_named_and_located(demo: Demo) -> None:
    halls = read_xlsx(demo.inbox / "营业厅.xlsx")
    assert halls["营业厅编号"].is_unique and halls["经度"].between(118.9, 120).all()
    used = demo.tickets["营业厅编号"].dropna()
    assert used.isin(halls["营业厅编号"]).all()


def test_count_history_has_trend_season_and_outbreaks(demo: Demo) -> None:
    rows = pd.read_csv(demo.inbox / "历史投诉量_2021-2023.csv")
    assert rows["日期"].min() == "2021-01-01" and rows["日期"].max() == "2023-12-31"
    assert (rows["投诉量"] > 0).all()
    yearly = rows.groupby(rows["日期"].str[:4])["投诉量"].sum()
    assert yearly["2021"] < yearly["2022"] < yearly["2023"]
    baoying = rows[(rows["区县"] == "宝应县") & (rows["投诉类型"] == "网络质量")].groupby("日期")["投诉量"].sum()
    assert baoying["2023-07-09":"2023-07-11"].mean() > 3 * baoying["2023-06-01":"2023-06-30"].mean()
