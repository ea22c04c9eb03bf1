"""What tests of several layers share: one demo city per run. Hand-made little homes are in `warehouse/conftest.py`."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LOOKOUT_HOME with the demo city generated, loaded and built. To be read only; copy it before changing it.

    The first worker that asks makes it (about a minute), the others wait and use it too. `LOOKOUT_TEST_DEMO_HOME`
    names one that is there already.
    """
    ready = os.environ.get("LOOKOUT_TEST_DEMO_HOME")
    if ready:
        return Path(ready)
    return _city(_shared_folder(tmp_path_factory) / "demo-city")


@pytest.fixture(scope="session")
def twin_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same city with nothing planted, likewise; `LOOKOUT_TEST_TWIN_HOME` names one that is there."""
    ready = os.environ.get("LOOKOUT_TEST_TWIN_HOME")
    if ready:
        return Path(ready)
    return _city(_shared_folder(tmp_path_factory) / "twin-city", "--twin")


@pytest.fixture(scope="session")
def warned_store(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with what the sending rules find in the demo city, and its earlier register. Copy before changing it.

    Made once for all workers, as the city itself.
    """
    from alerts import live, past
    from alerts.sources import Release, rules_of
    from warehouse import ops
    from warehouse.home import Home

    folder = _shared_folder(tmp_path_factory)
    made, ready = folder / "warned.db", folder / "warned.ready"
    with (folder / "warned.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not ready.exists():
            home = Home(demo_home)
            release, kept = Release.current(home), ops.open_ops(f"sqlite:///{made}")
            wanted = {i: r for i, r in rules_of(home).items() if r.standing == "sending" or i in ("RN01", "RS12")}
            done = live.run(kept, release, wanted, release.as_of)
            assert done.faults == {}
            past.take(kept, release, home.inbox / "运营历史_预警处置.csv")
            with kept.connect() as con:
                con.exec_driver_sql("pragma wal_checkpoint(truncate)")
            kept.dispose()
            ready.touch()
    return made


def _shared_folder(factory: pytest.TempPathFactory) -> Path:
    own = factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


def _city(home: Path, *options: str) -> Path:
    done = home / ".tests-ready"
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not done.exists():
            command(home, "etl", "init", "demo")
            command(home, "etl", "demo", "--out", str(home), *options)
            command(home, "etl", "load", allowed=(0, 3))
            command(home, "warehouse", "build")
            done.touch()
    return home


def command(home: Path, *arguments: str, allowed: tuple[int, ...] = (0,)) -> subprocess.CompletedProcess[str]:
    """Run `python -m ...` on a home; fails the test with what it said when the exit code is not an allowed one."""
    environment = {**os.environ, "LOOKOUT_HOME": str(home)}
    done = subprocess.run(
        [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600
    )
    assert done.returncode in allowed, f"{arguments} ended with {done.returncode}\n{done.stdout[-2000:]}{done.stderr}"
    return done
