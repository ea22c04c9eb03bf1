"""投诉分析 Complaints: what people complain about and through which channel, and who came back or went outside."""

from __future__ import annotations

from pages._shared import other_sources, views
from pages._shared.blocks import repeats, types
from pages._shared.frame import current

VIEWS: dict[str, views.Show] = {"types": types.show, "repeats": repeats.show}


def main() -> None:
    frame = current()
    if not frame.has_tickets:
        other_sources.show(frame)
        return
    views.run(frame, VIEWS, "types")


main()
