"""整改督办 Actions: what was learned from cases (案例)."""

from __future__ import annotations

from pages._shared import views
from pages._shared.blocks import cases
from pages._shared.frame import current

VIEWS: dict[str, views.Show] = {"cases": cases.show}


def main() -> None:
    views.run(current(), VIEWS, "cases")


main()
