"""A whole generation: same bytes twice, the twin, what is in the inbox and what is not."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pandas as pd
import pytest

from etl.demo import generate
from tests.etl.demo.reading import Demo, metres

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin

MONTHS = 15


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in folder.rglob("*") if p.is_file()}


@pytest.mark.deep
def test_same_seed_gives_the_same_bytes(demo: Demo, tmp_path: Path) -> None:
    generate(tmp_path)
    assert digests(tmp_path) == digests(demo.folder)


def test_every_file_is_there(demo: Demo) -> None:
    names = sorted(p.name for p in demo.inbox.iterdir())
    monthly = ("投诉工单_", "工单流转日志_", "满意度回访_", "小区性能_天_", "小区性能_小时_", "告警_厂家A_",
     "告警_厂家B_",
               "业务办理_", "排班_", "智能客服_")  # fmt: skip
    for prefix in monthly:
        assert (
            len([n for n in names if n.startswith(prefix) and len(n.removeprefix(prefix).split(".")[0]) == 6]) == MONTHS
        )
    once = {
        "到达用户_2024.csv", "到达用户_2025.csv", "小区工参_20240101.xlsx", "小区工参_20240701.xlsx",
        "小区工参_20241030.xlsx",
        "小区工参_20250101.xlsx", "营业厅.xlsx", "变更事件.csv", "市场动态.csv", "舆情_2024.csv",
        "舆情_2025.csv", "携号转网_2024.csv",
        "携号转网_2025.csv", "账单稽核_2024.csv", "账单稽核_2025.csv", "培训记录.csv",
        "历史投诉量_2021-2023.csv",
        "运营历史_预警处置.csv", "运营历史_整改.csv", "运营历史_例会.csv",
    }  # fmt: skip
    assert once <= set(names)


def test_inbox_is_flat_and_holds_no_answer_key(demo: Demo) -> None:
    names = [p.name for p in demo.inbox.iterdir()]
    assert all(p.is_file() for p in demo.inbox.iterdir())
    assert not [n for n in names if "truth" in n or n.startswith(".")]
    assert (demo.folder / "truth_events.csv").exists()


def test_summary_counts_what_was_written(demo: Demo) -> None:
    assert demo.summary.valid_2024 == 24_000
    assert demo.summary.tickets == len(demo.tickets) and demo.summary.events == len(demo.events)
    assert demo.summary.files == len(list(demo.inbox.iterdir()))


def test_a_scale_below_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="scale = 0: expected a whole number from 1 up"):
        generate(tmp_path, scale=0)


def test_encodings(demo: Demo) -> None:
    assert (demo.inbox / "工单流转日志_202401.csv").read_bytes().startswith(b"\xef\xbb\xbf")
    raw = (demo.inbox / "投诉工单_202401.csv").read_bytes()
    assert raw.count(b"\r\n") == raw.count(b"\n")
    assert raw.decode("gb18030").splitlines()[-1].startswith("合计,")
    with pytest.raises(UnicodeDecodeError):
        raw.decode("utf-8")


@pytest.mark.deep
def test_twin_has_nothing_planted(twin: Demo) -> None:
    assert len(twin.valid_2024) == 24_000
    assert twin.truth.empty
    names = {p.name for p in twin.inbox.iterdir()}
    assert not [
        n for n in names if n.startswith(("运营历史", "小区指标比率")) or n.count("_") > 1 and n.startswith("投诉工单")
    ]
    assert not twin.tickets["投诉内容"].str.contains("化名").any()


@pytest.mark.deep
def test_twin_work_is_done_in_time_and_nothing_goes_outside(twin: Demo) -> None:
    valid = twin.valid
    hours = valid["小时数"]
    limit = valid["受理时间"].lt("2025-01-01").map({True: 48.0, False: 24.0})
    assert (hours.dropna() <= 0.35 * limit[hours.notna()]).all()
    opened = valid[valid["反馈时间"].isna()]
    assert (opened["受理时间"] > "2025-03-30").all()
    assert (
        not valid["受理渠道"]
        .isin(["黑猫投诉", "消费者协会", "工信部申诉", "媒体", "12345政务热线", "10080监督热线"])
        .any()
    )
    assert not (valid["紧急程度"] == "紧急").any()
    assert (valid[["催单次数", "重开次数"]] == 0).all(axis=None)


@pytest.mark.deep
def test_twin_network_is_quiet(twin: Demo) -> None:
    assert twin.days["退服时长(s)"].max() == 0
    coverage = 1 - twin.days.groupby("CGI")["MR弱覆盖采样点数"].sum() / twin.days.groupby("CGI")["MR采样点数"].sum()
    assert coverage.min() > 0.94
    alarms = pd.read_csv(twin.inbox / "告警_厂家A_202503.csv", encoding="gb18030")
    assert not alarms["名称"].str.contains("退服|断电|停电").any()


@pytest.mark.deep
def test_twin_has_no_batch_of_complaints(twin: Demo) -> None:
    net = twin.valid[(twin.valid["投诉现象一级"] == "网络质量") & twin.valid["定位方式"].isin(["设备", "小区名匹配"])]
    recent = net[net["受理时间"] >= "2025-03-03"]
    for row in recent.itertuples():
        day = recent[
            (recent["受理时间"] <= row.受理时间) & (recent["受理时间"] > row.受理时间 - pd.Timedelta(hours=24))
        ]
        assert day[metres(day, row.经度, row.纬度) < 500]["业务号码"].nunique() < 8
