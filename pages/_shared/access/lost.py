"""Addresses that no page has: led to the first page, which says so in the reader's language.

Streamlit itself would open a dialogue there, in English whatever the language, that speaks of files of the program.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import quote

from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse

from pages._shared.access import gate

NAME = "lost"
_MOST = 60  # characters of an address that are told
# First parts of addresses that are no pages.
_OTHERS = frozenset(
    {"_stcore", "app", "auth", "component", "healthz", "media", "oauth2callback", "readyz", "sign-in", "static"}
)

Message = MutableMapping[str, Any]


class Lost:
    """ASGI middleware behind the gate."""

    def __init__(self, app: Any, pages: Collection[str]) -> None:
        self.app, self.pages = app, frozenset(pages)

    async def __call__(
        self,
        scope: Message,
        receive: Callable[[], Awaitable[Message]],
        send: Callable[[Message], Awaitable[None]],
    ) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            request = HTTPConnection(scope)
            path = gate.path_of(request)
            if "text/html" in request.headers.get("accept", "") and self.is_lost(path):
                away = RedirectResponse(f"{gate.base()}/?{NAME}={quote(path[:_MOST], safe='')}", 303)
                await away(scope, receive, send)
                return
        await self.app(scope, receive, send)

    def is_lost(self, path: str) -> bool:
        """Whether nothing stands there: neither a page nor a file."""
        parts = [part for part in path.split("/") if part]
        if not parts or parts[0] in _OTHERS or "." in parts[-1]:
            return False
        return len(parts) > 1 or parts[0] not in self.pages
