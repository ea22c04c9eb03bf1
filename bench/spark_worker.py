"""A worker of a small Spark cluster killed while it builds: does the release say what DuckDB's says?

The cluster is `deploy/spark-loopback.sh`'s; the build is of a quarter of the tables, on a copy of a home, and published
there. Nobody looks at that copy.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from bench.measure import ROOT, run
from bench.postgres import free_port
from warehouse.home import Home
from warehouse.release import Releases

# The command with some tables only: Spark spends about a second on each, and all of them take it half an hour here.
BUILD = ["-m", "tests.warehouse.engines.part_of_build", "build", "--full"]
KILLED_AT = ["facts", "fact_ticket_event"]
SMALL = '\n[spark.settings]\n"spark.executor.memory" = "700m"\n"spark.sql.shuffle.partitions" = "2"\n'


class NoSpark(RuntimeError):
    """Spark is not there to be killed; the message says what is missing."""


def killed(home: Path, work: Path) -> str:
    """What is lost. Raises `NoSpark`."""
    if importlib.util.find_spec("pyspark") is None:
        raise NoSpark("pyspark is not installed (make test-spark brings it)")
    if shutil.which("java") is None:
        raise NoSpark("Java 17 is not installed (deploy/ensure-java.sh)")
    aside, cluster = work / "spark-home", work / "spark-cluster"
    shutil.copytree(home, aside, symlinks=True)
    cluster.mkdir(exist_ok=True)
    own = {"LOOKOUT_HOME": str(aside), "SPARK_LOCAL_IP": "127.0.0.1"}
    port = str(free_port())
    script = {**os.environ, "PY": sys.executable, "FOLDER": str(cluster), "PORT": port}
    releases = Releases(Home(aside).releases)
    try:
        run(BUILD, own)
        first = str(releases.current())
        with (aside / "workspace.toml").open("a", encoding="utf-8") as file:
            file.write(SMALL)
        _script("up", script, cluster)
        is_killed, said = False, list[str]()
        build = subprocess.Popen(
            [sys.executable, *BUILD, "--engine", f"spark://127.0.0.1:{port}"],
            cwd=ROOT, env={**os.environ, **own}, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        try:
            assert build.stdout is not None
            for line in build.stdout:
                said.append(line)
                if line.split() == KILLED_AT:
                    _script("kill-worker", script, cluster)
                    is_killed = True
            code = build.wait()
        finally:
            build.kill()
        if code:
            return f"the build ended with {code}: {''.join(said[-3:]).strip()}"
        if not is_killed:
            return "the build had ended before a worker was killed"
        pair = [releases.info(name)["content_hash"] for name in (first, str(releases.current()))]
        return "nothing" if pair[0] == pair[1] else "the release says something else than DuckDB's"
    finally:
        _script("down", script, cluster)
        shutil.rmtree(aside, ignore_errors=True)


def _script(verb: str, env: dict[str, str], folder: Path) -> None:
    with (folder / f"{verb}.said").open("w+", encoding="utf-8") as said:  # a pipe would stay open in what is started
        command = [str(ROOT / "deploy" / "spark-loopback.sh"), verb]
        done = subprocess.run(command, env=env, stdout=said, stderr=subprocess.STDOUT, check=False)
        said.seek(0)
        if done.returncode:
            raise NoSpark(f"spark-loopback.sh {verb}: {said.read().strip()[-300:]}")
