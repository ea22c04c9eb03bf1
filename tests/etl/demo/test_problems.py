"""The twenty-four named problems each leave their signature in the files."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest

from etl.demo.clock import is_workday
from tests.etl.demo.reading import Demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin


def _first(demo: Demo, operation: str) -> pd.Series:
    rows = demo.events[demo.events["操作"] == operation]
    return rows.groupby("工单流水号")["操作时间"].first()


def _gaps(demo: Demo) -> pd.DataFrame:
    events = demo.events.copy()
    events["等待"] = events.groupby("工单流水号")["操作时间"].diff().shift(-1).dt.total_seconds() / 3600
    return events


def pb01_approvals(demo: Demo) -> bool:
    net = demo.valid_2024[
        (demo.valid_2024["投诉现象一级"] == "网络质量") & (demo.valid_2024["受理时间"] < "2024-07-01")
    ]
    approved = set(demo.events[demo.events["操作"] == "审批"]["工单流水号"])
    share = net["工单流水号"].isin(approved).mean()
    some = net[net["工单流水号"].isin(approved)]
    wait = (some["派单时间"] - some["受理时间"]).dt.total_seconds().median() / 3600
    later = demo.valid_2025["工单流水号"].isin(approved).any()
    return 0.36 < share < 0.42 and 2 < wait < 4.5 and not later


def pb02_stuck_at_human_resources(demo: Demo) -> bool:
    visited = demo.events[(demo.events["转入部门"] == "人力资源部") & (demo.events["操作"] == "派单")]["工单流水号"]
    service = demo.valid_2024[demo.valid_2024["投诉现象一级"] == "服务质量"]
    share = service["工单流水号"].isin(set(visited)).mean()
    left = _first(demo, "转派") - _first(demo, "派单")
    dwell = (
        left.reindex(service[service["工单流水号"].isin(set(visited))]["工单流水号"]).dt.total_seconds().median() / 3600
    )
    return 0.05 < share < 0.07 and 30 < dwell < 50


def pb03_buck_passing(demo: Demo) -> bool:
    return (demo.valid["转派次数"] >= 3).mean() > 0.03


def pb04_reopen_loops(demo: Demo) -> bool:
    return (demo.valid["重开次数"] >= 2).sum() > 100


def pb05_handlers_pay_differently(demo: Demo) -> bool:
    paid = demo.valid[(demo.valid["补偿金额"] > 0) & (demo.valid["投诉现象一级"] == "资费套餐")]
    mean = paid.groupby("受理工号")["补偿金额"].agg(["mean", "size"])
    mean = mean[mean["size"] >= 10]["mean"]
    return mean.max() / mean.min() > 2


def pb06_old_numbers(demo: Demo) -> bool:
    return 0.03 < demo.surveys["回访是否成功"].str.contains("号码已停用").mean() < 0.12


def pb07_thin_intake(demo: Demo) -> bool:
    early = demo.valid[demo.valid["受理时间"] < "2024-07-01"]
    late = demo.valid_2025
    by_team = early["发生时间"].notna().groupby(early["受理工号"]).mean()
    return (
        early["发生时间"].isna().mean() > late["发生时间"].isna().mean() + 0.08 and by_team.min() < by_team.max() - 0.2
    )


def pb08_only_recorded(demo: Demo) -> bool:
    work = demo.events[~demo.events["操作"].isin(["受理", "登记", "分类定级", "派单", "签收", "归档", "回访评价"])]
    nothing = ~work["是否实质进展"].eq("是").groupby(work["工单流水号"]).any()
    chased = set(demo.events[demo.events["操作"] == "催办"]["工单流水号"])
    return nothing[nothing].index.isin(chased).sum() > 100


def pb09_overdue_above_all_network(demo: Demo) -> bool:
    late = (demo.valid_2024["是否超时"] == "是").groupby(demo.valid_2024["投诉现象一级"]).mean()
    return late.idxmax() == "网络质量" and late["网络质量"] > 0.45


def pb10_attitude_and_knowledge(demo: Demo) -> bool:
    kinds = demo.valid["投诉现象二级"].value_counts()
    return kinds[["客服态度差", "营业厅态度差/顶撞", "解答不准确"]].min() > 500


def pb11_terminal_association(demo: Demo) -> bool:
    stutter = demo.valid["投诉现象二级"] == "视频卡顿"
    of = demo.valid["终端型号"] == "终端D-5G入门"
    return of[stutter].mean() > 2 * of[~stutter].mean()


def pb12_falling_signal_without_warning(demo: Demo) -> bool:
    return demo.truth["rules"].str.contains("RN01").any() and demo.truth["rules"].str.contains("RT02").any()


def pb13_competitor_moves(demo: Demo) -> bool:
    out = pd.read_csv(demo.inbox / "携号转网_2024.csv", encoding="gb18030").groupby("日期")["携出"].sum()
    return out["2024-05-16":"2024-06-14"].mean() > 1.5 * out["2024-04-01":"2024-05-14"].mean()


def pb14_top_types_without_action(demo: Demo) -> bool:
    weekly = demo.valid_2025.groupby([demo.valid_2025["受理时间"].dt.strftime("%G-W%V"), "投诉现象三级"]).size()
    top = weekly.groupby(level=0).nlargest(5).reset_index(level=0, drop=True).reset_index()
    actions = pd.read_csv(demo.inbox / "运营历史_整改.csv")["问题"].str.cat(sep="")
    lasting = top["投诉现象三级"].value_counts()
    return any(third not in actions for third in lasting[lasting >= 4].index)


def pb15_missing_stages(demo: Demo) -> bool:
    sent = demo.valid[demo.valid["派单时间"].notna() & demo.valid["反馈时间"].notna()]["工单流水号"]
    has = {op: set(demo.events[demo.events["操作"] == op]["工单流水号"]) for op in ("签收", "首次响应", "调查", "方案")}
    missing = np.array([not all(number in has[op] for op in has) for number in sent])
    return 0.05 < missing.mean() < 0.4


def pb16_releases_without_briefing(demo: Demo) -> bool:
    changes = pd.read_csv(demo.inbox / "变更事件.csv")
    return changes.loc[changes["变更类型"] == "计费版本", "是否已告知客服"].eq("否").all()


def pb17_weekend_gap(demo: Demo) -> bool:
    rows = demo.valid[(demo.valid["处理部门"] == "网络优化部") & (demo.valid["紧急程度"] != "紧急")]
    reply = (rows["首次响应时间"] - rows["受理时间"]).dt.total_seconds()
    work = rows["受理时间"].dt.date.map(is_workday)
    return reply[~work].median() > 2 * reply[work].median()


def pb18_hard_tickets_wait(demo: Demo) -> bool:
    picked = (_first(demo, "签收") - _first(demo, "派单")).dt.total_seconds().rename("等待")
    rows = demo.valid.set_index("工单流水号").join(picked)
    rows = rows[(rows["处理部门"] == "网络优化部") & (rows["转派次数"] == 0)]
    hard = rows["投诉现象二级"].isin(["信号弱/无服务", "网络拥堵"])
    return rows[hard]["等待"].median() > 1.6 * rows[~hard]["等待"].median()


def pb19_slow_partner(demo: Demo) -> bool:
    at_partner = demo.events[(demo.events["转入部门"] == "合作商") & (demo.events["操作"] == "派单")]["工单流水号"]
    rows = demo.valid_2024[demo.valid_2024["工单流水号"].isin(set(at_partner))]
    others = demo.valid_2024[demo.valid_2024["投诉现象一级"] == "业务办理"]
    return len(rows) > 300 and rows["小时数"].median() > 1.4 * others["小时数"].median()


def pb20_repeat_after_solved(demo: Demo) -> bool:
    chain = demo.valid.groupby(["业务号码", "投诉现象二级"])["是否解决"].shift()
    return (chain[demo.valid["是否重复"] == "是"] == "是").sum() > 500


def pb21_few_templates(demo: Demo) -> bool:
    done = demo.events[demo.events["操作"] == "处理完成"]
    used = done["备注"].str.contains("模板")
    early = done["操作时间"] < "2025-01-01"
    return used[early].mean() == pytest.approx(0.35, abs=0.03) and used[~early].mean() > 0.5


def pb22_new_estates(demo: Demo) -> bool:
    rows = demo.valid[demo.valid["投诉地点"] == "邗江新建小区"]["受理时间"]
    opened = pd.Timestamp("2024-10-29")
    window = pd.Timedelta(days=30)
    return ((rows < opened) & (rows > opened - window)).sum() > 5 * (
        (rows > opened + window / 5) & (rows < opened + window)
    ).sum()


def pb23_wrong_first_submission(demo: Demo) -> bool:
    again = demo.events["备注"].str.contains("重新分类", na=False).sum()
    rejected = (demo.events["操作"] == "退回").sum()
    asked = set(demo.events[demo.events["操作"] == "回访评价"]["工单流水号"])
    return again > 500 and rejected > 100 and (~demo.valid["工单流水号"].isin(asked)).mean() > 0.25


def pb24_slow_system_at_peaks(demo: Demo) -> bool:
    rows = demo.valid_2025[demo.valid_2025["派单时间"].notna()]
    wait = (rows["派单时间"] - rows["受理时间"]).dt.total_seconds() / 60
    day = rows["受理时间"].dt
    edge = ((day.day <= 3) | (day.days_in_month - day.day < 3)) & day.hour.between(9, 11)
    return wait[edge].median() > 3 * wait[~edge].median()


SIGNATURES: list[Callable[[Demo], bool]] = [f for name, f in sorted(globals().items()) if name.startswith("pb")]


def test_all_problems_are_covered() -> None:
    assert [f.__name__[:4] for f in SIGNATURES] == [f"pb{n:02d}" for n in range(1, 25)]


@pytest.mark.parametrize("signature", SIGNATURES, ids=lambda f: f.__name__)
def test_signature_is_in_the_files(demo: Demo, signature: Callable[[Demo], bool]) -> None:
    assert signature(demo)
