"""Counters: identities, the daily sum of hours, planted drops."""

from __future__ import annotations

import pandas as pd
import pytest

from etl.demo.kpi import COUNTERS, MEANS
from tests.etl.demo.reading import Demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin


@pytest.fixture(scope="module")
def march(demo: Demo) -> pd.DataFrame:
    return demo.hours("202503").merge(demo.cells()[["CGI", "覆盖场景", "小区名称", "网络制式"]], on="CGI")


def between(frame: pd.DataFrame, place: str, low: str, high: str) -> pd.DataFrame:
    at_place = frame["小区名称"].str.startswith(place)
    return frame[at_place & (frame["开始时间"] >= low) & (frame["开始时间"] < high)]


def ratio(frame: pd.DataFrame, top: str, bottom: str) -> float:
    return frame[top].sum() / frame[bottom].sum()


def test_daily_rows_of_hourly_cells_are_the_sum_of_their_hours(demo: Demo) -> None:
    hours = demo.hours("202410")
    hours["日期"] = hours["开始时间"].dt.date
    sums = [zh for key, zh in COUNTERS.items() if key not in (*MEANS, "rrc_max")]
    total = hours.groupby(["日期", "CGI"])[sums].sum()
    daily = demo.days[demo.days["CGI"].isin(hours["CGI"].unique())].set_index(["日期", "CGI"])
    daily = daily.loc[daily.index.isin(total.index), sums]
    assert len(daily) == len(total)
    assert (daily.sort_index() == total.sort_index()).all(axis=None)


def test_volume_of_the_network(demo: Demo) -> None:
    assert 1_780 <= demo.days["CGI"].nunique() <= 1_800
    assert demo.hours("202503")["CGI"].nunique() == 120
    assert str(demo.days["日期"].min()) == "2024-01-01" and str(demo.days["日期"].max()) == "2025-03-30"


def test_counters_never_exceed_their_totals(demo: Demo) -> None:
    d = demo.days
    for part, whole in (
        ("RRC连接成功次数", "RRC连接请求次数"), ("E-RAB建立成功次数", "E-RAB建立请求次数"), ("切换成功次数",
         "切换请求次数"),
        ("下行PRB占用数", "下行PRB可用数"), ("MR弱覆盖采样点数", "MR采样点数"), ("CQI优良数", "CQI总数"),
    ):  # fmt: skip
        assert (d[part] <= d[whole]).all(), part
    assert (d["E-RAB异常释放次数"] + d["E-RAB正常释放次数"] == d["E-RAB建立成功次数"]).all()


def test_sunday_outage_takes_three_sites_down(march: pd.DataFrame, demo: Demo) -> None:
    down = between(march, "四季园小区", "2025-03-30 20:00", "2025-03-30 23:00")
    assert (down["退服时长(s)"] == 3600).all() and (down["RRC连接请求次数"] == 0).all()
    cells = demo.cells()
    assert cells[cells["CGI"].isin(down["CGI"])]["站点编号"].nunique() == 3
    alarms = pd.concat([
        pd.read_csv(demo.inbox / "告警_厂家A_202503.csv",
         encoding="gb18030").rename(columns={"告警源": "网元", "名称": "告警类型",
         "最近发生时间(NT)": "发生时间"}),
        pd.read_csv(demo.inbox / "告警_厂家B_202503.csv"),
    ])  # fmt: skip
    outage = alarms[(alarms["告警类型"] == "基站退服") & (alarms["发生时间"] >= "2025-03-30 19:00")]
    assert outage["网元"].nunique() == 3


def test_signal_drop(march: pd.DataFrame) -> None:
    before = between(march, "康乐小区", "2025-03-20", "2025-03-27 14:00")
    after = between(march, "康乐小区", "2025-03-27 14:00", "2025-03-30 19:00")
    drop = ratio(before, "RSRP累计(dBm)", "MR采样点数") - ratio(after, "RSRP累计(dBm)", "MR采样点数")
    assert drop == pytest.approx(6.5, abs=0.5)


