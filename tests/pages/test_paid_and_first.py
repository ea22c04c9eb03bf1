"""Money paid, blame, first contact resolution and reopening on the pages, counted from the marts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.pages.conftest import OpenView

Ask = Callable[..., Any]
# The thirteen weeks of the assessment; a year of tickets that had their thirty days.
WINDOW = "accepted_at >= date '2024-12-30' and accepted_at < date '2025-03-31' and feedback_at is not null"


def said(at: Any, part: str) -> str:
    return next(str(m.value) for m in at.markdown if part in m.value)


def test_what_was_paid_is_that_of_the_mart(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    [(n, yuan, paid, blame)] = ask(
        demo_home,
        "select count(*), sum(compensation_yuan), count_if(compensation_yuan > 0), "
        f"count_if(responsibility = '企业有责') from mart_ticket where {WINDOW}",
    )
    line = said(open_view(demo_home, "assessment", "en", "manager"), "yuan paid")
    assert f"{yuan / n:.2f} yuan per finished ticket" in line
    assert f"{paid / n:.1%} of them" in line and f"to blame for {blame / n:.1%}" in line


@pytest.mark.parametrize(("lang", "part"), [("zh", "首次解决率"), ("en", "solved at first contact")])
def test_first_contact_resolution_is_that_of_the_mart(
    open_view: OpenView, demo_home: Path, ask: Ask, lang: Any, part: str
) -> None:
    [(first, judged)] = ask(
        demo_home,
        "select count_if(is_first_solved), count(is_first_solved) from mart_repeat "
        "where accepted_at >= date '2024-03-03' and accepted_at < date '2025-03-02' "
        "and answered_7d_at <= timestamp '2025-03-31 08:30:00'",
    )
    line = said(open_view(demo_home, "repeats", lang, "manager"), part)
    assert f"{first / judged:.1%}" in line and "60%" in line and "5%" in line
