"""What the due board and the compliance view say is what the release says."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared import numbers
from pages._shared.blocks.other_rules import group_sentences, target_sentence
from pages._shared.text import LANGS, Lang, t
from tests.pages.conftest import OpenView
from tests.pages.little import little
from warehouse.analysis.rules import Conclusions, Flip
from warehouse.policies import regimes

Ask = Callable[..., Any]
WEEK = "week_start = date '2025-03-24' and month_start = date '2025-03-01'"


def texts(found: Any) -> list[str]:
    return [e.value for e in found]


def finding(at: Any) -> str:
    [said] = [m for m in texts(at.markdown) if m.startswith("## ")]
    return str(said)


@pytest.mark.parametrize("lang", LANGS)
def test_the_due_board_counts_what_is_open(open_view: OpenView, demo_home: Path, ask: Ask, lang: Lang) -> None:
    at = open_view(demo_home, "due", lang, "analyst")
    [(n_open, n_late, n_today)] = ask(
        demo_home,
        """
        select count(*), count_if(due_at < as_of),
            count_if(due_at >= as_of and cast(due_at as date) = cast(as_of as date))
        from mart_ticket cross join release_info where feedback_at is null
        """,
    )
    said = [int(n) for n in re.findall(r"\d+", finding(at).replace("2小时", "").replace("two hours", ""))]
    assert said[0] == n_today and n_late in said
    assert len(at.dataframe[0].value) == min(20, n_open)
    by_reason = dict(
        ask(
            demo_home,
            """
            select coalesce(overdue_reason, ''), count(*) from mart_ticket cross join release_info
            where accepted_at >= date '2025-03-24' and accepted_at < date '2025-03-31'
                and due_at < coalesce(feedback_at, as_of)
            group by 1
            """,
        )
    )
    uncoded, top = by_reason.pop(""), max(by_reason.values())
    key = "due.reasons_uncoded" if uncoded > top else "due.reasons"
    count = {
        name: numbers.count(n, lang, "tickets")
        for name, n in {"n": top, "none": uncoded, "all": uncoded + sum(by_reason.values())}.items()
    }
    parts = t(key, lang, reason="\0", **count).split("\0")
    assert any(all(part in e.proto.alt for part in parts) for e in at.get("vega_lite_chart")), parts


def test_rows_follow_band_order_and_page(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    wanted = ask(
        demo_home,
        """
        select ticket_id from mart_ticket cross join release_info
        where feedback_at is null and due_at < as_of order by due_at, ticket_id
        """,
    )
    found: list[str] = []
    for page in ("1", "2", "3"):
        at = open_view(demo_home, "due", "en", "handler", waiting="M22_OPEN", page=page)
        found += at.dataframe[0].value["ticket_id"].tolist()
    assert found == [row[0] for row in wanted]


def test_a_manager_sees_no_row_and_is_told_why(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "due", "en", "manager")
    assert len(at.dataframe) == 0
    assert any(t("due.no_rows", "en").split(";")[0] in m for m in texts(at.markdown))


@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_today_leads_to_the_board(open_view: OpenView, demo_home: Path, role: str) -> None:
    at = open_view(demo_home, "today", "en", role)
    button = next(b for b in at.button if b.key == "waiting_M22_OPEN")
    button.click().run()
    assert at.title[0].value == t("due.title", "en")
    assert [e.message for e in at.exception] == []


@pytest.mark.parametrize("lang", LANGS)
def test_both_timelinesses_and_what_parts_them(open_view: OpenView, demo_home: Path, ask: Ask, lang: Lang) -> None:
    at = open_view(demo_home, "compliance", lang, "manager")
    [(n, kept, waiting)] = ask(
        demo_home,
        "select sum(n), sum(n_on_time), sum(n_soon_due + n_running) from mart_sla "
        f"where is_in_force and stage = 'FBK' and {WEEK}",
    )
    assert [m.value for m in at.metric] == [numbers.rate(kept / (n - waiting), lang), numbers.rate(kept / n, lang)]
    said = "\n".join(texts(at.markdown))
    assert numbers.count(int(waiting), lang, "tickets") in said
    assert numbers.rate((kept + waiting) / n, lang) in said, "what the strict rate can still reach"


@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_a_stage_opens_by_department_and_type(open_view: OpenView, demo_home: Path, role: str) -> None:
    at = open_view(demo_home, "compliance", "en", role, period="weeks13", stage="DSP")
    assert [e.message for e in at.exception] == []
    alts = [e.proto.alt for e in at.get("vega_lite_chart")]
    assert any(alt.startswith("Dispatch") and "is late most often with" in alt for alt in alts), alts
    clicks = [str(e.proto.spec) for e in at.get("vega_lite_chart") if '"pick"' in str(e.proto.spec)]
    assert len(clicks) == 2, "the bars choose a stage, the cells narrow"


@pytest.mark.parametrize("lang", LANGS)
def test_every_rule_chosen_judges_the_same_tickets(open_view: OpenView, demo_home: Path, ask: Ask, lang: Lang) -> None:
    at = open_view(demo_home, "compliance_rules", lang, "manager", policy=["CITY-2024", "CODE-7", "CODE-6"])
    table = little(at, lambda c: t(f"rules.column_{c}", lang), "name", "n", "strict", "late").set_index("name")
    wanted = ask(
        demo_home,
        "select policy_id, sum(n), sum(n_on_time), sum(n_late + n_overdue) from mart_sla "
        f"where stage = 'FBK' and {WEEK} and policy_id in ('CITY-2024', 'CODE-7', 'CODE-6') group by 1",
    )
    assert len(table) == len(wanted) == 3
    for policy, n, kept, late in wanted:
        [row] = [table.loc[name] for name in table.index if name.startswith(regimes()[policy].name(lang))]
        assert row["n"] == numbers.count(int(n), lang)
        assert (row["strict"], row["late"]) == (numbers.rate(kept / n, lang), numbers.count(int(late), lang))


@pytest.mark.parametrize("lang", LANGS)
def test_the_sentences_of_conclusions(lang: Lang) -> None:
    def name(dimension: str, code: Any) -> str:
        return f"<{code}>"

    told = Conclusions(
        worst="NET",
        worst_by={"CITY-2024": "NET", "CODE-7": "NET"},
        level=(),
        flips=(Flip("BIL", "MKT", "CITY-2024", "CODE-7"),),
        met=("CODE-7",),
        missed=("CITY-2024",),
        lowest="CITY-2024",
        highest="CODE-7",
    )
    worst, flip = group_sentences(told, "owner_dept", name, lang)
    assert "<NET>" in worst
    assert all(word in flip for word in ("<BIL>", "<MKT>", *(regimes()[i].name(lang) for i in ("CITY-2024", "CODE-7"))))
    [target] = target_sentence(told, 0.95, lang)
    assert target.index(regimes()["CODE-7"].name(lang)) < target.index(regimes()["CITY-2024"].name(lang)), "met first"
    assert target_sentence(told, None, lang) == []
    differs = Conclusions(None, {"CITY-2024": "NET", "CODE-7": "BIL"}, (), (), (), ("CODE-7",), None, None)
    said = group_sentences(differs, "owner_dept", name, lang)
    assert "<NET>" in said[0] and "<BIL>" in said[0] and len(said) == 2
