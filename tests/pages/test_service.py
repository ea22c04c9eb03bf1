"""Service contacts: the figures are those of the facts, and a source without them says so."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import t
from tests.pages.conftest import OpenView
from warehouse.measures import measures

pytestmark = pytest.mark.deep
Ask = Callable[..., Any]
WEEK = "between date '2025-03-24' and date '2025-03-30'"
FACTS = {
    "M59": f"select sum(n_answered_15s) / sum(n_calls) from fact_staffing where worked_on {WEEK}",
    "M41": f"select sum(n_success) / sum(n_attempts) from fact_biz_op where op_on {WEEK}",
    "M34": f"select sum(n_correct) / sum(n_sampled) from fact_ai_session where session_on {WEEK}",
}


def test_tiles_tell_what_the_facts_hold(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    at = open_view(demo_home, "service", "en", "manager")
    shown = {m.label: m.value for m in at.metric}
    for measure, sql in FACTS.items():
        [(value,)] = ask(demo_home, sql)
        assert shown[measures()[measure].en] == f"{value:.1%}"
    [(n,)] = ask(demo_home, f"select count(*) from mart_ticket where type_code = 'TAR02' and accepted_on {WEEK}")
    [(bills,)] = ask(demo_home, "select sum(n_bills) * 7 / 31 from fact_bill where period_month = date '2025-03-01'")
    assert shown[measures()["M42"].en] == f"{1e4 * n / bills:.2f}"
    said = next(m.value for m in at.markdown if "Worse than the period before" in m.value)
    assert measures()["M42"].en in said, "the release of March 19 billed wrongly"


@pytest.mark.parametrize("measure", ["M41", "M34", "M34_KEPT", "M42", "M59"])
def test_each_figure_has_its_course_and_its_groups(open_view: OpenView, demo_home: Path, measure: str) -> None:
    at = open_view(demo_home, "service", "zh", "analyst", kpi=measure)
    assert not at.exception
    assert len(at.get("vega_lite_chart")) == 2


def test_a_source_without_contacts_says_so(open_view: OpenView, one_row_home: Path) -> None:
    at = open_view(one_row_home, "service", "en", "analyst")
    assert t("service.none", "en") in [i.value for i in at.info]
