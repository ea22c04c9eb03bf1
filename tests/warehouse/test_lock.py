from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from warehouse.lock import writer_lock
from warehouse.problems import Failure

AT = datetime(2024, 4, 1, 8)
HOLD = """
import sys, time
from datetime import datetime
from pathlib import Path
from warehouse.lock import writer_lock
with writer_lock(Path(sys.argv[1]), "etl load", datetime(2024, 4, 1, 8)):
    print("held", flush=True)
    time.sleep(60)
"""


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    with writer_lock(tmp_path, "etl load", AT):
        with pytest.raises(Failure) as caught, writer_lock(tmp_path, "warehouse build", AT):
            pass
        assert str(caught.value) == (
            f"{tmp_path}/writer.lock: process {os.getpid()} (etl load, since 2024-04-01T08:00:00) is at work here; "
            "wait until it has finished, or stop it."
        )
    with writer_lock(tmp_path, "warehouse build", AT):
        assert '"task": "warehouse build"' in (tmp_path / "writer.lock").read_text()


def test_the_lock_of_a_killed_process_is_free_at_once(tmp_path: Path) -> None:
    checkout = Path(__file__).parents[2]
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], cwd=checkout, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout is not None and holder.stdout.readline() == "held\n"
    with pytest.raises(Failure, match=f"process {holder.pid}"), writer_lock(tmp_path, "etl load", AT):
        pass
    holder.kill()
    holder.communicate(timeout=10)
    with writer_lock(tmp_path, "etl load", AT):
        pass


@pytest.mark.parametrize("text", ["", "not json", "[]", '{"pid": 1}'])
def test_an_unreadable_owner_is_another_process(tmp_path: Path, text: str) -> None:
    with writer_lock(tmp_path, "etl load", AT):
        (tmp_path / "writer.lock").write_text(text)
        with pytest.raises(Failure, match="another process is at work here"), writer_lock(tmp_path, "x", AT):
            pass


def test_the_lock_is_let_go_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError), writer_lock(tmp_path, "etl load", AT):
        raise ValueError
    with writer_lock(tmp_path, "etl load", AT):
        pass
