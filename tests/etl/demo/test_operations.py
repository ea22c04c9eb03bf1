"""Operations history: 26 weeks of decisions, actions with planted effects, meetings."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from etl.demo.actions import OVERDUE_ACTION, plan_actions
from etl.demo.operations import RETURNED, write_operations
from etl.demo.rng import Streams
from tests.etl.demo.reading import AS_OF, Demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin


def test_warnings_of_26_weeks_with_outcomes(demo: Demo) -> None:
    rows = pd.read_csv(demo.inbox / "运营历史_预警处置.csv")
    assert rows["周次"].nunique() == 26 and rows["预警编号"].is_unique
    assert {"属实", "误报", "属实未采取措施"} <= set(rows["结论"].dropna())
    for column in ("触发时间", "确认时间", "决定时间", "关闭时间"):
        assert pd.to_datetime(rows[column]).max() <= AS_OF, column


def test_a_city_of_another_seed_has_no_history_of_warnings(tmp_path: Path) -> None:
    """Nobody can have dealt with warnings that the engine would not raise there."""
    streams = Streams(7)
    write_operations(streams, tmp_path, plan_actions(streams))
    assert pd.read_csv(tmp_path / "运营历史_预警处置.csv").empty
    assert (pd.read_csv(tmp_path / "运营历史_例会.csv")["新发预警数"] == 0).all()


def test_meetings_count_the_warnings_of_their_week(demo: Demo) -> None:
    warnings = pd.read_csv(demo.inbox / "运营历史_预警处置.csv")
    meetings = pd.read_csv(demo.inbox / "运营历史_例会.csv").set_index("周次")
    assert meetings["新发预警数"].to_dict() == {w: int((warnings["周次"] == w).sum()) for w in meetings.index}
    wrong = warnings[warnings["结论"] == "误报"].groupby("周次").size()
    assert meetings["误报数"].sum() == wrong[wrong.index.isin(meetings.index)].sum()
    assert (meetings["确认及时数"] <= meetings["新发预警数"]).all()


def test_one_warning_returned_unacknowledged(demo: Demo) -> None:
    row = pd.read_csv(demo.inbox / "运营历史_预警处置.csv").set_index("预警编号").loc[RETURNED]
    assert pd.isna(row["确认时间"]) and pd.isna(row["关闭时间"]) and "未确认" in row["备注"]


def test_actions_and_their_true_effects(demo: Demo) -> None:
    rows = pd.read_csv(demo.inbox / "运营历史_整改.csv")
    assert rows["整改编号"].is_unique
    effects = demo.truth[demo.truth["kind"] == "action_effect"]
    value = effects["note"].str.extract(r"真实效果([+-][\d.]+)")[0].astype(float)
    assert len(effects) == rows["完成日期"].notna().sum() >= 30
    assert 0.30 <= (value == 0).mean() <= 0.40
    assert set(rows["状态"]) == {"已销项", "待验证", "整改中", "待签收"}


def test_tickets_obey_the_true_effects(demo: Demo) -> None:
    """Pooled over the actions: complaints in scope 45 days after completion against 90 days before."""
    ratio = {}
    for is_zero in (False, True):
        before = after = 0.0
        for action in plan_actions(Streams(demo.summary.seed)):
            if action.done_on is None or (action.effect == 0) != is_zero:
                continue
            done = pd.Timestamp(action.done_on)
            rows = demo.valid[demo.valid["受理时间"] < "2025-03-24"]
            is_net = rows["投诉现象一级"] == "网络质量"
            kind = rows["投诉现象二级"].isin(action.subtypes) if action.subtypes else is_net
            column = "投诉地点" if action.place >= 0 else "投诉区县"
            times = rows[kind & (rows[column] == action.scope)]["受理时间"]
            before += ((times < done) & (times >= done - pd.Timedelta(days=90))).sum() / 2
            after += ((times >= done) & (times < done + pd.Timedelta(days=45))).sum()
        ratio[is_zero] = after / before
    assert ratio[False] < 0.75 < 0.8 < ratio[True] < 1.3


def test_one_supervised_action_is_overdue(demo: Demo) -> None:
    row = pd.read_csv(demo.inbox / "运营历史_整改.csv").set_index("整改编号").loc[OVERDUE_ACTION]
    assert row["督办级别"] == "挂牌" and row["状态"] == "整改中"
    assert pd.Timestamp(row["完成时限"]) < AS_OF and pd.isna(row["完成日期"])


def test_meetings_are_frozen_every_monday(demo: Demo) -> None:
    rows = pd.read_csv(demo.inbox / "运营历史_例会.csv")
    frozen = pd.to_datetime(rows["定版时间"])
    assert (frozen.dt.day_of_week == 0).all() and frozen.max() < AS_OF
