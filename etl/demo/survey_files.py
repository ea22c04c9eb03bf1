"""Callback workbooks: one row per surveyed closed ticket. Outcomes are drawn in `course.py`."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from etl.demo import write
from etl.demo.clock import MONTHS, month_bounds
from etl.demo.course import Course
from etl.demo.event_rows import Log
from etl.demo.outcome import DISSATISFIED, NO_ANSWER, SATISFIED
from etl.demo.rng import Streams
from etl.demo.tickets import Tickets

HEADER = (
    "工单流水号", "回访时间", "回访方式", "测评结果", "十分制得分", "处理速度", "服务态度", "解决效果",
    "沟通", "不满意原因", "回访是否成功", "问题是否解决",
)  # fmt: skip
_RESULTS = ("未测评", "未接通", "满意", "不满意")
_REASONS = ("处理太慢", "问题未解决", "态度不好", "解释不清", "多次重复投诉", "补偿不足")
_METHODS = ("电话", "短信", "APP")


def write_surveys(
    streams: Streams, folder: Path, tickets: Tickets, course: Course, log: Log, twin: bool = False
) -> None:
    """Files by month of the callback. In the twin nobody calls a number that is gone."""
    rng = streams.get("survey", "answers")
    n = len(tickets)
    asked = np.flatnonzero(log.survey_at > 0)
    happy = course.answer == SATISFIED
    unhappy = course.answer == DISSATISFIED
    score = np.where(happy, rng.choice([9, 10], n, p=[0.45, 0.55]), rng.integers(1, 9, n))
    axes = {}
    for name, weak in (
        ("speed", course.is_late),
        ("manner", np.zeros(n, bool)),
        ("solved", ~course.confirmed),
        ("talk", np.zeros(n, bool)),
    ):
        level = np.where(happy, rng.integers(4, 6, n), rng.integers(2, 5, n)) - (weak & unhappy)
        axes[name] = np.clip(level, 1, 5)
    odds = np.where(
        course.is_late & (rng.random(n) < 0.6),
        0,
        np.where(~course.confirmed & (rng.random(n) < 0.6), 1, rng.integers(0, 6, n)),
    )
    # Half of the calls that failed went to a number the customer no longer has.
    old_number = (course.answer == NO_ANSWER) & (rng.random(n) < np.where(tickets.in_2024, 0.14, 0.09))
    old_number &= not twin
    refused = (course.answer == NO_ANSWER) & (rng.random(n) < 0.02)
    result = np.where(refused, 0, course.answer)
    # Who is satisfied says that it is solved, and some of those do whom only the manner or the time displeased.
    agree = streams.get("survey", "confirmed").random(n) < np.where(happy, 0.97, np.where(course.confirmed, 0.6, 0.05))
    method = rng.choice(3, n, p=[0.7, 0.2, 0.1])
    order = asked[np.argsort(log.survey_at[asked], kind="stable")]
    stamps = np.char.replace(
        np.datetime_as_string(log.survey_at[order].astype(np.int64).astype("datetime64[s]")), "T", " "
    )
    when = log.survey_at[order]
    for month in MONTHS:
        low, high = np.searchsorted(when, month_bounds(month))
        rows = []
        for position in range(int(low), int(high)):
            row = int(order[position])
            answered = bool(happy[row] or unhappy[row])
            values = [int(axes[a][row]) if answered else None for a in ("speed", "manner", "solved", "talk")]
            rows.append((
                tickets.ids[row], str(stamps[position]), _METHODS[method[row]], _RESULTS[result[row]],
                int(score[row]) if answered else None, *values, _REASONS[odds[row]] if unhappy[row] else None,
                "否(号码已停用)" if old_number[row] else ("是" if answered else "否"),
                ("已解决" if agree[row] else "未解决") if answered else None,
            ))  # fmt: skip
        write.xlsx(folder / f"满意度回访_{month}.xlsx", "明细", HEADER, rows, ("满意度回访明细(模拟数据)",))
