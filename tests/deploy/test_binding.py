"""The program itself, started as one would start it: where others could reach it, it does not without sign-in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.deep  # a program of its own each time


def started(home: Path, address: str, **settings: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "LOOKOUT_HOME": str(home), **settings}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", "0", "--server.address", address]
    told = {"cwd": ROOT, "env": environment, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    return subprocess.Popen(command, text=True, **told)  # type: ignore[call-overload,no-any-return]


@pytest.mark.parametrize("address", ["0.0.0.0", "::"])
def test_another_address_without_sign_in_is_refused_with_the_reason(tmp_path: Path, address: str) -> None:
    running = started(tmp_path, address, LOOKOUT_SIGN_IN="none")
    try:
        said, _ = running.communicate(timeout=60)
    finally:
        running.kill()
    assert running.returncode != 0
    assert f"does not serve {address} without sign-in" in said and "LOOKOUT_SIGN_IN" in said
    assert "Traceback" not in said, "a sentence, no stack"


def test_with_sign_in_it_is_served(tmp_path: Path) -> None:
    running = started(tmp_path, "0.0.0.0", LOOKOUT_SIGN_IN="local")
    try:
        with pytest.raises(subprocess.TimeoutExpired):
            running.communicate(timeout=8)
    finally:
        running.kill()
        running.communicate()
