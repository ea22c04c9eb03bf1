"""The register of measures on its page: what is late comes first, deeds by role, two people at one measure, files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from alerts.actions import register, store
from alerts.actions.item import Draft
from alerts.actions.rights import NotYours
from pages._shared import data, data_actions, tables
from pages._shared.blocks import ledger as ledger_view
from pages._shared.tables import Column
from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import OpenView
from tests.pages.test_views import everything_said, findings, opens, texts
from warehouse import ops
from warehouse.viewer import Viewer

NOW = datetime(2025, 3, 17, 9)  # a fortnight before the demo's clock
LATE, REPLY, SEEN = "T2025-001", "T2025-002", "T2025-003"
Ledger = Callable[..., Any]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> sa.Engine:
    """One overdue under supervision, one instruction without a reply, one done and waiting to be verified."""
    url = f"sqlite:///{tmp_path}/ops.db"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    found = ops.open_ops(url)
    whole: dict[str, Any] = {"begins_on": NOW.date(), "due_on": date(2025, 4, 20), "scope_kind": "region",
                             "scope_id": "321003", "owner_dept": "NET", "verify_type": "NET"}  # fmt: skip
    for number, given in (
        (LATE, {"source": "superior", "level": "listed", "problem": "邗江网络投诉偏高", "kind": "new_site",
                "due_on": date(2025, 3, 21)}),
        (REPLY, {"source": "instruction", "problem": "流程*繁琐*", "owner_dept": "MKT", "reply_by": date(2025, 4, 2)}),
        (SEEN, {"source": "review", "problem": "=1+1", "kind": "parameter"}),
    ):  # fmt: skip
        store.start(found, Draft(**(whole | given)), "manager", NOW, number)
    store.act(found, SEEN, "accept", "handler", NOW, 0)
    store.act(found, SEEN, "done", "handler", NOW, 1)
    return found


@pytest.fixture
def ledger(open_view: OpenView, demo_home: Path, kept: sa.Engine) -> Ledger:
    return lambda lang="zh", role="manager", **url: open_view(demo_home, "register", lang, role, **url)


def press(at: Any, key: str) -> Any:
    return next(b for b in at.button if b.key == key).click().run()


@pytest.mark.parametrize("lang", LANGS)
def test_the_late_one_is_said_first_and_stands_first(ledger: Ledger, lang: Lang) -> None:
    at = ledger(lang)
    opens(at, "register", lang)
    (said,) = findings(at)
    assert "10" in said and ("邗江网络投诉偏高" if lang == "zh" else "New site, Hanjiang") in said
    assert list(at.dataframe[0].value["id"]) == [LATE, REPLY, SEEN]


def test_without_a_store_nothing_is_made(
    open_view: OpenView, demo_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{tmp_path}/none.db")
    at = open_view(demo_home, "register", "en", "manager")
    opens(at, "register", "en")
    assert t("ledger.none", "en") in texts(at.info) and not (tmp_path / "none.db").exists()


def test_a_link_opens_the_measure_and_a_wrong_one_says_so(ledger: Ledger) -> None:
    said = everything_said(ledger("en", action=REPLY))
    assert r"流程\*繁琐\*" in said and word("action.source", "instruction", "en") in said
    strange = ledger("en", action="<script>")
    opens(strange, "register", "en")
    assert "no such measure" in everything_said(strange)


def test_who_is_responsible_accepts_and_reports_but_does_not_close(ledger: Ledger, kept: sa.Engine) -> None:
    at = ledger("en", "handler", action=LATE)
    keys = {str(b.key) for b in at.button}
    assert f"accept_{LATE}" in keys and not any("close_" in k or "verify_" in k or "delay_" in k for k in keys)
    at = press(at, f"accept_{LATE}")
    found = register.one(kept, LATE)
    assert found is not None and (found.state, found.revision) == ("doing", 1)
    assert t("action.kept", "en", did=word("action.did", "accept", "en")) in texts(at.success)


def test_an_auditor_changes_nothing(ledger: Ledger) -> None:
    keys = {str(b.key) for b in ledger("en", "auditor", action=LATE).button}
    assert [k for k in keys if k.endswith(f"{LATE}_0")] == [f"do_comment_{LATE}_0"]


def test_the_slower_of_two_is_told_who_changed_what(ledger: Ledger, kept: sa.Engine) -> None:
    at = ledger("zh", "supervisor", action=LATE)
    store.act(kept, LATE, "edit", "manager", NOW, 0, level="key", cost_yuan=80000.0)
    at.text_area(key=f"note_close_{LATE}_0").input("合并处理")
    at = press(at, f"do_close_{LATE}_0")
    (told,) = texts(at.warning)
    assert "管理者" in told and "重点" in told and "8" in told
    found = register.one(kept, LATE)
    assert found is not None and (found.state, found.revision) == ("waiting", 1)


def test_closing_without_a_reason_is_refused(ledger: Ledger, kept: sa.Engine) -> None:
    at = press(ledger("en", "manager", action=LATE), f"do_close_{LATE}_0")
    assert texts(at.warning) == [word("action.needs", "close", "en")]
    assert len(register.history(kept, LATE)) == 1


def test_a_result_closes_and_stays_readable(ledger: Ledger, kept: sa.Engine) -> None:
    press(ledger("en", "analyst", action=SEEN), f"do_verify_{SEEN}_2")
    found = register.one(kept, SEEN)
    assert found is not None and (found.state, found.result) == ("closed", "effective")
    at = ledger("en", "analyst", stand="closed")
    assert list(at.dataframe[0].value["id"]) == [SEEN]


@pytest.mark.parametrize(
    ("url", "ids"),
    [({"stand": "overdue"}, [LATE]), ({"stand": "replies"}, [REPLY]), ({"owner": "MKT"}, [REPLY]),
     ({"level": "listed"}, [LATE]), ({"source": "review"}, [SEEN])],
)  # fmt: skip
def test_filters_are_links(ledger: Ledger, url: dict[str, str], ids: list[str]) -> None:
    assert list(ledger("en", **url).dataframe[0].value["id"]) == ids


def test_a_measure_is_raised_from_the_form(ledger: Ledger, kept: sa.Engine) -> None:
    at = ledger("en", "supervisor")
    at.text_area(key="problem_new").input("等待久，客户138" + "12345678")
    at.selectbox(key="kind_new").select("staffing")
    at = next(b for b in at.button if b.label == t("action.submit", "en")).click().run()
    opens(at, "register", "en")
    (new,) = [a for a in register.all_items(kept) if a.action_id not in (LATE, REPLY, SEEN)]
    assert (new.problem, new.kind, new.measure, new.raised_by) == (
        "等待久，客户***",
        "staffing",
        "热线增员",
        "supervisor",
    )


def test_a_form_without_a_problem_raises_nothing(ledger: Ledger, kept: sa.Engine) -> None:
    at = ledger("en")
    at = next(b for b in at.button if b.label == t("action.submit", "en")).click().run()
    assert t("action.no_problem", "en") in texts(at.warning) and len(register.all_items(kept)) == 3


def test_the_file_runs_no_formula() -> None:
    shape = pd.DataFrame({"what": ["=1+1 → 参数优化"]})
    assert b"\n=1" not in tables.csv_bytes(shape, [Column("what", "x")], lang="zh").replace(b"\r", b"")


@pytest.mark.parametrize("deed", ["supervise", "instruct", "decide"])
def test_what_is_promised_about_a_warning_stands_in_the_register(
    open_view: OpenView, demo_home: Path, warned: Path, deed: str
) -> None:
    """And on its card; said a second time it is the same measure, an instruction a second one."""
    outage = "RN07-5125117c6d"
    kept = ops.open_ops(f"sqlite:///{warned}")
    for turn in (1, 2):
        at = open_view(demo_home, "warning", "zh", "manager", id=outage)
        if deed == "decide":
            at.selectbox(key=f"other_{outage}").set_value("rectify").run()
        form = "other" if deed == "decide" else deed
        at.text_area(key=f"{form}_note_{outage}").set_value(f"两周内更换电源{turn}").run()
        at = press(at, f"{form}_do_{outage}")
        assert [e.message for e in at.exception] == []
    found = register.of_source(kept, f"warning:{outage}")
    assert [a.source for a in found] == (["instruction"] * 2 if deed == "instruct" else ["warning"])
    assert "停电" in found[0].problem and found[0].measure == "两周内更换电源1"
    assert found[0].waits_for_reply == (deed == "instruct")


def test_the_first_page_counts_what_is_late_and_what_waits_for_a_reply(
    open_view: OpenView, demo_home: Path, kept: sa.Engine
) -> None:
    at = open_view(demo_home, "today", "zh", "manager")
    labels = {b.key: b.label for b in at.button}
    assert labels["waiting_supervised"] == t("today.supervised", "zh", n=1)
    assert labels["waiting_replies"] == t("today.replies", "zh", n=1)


def test_a_hotspot_and_a_case_lead_to_a_measure(open_view: OpenView, demo_home: Path, kept: sa.Engine) -> None:
    at = open_view(demo_home, "cases", "zh", "manager")
    at = next(b for b in at.button if b.label == t("action.submit", "zh")).click().run()
    assert [e.message for e in at.exception] == []
    (new,) = [a for a in register.all_items(kept) if a.source == "case"]
    assert new.source_ref.startswith("case:") and new.verify_type


def test_what_is_complained_about_for_weeks_without_a_measure_is_told(
    open_view: OpenView, demo_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """PB14; and no more once somebody has promised something for the city."""
    url = f"sqlite:///{tmp_path}/empty.db"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    told = texts(open_view(demo_home, "register", "en", "manager").warning)
    assert any("Weak or no signal" in w for w in told)
    wide = Draft(source="review", problem="信号弱", kind="parameter", owner_dept="NET", verify_type="NET",
                 begins_on=NOW.date(), due_on=date(2025, 5, 1))  # fmt: skip
    store.start(ops.open_ops(url), wide, "manager", NOW)
    assert texts(open_view(demo_home, "register", "en", "manager").warning) == []


def test_a_share_of_few_is_two_counts() -> None:
    assert ledger_view._share(8, 9, "en") == "8 of 9 · few" and "样本不足" in ledger_view._share(8, 9, "zh")
    assert ledger_view._share(20, 25, "en") == "80.0% of 25 · few"
    assert ledger_view._share(24, 30, "en") == "80.0% of 30" and ledger_view._share(0, 0, "en") == "—"


@pytest.mark.parametrize(
    ("regions", "departments", "seen"),
    [
        (None, None, {LATE, REPLY, SEEN, "T-PLACE", "T-CITY"}),
        ("321003", None, {LATE, REPLY, SEEN}),
        ("321002", None, {"T-PLACE"}),
        ("321002 321003", "NET", {LATE, SEEN, "T-PLACE"}),
        (None, "MKT", {REPLY}),
    ],
)
def test_who_is_confined_sees_the_measures_of_their_part_and_acts_on_no_other(
    kept: sa.Engine, monkeypatch: pytest.MonkeyPatch, regions: str | None, departments: str | None, seen: set[str]
) -> None:
    draft: dict[str, Any] = {"source": "review", "problem": "慢", "owner_dept": "NET", "begins_on": NOW.date(),
                             "due_on": date(2025, 4, 20)}  # fmt: skip
    store.start(kept, Draft(**draft, scope_kind="place", scope_id="P01"), "manager", NOW, "T-PLACE")
    store.start(kept, Draft(**draft), "manager", NOW, "T-CITY")
    places = pd.DataFrame({"place_id": ["P01"], "region_code": ["321002"]})
    monkeypatch.setattr(data, "reader", lambda: SimpleNamespace(n_rows=lambda name: int(name == "dim_place")))
    monkeypatch.setattr(data, "table", lambda name, viewer: places)
    viewer = Viewer.of("manager", *(None if v is None else frozenset(v.split()) for v in (regions, departments)))
    assert {a.action_id for a in data_actions.items(viewer)} == seen
    space: Any = None
    for action in register.all_items(kept):
        shown = data_actions.one(viewer, action.action_id)
        assert (shown is not None) is (action.action_id in seen)
        if shown is None:
            with pytest.raises(NotYours):
                data_actions.act(viewer, space, action, "comment", "我来", at=NOW)
