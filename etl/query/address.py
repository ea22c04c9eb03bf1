"""Where the database is: an address with a password in it, which no message, log or contract ever shows."""

from __future__ import annotations

import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.pool import NullPool

from etl.contract import Contract
from etl.sentences import fault
from warehouse.home import Home

CONNECT_SECONDS = 15


def address(contract: Contract, home: Home, environment: Mapping[str, str] = os.environ) -> URL:
    """The address of a query's database. Raises `Problems` when it is not set, readable by others, or none at all."""
    assert contract.query is not None
    if contract.query.url_env:
        place, text = contract.query.url_env, environment.get(contract.query.url_env, "")
        if not text.strip():
            raise fault("query_no_address", contract.name, place=place)
    else:
        file = home.root / str(contract.query.url_file)
        place, text = str(file), _read_private(contract, file)
    try:
        url = make_url(text.strip())
        if not url.drivername or (url.get_backend_name() != "sqlite" and not url.host and not url.query):
            raise ValueError
    except Exception:  # whatever it says holds pieces of the address
        raise fault("query_odd_address", contract.name, place=place) from None
    return url


def _read_private(contract: Contract, file: Path) -> str:
    try:
        status = file.stat()
        if not stat.S_ISREG(status.st_mode) or status.st_mode & 0o077:
            raise fault("query_open_file", contract.name, place=str(file), mode=f"{stat.S_IMODE(status.st_mode):03o}")
        text = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        text = ""
    if not text:
        raise fault("query_no_address", contract.name, place=str(file))
    return text


def engine_for(contract: Contract, url: URL, zone: str) -> Engine:
    """An engine that only reads and keeps no connection. Nothing is connected yet.

    The server is told the time limit too, so that it does not go on with a statement that nobody waits for,
    and the zone, so that a time without an offset means the same there and here.
    """
    assert contract.query is not None
    milliseconds = int(contract.query.timeout_seconds * 1000)
    arguments: dict[str, Any] = {}
    backend = url.get_backend_name()
    if backend == "postgresql":
        arguments = {"connect_timeout": CONNECT_SECONDS, "application_name": "lookout pull"}
        arguments["options"] = f"-c statement_timeout={milliseconds} -c default_transaction_read_only=on"
        arguments["options"] += f" -c timezone={zone}"
    elif backend == "sqlite":
        if not url.database or not Path(url.database).is_file():
            raise fault("query_no_file", contract.name)
        arguments = {"timeout": CONNECT_SECONDS, "check_same_thread": False}
    try:
        engine = create_engine(url, connect_args=arguments, poolclass=NullPool, hide_parameters=True)
    except ImportError:
        raise fault("query_no_driver", contract.name, driver=url.drivername) from None
    except Exception:
        raise fault("query_odd_address", contract.name, place=contract.query.url_env or "url_file") from None
    if backend == "sqlite":
        event.listen(engine, "connect", _only_read)
    return engine


def _only_read(connection: Any, _: object) -> None:
    connection.execute("pragma query_only = on")
