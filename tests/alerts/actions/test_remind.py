"""What the digest says of measures: once a day, at its hour, to whom it concerns."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from alerts.actions import store
from alerts.actions.item import Draft
from alerts.notify import plan
from tests.alerts.test_notify import context, messages, warn
from warehouse import ops

MONDAY = datetime(2025, 3, 31)
MORNING = datetime.combine(MONDAY, time(8, 30))


@pytest.fixture
def kept(tmp_path: Path) -> sa.Engine:
    """One overdue, one due soon, one instruction whose reply is due, one far away."""
    found = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    for number, dept, given in (
        ("T1", "BIL", {"due_on": date(2025, 3, 28)}),
        ("T2", "NET", {"due_on": date(2025, 4, 2)}),
        ("T3", "NET", {"source": "instruction", "due_on": date(2025, 4, 20), "reply_by": date(2025, 3, 31)}),
        ("T4", "NET", {"due_on": date(2025, 4, 30)}),
    ):  # fmt: skip
        fields = {"source": "review", "problem": f"问题{number}", "kind": "bill_audit", "owner_dept": dept,
                  "begins_on": date(2025, 3, 1)}  # fmt: skip
        store.start(found, Draft(**(fields | given)), "manager", datetime(2025, 3, 1), number)  # type: ignore[arg-type]
    return found


def test_they_are_told_once_a_day_at_the_hour_of_the_digest(kept: sa.Engine) -> None:
    assert plan(kept, context(), MORNING - timedelta(hours=2)) == 0
    assert plan(kept, context(), MORNING) == 1
    assert plan(kept, context(), MORNING + timedelta(hours=1)) == 0
    assert plan(kept, context(), MORNING + timedelta(days=1)) == 1
    (first, _) = messages(kept)
    assert first[1].startswith("整改提醒 3月31日")
    assert first[2].splitlines() == [
        "整改逾期1项：",
        "· T1 问题T1 → 账前稽核 (计费中心, 03-28) http://lookout:8501/actions?action=T1",
        "批示到期未复1件：",
        "· T3 问题T3 → 账前稽核 (NET, 04-20) http://lookout:8501/actions?action=T3",
        "三天内到期1项：",
        "· T2 问题T2 → 账前稽核 (NET, 04-02) http://lookout:8501/actions?action=T2",
    ]


def test_they_stand_in_the_digest_where_there_is_one(kept: sa.Engine) -> None:
    warn(kept, "A")
    assert plan(kept, context(), MORNING) == 1
    ((_, title, body),) = messages(kept)
    assert title.startswith("预警日报") and "整改逾期1项：" in body
    assert plan(kept, context(), MORNING + timedelta(hours=1)) == 0


def test_a_department_is_told_of_its_own(kept: sa.Engine) -> None:
    targets = [{"name": "bil", "url_env": "BIL", "language": "en", "owners": ["BIL"]}]
    plan(kept, context(targets=targets), MORNING)
    ((_, title, body),) = messages(kept)
    assert title.startswith("Measures to see to") and "T1" in body and "T2" not in body and "T3" not in body
