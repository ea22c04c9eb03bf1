"""投诉分析 Complaints: what people complain about and through which channel (类型渠道)."""

from __future__ import annotations

from pages._shared import other_sources, views
from pages._shared.blocks import types
from pages._shared.frame import current

VIEWS: dict[str, views.Show] = {"types": types.show}


def main() -> None:
    frame = current()
    if not frame.has_tickets:
        other_sources.show(frame)
        return
    views.run(frame, VIEWS, "types")


main()
