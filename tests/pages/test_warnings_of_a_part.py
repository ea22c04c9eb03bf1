"""Who is confined to a part of the city gets its warnings alone, and nobody a number that is not for him."""

from __future__ import annotations

from pathlib import Path

import pytest

from alerts.listing import Wanted
from alerts.rights import NotYours
from pages._shared import data, data_warnings
from pages._shared.access import person
from pages._shared.text import t
from tests.pages.conftest import AS_OF
from tests.pages.test_views import everything_said, texts
from tests.pages.test_warnings import OUTAGE, VIEWS, Board, rows
from tests.pages.test_warnings import board as board
from warehouse.viewer import Role, Viewer


def confined(monkeypatch: pytest.MonkeyPatch, role: Role, regions: str, departments: str | None = None) -> Viewer:
    """Whoever looks from here on is confined to these."""
    limit = None if departments is None else frozenset(departments.split())
    own = Viewer.of(role, frozenset(regions.split()), limit)
    monkeypatch.setattr(person, "viewer", lambda: own)
    return own


def test_who_is_confined_gets_warnings_of_his_district_alone(
    demo_home: Path, warned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Board, list, numbers, choices; warnings of single tickets among them, none of elsewhere and none of the city."""
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))
    own = Viewer.of("handler", frozenset({"321002"}))
    listed, n = data_warnings.page(own, Wanted(with_trial=True), 0, 5000)
    at = [r["region_code"] for r in listed]
    of_all = rows(warned, "select count(*) from warning where region_code = '321002'")
    assert set(at) == {"321002"} and [(len(at),)] == [(n,)] == of_all
    assert any(r["scope_kind"] == "ticket" for r in listed), "a warning of a ticket is its district's"
    assert {r["region_code"] for m in data_warnings.waiting(own) for r in m.rows} == {"321002"}
    assert data_warnings.choices(own)["region_code"] == ["321002"]
    every = Viewer.of("handler")
    assert 0 < data_warnings.burden(own, AS_OF, 26).load.n < data_warnings.burden(every, AS_OF, 26).load.n
    (elsewhere,) = rows(warned, "select min(warning_id), max(revision) from warning where region_code = '321003'")
    assert data_warnings.matter_of(own, elsewhere[0]) is None and data_warnings.matter_of(every, elsewhere[0])
    with pytest.raises(NotYours):
        data_warnings.act(own, data.workspace(), dict([elsewhere]), "ack")
    none = Viewer.of("handler", frozenset({"321002"}), frozenset({"NOBODY"}))
    assert data_warnings.page(none, Wanted(with_trial=True), 0, 9) == ([], 0)


def test_a_card_of_elsewhere_is_as_if_it_were_not_there(
    board: Board, warned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ((other,),) = rows(warned, "select min(warning_id) from warning where region_code = '321003'")
    confined(monkeypatch, "manager", "321002")
    at = board("warning", "en", "manager", id=other)
    assert texts(at.info) == [t("warning.unknown", "en")]


@pytest.mark.deep
@pytest.mark.parametrize("view", [*VIEWS, "warnings_rules", "today"])
def test_pages_of_who_is_confined_name_no_other_district(
    board: Board, view: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    confined(monkeypatch, "manager", "321002")
    at = board(view, "zh", "manager")
    assert not at.exception
    said = everything_said(at)  # the note that the map draws one district with another names that one
    others = ("江都区", "宝应县", "仪征市", "高邮市")
    assert [name for name in others if name in said] == []


def test_what_people_wrote_names_no_ticket_to_who_may_not_read_it(
    demo_home: Path, warned: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(demo_home))
    asked = "select ticket_id, region_code from fact_ticket where region_code in ('321002', '321003')"
    told = data.reader().ask(asked, {}).drop_duplicates("region_code")
    of = dict(zip(told["region_code"], told["ticket_id"], strict=True))
    typed = f"看{of['321002']}和{of['321003']}，去年的YZ20199999999999也是，3月2日、2025-03-02起，基站YZS00008"
    whole = Viewer.of("duty")
    matter = data_warnings.matter_of(whole, OUTAGE)
    assert matter is not None
    data_warnings.act(whole, data.workspace(), matter.revisions, "comment", f"{typed} 139" + "1" * 8)

    def note(viewer: Viewer) -> str:
        return next(e["note"] for e in data_warnings.history(viewer, matter) if e["action"] == "comment")

    assert "139" not in note(whole) and note(whole).startswith(typed)
    assert note(Viewer.of("manager")).startswith("看…和…，去年的…也是，3月2日、2025-03-02起，基站YZS00008")
    east = note(Viewer.of("handler", frozenset({"321002"})))
    assert of["321002"] in east and of["321003"] not in east and "2019999" not in east
