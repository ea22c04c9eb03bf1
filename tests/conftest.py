"""What tests of several layers share: one demo city per run. Hand-made little homes are in `warehouse/conftest.py`."""

from __future__ import annotations

import contextlib
import fcntl
import gc
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from tests.effort import QUICK
from tests.postgres import postgres as postgres
from tests.sharing import shared_folder

ROOT = Path(__file__).parent.parent
READY, WARNED = "LOOKOUT_TEST_DEMO_HOME", "LOOKOUT_TEST_WARNED_STORE"
# The demo city is read by many tests at once: their views leave no trail in it. Has no effect where people sign in.
os.environ.setdefault("LOOKOUT_DEMO_TRAIL", "off")
# How long an example of a property takes says how busy the machine is.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")
# Tests that run while the city is being made, then the longest chain of tests, which one worker runs alone.
FIRST, THEN = ("etl", "deploy", "test_house.py", "test_layers.py"), ("browser",)
# Rules whose 26 weeks are replayed in a moment; the others begin two weeks before the end.
HANDLED = ("RC05", "RC07", "RC08", "RS10", "RT01", "RT02", "RB01")


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A LOOKOUT_HOME with the demo city generated, loaded and built. To be read only; copy it before changing it.

    It is made (half a minute) beside the first tests, see `Ahead`; who asks for it waits until it is done.
    `LOOKOUT_TEST_DEMO_HOME` names one that is there already.
    """
    ready = os.environ.get(READY)
    if ready:
        return Path(ready)
    return _city(shared_folder(tmp_path_factory) / "demo-city")


@pytest.fixture(scope="session")
def twin_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same city with nothing planted, likewise; `LOOKOUT_TEST_TWIN_HOME` names one that is there."""
    ready = os.environ.get("LOOKOUT_TEST_TWIN_HOME")
    if ready:
        return Path(ready)
    return _city(shared_folder(tmp_path_factory) / "twin-city", "--twin")


@pytest.fixture(scope="session")
def warned_store(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with what the sending rules find in the demo city, and what people did about some. Copy it to change it.

    Made once for all workers, as the city itself; `LOOKOUT_TEST_WARNED_STORE` names one that is there already.
    """
    if os.environ.get(WARNED):
        return Path(os.environ[WARNED])
    from alerts import history, live
    from alerts.sources import Release, rules_of
    from etl.demo.actions import plan_actions
    from etl.demo.operations import RECORDED_SEED, write_operations
    from etl.demo.rng import Streams
    from warehouse import ops
    from warehouse.home import Home

    folder = shared_folder(tmp_path_factory)
    made, ready = folder / "warned.db", folder / "warned.ready"
    with (folder / "warned.lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not ready.exists():
            home, streams = Home(demo_home), Streams(RECORDED_SEED)
            write_operations(streams, folder, plan_actions(streams))
            records = history.read(folder / "运营历史_预警处置.csv")
            release, kept = Release.current(home), ops.open_ops(f"sqlite:///{made}")
            rules = {i: r for i, r in rules_of(home).items() if r.standing == "sending" or i in ("RN01", "RS12")}
            replayed = [r for r in records if r.rule_id in HANDLED]
            assert history.bring_in(kept, release, rules, replayed, release.as_of).faults == {}
            assert live.run(kept, release, rules, release.as_of).faults == {}
            with kept.connect() as con:
                con.exec_driver_sql("pragma wal_checkpoint(truncate)")
            kept.dispose()
            ready.touch()
    return made


def pytest_configure(config: pytest.Config) -> None:
    if "not deep" in config.option.markexpr:
        os.environ[QUICK] = "1"


def pytest_itemcollected(item: pytest.Item) -> None:
    """One worker for all tests that share a fixture of their module, so that it is made once."""
    if not isinstance(item, pytest.Function) or item.get_closest_marker("xdist_group"):
        return
    found = item.session._fixturemanager
    kinds = {d.scope for name in item.fixturenames for d in (found.getfixturedefs(name, item) or ())[-1:]}
    if {"issue", "issue_of"} & set(item.fixturenames) and item.path.parent.name == "review":
        item.add_marker(pytest.mark.xdist_group("issue"))  # a whole review of the demo city, made in half a minute
    elif kinds & {"module", "class"}:
        item.add_marker(pytest.mark.xdist_group(str(item.path.relative_to(ROOT))))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that need no demo city first, so that nobody waits for it."""

    def turn(item: pytest.Item) -> int:
        part = item.path.relative_to(ROOT / "tests").parts[0]
        return 1 if part in THEN else 0 if part in FIRST and not _needs_city(item) else 2

    items.sort(key=turn)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start making the demo city, in the first worker."""
    # Half a million objects of what was collected stay to the end: to look for garbage among them took a tenth of all.
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 100)
    if os.environ.get("PYTEST_XDIST_WORKER", "gw0") != "gw0" or READY in os.environ:
        return
    if not session.config.option.collectonly and any(_needs_city(item) for item in session.items):
        session.config.stash[AHEAD] = Ahead(session.config._tmp_path_factory)  # type: ignore[attr-defined]


def pytest_unconfigure(config: pytest.Config) -> None:
    ahead = config.stash.get(AHEAD, None)
    if ahead:
        ahead.stop()


def _needs_city(item: pytest.Item) -> bool:
    return "demo_home" in getattr(item, "fixturenames", ())


class Ahead:
    """The demo city being made beside the tests. Should it fail, the first test that needs it makes it again and says
    why it cannot."""

    def __init__(self, factory: pytest.TempPathFactory) -> None:
        self.home = shared_folder(factory) / "demo-city"
        self.environment = dict(os.environ)  # before tests set variables of their own
        self.running: subprocess.Popen[str] | None = None
        self.is_stopped = False
        self.thread = threading.Thread(target=self._make, daemon=True)
        self.thread.start()

    def _make(self) -> None:
        with contextlib.suppress(AssertionError):
            _city(self.home, run=self._command)

    def _command(self, home: Path, *arguments: str, allowed: tuple[int, ...] = (0,)) -> None:
        assert not self.is_stopped
        environment = {**self.environment, "LOOKOUT_HOME": str(home)}
        quiet = subprocess.DEVNULL
        self.running = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=ROOT, env=environment, stdout=quiet, stderr=quiet, text=True
        )
        assert self.running.wait() in allowed

    def stop(self) -> None:
        """End it, so that a run that was broken off leaves nothing behind."""
        self.is_stopped = True
        if self.running and self.running.poll() is None:
            self.running.kill()
        self.thread.join(timeout=10)


AHEAD = pytest.StashKey[Ahead]()


def _city(home: Path, *options: str, run: Callable[..., object] | None = None) -> Path:
    run = run or command
    done = home / ".tests-ready"
    home.parent.mkdir(parents=True, exist_ok=True)
    with home.with_suffix(".lock").open("w") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if not done.exists():
            shutil.rmtree(home, ignore_errors=True)  # what somebody began who was stopped
            run(home, "etl", "init", "demo")
            run(home, "etl", "demo", "--out", str(home), *options)
            run(home, "etl", "load", allowed=(0, 3))
            run(home, "warehouse", "build")
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