def test_speed_drop_in_the_evening(march: pd.DataFrame) -> None:
    evening = march[march["开始时间"].dt.hour.between(18, 22)]
    before = between(evening, "文昌阁", "2025-03-10", "2025-03-28")
    after = between(evening, "文昌阁", "2025-03-28", "2025-03-30 19:00")
    columns = ("下行体验速率分子(Mbit)", "下行体验速率分母(s)")
    assert ratio(after, *columns) < 0.6 * ratio(before, *columns)


def test_drop_access_handover_and_interference(march: pd.DataFrame) -> None:
    drop = between(march, "界首乡镇", "2025-03-26 09:00", "2025-03-26 15:00")
    rate = drop.groupby("CGI")[["E-RAB异常释放次数", "E-RAB建立成功次数", "切换入次数"]].sum()
    worst = rate["E-RAB异常释放次数"] / (rate["E-RAB建立成功次数"] + rate["切换入次数"])
    assert (worst > 0.05).sum() == 3 and (rate["E-RAB建立成功次数"] > 100).all()
    access = (
        between(march, "邗江新建小区", "2025-03-25 10:00", "2025-03-25 14:00").groupby("CGI").sum(numeric_only=True)
    )
    product = (
        access["RRC连接成功次数"]
        / access["RRC连接请求次数"]
        * access["E-RAB建立成功次数"]
        / access["E-RAB建立请求次数"]
    )
    assert (product < 0.95).sum() == 3
    handover = between(march, "京华城", "2025-03-28 09:00", "2025-03-28 13:00").groupby("CGI").sum(numeric_only=True)
    assert (handover["切换成功次数"] / handover["切换请求次数"] < 0.90).sum() == 3
    loud = between(march, "曹甸乡村", "2025-03-24", "2025-03-29").groupby("CGI")["平均干扰(dBm)"].mean()
    assert (loud > -105).sum() == 3


def test_busy_cells_pass_seventy_percent_in_their_busy_hour(march: pd.DataFrame) -> None:
    week = between(march, "京华城", "2025-03-24", "2025-03-31").copy()
    week["利用率"] = week["下行PRB占用数"] / week["下行PRB可用数"]
    peak = week.groupby(["CGI", week["开始时间"].dt.date])["利用率"].max()
    assert ((peak >= 0.70).groupby("CGI").sum() >= 3).sum() >= 4


def test_weak_coverage_in_the_countryside_and_at_old_estates(march: pd.DataFrame) -> None:
    for place in ("曹甸乡村", "界首乡镇", "康乐小区"):
        rows = between(march, place, "2025-03-01", "2025-03-31")
        assert 1 - ratio(rows, "MR弱覆盖采样点数", "MR采样点数") < 0.90, place
    city = between(march, "文昌阁", "2025-03-01", "2025-03-31")
    assert 1 - ratio(city, "MR弱覆盖采样点数", "MR采样点数") > 0.95


def test_three_hours_are_missing(march: pd.DataFrame, demo: Demo) -> None:
    rows = between(march, "曹甸乡村", "2025-03-29", "2025-03-30")
    assert (rows.groupby("CGI").size() == 21).all()
    daily = demo.days[(demo.days["CGI"].isin(rows["CGI"])) & (demo.days["日期"].astype(str) == "2025-03-29")]
    assert (daily["周期完整率"] == 0.875).all()


def test_snapshots_show_renamed_moved_and_dismantled_cells(demo: Demo) -> None:
    first, second, last = (demo.cells(s).set_index("CGI") for s in ("20240101", "20240701", "20250101"))
    both = first.join(second.add_suffix("_后"), how="inner")
    assert (both["小区名称"] != both["小区名称_后"]).sum() == 8
    assert both[both["经度"] != both["经度_后"]]["站点编号"].nunique() == 4
    assert len(first.index.difference(last.index)) == 6
    gone = demo.days[demo.days["CGI"].isin(first.index.difference(last.index))]
    assert str(gone["日期"].max()) == "2024-12-19"
