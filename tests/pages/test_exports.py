"""A file's way through the pages: asked at the list, approved by another role, taken, refused when leave is over."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from pages._shared import clock, data_flow, tables
from pages._shared.access import exports
from pages._shared.blocks import due_rows
from pages._shared.frame import KEY
from pages._shared.tables import Column
from pages._shared.text import plain, t
from tests.pages.conftest import OpenView
from warehouse import audit, ops
from warehouse import exports as rules
from warehouse.exports import Refused
from warehouse.watermark import fits, in_workbook, pattern

AT = datetime(2025, 3, 31, 8)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    monkeypatch.setenv("LOOKOUT_DEMO_TRAIL", "on")
    monkeypatch.setattr(clock, "utc", lambda: AT)
    return ops.open_ops(url)


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Name of a file -> what makes it, as the browser would call it."""
    found: dict[str, Any] = {}
    whole = exports._button

    def button(box: Any, file: Any, make: Any, *rest: Any) -> None:
        found[file.name] = make
        whole(box, file, make, *rest)

    monkeypatch.setattr(exports, "_button", button)
    return found


def test_from_the_request_to_the_file(
    open_view: OpenView, store, made, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = open_view(demo_home, "due", "en", "analyst")
    assert not at.exception and not [n for n in made if n.endswith(".csv")], "nothing to take before leave"
    at.button(key="due_csv_ask").click().run()
    assert t("export.no_reason", "en") in [w.value for w in at.warning] and not rules.listed(store, AT)
    at.text_input(key="due_csv_reason").set_value("for 张伟 139" + "0" * 8).run()
    at.button(key="due_csv_ask").click().run()
    [row] = rules.listed(store, AT)
    assert "139" not in row["purpose"] and row["asked_by"] == "analyst" and row["n_rows"] > 5
    assert any(row["export_id"] in m.value for m in at.markdown) and not made

    own = open_view(demo_home, "access", "en", "manager")
    assert own.button(key=f"approve_{row['export_id']}")
    own.button(key=f"approve_{row['export_id']}").click().run()
    assert not own.exception and rules.listed(store, AT)[0]["decided_by"] == "manager"

    at.run()
    [name] = made
    content = made[name]()
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert len(lines) == row["n_rows"] + 2 and "Internal" in lines[-1][0]
    event = audit.search(store, kinds=["export_taken"])[0][0]
    detail = json.loads(event["detail_json"])
    assert detail["sha256"] == hashlib.sha256(content).hexdigest() and detail["approved_by"] == "manager"
    assert fits(pattern(content.decode("utf-8-sig")), detail["mark"]) and detail["mark"] in lines[-1][0]
    with store.connect() as con:
        [seen] = con.execute(
            sa.text("select count(*) from audit_seen where event_no = :n"), {"n": event["event_no"]}
        ).one()
    assert seen > 3, "whose rows went is noted"

    monkeypatch.setattr(clock, "utc", lambda: AT + rules.HOLDS)
    with pytest.raises(Refused):
        made[name]()
    assert "expired" in audit.search(store, kinds=["refused"])[0][0]["detail_json"]
    made.clear()
    assert not at.run().exception and not made, "the button is gone with the leave"
    assert at.button(key="due_csv_ask")


def test_other_filters_are_another_request(open_view: OpenView, store, made, demo_home: Path) -> None:
    at = open_view(demo_home, "due", "en", "analyst", region="321003")
    at.text_input(key="due_csv_reason").set_value("check").run()
    at.button(key="due_csv_ask").click().run()
    rules.decide(store, rules.listed(store, AT)[0]["export_id"], _manager(), True, "", AT, exports.mode.settings())
    open_view(demo_home, "due", "en", "analyst", region="321003")
    assert made
    made.clear()
    open_view(demo_home, "due", "en", "analyst")
    assert not made, "leave for a district is none for the city"
    open_view(demo_home, "due", "en", "planner", region="321003")
    assert not made, "nor for another person"


def test_nobody_approves_his_own(open_view: OpenView, store, demo_home: Path) -> None:
    at = open_view(demo_home, "due", "en", "supervisor")
    at.text_input(key="due_csv_reason").set_value("check").run()
    at.button(key="due_csv_ask").click().run()
    [row] = rules.listed(store, AT)
    board = open_view(demo_home, "access", "en", "supervisor")
    assert not [b for b in board.button if str(b.key).startswith("approve_")]
    assert any(t("export.why_own", "en") in m.value for m in (*board.markdown, *board.caption))
    exports_of_auditor = open_view(demo_home, "access", "en", "auditor")
    assert not [b for b in exports_of_auditor.button if str(b.key).startswith("approve_")]
    assert any(row["export_id"] in str(d.value.values) for d in exports_of_auditor.dataframe)


def test_too_many_rows_for_the_role(open_view: OpenView, store, made, demo_home: Path, monkeypatch) -> None:
    monkeypatch.setitem(rules.MOST_ROWS, "analyst", 3)
    written, words = [], due_rows._words
    monkeypatch.setattr(due_rows, "_words", lambda frame, rows: [written.append(len(rows)), words(frame, rows)][1])
    sizes, rows = [], data_flow.waiting_rows
    monkeypatch.setattr(data_flow, "waiting_rows", lambda *asked: [sizes.append(asked[6]), rows(*asked)][1])
    at = open_view(demo_home, "due", "en", "analyst", waiting="M22_OPEN")
    assert written == [due_rows.PAGE_ROWS], "the words of a file are made when somebody takes it"
    assert set(sizes) <= {due_rows.PAGE_ROWS}, "and its rows are read then"
    assert any(plain(t("export.limit", "en", n="3")) in m.value for m in at.markdown)
    assert not made and not [b for b in at.button if b.key == "due_csv_ask"]


def test_files_of_figures_need_no_leave_but_are_noted(open_view: OpenView, store, made, demo_home: Path) -> None:
    open_view(demo_home, "hotspot_needs", "en", "planner")
    name = next(n for n in made if n.endswith(".xlsx"))
    content = made[name]()
    event = audit.search(store, kinds=["export_taken"])[0][0]
    assert event["actor"] == "planner" and event["subject"] == name
    assert in_workbook(content) == json.loads(event["detail_json"])["mark"]
    for end in (".geojson", ".kml"):
        told = made[next(n for n in made if n.endswith(end))]()
        assert json.loads(audit.search(store)[0][0]["detail_json"])["mark"].encode() in told


def test_a_hostile_name_runs_in_no_spreadsheet(store) -> None:
    from warehouse.watermark import Mark

    shape = pd.DataFrame({"what": ["=1+1", "x"]})
    raw = tables.csv_bytes(shape, [Column("what", "=x")], lang="zh", mark=Mark("a" * 12, "=cmd|' /C calc'!A0"))
    cells = [cell for line in csv.reader(io.StringIO(raw.decode("utf-8-sig"))) for cell in line]
    assert cells and not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


def test_without_a_frame_nothing_is_offered(store, made, monkeypatch) -> None:
    monkeypatch.setattr(exports.st, "session_state", {KEY: None})
    file = exports.File("due", "x.csv", "text/csv", pd.DataFrame({"ticket_id": ["T1"]}), lambda *_: b"")
    exports.offer(None, file, lang="en", key="k", label="x")
    assert not made


def _manager() -> Any:
    from warehouse.access import Person
    from warehouse.viewer import Viewer

    return Person("manager", Viewer.of("manager"))


@pytest.mark.deep
def test_a_list_longer_than_its_file_says_so_on_the_page_and_in_the_file(
    open_view: OpenView, store, made, demo_home: Path, monkeypatch
) -> None:
    monkeypatch.setattr(due_rows, "MOST_IN_FILE", 5)
    at = open_view(demo_home, "due", "en", "analyst")
    [said] = [m.value for m in at.markdown if "The file holds the first 5 of" in m.value]
    at.text_input(key="due_csv_reason").set_value("check").run()
    at.button(key="due_csv_ask").click().run()
    rules.decide(store, rules.listed(store, AT)[0]["export_id"], _manager(), True, "", AT, exports.mode.settings())
    at.run()
    lines = list(csv.reader(io.StringIO(made.popitem()[1]().decode("utf-8-sig"), newline="")))
    assert len(lines) == 1 + 5 + 1 + 1 and lines[6][0] in said.replace("\\", ""), (
        "heading, rows, what is left out, mark"
    )
