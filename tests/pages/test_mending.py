"""数据质量: refused rows of a file go out with leave and mark, and come back corrected into the inbox."""

from __future__ import annotations

import csv
import io
import json
import shutil
import tomllib
from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from etl import handback
from etl.contract import Contract
from etl.register import Outcome
from pages._shared import clock
from pages._shared.access import exports, trail
from pages._shared.text import t
from tests.etl.small import HEADER, TICKETS, WORKSPACE, ticket
from tests.pages.conftest import OpenView
from tests.pages.test_intake import Upload, shown
from warehouse import audit, ops
from warehouse import exports as rules
from warehouse.access import Person
from warehouse.home import Home
from warehouse.viewer import Viewer
from warehouse.watermark import fits, pattern
from warehouse.workspace import WorkspaceFile

AT = datetime(2025, 3, 31, 8)
NAME = "投诉工单_202410_时间倒置.csv"


@pytest.fixture
def home(demo_home: Path, tmp_path: Path) -> Path:
    """The demo city with an inbox of its own: one file whose times run backwards."""
    root = tmp_path / "home"
    (root / "inbox").mkdir(parents=True)
    for one in demo_home.iterdir():
        if one.name != "inbox" and not one.name.startswith("ops.db"):
            (root / one.name).symlink_to(one)
    shutil.copyfile(demo_home / "inbox" / NAME, root / "inbox" / NAME)
    return root


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    url = f"sqlite:///{tmp_path / 'trail.db'}"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    monkeypatch.setenv("LOOKOUT_DEMO_TRAIL", "on")
    monkeypatch.setattr(clock, "utc", lambda: AT)
    return ops.open_ops(url)


FAST = Outcome("0123456789abcdef0123", "工单1.csv", "loaded", AT, contract="small_tickets", n_bytes=3, n_rejected=2)


def drawn(file: str | None, viewer: Viewer) -> Any:
    """The block alone, with a file of the list chosen."""

    def script() -> None:
        import streamlit as st

        from pages._shared.blocks import mending

        mending.show(st.session_state["frame"], st.session_state["files"])

    workspace = WorkspaceFile.model_validate(tomllib.loads(WORKSPACE))
    listed = {**vars(FAST), "n_corrected": 1}
    at = AppTest.from_function(script, default_timeout=30)
    at.session_state["frame"] = SimpleNamespace(lang="zh", viewer=viewer, workspace=workspace)
    at.session_state["files"] = pd.DataFrame([listed])
    if file:
        at.session_state["mending_file"] = file
    return at.run()


def test_corrected_rows_land_and_what_comes_next_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path))
    (tmp_path / "inbox").mkdir()
    (tmp_path / "inbox" / FAST.file_name).write_text("raw")
    monkeypatch.setattr(handback, "loaded", lambda *_: FAST)
    contract = Contract.model_validate(tomllib.loads(TICKETS))
    monkeypatch.setattr(handback, "contract_of", lambda *_: contract)
    lines = [ticket(1), ticket(2, 受理时间="昨天")]
    content = "\n".join(["row_no,why,cure,line," + HEADER, *("2,x,y,," + line for line in lines)]).encode()
    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: Upload("../../evil.csv", content))
    deeds: list[Any] = []
    monkeypatch.setattr(trail, "deed", lambda *told, **detail: deeds.append((told[1:], detail)))
    at = drawn(FAST.file_id, Viewer.of("engineer"))
    assert at.selectbox[0].options == ["工单1.csv：拒收2行，已补正1"]
    assert at.button[0].label == "放入收件箱（2行中1行可入库）"
    assert "昨天" in str(at.dataframe[0].value.values), "what is still refused stands there with its reason"
    name = "工单1__corrects_0123456789ab.csv"
    at.button[0].click().run()
    assert [s.value for s in at.success] == [t("mending.landed", "zh", name=name)]
    assert (tmp_path / "inbox" / name).read_bytes() == content
    assert sorted(p.name for p in (tmp_path / "inbox").iterdir()) == [FAST.file_name, name]
    (tried, name_only), (told, detail) = deeds
    assert tried == ("deed", "corrected rows tried out") and told == ("deed", "corrected rows handed back")
    assert (name_only["name"], name_only["odd_name"], name_only["bytes"]) == ("evil.csv", True, len(content))
    assert (detail["corrects"], detail["rows"]) == (FAST.file_id, 1)


