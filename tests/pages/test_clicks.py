"""A click on a mark changes what is shown: the selection arrives as the browser sends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from pages._shared.text import t, word
from tests.pages.conftest import AS_OF, OpenView
from tests.pages.little import little, littles
from warehouse.measures import measures
from warehouse.periods import compare

Ask = Callable[..., Any]
YEAR = compare("year", AS_OF).now
IN_YEAR = f"accepted_at >= date '{YEAR.first}' and accepted_at < date '{YEAR.end}'"
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


def scored(column: str) -> str:
    return word("assess.column", column, "en")


def test_a_department_of_the_assessment_stays_compared_with_all(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "assessment", "en", "analyst")
    said = [m.value for m in at.markdown if m.value.startswith("## ")]
    whole = little(at, scored, "name", "score")
    at = click(at, "assess_scores", key="NET")
    assert at.query_params["dept"] == "NET"
    one = little(at, scored, "name", "score")
    assert one["name"].tolist() == ["Network optimisation"]
    assert one.to_dict("records") == whole[whole["name"] == "Network optimisation"].to_dict("records")
    assert [m.value for m in at.markdown if m.value.startswith("## ")] == said


@pytest.mark.deep
@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_an_hour_of_arrival_shows_where_its_tickets_waited(
    open_view: OpenView, demo_home: Path, ask: Ask, role: str
) -> None:
    at = click(open_view(demo_home, "handover_gaps", "en", role, period="year"), "gap_hours", key="20,off")
    assert at.query_params["hour"] == "20,off"
    assert alts(at)[1].startswith("Weekends and holidays, 20:00–21:00: tickets sent to"), alts(at)
    wanted = ask(
        demo_home,
        f"""
        select t.ticket_id, count(*) over () from mart_ticket_flow f join mart_ticket t on t.ticket_id = f.ticket_id
        where f.hour_of_day = 20 and not f.is_workday and f.reply_class is not null
            and coalesce(f.priority, '') <> 'P1' and f.{IN_YEAR.replace("and ", "and f.")}
        order by t.first_reply_at - t.accepted_at desc, t.ticket_id limit 20
        """,
    )
    shown = [f.value for f in at.dataframe if "wait" in f.value.columns]
    if role == "manager":
        assert shown == []
        return
    assert shown[0]["ticket_id"].tolist() == [row[0] for row in wanted] != []
    assert any(f"({wanted[0][1]} in all)" in m.value for m in at.markdown)
    at = at.button(key="all_hour").click().run()
    assert "hour" not in at.query_params and not [f for f in at.dataframe if "wait" in f.value.columns]
    # Drawn anew, so that a click on the same mark says something again.
    assert click(at, "gap_hours_1", key="20,off").query_params["hour"] == "20,off"


@pytest.mark.deep
def test_a_department_narrows_what_lies_still(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    stuck = ask(demo_home, "select dept, count(*) from mart_flow_stuck where is_stuck group by 1 order by 2 desc, 1")
    dept, n = stuck[0]
    at = click(open_view(demo_home, "handover_still", "en", "analyst"), "stuck_depts", key=dept)
    assert at.query_params["stop"] == dept
    rows = next(f.value for f in at.dataframe if "idle" in f.value.columns)
    assert len(rows) == min(n, 20) and rows["dept"].nunique() == 1
    assert any(a.startswith("Lying still at") for a in alts(at))
    assert any(f"({n} in all)" in s.value for s in at.subheader)


def picked(column: str) -> str:
    return t(f"handover.pick_{column}", "en")


@pytest.mark.deep
def test_a_picking_order_shows_the_types_of_its_department(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "handover_still", "en", "manager", period="year")
    every = little(at, picked, "name", "slow_p50")
    at = click(at, "pick_orders", key="BIL")
    own = little(at, picked, "name", "slow_p50")
    assert own["name"].nunique() <= 1 and len(own) < len(every)
    assert [e.message for e in at.exception] == []


@pytest.mark.deep
@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_a_department_shows_what_it_passes_on(open_view: OpenView, demo_home: Path, ask: Ask, role: str) -> None:
    at = click(open_view(demo_home, "handover_detours", "en", role, period="year"), "by_dept", key="NET")
    assert at.query_params["stop"] == "NET"
    assert alts(at)[0].startswith("At Network optimisation, ")
    if role == "analyst":
        [(n,)] = ask(
            demo_home,
            f"""
            select count(*) from mart_ticket
            where n_loops > 0 and {IN_YEAR}
                and ticket_id in (select ticket_id from fact_ticket_handover where dept = 'NET')
            """,
        )
        notes = [m.value.replace("\\", "") for m in at.markdown]
        assert any(f"Network optimisation: {n} ticket" in note for note in notes), notes


@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_of_a_mark_of_two_dimensions_only_what_narrows_is_said(open_view: OpenView, demo_home: Path, role: str) -> None:
    at = click(open_view(demo_home, "structure", "en", role), "cross", type_l1="NET", channel_code="APP")
    said = toasts(at)
    assert at.query_params["type"] == "NET"
    if role == "manager":
        assert "channel" not in at.query_params
        assert said == [t("frame.narrow", "en", group="Network"), t("frame.may_not_narrow", "en")], said
    else:
        assert at.query_params["channel"] == "APP" and len(said) == 1 and said[0].startswith("Only Network · ")


@pytest.mark.deep
def test_a_department_narrows_the_replay(open_view: OpenView, demo_home: Path) -> None:
    at = click(open_view(demo_home, "replay", "en", "analyst", period="weeks13"), "replay_depts", key="NET")
    assert at.query_params["dept"] == "NET" and [e.message for e in at.exception] == []
    at = click(open_view(demo_home, "replay", "en", "manager", period="weeks13"), "replay_depts", key="NET")
    assert toasts(at) == [t("frame.may_not_narrow", "en")] and "dept" not in at.query_params


def rows_of(at: Any, column: str) -> list[Any]:
    return [f.value for f in at.dataframe if column in f.value.columns]


@pytest.mark.deep
@pytest.mark.parametrize("role", ["manager", "analyst"])
@pytest.mark.parametrize(("chart", "why"), [("voice_effects", "is_late"), ("voice_reasons", "")])
def test_a_reason_shows_whose_answers_they_are(
    open_view: OpenView, demo_home: Path, ask: Ask, role: str, chart: str, why: str
) -> None:
    if not why:
        [(why, _)] = ask(
            demo_home,
            f"select reason, count(*) from mart_voice where {IN_YEAR} and answer_code = 3 and reason <> 'UNKNOWN' "
            "group by 1 order by 2 desc limit 1",
        )
    at = click(open_view(demo_home, "voice_why", "en", role, period="year"), chart, key=why)
    assert at.query_params["why"] == why and [e.message for e in at.exception] == []
    asked = "is_late" if why == "is_late" else f"reason = '{why}'"
    [(dept, n, total)] = ask(
        demo_home,
        f"""
        select owner_dept, count(*), sum(count(*)) over () from mart_voice
        where {IN_YEAR} and answer_code = 3 and {asked} group by 1 order by 2 desc, 1 limit 1
        """,
    )
    assert any("most dissatisfied answers at" in a and f"({n})" in a for a in alts(at)), (dept, n, alts(at))
    shown = rows_of(at, "reason")
    assert bool(shown) == (role == "analyst")
    if shown:
        assert any(f"({total} in all)" in m.value for m in at.markdown)
        assert len(shown[0]) == 20


@pytest.mark.deep
@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_a_point_of_the_trend_shows_its_departments(open_view: OpenView, demo_home: Path, ask: Ask, role: str) -> None:
    at = click(open_view(demo_home, "satisfaction", "en", role), "voice_trend", period="2025-03-10")
    assert at.query_params["point"] == "2025-03-10"
    wanted = ask(
        demo_home,
        """
        select count(*) from mart_voice where accepted_at >= date '2025-03-10' and accepted_at < date '2025-03-17'
            and answer_code in (2, 3) and owner_dept = 'NET' and surveyed_at <= timestamp '2025-03-17 08:30'
        """,
    )
    names = {"name": t("voice.unit", "en"), "rate": measures()["M09"].name("en"), "n": t("chart.sample", "en")}
    table = next(f for f in littles(at, lambda c: names[c], *names) if len(f.columns) == 3)
    own = table[table["name"] == "Network optimisation"]
    assert own["n"].tolist() == [str(wanted[0][0])] or role == "manager" and own.empty


@pytest.mark.deep
@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_a_lead_shows_its_filings(open_view: OpenView, demo_home: Path, ask: Ask, role: str) -> None:
    at = click(open_view(demo_home, "outside", "en", role, period="year"), "outside_leads", key="d0_3")
    assert at.query_params["lead"] == "d0_3" and [e.message for e in at.exception] == []
    [(n,)] = ask(demo_home, f"select count(*) from fact_outside where {IN_YEAR} and lead_band = 'd0_3'")
    shown = rows_of(at, "first_inside_at")
    assert bool(shown) == (role == "analyst")
    if shown:
        assert len(shown[0]) == min(n, 20) and any(f"({n} in all)" in m.value for m in at.markdown)
    said = "Under 3 days after a complaint to us: most went to"
    assert any(a.startswith(said) for a in alts(at)) or role == "manager"


@pytest.mark.deep
def test_a_topic_shows_its_posts(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    [(topic, platform, n)] = ask(
        demo_home,
        f"""
        select topic, platform, count(*) from fact_opinion
        where sentiment = 'negative' and {IN_YEAR.replace("accepted", "published")}
        group by 1, 2 order by 3 desc, 1, 2 limit 1
        """,
    )
    at = open_view(demo_home, "opinion", "en", "manager", period="year")
    at = click(at, "opinion_topics", key=f"{topic},{platform}")
    shown = rows_of(at, "heat")[0]
    assert len(shown) == min(n, 20) and shown["platform"].nunique() == 1
    assert any(f"({n} in all)" in m.value for m in at.markdown)


@pytest.mark.deep
def test_a_step_of_a_case_is_told_beside_it(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "cases", "en", "manager")
    every = rows_of(at, "tone")[0]
    at = click(at, "case_course", number="2")
    assert at.query_params["step"] == "2"
    one = rows_of(at, "tone")[0]
    assert one.to_dict("records") == every[every["number"] == "2"].to_dict("records") != []


@pytest.mark.deep
@pytest.mark.parametrize(
    ("view", "chart", "mark", "name", "value"),
    [
        ("voice_units", "funnel_owner_dept", {"key": "NET"}, "dept", "NET"),
        ("repeats", "back_depts", {"key": "NET"}, "dept", "NET"),
        ("who", "who_age_band", {"key": "60+"}, "age", None),
        ("compliance_open", "open_curve_evidence", {"key": "NET"}, "type", None),
    ],
)
def test_pictures_of_the_evidence_narrow_too(
    open_view: OpenView, demo_home: Path, view: str, chart: str, mark: dict[str, str], name: str, value: str | None
) -> None:
    at = click(open_view(demo_home, view, "en", "analyst", period="year"), chart, **mark)
    assert [e.message for e in at.exception] == []
    assert value is None or at.query_params[name] == value


@pytest.mark.deep
@pytest.mark.parametrize(
    ("view", "rule", "desk"),
    [("handover", "partner", None), ("handover_gaps", "approval", None), ("handover_gaps", "duty", "NET")],
)
def test_what_to_ask_next_opens_the_replay_of_that_rule(
    open_view: OpenView, demo_home: Path, view: str, rule: str, desk: str | None
) -> None:
    at = open_view(demo_home, view, "en", "manager", period="year", **({"stop": desk} if desk else {}))
    at = at.button(key=f"next_{rule}").click().run()
    assert [e.message for e in at.exception] == []
    assert at.title[0].value == t("replay.title", "en")
    assert at.session_state["rule"] == rule and (desk is None or at.session_state["desk"] == desk)


@pytest.mark.deep
def test_the_way_begins_at_who_sends(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "handover", "en", "manager", period="year")
    chart = at.get("vega_lite_chart")[0].proto
    tables = [pa.ipc.open_stream(d.data.data).read_pandas() for d in chart.datasets]
    nodes = next(table for table in tables if "place" in table)
    ends = nodes[nodes["place"] != "middle"]
    # Customer care sends most tickets out; telling most results would make it the network's.
    assert dict(zip(ends["key"], ends["place"], strict=True)) == {"CARE": "first", "DONE": "last"}
