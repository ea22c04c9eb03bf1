"""A fresh little home per test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.etl.small import SmallHome, set_up


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> SmallHome:
    root = tmp_path / "home"
    set_up(root)
    monkeypatch.setenv("LOOKOUT_HOME", str(root))
    monkeypatch.delenv("LOOKOUT_SECRET_FILE", raising=False)
    return SmallHome(root, lambda: capsys.readouterr().out)
