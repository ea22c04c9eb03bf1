"""What is said of a chart to those who cannot see it."""

from datetime import date

import pandas as pd
import pytest

from pages._shared import charts

TREND = pd.DataFrame({"period_start": [date(2025, 3, 17), date(2025, 3, 24)], "value": [551, 462]})


def test_trend():
    assert charts.trend_alt(TREND, lang="zh", title="少了 89 件") == (
        "少了 89 件。折线图，2025年第12周(3.17–3.23)至2025年第13周(3.24–3.30)共2期，最新462，"
        "最高551(2025年第12周(3.17–3.23))，最低462(2025年第13周(3.24–3.30))。"
    )
    said = charts.trend_alt(TREND.assign(value=[0.7, 0.76]), lang="en", title="Up.", kind="rate", target=0.95)
    assert said.startswith("Up. Line chart, 2 periods") and said.endswith(" Target 95.0%.")


def test_contribution_and_ranks_are_listed():
    moved = pd.DataFrame({"label": ["A", "B"], "change": [-64, 22]})
    assert charts.contribution_alt(moved, lang="zh", title="T") == "T。条形图，按影响排列：A -64、B +22。"
    ranked = pd.DataFrame({"label": ["A"], "value": [0.8]})
    assert charts.ranked_alt(ranked, lang="en", title="T") == "T. Bar chart: A 80.0%."


def test_share():
    shares = pd.DataFrame({"label": ["网络"], "share": [0.36], "baseline": [0.35]})
    assert charts.share_alt(shares, lang="zh", title="T") == "T。条形图，占比及与基准之差：网络 36.0%（+1.0 pp）。"


def test_heat_names_its_highest_known_cell():
    cells = pd.DataFrame(
        [("NET", "APP", 51.0, "51"), ("TRM", "APP", None, "<5")], columns=["row", "col", "value", "label"]
    )
    assert charts.heat_alt(cells, lang="zh", title="T") == "T。2行1列的热力表，最高为NET×APP：51。"


def test_rhythms():
    hours = pd.DataFrame([(1, 20, 18), (2, 9, 7)], columns=["weekday", "hour", "value"])
    assert charts.hour_weekday_alt(hours, lang="zh", title="T") == "T。星期与小时热力图，高峰在周一20:00–21:00，18。"
    days = pd.DataFrame({"day": [1, 15], "value": [95, 60]})
    said = charts.day_of_month_alt(days, lang="zh", title="T")
    assert said == "T。每月各日柱形图，最高为1日：95。"


def test_map():
    regions = pd.DataFrame({"name": ["邗江区", "宝应县", "仪征市"], "value": [8.2, 5.4, None]})
    assert charts.map_alt(regions, lang="zh", title="T") == "T。区县地图，最高邗江区（8.20），最低宝应县（5.40）。"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    "call",
    [
        charts.trend_alt,
        charts.contribution_alt,
        charts.share_alt,
        charts.heat_alt,
        charts.hour_weekday_alt,
        charts.day_of_month_alt,
        charts.ranked_alt,
        charts.map_alt,
    ],
)
def test_an_empty_frame_is_said_to_be_empty(call, lang):
    columns = ["period_start", "value", "change", "label", "share", "baseline", "row", "col"]
    columns += ["weekday", "hour", "day", "name"]
    frame = pd.DataFrame({c: [] for c in columns})
    assert call(frame, lang=lang, title="T") == {"zh": "T。没有数据。", "en": "T. No data."}[lang]
