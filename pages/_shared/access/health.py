"""Signs of life for those who run the server. They tell nothing about data, and need no sign-in."""

from __future__ import annotations

import sqlalchemy as sa
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from pages._shared.access import gate, mode
from warehouse.home import Home
from warehouse.release import Releases


def routes() -> list[Route]:
    """`/healthz`: the process answers. `/readyz`: it has a release to show and, where people sign in, its store."""
    at = gate.base()
    return [Route(at + "/healthz", _alive, methods=["GET"]), Route(at + "/readyz", _ready, methods=["GET"])]


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


def _ready(_request: Request) -> Response:
    lacking = []
    try:
        if Releases(Home.from_environment().releases).current() is None:
            lacking.append("release")
        if mode.how() != "none":
            with mode.store().connect() as con:
                con.execute(sa.select(1))
    except Exception:  # whatever it is, the server is not ready, and strangers are not told why
        lacking.append("store")
    return JSONResponse({"status": "lacking" if lacking else "ok", "lacking": lacking}, 503 if lacking else 200)
