"""A click on a mark changes what is shown: the selection arrives as the browser sends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import t
from tests.pages.conftest import OpenView

Ask = Callable[..., Any]
WEEK = "accepted_at >= date '2025-03-24' and accepted_at < date '2025-03-31'"
LATE = f"{WEEK} and due_at < coalesce(feedback_at, as_of)"


def alts(at: Any) -> list[str]:
    return [e.proto.alt for e in at.get("vega_lite_chart")]


def toasts(at: Any) -> list[str]:
    return [e.value for e in at.toast]


def click(at: Any, name: str, /, **mark: str) -> Any:
    """Run again with one mark of one chart clicked."""
    [chart] = [e for e in at.get("vega_lite_chart") if e.proto.id.endswith(f"-{name}")]
    states = at._tree.get_widget_states()
    states.widgets.add(id=chart.proto.id, string_value=json.dumps({"selection": {"pick": [mark]}}))
    return at._run(states)


def test_an_age_shows_its_rows(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    at = click(open_view(demo_home, "due", "en", "analyst", page="2"), "due_ages", key="M22_AGE_3D")
    wanted = ask(
        demo_home,
        """
        select ticket_id from mart_ticket cross join release_info
        where feedback_at is null and date_diff('second', due_at, as_of) > 86400
            and date_diff('second', due_at, as_of) <= 259200
        order by due_at, ticket_id limit 20
        """,
    )
    assert at.dataframe[0].value["ticket_id"].tolist() == [row[0] for row in wanted] != []
    assert at.query_params["waiting"] == "M22_AGE_3D" and "page" not in at.query_params


@pytest.mark.parametrize("key", ["due_ages", "due_reasons"])
def test_a_manager_is_told_that_rows_are_not_for_them(open_view: OpenView, demo_home: Path, key: str) -> None:
    at = click(open_view(demo_home, "due", "en", "manager"), key, key="M22_AGE_3D")
    assert toasts(at) == [t("frame.may_not_narrow", "en")]
    assert "waiting" not in at.query_params and "reason" not in at.query_params


def test_a_reason_leads_to_the_tickets_that_carry_it(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    at = open_view(demo_home, "due", "en", "analyst", region="321003")
    rows = ask(
        demo_home,
        f"""
        select overdue_reason, count(*) from mart_ticket cross join release_info
        where {LATE} and region_code = '321003' and overdue_reason is not null group by 1 order by 2 desc
        """,
    )
    reason, n = rows[0]
    at = click(at, "due_reasons", key=reason)
    assert at.title[0].value == t("tickets.title", "en")
    assert at.selectbox(key="reason").value == reason
    assert (at.query_params["reason"], at.query_params["region"]) == (reason, "321003")
    assert any(m.value.startswith(t("tickets.finding", "en", n=n, period="\0").split("\0")[0]) for m in at.markdown)
    assert f"{n} tickets match" in " ".join(m.value for m in at.markdown)


def test_no_reason_is_nothing_to_narrow_by(open_view: OpenView, demo_home: Path) -> None:
    at = click(open_view(demo_home, "due", "en", "analyst"), "due_reasons", key="")
    assert toasts(at) == [t("due.nothing_coded", "en")]


def test_an_origin_shows_its_repeats_by_type_and_back(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    [(dept, answer, _)] = ask(
        demo_home,
        """
        select before_dept, before_answer, count(*) from mart_repeat
        where is_repeat and accepted_at >= date '2024-12-30' and accepted_at < date '2025-03-31'
        group by 1, 2 order by 3 desc limit 1
        """,
    )
    wanted = ask(
        demo_home,
        """
        select count(*), max(n) from (
            select *, count(*) over (partition by type_code) as n from mart_repeat
            where is_repeat and accepted_at >= date '2024-12-30' and accepted_at < date '2025-03-31'
                and before_dept = ? and before_answer = ?
        )
        """,
        dept,
        answer,
    )
    at = open_view(demo_home, "repeats", "en", "analyst", period="weeks13")
    n_charts = len(alts(at))
    at = click(at, "repeat_origins", before_dept=dept, before_answer=answer)
    assert at.query_params["origin"] == f"{dept},{answer}"
    total, most = wanted[0]
    assert any(a.startswith(f"{total} repeats after tickets of") and f"({most})" in a for a in alts(at)), alts(at)
    at = at.button(key="all_origins").click().run()
    assert "origin" not in at.query_params and len(alts(at)) == n_charts
    assert not any("repeats after tickets of" in a for a in alts(at))


def test_a_manager_keeps_repeats_in_two_dimensions(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "repeats", "en", "manager", period="weeks13", origin="NET,solved")
    assert not any("repeats after tickets of" in a for a in alts(at))
    at = click(at, "repeat_origins", before_dept="NET", before_answer="solved")
    assert toasts(at) == [t("frame.may_not_narrow", "en")]
    assert not any("repeats after tickets of" in a for a in alts(at))


@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_a_weekend_gap_shows_the_hours_of_its_department(open_view: OpenView, demo_home: Path, role: str) -> None:
    at = open_view(demo_home, "handover_gaps", "en", role, period="year")
    before = alts(at)[0]
    at = click(at, "weekend_gap", key="NET")
    assert at.query_params["stop"] == "NET"
    assert alts(at)[0].startswith("Network optimisation: Who comes at") and alts(at)[0] != before
    assert [e.message for e in at.exception] == []


def test_a_department_of_the_assessment_stays_compared_with_all(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "assessment", "en", "analyst")
    said = [m.value for m in at.markdown if m.value.startswith("## ")]
    whole = next(f.value for f in at.dataframe if "score" in f.value.columns)
    at = click(at, "assess_scores", key="NET")
    assert at.query_params["dept"] == "NET"
    one = next(f.value for f in at.dataframe if "score" in f.value.columns)
    assert one["name"].tolist() == ["Network optimisation"]
    assert one.to_dict("records") == whole[whole["name"] == "Network optimisation"].to_dict("records")
    assert [m.value for m in at.markdown if m.value.startswith("## ")] == said
