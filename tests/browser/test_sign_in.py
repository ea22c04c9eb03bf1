"""The local sign-in in a real browser: from the first password to the end of the session everywhere."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from tests.browser.served import Visit, chrome, serve
from warehouse import accounts, audit, ops

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FIRST, OWN = "first words of the week", "a much better sentence 7"


class Served(NamedTuple):
    base: str
    store: sa.Engine
    browser: Any


@pytest.fixture(scope="module")
def local(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("local")
    url = f"sqlite:///{folder / 'ops.db'}"
    store = ops.open_ops(url)
    accounts.add(store, "mei", "planner", FIRST, datetime.now(UTC).replace(tzinfo=None), regions=["HJ"])
    with serve(demo_home, folder / "server.log", LOOKOUT_OPS_URL=url, LOOKOUT_SIGN_IN="local") as base, chrome() as c:
        yield Served(base, store, c)


def kinds(store: sa.Engine, actor: str = "") -> list[str]:
    return [row["kind"] for row in audit.search(store, actor=actor, size=500)[0]]


def fill(visit: Visit, **fields: str) -> None:
    for name, value in fields.items():
        visit.page.fill(f"#{name}", value)
    visit.page.click("button")


@pytest.mark.deep
def test_from_the_first_password_to_the_end_of_the_session(local: Served) -> None:
    visit = Visit(local.browser, local.base)
    page = visit.page
    page.goto(local.base + "/hotspots?role=manager&lang=en")
    assert urlsplit(page.url).path == "/sign-in", "nothing is behind the gate"
    fill(visit, name="mei", password="not this one at all")
    assert "wrong" in page.inner_text('[role="alert"]')
    fill(visit, name="mei", password=FIRST)
    assert urlsplit(page.url).path == "/auth/password", "the first password must be changed"
    page.goto(local.base + "/data")
    assert urlsplit(page.url).path == "/auth/password", "and nothing comes before that"
    fill(visit, old=FIRST, new=OWN, again=OWN)
    visit.settle()
    cookie = next(c for c in visit.context.cookies() if c["name"] == "lookout_session")
    assert cookie["httpOnly"] and cookie["sameSite"] == "Strict"
    assert page.evaluate("document.cookie.includes('lookout_session')") is False

    visit.open("/hotspots?role=manager&lang=en")
    assert page.locator(".st-key-person").is_visible(), "the person stands where the picker was"
    assert page.locator(".st-key-role").count() == 0
    assert "refused" in kinds(local.store, "mei"), "another role by link is ignored, and noted"
    assert "page" in kinds(local.store, "mei")

    other = visit.context.new_page()
    other.goto(local.base + "/data?lang=en")
    other.wait_for_selector("h1")
    page.locator(".st-key-person button").first.click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in*")
    other.wait_for_url("**/sign-in*", timeout=40_000)
    assert "sign_out" in kinds(local.store, "mei")

    # The cookie of before, sent again, opens nothing.
    visit.context.add_cookies([cookie])
    page.goto(local.base + "/data")
    assert urlsplit(page.url).path == "/sign-in"
    visit.close()
    assert [f for f in visit.faults if "401" not in f and "403" not in f and "WebSocket" not in f] == []
    assert audit.verify(local.store).fault is None


@pytest.mark.parametrize(
    "path",
    ["/app/static/icon.png", "/_stcore/host-config", "/media/x.csv", "/_stcore/upload_file/a/b", "/basemap/light.json"],
)
def test_files_and_sockets_need_a_session_too(local: Served, path: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as told:
        urllib.request.urlopen(local.base + path, timeout=10)
    assert told.value.code == 401


def test_a_socket_without_a_session_is_refused_and_noted(local: Served) -> None:
    at = urlsplit(local.base)
    for cookie in ("", "Cookie: lookout_session=forged\r\n"):
        with socket.create_connection((at.hostname, at.port), timeout=10) as raw:
            raw.sendall(
                f"GET /_stcore/stream HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n{cookie}\r\n".encode()
            )
            assert b" 403 " in raw.recv(200)
    told = {row["subject"] for row in audit.search(local.store, actor="stranger")[0]}
    assert {"a socket without a session", "a cookie that opens nothing"} <= told


def test_a_form_of_another_site_opens_nothing(local: Served) -> None:
    body = f"name=mei&password={OWN}".encode()
    for headers in (
        {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
    ):  # fmt: skip
        request = urllib.request.Request(local.base + "/auth/sign-in", body, headers)
        with pytest.raises(urllib.error.HTTPError) as told:
            urllib.request.urlopen(request, timeout=10)
        assert told.value.code == 403 and told.value.headers.get("Set-Cookie") is None, headers
    huge = urllib.request.Request(local.base + "/auth/sign-in", b"name=" + b"x" * 10_000)
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(huge, timeout=10)
    assert refused.value.code == 413


def test_the_way_on_stays_on_this_server() -> None:
    from pages._shared.access.forms import safe_next

    for wished in ("//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "", "/a\r\nb"):
        assert safe_next(wished) == "/"
    assert safe_next("/flow?view=compliance") == "/flow?view=compliance"
