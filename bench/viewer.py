"""One viewer without a browser: Streamlit's own messages over a websocket, answered until the script rests.

What is looked at, when and by how many is the callers' business.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from pages._shared.text import t

# What `shell.run` says of a view that raised.
FAILED = t("state.failed", "en", number="\0").split("\0")[0]
MOST_BYTES = 256 * 2**20
LIMIT_S = 120.0


@dataclass(frozen=True)
class Step:
    """A view and what is chosen on it, as a link says it. `path` "" is the page the role lands on."""

    path: str
    query: tuple[tuple[str, str], ...] = ()

    @property
    def link(self) -> str:
        return f"/{self.path}" + (f"?{urlencode(self.query)}" if self.query else "")


@dataclass(frozen=True)
class Answer:
    """What came of one step: milliseconds to the end of the run, bytes received, what went wrong ("": nothing)."""

    step: Step
    at: float
    ms: float
    n_bytes: int
    fault: str


class Viewer:
    """One session of the app. Not safe for two steps at a time."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port = port
        self._sent = {"Cookie": cookie} if cookie else None
        self._socket: Any = None
        self._hashes: dict[str, str] = {}

    async def __aenter__(self) -> Viewer:
        address = f"ws://127.0.0.1:{self.port}/_stcore/stream"
        told: dict[str, Any] = {"subprotocols": ["streamlit"], "additional_headers": self._sent}
        self._socket = await websockets.connect(address, max_size=MOST_BYTES, **told)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._socket.close()

    async def look(self, step: Step) -> Answer:
        """Go there and wait until the run has ended, as the browser does when a link is followed."""
        started, received, fault = time.perf_counter(), 0, ""
        try:
            async with asyncio.timeout(LIMIT_S):
                await self._socket.send(self._asked(step))
                said: list[str] = []
                while True:
                    data = await self._socket.recv()
                    received += len(data)
                    message = ForwardMsg()
                    message.ParseFromString(data)
                    if self._is_end(message, said):
                        break
            fault = "; ".join(said)
        except (TimeoutError, OSError, websockets.WebSocketException) as error:
            fault = f"{type(error).__name__}: {error}"
        return Answer(step, started, (time.perf_counter() - started) * 1000, received, fault)

    def _asked(self, step: Step) -> bytes:
        message = BackMsg()
        asked = message.rerun_script
        asked.query_string = urlencode(step.query)
        # Like the browser: by name on the first visit, by its hash once the navigation is known.
        if step.path in self._hashes:
            asked.page_script_hash = self._hashes[step.path]
        else:
            asked.page_name = step.path
        asked.context_info.url = f"http://127.0.0.1:{self.port}{step.link}"
        asked.context_info.locale = "en-GB"
        asked.context_info.timezone = "Asia/Shanghai"
        asked.context_info.color_scheme = "light"
        return message.SerializeToString()

    def _is_end(self, message: ForwardMsg, said: list[str]) -> bool:
        """Notes what goes wrong; true when the run has ended and no other follows."""
        kind = message.WhichOneof("type")
        if kind == "navigation":
            self._hashes = {p.url_pathname: p.page_script_hash for p in message.navigation.app_pages}
        elif kind == "page_not_found":
            said.append(f"page {message.page_not_found.page_name!r} was not found")
        elif kind == "delta" and message.delta.WhichOneof("type") == "new_element":
            element = message.delta.new_element
            if element.WhichOneof("type") == "exception":
                said.append(f"{element.exception.type}: {element.exception.message}")
            # Views say in red too what is wrong with the data, which is no fault of theirs.
            elif element.WhichOneof("type") == "alert" and element.alert.body.startswith(FAILED):
                said.append(f"error on the page: {element.alert.body}")
        elif kind == "script_finished":
            if message.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                said.append("the script did not compile")
            return message.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False
