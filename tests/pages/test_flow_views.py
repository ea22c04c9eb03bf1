"""流转 and 推演: what they say is what the release holds, links open what they name, rows are for who may see them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared import numbers
from pages._shared.text import LANGS, Lang, t
from tests.pages.conftest import OpenView
from tests.pages.little import little

Ask = Callable[..., Any]
YEAR = ("2024-01-01", "2025-01-01")


def finding(at: Any) -> str:
    found = [m.value for m in at.markdown if m.value.startswith("## ")]
    assert len(found) == 1
    return str(found[0])


def metrics(at: Any) -> dict[str, str]:
    return {m.label: m.value for m in at.metric}


@pytest.mark.parametrize("lang", LANGS)
def test_the_finding_names_the_department_with_most_time(
    open_view: OpenView, demo_home: Path, ask: Ask, lang: Lang
) -> None:
    top = ask(
        demo_home,
        """
        select n.zh, n.en, sum(d.dwell_min) / sum(sum(d.dwell_min)) over () as share, median(d.dwell_min)
        from fact_dept_dwell d join mart_ticket t using (ticket_id) join dim_dept n on n.dept_code = d.dept
        where t.accepted_on >= cast(? as date) and t.accepted_on < cast(? as date) group by all order by 3 desc limit 1
        """,
        *YEAR,
    )[0]
    said = finding(open_view(demo_home, "handover", lang, "manager", period="year"))
    assert top[LANGS.index(lang)] in said
    assert numbers.rate(top[2], lang) in said
    assert numbers.duration(top[3], lang)[:2] in said, "the median, read from length classes"


@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_tickets_that_went_astray_are_shown_to_who_may_see_rows(
    open_view: OpenView, demo_home: Path, ask: Ask, role: str
) -> None:
    n = ask(
        demo_home,
        """
        select count(*) from mart_ticket
        where n_loops > 0 and accepted_on >= cast(? as date) and accepted_on < cast(? as date)
        """,
        *YEAR,
    )[0][0]
    at = open_view(demo_home, "handover_detours", "en", role, period="year")
    said = "\n".join(m.value for m in at.markdown)
    if role == "manager":
        assert t("handover.no_rows", "en") in said.replace("\\", "")
        assert not any("ticket_id" in frame.value for frame in at.dataframe)
    else:
        rows = [frame.value for frame in at.dataframe if "ticket_id" in frame.value]
        assert len(rows) == 1 and len(rows[0]) == 20
        assert f"{n} tickets" in said


def test_a_link_opens_one_way_of_going_astray(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "handover_detours", "en", "analyst", period="year", astray="thrice")
    rows = next(frame.value for frame in at.dataframe if "ticket_id" in frame.value)
    assert (rows["n_transfers"] >= 3).all()
    assert all(path.count("→") >= 3 for path in rows["path"])


def test_a_link_opens_one_department(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "handover", "en", "analyst", period="year", stop="PARTNER")
    heads = {"name": "from", "to": "to"}
    ways = little(at, lambda c: t(f"handover.column_{heads[c]}", "en"), "name", "to")
    assert len(ways) and ((ways["name"] == "Partner") | (ways["to"] == "Partner")).all()


def test_filters_without_effect_are_named(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "handover", "en", "analyst", period="year", channel="APP")
    said = "\n".join(m.value for m in at.markdown).replace("\\", "")
    assert t("handover.not_narrowed", "en", names=t("handover.filter_channel_code", "en")) in said


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("rule", ["duty", "approval", "partner", "firstline"])
def test_a_replay_begins_with_the_actual_figure(
    open_view: OpenView, demo_home: Path, ask: Ask, lang: Lang, rule: str
) -> None:
    actual = ask(
        demo_home,
        """
        select count_if(feedback_at <= due_at) / count(*) from mart_ticket
        where accepted_on >= cast(? as date) and accepted_on < cast(? as date)
        """,
        *YEAR,
    )[0][0]
    at = open_view(demo_home, "replay", lang, "manager", period="year", rule=rule)
    tiles = metrics(at)
    strict = next(v for k, v in tiles.items() if "→" in v)
    before, after = strict.split(" → ")
    assert before == numbers.rate(actual, lang)
    assert float(after[:-1]) >= float(before[:-1])
    assert before in finding(at)
    assert not any("ticket_id" in frame.value for frame in at.dataframe), "a manager sees no rows"


def test_another_regime_judges_all_by_it(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    strict = ask(
        demo_home,
        """
        select count_if(fbk_s <= 86400) / count(*) from fact_ticket_clock
        where accepted_on >= cast(? as date) and accepted_on < cast(? as date)
        """,
        *YEAR,
    )[0][0]
    at = open_view(demo_home, "replay", "en", "analyst", period="year", regime="CODE-3")
    before = next(v for v in metrics(at).values() if "→" in v).split(" → ")[0]
    # CODE-3 gives ordinary tickets 24 hours and urgent ones, which take less, 48.
    assert abs(float(before[:-1]) / 100 - strict) < 0.005
    assert "71.9" not in before


def test_an_analyst_sees_which_tickets_change(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "replay", "en", "analyst", period="year", rule="duty", desk="NET")
    rows = next(frame.value for frame in at.dataframe if "ticket_id" in frame.value)
    assert 0 < len(rows) <= 200
    assert rows["ticket_id"].is_unique


def test_unknown_choices_of_a_link_are_said(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "replay", "en", "manager", rule="bribe", desk="MOON")
    assert any("bribe" in i.value or "MOON" in i.value for i in at.info)


def test_a_source_without_a_log_says_so(open_view: OpenView, stale_home: Path) -> None:
    for view in ("handover", "replay"):
        at = open_view(stale_home, view, "en", "analyst", period="weeks13")
        assert "no event log" in finding(at)
        assert t("handover.no_log_hint", "en") in "\n".join(m.value for m in at.markdown).replace("\\", "")
