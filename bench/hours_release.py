"""A release of hundreds of millions of hours without reading them all: days of copied cells are copied.

`python -m bench.hours_release HOME CITY N`: HOME's lake is CITY's with N copies of the cells that send hours
(`bench.hours_many copies`). A copy's hours are its cell's, so its days are too: they are added up once and written N
times under the copies' names. Every other table is made by its model from these. Only for what comes after a build from
nothing, which `bench hours` measures. All data are simulated (模拟数据).
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from unittest.mock import patch

import warehouse.build
from warehouse import monthly
from warehouse.__main__ import main as warehouse_main
from warehouse.catalog import Model, models
from warehouse.engines.duckdb import DuckEngine
from warehouse.lake import Lake

DAYS, LAKE = "fact_cell_kpi_1d", ("cell_kpi_1d", "cell_kpi_1h", "cell_kpi_15m")
SENT = "stg_cell_kpi_1d"
HERE = Path(__file__).parent


def copying(city: Path, n_copies: int) -> type[DuckEngine]:
    """The engine of a build, but for the days of cells."""

    class Copying(DuckEngine):
        def run(self, model: Model, looks: bool = True) -> None:
            if model.name != DAYS:
                super().run(model, looks)
                return
            lake = Lake(city / "lake")
            views = (HERE / "hours_release_views.sql").read_text(encoding="utf-8")
            before = [sql for (sql,) in self.con.sql(views).fetchall()]
            monthly._offer(self, model, {name: lake.pin(name) for name in LAKE}, looks)
            self.con.sql(model.sql).create("memory.main.days_there")
            self._view("memory.main." + SENT, "select * from (" + models()[SENT].sql + ") as sent limit 0")
            self.con.sql(model.sql).create("memory.main.days_copied")
            self.shape(model)
            months = (HERE / "hours_release_months.sql").read_text(encoding="utf-8")
            one = (HERE / "hours_release_month.sql").read_text(encoding="utf-8")
            for (month,) in self.con.sql(months).fetchall():
                found = self.con.sql(one, params={"month": month, "n_copies": n_copies})
                found.insert_into(self._own(model.name))
            for name in ("days_there", "days_copied"):
                self.con.execute("drop table memory.main." + name)
            for sql in before:
                self.con.execute(sql.replace("CREATE VIEW", "CREATE OR REPLACE VIEW", 1))

    return Copying


def main(home: Path, city: Path, n_copies: int) -> int:
    """Build HOME from nothing."""
    os.environ["LOOKOUT_HOME"] = str(home)
    engine = copying(city, n_copies)
    with patch.object(warehouse.build, "DuckEngine", engine), patch.object(monthly, "months_of", lambda *_: []):
        return warehouse_main(["build", "--full"])


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve(), int(sys.argv[3])))
