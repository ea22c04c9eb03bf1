"""How people sign in to this server: the settings of its workspace, and the store that sessions are kept in."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import sqlalchemy as sa

from warehouse import ops
from warehouse.access import AccessSettings, SignIn
from warehouse.home import Home
from warehouse.problems import Problems
from warehouse.workspace import load_workspace


def settings() -> AccessSettings:
    """Those of the workspace, read again when its file changes. A workspace that cannot be read lets nobody in."""
    file = Home.from_environment().workspace_file
    return _settings(str(file), file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=8)
def _settings(path: str, changed_ns: int) -> AccessSettings:
    if not changed_ns:
        return AccessSettings()
    try:
        return load_workspace(Path(path)).settings.access
    except Problems:
        # Faults of the file are told by the pages; until it is mended nothing is opened to others.
        return AccessSettings()


def how() -> SignIn:
    """The mode in force. Raises `Problems` for a mode that does not exist."""
    return settings().how()


def store() -> sa.Engine:
    """The operations store, made where it is missing."""
    return _store(ops.ops_url(Home.from_environment()))


@lru_cache(maxsize=4)
def _store(url: str) -> sa.Engine:
    return ops.open_ops(url)


def tiles() -> str | None:
    """The address of the workspace's own map tiles, which browsers may fetch."""
    file = Home.from_environment().workspace_file
    return _tiles(str(file), file.stat().st_mtime_ns if file.exists() else 0)


@lru_cache(maxsize=8)
def _tiles(path: str, changed_ns: int) -> str | None:
    try:
        return load_workspace(Path(path)).settings.place.tiles if changed_ns else None
    except Problems:
        return None
