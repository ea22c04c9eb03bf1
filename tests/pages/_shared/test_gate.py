"""Hostile requests at the gate, without a browser: none is passed on, each leaves a row of the trail."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit import config
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

from pages._shared import clock
from pages._shared.access import gate, handed, uploads, who
from tests.people import signed_in
from warehouse import audit, ops
from warehouse.access import AccessSettings, Claims

AT = datetime(2025, 3, 31, 8)


class Door:
    """The gate before a program that answers everything, with a status if one was asked for; `passed`: what got in."""

    def __init__(self, store: sa.Engine) -> None:
        self.store = store
        self.passed: list[str] = []

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.passed.append(scope["path"])
        if scope["type"] == "websocket":
            await send({"type": "websocket.accept"})
            return
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"within"})

    def ask(
        self,
        path: str,
        token: str = "",
        kind: str = "http",
        status: int = 200,
        host: str = "127.0.0.1:8501",
        cookie: str = "",
    ) -> Any:
        """The status of the answer, or how a socket was closed."""
        self.status, said = status, []
        cookie = cookie or (f"{who.COOKIE}={token}" if token else "")
        told = [("host", host)] + ([("cookie", cookie)] if cookie else [])
        scope = {
            "type": kind, "method": "GET", "path": path, "query_string": b"", "scheme": "http",
            "server": ("127.0.0.1", 8501), "client": ("127.0.0.1", 50_000),
            "headers": [(n.encode(), v.encode()) for n, v in told],
        }  # fmt: skip

        async def receive() -> Any:
            return {"type": "websocket.connect" if kind == "websocket" else "http.request"}

        async def send(message: Any) -> None:
            said.append(message)

        asyncio.run(gate.Gate(self.app)(scope, receive, send))
        return said[0].get("status", said[0].get("code", "accepted"))

    def rows(self) -> list[tuple[str, str, str]]:
        """(kind, actor, subject) of the trail, newest first."""
        return [(r["kind"], r["actor"], r["subject"]) for r in audit.search(self.store)[0]]


@pytest.fixture
def door(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Door]:
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "local")
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path))
    monkeypatch.setattr(clock, "utc", lambda: AT)
    monkeypatch.setattr(gate, "_told", {})
    monkeypatch.setattr(handed, "_given", handed.OrderedDict())
    who.forget()
    yield Door(ops.open_ops(url))
    who.forget()


@pytest.mark.parametrize(
    ("host", "is_own"),
    [
        ("127.0.0.1:8501", True), ("localhost:8501", True), ("[::1]:8501", True), ("city.localhost", True),
        ("127.0.0.1.evil.example:8501", False), ("127.evil.example", False), ("evil.example:8501", False), ("", False),
        ("me@evil.example", False),
    ],
)  # fmt: skip
def test_without_sign_in_a_page_of_elsewhere_that_leads_here_gets_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch, host: str, is_own: bool
) -> None:
    """A site may let its own name lead to this machine, and its pages then count as those of that name."""
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "none")
    for kind in ("http", "websocket"):
        door.passed.clear()
        door.ask("/_stcore/stream", kind=kind, host=host)
        assert door.passed == ["/_stcore/stream"] * is_own


def test_without_a_session_nothing_is_passed_on(door: Door) -> None:
    assert door.ask("/data") == 401
    assert door.rows() == [], "somebody who only comes by is no news"
    assert door.ask("/data", "f" * 43) == 401
    assert door.ask("/_stcore/stream", kind="websocket") == 4401
    assert door.passed == []
    told = "a socket without a session", "a cookie that opens nothing"
    assert door.rows() == [("refused", "stranger", why) for why in told]


class Eater:
    """A program that reads all of a body, as Streamlit's route does: in pieces, through a receive of its own."""

    def __init__(self, pieces: int, piece: int, length: str = "") -> None:
        self.left, self.piece, self.length, self.eaten = pieces, b"x" * piece, length, 0

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        while (message := await receive())["more_body"]:
            self.eaten += len(message["body"])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    def send_to(self, path: str, token: str) -> int:
        """The status of a PUT whose body comes in pieces, with the length that was said, if any."""
        told = {"host": "127.0.0.1:8501", "cookie": f"{who.COOKIE}={token}"}
        told |= {"content-length": self.length} if self.length else {}
        scope = {
            "type": "http", "method": "PUT", "path": path, "query_string": b"", "scheme": "http",
            "server": ("127.0.0.1", 8501), "client": ("127.0.0.1", 50_000),
            "headers": [(n.encode(), v.encode()) for n, v in told.items()],
        }  # fmt: skip
        said: list[Any] = []

        async def receive() -> Any:
            self.left -= 1
            return {"type": "http.request", "body": self.piece if self.left >= 0 else b"", "more_body": self.left >= 0}

        async def send(message: Any) -> None:
            said.append(message)

        asyncio.run(gate.Gate(self.app)(scope, receive, send))
        return int(said[0]["status"])


