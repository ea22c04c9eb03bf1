"""Titles that wrap, ramps in round steps, axes in the reader's words."""

import pytest

from pages._shared.charts import base
from pages._shared.theme import DARK, LIGHT


def test_wrapped_lines_keep_the_text_and_the_width():
    text = "本周投诉462件，比上周少89件，主要是网络质量回落"
    lines = base.wrap(text, 12)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(base.ems_of(line) <= 13 for line in lines)
    assert not any(line[0] in "，。、" for line in lines)


def test_english_breaks_between_words():
    assert base.wrap("fewer complaints this week", 9) == ["fewer complaints", "this week"]


def test_a_subtitle_breaks_at_its_dots_first():
    assert base.measure_lines("满意率 · 目标 85% · 横线为 95% 区间 · 灰色为样本不足 30", 20) == [
        "满意率 · 目标 85% · 横线为 95% 区间",
        "灰色为样本不足 30",
    ]
    assert base.measure_lines("短", 20) == ["短"]


def test_a_long_undotted_subtitle_leaves_no_single_word_over():
    lines = base.measure_lines("按投诉受理时间统计并且剔除咨询与无效工单以后的每周投诉数量", 20)
    assert len(lines) == 2
    assert min(len(line) for line in lines) >= 10


@pytest.mark.parametrize("values", [[5.4, 6.0, 8.2], [0, 51], [3.0], [0.0], [0.7, 0.701], [12_000, 98_000]])
@pytest.mark.parametrize("from_zero", [True, False])
def test_steps_hold_every_value_in_at_most_six(values, from_zero):
    edges, colours = base.steps(values, LIGHT, from_zero=from_zero)
    assert 1 <= len(colours) <= 6
    assert len(edges) == len(colours) + 1
    assert edges[0] <= min(values) and edges[-1] >= max(values)
    assert [base.step_of(v, edges) for v in sorted(values)] == sorted(base.step_of(v, edges) for v in values)
    assert all(0 <= base.step_of(v, edges) < len(colours) for v in values)


def test_the_ends_of_the_ramp_are_used():
    _, colours = base.steps([1, 6], DARK, from_zero=False)
    assert (colours[0], colours[-1]) == (DARK.sequential[0], DARK.sequential[-1])


def test_step_labels_carry_as_many_digits_as_needed():
    assert base.step_labels([0.0, 10.0, 20.0], "count") == ["0–10", "10–20"]
    assert base.step_labels([5.4, 6.0, 6.6], "per_10k") == ["5.4–6.0", "6.0–6.6"]
    assert base.step_labels([0.7, 0.725, 0.75], "rate") == ["70.0–72.5%", "72.5–75.0%"]


def test_axis_expression_speaks_the_language():
    assert "万" in base.number_expression("count", "zh") and "亿" in base.number_expression("count", "zh")
    assert '"k"' in base.number_expression("count", "en")
    assert "%" in base.number_expression("rate", "zh")
    assert "小时" in base.number_expression("duration", "zh")


def test_configuration_is_opaque_and_localised():
    zh, en = base.chart_config("zh", "dark"), base.chart_config("en", "light")
    assert (zh["background"], en["background"]) == (DARK.background, LIGHT.background)
    assert zh["locale"]["time"]["shortDays"][1] == "周一"
    assert en["locale"]["time"]["months"][2] == "Mar"


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("网上营业厅", ["网上", "营业厅"]),
        ("10086热线", ["10086", "热线"]),
        ("手机APP", ["手机APP"]),
        ("外部渠道", ["外部", "渠道"]),
        ("Consumer association", ["Consumer", "association"]),
        ("Unbreakable", ["Unbreakable"]),
        ("", [""]),
    ],
)
def test_a_name_breaks_with_the_longer_part_last(name: str, lines: list[str]):
    assert base.wrap_back(name, 3.7) == lines


@pytest.mark.parametrize("name", ["网上营业厅自助终端", "10086热线", "社交书面", "国际及港澳台漫游"])
def test_broken_names_fit_and_lose_nothing(name: str):
    lines = base.wrap_back(name, 3.7)
    assert "".join(lines) == name
    assert all(base.ems_of(line) <= 3.7 for line in lines)
