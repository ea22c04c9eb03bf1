"""The views that are measured are views of the app."""

from __future__ import annotations

import pytest

from bench import views
from bench.measure import ROOT
from pages._shared import url
from pages._shared.blocks import compliance, handover, repeats, satisfaction
from pages._shared.shell import LANDING


@pytest.mark.parametrize("view", (*views.VIEWS, *views.NETWORK), ids=lambda v: v.name)
def test_every_measured_view_is_a_page_and_its_link_is_known(view: views.View) -> None:
    assert (ROOT / "pages" / view.page).is_file()
    assert {name for name, _ in view.url} <= url.NAMES
    assert view.role in LANDING


@pytest.mark.parametrize("name, block", [
    ("handover", handover), ("compliance", compliance), ("satisfaction", satisfaction), ("repeats", repeats),
])  # fmt: skip
def test_every_part_is_measured(name: str, block: object) -> None:
    first, *others = block.PARTS  # type: ignore[attr-defined]
    measured = {dict(v.url).get("part", first) for v in views.VIEWS if dict(v.url).get("view") == name}
    assert measured == {first, *others}


def test_a_view_that_says_it_failed_is_not_taken_for_a_quick_one() -> None:
    plain, data = views.View("today", "today.py"), views.NETWORK[-1]
    rightly = ["1 file did not load"]
    assert data.tells and views.faults(data, rightly) == []
    assert views.faults(plain, rightly) == rightly
    assert views.faults(data, [*rightly, "This view failed (17)"]) == ["This view failed (17)"]
