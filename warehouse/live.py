"""Which files of the lake count, and the instant they speak of. Light to import: who only asks needs no build."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.canonical import tables
from warehouse.lake import Lake
from warehouse.workspace import Workspace

SETTLED = ("loaded", "withdrawn", "replaced")


def resolve_as_of(workspace: Workspace, lake: Lake, now: datetime) -> datetime:
    """The instant a release speaks of: pinned by the workspace, the end of the data, or `now` (local)."""
    wanted = workspace.settings.as_of
    if isinstance(wanted, datetime):
        return wanted.replace(tzinfo=None)
    if wanted == "now":
        return now.replace(microsecond=0)
    ends = [r["last_period"] for r in live_files(lake).to_pylist() if r["last_period"] is not None]
    if not ends:
        return now
    return datetime.combine(max(ends).date() + timedelta(days=1), datetime.min.time())


def live_files(lake: Lake) -> pa.Table:
    """The register rows of files whose rows count, by file (`etl/register.py` writes them)."""
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(lake.read("etl_file").to_pylist(), key=lambda r: (r["loaded_at"], r["state"])):
        if row["state"] in SETTLED:
            newest[row["file_id"]] = row
    rows = pa.Table.from_pylist([newest[k] for k in sorted(newest)], tables()["etl_file"].schema)
    return rows.filter(pc.equal(rows["state"], "loaded"))
