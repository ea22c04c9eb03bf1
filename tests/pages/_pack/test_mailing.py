"""Subscriptions against a mail server and a webhook of our own: each week once, and a fault keeps no other waiting."""

from __future__ import annotations

import email
import email.policy
import json
import socketserver
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import ValidationError

from pages._pack import mailing
from pages._pack.mailing import by_apprise, due_at, send_due
from pages._pack.paper import Paper
from tests.pages._pack import reading, sample
from warehouse import ops
from warehouse.subscriptions import Subscription

WEEK, ENDS = "2025-W13", date(2025, 3, 30)
NOW = datetime(2025, 3, 31, 8, 30)


class _Smtp(socketserver.StreamRequestHandler):
    """Takes every mail."""

    def handle(self) -> None:
        self.wfile.write(b"220 here\r\n")
        lines: list[bytes] = []
        is_data = False
        for line in self.rfile:
            if is_data:
                if line == b".\r\n":
                    self.server.mails.append(b"".join(lines))  # type: ignore[attr-defined]
                    is_data = False
                    self.wfile.write(b"250 taken\r\n")
                else:
                    lines.append(line[1:] if line.startswith(b"..") else line)
                continue
            word = line[:4].upper().strip()
            if word == b"DATA":
                is_data, lines = True, []
                self.wfile.write(b"354 go on\r\n")
            elif word == b"QUIT":
                self.wfile.write(b"221 bye\r\n")
                return
            else:
                self.wfile.write(b"250 fine\r\n")


class _Hook(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.posts.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))  # type: ignore[attr-defined]
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        return None


def serving(server: Any) -> Iterator[Any]:
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def mail() -> Iterator[Any]:
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Smtp)
    server.mails = []  # type: ignore[attr-defined]
    yield from serving(server)


@pytest.fixture
def hook() -> Iterator[Any]:
    server = HTTPServer(("127.0.0.1", 0), _Hook)
    server.posts = []  # type: ignore[attr-defined]
    yield from serving(server)


@pytest.fixture
def kept(tmp_path: Path) -> sa.Engine:
    return ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}")


def one(name: str = "boss", **changed: Any) -> Subscription:
    return Subscription(**{"name": name, "url_env": "BOSS_URL", "files": ["page"], **changed})


def paper_of(whose: Subscription) -> Paper:
    return sample.paper(lang=whose.language)


class Sent:
    """Stands in for apprise."""

    def __init__(self, *faults: str) -> None:
        self.faults = set(faults)
        self.messages: list[tuple[str, str, str, list[str]]] = []

    def __call__(self, address: str, title: str, body: str, files: Any) -> None:
        if address in self.faults:
            raise ConnectionError(f"{address} refused")
        self.messages.append((address, title, body, [path.name for path in files]))


def run(kept: sa.Engine, listed: list[Subscription], send: Any, now: datetime = NOW, **changed: Any) -> list[str]:
    addresses = changed.pop("addresses", {s.name: f"to-{s.name}" for s in listed})
    is_sealed = changed.pop("is_sealed", False)
    return [o.state for o in send_due(kept, listed, WEEK, ENDS, is_sealed, paper_of, addresses, send, now)]


def test_mail_brings_the_files_and_what_they_rest_on(kept: sa.Engine, mail: Any) -> None:
    port = mail.server_address[1]
    address = f"mailto://127.0.0.1:{port}/?from=lookout@example.org&to=boss@example.org&mode=insecure"
    done = send_due(
        kept, [one(files=["page", "minutes"])], WEEK, ENDS, False, paper_of, {"boss": address}, by_apprise, NOW
    )
    assert [o.state for o in done] == ["sent"], done
    (raw,) = mail.mails
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert "模拟数据" in message["Subject"] and "2025年第13周" in message["Subject"]
    files = {part.get_filename(): part.get_payload(decode=True) for part in message.walk() if part.get_filename()}
    assert set(files) == {"网页版_2025-W13.html", "会议纪要_2025-W13.docx"}
    assert sample.paper().mark in "".join(reading.page(files["网页版_2025-W13.html"]).text)
    text = message.get_body(("plain", "html")).get_content()
    assert "及时率76.2%" in text and "截至 2025-03-31 08:30" in text


