"""The gate before everything the server answers: pages, files, sockets. Without a session there is nothing behind it.

Where nobody signs in, it lets through only what comes from this machine, by the machine's own name.
"""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from urllib.parse import quote, unquote

from anyio import to_thread
from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from streamlit import config

from pages._shared import clock
from pages._shared.access import handed, headers, mode, sockets, trail, uploads, who
from pages._shared.access.uploads import Message, Receive, Send
from warehouse import audit
from warehouse.access import is_loopback, refusal
from warehouse.accounts import Session
from warehouse.audit import Event
from warehouse.problems import Problems

SIGN_IN, PASSWORD, SIGN_OUT = "/sign-in", "/auth/password", "/auth/logout"
# What answers before anybody signed in: signs of life, the forms, and the provider's way back.
OPEN = frozenset({"/_stcore/health", "/healthz", "/readyz", SIGN_IN, "/auth/sign-in", "/auth/login", "/oauth2callback"})
_MOST_PATH = 2000  # characters of a refused path that are looked at
_LEADS_OUT = "a path that leads elsewhere"
_OF_ANOTHER = "a page of another session"
_TURNED_DOWN = {
    400: "a request that cannot be",
    403: "a request without its token",
    413: "an upload above the limit",
}
_TOLD_EVERY = timedelta(minutes=1)
_told: dict[tuple[str, str], datetime] = {}
_lock = threading.Lock()


class Gate:
    """ASGI middleware; the outermost one."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        request = HTTPConnection(scope)
        sealed = _sealing(request, send)
        try:
            how = mode.how()
        except Problems as error:
            await _refuse(scope, receive, sealed, PlainTextResponse(str(error), 503))
            return
        if how == "none":
            if (why := _stranger(request)) is not None:
                await _refuse(scope, receive, sealed, PlainTextResponse(why, 403))
                return
            await uploads.bounded(self.app, scope, receive, sealed)
            return
        path = path_of(request)
        if path == SIGN_OUT:
            await to_thread.run_sync(who.sign_out, dict(request.cookies))
            await self.app(scope, receive, _without_cookie(sealed))
            return
        if path in OPEN:
            await uploads.bounded(self.app, scope, receive, sealed)
            return
        session = await to_thread.run_sync(who.of_cookies, dict(request.cookies))
        if _leads_out(path):
            await to_thread.run_sync(_note_answer, request, session, _LEADS_OUT)
            await _refuse(scope, receive, sealed, PlainTextResponse("no such address", 400))
        elif session is None or (session.must_change and path != PASSWORD):
            await to_thread.run_sync(_note, request, session)
            await _refuse(scope, receive, sealed, _instead(request, path, session))
        elif scope["type"] == "websocket":
            own, is_others = sockets.without_run_of_another(scope, session.person)
            if is_others:
                await to_thread.run_sync(_note_answer, request, session, _OF_ANOTHER)
            cookies, person, away = dict(request.cookies), session.person, base() + SIGN_IN
            note = partial(_note_answer, request, session)
            await sockets.guarded(self.app, own, receive, sealed, cookies, person, away, note)
        elif not handed.is_for(path, session.person.name) or not sockets.is_upload_of(path, session.person):
            why = "a file of somebody else" if path.startswith(handed.MEDIA) else _OF_ANOTHER
            await to_thread.run_sync(_note_answer, request, session, why)
            await _refuse(scope, receive, sealed, PlainTextResponse("no such file", 404))
        else:
            await uploads.bounded(self.app, scope, receive, _noting(request, session, sealed))


def check_binding() -> None:
    """At the start: refuse an address that others reach while nobody signs in. Ends the process with the reason."""
    try:
        told = refusal(mode.how(), config.get_option("server.address"))
    except Problems as error:
        told = str(error)
    if told and not config.get_option("global.unitTest"):
        raise SystemExit(told)


def base() -> str:
    """The path the server stands under, without a slash at its end."""
    told = str(config.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{told}" if told else ""


def path_of(request: HTTPConnection) -> str:
    path, under = request.scope["path"], base()
    return path[len(under) :] or "/" if under and (path + "/").startswith(under + "/") else path


def _stranger(request: HTTPConnection) -> str | None:
    """Why a request is none of this machine's own, where nobody signs in."""
    server, client = request.scope.get("server"), request.client
    host = request.headers.get("host", "").rpartition("@")[2]
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    own = is_loopback(name) or name.endswith(".localhost")
    local = server is None or server[1] is None or is_loopback(server[0])
    passed_on = any(h in request.headers for h in ("x-forwarded-for", "forwarded", "x-real-ip"))
    if own and local and not passed_on and (client is None or is_loopback(client.host)):
        return None
    shown = name if server is None or is_loopback(server[0]) else server[0]
    return refusal("none", f"requests of others (here for {shown[:100] or 'no name'})")


