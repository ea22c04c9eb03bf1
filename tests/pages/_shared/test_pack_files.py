"""Who may have the pack, and that it comes whole with its progress."""

from __future__ import annotations

import pytest

from pages._pack.files import MAKERS, OPTIONAL
from pages._shared import pack_files
from tests.pages._pack import sample
from warehouse.viewer import ROLES, Viewer


@pytest.mark.parametrize("role", ROLES)
def test_only_those_who_lead_or_prepare_the_meeting_may_have_it(role):
    allowed = role in ("manager", "supervisor", "analyst")
    assert pack_files.may_have(Viewer.of(role)) is allowed
    assert not pack_files.may_have(Viewer.of(role, regions=frozenset({"321003"})))
    assert not pack_files.may_have(Viewer.of(role, departments=frozenset()))
    if not allowed:
        with pytest.raises(PermissionError, match=f"not for the role {role}"):
            pack_files.of(sample.paper(), Viewer.of(role), lambda *_: None)


def test_files_come_with_progress_name_and_type():
    told: list[float] = []
    kinds = ("page", "minutes")
    files = pack_files.of(sample.paper(), Viewer.of("manager"), lambda done, _: told.append(done), kinds)
    assert told == [0, 0.5]
    assert [(f.kind, f.name, f.mime) for f in files] == [
        ("page", "网页版_2025-W13.html", "text/html"),
        ("minutes", "会议纪要_2025-W13.docx", pack_files.MIME["docx"]),
    ]
    assert all(f.content for f in files)
    assert {ending for ending, _ in (MAKERS | OPTIONAL).values()} == set(pack_files.MIME)