def test_a_webhook_gets_the_findings_as_text(kept: sa.Engine, hook: Any) -> None:
    address = f"json://127.0.0.1:{hook.server_address[1]}/"
    listed = [one(what="digest", language="en")]
    done = send_due(kept, listed, WEEK, ENDS, False, paper_of, {"boss": address}, by_apprise, NOW)
    assert [o.state for o in done] == ["sent"], done
    (post,) = hook.posts
    assert "Simulated data" in post["title"] and "76.2% on time" in post["message"]
    assert not post.get("attachments")


def test_a_week_goes_to_a_subscriber_once(kept: sa.Engine) -> None:
    send = Sent()
    assert run(kept, [one(), one("other")], send) == ["sent", "sent"]
    assert run(kept, [one(), one("other")], send, NOW + timedelta(days=3)) == ["sent before", "sent before"]
    assert [m[0] for m in send.messages] == ["to-boss", "to-other"]


def test_two_at_once_send_one_message(kept: sa.Engine) -> None:
    send = Sent()
    with ThreadPoolExecutor(4) as pool:
        states = list(pool.map(lambda _: run(kept, [one(what="digest")], send)[0], range(8)))
    assert states.count("sent") == 1 and set(states) <= {"sent", "sent before", "sending"}
    assert len(send.messages) == 1


def test_one_that_fails_is_tried_again_and_keeps_nobody_waiting(kept: sa.Engine) -> None:
    listed = [one(what="digest"), one("other", what="digest")]
    down = Sent("to-boss")
    assert run(kept, listed, down) == ["failed", "sent"]
    with kept.connect() as con:
        fault = con.execute(
            sa.select(ops.subscription_sent.c.fault).where(ops.subscription_sent.c.name == "boss")
        ).scalar()
    assert fault == "ConnectionError", "an address holds secrets"
    up = Sent()
    assert run(kept, listed, up) == ["waiting", "sent before"]
    assert run(kept, listed, up, NOW + timedelta(minutes=1)) == ["sent", "sent before"]


def test_a_pack_that_cannot_be_made_is_not_sent_in_part(kept: sa.Engine) -> None:
    from tests.pages._pack.test_files import wrong

    send = Sent()
    done = send_due(
        kept,
        [one()],
        WEEK,
        ENDS,
        False,
        lambda whose: sample.paper(wrong(), whose.language),
        {"boss": "x://"},
        send,
        NOW,
    )
    assert [o.state for o in done] == ["failed"] and "坏图 could not be made" in done[0].fault
    assert send.messages == []


def test_without_an_address_it_says_which_variable_is_missing(kept: sa.Engine) -> None:
    (done,) = send_due(kept, [one()], WEEK, ENDS, False, paper_of, {}, Sent(), NOW)
    assert done.state == "failed" and "BOSS_URL is not set" in done.fault


def test_nothing_goes_out_early_or_unsealed(kept: sa.Engine) -> None:
    send = Sent()
    listed = [one(weekday=2, what="digest"), one("careful", sealed_only=True, what="digest")]
    assert run(kept, listed, send) == ["early", "unsealed"]
    assert run(kept, listed, send, is_sealed=True) == ["early", "sent"]
    assert due_at(listed[0], ENDS) == datetime(2025, 4, 1, 8, 30)
    assert run(kept, listed, send, datetime(2025, 4, 1, 8, 30), is_sealed=True) == ["sent", "sent before"]


def test_what_was_cut_short_is_taken_up_after_half_an_hour(kept: sa.Engine) -> None:
    assert mailing._take(kept, "boss", WEEK, NOW) is None  # and then it was killed
    send = Sent()
    assert run(kept, [one(what="digest")], send, NOW + timedelta(minutes=29)) == ["sending"]
    assert run(kept, [one(what="digest")], send, NOW + timedelta(minutes=30)) == ["sent"]


@pytest.mark.parametrize("role", ["planner", "handler", "auditor", "wall", "duty"])
def test_papers_of_the_whole_city_are_for_roles_that_may_see_it(role: str) -> None:
    with pytest.raises(ValidationError, match="role"):
        one(role=role)
