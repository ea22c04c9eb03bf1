"""Refused rows on their way out and back, for the command line and the pages: which file, under which name, whole."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import pyarrow as pa
import pyarrow.compute as pc

from etl import corrections
from etl.contract import Contract, read_contracts
from etl.infer.preview import Preview, preview
from etl.register import Outcome, Register, file_id
from etl.sentences import fault
from etl.status import inbox_entries
from etl.withdraw import find
from warehouse.home import Home, fsync_path
from warehouse.lake import Lake
from warehouse.workspace import Workspace

MOST_MIB = 10  # of corrected rows handed in at once
_MOST_SAME = 100  # files that correct one file


def loaded(home: Home, wanted: str) -> Outcome:
    """The loaded file of this name or id. Raises `Problems`."""
    [outcome] = find(Register(Lake(home.lake)).outcomes(), [wanted])
    return outcome


def lies(home: Home, outcome: Outcome) -> list[Path]:
    """Files of the inbox that may be this one, by their size: without reading them."""
    return [p for p in inbox_entries(home) if p.is_file() and p.stat().st_size == outcome.n_bytes]


def original(home: Home, outcome: Outcome) -> Path:
    """Where the file itself still lies, by its content. Raises `Problems` where it does not."""
    path = next((p for p in lies(home, outcome) if file_id(p) == outcome.file_id), None)
    if path is None:
        raise fault("refused_gone", outcome.file_name)
    return path


def contract_of(home: Home, outcome: Outcome) -> Contract:
    """The contract that reads a loaded file as it lies there. Raises `Problems`."""
    [contract] = read_contracts([str(outcome.contract)], home.contracts)
    return corrections.contract_for(contract) if outcome.corrects else contract


def write(home: Home, outcome: Outcome, target: Path) -> int:
    """Write the refused rows of a loaded file, raw, with reason and cure. Returns how many. Raises `Problems`."""
    path, contract = original(home, outcome), contract_of(home, outcome)
    entries = Lake(home.lake).read("quarantine")
    entries = entries.filter(pc.equal(entries["file_id"], outcome.file_id))
    entries = entries.filter(pc.equal(entries["loaded_at"], pa.scalar(outcome.loaded_at, pa.timestamp("us"))))
    with TemporaryDirectory(dir=home.root, prefix=".rejected-") as scratch:
        return corrections.write(path, contract, entries, Path(scratch), target)


def looked_at(home: Home, workspace: Workspace, outcome: Outcome, content: bytes) -> Preview:
    """How corrected rows of a file would land. Nothing is kept. Raises `Problems` where they cannot be read."""
    contract = corrections.contract_for(contract_of(home, outcome))
    with TemporaryDirectory(prefix="lookout-handback-") as folder:
        path = Path(folder) / "corrected.csv"
        path.touch(mode=0o600)
        path.write_bytes(content)
        return preview(
            path, contract, workspace, outcome.loaded_at, name=outcome.file_name, prepare=corrections.unguarded
        )


def check_size(outcome: Outcome, content: bytes) -> None:
    """Raises `Problems` for more than is taken at once."""
    if len(content) > MOST_MIB << 20:
        raise fault("correction_too_large", outcome.file_name, most=MOST_MIB)


def accept(home: Home, outcome: Outcome, content: bytes) -> Path:
    """Put corrected rows into the inbox, whole or not at all; gives where.

    The name is the one `etl rejected` gives, with a number behind the first where that is taken: rows may be corrected
    in several goes. Raises `Problems` for too much, and for what lies there already.
    """
    check_size(outcome, content)
    home.prepare()
    draft = home.inbox / f".{uuid4().hex}.tmp"  # hidden files of the inbox are nobody's
    try:
        draft.touch(mode=0o600)
        with draft.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        return _placed(home, outcome, draft)
    finally:
        draft.unlink(missing_ok=True)


def _placed(home: Home, outcome: Outcome, draft: Path) -> Path:
    mine = file_id(draft)
    for n in range(1, _MOST_SAME):
        target = home.inbox / corrections.file_name(outcome, n)
        try:
            target.hardlink_to(draft)  # unlike a rename it never takes the place of a file
        except FileExistsError:
            if target.is_file() and file_id(target) == mine:
                raise fault("correction_there", target.name) from None
            continue
        fsync_path(home.inbox)
        return target
    raise fault("correction_many", outcome.file_name, n=_MOST_SAME - 1)
