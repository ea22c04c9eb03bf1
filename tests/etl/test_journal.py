from __future__ import annotations

from datetime import datetime
from pathlib import Path

from etl import journal
from etl.journal import Journal
from tests.etl.small import phone

AT = datetime(2025, 3, 31, 8, 30)


def test_the_newest_of_a_kind_is_found(tmp_path: Path) -> None:
    log = Journal(tmp_path / "logs")
    assert log.last("run") is None
    for n, command in enumerate(["load", "build", "load"]):
        log.write(AT, "run", command=command, n=n)
    assert log.last("run", command="build")["n"] == 1  # type: ignore[index]
    assert log.last("run")["n"] == 2  # type: ignore[index]
    assert log.last("run", command="pull") is None


def test_numbers_do_not_reach_the_log(tmp_path: Path) -> None:
    log = Journal(tmp_path)
    log.write(AT, "run", said=f"工单_{phone(3)}.csv failed")
    assert phone(3) not in log.path.read_text(encoding="utf-8")
    assert log.path.stat().st_mode & 0o077 == 0


def test_a_line_cut_by_a_crash_is_passed_over(tmp_path: Path) -> None:
    log = Journal(tmp_path)
    log.write(AT, "run", n=1)
    with log.path.open("a") as handle:
        handle.write('{"at": "2025')
    assert log.last("run")["n"] == 1  # type: ignore[index]


def test_old_files_make_room(tmp_path: Path, monkeypatch: object) -> None:
    monkeypatch.setattr(journal, "LARGEST_BYTES", 500)  # type: ignore[attr-defined]
    log = Journal(tmp_path)
    for n in range(60):
        log.write(AT, "run", n=n)
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == ["etl.1.jsonl", "etl.2.jsonl", "etl.3.jsonl", "etl.4.jsonl", "etl.jsonl"]
    assert log.last("run")["n"] == 59  # type: ignore[index]
