"""How the first rows of a file would land under a contract: the very code of loading, without a lake.

Nothing is stored. Customer keys are made with a secret of the moment, so they match no stored key.
"""

from __future__ import annotations

import re
import secrets
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl import read
from etl.contract import Contract
from etl.geo.locate import Geography, Locator, is_located
from etl.infer.words import Note, note
from etl.mixing import refuse_mixed_shares
from etl.privacy import CustomerKey, scrub
from etl.quarantine import Judged
from etl.read import Raw
from etl.scan import Scan
from etl.sentences import fault
from etl.stream import Stream
from warehouse.canonical import PROVENANCE, Table
from warehouse.workspace import Workspace, WorkspaceFile

BOUND_ROWS = 20_000
SECRET_BYTES = 32


@dataclass(frozen=True)
class Preview:
    """`landed` are rows as the lake would hold them; `refused` are quarantine rows, values scrubbed.

    `n_replaced` rows land and are gone at once: another of the same natural key says something else.

    Counts are of the rows looked at: the whole file up to 20,000 rows.
    """

    landed: pa.Table
    refused: pa.Table
    unmapped: pa.Table
    n_rows: int
    n_landed: int
    n_rejected: int
    n_flagged: int
    dropped: dict[str, int]
    absent: list[str]
    n_replaced: int = 0

    @property
    def rejected_share(self) -> float:
        return self.n_rejected / self.n_rows if self.n_rows else 0.0


def preview(
    path: Path,
    contract: Contract,
    workspace: Workspace | WorkspaceFile,
    looked_at: datetime,
    n: int = 100,
    name: str = "",
    prepare: Callable[[Raw], Raw] = lambda raw: raw,
) -> Preview:
    """The first `n` rows that land and every row that does not. `name` is the file's own name where `path` is a copy;
    `prepare` is what loading does to the texts of such a file before it reads them.

    Raises `Problems` when the file as a whole cannot be read by the contract.
    """
    name = name or path.name
    captures = _captures(name, contract)
    with tempfile.TemporaryDirectory(prefix="lookout-preview-") as folder:
        scratch = Path(folder)
        with read.connect(scratch) as con:
            raw = prepare(read.read(path, contract, con, scratch))
            refuse_mixed_shares(raw, contract, name)
            scan = Scan(contract, _first(raw), captures)
            compiled = scan.careful
            judged = Judged(contract, "preview", looked_at, rows_per_line=compiled.rows_per_line)
            [file_on] = scrub([captures.get(contract.file.file_on or "", "")]).to_pylist()
            settings = workspace.settings if isinstance(workspace, Workspace) else workspace
            zone = settings.timezone
            keys = CustomerKey(secrets.token_bytes(SECRET_BYTES))
            locator = Locator(contract, _geography(contract, workspace), judged)
            stream = Stream(contract, scan, judged, keys, file_on, zone, locator)
            batches = list(stream.batches())
            judged.note_bad_lines(raw.bad_lines(), contract.file.delimiter)
    landed = pa.Table.from_batches(batches, contract.target.schema)
    hidden = [c for c in landed.column_names if c in PROVENANCE and c != "row_no" or c == "part"]
    return Preview(
        landed.slice(0, n).drop_columns(hidden), _plain(judged.entry_table()), _plain(judged.unmapped_table()),
        judged.n_rows, judged.n_loaded, judged.n_rejected, judged.n_flagged, dict(judged.dropped), compiled.absent,
        replaced(landed, contract.target),
    )  # fmt: skip


def replaced(landed: pa.Table, table: Table) -> int:
    """Rows that another row of the same key would replace, exact copies apart; versions of one time count as one."""
    if not table.key or landed.num_rows == 0:
        return 0
    own = [c for c in landed.column_names if c not in PROVENANCE and c != "part"]
    plain = landed.select([c for c in own if not pa.types.is_nested(landed.schema.field(c).type)])
    kinds = plain.group_by(plain.column_names).aggregate([])
    keys = [*table.key, *([table.version] if table.version in own else [])]
    return int(kinds.num_rows - kinds.group_by(keys).aggregate([]).num_rows)


def key_question(contract: Contract, seen: Preview) -> Note | None:
    """What to ask when rows that land would replace each other; None where none do."""
    if seen.n_replaced == 0:
        return None
    key = " + ".join(contract.target.key)
    return note("same_key", "decide", n=seen.n_replaced, landed=seen.n_landed, key=key)


def _geography(contract: Contract, workspace: Workspace | WorkspaceFile) -> Geography:
    """What is known of places; the settings of a workspace that is only drafted know a box at most."""
    if not is_located(contract.target):
        return Geography()
    if isinstance(workspace, Workspace):
        return Geography.of(workspace)
    return Geography(bbox=workspace.place.bbox)


def _first(raw: Raw) -> Raw:
    return replace(raw, relation=raw.relation.limit(BOUND_ROWS), scan=None)


def _captures(name: str, contract: Contract) -> dict[str, str]:
    if contract.file.capture is None:
        return {}
    found = re.search(contract.file.capture, name)
    if found is None:
        raise fault("name_off_capture", name, pattern=repr(contract.file.capture))
    return {k: v or "" for k, v in found.groupdict().items()}


def _plain(table: pa.Table) -> pa.Table:
    return table.drop_columns([c for c in ("file_id", "loaded_at") if c in table.column_names])


def rows_of(table: pa.Table) -> list[dict[str, Any]]:
    """Rows as dictionaries, for tests and commands."""
    return list(table.to_pylist())
