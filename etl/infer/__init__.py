"""Drafting contracts from unknown files: `draft` looks at a file, `preview` shows how its rows would land."""

from __future__ import annotations

from etl.infer.draft import Draft, draft

__all__ = ["Draft", "draft"]
