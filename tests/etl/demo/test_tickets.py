"""Quotas and mixes of the ticket files, read back from the files."""

from __future__ import annotations

import pandas as pd
import pytest

from tests.etl.demo.reading import AS_OF, TIMES, Demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin

TYPE_SHARES = {"网络质量": 0.35, "服务质量": 0.25, "资费套餐": 0.20, "业务办理": 0.15, "终端设备": 0.05}
CHANNEL_SHARES = {"10086热线": 0.40, "网上营业厅": 0.30, "手机APP": 0.20, "线下营业厅": 0.10}


def test_exactly_24000_valid_complaints_in_2024(demo: Demo) -> None:
    assert len(demo.valid_2024) == 24_000


def test_type_shares(demo: Demo) -> None:
    shares = demo.valid_2024["投诉现象一级"].value_counts(normalize=True)
    assert shares.to_dict() == pytest.approx(TYPE_SHARES, abs=0.001)


def test_channel_shares_within_the_main_group(demo: Demo) -> None:
    main = demo.valid_2024[demo.valid_2024["受理渠道"].isin(list(CHANNEL_SHARES))]
    assert main["受理渠道"].value_counts(normalize=True).to_dict() == pytest.approx(CHANNEL_SHARES, abs=0.001)


def test_social_and_external_shares(demo: Demo) -> None:
    n = len(demo.valid_2024)
    counts = demo.valid_2024["受理渠道"].value_counts()
    social = counts[["微信公众号", "微博", "电子邮件", "意见箱", "短信", "在线客服"]].sum()
    external = counts[["黑猫投诉", "媒体", "消费者协会", "12345政务热线", "工信部申诉"]].sum()
    assert social / n == pytest.approx(0.015, abs=0.0005)
    assert external / n == pytest.approx(0.0075, abs=0.0005)
    assert counts["10080监督热线"] / n == pytest.approx(0.006, abs=0.0005)
    assert counts["工信部申诉"] / n == pytest.approx(0.0015, abs=0.0002)


def test_second_year_runs_to_the_last_sunday_at_about_the_same_rate(demo: Demo) -> None:
    last = demo.valid_2025["受理时间"].max()
    assert pd.Timestamp("2025-03-30") <= last < pd.Timestamp("2025-03-31")
    assert len(demo.valid_2025) / 89 == pytest.approx(24_000 / 366, rel=0.08)


def test_repeats_are_eleven_percent_and_fall_to_eight(demo: Demo) -> None:
    valid = demo.valid.copy()
    earlier = valid.groupby(["业务号码", "投诉现象二级"])["受理时间"].shift()
    gap = valid["受理时间"] - earlier
    repeat = gap <= pd.Timedelta(days=30)
    assert (repeat == (valid["是否重复"] == "是")).all()
    assert (gap.dropna() > pd.Timedelta(hours=48)).all(), "nearer ones would be duplicates"
    first_half = valid["受理时间"] < "2024-07-01"
    assert repeat[first_half].mean() == pytest.approx(0.11, abs=0.006)
    assert repeat[valid["受理时间"] >= "2025-01-01"].mean() == pytest.approx(0.08, abs=0.006)


def test_ids_are_unique_and_one_customer_has_one_number(demo: Demo) -> None:
    assert demo.tickets["工单流水号"].is_unique
    assert demo.tickets["业务号码"].str.fullmatch(r"1\d{10}").all()


def test_rows_outside_the_quota(demo: Demo) -> None:
    outside = demo.tickets[(demo.tickets["请求类别"] == "咨询") | (demo.tickets["有效性"] == "无效")]
    assert len(outside) / len(demo.tickets) == pytest.approx(0.03, abs=0.003)
    merged = demo.tickets[demo.tickets["合并至工单"].notna()]
    assert len(merged) > 50
    target = merged.merge(demo.tickets, left_on="合并至工单", right_on="工单流水号", suffixes=("", "_主单"))
    assert (target["业务号码"] == target["业务号码_主单"]).all()
    assert ((target["受理时间"] - target["受理时间_主单"]) < pd.Timedelta(hours=24)).all()


def test_month_edges_are_busy_for_fees_and_not_for_network(demo: Demo) -> None:
    valid = demo.valid_2024
    day = valid["受理时间"].dt
    edge = (day.day <= 3) | (day.days_in_month - day.day < 3)

    def factor(rows: pd.Series) -> float:
        share = edge[rows].mean()
        return (share / (72 / 366)) / ((1 - share) / (294 / 366))

    fees = valid["投诉现象二级"].isin(["计费不准确", "套餐变更不合理/手续繁"])
    assert factor(fees) == pytest.approx(1.8, abs=0.25)
    assert factor(valid["投诉现象一级"] == "网络质量") == pytest.approx(1.0, abs=0.12)


def test_young_people_use_online_channels_and_old_people_phone_and_hall(demo: Demo) -> None:
    main = demo.valid_2024[demo.valid_2024["受理渠道"].isin(list(CHANNEL_SHARES))]
    table = pd.crosstab(main["年龄段"], main["受理渠道"], normalize="index")
    assert table.loc["青年", ["网上营业厅", "手机APP"]].sum() == pytest.approx(0.73, abs=0.03)
    assert table.loc["老年", ["10086热线", "线下营业厅"]].sum() == pytest.approx(0.86, abs=0.03)


def test_halls_take_complaints_in_opening_hours(demo: Demo) -> None:
    hall = demo.valid[demo.valid["受理渠道"] == "线下营业厅"]["受理时间"]
    minute = hall.dt.hour * 60 + hall.dt.minute
    assert minute.between(8 * 60 + 30, 18 * 60).all()


def test_every_row_says_that_it_is_synthetic(demo: Demo) -> None:
    assert (demo.tickets["是否模拟"] == "是").all()
    title = (demo.inbox / "投诉工单_202401.csv").read_bytes().decode("gb18030").splitlines()[:3]
    assert any("模拟数据" in line for line in title)


def test_points_are_in_the_city_and_gcj02(demo: Demo) -> None:
    known = demo.tickets[demo.tickets["经度"].notna()]
    assert known["经度"].between(118.9, 120.0).all() and known["纬度"].between(32.1, 33.5).all()
    estate = known[(known["投诉地点"] == "四季园小区") & (known["定位方式"] == "小区名匹配")]
    # The estate is at 119.450, 32.407 in WGS-84; the shift is about 515 m east and 208 m south.
    assert (estate["经度"].median() - 119.450) * 94_000 == pytest.approx(515, abs=60)
    assert (estate["纬度"].median() - 32.407) * 110_900 == pytest.approx(-208, abs=60)


def test_texts_carry_what_a_scrubber_and_an_export_must_survive(demo: Demo) -> None:
    text = demo.tickets["投诉内容"]
    assert text.str.contains(r"1[3-9]\d{9}").mean() > 0.03
    assert text.str.contains("@example.com").any() and text.str.contains("栋").any()
    assert text.str.contains("<script>", regex=False).any() and text.str.startswith("=").any()


def test_nothing_is_stamped_after_as_of(demo: Demo) -> None:
    for column in TIMES:
        if column == "承诺到期时间":  # a due date may lie ahead
            continue
        assert demo.tickets[column].max() <= AS_OF, column
    assert demo.events["操作时间"].max() <= AS_OF
    assert demo.surveys["回访时间"].max() <= AS_OF
