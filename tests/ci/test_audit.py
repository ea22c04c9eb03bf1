"""CI fails for a known fault of a package, and for nothing else: not offline, not slow, not for an answer cut short."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
FAULT = {"id": "PYSEC-2026-1", "aliases": ["CVE-2026-1"], "fix_versions": ["2.0"], "description": "x"}
GOOD = {"dependencies": [{"name": "a", "version": "1.0", "vulns": []}, {"name": "b", "skip_reason": "not found"}]}
BAD = {"dependencies": [*GOOD["dependencies"], {"name": "c", "version": "1.1", "vulns": [FAULT]}]}


@pytest.fixture
def audit() -> ModuleType:
    made = importlib.util.spec_from_file_location("ci_audit", ROOT / ".ci" / "audit.py")
    assert made is not None and made.loader is not None
    module = importlib.util.module_from_spec(made)
    made.loader.exec_module(module)
    return module


def tool(folder: Path, answer: str | None, code: int, more: str = "") -> list[str]:
    """A stand-in for pip-audit that writes an answer where it is told to, and ends with a code."""
    lines = ["import sys, time", more]
    if answer is not None:
        lines.append(f"open(sys.argv[sys.argv.index('--output') + 1], 'w').write({answer!r})")
    lines += ["print('first', file=sys.stderr)", "print('last words', file=sys.stderr)", f"sys.exit({code})"]
    script = folder / "tool.py"
    script.write_text("\n".join(lines), encoding="utf-8")
    return [sys.executable, "-I", "-S", str(script)]


def test_a_known_fault_fails_and_is_named(audit: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(tool(tmp_path, json.dumps(BAD), 1), known=tmp_path / "none") == 1
    said = capsys.readouterr().out
    assert "c 1.1: PYSEC-2026-1, mended in 2.0" in said and "3 packages, 1 known faults" in said


def test_no_fault_passes(audit: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert audit.main(tool(tmp_path, json.dumps(GOOD), 0)) == 0
    assert "2 packages, 0 known faults" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["PYSEC-2026-1", "CVE-2026-1"])
def test_an_accepted_fault_passes_with_a_reason_only(audit: Any, tmp_path: Path, name: str) -> None:
    known, command = tmp_path / "known.txt", tool(tmp_path, json.dumps(BAD), 1)
    known.write_text(f"# faults\n{name} the code in question is never called\n", encoding="utf-8")
    assert audit.main(command, known=known) == 0
    known.write_text(f"{name}\n", encoding="utf-8")
    assert audit.main(command, known=known) == 1


@pytest.mark.parametrize(
    ("answer", "code", "more", "said"),
    [
        (None, 1, "", "last words"),
        ('{"dependencies": [{"na', 1, "", "last words"),
        ("[]", 1, "", "cannot be read"),
        (None, 0, "time.sleep(30)", "no answer within"),
    ],
    ids=["offline", "cut short", "other", "slow"],
)
def test_without_a_list_of_faults_nothing_fails(
    audit: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str | None, code: int, more: str, said: str
) -> None:
    assert audit.main(tool(tmp_path, answer, code, more), most_s=0.2 if more else 20.0) == 0
    assert said in capsys.readouterr().out
    assert audit.main([str(tmp_path / "no such program")]) == 0


@pytest.mark.parametrize(("passes", "then"), [(True, ["test", "audit"]), (False, ["test"])])
def test_the_audit_comes_after_the_tests_and_only_where_they_passed(
    tmp_path: Path, passes: bool, then: list[str]
) -> None:
    make, log = tmp_path / "make", tmp_path / "log"
    make.write_text(f'#!/bin/sh\nfor last; do :; done\necho "$last" >> {log}\n{"true" if passes else "exit 2"}\n')
    make.chmod(0o755)
    done = subprocess.run([str(ROOT / ".ci" / "run")], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, check=False)
    assert (done.returncode == 0) is passes
    assert log.read_text().split() == then
