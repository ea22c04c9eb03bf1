"""Trainings of halls from a file: done measures of their halls, which are judged but are no rectifications."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from alerts.actions import past, register, training
from pages._shared.data_worked import fixes
from warehouse import ops
from warehouse.problems import Problems

NUMBER = "138" + "00138000"
HEAD = "培训编号,开始日期,结束日期,营业厅编号,主题,参训人数,平均成绩"
LINE = "TR20240201-02,2024-02-01,2024-02-03,H037,服务规范,10,87.5"


class City:
    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        rows = [("hall", "H037", "文峰厅"), ("dept", "HALLMGT", "营业厅管理部")]
        return pd.DataFrame(rows, columns=["kind", "code", "zh"])


@pytest.fixture
def kept(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "培训记录.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding="utf-8-sig")
    return path


def take(kept: sa.Engine, path: Path) -> past.Taken:
    return training.take(kept, City(), path)  # type: ignore[arg-type]


def test_a_training_is_a_measure_that_is_done_and_judged(kept: sa.Engine, tmp_path: Path) -> None:
    path = written(tmp_path, LINE)
    assert training.is_register(path) and not past.is_register(path)
    assert vars(take(kept, path)) == {"n_new": 1, "n_known": 0} and take(kept, path).n_known == 1
    (found,) = register.all_items(kept)
    assert (found.action_id, found.kind, found.scope_kind, found.scope_id) == (
        "TR20240201-02", "hall_training", "hall", "H037",
    )  # fmt: skip
    assert (found.state, found.result, found.done_on) == ("closed", "unclear", date(2024, 2, 3))
    assert found.measure == "培训：服务规范（10人，平均87.5分）" and found.owner_dept == "HALLMGT"
    assert [f.id for f in fixes([found])] == ["TR20240201-02"]
    assert register.rectifications([found]) == []


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("H037", NUMBER, "营业厅编号"),
        ("2024-02-03", "昨天", "结束日期"),
        (",10,", ",many,", "参训人数"),
        ("TR20240201-02", NUMBER, "培训编号"),
        ("服务规范", "", "主题"),
        ("87.5", "nan", "平均成绩"),
    ],
)
def test_a_wrong_line_takes_nothing(kept: sa.Engine, tmp_path: Path, old: str, new: str, column: str) -> None:
    other = LINE.replace("-02,2024", "-03,2024")
    with pytest.raises(Problems) as caught:
        take(kept, written(tmp_path, other, LINE.replace(old, new)))
    assert column in str(caught.value) and NUMBER not in str(caught.value)
    assert register.all_items(kept) == []


def test_a_telephone_number_in_the_topic_is_not_kept(kept: sa.Engine, tmp_path: Path) -> None:
    take(kept, written(tmp_path, LINE.replace("服务规范", f"致电{NUMBER}")))
    (found,) = register.all_items(kept)
    assert "致电" in found.measure and NUMBER not in found.measure


def test_it_ends_before_it_begins(kept: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(Problems):
        take(kept, written(tmp_path, LINE.replace("2024-02-03", "2024-01-03")))
