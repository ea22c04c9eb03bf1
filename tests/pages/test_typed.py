"""What people type: no number of a person and no ticket is kept, by whichever field it comes in; and they are told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy import event

from alerts.actions.item import Draft
from pages._shared import data, data_actions, data_needs, data_notes, data_review, data_rules, typed
from pages._shared.blocks import rule_saving
from pages._shared.text import t
from tests.pages.conftest import OpenView
from tests.pages.test_views import opens
from warehouse import ops
from warehouse.query import Filters
from warehouse.viewer import Viewer

ROOT = Path(__file__).resolve().parents[2]
PHONE, PERSON = "139" + "1234" + "5678", "32100219" + "800101" + "0019"
SPELT = "一三九" + "一二三四" + "五六七八"
# Field of free text -> where it is made harmless before it is kept; none: it is only searched with.
FIELDS = {
    "access/exports.py": 1,
    "blocks/access.py": 3,  # a name, a thing and words to search the trail for; kept nowhere
    "blocks/action_form.py": 3,
    "blocks/action_card.py": 1,
    "blocks/warning_actions.py": 2,
    "blocks/review_form.py": 4,
    "blocks/chart_notes.py": 1,
    "blocks/site_needs.py": 3,
    "blocks/export_requests.py": 1,
    "blocks/rule_saving.py": 1,
    "blocks/intake.py": 1,  # a contract, read by the machine
}


@pytest.fixture
def ticket(demo_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> str:
    """One of the release, with a store of its own."""
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{tmp_path}/ops.db")
    monkeypatch.setenv("LOOKOUT_DEMO_TRAIL", "on")
    return str(data.reader().ask("select max(ticket_id) as one from fact_ticket", {})["one"][0])


@pytest.fixture
def written(ticket: str) -> Iterator[list[str]]:
    """Everything that goes into the store from now on."""
    said: list[str] = []
    ops.open_ops(ops.ops_url(data.home()))

    def heard(con: Any, cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        said.append(repr(parameters))

    event.listen(sa.Engine, "before_cursor_execute", heard)
    yield said
    event.remove(sa.Engine, "before_cursor_execute", heard)


def needs(viewer: Viewer, space: Any, text: str) -> None:
    data_needs.write(viewer, space, "H2441-QSGK", {"note": text, "owner": text, "due": "2025-04-30"}, "")


def note(viewer: Viewer, space: Any, text: str) -> None:
    data_notes.write(viewer, space, text, date(2025, 3, 3), date(2025, 3, 4), "M01", Filters())


def measure(viewer: Viewer, space: Any, text: str) -> None:
    draft = Draft(
        source="superior", problem=text, kind="other", measure=text, owner_dept="NET", begins_on=date(2025, 3, 31),
        due_on=date(2025, 4, 30),
    )  # fmt: skip
    found = data_actions.one(viewer, data_actions.raise_one(viewer, space, draft))
    assert found is not None
    data_actions.act(viewer, space, found, "edit", text, problem=text + "。", measure=text + "。")


def minutes(viewer: Viewer, space: Any, text: str) -> None:
    frame: Any = SimpleNamespace(viewer=viewer, workspace=space, lang="zh")
    data_review.write_minutes(frame, "2025-W13", text, text, 0)


@pytest.mark.parametrize(("door", "role"), [(needs, "planner"), (note, "duty"), (measure, "supervisor"),
                                            (minutes, "manager")])  # fmt: skip
def test_no_number_of_a_person_and_no_ticket_is_kept(
    door: Callable[..., None], role: Any, ticket: str, written: list[str]
) -> None:
    """Neither in what is written nor in the trail of who wrote it."""
    door(Viewer.of(role), data.workspace(), f"联系 {PHONE} 或 {SPELT}，证件 {PERSON}，工单 {ticket} 已补站")
    kept = " ".join(written)
    assert "已补站" in kept, "the rest stays"
    assert [one for one in (PHONE, SPELT, PERSON, ticket) if one in kept] == []


def test_the_reason_of_a_rule_is_made_harmless(
    ticket: str, written: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """In the version and in the trail."""
    kept: list[Any] = []

    def saved(*given: Any) -> int:
        kept.append(given)
        raise PermissionError

    monkeypatch.setattr(data_rules, "save", saved)
    rule: Any = SimpleNamespace(id="RN01")
    frame: Any = SimpleNamespace(viewer=Viewer.of("duty"), workspace=data.workspace(), lang="zh")
    told: Any = None
    with pytest.raises(PermissionError):
        rule_saving._save(frame, rule, rule, told, told, f"{PHONE} {ticket} 投诉太多")
    assert "投诉太多" in str(kept) and "投诉太多" in " ".join(written)
    assert [one for one in (PHONE, ticket) if one in str(kept) + " ".join(written)] == []


def test_what_is_no_number_stays_as_it_was_typed(ticket: str) -> None:
    plain = "2025-03-31 起 H2441-QSGK 补站，2.6GHz 扩容 30%，费用 1200000 元，拨 10086，见 ZG2025-001"
    assert typed.public(plain) == plain


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_who_typed_a_number_is_told(open_view: OpenView, demo_home: Path, lang: Any) -> None:
    at = open_view(demo_home, "today", lang)
    at.session_state["_typed_masked"] = True
    at.run()
    opens(at, "today", lang)
    assert [one.value for one in at.toast] == [t("typed.masked", lang)]
    assert list(at.run().toast) == [], "once"


def test_every_field_of_free_text_is_known() -> None:
    """A new one fails here: see that what is typed goes through `typed`, then count it above."""
    found: dict[str, int] = {}
    for path in (ROOT / "pages").rglob("*.py"):
        n = len(re.findall(r"\.(?:text_input|text_area|chat_input|data_editor)\(", path.read_text(encoding="utf-8")))
        if n:
            found[path.relative_to(ROOT / "pages" / "_shared").as_posix()] = n
    assert found == FIELDS
