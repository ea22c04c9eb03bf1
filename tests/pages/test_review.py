"""The meeting on screen: one item at a time, decided and sealed by who may, the same after the release is gone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from alerts.review import past
from alerts.review.book import NotYours, book
from alerts.review.bundle import SCREENS, canonical
from alerts.review.content import content
from alerts.review.gather import sources
from alerts.review.seal import ISSUE, read, seal_numbers
from alerts.sources import Release
from pages._shared import data_review
from pages._shared.access import who
from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import OpenView
from tests.pages.little import frames
from warehouse import ops
from warehouse.access import Person
from warehouse.accounts import Session
from warehouse.home import Home as Home_
from warehouse.viewer import Role, Viewer

WEEK = "2025-W13"
EAST = "321002"
Home = Callable[[], Path]


@pytest.fixture
def home(demo_home: Path, warned: Path, tmp_path: Path) -> Path:
    """The demo city with a folder of its own to be sealed in."""
    mine = tmp_path / "home"
    mine.mkdir()
    for part in demo_home.iterdir():
        if part.name not in ("reviews", "ops.db") and not part.name.startswith("ops.db"):
            (mine / part.name).symlink_to(part)
    return mine


def button(at: Any, key: str) -> Any:
    return next(b for b in at.button if b.key == key)


def _item(at: Any) -> str:
    """The step that stands in the URL."""
    found = at.query_params.get("item", "")
    return str(found if isinstance(found, str) else found[0] if found else "")


def headings(at: Any) -> list[str]:
    return [m.value for m in at.markdown if m.value.startswith("## ")]


def agenda(at: Any) -> list[str]:
    return [b.label for b in at.button if str(b.key).startswith("agenda_")]


@pytest.mark.parametrize("lang", LANGS)
def test_seven_screens_and_the_annex_stand_in_the_agenda(home: Path, open_view: OpenView, lang: Lang) -> None:
    at = open_view(home, "review", lang, "manager", item="actions")
    assert [e.message for e in at.exception] == []
    assert len(agenda(at)) == len(SCREENS) + 1
    assert len(headings(at)) == 1


@pytest.mark.deep
def test_the_arrows_walk_through_every_step_and_the_url_says_where(home: Path, open_view: OpenView) -> None:
    at = open_view(home, "review", "zh", "manager", item="actions")
    met, seen = headings(at)[0], 1
    assert button(at, "review_back").disabled
    for _ in range(40):
        if button(at, "review_on").disabled:
            break
        at = button(at, "review_on").click().run()
        assert [e.message for e in at.exception] == []
        seen += 1
    assert _item(at) == "annex"
    assert met != headings(at)[0] and seen >= 20
    assert "week" not in at.query_params


def test_an_item_opens_from_its_link(home: Path, open_view: OpenView) -> None:
    at = open_view(home, "review", "zh", "manager", item="forecast", week="2025-W12")
    assert "下周" in headings(at)[0] and "第12周" in at.title[0].value


def test_one_decision_then_the_numbers_are_sealed(home: Path, open_view: OpenView, warned: Path) -> None:
    at = open_view(home, "review", "zh", "manager", item="hotspots")
    while "H2513" not in _item(at):
        at = button(at, "review_on").click().run()
    key = f"{WEEK}_{_item(at).partition('.')[2]}"
    at.selectbox(key=f"dept_{key}").set_value("NET")
    at.text_input(key=f"text_{key}").set_value("补备电,核实告警")
    submit = next(b for b in at.button if b.label == t("review.keep", "zh"))
    at = submit.click().run()
    assert [e.message for e in at.exception] == []
    assert word("review.told", "decided", "zh") in [s.value for s in at.success]
    store = ops.open_ops(f"sqlite:///{warned}")
    made = book(store, home / "reviews", WEEK).decisions
    assert len(made) == 1 and made[0].owner_dept == "NET" and made[0].action_id
    at = button(at, "seal_numbers").click().run()
    assert [e.message for e in at.exception] == []
    opened = read(home / "reviews", WEEK)
    assert opened is not None and opened.is_intact
    # Sealed, it is drawn from its own folder.
    again = open_view(home, "review", "zh", "manager", item="overall")
    assert headings(again)[0].removeprefix("## ").replace("\\", "") == opened.issue.screens[1].items[0].finding.zh
    assert "seal_numbers" not in [b.key for b in again.button] and "seal_minutes" in [b.key for b in again.button]


def test_a_tampered_issue_says_so(home: Path, open_view: OpenView) -> None:
    at = open_view(home, "review", "zh", "manager", item="actions")
    at = button(at, "seal_numbers").click().run()
    path = home / "reviews" / WEEK / ISSUE
    opened = read(home / "reviews", WEEK)
    assert opened is not None
    path.write_bytes(canonical(opened.issue.model_copy(update={"is_simulated": False})))
    at = open_view(home, "review", "zh", "manager", item="actions")
    assert t("review.tampered", "zh") in [e.value for e in at.error]
    path.write_bytes(b"{")
    at = open_view(home, "review", "zh", "manager", item="actions")
    assert at.error and not at.exception


@pytest.mark.parametrize("role", ["auditor", "handler"])
def test_who_may_not_decide_only_reads(home: Path, open_view: OpenView, role: str) -> None:
    at = open_view(home, "review", "zh", role, item="sla")
    keys = [str(b.key) for b in at.button]
    assert not [k for k in keys if k.startswith(("seal_", "save_"))]
    assert t("review.keep", "zh") not in [b.label for b in at.button]


def test_a_rectification_without_its_department_is_not_kept(home: Path, open_view: OpenView, warned: Path) -> None:
    at = open_view(home, "review", "en", "manager", item="sla")
    at = next(b for b in at.button if b.label == t("review.keep", "en")).click().run()
    assert word("review.told", "incomplete", "en") in [w.value for w in at.warning]
    assert book(ops.open_ops(f"sqlite:///{warned}"), home / "reviews", WEEK).decisions == ()


@pytest.mark.deep
def test_the_files_are_made_and_handed_out_to_those_who_lead(home: Path, open_view: OpenView) -> None:
    at = open_view(home, "review", "zh", "manager", item="overall")
    assert not at.get("download_button")
    button(at, "pack_make").click().run()
    assert [e.message for e in at.exception] == [] and [e.value for e in at.error] == []
    names = [found.proto.label for found in at.get("download_button")]
    assert len(names) == 7 and all(WEEK in name for name in names)
    other = open_view(home, "review", "zh", "duty", item="overall")
    assert [b.key for b in other.button if str(b.key).startswith("pack_")] == []


def test_a_week_of_the_earlier_register_is_shown_as_held_and_closed(
    home: Path, open_view: OpenView, warned: Path, tmp_path: Path
) -> None:
    register = tmp_path / "运营历史_例会.csv"
    head = "周次,定版时间,召开时间,主持,参会部门,新发预警数,确认及时数,误报数,整改到期数,整改完成数,决定,纪要定稿时间"
    line = "2025-W10,2025-03-10 09:00,2025-03-10 10:00,SUPV0101,客服管理部,8,6,3,1,0,持续观察3项,2025-03-10 15:00"
    register.write_text(f"{head}\n{line}\n", encoding="utf-8-sig")
    past.take(ops.open_ops(f"sqlite:///{warned}"), Release.current(Home_(home)), register)
    at = open_view(home, "review", "zh", "manager", week="2025-W10", item="overall")
    assert [e.message for e in at.exception] == [] and len(headings(at)) == 1
    (said,) = [i.value for i in at.info if "SUPV0101" in i.value]
    assert "客服管理部" in said and "整改到期1项，完成0项" in said and word("review.decision", "observe", "zh") in said
    keys = {str(b.key) for b in at.button}
    assert not keys & {"seal_numbers", "seal_minutes"} and not any(k.startswith("save_") for k in keys)


# --- a viewer who is confined to a part of the city --------------------------------------------------------


def confined(monkeypatch: pytest.MonkeyPatch, role: Role, regions: str | None = None, departments: str | None = None):
    """Everybody who opens a page is a person of these limits."""
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "local")
    limits = [None if codes is None else frozenset(codes.split()) for codes in (regions, departments)]
    person = Person("mei", Viewer.of(role, *limits))
    session = Session("k", person, "local", False, datetime(2026, 1, 1))
    monkeypatch.setattr(who, "of_cookies", lambda *_: session)


def everything(at: Any) -> str:
    parts = [e.value for kind in ("markdown", "info", "caption", "title") for e in getattr(at, kind)]
    return "\n".join(map(str, [*parts, *(f.to_csv() for f in frames(at))]))


@pytest.mark.deep
def test_a_district_manager_sees_their_own_week_and_writes_nothing(
    home: Path, open_view: OpenView, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = everything(open_view(home, "review", "zh", "manager", item="overall"))
    confined(monkeypatch, "manager", EAST)
    at = open_view(home, "review", "zh", "manager", item="overall")
    assert [e.message for e in at.exception] == []
    mine = everything(at)
    city, own = (re.search(r"本周投诉(\d+)件", text) for text in (whole, mine))
    assert city and own and int(own[1]) < int(city[1])
    assert "区县：广陵区" in [i.value for i in at.info][0] and "草稿" not in mine
    keys = {str(b.key) for b in at.button}
    assert not {"seal_numbers", "seal_minutes", "pack_make"} & keys
    assert t("review.keep", "zh") not in [b.label for b in at.button]


@pytest.mark.deep
@pytest.mark.parametrize("is_kept", [True, False], ids=["kept", "gone"])
def test_a_part_of_a_sealed_week_is_read_from_what_was_sealed(
    home: Path, open_view: OpenView, monkeypatch: pytest.MonkeyPatch, is_kept: bool
) -> None:
    found = sources(Home_(home), None)
    issue = content(found, WEEK, found.reader.info["as_of"])
    if not is_kept:
        issue = issue.model_copy(update={"source": issue.source.model_copy(update={"release_id": "20240101-gone"})})
    seal_numbers(home / "reviews", issue, "manager", datetime(2025, 3, 31, 9))
    confined(monkeypatch, "supervisor", None, "NET")
    at = open_view(home, "review", "en", "supervisor", item="overall")
    assert [e.message for e in at.exception] == []
    (said,) = [i.value for i in at.info]
    assert ("so both agree" in said) is is_kept and ("may differ from the seal" in said) is not is_kept
    total = next(n.value for n in issue.screens[1].items[0].numbers if n.measure == "M01")
    assert f"{total:.0f} complaints this week" not in everything(at)


def test_what_a_confined_person_sends_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path))
    frame: Any = SimpleNamespace(viewer=Viewer.of("manager", frozenset({EAST})))
    nothing: Any = None
    for deed in (
        lambda: data_review.seal_numbers(frame, nothing),
        lambda: data_review.seal_minutes(frame, WEEK),
        lambda: data_review.write_minutes(frame, WEEK, "", "", 0),
        lambda: data_review.decide(frame, WEEK, nothing, "observe", ""),
    ):
        with pytest.raises(NotYours, match="confined"):
            deed()
    assert list(tmp_path.iterdir()) == []
