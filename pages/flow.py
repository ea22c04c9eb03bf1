"""时限流转 SLA & flow: what is due (到期看板), how limits are kept (合规), how tickets move (流转, 推演), 考核."""

from __future__ import annotations

from pages._shared import other_sources, views
from pages._shared.blocks import assessment, compliance, due, handover, replay
from pages._shared.frame import current

VIEWS: dict[str, views.Show] = {
    "due": due.show,
    "compliance": compliance.show,
    "handover": handover.show,
    "replay": replay.show,
    "assessment": assessment.show,
}


def main() -> None:
    frame = current()
    if not frame.has_tickets:
        other_sources.show(frame)
        return
    views.run(frame, VIEWS, "due")


main()
