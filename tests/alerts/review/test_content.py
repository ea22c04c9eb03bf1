"""The issue of the demo city: every screen filled, numbers equal the release, nothing of a person, odd weeks too."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alerts import notes
from alerts.review import annex, overall
from alerts.review.asked import Asked, Sources
from alerts.review.bundle import SCREENS, Issue, Item, Screen, Words, canonical
from alerts.review.content import Figured, composed, content, newest_week
from alerts.review.reading import LABELS, PEOPLE, readings
from warehouse import ops
from warehouse.tops import counted
from warehouse.viewer import Viewer

AS_OF = datetime(2025, 3, 31, 8, 30)


def items(issue: Issue) -> list[Item]:
    return [i for s in issue.screens for i in s.items] + list(issue.annex)


def test_seven_screens_in_the_order_of_the_meeting_each_with_a_finding_in_both_languages(issue: Issue) -> None:
    assert tuple(s.name for s in issue.screens) == SCREENS
    assert len(issue.screens) <= 7
    for screen in issue.screens:
        assert screen.finding.zh and screen.finding.en
        assert screen.items, screen.name
        assert not re.search(r"[\u4e00-\u9fff]", screen.title.en)


def test_an_item_is_there_once_and_its_charts_and_tables_have_whole_rows(issue: Issue) -> None:
    for screen in issue.screens:
        ids = [i.id for i in screen.items]
        assert len(set(ids)) == len(ids)
    for item in items(issue):
        for shape in (*item.charts, *item.tables):
            assert all(len(row) == len(shape.columns) for row in shape.rows), item.id


def test_the_numbers_equal_the_release(issue: Issue, demo_sources: Sources) -> None:
    told = {n.measure: n for n in issue.screens[1].items[0].numbers}
    week = Asked.of(demo_sources, issue.week, AS_OF)
    figures = week.figures(["M01", "M04", "M14"]).set_index("period")
    assert told["M01"].value == figures["M01"]["now"] == 521
    assert told["M01"].previous == figures["M01"]["before"]
    assert told["M01"].last_year == figures["M01"]["year_ago"]
    assert told["M04"].value == figures["M04"]["now"] and told["M04"].n == figures["M04_n"]["now"]
    assert told["M04"].target == 0.95 and "未达标" in told["M04"].verdict.zh  # type: ignore[union-attr]
    assert told["M14"].numerator == figures["M14_num"]["now"]


def test_what_moved_the_total_adds_up(issue: Issue) -> None:
    volume = next(i for i in issue.screens[2].items if i.id == "volume")
    now = next(n for n in issue.screens[1].items[0].numbers if n.measure == "M01")
    assert sum(row[2] for row in volume.tables[0].rows) == now.value - now.previous  # type: ignore[misc,operator]


def test_it_holds_no_number_of_a_ticket_or_customer(issue: Issue, demo_sources: Sources) -> None:
    """Every ticket and every customer of the release, not a sample: the issue is kept for ever."""
    text = canonical(issue).decode()
    assert not re.search(r"(?<![.\d])1[3-9]\d{9}", text)
    fact = sa.table("fact_ticket", sa.column("ticket_id"), sa.column("cust_key"))
    found = demo_sources.reader.run(sa.select(fact.c.ticket_id, fact.c.cust_key))
    words = set(re.findall(r"[0-9A-Za-z]{8,}", text))
    assert len(found) > 20_000
    for column in ("ticket_id", "cust_key"):
        assert not words & set(found[column].dropna().astype(str)), column


def test_small_groups_are_left_out_and_said_so(issue: Issue) -> None:
    waiting = next(i for i in issue.screens[5].items if i.id == "waiting")
    assert waiting.tables[0].note is not None
    assert all(row[-1] >= 5 for row in waiting.tables[0].rows)


def test_halls_and_packages_equal_the_tickets_and_small_ones_are_not_listed(
    issue: Issue, demo_sources: Sources
) -> None:
    found = {i.id: i for i in issue.screens[4].items}
    asked = Asked.of(demo_sources, issue.week, AS_OF)
    for kind, by in (("halls", "hall_id"), ("packages", "package_name")):
        rows = found[kind].tables[0].rows
        whole = counted(demo_sources.reader, Viewer.of("analyst"), asked.now, by)  # type: ignore[arg-type]
        assert [r[2] for r in rows] == list(whole.loc[whole["n_customers"] >= 5, "n"].head(len(rows)))
        assert all(r[2] >= 5 for r in rows)
        small = counted(demo_sources.reader, Viewer.of("manager"), asked.now, by)  # type: ignore[arg-type]
        assert small.loc[small["is_small"], ["n", "n_customers"]].isna().all(axis=None)
    assert counted(demo_sources.reader, Viewer.of("analyst"), asked.now, "package_name")["n"].sum() == 521
    assert {"畅享59元": "Plenty 59"}.items() <= {r[0]: r[1] for r in found["packages"].tables[0].rows}.items()
    assert asked.name("package", "无人知晓").en == "无人知晓"


def test_red_and_orange_warnings_wait_for_a_decision_each_with_evidence(issue: Issue) -> None:
    screen = issue.screens[3]
    waiting = [i for i in screen.items if i.source.startswith("warning:")]
    assert waiting and all(i.wants_decision and i.evidence for i in waiting)
    assert {i.severity for i in waiting} <= {"red", "orange"}
    head = waiting[0].finding
    assert "四季园" in head.zh and "客户投诉" in head.zh
    table = screen.items[0].tables[0]
    total = next(r for r in table.rows if r[0] == "合计")
    parts = [r for r in table.rows if r[0] in ("红", "橙", "黄", "蓝")]
    assert all(total[k] == sum(r[k] for r in parts) for k in range(2, 8))


def test_departments_too_small_are_listed_without_a_place(issue: Issue) -> None:
    ranking = next(i for i in issue.screens[5].items if i.id == "ranking")
    for row in ranking.tables[0].rows:
        assert row[6] is None if row[3] < 30 else row[6]


def test_next_week_is_forecast_with_its_interval_and_how_often_that_held(issue: Issue) -> None:
    ahead = issue.screens[6]
    table = next(i for i in ahead.items if i.id == "types_ahead").tables[0]
    for _, _, _, expected, low, high, *_ in table.rows:
        assert low < expected < high
    assert "清明节" in ahead.finding.zh and "月初月末" in ahead.finding.zh
    shifts = next(i for i in ahead.items if i.id == "shifts")
    assert len(shifts.tables[0].rows) == 7 and all(row[2] > 0 for row in shifts.tables[0].rows)
    assert "排班还没有导入" not in shifts.finding.zh, "the plan of the week to come is loaded"
    for item in (next(i for i in ahead.items if i.id == "types_ahead"), shifts):
        note = item.tables[0].note
        assert note is not None and "26周中" in note.zh and "of 26 weeks" in note.en
    (chart,) = next(i for i in ahead.items if i.id == "types_ahead").charts
    assert "实测总量26周中" in chart.subtitle.zh and "of 26 weeks" in chart.subtitle.en
    total = table.rows[-1]
    assert total[0] == "合计" and total[8] >= 0.85, "the interval of the total holds about as often as it says"


@pytest.mark.parametrize(
    ("week", "said"),
    [
        ("2024-W01", "没有更早的一周可比"),
        ("2025-W05", "节假日不可比"),  # Spring Festival, which moves
    ],
)
def test_the_first_week_and_spring_festival_have_their_texts(
    issue_of: Callable[[str], Issue], week: str, said: str
) -> None:
    assert said in issue_of(week).screens[1].finding.zh


def test_sources_of_a_past_week_reach_to_its_meeting(
    issue: Issue, issue_of: Callable[[str], Issue], demo_sources: Sources
) -> None:
    now, past = ({r[0]: r for r in _sources_of(i)} for i in (issue, issue_of("2025-W05")))
    files = demo_sources.reader.table("mart_source", demo_sources.viewer).set_index("source_name")
    assert {name: row[2] for name, row in now.items()} == files["n_loaded"].to_dict()
    assert max(row[1] for row in now.values() if row[1]) == "2025-03-31"
    assert max(row[1] for row in past.values() if row[1]) == "2025-02-03"
    assert all(row[2] <= now[name][2] for name, row in past.items())
    assert sum(row[2] < now[name][2] for name, row in past.items()) > 9


def _sources_of(issue: Issue) -> tuple[tuple[Any, ...], ...]:
    return next(i for i in issue.annex if i.id == "sources").tables[0].rows


def test_a_week_of_the_future_and_a_week_that_is_none_are_refused(demo_sources: Sources) -> None:
    for week in ("2025-W14", "2024-W53", "W13"):
        with pytest.raises(ValueError):
            content(demo_sources, week, AS_OF)


def test_the_newest_week_is_the_last_whole_one() -> None:
    assert newest_week(AS_OF) == "2025-W13"
    assert newest_week(datetime(2025, 1, 2, 9)) == "2024-W52"
    assert newest_week(datetime(2021, 1, 4, 9)) == "2020-W53"


def test_a_note_stands_on_the_trend_of_its_measure_alone(demo_sources: Sources, tmp_path: Path) -> None:
    kept = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    asked = Asked.of(replace(demo_sources, kept=kept), "2025-W13", AS_OF)
    notes.write(kept, "系统切换", "manager", AS_OF, date(2025, 3, 12), measure="M04")
    figures = Figured((), (overall.screen(asked, ()), *_plain_screens()), (), ())
    told = {i.id: i for i in composed(asked, figures).screens[1].items}
    assert [m.words.zh for m in told["trend_M04"].charts[0].marks if m.kind == "note"] == ["系统切换"]
    assert [m for m in told["trend_M01"].charts[0].marks if m.kind == "note"] == []


def _plain_screens() -> list[Screen]:
    said = Words(zh="—", en="—")
    names = [n for n in SCREENS if n not in ("actions", "overall", "warnings")]
    return [Screen(name=n, title=said, finding=said, items=()) for n in names]


@pytest.mark.deep
def test_the_same_week_read_again_gives_the_same_bytes(demo_sources: Sources, issue: Issue) -> None:
    assert canonical(content(demo_sources, "2025-W13", AS_OF)) == canonical(issue)


def test_every_number_of_the_release_has_a_place_of_its_own(issue: Issue) -> None:
    found = readings(issue.screens, issue.annex)
    assert {key[0] for key in found} == {"overall", "movement", "hotspots", "sla", "forecast", "annex"}
    told = sum(
        c.kind not in LABELS and not c.name.endswith("_en")
        for s in issue.screens
        if s.name not in PEOPLE
        for i in s.items
        for t in i.tables
        for c in t.columns
        for _ in t.rows
    )
    in_tables = [k for k in found if k[0] != "annex" and len(k) > 4 and not k[2].startswith("chart") and k[2] != "map"]
    assert len(in_tables) == told, "no two cells share a place"


def test_a_group_that_got_worse_is_not_said_to_have_helped_but_for_its_weight(issue: Issue) -> None:
    """The network's timeliness fell, and yet the whole rose: fewer of the slow ones came."""
    moved = next(i for i in issue.screens[2].items if i.id == "rate_M04")
    name, name_en, effect, before, now, _ = moved.tables[0].rows[0]
    assert effect > 0 > now - before  # type: ignore[operator]
    assert f"其中{name}占比下降，贡献+{effect * 100:.1f}个百分点" in moved.finding.zh  # type: ignore[operator]
    assert f"其自身从{before:.1%}到{now:.1%}" in moved.finding.zh
    assert f"{name_en} +{effect * 100:.1f} pp, by a smaller part of the whole" in moved.finding.en  # type: ignore[operator]


@pytest.mark.parametrize(("week", "case"), [("2024-W01", None), ("2024-W40", "case_zhang-2024-08 case_wang-2024-09")])
def test_a_past_week_knows_no_case_of_later(demo_sources: Sources, week: str, case: str | None) -> None:
    told = annex._case(Asked.of(demo_sources, week, AS_OF))
    assert told is None if case is None else told is not None and told.id in case


@pytest.mark.parametrize(("week", "month"), [("2025-W05", "2025-01"), ("2025-W13", "2025-02"), ("2024-W04", None)])
def test_the_province_tells_of_no_month_that_was_not_over(demo_sources: Sources, week: str, month: str | None) -> None:
    tables = overall._bulletin(Asked.of(demo_sources, week, AS_OF))
    if month is None:
        assert tables == ()
    else:
        year, number = month.split("-")
        assert f"{year}年{int(number)}月" in tables[0].title.zh


def test_weeks_before_the_first_ticket_have_no_course(demo_sources: Sources) -> None:
    assert overall._trends(Asked.of(demo_sources, "2020-W53", AS_OF)) == []
    assert [i.id for i in overall._trends(Asked.of(demo_sources, "2025-W13", AS_OF))][:1] == ["trend_M01"]
