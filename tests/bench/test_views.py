"""The views that are measured are views of the app."""

from __future__ import annotations

import pytest

from bench import views
from bench.measure import ROOT
from pages._shared.shell import LANDING


@pytest.mark.parametrize("view", views.VIEWS, ids=lambda v: v.name)
def test_every_measured_view_is_a_page(view: views.View) -> None:
    assert (ROOT / "pages" / view.page).is_file()


def test_the_role_lands_on_the_page_that_needs_no_switch() -> None:
    assert f"{LANDING[views.ROLE]}.py" == views.LANDING
