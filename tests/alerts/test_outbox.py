"""Sending: each message once, in order, in the face of dead targets, floods and restarts; real HTTP and SMTP."""

from __future__ import annotations

import json
import socketserver
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alerts.outbox import BACK_OFF_MINUTES, by_apprise, deliver
from tests.alerts.stores import KINDS, empty_store
from warehouse import ops

NOW = datetime(2025, 3, 31, 8, 30)
MINUTE = timedelta(minutes=1)


@pytest.fixture(params=KINDS)
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[sa.Engine]:
    with empty_store(request, tmp_path) as engine:
        yield engine


def put(kept: sa.Engine, n: int, target: str = "care") -> None:
    with ops.writing(kept) as con:
        for k in range(n):
            con.execute(ops.outbox.insert().values(
                message_id=f"{target}{k:03d}", target=target, created_at=NOW + timedelta(seconds=k), title=f"t{k}",
                body="b", state="waiting", n_tries=0, next_try_at=NOW))  # fmt: skip


class Post:
    """A send that remembers, and fails where told to."""

    def __init__(self, dead: str = "") -> None:
        self.got: list[tuple[str, str]] = []
        self.dead = dead

    def __call__(self, address: str, title: str, body: str) -> None:
        if address == self.dead:
            raise ConnectionError(f"{address} is down")
        self.got.append((address, title))


def states(kept: sa.Engine) -> dict[str, tuple[str, int]]:
    with kept.connect() as con:
        return {r.message_id: (r.state, r.n_tries) for r in con.execute(sa.select(ops.outbox))}


def test_each_once_and_in_order(kept: sa.Engine) -> None:
    put(kept, 3)
    post = Post()
    assert deliver(kept, {"care": "a"}, post, lambda: NOW).n_sent == 3
    assert deliver(kept, {"care": "a"}, post, lambda: NOW + MINUTE).n_sent == 0
    assert [t for _, t in post.got] == ["t0", "t1", "t2"]


def test_twenty_a_minute_and_nothing_lost(kept: sa.Engine) -> None:
    put(kept, 50)
    post, rounds = Post(), []
    for k in range(6):
        rounds.append(deliver(kept, {"care": "a"}, post, lambda k=k: NOW + k * 31 * timedelta(seconds=1)).n_sent)
    assert rounds == [20, 0, 20, 0, 10, 0]
    assert [t for _, t in post.got] == [f"t{k}" for k in range(50)]


def test_a_dead_target_does_not_block_another(kept: sa.Engine) -> None:
    put(kept, 3, "dead")
    put(kept, 3, "care")
    post = Post(dead="x")
    done = deliver(kept, {"dead": "x", "care": "a"}, post, lambda: NOW)
    assert (done.n_sent, done.n_failed, done.n_waiting) == (3, 1, 3)
    assert states(kept)["dead000"] == ("waiting", 1) and states(kept)["dead001"] == ("waiting", 0)


def test_it_is_tried_ever_more_rarely_and_never_given_up(kept: sa.Engine) -> None:
    put(kept, 1)
    now, tries = NOW, []
    for _ in range(600):
        if deliver(kept, {"care": "x"}, Post(dead="x"), lambda at=now: at).n_failed:
            tries.append(now)
        now += MINUTE
    pauses = [(b - a) // MINUTE for a, b in zip(tries, tries[1:], strict=False)]
    assert pauses[: len(BACK_OFF_MINUTES)] == list(BACK_OFF_MINUTES) and set(pauses[4:]) == {60}
    post = Post()
    assert deliver(kept, {"care": "a"}, post, lambda: now + 60 * MINUTE).n_sent == 1


def test_a_reason_never_holds_the_address(kept: sa.Engine) -> None:
    put(kept, 1)
    deliver(kept, {"care": "json://secret-token"}, Post(dead="json://secret-token"), lambda: NOW)
    with kept.connect() as con:
        assert con.execute(sa.select(ops.outbox.c.fault)).scalar() == "ConnectionError"


def test_without_an_address_it_waits(kept: sa.Engine) -> None:
    put(kept, 1)
    assert deliver(kept, {}, Post(), lambda: NOW).n_waiting == 1
    with kept.connect() as con:
        assert con.execute(sa.select(ops.outbox.c.fault)).scalar() == "no address: its environment variable is not set"


def test_killed_between_sending_and_marking_only_that_one_comes_again(kept: sa.Engine) -> None:
    put(kept, 3)
    post = Post()

    def killed(address: str, title: str, body: str) -> None:
        post(address, title, body)
        if title == "t1":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        deliver(kept, {"care": "a"}, killed, lambda: NOW)
    deliver(kept, {"care": "a"}, post, lambda: NOW + MINUTE)
    assert [t for _, t in post.got] == ["t0", "t1", "t1", "t2"]


@pytest.fixture
def webhook() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """A local server that takes JSON posts."""
    got: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            got.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(500 if "refuse" in self.path else 200)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{server.server_port}", got
    server.shutdown()


def test_a_real_webhook(kept: sa.Engine, webhook: tuple[str, list[dict[str, Any]]]) -> None:
    host, got = webhook
    put(kept, 2)
    assert deliver(kept, {"care": f"json://{host}/hook"}, by_apprise, lambda: NOW).n_sent == 2
    assert [m["title"] for m in got] == ["t0", "t1"]
    assert got[0]["message"] == "b\n[care000]"


def test_a_webhook_that_refuses(kept: sa.Engine, webhook: tuple[str, list[dict[str, Any]]]) -> None:
    host, _ = webhook
    put(kept, 1)
    assert deliver(kept, {"care": f"json://{host}/refuse"}, by_apprise, lambda: NOW).n_failed == 1


class _Mail(socketserver.StreamRequestHandler):
    """As much of SMTP as a mail needs."""

    def handle(self) -> None:
        self._say("220 here")
        while True:
            word = self.rfile.readline().decode().strip().split(" ")[0].upper()
            if word == "DATA":
                self._say("354 go on")
                lines = []
                while (line := self.rfile.readline().decode()) not in (".\r\n", ""):
                    lines.append(line)
                self.server.got.append("".join(lines))  # type: ignore[attr-defined]
                self._say("250 taken")
            elif word in ("QUIT", ""):
                self._say("221 bye")
                return
            else:
                self._say("250 fine")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


def test_a_real_mail(kept: sa.Engine) -> None:
    from email import message_from_string
    from email.header import decode_header, make_header

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail)
    server.got = []  # type: ignore[attr-defined]
    threading.Thread(target=server.serve_forever, daemon=True).start()
    put(kept, 1)
    address = (
        f"mailto://127.0.0.1:{server.server_address[1]}?from=lookout@example.org&to=duty@example.org&mode=insecure"
    )
    try:
        assert deliver(kept, {"care": address}, by_apprise, lambda: NOW).n_sent == 1
    finally:
        server.shutdown()
    mail = message_from_string(server.got[0])  # type: ignore[attr-defined]
    assert str(make_header(decode_header(mail["Subject"]))) == "t0"
    assert "duty@example.org" in mail["To"]


def test_an_address_of_no_known_kind() -> None:
    with pytest.raises(ValueError, match="no kind that apprise knows"):
        by_apprise("carrier-pigeon://x", "t", "b")
