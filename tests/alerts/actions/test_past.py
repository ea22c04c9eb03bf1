"""A register of measures from a file: what it says is taken over once, and a wrong line takes nothing over."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from alerts.actions import past, register
from alerts.actions.kinds import kinds, of_words
from warehouse import ops
from warehouse.problems import Problems

HEAD = (
    "整改编号,来源,督办级别,问题,措施,责任部门,责任人工号,对象,开始日期,"
    "完成时限,完成日期,状态,验证指标,费用(元),根治,延期原因"
)
LATE = (
    "ZG2025-001,上级督办,挂牌,曹甸乡村网络投诉量偏高,新建宏站,网络优化部,NET0115,曹甸乡村,"
    "2025-02-17,2025-03-21,,整改中,网络投诉量,80000,是,物业协调未完成"
)
OVER = (
    "ZG2024-006,批示,重点,计费偏高,账前稽核,计费中心,BIL0100,仪征市,"
    "2024-10-26,2024-11-10,2024-11-08,已销项,计费不准确投诉量,,否,"
)


class City:
    """A release that knows a handful of names."""

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame:
        if "aliases" in sql:
            return pd.DataFrame({"place_id": ["P06"], "place_name": ["宝应乡村"], "aliases": ["曹甸乡村;曹甸"]})
        rows = [
            ("dept", "NET", "网络优化部"), ("dept", "BIL", "计费中心"), ("district", "321081", "仪征市"),
            ("type", "NET", "网络质量"), ("subtype", "TAR02", "计费不准确"), ("place", "P06", "宝应乡村"),
        ]  # fmt: skip
        return pd.DataFrame(rows, columns=["kind", "code", "zh"])


@pytest.fixture
def kept(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def written(tmp_path: Path, *lines: str, encoding: str = "utf-8-sig") -> Path:
    path = tmp_path / "运营历史_整改.csv"
    path.write_text("\n".join([HEAD, *lines]) + "\n", encoding=encoding)
    return path


def take(kept: sa.Engine, path: Path) -> past.Taken:
    return past.take(kept, City(), path)  # type: ignore[arg-type]


def test_what_the_file_says_is_taken_over_once(kept: sa.Engine, tmp_path: Path) -> None:
    path = written(tmp_path, LATE, OVER)
    assert past.is_register(path)
    assert (take(kept, path), take(kept, path)) == (past.Taken(2, 0), past.Taken(0, 2))
    late, over = register.one(kept, "ZG2025-001"), register.one(kept, "ZG2024-006")
    assert late is not None and over is not None
    assert (late.state, late.kind, late.scope_kind, late.scope_id, late.verify_type) == (
        "doing", "new_site", "place", "P06", "NET",
    )  # fmt: skip
    assert late.is_overdue(date(2025, 3, 31)) and late.is_supervised and late.cost_yuan == 80000
    assert register.history(kept, "ZG2025-001")[-1].note == "物业协调未完成"
    assert (over.state, over.result, over.verify_type, over.waits_for_reply) == ("closed", "unclear", "TAR02", False)
    assert [(e.deed, e.happened_at) for e in register.history(kept, "ZG2024-006")][-1] == (
        "verify", datetime(2024, 11, 8, 18),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [("NET0115", "张三丰", "staff number"), ("上级督办", "听说", "来源"), ("2025-02-17", "二月", "开始日期"),
     ("ZG2025-001", "138" + "12345678", "整改编号"), ("网络优化部", "无此部门", "责任部门"), ("80000", "-1", "cost"),
     ("网络投诉量", "天气", "验证指标"), ("2025-03-21", "2025-01-01", "due before"), ("整改中", "待验证", "完成日期")],
)  # fmt: skip
def test_a_wrong_line_takes_nothing_over_and_is_not_repeated(
    kept: sa.Engine, tmp_path: Path, old: str, new: str, said: str
) -> None:
    with pytest.raises(Problems) as fault:
        take(kept, written(tmp_path, OVER, LATE.replace(old, new)))
    assert said in str(fault.value) and "line 3" in str(fault.value)
    assert new not in str(fault.value).replace("完成日期 is empty", "") or new == "待验证"
    assert register.all_items(kept) == []


def test_a_number_in_the_words_is_masked(kept: sa.Engine, tmp_path: Path) -> None:
    take(kept, written(tmp_path, LATE.replace("物业协调未完成", "联系" + "138" + "12345678")))
    assert register.history(kept, "ZG2025-001")[-1].note == "联系***"


def test_what_is_no_register_is_told_apart(tmp_path: Path) -> None:
    other = tmp_path / "x.csv"
    other.write_text("预警编号,周次\n", encoding="utf-8")
    assert not past.is_register(other) and not past.is_register(tmp_path / "none.csv")
    other.write_bytes(b"\xff\xfe\x00")
    assert not past.is_register(other)
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    assert not past.is_register(tmp_path / "empty.csv")


def test_a_file_in_another_encoding_is_refused(kept: sa.Engine, tmp_path: Path) -> None:
    with pytest.raises(Problems):
        take(kept, written(tmp_path, LATE, encoding="gb18030"))


def test_every_kind_has_a_name_of_its_own() -> None:
    names = [n for k in kinds().values() for n in (k.zh, k.en, *k.also)]
    assert len(names) == len(set(names))
    assert (of_words("新建宏站"), of_words("跳大神")) == ("new_site", "other")


def test_every_measure_of_the_reference_has_a_kind() -> None:
    """The rows of domain reference 1.9, each by the kinds that are registered for it."""
    rows = (
        "no_approval", "authority", "form", "limits", "team", "ai_service", "information_base", "hall_training",
        "staffing", "new_site capacity parameter antenna indoor", "package tariff_words", "bill_audit release_test",
        "key_customers", "supervision", "template", "callbacks", "research", "assessment", "progress",
    )  # fmt: skip
    wanted = {code for row in rows for code in row.split()}
    assert wanted <= set(kinds()) and len(rows) == 19
