"""Builds on Spark as a command: on a crowded machine they take longer than any other command of a test may."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT

PATIENCE_S = 3600.0


def built(home: Path, *arguments: str) -> None:
    env = {**os.environ, "LOOKOUT_HOME": str(home)}
    command = [sys.executable, "-m", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=env, text=True, capture_output=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 0, f"{arguments} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr}"
