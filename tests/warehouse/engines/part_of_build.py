"""`python -m tests.warehouse.engines.part_of_build …`: the command with some tables only, so that a try is short."""

from __future__ import annotations

import sys

from tests.warehouse.partial import only
from warehouse.__main__ import main

TABLES = frozenset({"mart_ticket", "fact_cell_kpi_1d"})

if __name__ == "__main__":
    with only(TABLES):
        sys.exit(main(sys.argv[1:]))
