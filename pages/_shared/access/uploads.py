"""No request carries more than this into the program, whatever it says of its length and whoever sends it.

Streamlit's own limit (`server.maxUploadSize`) is far above: its front end stops what is larger in the browser, where
nobody would learn of the attempt.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.requests import HTTPConnection
from starlette.responses import PlainTextResponse

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
MOST_MIB = 25
# A file travels in a frame that holds its name.
MOST_BODY = (MOST_MIB << 20) + (64 << 10)


class _TooLarge(Exception):
    """More came than was let in."""


async def bounded(app: Any, scope: Message, receive: Receive, send: Send) -> None:
    """Pass a request on; 413 where it announces too much, or where too much comes."""
    if scope["type"] != "http":
        await app(scope, receive, send)
        return
    told = HTTPConnection(scope).headers.get("content-length", "")
    if told.isdecimal() and int(told) > MOST_BODY:
        await _turn_down(scope, receive, send)
        return
    n_bytes, is_answered = 0, False

    async def counted() -> Message:
        nonlocal n_bytes
        message = await receive()
        n_bytes += len(message.get("body", b""))
        if n_bytes > MOST_BODY:
            raise _TooLarge
        return message

    async def sending(message: Message) -> None:
        nonlocal is_answered
        is_answered = True
        await send(message)

    try:
        await app(scope, counted, sending)
    except _TooLarge:
        if not is_answered:
            await _turn_down(scope, receive, send)


async def _turn_down(scope: Message, receive: Receive, send: Send) -> None:
    answer = PlainTextResponse(f"more than {MOST_MIB} MiB at once", 413, {"connection": "close"})
    await answer(scope, receive, send)
