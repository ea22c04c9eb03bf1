"""Figures that the catalogue names and views show: each is that of its marts, and its definition stands beside it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import plain, t
from tests.pages.conftest import OpenView
from tests.pages.little import little
from warehouse.derived import derived
from warehouse.measures import measures

Ask = Callable[..., Any]
pytestmark = pytest.mark.deep
WEEKS = "period_on >= date '2024-12-30' and period_on < date '2025-03-31'"


def said(at: Any) -> str:
    return "\n".join(str(m.value) for m in at.markdown)


def test_figures_of_the_network_are_those_of_its_counters(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    at = open_view(demo_home, "cells", "en", "manager")
    rows = little(at, lambda c: t(f"network.column_{c}", "en"), "name", "rat", "now").set_index(["name", "rat"])["now"]
    sql = (
        "select sum(mr_weak) / sum(mr_samples), sum(rsrp_sum_dbm) / sum(mr_samples), sum(ho_succ) / sum(ho_att), "
        "sum(rrc_succ) / sum(rrc_att) * (sum(erab_succ) / sum(erab_att)), sum(thp_num_mbit) / sum(thp_den_s), "
        "sum(erab_abn_rel) / (sum(erab_succ) + sum(ho_in)), avg(unavail_s) / 86400 "
        "from fact_cell_kpi_1d k join dim_cell c on c.cell_id = k.cell_id and k.period_on >= c.valid_from "
        f"and (c.valid_to is null or k.period_on < c.valid_to) where {WEEKS} and rat = 'LTE'"
    )
    [(weak, level, handover, access, speed, drop, away)] = ask(demo_home, sql)
    expected = {
        "M43": f"{1 - weak:.2%}", "M44": f"{level:.2f} dBm", "M45_HO": f"{handover:.2%}",
        "M45_ACCESS": f"{access:.2%}", "M46": f"{speed:.2f} Mbit/s", "M45_DROP": f"{drop:.2%}",
        "M48": f"{1 - away:.2%}",
    }  # fmt: skip
    assert {i: rows[measures()[i].en, "LTE"] for i in expected} == expected
    for share in ("M49_POOR", "M49_LOAD", "M49_WEAK"):
        assert derived()[share].en in said(at)


def test_a_cell_says_by_which_definition_it_is_judged(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "cell", "en", "planner", kpi="handover")
    assert "Definition: M45_HO" in said(at)


def test_stays_at_partners_are_those_of_the_stays(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    sql = (
        "select sum(dwell_min) / sum(n_stays), sum(n_stays) from mart_flow_stay join dim_dept on dept = dept_code "
        "where kind = 'PARTNER' and accepted_at >= date '2024-12-30' and accepted_at < date '2025-03-31'"
    )
    [(minutes, n)] = ask(demo_home, sql)
    at = open_view(demo_home, "handover", "en", "analyst", period="weeks13")
    line = next(m.value for m in at.markdown if "All partners together" in m.value)
    assert f"{minutes / 60:.1f} h" in line and f"(n={n:,.0f})" in line


@pytest.mark.parametrize(
    ("view", "ids"),
    [
        ("rhythm", ("M40",)),
        ("hotspots", ("M51_N", "M51_FIXED")),
        ("warnings_all", ("M52_N", "M52_ACK", "M52_RIGHT")),
        ("warnings_rules", ("M52_HIT", "M52_LEAD")),
        ("cells", ("M50",)),
    ],
)
def test_a_view_says_how_its_figures_are_computed(
    open_view: OpenView, demo_home: Path, warned: Path, view: str, ids: tuple[str, ...]
) -> None:
    told = said(open_view(demo_home, view, "en", "analyst"))
    for name in ids:
        assert plain(derived()[name].formula("en")) in told, name
