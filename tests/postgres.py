"""A PostgreSQL server of the tests' own: made for the run, on a port of the loopback, thrown away behind it."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

USER = "lookout"


@dataclass
class Server:
    """A running cluster. `password` was made for it."""

    binaries: Path
    folder: Path
    port: int
    password: str

    def url(self, user: str = USER, password: str | None = None, database: str = "postgres", port: int = 0) -> str:
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{port or self.port}/{database}"

    def run(self, *statements: str) -> None:
        with psycopg.connect(self.url(), autocommit=True) as con:
            for statement in statements:
                con.execute(statement.encode())

    def backends(self, name: str = "lookout pull") -> list[int]:
        """Process ids of the sessions of this name."""
        with psycopg.connect(self.url(), autocommit=True) as con:
            found = con.execute("select pid from pg_stat_activity where application_name = %s", [name]).fetchall()
        return [pid for (pid,) in found]

    def control(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return as_other([str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), *arguments])

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c fsync=off -c max_connections=20"
        started = self.control("-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options, "start")
        assert started.returncode == 0, (started.stderr, (self.folder / "log").read_text())

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")


def binaries() -> Path | None:
    """Where `initdb` and `pg_ctl` are: on the path, or where Debian puts them."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((p for p in places if (p / "pg_ctl").exists() and (p / "initdb").exists()), None)


def owner() -> pwd.struct_passwd | None:
    """The server refuses to run as root, so another user does it then; None when there is none."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    for name in ("postgres", "nobody"):
        with suppress(KeyError):
            return pwd.getpwnam(name)
    return None


def as_other(command: list[str]) -> subprocess.CompletedProcess[str]:
    user = owner()
    assert user is not None
    other: dict[str, Any] = {}
    if os.geteuid() == 0:
        other = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    environment = {**os.environ, "LC_ALL": "C", "HOME": "/tmp"}
    # A server inherits its starter's pipes, so output goes to files and not to pipes that would never end.
    with tempfile.TemporaryFile("w+") as said:
        ended = subprocess.run(command, stdout=said, stderr=said, env=environment, cwd="/tmp", check=False, **other)
        said.seek(0)
        return subprocess.CompletedProcess(command, ended.returncode, "", said.read())


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """One server a run; tests ask for databases of their own."""
    place, user = binaries(), owner()
    if place is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    if user is None:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres or nobody")
    folder = Path(tempfile.mkdtemp(prefix="lookout-pg-", dir="/tmp"))
    made = Server(place, folder, free_port(), secrets.token_urlsafe(12))
    try:
        if os.geteuid() == 0:
            os.chown(folder, user.pw_uid, user.pw_gid)
        word = folder / "password"
        word.write_text(made.password)
        word.chmod(0o644)  # the folder itself lets only its owner in
        told = ["-U", USER, "--pwfile", str(word), "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-N"]
        set_up = as_other([str(place / "initdb"), "-D", str(folder / "data"), *told])
        assert set_up.returncode == 0, set_up.stderr
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
