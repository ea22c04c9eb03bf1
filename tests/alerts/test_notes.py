"""Notes on charts: kept once, shown where they belong, taken back but not deleted; changes and holidays besides."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from alerts import notes
from alerts.review.bundle import Words
from warehouse import ops
from warehouse.problems import Problems

AT = datetime(2025, 3, 31, 9)
DAY = date(2025, 3, 18)
BEGINS, ENDS = date(2025, 3, 1), date(2025, 3, 31)


@pytest.fixture
def kept(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


class City:
    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        if "dim_date" in sql:
            days = pd.to_datetime(["2025-03-03", "2025-03-04", "2025-03-20"])
            return pd.DataFrame({"date_on": days, "holiday_zh": ["甲", "甲", "乙"], "holiday_en": ["A", "A", "B"]})
        return pd.DataFrame({"started_at": [pd.Timestamp("2025-03-10 22:00")], "ended_at": [None], "title": ["割接"],
                             "kind": ["cutover"]})  # fmt: skip


def test_the_same_words_are_one_note(kept: sa.Engine) -> None:
    first = notes.write(kept, " 停电 ", "duty", AT, DAY, measure="M01")
    assert notes.write(kept, "停电", "duty", AT, DAY, measure="M01") == first
    assert [n.text for n in notes.of_chart(kept, "M01", BEGINS, ENDS)] == ["停电"]


def test_a_note_stands_where_it_belongs(kept: sa.Engine) -> None:
    notes.write(kept, "一", "duty", AT, DAY, measure="M01")
    notes.write(kept, "二", "duty", AT, DAY)
    notes.write(kept, "三", "duty", AT, DAY, measure="M04")
    notes.write(kept, "四", "duty", AT, DAY, measure="M01", region_code="321002")
    notes.write(kept, "五", "duty", AT, date(2025, 1, 1), date(2025, 3, 1), measure="M01")

    def on(*asked: Any) -> list[str]:
        return [n.text for n in notes.of_chart(kept, *asked)]

    assert on("M01", BEGINS, ENDS) == ["五", "一", "二"]
    assert on("M01", BEGINS, ENDS, "321002") == ["五", "一", "二", "四"]
    assert on("M01", date(2025, 3, 2), DAY) == ["一", "二"] and on("M01", date(2025, 4, 1), date(2025, 4, 2)) == []


def test_a_chart_of_several_districts_has_the_notes_of_each_and_says_whose(kept: sa.Engine) -> None:
    for text, region in (("全", ""), ("甲地", "1"), ("乙地", "2"), ("丙地", "3")):
        notes.write(kept, text, "duty", AT, DAY, measure="M01", region_code=region)
    named = {"1": Words(zh="东", en="East"), "2": Words(zh="西", en="West")}
    found = notes.marks(kept, None, "M01", BEGINS, ENDS, regions=named)
    assert [(m.words.zh, m.words.en) for m in found] == [
        ("东：甲地", "East: 甲地"), ("全", "全"), ("西：乙地", "West: 乙地"),
    ]  # fmt: skip


def test_what_is_taken_back_is_gone_and_not_deleted(kept: sa.Engine) -> None:
    number = notes.write(kept, "误记", "duty", AT, DAY)
    notes.withdraw(kept, number, "manager", AT)
    assert notes.of_chart(kept, "M01", BEGINS, ENDS) == []
    with kept.connect() as con:
        assert con.execute(sa.select(ops.note.c.withdrawn_by)).scalars().all() == ["manager"]
    assert notes.write(kept, "误记", "duty", AT, DAY) == number
    assert len(notes.of_chart(kept, "M01", BEGINS, ENDS)) == 1


@pytest.mark.parametrize(("text", "ends"), [("", None), ("\u200b", None), ("长" * 121, None), ("x", date(2025, 3, 1))])
def test_what_makes_no_sense_is_refused(kept: sa.Engine, text: str, ends: date | None) -> None:
    with pytest.raises(Problems):
        notes.write(kept, text, "duty", AT, DAY, ends)


def test_numbers_of_people_are_masked(kept: sa.Engine) -> None:
    notes.write(kept, "客户" + "138" + "12345678" + "\n来电", "duty", AT, DAY)
    assert notes.of_chart(kept, "M01", BEGINS, ENDS)[0].text == "客户*** 来电"


def test_marks_are_notes_holidays_and_changes_in_order(kept: sa.Engine) -> None:
    notes.write(kept, "停电", "duty", AT, DAY, date(2025, 3, 19), measure="M01")
    found = notes.marks(kept, City(), "M01", BEGINS, ENDS)
    assert [(m.at.day, m.until and m.until.day, m.words.zh, m.kind) for m in found] == [
        (3, 4, "甲", "holiday"), (10, None, "割接", "change"), (18, 19, "停电", "note"), (20, None, "乙", "holiday"),
    ]  # fmt: skip
    assert notes.marks(None, None, "M01", BEGINS, ENDS) == ()


def test_the_release_of_the_city_answers(kept: sa.Engine, demo_home: Path) -> None:
    from alerts.sources import Release
    from warehouse.home import Home

    found = notes.marks(kept, Release.current(Home(demo_home)), "M01", date(2025, 1, 1), ENDS)
    assert {"holiday", "change"} <= {m.kind for m in found}