MIB = 1 << 20


@pytest.mark.parametrize("path", ["/_stcore/upload_file/session/file", "/auth/password"])
@pytest.mark.parametrize("length", ["", "10", "nonsense"])
def test_more_than_the_limit_is_refused_while_it_comes(door: Door, path: str, length: str) -> None:
    """Without a length, or with one that is not true."""
    eater = Eater(4 * uploads.MOST_MIB, MIB, length)
    assert eater.send_to(path, signed_in(door.store, "mei", "engineer", AT)) == 413
    assert eater.eaten <= uploads.MOST_BODY and eater.left >= 2 * uploads.MOST_MIB, "the rest was not waited for"
    assert door.rows() == [("refused", "mei", "an upload above the limit")]


def test_more_than_the_limit_is_refused_by_what_is_announced(door: Door) -> None:
    eater = Eater(4, MIB, str(uploads.MOST_BODY + 1))
    assert eater.send_to("/_stcore/upload_file/session/file", signed_in(door.store, "mei", "engineer", AT)) == 413
    assert eater.left == 4, "nothing was read"
    assert door.rows() == [("refused", "mei", "an upload above the limit")]


def test_a_file_of_just_the_limit_comes_through(door: Door) -> None:
    eater = Eater(uploads.MOST_MIB, MIB, str(uploads.MOST_MIB * MIB))
    assert eater.send_to("/_stcore/upload_file/session/file", signed_in(door.store, "mei", "engineer", AT)) == 204
    assert eater.eaten == uploads.MOST_MIB * MIB and door.rows() == []


def test_the_front_end_stops_nothing_that_the_trail_should_have() -> None:
    """What is larger than Streamlit's limit never leaves the browser."""
    assert config.get_option("server.maxUploadSize") >= 10 * uploads.MOST_MIB


def test_an_expired_session_is_a_cookie_that_opens_nothing(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    token = signed_in(door.store, "mei", "analyst", AT)
    assert door.ask("/data", token) == 200
    monkeypatch.setattr(clock, "utc", lambda: AT + timedelta(hours=11))
    assert door.ask("/data", token) == 401
    assert door.ask("/_stcore/stream", token, "websocket") == 4401
    assert door.passed == ["/data"]
    assert door.rows()[0] == ("refused", "stranger", "a cookie that opens nothing")


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/../../secret.key", "/app/static/..%2f..%2fsecret.key", "/media/..\\..\\secret.key",
        "/app/static/%2e%2e/%2e%2e/secret.key", "//etc/passwd", "/app/static/a\0.png",
    ],
)  # fmt: skip
def test_a_path_that_leads_elsewhere_ends_here(door: Door, path: str) -> None:
    token = signed_in(door.store, "mei", "engineer", AT)
    assert door.ask(path, token) == 400
    assert door.ask(path) == 400
    assert door.passed == []
    assert door.rows() == [("refused", name, "a path that leads elsewhere") for name in ("stranger", "mei")]


