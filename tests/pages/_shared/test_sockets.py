"""Sockets at the gate: they end with the session and with its rights, and go on with nobody else's page."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages._shared import clock
from pages._shared.access import gate, sockets, who
from tests.people import signed_in
from warehouse import accounts, audit, ops
from warehouse.access import Person
from warehouse.viewer import Viewer

AT = datetime(2025, 3, 31, 8)
MEI, LI = Person("mei", Viewer.of("supervisor")), Person("li", Viewer.of("supervisor"))
Change = Callable[[sa.Engine], object]


class Page:
    """A program behind the gate that notes what a browser says to it, and what became of its request."""

    def __init__(self) -> None:
        self.scope: Any = None
        self.heard: list[str] = []

    async def app(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope = scope
        await receive()
        await send({"type": "websocket.accept"})
        while (message := await receive())["type"] == "websocket.receive":
            self.heard.append(message["bytes"].decode())
            await send({"type": "websocket.send", "bytes": b"rows"})

    def talk(self, token: str, *steps: str | Callable[[], object], protocols: str = "streamlit, x") -> list[Any]:
        """What a browser gets that connects and says these words; what is no word happens in between."""
        came: list[Any] = []
        left = list(steps)

        async def receive() -> Any:
            while left and callable(left[0]):
                left.pop(0)()  # type: ignore[operator]
                who.forget()
            return {"type": "websocket.receive", "bytes": str(left.pop(0)).encode()} if left else _END

        async def send(message: Any) -> None:
            came.append(message)

        told = {"host": "127.0.0.1:8501", "cookie": f"{who.COOKIE}={token}", "sec-websocket-protocol": protocols}
        scope = {
            "type": "websocket", "path": "/_stcore/stream", "query_string": b"", "scheme": "ws",
            "server": ("127.0.0.1", 8501), "client": ("127.0.0.1", 50_000),
            "headers": [(n.encode(), v.encode()) for n, v in told.items()],
        }  # fmt: skip
        first = iter([{"type": "websocket.connect"}])

        async def starting() -> Any:
            return next(first, None) or await receive()

        asyncio.run(gate.Gate(self.app)(scope, starting, send))
        return came

    @property
    def protocols(self) -> str:
        return dict(self.scope["headers"])[b"sec-websocket-protocol"].decode()


_END = {"type": "websocket.disconnect", "code": 1000}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[sa.Engine]:
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "local")
    monkeypatch.setenv("LOOKOUT_HOME", str(tmp_path))
    monkeypatch.setattr(clock, "utc", lambda: AT)
    monkeypatch.setattr(gate, "_told", {})
    monkeypatch.setattr(sockets, "_begun", sockets.OrderedDict())
    who.forget()
    yield ops.open_ops(url)
    who.forget()


def other_role(store: sa.Engine) -> None:
    with ops.writing(store) as con:
        con.execute(ops.account.update().values(role="auditor"))


def smaller_scope(store: sa.Engine) -> None:
    with ops.writing(store) as con:
        con.execute(ops.account.update().values(regions_json='["321003"]'))


@pytest.mark.parametrize(
    "change",
    [
        other_role, smaller_scope, lambda s: accounts.end_all(s, "mei", AT), lambda s: accounts.close(s, "mei", AT),
    ],
    ids=["role", "scope", "ended", "closed"],
)  # fmt: skip
def test_an_open_page_ends_with_its_session_and_with_its_rights(store: sa.Engine, change: Change) -> None:
    """What is said after it is not passed on: no fragment, button or file of the page acts for the rights of before."""
    page = Page()
    came = page.talk(signed_in(store, "mei", "supervisor", AT), "before", lambda: change(store), "after", "once more")
    assert page.heard == ["before"]
    away = ForwardMsg()
    away.ParseFromString(came[-2]["bytes"])
    assert away.auth_redirect.url == "/sign-in"
    assert came[-1] == {"type": "websocket.close", "code": 4401}


def test_an_open_page_lasts_while_nothing_changes(store: sa.Engine) -> None:
    page = Page()
    came = page.talk(signed_in(store, "mei", "supervisor", AT), "one", lambda: None, "two", "three")
    assert page.heard == ["one", "two", "three"]
    assert [m["type"] for m in came] == ["websocket.accept"] + ["websocket.send"] * 3


@pytest.mark.parametrize(
    ("whose", "is_kept", "n_rows"),
    [(MEI, True, 0), (LI, False, 1), (Person("mei", Viewer.of("analyst")), False, 0), (None, False, 0)],
    ids=["own", "another's", "of rights before", "unknown"],
)
def test_a_page_is_gone_on_with_by_whom_it_was_drawn_for(
    store: sa.Engine, whose: Person | None, is_kept: bool, n_rows: int
) -> None:
    if whose is not None:
        sockets.begun("run-1", whose)
    page = Page()
    page.talk(signed_in(store, "mei", "supervisor", AT), "hello", protocols="streamlit, x, run-1")
    assert page.protocols == ("streamlit, x, run-1" if is_kept else "streamlit, x")
    assert page.heard == ["hello"], "it begins anew"
    rows = audit.search(store, kinds=["refused"])[0]
    assert [(r["actor"], r["subject"]) for r in rows] == [("mei", "a page of another session")] * n_rows


def test_a_socket_that_the_program_does_not_take_is_noted(store: sa.Engine) -> None:
    """As Streamlit does with pages of other sites."""

    async def closing(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        await send({"type": "websocket.close", "code": 1008})

    page = Page()
    page.app = closing  # type: ignore[method-assign]
    assert page.talk(signed_in(store, "mei", "supervisor", AT)) == [{"type": "websocket.close", "code": 1008}]
    [row] = audit.search(store, kinds=["refused"])[0]
    assert (row["actor"], row["subject"]) == ("mei", "a socket of another site")


def said(**kind: Any) -> str:
    return BackMsg(**kind).SerializeToString().decode()


def test_what_no_page_says_is_not_passed_on_and_noted(store: sa.Engine) -> None:
    """Streamlit would empty the caches of everybody for whoever asks."""
    page, run = Page(), said(stop_script=True)
    page.talk(
        signed_in(store, "mei", "supervisor", AT), said(load_git_info=True), run, said(clear_cache=True),
        said(set_run_on_save=True), said(debug_shutdown_runtime=True), run,
    )  # fmt: skip
    assert page.heard == [run, run]
    rows = audit.search(store, kinds=["refused"])[0]
    assert [(r["actor"], r["subject"]) for r in rows] == [("mei", "a message that no page sends")], "one a minute"


@pytest.mark.parametrize(
    ("role", "is_auto", "lasts"), [("duty", True, False), ("duty", False, True), ("wall", True, True)]
)
def test_a_page_that_refreshes_itself_keeps_no_session_but_the_wall_s(
    store: sa.Engine, monkeypatch: pytest.MonkeyPatch, role: Any, is_auto: bool, lasts: bool
) -> None:
    now = [AT]
    monkeypatch.setattr(clock, "utc", lambda: now[0])

    def later() -> None:
        now[0] += timedelta(minutes=40)

    page, again = Page(), said(rerun_script=ClientState(query_string="", is_auto_rerun=is_auto))
    page.talk(signed_in(store, "mei", role, AT), again, later, again, later, again)
    assert len(page.heard) == (3 if lasts else 2), "an idle hour ends it"


def test_a_run_stays_with_whom_it_began_for() -> None:
    sockets.begun("run-2", MEI)
    sockets.begun("run-2", LI)
    assert sockets.is_upload_of("/_stcore/upload_file/run-2/f", MEI)
    assert not sockets.is_upload_of("/_stcore/upload_file/run-2/f", LI)
    assert sockets.is_upload_of("/data", LI) and sockets.is_upload_of("/_stcore/upload_file/none/f", LI)


def test_a_file_for_somebody_else_s_page_is_refused_and_noted(store: sa.Engine) -> None:
    sockets.begun("run-1", LI)
    token, said = signed_in(store, "mei", "supervisor", AT), list[Any]()

    async def send(message: Any) -> None:
        said.append(message)

    scope = {
        "type": "http", "method": "PUT", "path": "/_stcore/upload_file/run-1/f", "query_string": b"", "scheme": "http",
        "server": ("127.0.0.1", 8501), "client": ("127.0.0.1", 50_000),
        "headers": [(b"host", b"127.0.0.1:8501"), (b"cookie", f"{who.COOKIE}={token}".encode())],
    }  # fmt: skip
    page = Page()
    asyncio.run(gate.Gate(page.app)(scope, _nothing, send))
    assert said[0]["status"] == 404 and page.scope is None
    [row] = audit.search(store, kinds=["refused"])[0]
    assert row["subject"] == "a page of another session" and "run-1" in json.loads(row["detail_json"])["path"]


async def _nothing() -> Any:
    return {"type": "http.request"}
