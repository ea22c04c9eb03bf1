"""A legend's words never lie on each other, however narrow the screen is."""

from __future__ import annotations

import pytest

from pages._shared.charts.base import ems_of
from pages._shared.charts.legend import Key, legend

LABELS = ["< -3", "-3 – -1", "-1 – +1", "+1 – +3", "+3 – +6", "> +6", "Fewer than 3 customers", "New 1", "Gone 3"]
CHINESE = ["退服 30", "指标差 44", "营业厅(圆越大，近4周涉厅投诉越多)", "先用便宜办法或测试 11", "客户少于3人"]


@pytest.mark.parametrize("labels", [LABELS, CHINESE, ["x" * 200, "y"], ["one"]])
@pytest.mark.parametrize("columns", [3, 4])
def test_words_fit_before_the_next_mark(labels: list[str], columns: int) -> None:
    made = legend([Key(label, "#000") for label in labels], lang="en", mode="light", columns=columns).to_dict()
    rows = made["data"]["values"] if "data" in made else made["layer"][0]["data"]["values"]
    assert [r["label"] for r in rows] == labels
    lines = 1 + max(r["y"] for r in rows)
    assert made["height"] == 20 * lines
    for one, other in zip(rows, rows[1:], strict=False):
        assert (one["y"], one["x"]) < (other["y"], other["x"]) and other["x"] < columns
        if one["y"] == other["y"]:
            assert (other["x"] - one["x"]) * 350 / columns >= 18 + 11 * ems_of(one["label"])
