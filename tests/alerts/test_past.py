"""An earlier register: taken over once, with its people and times, without its free text, all or nothing."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from alerts import store
from alerts.past import take
from warehouse import ops
from warehouse.problems import Problems

HEADER = (
    "预警编号,周次,规则编号,对象类型,对象,严重级别,触发时间,确认人工号,确认时间,责任部门,决定,决定时间,"
    "结论,误报原因,关闭时间,关联工单数,备注"
)
CLOSED = (
    "W1,W,RC07,计费,江都区,橙,2024-10-05 00:33:54,BIL01,2024-10-05 01:14:21,计费中心,调整门限,"
    "2024-10-05 12:44:54,误报,门限过低,2024-10-12 04:23:12,1,"
)
NUMBER = "138" + "0" * 4 + "1234"
RETURNED = 'W2,W,RC05,工单,高邮市,黄,2025-03-17 15:38:55,,,投诉监督小组,,,,,,5,"自行恢复,未确认退回"'


class Names:
    """A release that knows two districts and a department."""

    def select(self, _sql: str, _given: Any) -> pd.DataFrame:
        told = [("district", "321012", "江都区"), ("district", "321084", "高邮市"), ("dept", "BIL", "计费中心")]
        return pd.DataFrame([(k, c, z, z) for k, c, z in told], columns=["kind", "code", "zh", "en"])


@pytest.fixture
def kept(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def register(folder: Path, *lines: str, header: str = HEADER) -> Path:
    path = folder / "register.csv"
    path.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    return path


def test_a_register_is_taken_over_once(kept: sa.Engine, tmp_path: Path) -> None:
    path = register(tmp_path, CLOSED, RETURNED)
    assert vars(take(kept, Names(), path)) == {"n_new": 2, "n_known": 0}  # type: ignore[arg-type]
    assert vars(take(kept, Names(), path)) == {"n_new": 0, "n_known": 2}  # type: ignore[arg-type]
    closed = {w["warning_id"]: w for w in store.warnings(kept)}["P-W1"]
    assert (closed["scope_id"], closed["region_code"], closed["owner_dept"]) == ("321012", "321012", "BIL")
    assert (closed["handling"], closed["decision"], closed["false_reason"]) == ("closed", "adjust", "low_threshold")
    assert closed["ack_at"] == datetime(2024, 10, 5, 1, 14, 21)
    assert [(e["actor"], e["action"]) for e in store.history(kept, "P-W1")] == [
        ("engine", "fire"), ("BIL01", "ack"), ("BIL01", "decide"), ("BIL01", "close"),
    ]  # fmt: skip


def test_nothing_that_people_wrote_freely_is_taken_over(kept: sa.Engine, tmp_path: Path) -> None:
    """Reasons, objects and people that are not known as such are called other and unknown."""
    hostile = CLOSED.replace("门限过低", f"客户{NUMBER}来电").replace("BIL01", NUMBER).replace("江都区", f"{NUMBER}家")
    take(kept, Names(), register(tmp_path, hostile, RETURNED))  # type: ignore[arg-type]
    with kept.connect() as con:
        told = [con.execute(sa.select(table)).all() for table in (ops.warning, ops.warning_event)]
    assert NUMBER not in repr(told) and "来电" not in repr(told) and "自行恢复" not in repr(told)
    assert "'other'" in repr(told) and "'unknown'" in repr(told)


def test_every_fault_is_named_and_nothing_is_taken(kept: sa.Engine, tmp_path: Path) -> None:
    path = register(
        tmp_path, CLOSED, CLOSED.replace("W1", "W3").replace(",橙,", ",紫,"), RETURNED.replace("2025-03-17", "x")
    )
    with pytest.raises(Problems) as failed:
        take(kept, Names(), path)  # type: ignore[arg-type]
    told = [str(p) for p in failed.value.problems]
    assert len(told) == 2 and "line 3: cannot be read: 严重级别" in told[0] and "line 4" in told[1]
    assert "紫" not in told[0], "what stands there may be anything"
    assert store.warnings(kept) == []


def test_a_file_of_another_kind_says_what_is_missing(kept: sa.Engine, tmp_path: Path) -> None:
    path = register(tmp_path, "1,2", header="a,b")
    with pytest.raises(Problems, match="预警编号"):
        take(kept, Names(), path)  # type: ignore[arg-type]
    with pytest.raises(Problems, match="cannot be read"):
        take(kept, Names(), tmp_path / "none.csv")  # type: ignore[arg-type]
