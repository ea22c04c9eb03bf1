"""A socket lives as long as its session, and as long as that is the session of the same person with the same rights.

What stands on an open page was made for who opened it: a fragment, a button or a file of it would go on to act for a
role that was taken away meanwhile. So the page is led away and drawn anew.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from anyio import to_thread
from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages._shared.access import who
from pages._shared.access.uploads import Message, Receive, Send
from warehouse.access import Person

UPLOADS = "/_stcore/upload_file/"
_LOOK_EVERY_S = 20.0
_OVER = 4401
# What Streamlit does for whoever asks, and for everybody at once: empty all caches, change how the server runs, tell of
# its checkout.
_OF_NO_PAGE = frozenset(
    {"clear_cache", "set_run_on_save", "load_git_info", "debug_disconnect_websocket", "debug_shutdown_runtime"}
)
_PROTOCOLS = b"sec-websocket-protocol"
_MOST = 20_000
_begun: OrderedDict[str, Person] = OrderedDict()
_lock = threading.Lock()


async def guarded(
    app: Any,
    scope: Message,
    receive: Receive,
    send: Send,
    cookies: Mapping[str, str],
    person: Person,
    away: str,
    note: Callable[[str], object],
) -> None:
    """Pass a socket on while its session holds; whatever comes later is not passed on, and the page is led `away`.

    `note` is told of what was not passed on otherwise.
    """
    over = asyncio.Event()

    def holds(touch: bool) -> bool:
        found = who.of_cookies(cookies, touch)
        return found is not None and found.person == person

    async def look() -> None:
        while await to_thread.run_sync(holds, False):
            await asyncio.sleep(_LOOK_EVERY_S)
        await leave()

    async def leave() -> None:
        if not over.is_set():
            over.set()
            told = ForwardMsg()
            told.auth_redirect.url = away
            await send({"type": "websocket.send", "bytes": told.SerializeToString()})
            await send({"type": "websocket.close", "code": _OVER})

    async def coming() -> Message:
        message = await following()
        while message["type"] == "websocket.receive" and (kind := _said(message).WhichOneof("type")) in _OF_NO_PAGE:
            if kind != "load_git_info":  # which the front end may ask for by itself
                await to_thread.run_sync(note, "a message that no page sends")
            message = await following()
        return message

    async def following() -> Message:
        awaited = asyncio.ensure_future(receive())
        ended = asyncio.ensure_future(over.wait())
        await asyncio.wait({awaited, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if over.is_set():
            awaited.cancel()
            return {"type": "websocket.disconnect", "code": _OVER}
        message = awaited.result()
        if message["type"] == "websocket.receive":
            # A page that refreshes itself is no use of the session, but on the wall, which nobody touches.
            is_used = person.viewer.role == "wall" or not _said(message).rerun_script.is_auto_rerun
            if not await to_thread.run_sync(holds, is_used):
                await leave()
                return {"type": "websocket.disconnect", "code": _OVER}
        elif message["type"] == "websocket.disconnect":
            over.set()
        return message

    async def going(message: Message) -> None:
        if message["type"] == "websocket.accept":
            tasks.append(asyncio.ensure_future(look()))
        elif message["type"] == "websocket.close" and not tasks:
            await to_thread.run_sync(note, "a socket of another site")
        if not over.is_set():
            await send(message)

    tasks: list[asyncio.Future[None]] = []
    try:
        await app(scope, coming, going)
    finally:
        for task in tasks:
            task.cancel()


def _said(message: Message) -> BackMsg:
    """What a browser says; nothing for what the program will turn down itself."""
    told = BackMsg()
    try:
        told.ParseFromString(message.get("bytes") or b"")
    except DecodeError:
        return BackMsg()
    return told


# --- runs that Streamlit keeps ------------------------------------------------------------------------------------
#
# Streamlit goes on with a run for whoever tells its number, and takes files for it; where nobody signs in through a
# provider it cannot tell people apart.


def begun(number: str, person: Person) -> None:
    """A run is drawn for a person: it is his, as he is now, for as long as it lasts."""
    with _lock:
        _begun.setdefault(number, person)
        while len(_begun) > _MOST:
            _begun.popitem(last=False)


def without_run_of_another(scope: Message, person: Person) -> tuple[Message, bool]:
    """The scope of a socket that goes on with a run of this person's or begins a new one; whether another's was wished.

    A run that nothing was drawn for yet, or that was drawn for other rights, begins anew.
    """
    headers, is_others = [], False
    for name, value in scope["headers"]:
        parts = value.split(b",")
        if name.lower() == _PROTOCOLS and len(parts) > 2:
            with _lock:
                whose = _begun.get(parts[2].strip().decode("latin-1"))
            is_others = is_others or (whose is not None and whose.name != person.name)
            value = value if whose == person else b",".join(parts[:2])
        headers.append((name, value))
    return {**scope, "headers": headers}, is_others


def is_upload_of(path: str, person: Person) -> bool:
    """Whether a path leads to anything but the files of somebody else's run."""
    if not path.startswith(UPLOADS):
        return True
    with _lock:
        return _begun.get(path[len(UPLOADS) :].partition("/")[0], person) == person
