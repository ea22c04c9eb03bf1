"""Every file that the pages hand out × role × scope: no ticket and no customer of elsewhere, none at all without rows;
the pack and what subscribers get likewise. A page that hands out a file and is not listed here is a fault."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

import pages._shared.blocks as blocks
from pages._pack.files import make
from pages._pack.issues import of_week
from pages._shared.access import exports, person
from tests.pages.conftest import OpenView
from tests.pages.test_every_door import Owned, is_inside
from tests.pages.test_every_door import owned_by_the_city as owned_by_the_city
from warehouse import ops
from warehouse.home import Home
from warehouse.subscriptions import Subscription
from warehouse.viewer import ROLES, Role, Viewer
from warehouse.watermark import Mark

# Block that hands out files -> the view it stands on. Refused rows are for who sees the whole city; packs come below.
VIEWS = {"due_rows": "due", "ledger": "register", "site_needs": "hotspot_needs"}
ELSEWHERE = {"mending", "review_pack"}
EAST, NORTH, DEPT = frozenset({"321002"}), frozenset({"321003"}), frozenset({"NET"})
SCOPES = [(None, None), (EAST, None), (NORTH, None), (None, DEPT), (EAST, DEPT), (frozenset[str](), None)]
MARK = Mark("a1b2c3d4e5f6", "mark")


def text_of(content: bytes) -> str:
    """All that can be read in a file; of workbooks and documents what is in their parts."""
    if not content.startswith(b"PK"):
        return content.decode("utf-8-sig", errors="replace")
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        return "\n".join(
            book.read(n).decode("utf-8", "replace") for n in book.namelist() if n.endswith((".xml", ".rels"))
        )


def leaked(text: str, viewer: Viewer, owned: Owned) -> set[str]:
    """Tickets and customers that a file names and its taker may not read."""
    told = set()
    for name in set(re.findall(r"[0-9A-Za-z]{6,64}", text)):
        wheres = [owned.tickets[name]] if name in owned.tickets else owned.customers.get(name, ())
        if wheres and not (viewer.sees_rows and any(is_inside(viewer, *where) for where in wheres)):
            told.add(name)
    return told


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> list[exports.File]:
    """The files that a page offers, as they would be made; whether they need leave is another test's business."""
    found: list[exports.File] = []
    monkeypatch.setattr(exports, "offer", lambda box, file, **more: found.append(file))
    return found


def files(taken: list[exports.File]) -> Iterator[tuple[str, str]]:
    for file in taken:
        yield file.name, text_of(file.make(file.read(), MARK))
    taken.clear()


def test_every_block_that_hands_out_a_file_is_walked() -> None:
    folder = Path(str(blocks.__file__)).parent
    hands_out = {
        p.stem for p in folder.glob("*.py") if re.search(r"exports\.offer\(|tables\.download\(", p.read_text("utf-8"))
    }
    assert hands_out == VIEWS.keys() | ELSEWHERE


def looks(monkeypatch: pytest.MonkeyPatch, role: Role, *limits: frozenset[str] | None) -> Viewer:
    own = Viewer.of(role, *limits)
    monkeypatch.setattr(person, "viewer", lambda: own)
    return own


def test_a_list_of_tickets_holds_those_of_the_scope_alone(
    open_view: OpenView,
    demo_home: Path,
    owned_by_the_city: Owned,
    taken: list[exports.File],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    viewer = looks(monkeypatch, "handler", EAST)
    assert not open_view(demo_home, "due", "en", "handler").exception
    ((_, text),) = files(taken)
    assert leaked(text, viewer, owned_by_the_city) == set()
    named = {n for n in re.findall(r"[0-9A-Za-z]{6,64}", text) if n in owned_by_the_city.tickets}
    assert named and leaked(text, Viewer.of("handler", NORTH), owned_by_the_city) == named, "the walker sees them"
    assert leaked(text, Viewer.of("manager"), owned_by_the_city) == named


@pytest.mark.deep
@pytest.mark.parametrize("view", sorted(VIEWS.values()))
def test_no_file_holds_more_than_any_role_and_any_scope(
    view: str, open_view: OpenView, demo_home: Path, warned: Path, owned_by_the_city: Owned,
    taken: list[exports.File], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    n = 0
    for role in ROLES:
        for limits in SCOPES:
            viewer = looks(monkeypatch, role, *limits)
            at = open_view(demo_home, view, "en", role)
            assert not at.exception, (role, limits)
            for name, text in files(taken):
                assert leaked(text, viewer, owned_by_the_city) == set(), (role, limits, name)
                n += len(text)
    assert n, "a page that never hands out anything proves nothing"


@pytest.mark.deep
@pytest.mark.parametrize("limits", [{"regions": ["321002"]}, {"regions": ["321003"], "departments": ["NET"]}], ids=str)
def test_papers_of_a_part_name_no_ticket_no_customer_and_no_other_district(
    limits: dict[str, Any], demo_home: Path, warned: Path, owned_by_the_city: Owned
) -> None:
    """What a subscriber of a part gets by mail: page and workbook."""
    told: dict[str, Any] = {"name": "part", "url_env": "PART", "files": ["page", "workbook"], **limits}
    one = Subscription.model_validate(told)
    kept = ops.open_ops(f"sqlite:///{warned}")
    paper = of_week(Home(demo_home), kept, "2025-W13", "zh", one.viewer)
    made = make(paper, lambda *_: None, tuple(one.files))
    others = {"321002": "广陵区", "321003": "邗江区", "321012": "江都区", "321023": "宝应县", "321084": "高邮市"}
    own = set(limits["regions"])
    assert len(made.files) == 2
    for name, content in made.files.items():
        text = text_of(content)
        assert leaked(text, one.viewer, owned_by_the_city) == set(), name
        assert [zh for code, zh in others.items() if code not in own and zh in text] == [], name


def test_a_subscription_that_fails_says_nothing_of_what_it_would_have_held(tmp_path: Path) -> None:
    """Its sentence is kept and shown: no number of somebody stands in it."""
    from pages._pack.mailing import send_due

    kept = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    one = Subscription(name="part", url_env="PART", regions=["321002"])

    def broken(_: Subscription) -> Any:
        raise ValueError("row 3: 139" + "0" * 8 + " is not readable")

    at = datetime(2025, 3, 31, 9)
    ends = datetime(2025, 3, 30).date()
    (done,) = send_due(kept, [one], "2025-W13", ends, True, broken, {"part": "mailto://secret"}, lambda *_: None, at)
    assert done.state == "failed" and "row 3" in done.fault and "139" not in done.fault
