"""A real cluster on the loopback (deploy/spark-loopback.sh): the release it makes, with a worker killed on the way."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import duckdb
import pytest

from tests.conftest import ROOT, command
from tests.warehouse.conftest import AS_OF, LittleHome, kpi, new_home, ticket
from tests.warehouse.engines.part_of_build import TABLES
from tests.warehouse.engines.patience import built
from tests.warehouse.partial import only
from warehouse.catalog import models

pytestmark = pytest.mark.spark
# The command with a quarter of the tables, as each costs Spark about a second; `test_spark.py` holds all of them.
BUILD = ("tests.warehouse.engines.part_of_build", "build", "--full")
# Two executors of one core; the many small tables of a small home need no more than two parts.
SMALL = '[spark.settings]\n"spark.executor.memory" = "700m"\n"spark.sql.shuffle.partitions" = "2"\n'


@dataclass(frozen=True)
class Cluster:
    folder: Path
    port: int
    connect_port: int

    def do(self, verb: str) -> str:
        own = {"FOLDER": str(self.folder), "PORT": str(self.port), "CONNECT_PORT": str(self.connect_port)}
        env = {**os.environ, **own, "PY": sys.executable, "EXECUTOR_MEMORY": "700m"}
        script = [str(ROOT / "deploy" / "spark-loopback.sh"), verb]
        with (self.folder / "said").open("w+") as said:  # a pipe would stay open in what the script starts
            done = subprocess.run(script, env=env, stdout=said, stderr=subprocess.STDOUT, timeout=300)
            said.seek(0)
            text = said.read().strip()
        assert done.returncode == 0, text
        return text

    def log(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    pytest.importorskip("pyspark")
    with socket.socket() as one, socket.socket() as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        made = Cluster(tmp_path / "cluster", one.getsockname()[1], other.getsockname()[1])
    made.folder.mkdir()
    try:
        made.do("up")
        yield made
    finally:
        made.do("down")


@pytest.fixture
def little(tmp_path: Path) -> LittleHome:
    """A home with tickets, logs and counters, built by DuckDB."""
    made = new_home(tmp_path / "home")
    begun = AS_OF - timedelta(days=20)
    made.load("ticket", [ticket(n, begun + timedelta(hours=n), cust_key=f"k{n // 2}") for n in range(200)])
    steps = [(n, seq, event) for n in range(200) for seq, event in enumerate(("ACP", "DSP", "RES")[: 1 + n % 3])]
    at = {n: begun + timedelta(hours=n) for n in range(200)}
    made.load("ticket_event", [{"ticket_id": f"T{n}", "seq": s, "event": e, "event_at": at[n]} for n, s, e in steps])
    made.load("cell_kpi_1d", [kpi(f"cell{n % 5}", AS_OF - timedelta(days=n % 9)) for n in range(60)])
    command(made.home.root, *BUILD)
    return made


def point_at(little: LittleHome, address: str) -> None:
    """The one line that moves builds, and what a very small machine needs besides."""
    file = little.home.root / "workspace.toml"
    file.write_text(f'engine = "{address}"\n{file.read_text(encoding="utf-8")}\n{SMALL}', encoding="utf-8")


def rows(little: LittleHome, release: str) -> dict[str, list[tuple[object, ...]]]:
    with duckdb.connect(str(little.releases.path(release)), read_only=True) as con:
        return {table: con.table(table).order("all").fetchall() for table in PUBLISHED}


def published() -> list[str]:
    with only(TABLES):
        return sorted(name for name, model in models().items() if model.is_published)


PUBLISHED = published()


def assert_same_release(little: LittleHome, first: str) -> None:
    second = little.releases.current()
    assert second not in (None, first)
    one, other = rows(little, first), rows(little, str(second))
    assert [table for table in PUBLISHED if one[table] != other[table]] == []
    assert one["mart_ticket"] and one["fact_cell_kpi_1d"]
    hashes = {little.releases.info(str(name))["content_hash"] for name in (first, second)}
    assert len(hashes) == 1
    assert not (little.home.scratch / "lookout-spark").exists()


def test_a_worker_may_die(little: LittleHome, cluster: Cluster) -> None:
    first = str(little.releases.current())
    point_at(little, f"spark://127.0.0.1:{cluster.port}")
    env = {**os.environ, "LOOKOUT_HOME": str(little.home.root), "SPARK_LOCAL_IP": "127.0.0.1"}
    said: list[str] = []
    build = subprocess.Popen(
        [sys.executable, "-m", *BUILD],
        cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip
    assert build.stdout is not None
    try:
        for line in build.stdout:
            said.append(line)
            if line.split() == ["facts", "fact_ticket_event"]:
                cluster.do("kill-worker")
        assert build.wait() == 0, "".join(said[-20:])
    finally:
        build.kill()
    assert "Registered app lookout" in cluster.log("master")
    assert "Removing worker" in cluster.log("master")
    assert "Asked to launch executor" in cluster.log("worker1")
    assert_same_release(little, first)


def test_through_spark_connect(little: LittleHome, cluster: Cluster) -> None:
    pytest.importorskip("grpc_status")
    first = str(little.releases.current())
    point_at(little, cluster.do("connect"))
    built(little.home.root, *BUILD)
    assert "Registered app lookout-connect" in cluster.log("master")
    assert_same_release(little, first)


def test_what_came_since_is_added_without_the_cluster(little: LittleHome) -> None:
    """Nothing answers at this address, and nothing has to: a release that stands is added to here."""
    point_at(little, "spark://127.0.0.1:1")
    first = str(little.releases.current())
    command(little.home.root, *BUILD[:-1])
    assert little.releases.current() == first


def test_a_cluster_that_does_not_answer_is_a_sentence(little: LittleHome) -> None:
    """A Connect address, as a client of it is told within half a minute; a master is asked for a minute."""
    pytest.importorskip("grpc_status")
    first = little.releases.current()
    point_at(little, "sc://127.0.0.1:1")
    said = command(little.home.root, *BUILD, allowed=(1,)).stderr
    assert "Spark at sc://127.0.0.1:1: " in said
    assert "docs/scale.md" in said
    assert "Traceback" not in said
    assert little.releases.current() == first
