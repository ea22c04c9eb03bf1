"""A PostgreSQL server of one's own: made for a trial or for tests, on a port of the loopback, thrown away behind it."""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USER = "lookout"


class NotHere(RuntimeError):
    """PostgreSQL's programs, or a user who may run them, are missing; the message says what to do."""


@dataclass
class Server:
    """A running cluster. `password` was made for it. With `is_safe` it waits for the disk, as in earnest."""

    binaries: Path
    folder: Path
    port: int
    password: str
    is_safe: bool = False

    def url(self, user: str = USER, password: str | None = None, database: str = "postgres", port: int = 0) -> str:
        return f"postgresql://{user}:{password or self.password}@127.0.0.1:{port or self.port}/{database}"

    def run(self, *statements: str) -> None:
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as con:
            for statement in statements:
                con.execute(statement.encode())

    def backends(self, name: str = "lookout pull") -> list[int]:
        """Process ids of the sessions of this name."""
        import psycopg

        with psycopg.connect(self.url(), autocommit=True) as con:
            found = con.execute("select pid from pg_stat_activity where application_name = %s", [name]).fetchall()
        return [pid for (pid,) in found]

    def control(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return as_other([str(self.binaries / "pg_ctl"), "-D", str(self.folder / "data"), *arguments])

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -k {self.folder} -c max_connections=40"
        options += "" if self.is_safe else " -c fsync=off"
        started = self.control("-w", "-t", "60", "-l", str(self.folder / "log"), "-o", options, "start")
        if started.returncode:
            raise NotHere(f"PostgreSQL did not start: {started.stdout}{(self.folder / 'log').read_text()[-2000:]}")

    def stop(self) -> None:
        self.control("-m", "immediate", "stop")

    def kill(self) -> None:
        """As when the power of its machine goes: no process of it gets to end anything."""
        postmaster = int((self.folder / "data" / "postmaster.pid").read_text().split()[0])
        for pid in (postmaster, *_children(postmaster)):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


@contextmanager
def running(is_safe: bool = False) -> Iterator[Server]:
    """A new server. Raises `NotHere` where none can be run."""
    place, user = binaries(), owner()
    if place is None:
        raise NotHere("PostgreSQL is not installed (apt-get install postgresql)")
    if user is None:
        raise NotHere("PostgreSQL does not run as root, and there is no user postgres or nobody")
    folder = Path(tempfile.mkdtemp(prefix="lookout-pg-", dir="/tmp"))
    made = Server(place, folder, free_port(), secrets.token_urlsafe(12), is_safe)
    try:
        if os.geteuid() == 0:
            os.chown(folder, user.pw_uid, user.pw_gid)
        word = folder / "password"
        word.write_text(made.password)
        word.chmod(0o644)  # the folder itself lets only its owner in
        told = ["-U", USER, "--pwfile", str(word), "-A", "scram-sha-256", "-E", "UTF8", "--locale=C", "-N"]
        set_up = as_other([str(place / "initdb"), "-D", str(folder / "data"), *told])
        if set_up.returncode:
            raise NotHere(f"initdb failed: {set_up.stdout[-2000:]}")
        made.start()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder, ignore_errors=True)


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
    """Run as `owner`; what it said on both ways is `stderr` and `stdout` alike."""
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
        text = said.read()
        return subprocess.CompletedProcess(command, ended.returncode, text, text)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _children(pid: int) -> list[int]:
    """Processes that one of ours started; Linux alone tells."""
    found = []
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError, IndexError):
            if int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(entry.name))
    return found
