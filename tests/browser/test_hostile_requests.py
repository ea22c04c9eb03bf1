"""Forged, replayed and led-astray requests, in a real browser and by hand: none is answered, each leaves a row."""

from __future__ import annotations

import csv
import io
import socket
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from pages._shared.access import who
from pages._shared.text import t
from tests.browser.hostile import PHONE, Person, Served, ask, hostile, now, refusals
from tests.browser.served import Visit
from tests.people import signed_in
from warehouse import audit

__all__ = ["hostile"]
pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]


def test_cookies_that_are_forged_and_tokens_that_are_over(hostile: Served) -> None:
    old = signed_in(hostile.store, "past", "analyst", now() - timedelta(hours=11))
    before = len(refusals(hostile, "stranger"))
    for value in ("f" * 43, "' or 1=1 --", "../../secret.key", old):
        visit = Visit(hostile.browser, hostile.base)
        visit.context.add_cookies([{"name": who.COOKIE, "value": quote(value, safe=""), "url": hostile.base}])
        visit.page.goto(hostile.base + "/tickets")
        assert urlsplit(visit.page.url).path == "/sign-in"
        assert "YZ2025" not in visit.page.content()
        visit.close()
        assert ask(hostile, "/tickets", quote(value, safe="")) == 401
    at = urlsplit(hostile.base)
    with socket.create_connection((at.hostname, at.port), timeout=10) as raw:
        raw.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b" 403 " in raw.recv(200)
    told = refusals(hostile, "stranger")
    assert {"a cookie that opens nothing", "a socket without a session"} <= set(told) and len(told) > before


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/..%2f..%2fsecret.key",
        "/media/..%5c..%5csecret.key",
        "/basemap/..%2f..%2fsecret.key",
        "/%2e%2e/ops.db",
    ],
)
def test_a_path_that_leads_elsewhere(hostile: Served, path: str) -> None:
    token = signed_in(hostile.store, f"path{len(path)}", "engineer", now())
    assert ask(hostile, path, token) == 400
    assert refusals(hostile, f"path{len(path)}") == ["a path that leads elsewhere"]


def test_a_file_is_asked_approved_harmless_and_its_address_nobody_else_s(hostile: Served) -> None:
    one, other = Person(hostile, "taker", "analyst"), Person(hostile, "boss", "supervisor")
    one.open("/flow?lang=en")
    one.visit.page.get_by_role("button", name=t("export.ask", "en")).first.click()
    one.visit.page.locator(".st-key-due_csv_reason input").fill("=1+1 for the review")
    one.visit.page.get_by_role("button", name=t("export.send", "en")).first.click()
    one.visit.settle()
    other.open("/data?view=access&lang=en")
    other.visit.page.locator('[class*="st-key-approve_"] button').first.click()
    other.visit.settle()
    one.open("/flow?lang=en")
    page = one.visit.page
    with page.expect_response(lambda r: "/media/" in r.url) as fetched, page.expect_download() as waiting:
        page.locator('[data-testid="stDownloadButton"] button').first.click()
    path = urlsplit(fetched.value.url).path
    content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(content, newline="")) for cell in line]
    assert any(c.startswith("YZ2025") for c in cells), "rows of tickets"
    assert [c for c in cells if c and c[0] in "=@+\t\r"] == [] and PHONE not in content
    assert [r["kind"] for r in one.rows("export_taken")] == ["export_taken"]

    assert ask(hostile, path, one.token) == 200
    assert ask(hostile, path) == 401
    assert ask(hostile, path, other.token) == 404, "an address passed on"
    assert "a file of somebody else" in refusals(hostile, "boss")
    one.close()
    other.close()


def test_at_the_end_the_trail_is_whole_and_the_log_knows_no_secret(hostile: Served) -> None:
    assert audit.verify(hostile.store).fault is None
    auditor = Person(hostile, "aud", "auditor")
    auditor.open("/data?view=access&lang=en")
    auditor.close()
    said = hostile.log.read_text(encoding="utf-8")
    secret = (hostile.home / "secret.key").read_bytes()
    assert PHONE not in said and secret.hex() not in said and "token-" not in said
