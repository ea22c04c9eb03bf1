"""The forms before the pages: what a sign-in leaves in browser and trail, and what a failed one does."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware

from pages._shared import clock
from pages._shared.access import forms, gate, health, mode, who
from tests.people import signed_in
from warehouse import accounts, audit, ops

AT = datetime(2025, 3, 31, 8)
RIGHT = "a quieter long sentence"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "local")
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path))
    monkeypatch.setattr(clock, "utc", lambda: AT)
    monkeypatch.setattr(gate, "_told", {})
    monkeypatch.setattr(accounts, "_fits", lambda _hash, password: password == RIGHT)
    who.forget()
    made = ops.open_ops(url)
    signed_in(made, "mei", "planner", AT)
    yield made
    who.forget()


class Answer(NamedTuple):
    status: int
    headers: dict[str, str]
    text: str


def ask(path: str, base: str = "http://127.0.0.1:8501", host: str = "", **fields: str) -> Answer:
    """What the program says behind its gate; with fields they are posted."""
    within = Starlette(routes=[*forms.routes(), *health.routes()], middleware=[Middleware(gate.Gate)])
    at, body, said = urlsplit(base), urlencode(fields).encode(), list[Any]()
    told = {"host": host or at.netloc, "content-type": "application/x-www-form-urlencoded"}
    scope = {
        "type": "http", "method": "POST" if fields else "GET", "path": path, "query_string": b"", "scheme": at.scheme,
        "server": (at.hostname, 8501), "client": ("127.0.0.1", 50_000), "root_path": "", "http_version": "1.1",
        "headers": [(n.encode(), v.encode()) for n, v in told.items()],
    }  # fmt: skip

    async def receive() -> Any:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        said.append(message)

    asyncio.run(within(scope, receive, send))
    headers = {n.decode().lower(): v.decode() for n, v in said[0]["headers"]}
    return Answer(said[0]["status"], headers, b"".join(m.get("body", b"") for m in said).decode())


def tried(password: str, name: str = "mei", **more: str) -> Answer:
    return ask("/auth/sign-in", **more, name=name, password=password)


def rows(store: Any) -> list[tuple[str, str, str]]:
    return [(r["kind"], r["actor"], r["subject"]) for r in audit.search(store)[0]]


def test_each_wrong_password_is_a_row_until_the_account_is_locked(store: Any) -> None:
    most = mode.settings().max_failures
    said = {tried("wrong wrong wrong").text for _ in range(most)}
    assert rows(store) == [("sign_in_failed", "mei", "wrong password")] * most
    said |= {tried(password).text for password in ("wrong", RIGHT, RIGHT)}
    assert rows(store)[0] == ("sign_in_failed", "mei", "the account is locked") and len(rows(store)) == most + 1
    said |= {tried(RIGHT, name).text for name in ("nobody", "nobody", "<script>", "x" * 60)}
    assert [r for r in rows(store) if r[2] == "no such account"] == [
        ("sign_in_failed", "unreadable", "no such account"), ("sign_in_failed", "nobody", "no such account"),
    ]  # fmt: skip
    assert len(said) == 1, "and all are told the same"


@pytest.mark.parametrize(("base", "is_secure"), [("http://127.0.0.1:8501", False), ("https://lookout.example", True)])
def test_the_cookie_is_for_the_server_alone(store: Any, base: str, is_secure: bool) -> None:
    answer = tried(RIGHT, base=base)
    assert answer.status == 303 and rows(store)[0][:2] == ("sign_in", "mei")
    name, *told = [part.strip() for part in answer.headers["set-cookie"].split(";")]
    assert name.startswith(f"{who.COOKIE}=") and {"HttpOnly", "SameSite=strict", "Path=/"} <= set(told)
    assert ("Secure" in told) is is_secure
    assert ("strict-transport-security" in answer.headers) is is_secure


@pytest.mark.parametrize("path", ["/sign-in", "/auth/sign-in", "/data"])
def test_every_answer_says_what_a_browser_may_do_with_it(store: Any, path: str) -> None:
    told = ask(path).headers
    assert told["x-content-type-options"] == "nosniff" and told["x-frame-options"] == "SAMEORIGIN"
    assert "default-src" in told["content-security-policy"] and "evil" not in told["content-security-policy"]
    assert told["referrer-policy"] == "same-origin"


def test_a_host_that_is_no_name_comes_into_no_header(store: Any) -> None:
    told = ask("/data", host="a; script-src *").headers["content-security-policy"]
    assert "script-src *" not in told


def test_signs_of_life_need_no_session_and_tell_nothing(store: Any, tmp_path: Path) -> None:
    assert (ask("/healthz").status, ask("/healthz").text) == (200, '{"status":"ok"}')
    assert (ask("/readyz").status, ask("/readyz").text) == (503, '{"status":"lacking","lacking":["release"]}')
    (tmp_path / "releases").mkdir()
    (tmp_path / "releases" / "CURRENT").write_text("R1\n")
    (tmp_path / "releases" / "R1.duckdb").touch()
    assert (ask("/readyz").status, ask("/readyz").text) == (200, '{"status":"ok","lacking":[]}')
    assert str(tmp_path) not in ask("/readyz").text
