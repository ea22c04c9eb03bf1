"""The view 接入: a file is uploaded, its draft read, edited and kept. No browser: the uploader is stood in for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from etl.sentences import rule_name
from pages._shared.blocks.intake import file_name
from pages._shared.text import t
from tests.etl.infer.ticket_samples import undecidable, us_crm
from tests.pages.conftest import OpenView
from warehouse import audit, ops
from warehouse.workspace import load_workspace


@dataclass(frozen=True)
class Upload:
    name: str
    content: bytes
    file_id: str = "one"

    def getvalue(self) -> bytes:
        return self.content


def upload(monkeypatch: pytest.MonkeyPatch, name: str, content: bytes) -> None:
    monkeypatch.setattr(st, "file_uploader", lambda *_, **__: Upload(name, content))


def shown(at: Any) -> str:
    assert not at.exception, at.exception
    parts = [*at.markdown, *at.warning, *at.success, *at.error, *at.info, *at.subheader]
    return "\n".join(str(p.value) for p in parts)


def test_only_the_data_engineer_takes_files_in(open_view: OpenView, one_row_home: Path) -> None:
    assert t("intake.not_yours", "en") in shown(open_view(one_row_home, "quality", "en", "analyst", view="intake"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_draft_is_shown_and_kept(
    open_view: OpenView, one_row_home: Path, monkeypatch: pytest.MonkeyPatch, lang: str
) -> None:
    """With it the rows that would not land, each with its reason: one has no number, one a date that is none."""
    sample, number = us_crm(), "139" + "1234" + "5678"
    spoilt = sample.content.replace(b"C-50003,", b",").replace(b"03/04/2025 12:21 PM", f"call {number}".encode(), 1)
    upload(monkeypatch, sample.file_name, spoilt)
    at = open_view(one_row_home, "quality", lang, "engineer", view="intake")
    assert t("intake.landing", lang, n="58", rows="60") in shown(at)
    assert t("intake.refused", lang, n="2", flagged="0") in shown(at)
    landed, refused = (d.value for d in at.dataframe[-2:])
    reasons = [getattr(rule_name(rule), lang) for rule in ("required_missing", "not_readable")]
    assert list(refused["row_no"]) == [4, 5] and list(refused["rule"]) == reasons
    assert list(refused["action"]) == [t("quality.action_reject", lang)] * 2 and all(refused["cure"])
    assert refused["value_scrubbed"].iloc[1].startswith("call [") and number not in str(refused.values)
    assert not {4, 5} & set(landed["row_no"]) and len(landed) == 58
    [area] = at.text_area
    assert 'table = "ticket"' in area.value
    name = f"kept_{lang}"
    lines = [f'name = "{name}"' if line.startswith("name = ") else line for line in area.value.split("\n")]
    area.set_value("\n".join(lines)).run()
    next(b for b in at.button if b.key == "intake_save").click().run()
    assert (one_row_home / "contracts" / f"{name}.toml").exists(), shown(at)
    assert t("intake.saved_listed", lang, name=name) in shown(at)
    assert name in load_workspace(one_row_home).settings.sources
    assert [n for n in ("owner", "licence") if n in shown(at)] == ["owner", "licence"]
    next(b for b in at.button if b.key == "intake_save").click().run()
    assert f"{name}.toml" in "\n".join(str(e.value) for e in at.error)


def test_questions_and_faults_are_sentences(
    open_view: OpenView, one_row_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sample = undecidable()
    upload(monkeypatch, sample.file_name, sample.content)
    at = open_view(one_row_home, "quality", "en", "engineer", view="intake")
    assert any("day first or month first" in str(w.value) for w in at.warning)
    at.text_area[0].set_value("name = ").run()
    assert any("TOML" in str(e.value) for e in at.error) and not at.exception
    upload(monkeypatch, "empty.csv", b"")
    assert "empty" in shown(open_view(one_row_home, "quality", "en", "engineer", view="intake"))


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("../../../etc/passwd", "passwd"),
        ("..\\..\\secret.key", "secret.key"),
        ("..", "file"),
        ("", "file"),
        ("/", "file"),
        ("a\0b\n.csv", "ab.csv"),
        ("\u4e2d" * 300 + ".csv", "\u4e2d" * 56 + ".csv"),
        ("工单_202503.csv", "工单_202503.csv"),
    ],
)
def test_a_hostile_name_leads_nowhere(told: str, kept: str, tmp_path: Path) -> None:
    assert file_name(told) == kept
    (tmp_path / kept).touch()
    assert [p.name for p in tmp_path.iterdir()] == [kept]


def test_what_was_tried_out_is_noted(
    open_view: OpenView, one_row_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{tmp_path / 'ops.db'}")
    monkeypatch.setenv("LOOKOUT_DEMO_TRAIL", "on")
    store = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")
    number = "139" + "1234" + "5678"
    upload(monkeypatch, f"../../{number}.csv", b"a,b\n1,2\n")
    shown(open_view(one_row_home, "quality", "en", "engineer", view="intake"))
    [row] = audit.search(store, kinds=["deed"])[0]
    told = json.loads(row["detail_json"])
    assert (row["subject"], told["bytes"], told["odd_name"]) == ("a file tried out", 8, True)
    assert number not in row["detail_json"]
