"""Whatever people do leaves a row of the trail with their name, before it is done."""

from __future__ import annotations

import inspect
import shutil
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import sqlalchemy as sa

from pages._shared import data, data_notes, data_rules, data_warnings
from pages._shared.access import trail, who
from pages._shared.blocks import rule_saving
from tests.pages import doors
from tests.pages.test_typed import measure, minutes, needs, note
from warehouse import audit, ops
from warehouse.access import Person
from warehouse.accounts import Session
from warehouse.query import Filters
from warehouse.viewer import Role, Viewer

AT = datetime(2025, 3, 31, 8)


def taken_back(viewer: Viewer, space: Any, _: str) -> None:
    [one] = data_notes.of_chart("M01", date(2025, 3, 1), date(2025, 3, 9), Filters(), viewer)
    data_notes.withdraw(viewer, space, one)


def of_a_ticket(viewer: Viewer) -> dict[str, int]:
    found = data_warnings.matter_of(viewer, doors.of_a_ticket())
    assert found is not None
    return {row["warning_id"]: row["revision"] for row in found.rows}


def acknowledged(viewer: Viewer, space: Any, text: str) -> None:
    data_warnings.act(viewer, space, of_a_ticket(viewer), "ack", text)


def silenced(viewer: Viewer, space: Any, text: str) -> None:
    data_warnings.silence(viewer, space, of_a_ticket(viewer), text, date(2025, 4, 2))


def saved(viewer: Viewer, space: Any, text: str) -> None:
    rule: Any = SimpleNamespace(id="RN01")
    frame: Any = SimpleNamespace(viewer=viewer, workspace=space, lang="zh")
    told: Any = None
    rule_saving._save(frame, rule, rule, told, told, text)


@pytest.fixture
def mei(demo_home: Path, warned_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Viewer]:
    """`mei("duty")`: whoever acts is this person, in this role."""
    shutil.copyfile(warned_store, tmp_path / "ops.db")
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{tmp_path / 'ops.db'}")
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "local")

    def signed_in(role: Role) -> Viewer:
        viewer = Viewer.of(role)
        found = Session("k", Person("mei", viewer), "local", False, AT + timedelta(days=9000))
        monkeypatch.setattr(who, "asked", lambda: found)
        return viewer

    return signed_in


def rows() -> list[tuple[str, str, str]]:
    store = ops.open_ops(ops.ops_url(data.home()))
    return [(r["actor"], r["kind"], r["subject"]) for r in audit.search(store)[0]]


DEEDS = [
    (needs, "planner", ["need"]), (note, "duty", ["a note on a chart"]),
    (measure, "supervisor", ["measure: raise", "measure: edit"]), (minutes, "manager", ["review: write minutes"]),
    (acknowledged, "duty", ["warning: ack"]), (silenced, "duty", ["warning: silence"]),
]  # fmt: skip


@pytest.mark.parametrize(("deed", "role", "subjects"), DEEDS, ids=lambda v: getattr(v, "__name__", None))
def test_a_deed_leaves_a_row_with_the_name(
    mei: Callable[..., Viewer], deed: Callable[..., None], role: Role, subjects: list[str]
) -> None:
    deed(mei(role), data.workspace(), "已核对")
    assert rows() == [("mei", "deed", subject) for subject in reversed(subjects)]


def test_a_rule_that_is_changed_leaves_a_row_before_it_is(
    mei: Callable[..., Viewer], monkeypatch: pytest.MonkeyPatch
) -> None:
    noted: list[Any] = []

    def save(*_: Any) -> int:
        noted.extend(rows())
        raise PermissionError

    monkeypatch.setattr(data_rules, "save", save)
    with pytest.raises(PermissionError):
        saved(mei("duty"), data.workspace(), "太多")
    assert noted == [("mei", "rule", "RN01")]


def test_a_note_has_the_name_of_its_author_who_takes_it_back(mei: Callable[..., Viewer]) -> None:
    viewer = mei("duty")
    note(viewer, data.workspace(), "停电两小时")
    [one] = data_notes.of_chart("M01", date(2025, 3, 1), date(2025, 3, 9), Filters(), viewer)
    assert one.author == "mei" and data_notes.may_take_back(viewer, one)
    assert not data_notes.may_take_back(viewer, one.__class__(**{**vars(one), "author": "li"})), "of the same role"
    taken_back(viewer, data.workspace(), "")
    assert rows()[0] == ("mei", "deed", "a note taken back")


@pytest.mark.parametrize("deed", [d for d, *_ in DEEDS], ids=lambda d: d.__name__)
def test_without_a_trail_nothing_is_done(
    mei: Callable[..., Viewer], deed: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    role = next(r for d, r, _ in DEEDS if d is deed)

    def broken(*_: object) -> int:
        raise sa.exc.OperationalError("insert", {}, Exception("disk full"))

    viewer = mei(role)
    before = kept()
    monkeypatch.setattr(audit, "record", broken)
    with pytest.raises(trail.NotNoted):
        deed(viewer, data.workspace(), "已核对")
    assert kept() == before


def kept() -> dict[str, int]:
    """How many rows each table of the store has."""
    store = ops.open_ops(ops.ops_url(data.home()))
    with store.connect() as con:
        count = sa.func.count()
        return {
            t.name: int(con.execute(sa.select(count).select_from(t)).scalar() or 0) for t in ops.METADATA.sorted_tables
        }


def test_every_door_that_writes_leaves_a_row() -> None:
    """A new one fails here until it says who did it; a rule is noted by the block that saves it."""
    silent = {name for name in doors.WRITES if "trail." not in inspect.getsource(inspect.unwrap(doors.EVERY[name]))}
    assert silent == {"data_rules.save"} and "trail.signed" in inspect.getsource(rule_saving._save)