def _instead(request: HTTPConnection, path: str, session: Session | None) -> Response:
    is_page = request.scope.get("method") == "GET" and "text/html" in request.headers.get("accept", "")
    if not is_page:
        return PlainTextResponse("sign in first", 401)
    if session is not None:
        return RedirectResponse(base() + PASSWORD, 303)
    asked = request.url.query
    wished = quote(path + (f"?{asked}" if asked else ""), safe="")
    return RedirectResponse(base() + SIGN_IN + (f"?next={wished}" if path != "/" or asked else ""), 303)


def _note(request: HTTPConnection, session: Session | None) -> None:
    """A cookie that opens nothing, and a socket without one, leave a row; a flood of them one a minute."""
    has_cookie = bool({who.COOKIE, who.PROVIDER_COOKIE} & set(request.cookies))
    if session is not None or not (has_cookie or request.scope["type"] == "websocket"):
        return
    why = "a cookie that opens nothing" if has_cookie else "a socket without a session"
    note_refusal(request, why)


def note_refusal(
    request: HTTPConnection,
    why: str,
    actor: str = "stranger",
    kind: str = "refused",
    role: str = "",
    is_rare: bool = False,
) -> None:
    """A row of the trail about what was not answered; for somebody who is not known, by the address he came from.

    A flood is one row a minute; `is_rare`: what cannot be one, and where each counts.
    """
    came, now = request.client.host if request.client else "", clock.utc()
    told = (f"{actor} {came}", why)
    with _lock:
        if not is_rare and (last := _told.get(told)) is not None and now - last < _TOLD_EVERY:
            return
        if len(_told) > 1000:
            _told.clear()
        _told[told] = now
    event = Event(kind, actor, role, why, {"from": came, "path": _shown(request.scope["path"])})
    audit.record(mode.store(), event, now)


def _shown(path: str) -> str:
    """A path as the trail keeps it: without the numbers of people that may be typed into it, also written twice over.

    Cut after that: half a number would no longer be recognised.
    """
    given = path = path[:_MOST_PATH]
    for _ in range(2):
        path = unquote(path)
    if trail.hidden([path]) != [path]:
        given = trail.hidden([path])[0]
    return given[:200]


def _note_answer(request: HTTPConnection, session: Session | None, why: str) -> None:
    if session is None:
        note_refusal(request, why)
    else:
        note_refusal(request, why, session.person.name, role=session.person.viewer.role)


def _leads_out(path: str) -> bool:
    """Whether a path, also written twice over, is made to leave the folder it names. No address of ours looks so."""
    for _ in range(2):
        if ".." in path.split("/") or "\\" in path or "\0" in path or path.startswith("//"):
            return True
        path = unquote(path)
    return False


def _noting(request: HTTPConnection, session: Session, send: Send) -> Send:
    """`send` that leaves a row where Streamlit turns a request down, before the answer goes."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start" and (why := _TURNED_DOWN.get(message["status"])):
            await to_thread.run_sync(_note_answer, request, session, why)
        await send(message)

    return sending


async def _refuse(scope: Message, receive: Receive, send: Send, answer: Response) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 4401})
    else:
        await answer(scope, receive, send)


def is_https(request: HTTPConnection) -> bool:
    """Whether cookies must not travel in the open: always, but on this machine itself."""
    return mode.settings().behind_https and not is_loopback(request.url.hostname or "")


def _sealing(request: HTTPConnection, send: Send) -> Send:
    """`send` with the headers of every answer."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            added = list(headers.PLAIN)
            if b"content-security-policy" not in there:
                added.append(("content-security-policy", headers.policy(request.headers.get("host", ""), mode.tiles())))
            if is_https(request):
                added.append(("strict-transport-security", "max-age=31536000"))
                message["headers"] = [
                    (n, v + b"; Secure" if n.lower() == b"set-cookie" and b"secure" not in v.lower() else v)
                    for n, v in message["headers"]
                ]
            told = [(n.encode(), v.encode("latin-1")) for n, v in added if n.encode() not in there]
            message["headers"] = [*message["headers"], *told]
        await send(message)

    return sending


def _without_cookie(send: Send) -> Send:
    """`send` that also takes the session's cookie away."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            gone = Response()
            gone.delete_cookie(who.COOKIE, path=base() or "/", httponly=True, samesite="strict")
            message["headers"] = [*message["headers"], *(h for h in gone.raw_headers if h[0] == b"set-cookie")]
        await send(message)

    return sending
