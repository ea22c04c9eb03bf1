"""成效 on its page: the same figures as the analysis gives, small counts unseen by managers, and what is too thin."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alerts.actions import store
from alerts.actions.item import Draft
from pages._shared.text import t, word
from tests.pages.conftest import OpenView
from tests.pages.little import little
from tests.pages.test_views import findings, opens, texts
from warehouse import ops
from warehouse.measure_effects import Fix, outcomes
from warehouse.query import Reader
from warehouse.release import Releases

BEGAN = datetime(2024, 12, 12, 9)


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> sa.Engine:
    """One measure that was done: templates in Guangling, as the city planted one."""
    url = f"sqlite:///{tmp_path}/ops.db"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    found = ops.open_ops(url)
    told = Draft(source="review", problem="解答不准确", kind="template", scope_kind="region", scope_id="321002",
                 owner_dept="CARE", begins_on=BEGAN.date(), due_on=date(2025, 1, 10), verify_type="SVC05")  # fmt: skip
    store.start(found, told, "manager", BEGAN, "T1")
    store.act(found, "T1", "accept", "handler", BEGAN, 0)
    store.act(found, "T1", "done", "handler", datetime(2025, 1, 1, 9), 1)
    return found


@pytest.mark.parametrize(("lang", "role"), [("zh", "manager"), ("en", "analyst")])
def test_the_figures_are_those_of_the_analysis(
    open_view: OpenView, demo_home: Path, kept: sa.Engine, lang: Any, role: str
) -> None:
    at = open_view(demo_home, "worked", lang, role)
    opens(at, "worked", lang)
    releases = Releases(demo_home / "releases")
    fix = Fix("T1", "template", "region", "321002", "SVC05", BEGAN.date(), date(2025, 1, 1), 4)
    (told,) = outcomes(Reader(releases.path(str(releases.current()))), [fix], date(2025, 3, 31))
    row = at.dataframe[0].value.iloc[0]
    assert row["verdict"] == word("effects.verdict", told.effect.verdict, lang)
    assert row["counts"] == f"{told.effect.n_before} → {told.effect.n_after}"
    prices = little(at, lambda c: word("worked.price", c, lang), "name", "evidence")
    assert prices.iloc[0]["evidence"] == word("worked.evidence", "thin", lang)
    assert t("worked.finding_best", lang, n=1, said="", kind="", change="", avoided="")[:4] in findings(at)[0]


def test_without_a_measure_done_there_is_nothing_to_judge(
    open_view: OpenView, demo_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{tmp_path}/none.db")
    at = open_view(demo_home, "worked", "en", "manager")
    assert texts(at.info) == [t("worked.no_measure", "en")]
