"""One table says which pages a role may open; a link to any other leads to one sentence and the way back."""

from __future__ import annotations

from pathlib import Path

import pytest

from pages._shared import shell
from pages._shared.shell import HIDDEN, LANDING, MAY_OPEN, PAGES
from pages._shared.text import t, word
from tests.pages.conftest import VIEWS, OpenView
from tests.pages.little import frames
from warehouse.viewer import LEVEL_OF_ROLE, ROLES

EVERY = {**{name: file for name, (file, _) in PAGES.items()}, **HIDDEN}
REFUSED = [(role, page) for role in ROLES for page in EVERY if page not in MAY_OPEN[role]]


def test_the_table_names_every_role_and_pages_that_are() -> None:
    assert set(MAY_OPEN) == set(ROLES)
    for role in ROLES:
        assert MAY_OPEN[role] <= set(EVERY) and LANDING[role] in MAY_OPEN[role], role
        assert "wall" in MAY_OPEN[role], "the wall draws its own head, before anybody could be refused"
        if LEVEL_OF_ROLE[role] == "L1":
            assert not MAY_OPEN[role] & {"tickets", "ticket", "cell"}, f"{role} sees no rows"
    assert {page for pages in MAY_OPEN.values() for page in pages} == set(EVERY), "no page that nobody may open"


@pytest.mark.parametrize(("role", "page"), REFUSED)
def test_a_link_to_a_page_of_others_shows_nothing_of_it(
    open_view: OpenView, one_row_home: Path, monkeypatch: pytest.MonkeyPatch, role: str, page: str
) -> None:
    monkeypatch.setitem(VIEWS, "link", (EVERY[page].removeprefix("pages/"), {"id": "T000001"}))
    noted: list[tuple[str, str]] = []
    monkeypatch.setattr(shell.trail, "deed", lambda v, kind, _, page: noted.append((kind, page)))
    at = open_view(one_row_home, "link", "en", role)
    assert not at.exception and not frames(at) and not at.metric
    assert [x.value for x in at.title] == [word("nav", page, "en")]
    told = "state.only" if role == "wall" else "state.no_permission"
    assert [i.value for i in at.info] == [t(told, "en", role=word("role", role, "en"))]
    assert noted == [("refused", page)]
