"""From a file that was found back to who took it: whole, cut, with or without the line that everybody sees."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from warehouse import audit, ops, tracing
from warehouse.__main__ import main
from warehouse.audit import Event
from warehouse.watermark import csv_text

AT = datetime(2025, 4, 1)
MINE, OTHER = "a5c39f0e17d2", "0123456789ab"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    return ops.open_ops(url)


def file(store: sa.Engine, who: str, mark: str) -> bytes:
    lines = [["ticket", "hours"], *[[f"T{n}", n * 7] for n in range(60)], [f"internal, {who}, {mark}"]]
    content = csv_text(lines, mark).encode("utf-8-sig")
    detail = {"sha256": hashlib.sha256(content).hexdigest(), "mark": mark, "approved_by": "li"}
    audit.record(store, Event("export_taken", who, "analyst", "due.csv", detail, 60), AT)
    return content


def test_who_took_it_is_known_however_it_was_cut(store, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = file(store, "mei", MINE)
    file(store, "wu", OTHER)
    rows = whole.decode("utf-8-sig").splitlines()
    saved = "\n".join(rows).replace('"', "")
    cases = {"hash": whole, "mark": "\r\n".join(rows[:-1]).encode(), "line": saved.encode()}
    for how, content in cases.items():
        [one] = tracing.taken(store, content)
        assert (one.how, one.actor) == (how, "mei")
    assert tracing.taken(store, saved.rpartition("\n")[0].encode()) == [], "saved anew and without its line"
    for other in (b"", b"a,b\r\n1,2\r\n", b"\xff\xfe\x00PK"):
        assert tracing.taken(store, other) == []
    found = tmp_path / "found.csv"
    found.write_bytes(cases["mark"])
    assert main(["audit", "file", str(found)]) == 0
    told = capsys.readouterr().out
    assert "mei (analyst)  due.csv, 60 rows, approved by li" in told and MINE in told
    assert main(["audit", "file", str(tmp_path / "none.csv")]) == 1
