"""The floor of loading: DuckDB's bare typed parse of a counter file, every column touched once.

`python -m bench.floor_parse FILE`. No cleaning, no rejects, no writing belongs here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from etl.contract import SHIPPED, read_contract

TYPES = {"id": "VARCHAR", "time": "TIMESTAMP", "int": "BIGINT", "real": "DOUBLE"}
THREADS = 2  # as etl/read.py


def parse(path: Path) -> int:
    """Parse all columns with the contract's types; returns the number of rows."""
    contract = read_contract(SHIPPED / "demo_kpi_hour.toml")
    columns = contract.target.columns
    types = {s.headers[0]: TYPES[columns[name].type] for name, s in contract.columns.items()}
    with path.open(encoding="utf-8") as handle:
        headers = handle.readline().rstrip("\n").split(",")
    con = duckdb.connect()
    con.execute("set threads = ?", [THREADS])
    con.execute("set enable_progress_bar = false")
    rows = con.read_csv(
        str(path),
        header=False,
        skiprows=1,
        columns={header: types[header] for header in headers},
        auto_detect=False,
        delimiter=",",
        quotechar='"',
        escapechar='"',
    )
    touch = [duckdb.FunctionExpression("max", duckdb.ColumnExpression(h)) for h in headers]
    found = rows.aggregate([duckdb.FunctionExpression("count_star"), *touch]).fetchall()
    return int(found[0][0])


if __name__ == "__main__":
    print(parse(Path(sys.argv[1])))
