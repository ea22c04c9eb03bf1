"""What time it is for the viewer. With sign-in and language the only thing of the frame that is not in the data.

A workspace that is pinned to an instant, as the demo city is, lives at that instant; any other at the time of its own
zone. Everything below the frame is told the time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from warehouse.workspace import Workspace


def now(space: Workspace) -> datetime:
    """Local time without a zone, as all times in the data."""
    pinned = space.settings.as_of
    if isinstance(pinned, datetime):
        return pinned
    return datetime.now(ZoneInfo(space.settings.timezone)).replace(tzinfo=None, microsecond=0)


def utc() -> datetime:
    """What time it is for signing in and for the audit trail: never pinned, and the same on every server."""
    return datetime.now(UTC).replace(tzinfo=None)
