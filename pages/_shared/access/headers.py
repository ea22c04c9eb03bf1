"""What every answer tells the browser it may do with it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]{1,255}")
PLAIN = (
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "SAMEORIGIN"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)
# For answers that are forms of our own: no script at all.
FORM = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)


def policy(host: str, tiles: str | None = None) -> str:
    """The content policy of pages: nothing from elsewhere but the workspace's own map tiles.

    Streamlit's charts are compiled in the browser, hence `unsafe-eval`; its styles are written inline.
    """
    told = host if _HOST.fullmatch(host) else ""
    sockets = f" ws://{told} wss://{told}" if told else ""
    tile = _origin(tiles)
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
            "style-src 'self' 'unsafe-inline'",
            f"img-src 'self' data: blob:{tile}",
            "font-src 'self' data:",
            f"connect-src 'self' data: blob:{sockets}{tile}",
            "worker-src 'self' blob:",
            "frame-src 'self' blob: data:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'self'",
        )
    )


def _origin(tiles: str | None) -> str:
    parts = urlsplit((tiles or "").replace("{s}", "*"))
    return f" {parts.scheme}://{parts.netloc}" if parts.scheme in ("http", "https") and parts.netloc else ""
