"""Meetings that were held before: a week from a register is closed with its decisions, a wrong line takes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from alerts.review import book, past
from alerts.review.bundle import Item, Words
from alerts.review.seal import AlreadySealed
from warehouse import ops
from warehouse.problems import Problems

NUMBER = "138" + "00138000"
HEAD = "周次,定版时间,召开时间,主持,参会部门,新发预警数,确认及时数,误报数,整改到期数,整改完成数,决定,纪要定稿时间"
LINE = (
    "2024-W40,2024-10-07 09:00:00,2024-10-07 10:00:00,SUPV0101,客服管理部;网络优化部,8,6,3,1,0,持续观察3项,"
    "2024-10-07 15:00:00"
)
AT = datetime(2025, 3, 31, 9)


class City:
    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        rows = [("dept", "CARE", "客服管理部"), ("dept", "NET", "网络优化部"), ("hall", "H1", "文峰厅")]
        return pd.DataFrame(rows, columns=["kind", "code", "zh"])


@pytest.fixture
def kept(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "运营历史_例会.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8-sig")
    return path


def take(kept: sa.Engine, path: Path) -> past.Taken:
    return past.take(kept, City(), path)  # type: ignore[arg-type]


def test_a_past_week_is_held_with_its_decision(kept: sa.Engine, tmp_path: Path) -> None:
    path = written(tmp_path, LINE)
    assert past.is_register(path) and vars(take(kept, path)) == {"n_new": 1, "n_known": 0}
    assert vars(take(kept, path)) == {"n_new": 0, "n_known": 1}
    told = book.book(kept, tmp_path / "reviews", "2024-W40")
    assert (told.status, told.is_closed, told.sealed_by) == ("held", True, "SUPV0101")
    assert told.minutes_sealed_at == datetime(2024, 10, 7, 15) and told.attendees == "客服管理部、网络优化部"
    assert "新发预警8条，确认及时6条，误报3条；整改到期1项，完成0项" in told.minutes
    (made,) = told.decisions
    assert (made.decision, made.item_en) == ("observe", "3 in the earlier register of meetings")


def test_nothing_is_written_into_a_week_that_was_held(kept: sa.Engine, tmp_path: Path) -> None:
    take(kept, written(tmp_path, LINE))
    folder, item = tmp_path / "reviews", Item(id="overall", finding=Words(zh="量", en="volume"))
    with pytest.raises(AlreadySealed):
        book.decide(kept, folder, "2024-W40", item, "observe", "", "manager", AT, "manager")
    with pytest.raises(AlreadySealed):
        book.write_minutes(kept, folder, "2024-W40", "", "", 1, "manager")
    assert len(book.book(kept, folder, "2024-W40").decisions) == 1
    book.write_minutes(kept, folder, "2024-W41", "", "还开着", 0, "manager")
    assert book.book(kept, folder, "2024-W41").status == "draft"


def test_a_week_that_was_begun_here_stays(kept: sa.Engine, tmp_path: Path) -> None:
    book.write_minutes(kept, tmp_path / "reviews", "2024-W40", "", "我们的纪要", 0, "manager")
    assert take(kept, written(tmp_path, LINE)).n_known == 1
    told = book.book(kept, tmp_path / "reviews", "2024-W40")
    assert (told.status, told.minutes) == ("draft", "我们的纪要")


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("2024-W40,", "2024-W60,", "周次"),
        ("SUPV0101", NUMBER, "主持"),
        ("网络优化部", NUMBER, "参会部门"),
        ("持续观察3项", f"打电话给{NUMBER}", "决定"),
        ("10:00:00", "08:00:00", "召开时间"),
        (",8,6,", ",-8,6,", "新发预警数"),
        ("15:00:00", "noon", "纪要定稿时间"),
    ],
)
def test_a_wrong_line_takes_nothing_and_its_fault_says_no_content(
    kept: sa.Engine, tmp_path: Path, old: str, new: str, column: str
) -> None:
    good = LINE.replace("W40", "W39").replace("2024-10-07", "2024-09-30")
    with pytest.raises(Problems) as caught:
        take(kept, written(tmp_path, good, LINE.replace(old, new)))
    assert column in str(caught.value) and "line 3" in str(caught.value)
    assert NUMBER not in str(caught.value)
    assert book.book(kept, tmp_path / "reviews", "2024-W39").status == "draft"


def test_the_weeks_stand_once(kept: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(Problems, match="again"):
        take(kept, written(tmp_path, LINE, LINE))
    assert not past.is_register(tmp_path / "no such file.csv")
