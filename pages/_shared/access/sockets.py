"""A socket lives as long as its session, and as long as that is the session of the same person with the same rights.

What stands on an open page was made for who opened it: a fragment, a button or a file of it would go on to act for a
role that was taken away meanwhile. So the page is led away and drawn anew.
"""

from __future__ import annotations

import asyncio
import threading
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from anyio import to_thread
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages._shared.access import who
from pages._shared.access.uploads import Message, Receive, Send
from warehouse.access import Person

UPLOADS = "/_stcore/upload_file/"
_LOOK_EVERY_S = 20.0
_OVER = 4401
_PROTOCOLS = b"sec-websocket-protocol"
_MOST = 20_000
_begun: OrderedDict[str, Person] = OrderedDict()
_lock = threading.Lock()


async def guarded(
    app: Any, scope: Message, receive: Receive, send: Send, cookies: Mapping[str, str], person: Person, away: str
) -> bool:
    """Pass a socket on while its session holds; whatever comes later is not passed on, and the page is led `away`.

    Whether the program took it: from a page of another site it does not.
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
        awaited = asyncio.ensure_future(receive())
        ended = asyncio.ensure_future(over.wait())
        await asyncio.wait({awaited, ended}, return_when=asyncio.FIRST_COMPLETED)
        ended.cancel()
        if over.is_set():
            awaited.cancel()
            return {"type": "websocket.disconnect", "code": _OVER}
        message = awaited.result()
        if message["type"] == "websocket.receive":
            if not await to_thread.run_sync(holds, True):
                await leave()
                return {"type": "websocket.disconnect", "code": _OVER}
        elif message["type"] == "websocket.disconnect":
            over.set()
        return message

    async def going(message: Message) -> None:
        if message["type"] == "websocket.accept":
            tasks.append(asyncio.ensure_future(look()))
        if not over.is_set():
            await send(message)

    tasks: list[asyncio.Future[None]] = []
    try:
        await app(scope, coming, going)
    finally:
        for task in tasks:
            task.cancel()
    return bool(tasks)


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
