"""整改督办 Actions: what was promised (台账), whether it worked (成效), what was learned from cases (案例)."""

from __future__ import annotations

from pages._shared import views
from pages._shared.blocks import cases, ledger, worked
from pages._shared.frame import current

VIEWS: dict[str, views.Show] = {"register": ledger.show, "worked": worked.show, "cases": cases.show}


def main() -> None:
    views.run(current(), VIEWS, "register")


main()
