"""投诉分析 Complaints: what people complain about, how satisfied they are, and who came back or went outside."""

from __future__ import annotations

from pages._shared import other_sources, views
from pages._shared.blocks import repeats, satisfaction, types
from pages._shared.frame import current

VIEWS: dict[str, views.Show] = {"types": types.show, "satisfaction": satisfaction.show, "repeats": repeats.show}
# What a source without tickets still shows.
WITHOUT_TICKETS: dict[str, views.Show] = {**dict.fromkeys(VIEWS, other_sources.show), "satisfaction": satisfaction.show}


def main() -> None:
    frame = current()
    views.run(frame, VIEWS if frame.has_tickets else WITHOUT_TICKETS, "types")


main()
