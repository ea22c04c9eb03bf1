"""Ends a pull that takes too long, also when the server has stopped answering and the driver would wait for ever."""

from __future__ import annotations

import os
import socket
import threading
from types import TracebackType
from typing import Any


class Watchdog:
    """Cuts the connection after `seconds`, unless left before. `has_bitten` says so."""

    def __init__(self, connection: Any, seconds: float) -> None:
        """`connection` is the driver's own."""
        self._connection = connection
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True
        self.has_bitten = False

    def __enter__(self) -> Watchdog:
        self._timer.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._timer.cancel()

    def _bite(self) -> None:
        self.has_bitten = True
        if hasattr(self._connection, "interrupt"):  # SQLite
            self._connection.interrupt()
        elif hasattr(self._connection, "fileno"):  # PostgreSQL: whoever waits at the socket sees its end
            try:
                with socket.socket(fileno=os.dup(self._connection.fileno())) as wire:
                    wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                return
