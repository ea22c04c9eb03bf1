"""Durations, lateness, solution and answers: the figures that the sources ask for."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.etl.demo.reading import Demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin

MEANS = {"网络质量": 72, "服务质量": 26, "资费套餐": 34, "业务办理": 22, "终端设备": 30}


def on_time(frame: pd.DataFrame, hours: float) -> pd.Series:
    return frame["小时数"] <= np.where(frame["紧急程度"] == "紧急", 4.0, hours)


def confirmed(frame: pd.DataFrame) -> pd.Series:
    return (frame["是否解决"] == "是") & (frame["重开次数"] == 0)


def test_mean_handling_time_by_type(demo: Demo) -> None:
    means = demo.valid_2024.groupby("投诉现象一级")["小时数"].mean()
    assert means.to_dict() == pytest.approx(MEANS, abs=0.5)


def test_on_time_under_the_limits_in_force(demo: Demo) -> None:
    first, second = demo.valid_2024, demo.valid_2025
    assert on_time(first, 48).mean() == pytest.approx(0.715, abs=0.012)
    assert 0.40 <= on_time(first, 24).mean() <= 0.46
    assert on_time(second, 24).mean() == pytest.approx(0.76, abs=0.02)
    urgent = first[first["紧急程度"] == "紧急"]
    assert len(urgent) / len(first) == pytest.approx(0.03, abs=0.001)


def test_a_day_limit_is_harder_for_every_type(demo: Demo) -> None:
    first = demo.valid_2024
    two_days = on_time(first, 48).groupby(first["投诉现象一级"]).mean()
    one_day = on_time(first, 24).groupby(first["投诉现象一级"]).mean()
    assert (one_day < two_days).all()


def test_resolution_after_reopens(demo: Demo) -> None:
    first = demo.valid_2024
    good = confirmed(first)
    assert good.mean() == pytest.approx(0.80, abs=0.005)
    assert good[first["投诉现象一级"] == "资费套餐"].mean() == pytest.approx(0.70, abs=0.01)
    assert (good & on_time(first, 48)).mean() == pytest.approx(0.62, abs=0.01)


def test_satisfaction_is_drawn_jointly_with_the_outcome(demo: Demo) -> None:
    answers = demo.answers[demo.answers["受理时间"] < "2025-01-01"]
    happy = answers["测评结果"] == "满意"
    assert happy.mean() == pytest.approx(0.75, abs=0.005)
    good, quick = confirmed(answers), on_time(answers, 48)
    assert happy[good & quick].mean() == pytest.approx(0.90, abs=0.02)
    assert happy[good & ~quick].mean() == pytest.approx(0.70, abs=0.02)
    assert happy[~good].mean() == pytest.approx(0.33, abs=0.02)
    later = demo.answers[demo.answers["受理时间"] >= "2025-01-01"]
    usual = later[later["处理部门"] != "计费中心"]
    assert (usual["测评结果"] == "满意").mean() == pytest.approx(0.79, abs=0.02)


def test_survey_is_sent_to_seventy_percent_and_answered_by_forty_five(demo: Demo) -> None:
    first = demo.valid_2024["工单流水号"]
    sent = demo.surveys[demo.surveys["工单流水号"].isin(first)]
    assert len(sent) / len(first) == pytest.approx(0.70, abs=0.01)
    assert sent["测评结果"].isin(["满意", "不满意"]).mean() == pytest.approx(0.45, abs=0.01)
    assert set(demo.surveys["测评结果"]) == {"未测评", "未接通", "满意", "不满意"}
    score = demo.surveys.set_index("测评结果")["十分制得分"]
    assert score["满意"].min() >= 9 and score["不满意"].max() <= 8 and score["未接通"].isna().all()


def test_reopens(demo: Demo) -> None:
    first = demo.valid_2024
    assert (first["重开次数"] > 0).mean() == pytest.approx(0.07, abs=0.01)
    again = first[first["重开次数"] > 0]["重开次数"] > 1
    assert again.mean() == pytest.approx(0.15, abs=0.04)


def test_source_flag_of_lateness_agrees_with_the_times(demo: Demo) -> None:
    closed = demo.valid_2024[demo.valid_2024["反馈时间"].notna()]
    assert ((closed["是否超时"] == "是") == ~on_time(closed, 48)).all()


def test_open_tickets_have_no_later_columns(demo: Demo) -> None:
    opened = demo.valid[demo.valid["反馈时间"].isna()]
    assert 40 <= len(opened) <= 150
    assert opened[["归档时间", "是否解决", "责任定性", "原因一级"]].isna().all(axis=None)
