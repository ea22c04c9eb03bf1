"""What stands together on a slide: words in lists, small tables under each other, nothing lost and nothing too much."""

from __future__ import annotations

from typing import Any

import pytest

from alerts.review.bundle import Column, Item, Table, Words
from pages._pack import arrange
from pages._pack.arrange import Grid
from pages._pack.pptx import slides
from tests.pages._pack import reading, sample


def said(name: str) -> Item:
    return Item(id=name, finding=Words(zh=name, en=name))


def tabled(name: str) -> Item:
    title = Words(zh=name, en=name)
    table = Table(title=title, columns=(Column(name="n", title=title, kind="count"),), rows=((1,),))
    return Item(id=name, finding=title, tables=(table,))


def test_findings_of_words_alone_stand_together_within_their_screen() -> None:
    found = arrange.runs([("A", tabled("1")), ("A", said("2")), ("A", said("3")), ("B", said("4")), ("B", tabled("5"))])
    assert [(screen, [i.id for i in items]) for screen, items in found] == [
        ("A", ["1"]), ("A", ["2", "3"]), ("B", ["4"]), ("B", ["5"]),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["短", "长" * 200])
def test_lists_lose_nothing_and_fit(text: str) -> None:
    given = [[f"{n}", text, text] for n in range(20)]
    pages = arrange.lists(given)
    assert [lines for page in pages for lines in page] == given
    assert len(pages) < len(given)
    assert arrange.lists([]) == []


def test_tables_stand_under_each_other_only_where_they_fit() -> None:
    small = Grid(("a", "b"), (("1", "2"),) * 3)
    assert arrange.under([small, small], 10) and not arrange.under([small], 10)
    assert not arrange.under([small, Grid(("a", "b"), (("1", "2"),) * 11)], 10)
    assert not arrange.under([small, Grid(("a", "b"), ())], 10), "an empty table says so on its own slide"


def test_a_wide_table_is_not_squeezed_beside_a_chart() -> None:
    assert arrange.beside(Grid(("类型", "本周", "上周"), (("网络质量", "1", "2"),)), 10)
    assert not arrange.beside(Grid(tuple("类型" * 4 for _ in range(8)), (("网络质量优化部",) * 8,)), 10)


@pytest.mark.deep
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_stands_outside_its_slide(lang: Any) -> None:
    for slide in reading.slides(slides(sample.paper(lang=lang))).slides:
        for shape in slide.shapes:
            assert shape.left >= 0 and shape.left + shape.width <= 12_192_000 + 10_000
