"""Tables on slides: wide words get wide columns, long rows fewer to a slide, and no row is lost."""

from __future__ import annotations

import pytest

from pages._pack import fitting
from pages._pack.word import LOOSE


def test_columns_share_the_width_by_their_words() -> None:
    wide = fitting.widths([["级别", "预警"], ["红", "长" * 60]], 12.0)
    assert sum(wide) == pytest.approx(12) and wide[1] > 5 * wide[0]


def test_short_columns_keep_their_words_in_one_line_beside_a_long_one() -> None:
    rows = [["红", "长" * 60, "2025-03-30 19:15", "网络优化部"]]
    wide = fitting.widths([["级别", "预警", "触发", "部门"], *rows], 12.1, 13)
    assert sum(wide) == pytest.approx(12.1)
    one = fitting.height(["红"], [9.0], 13)
    assert all(fitting.height([text], [w], 13) == one for text, w in zip(rows[0][2:], wide[2:], strict=True))


def test_a_long_text_makes_its_row_higher() -> None:
    wide = [2.0, 2.0]
    assert fitting.height(["短", "短"], wide, 13) < fitting.height(["短", "长" * 40], wide, 13) / 3


@pytest.mark.parametrize("text", ["短", "长" * 160])
def test_every_row_stands_on_one_slide_and_fits(text: str) -> None:
    header, rows = ["编号", "预警", "部门"], [[str(k), text, "网络部"] for k in range(25)]
    found = list(fitting.pages(header, rows, 12.0, 13, 4.9, 10))
    assert [row for page in found for row in page] == rows
    wide = fitting.widths([header, *rows], 12.0)
    assert all(sum(fitting.height(row, wide, 13) for row in page) <= 4.9 and len(page) <= 10 for page in found)
    assert list(fitting.pages(header, [], 12.0, 13, 4.9, 10)) == []


@pytest.mark.parametrize(
    ("header", "dept", "state"),
    [
        (["编号", "问题", "措施", "部门", "责任人", "时限", "状态", "验证结果"], "区域网络维护部", "待验证"),
        (["Number", "Problem", "Measure", "Department", "Person", "Due", "State", "Result"],
         "Area network maintenance", "to be verified"),
    ],
    ids=["zh", "en"],
)  # fmt: skip
def test_numbers_and_days_stay_whole_and_running_text_keeps_its_width(header: list[str], dept: str, state: str) -> None:
    row = ["ZG2025-035", "扬州经济技术开发区解答不准确投诉量偏高", "答复模板", dept, "NETMAINT0109",
           "2025-02-27", state, "—"]  # fmt: skip
    total, size = 156 / 25.4, 8
    wide = fitting.widths([header, row], total, size * LOOSE, size)
    assert sum(wide) == pytest.approx(total)
    free = 0.15  # what Word keeps beside the words of a cell
    letter = 0.5 * size / 72  # digits of 仿宋 and Times are half as wide as high
    assert [row[k] for k in (0, 4, 5) if len(row[k]) * letter + free > wide[k]] == []
    assert wide[1] > total / 8