@pytest.mark.parametrize("form", ["/a/../{}", "/{}/..", "/a/..%2f{}", "//{}?x", "/x" * 98 + "/../{}", "/../%31{}"])
def test_a_number_in_a_refused_path_is_not_kept(door: Door, form: str) -> None:
    number = "39" + "1234" + "5678"
    number = number if "%31" in form else "1" + number
    assert door.ask(form.format(number), signed_in(door.store, "mei", "engineer", AT)) == 400
    [row] = audit.search(door.store, kinds=["refused"])[0]
    told = json.loads(row["detail_json"])["path"]
    assert "5678" not in row["detail_json"] and "1234" not in row["detail_json"]
    assert len(told) <= 200 and told.startswith("/")


@pytest.mark.parametrize(
    ("status", "why"),
    [(413, "an upload above the limit"), (403, "a request without its token"), (400, "a request that cannot be")],
)
def test_what_streamlit_turns_down_is_noted(door: Door, status: int, why: str) -> None:
    token = signed_in(door.store, "mei", "engineer", AT)
    assert door.ask("/_stcore/upload_file/a/b", token, status=status) == status
    assert door.rows() == [("refused", "mei", why)]
    [row] = audit.search(door.store)[0]
    assert (row["role"], json.loads(row["detail_json"])["path"]) == ("engineer", "/_stcore/upload_file/a/b")


def test_a_flood_is_one_row_a_minute(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(50):
        door.ask("/data", "forged")
    assert len(door.rows()) == 1
    monkeypatch.setattr(clock, "utc", lambda: AT + timedelta(minutes=2))
    door.ask("/data", "forged")
    assert len(door.rows()) == 2


CLAIMS = {"is_logged_in": True, "sub": "7", "email": "a@b.example", "groups": ["g"], "iat": 1, "exp": 1_743_411_600}


@pytest.mark.parametrize(
    ("secret", "changed", "is_open"),
    [
        ("ours", {}, True), ("theirs", {}, False), ("ours", {"exp": None}, False), ("ours", {"exp": 1}, False),
        ("ours", {"is_logged_in": False}, False), ("ours", {"groups": ["manager"]}, False),
        ("ours", {"email": "manager"}, False),
    ],
)  # fmt: skip
def test_a_provider_s_cookie_opens_what_its_claims_say_and_a_forged_one_nothing(
    door: Door, monkeypatch: pytest.MonkeyPatch, secret: str, changed: dict[str, Any], is_open: bool
) -> None:
    settings = AccessSettings(sign_in="oidc", claims=Claims(role="groups", roles={"g": "analyst"}))
    monkeypatch.setattr(gate.mode, "settings", lambda: settings)
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "oidc")
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: "ours")
    told = {name: value for name, value in {**CLAIMS, **changed}.items() if value is not None}
    signed = create_signed_value(secret, who.PROVIDER_COOKIE, json.dumps(told))
    cookie = f"{who.PROVIDER_COOKIE}={signed.decode() if isinstance(signed, bytes) else signed}"
    assert door.ask("/data", cookie=cookie) == (200 if is_open else 401)
    assert ("refused", "stranger", "a cookie that opens nothing") in door.rows() or is_open
    assert ("sign_in", "a@b.example", "oidc") in door.rows() or not is_open


def test_a_file_opens_for_who_took_it_only(door: Door) -> None:
    from streamlit.runtime.memory_media_file_storage import MemoryMediaFileStorage

    mei, li = signed_in(door.store, "mei", "analyst", AT), signed_in(door.store, "li", "analyst", AT)
    kept = MemoryMediaFileStorage("/media")
    name = kept.load_and_get_id(b"a,b\r\n", "text/csv", kind=_downloadable(), filename="list.csv")  # type: ignore[arg-type]
    path = kept.get_url(name)
    handed.note(b"a,b\r\n", "text/csv", "list.csv", "mei")
    assert door.ask(path, mei) == 200
    assert door.ask(path, li) == 404
    assert door.rows() == [("refused", "li", "a file of somebody else")]
    assert door.ask("/media/0123.png", li) == 200, "pictures of pages are nobody's"


def _downloadable() -> Any:
    from streamlit.runtime.media_file_storage import MediaFileKind

    return MediaFileKind.DOWNLOADABLE
