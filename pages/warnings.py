"""预警 Warnings: what needs doing (待处理), every warning with the load they are (全部), and the rules (规则)."""

from __future__ import annotations

from pages._shared import views
from pages._shared.blocks import warning_all, warning_board, warning_rules
from pages._shared.frame import current

VIEWS: dict[str, views.Show] = {"todo": warning_board.show, "all": warning_all.show, "rules": warning_rules.show}


def main() -> None:
    views.run(current(), VIEWS, "todo")


main()
