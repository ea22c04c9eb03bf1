"""What is settled in files leaves a row when it changed: who, what it was and is, when."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from warehouse import audit, ops, settled
from warehouse.home import Home

AT = datetime(2025, 3, 31, 8)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    for name in ("workspace.toml", "rules/own.toml", "contracts/mine.toml"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("[x]\nversion = 1\n", encoding="utf-8")
    return Home(tmp_path)


@pytest.fixture
def store(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_first_all_then_what_changed(home: Home, store: sa.Engine) -> None:
    everything = ["contracts/mine.toml", "policies.toml", "rules/own.toml", "workspace.toml"]
    assert settled.note(store, settled.files(home), "root", AT) == everything
    assert settled.note(store, settled.files(home), "root", AT) == [], "the same once more is no news"
    home.workspace_file.write_text("[x]\nversion = 2\n", encoding="utf-8")
    later = AT + timedelta(days=1)
    assert settled.note(store, settled.files(home), "eve", later) == ["workspace.toml"]
    row = audit.search(store)[0][0]
    assert (row["kind"], row["actor"], row["subject"], row["happened_at"]) == ("policy", "eve", "workspace.toml", later)
    assert json.loads(row["detail_json"]) == {
        "old": digest("[x]\nversion = 1\n"), "new": digest("[x]\nversion = 2\n"), "bytes": 16,
        "versions": {"x": "2"}, "old_versions": {"x": "1"},
    }  # fmt: skip
    assert audit.verify(store).fault is None


def test_a_file_taken_away_and_put_back(home: Home, store: sa.Engine) -> None:
    settled.note(store, settled.files(home), "root", AT)
    (home.root / "rules" / "own.toml").unlink()
    assert settled.note(store, settled.files(home), "root", AT) == ["rules/own.toml"]
    assert json.loads(audit.search(store)[0][0]["detail_json"])["new"] is None
    assert settled.note(store, settled.files(home), "root", AT) == []
    (home.root / "rules" / "own.toml").write_text("[x]\nversion = 1\n", encoding="utf-8")
    assert settled.note(store, settled.files(home), "root", AT) == ["rules/own.toml"]


def test_what_another_command_looks_at_is_not_gone(home: Home, store: sa.Engine) -> None:
    shipped = {"shipped rules/data.toml": home.workspace_file}
    settled.note(store, settled.files(home) | shipped, "root", AT, (*settled.FOLDERS, "shipped rules"))
    assert settled.note(store, settled.files(home), "root", AT) == []
    assert settled.note(store, settled.files(home), "root", AT, (*settled.FOLDERS, "shipped rules")) == [*shipped]


def test_a_file_that_is_no_toml_is_noted_by_its_digest(home: Home, store: sa.Engine) -> None:
    home.workspace_file.write_bytes(b"\xff\x00 = [")
    settled.note(store, settled.files(home), "root", AT)
    rows = {r["subject"]: json.loads(r["detail_json"]) for r in audit.search(store)[0]}
    assert rows["workspace.toml"]["new"] == hashlib.sha256(b"\xff\x00 = [").hexdigest()


def test_without_a_store_nothing_is_made(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LOOKOUT_OPS_URL", raising=False)
    assert ops.existing_ops(home) is None
    assert settled.note(None, settled.files(home), "root", AT) == []
    assert not (home.root / "ops.db").exists()


def test_who_is_asked_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("USER", "somebody else")
    monkeypatch.setenv("LOGNAME", "somebody else")
    assert settled.operator() == f"command line: {pwd.getpwuid(os.getuid()).pw_name}"
