"""An address that no page has is led to the first page, which names it; nothing else is."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from pages._shared import shell
from pages._shared.access.lost import Lost

PAGE = ("accept", "text/html,application/xhtml+xml")


def ask(path: str, *headers: tuple[str, str]) -> tuple[int, str]:
    """Status and where it leads; 200 from the program behind."""
    said: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "query_string": b"", "scheme": "http",
        "server": ("127.0.0.1", 8501), "headers": [(n.encode(), v.encode()) for n, v in headers],
    }  # fmt: skip
    asyncio.run(Lost(app, {*shell.PAGES, *shell.HIDDEN})(scope, receive, send))
    return said[0]["status"], dict(said[0]["headers"]).get(b"location", b"").decode()


@pytest.mark.parametrize("path", ["/nowhere", "/warnings/old", "/投诉"])
def test_a_page_that_is_not_there_is_named_on_the_first_one(path: str) -> None:
    status, to = ask(path, PAGE)
    assert status == 303 and to.startswith("/?lost=%2F")


def test_a_long_or_hostile_address_stays_on_this_server_and_short() -> None:
    status, to = ask("/" + "x" * 500 + '"><script>', PAGE)
    assert status == 303 and len(to) < 200 and "<" not in to
    assert ask("//elsewhere/x", PAGE)[1].startswith("/?lost=")


@pytest.mark.parametrize(
    "path", ["/", "/today", "/today/", "/warning", "/healthz", "/_stcore/health", "/static/icon.png"]
)
def test_what_is_there_is_left_alone(path: str) -> None:
    assert ask(path, PAGE) == (200, "")


def test_only_pages_are_led_away() -> None:
    assert ask("/nowhere") == (200, "")
    assert ask("/nowhere", ("accept", "application/json")) == (200, "")
