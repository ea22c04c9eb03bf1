"""待办 of a person confined to departments or districts is their own: counts, board, rows and what is narrowed by."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared import shell
from tests.pages.conftest import OpenView
from warehouse.viewer import Role, Viewer

Ask = Callable[..., Any]
pytestmark = pytest.mark.deep
OPEN = "feedback_at is null"


def confined(monkeypatch: pytest.MonkeyPatch, role: Role, **limits: str) -> None:
    """Whoever opens a page now is `role`, with its `regions` or `departments`, codes apart by a blank."""
    own = {name: frozenset(codes.split()) for name, codes in limits.items()}
    monkeypatch.setattr(shell, "viewer", lambda: Viewer.of(role, **own))


@pytest.mark.parametrize("role", ["handler", "supervisor"])
@pytest.mark.parametrize(
    ("limits", "where", "column", "names"),
    [
        ({"departments": "NET"}, "owner_dept = 'NET'", "owner_dept", {"Network optimisation"}),
        ({"regions": "321003"}, "region_code = '321003'", "region_code", {"Hanjiang"}),
        ({"departments": "BIL MKT"}, "owner_dept in ('BIL', 'MKT')", "owner_dept", {"Billing centre", "Marketing"}),
    ],
)
def test_a_confined_person_opens_their_own_tickets(
    open_view: OpenView,
    demo_home: Path,
    ask: Ask,
    monkeypatch: pytest.MonkeyPatch,
    role: Role,
    limits: dict[str, str],
    where: str,
    column: str,
    names: set[str],
) -> None:
    confined(monkeypatch, role, **limits)
    at = open_view(demo_home, "due", "en", role)
    assert [e.message for e in at.exception] == []
    [(n,)] = ask(demo_home, f"select count(*) from mart_ticket where {OPEN} and {where}")
    wanted = ask(
        demo_home, f"select ticket_id from mart_ticket where {OPEN} and {where} order by due_at, ticket_id limit 20"
    )
    rows = next(f.value for f in at.dataframe if "left" in f.value.columns)
    assert rows["ticket_id"].tolist() == [row[0] for row in wanted] != []
    assert set(rows[column]) <= names
    # The first choice of the list is all that is open, and says how many.
    assert at.selectbox("waiting").options[0] == f"Open tickets {n}"
    offered = {str(o) for o in (at.multiselect("dept") if column == "owner_dept" else at.multiselect("region")).options}
    assert offered <= names, offered


def test_the_first_row_of_a_whole_view_is_the_most_urgent(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    [(first,)] = ask(demo_home, f"select ticket_id from mart_ticket where {OPEN} order by due_at, ticket_id limit 1")
    at = open_view(demo_home, "due", "en", "supervisor")
    rows = next(f.value for f in at.dataframe if "left" in f.value.columns)
    assert rows["ticket_id"].iloc[0] == first
