"""Vocabulary and row store of the event log. Which events a ticket gets is said in `flow.py`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

OPERATIONS: dict[str, str] = {
    "ACP": "受理", "REG": "登记", "CLS": "分类定级", "APR": "审批", "DSP": "派单", "REJECT": "退回",
    "TRANSFER": "转派",
    "ACC": "签收", "FRS": "首次响应", "SUSPEND": "挂起", "RESUME": "恢复", "INV": "调查", "PLN": "方案",
    "URGE": "催办",
    "PROGRESS": "进度告知", "EXTERNAL": "外部投诉", "ESCALATE": "升级", "COMPENSATE": "补偿",
    "RES": "处理完成", "FBK": "结果反馈",
    "REOPEN": "重开", "MERGE": "重单合并", "SAT": "回访评价", "ARC": "归档",
}  # fmt: skip
OPS = tuple(OPERATIONS)
OP = {code: i for i, code in enumerate(OPS)}
NOTES = (
    "", "处理中", "系统受理", "分类完成", "客服主管审核通过", "按类型派单", "非本部门职责,退回",
    "转相关部门处理", "已签收", "已联系客户",
    "等待客户预约", "客户恢复处理", "已核查", "已制定方案", "客户来电催办", "告知客户进度", "按模板TPL答复",
    "处理完毕", "已告知客户结果",
    "客户不满意,再次处理", "重单合并", "回访", "归档", "升级督办", "补偿到账", "客户向外部渠道投诉",
    "重新分类:类型已变更", "仅登记,待处理",
    "已答复,客户未接受",
)  # fmt: skip
NOTE = {text: i for i, text in enumerate(NOTES)}


@dataclass
class Log:
    """Event rows ordered by ticket and time, none after as-of; `note` is an index into `notes`."""

    ticket: Ints
    when: Ints
    op: Ints
    came_from: Ints
    to: Ints
    staff: Ints
    substantive: Bools
    note: Ints
    notes: list[str]
    survey_at: Floats


class EventRows:
    def __init__(self, n: int) -> None:
        self.parts: list[tuple[NDArray[np.generic], ...]] = []
        self.notes = list(NOTES)
        self.n = n

    def add(
        self,
        rows: Ints,
        when: NDArray[Any],
        op: str,
        to: Ints | int,
        *,
        came_from: Ints | int = -1,
        substantive: Bools | bool = True,
        note: str = "",
    ) -> None:
        size = len(rows)
        self.parts.append(
            (
                rows,
                np.round(np.broadcast_to(when, size)).astype(np.int64),
                np.full(size, OP[op]),
                np.broadcast_to(np.asarray(came_from), size),
                np.broadcast_to(np.asarray(to), size),
                np.broadcast_to(np.asarray(substantive), size),
                np.full(size, NOTE[note]),
            )
        )
