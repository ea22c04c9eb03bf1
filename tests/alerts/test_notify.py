"""Who is told what, when: red at once, one digest a day, nothing twice, nothing of trials, silences and the adopted."""

from __future__ import annotations

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alerts.notify import Context, plan
from alerts.rules import load_rules
from alerts.store import act
from warehouse import ops
from warehouse.workspace import NotifySettings

MONDAY = datetime(2025, 3, 31)
MORNING = datetime.combine(MONDAY, time(8, 30))
HOUR = timedelta(hours=1)
RULES = load_rules()


@pytest.fixture
def kept(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def context(**settings: Any) -> Context:
    given = {"base_url": "http://lookout:8501/", "targets": [{"name": "care", "url_env": "CARE", "language": "zh"}]}
    return Context(
        RULES,
        lambda kind, code, lang: {"BIL": "计费中心"}.get(code, code),
        NotifySettings(**(given | settings)),
        {"zh": "扬州", "en": "Yangzhou"},
        True,
    )


def warn(kept: sa.Engine, number: str, severity: str = "orange", **values: Any) -> None:
    evidence = {"rate": 0.5, "n": 68, "value": 0.62}
    given = {
        "warning_id": number, "rule_id": "RT01", "rule_version": 1, "scope_kind": "dept", "scope_id": "BIL",
        "severity": severity, "condition": "firing", "handling": "new", "is_trial": False, "first_breach_at": MONDAY,
        "fired_at": MONDAY, "evidence_json": json.dumps(evidence), "owner_dept": "CARE", "revision": 0,
    }  # fmt: skip
    with ops.writing(kept) as con:
        con.execute(ops.warning.insert().values(**(given | values)))


def change(kept: sa.Engine, number: str, **values: Any) -> None:
    with ops.writing(kept) as con:
        con.execute(ops.warning.update().where(ops.warning.c.warning_id == number).values(**values))


def messages(kept: sa.Engine) -> list[tuple[str, str, str]]:
    with kept.connect() as con:
        rows = con.execute(sa.select(ops.outbox).order_by(ops.outbox.c.created_at, ops.outbox.c.title)).mappings()
        return [(r["target"], r["title"], r["body"]) for r in rows]


def test_red_at_once_the_rest_in_the_digest(kept: sa.Engine) -> None:
    warn(kept, "A", "red")
    warn(kept, "B", "orange")
    assert plan(kept, context(), MORNING - HOUR) == 1
    assert plan(kept, context(), MORNING) == 1
    first, second = messages(kept)
    assert first[1] == "【红色预警】1条 · 扬州 (模拟数据)"
    assert first[2].splitlines() == [
        "首次通知",
        "◆红 计费中心上周收到的68份有效评价满意率50.0%，乐观估计也只有62.0%，低于目标85%",
        "http://lookout:8501/warning?id=A",
    ]
    assert second[1] == "预警日报 3月31日 · 新增1条，未结1条 · 扬州 (模拟数据)"


def test_nothing_is_told_twice(kept: sa.Engine) -> None:
    warn(kept, "A", "red")
    warn(kept, "B")
    for minute in range(0, 600, 30):
        plan(kept, context(), MONDAY + timedelta(minutes=minute))
    titles = [m[1] for m in messages(kept)]
    # The red one is repeated after four hours without a change; the digest stays one.
    assert sum("日报" in x for x in titles) == 1
    assert sum("红色" in x for x in titles) == 3


def test_what_got_worse_is_told_anew(kept: sa.Engine) -> None:
    warn(kept, "A", "yellow")
    plan(kept, context(), MORNING)
    change(kept, "A", severity="red")
    assert plan(kept, context(), MORNING + HOUR) == 1
    assert "首次通知\n◆红" in messages(kept)[-1][2]


def test_tomorrow_repeats_what_is_still_there(kept: sa.Engine) -> None:
    warn(kept, "A")
    plan(kept, context(), MORNING)
    assert plan(kept, context(), MORNING + 12 * HOUR) == 0
    assert plan(kept, context(), MORNING + 24 * HOUR) == 1
    assert messages(kept)[-1][2].startswith("仍未解除")


def test_the_end_is_told_and_then_no_more(kept: sa.Engine) -> None:
    warn(kept, "A", "red")
    plan(kept, context(), MONDAY)
    change(kept, "A", condition="cleared", cleared_at=MONDAY + HOUR)
    assert plan(kept, context(), MONDAY + HOUR) == 1
    assert messages(kept)[-1][1].startswith("预警解除 1条")
    assert plan(kept, context(), MONDAY + 9 * HOUR) == 0


@pytest.mark.parametrize(
    "values",
    [{"is_trial": True}, {"handling": "closed"}, {"severity": "blue"}, {"owner_dept": "NET"}],
    ids=str,
)
def test_who_is_told_nothing(kept: sa.Engine, values: dict[str, Any]) -> None:
    warn(kept, "A", **values)
    only = context(targets=[{"name": "care", "url_env": "CARE", "owners": ["CARE"]}])
    assert plan(kept, only, MORNING) == 0


def test_the_head_of_an_incident_speaks_for_all(kept: sa.Engine) -> None:
    warn(kept, "A", "orange", incident_id="I-A", condition="cleared", cleared_at=MONDAY)
    warn(kept, "B", "red", incident_id="I-A")
    warn(kept, "C", "orange", incident_id="I-A", is_trial=True)
    assert plan(kept, context(), MONDAY) == 1
    ((_, title, body),) = messages(kept)
    assert "红色预警】1条" in title, "as bad as its worst, while any of it lasts"
    assert "id=A" in body and "id=B" not in body and "id=C" not in body
    assert "另有2条" in body, "it says how many it covers, those on trial too"
    assert plan(kept, context(), MONDAY + HOUR) == 0


def test_the_end_of_an_incident_is_told_once_all_of_it_is_over(kept: sa.Engine) -> None:
    warn(kept, "A", "red", incident_id="I-A")
    warn(kept, "B", "red", incident_id="I-A")
    plan(kept, context(), MONDAY)
    change(kept, "A", condition="cleared", cleared_at=MONDAY + HOUR)
    assert plan(kept, context(), MONDAY + HOUR) == 0
    change(kept, "B", condition="cleared", cleared_at=MONDAY + 2 * HOUR)
    assert plan(kept, context(), MONDAY + 2 * HOUR) == 1
    assert messages(kept)[-1][1].startswith("预警解除 1条")


def test_an_incident_whose_head_is_done_with_still_speaks(kept: sa.Engine) -> None:
    warn(kept, "A", "red", incident_id="I-A", handling="closed")
    warn(kept, "B", "red", incident_id="I-A")
    assert plan(kept, context(), MONDAY) == 1
    assert "id=B" in messages(kept)[0][2]


def test_a_silence_is_kept_and_its_end_speaks(kept: sa.Engine) -> None:
    warn(kept, "A", "red")
    with ops.writing(kept) as con:
        con.execute(ops.silence.insert().values(rule_id="RT01", begins_at=MONDAY, ends_at=MONDAY + HOUR,
                                                reason="割接", created_by="Li"))  # fmt: skip
    assert plan(kept, context(), MONDAY) == 0
    assert plan(kept, context(), MONDAY + HOUR) == 1


def test_each_target_in_its_language(kept: sa.Engine) -> None:
    warn(kept, "A", "red")
    both = [{"name": "one", "url_env": "A", "language": "zh"}, {"name": "two", "url_env": "B", "language": "en"}]
    assert plan(kept, context(targets=both), MONDAY) == 2
    assert {m[0]: m[1] for m in messages(kept)}["two"] == "[Red warning] 1 · Yangzhou (simulated data)"


def test_an_acknowledged_warning_says_no_more_than_another(kept: sa.Engine) -> None:
    warn(kept, "A", "red")
    plan(kept, context(), MONDAY)
    act(kept, "A", "ack", "Li", MONDAY)
    assert plan(kept, context(), MONDAY + HOUR) == 0


def test_a_long_digest_names_the_worst_and_counts_the_rest(kept: sa.Engine) -> None:
    for k in range(12):
        warn(kept, f"W{k:02d}", "orange" if k > 9 else "yellow")
    plan(kept, context(base_url=""), MORNING)
    lines = messages(kept)[0][2].splitlines()
    assert len(lines) == 1 + 8 + 1 and lines[-1] == "另有4条，见预警页"
    assert [x[:2] for x in lines[1:3]] == ["▲橙", "▲橙"]


def test_an_address_is_no_setting() -> None:
    with pytest.raises(ValueError, match="url_env"):
        NotifySettings(targets=[{"name": "x", "url_env": "https://oapi.dingtalk.com/robot/send?access_token=1"}])
    with pytest.raises(ValueError, match="care is there twice"):
        NotifySettings(targets=[{"name": "care", "url_env": "A"}, {"name": "care", "url_env": "B"}])


def test_who_is_told_of_some_districts_hears_of_no_other(kept: sa.Engine) -> None:
    """Neither of what belongs together, nor how much of it there is elsewhere; of the whole city nothing."""
    warn(kept, "A", "red", incident_id="I-A", region_code="321003", scope_id="ELSEWHERE")
    warn(kept, "B", "red", incident_id="I-A", region_code="321002", scope_id="HERE")
    warn(kept, "C", "orange", region_code="321003", scope_id="ELSEWHERE")
    warn(kept, "D", "orange", scope_id="CITY")
    part = {"name": "east", "url_env": "EAST", "regions": ["321002"]}
    assert plan(kept, context(targets=[part]), MORNING) == 1
    ((_, title, body),) = messages(kept)
    assert title.startswith("【红色预警】1条") and "HERE" in body and "id=B" in body
    assert "ELSEWHERE" not in body and "CITY" not in body and "另" not in body
