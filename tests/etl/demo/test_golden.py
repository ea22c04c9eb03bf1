"""The three cases of 2024, day by day."""

from __future__ import annotations

import pandas as pd
import pytest

from etl.demo.golden import LI, WANG, WANG_NEIGHBOURS, ZHANG, ZHANG_EXTERNAL
from tests.etl.demo.reading import Demo, metres

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin


def ticket(demo: Demo, number: str) -> pd.Series:
    return demo.tickets.set_index("工单流水号").loc[number]


def log(demo: Demo, number: str) -> pd.DataFrame:
    return demo.events[demo.events["工单流水号"] == number]


def days(demo: Demo, number: str, operation: str) -> list[str]:
    rows = log(demo, number)
    return rows[rows["操作"] == operation]["操作时间"].dt.strftime("%m-%d").tolist()


def test_zhang(demo: Demo) -> None:
    first, outside = ticket(demo, ZHANG), ticket(demo, ZHANG_EXTERNAL)
    assert (first["投诉现象二级"], first["受理渠道"]) == ("计费不准确", "10086热线")
    assert first["受理时间"].strftime("%Y-%m-%d %a") == "2024-08-03 Sat"
    assert days(demo, ZHANG, "催办") == ["08-06", "08-09", "08-13"]
    before = log(demo, ZHANG)
    before = before[(before["操作时间"] > "2024-08-05") & (before["操作时间"] < "2024-08-16")]
    assert (before[before["操作"] != "签收"]["是否实质进展"] == "否").all()
    assert (outside["受理渠道"], outside["受理时间"].strftime("%m-%d")) == ("消费者协会", "08-16")
    assert outside["业务号码"] == first["业务号码"] and outside["紧急程度"] == "紧急"
    assert days(demo, ZHANG, "调查") == ["08-18"] and days(demo, ZHANG, "补偿") == ["08-19"]
    assert first["补偿金额"] == 48.60 and pd.isna(first["补偿流量GB"])
    assert first["反馈时间"].strftime("%m-%d") == "08-21"
    changes = pd.read_csv(demo.inbox / "变更事件.csv")
    assert changes[changes["变更类型"] == "计费版本"]["开始时间"].iloc[0].startswith("2024-07-28")


def test_wang(demo: Demo) -> None:
    main = ticket(demo, WANG)
    assert (main["投诉现象二级"], main["受理渠道"]) == ("营业厅态度差/顶撞", "10086热线")
    assert main["受理时间"].strftime("%Y-%m-%d %a") == "2024-09-14 Sat"
    assert "09-18" in days(demo, WANG, "进度告知") and days(demo, WANG, "回访评价") == ["09-26"]
    halls = {ticket(demo, n)["营业厅编号"] for n in (WANG, *WANG_NEIGHBOURS)}
    assert halls == {main["营业厅编号"]}
    span = ticket(demo, WANG_NEIGHBOURS[1])["受理时间"] - ticket(demo, WANG_NEIGHBOURS[0])["受理时间"]
    assert span < pd.Timedelta(days=7)
    training = pd.read_csv(demo.inbox / "培训记录.csv", dtype=str).set_index("培训编号").loc["TR20240918-01"]
    assert (training["开始日期"], training["结束日期"], training["营业厅编号"]) == (
        "2024-09-18",
        "2024-09-24",
        main["营业厅编号"],
    )


def test_li(demo: Demo) -> None:
    rows = [ticket(demo, number) for number in LI]
    assert [r["受理时间"].strftime("%m-%d") for r in rows] == ["10-08", "10-11", "10-15", "10-18"]
    assert [r["受理渠道"] for r in rows][3] == "黑猫投诉"
    assert len({r["业务号码"] for r in rows}) == 1 and {r["投诉现象二级"] for r in rows} == {"信号弱/无服务"}
    assert [r["是否重复"] for r in rows] == ["否", "是", "是", "是"]
    first = log(demo, LI[0])
    assert days(demo, LI[0], "结果反馈") == ["10-09"]
    assert not (first["操作"].isin(["调查", "方案"])).any()
    assert (first[first["操作"] == "处理完成"]["是否实质进展"] == "否").all()
    interim = log(demo, LI[3])
    interim = interim[interim["备注"].str.contains("临时措施", na=False)]["操作时间"].iloc[0]
    assert (interim.normalize() - rows[0]["受理时间"].normalize()).days == 11
    assert (rows[2]["处理完成时间"].normalize() - rows[0]["受理时间"].normalize()).days == 21
    assert rows[3]["反馈时间"].strftime("%m-%d") == "10-31"
    happy = demo.surveys.set_index("工单流水号")["测评结果"]
    assert happy[LI[3]] == happy[WANG] == happy[ZHANG_EXTERNAL] == "满意"


def test_neighbours_make_a_hotspot_that_comes_and_goes(demo: Demo) -> None:
    valid = demo.valid
    near = valid[(valid["投诉现象一级"] == "网络质量") & (metres(valid, 119.37548, 32.35812) < 500)]
    weekly = (
        near[near["定位方式"].isin(["设备", "小区名匹配"])]
        .groupby(near["受理时间"].dt.strftime("%G-W%V"))["业务号码"]
        .nunique()
    )
    before = weekly.reindex([f"2024-W{w}" for w in range(32, 40)]).fillna(0)
    assert before.max() <= 2
    assert weekly["2024-W41"] >= 5 and weekly["2024-W42"] >= 8 and weekly["2024-W43"] > weekly["2024-W42"]
    after = weekly.reindex([f"2024-W{w}" for w in range(45, 50)]).fillna(0)
    assert after.max() <= 3


def test_two_sites_go_on_air_and_coverage_recovers(demo: Demo) -> None:
    new = demo.cells("20241030")
    new = new[new["开通时间"] == "2024-10-29"]
    assert new["站点编号"].nunique() == 2
    assert not demo.cells("20240701")["站点编号"].isin(new["站点编号"]).any()
    estate = demo.cells("20250101")
    estate = estate[(estate["覆盖场景"] == "新建小区") & ~estate["站点编号"].isin(new["站点编号"])]
    rows = demo.days[demo.days["CGI"].isin(estate["CGI"])]
    day = pd.to_datetime(rows["日期"])

    def coverage(low: str, high: str) -> float:
        part = rows[(day >= low) & (day <= high)]
        return 1 - part["MR弱覆盖采样点数"].sum() / part["MR采样点数"].sum()

    assert coverage("2024-10-08", "2024-10-18") < 0.90 < coverage("2024-11-05", "2024-11-30")