def test_only_an_engineer_without_limits_sees_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path))
    assert drawn(None, Viewer.of("engineer")).selectbox
    assert not drawn(None, Viewer.of("supervisor")).main.children
    limited = drawn(None, Viewer.of("engineer", frozenset({"321003"})))
    assert not limited.selectbox and t("mending.scope", "zh") in str([m.value for m in limited.markdown])


def corrected(home: Path, outcome: Outcome) -> bytes:
    """The refused rows of the file as they went out, the first of them mended."""
    out = home / "left" / "rows.csv"
    handback.write(Home(home), outcome, out)
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    rows[0]["反馈时间"] = rows[0]["归档时间"]
    text = io.StringIO()
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


@pytest.mark.deep
def test_out_with_leave_and_back_into_the_inbox(
    open_view: OpenView, home: Path, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: dict[str, Any] = {}
    monkeypatch.setattr(exports, "_button", lambda box, file, make, *_: made.update({file.name: make}))
    outcome = handback.loaded(Home(home), NAME)
    at = open_view(home, "quality", "en", "engineer")
    at.selectbox(key="mending_file").set_value(outcome.file_id).run()
    assert not at.exception and not made, "raw rows need leave"
    at.text_input(key="mending_csv_reason").set_value("correct").run()
    at.button(key="mending_csv_ask").click().run()
    [asked] = rules.listed(store, AT)
    assert (asked["what"], asked["n_rows"]) == ("refused_rows", outcome.n_rejected)
    other = Person("lead", Viewer.of("manager"))
    rules.decide(store, asked["export_id"], other, True, "", AT, exports.mode.settings())
    at.run()
    [(name, make)] = made.items()
    text = make().decode("utf-8-sig")
    head, *rows = csv.reader(io.StringIO(text, newline=""))
    assert head[:4] == ["row_no", "why", "cure", "line"] and len(rows) == outcome.n_rejected
    [taken] = audit.search(store, kinds=["export_taken"])[0]
    mark = json.loads(taken["detail_json"])["mark"]
    assert mark in head[-1] and fits(pattern(text), mark)

    content = corrected(home, outcome)
    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: Upload("../../evil.csv", content))
    at.run()
    at.button(key="mending_hand_back").click().run()
    assert t("mending.landed", "en", name=name) in shown(at)
    assert (home / "inbox" / name).read_bytes() == content
    assert sorted(p.name for p in (home / "inbox").iterdir()) == sorted([NAME, name])
    row, tried = audit.search(store, kinds=["deed"])[0]
    assert tried["subject"] == "corrected rows tried out", "once for an upload, however often the page is drawn"
    told = json.loads(row["detail_json"])
    assert (row["subject"], row["role"]) == ("corrected rows handed back", "engineer")
    assert told["corrects"] == outcome.file_id and told["rows"] >= 1
    at.button(key="mending_hand_back").click().run()
    assert any("already" in str(e.value) for e in at.error), "the same twice is said, not stored"
    assert len(list((home / "inbox").iterdir())) == 2


@pytest.mark.deep
@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "empty"), (b"a,b\n1,2\n", "column"), (b"\0\1\2", ""), (b"," * (11 << 20), "10 MiB")],
    ids=["empty", "other", "bytes", "large"],
)
def test_what_cannot_be_read_never_lands(
    open_view: OpenView, home: Path, monkeypatch: pytest.MonkeyPatch, content: bytes, said: str
) -> None:
    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: Upload("x.csv", content))
    at = open_view(home, "quality", "en", "engineer")
    at.selectbox(key="mending_file").set_value(handback.loaded(Home(home), NAME).file_id).run()
    assert not at.exception and not [b for b in at.button if b.key == "mending_hand_back"]
    assert any(said in str(e.value) for e in at.error)
    assert [p.name for p in (home / "inbox").iterdir()] == [NAME]


@pytest.mark.deep
def test_a_file_that_is_gone_says_so_and_others_see_nothing(open_view: OpenView, home: Path) -> None:
    (home / "inbox" / NAME).unlink()
    at = open_view(home, "quality", "zh", "engineer")
    at.selectbox(key="mending_file").set_value(handback.loaded(Home(home), NAME).file_id).run()
    assert "原文件已不在收件箱" in shown(at)
    assert not [s for s in open_view(home, "quality", "zh", "analyst").selectbox if s.key == "mending_file"]
