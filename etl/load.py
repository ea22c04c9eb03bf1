"""One file after another from the inbox into the lake: read, clean, quarantine, append, register.

A file is loaded whole or not at all, and a bad file never keeps the others from loading.
"""

from __future__ import annotations

import errno
import os
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from fnmatch import fnmatch
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from etl import corrections, explain, read
from etl.clean import rows_per_line
from etl.contract import Contract
from etl.geo.locate import Geography, Locator, is_located
from etl.keyring import customer_keys
from etl.mixing import Refused, refuse_mixed_shares
from etl.privacy import CustomerKey, scrub
from etl.progress import Advance, counted, nobody
from etl.quarantine import Judged
from etl.register import Outcome, Register, file_id, name_id, shown_name
from etl.scan import Scan
from etl.sentences import fault
from etl.stream import Stream
from etl.tidy import finish_killed
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.problems import Failure, failure
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Loader:
    """Everything a load needs. `loaded_at` is the run's own time; `again` takes back a withdrawal.

    `advance` is told of bytes done with and rows read.
    """

    home: Home
    workspace: Workspace
    contracts: list[Contract]
    loaded_at: datetime
    again: bool = False
    advance: Advance = nobody

    @property
    def lake(self) -> Lake:
        return Lake(self.home.lake)

    @cached_property
    def geography(self) -> Geography:
        return Geography.of(self.workspace)

    def hash_of(self, contract: Contract) -> str:
        """Changes whenever the file must be read again: with the contract, and with the places its rows lie in."""
        places = f"-{self.geography.digest}" if is_located(contract.target) else ""
        return contract.content_hash + places

    def run(self, paths: list[Path], say: Callable[[str], None]) -> list[Outcome]:
        """Load files that are new or whose contract changed. Returns an outcome for each file looked at.

        Raises `Problems` when the secret is not the lake's, `Failure` when the disk is full.
        """
        empty_folder(self.home.scratch)
        keys = customer_keys(self.home)
        register = Register(self.lake)
        results = []
        try:
            finish_killed(self.lake)
            settled, said = register.settled(), register.said()
            for number, path in enumerate(sorted(paths), start=1):
                outcome = self._look(path, settled, keys, say)
                empty_folder(self.home.scratch)
                if isinstance(outcome, str):
                    if outcome:
                        say(f"[{number}/{len(paths)}] {shown_name(path)}: {outcome}")
                    continue
                self._register(register, outcome, path, settled, said)
                results.append(outcome)
                say(f"[{number}/{len(paths)}] {explain.describe(outcome)}")
                self._after_load(path, outcome, say)
        except Exception as error:
            if _is_disk_full(error):
                raise self._disk_full() from None
            raise
        return results

    def _look(
        self, path: Path, settled: dict[str, Outcome], keys: CustomerKey, say: Callable[[str], None]
    ) -> Outcome | str:
        """Load a file, or say in a few words (or none) why there is nothing to do."""
        contract = next((c for c in self.contracts if c.takes(path.name)), None)
        if path.is_dir():
            return "is a folder; move its files into the inbox"
        base: dict[str, Any] = {"file_name": shown_name(path), "loaded_at": self.loaded_at}
        original = self._original(path.name, settled)
        if original is not None:
            contract = next((c for c in self.contracts if c.name == original.contract), None)
            base["corrects"] = original.file_id
        if contract is not None:
            base |= {**_of_contract(contract), "contract_hash": self.hash_of(contract)}
        try:
            stamp = _stamp(path)
            base |= {"file_id": file_id(path), "n_bytes": stamp[0]}
        except OSError as error:
            return Outcome(**base, file_id=name_id(path), state="failed", **explain.why(path, error))
        known = settled.get(base["file_id"])
        if known and known.state == "withdrawn":
            known = None if self.again else known
        if known and (contract is None or known.state == "withdrawn" or known.contract_hash == self.hash_of(contract)):
            self._after_load(path, known, say)
            is_copy = known.state == "loaded" and known.file_name != base["file_name"]
            return f"has the same content as {known.file_name}, which is loaded" if is_copy else ""
        if contract is None:
            return self._not_ours(path, base)
        try:
            if original is None and corrections.corrected_id(path.name):
                raise fault("corrects_nothing", path.name, id=corrections.corrected_id(path.name))
            return self._load(path, stamp, contract, keys, base, original)
        except Exception as error:
            if _is_disk_full(error):
                raise
            self._undo(contract.table, base["file_id"])
            is_refused = isinstance(error, Refused)
            return Outcome(**base, state="failed", is_over_limit=is_refused, **explain.why(path, error))

    def _original(self, name: str, settled: dict[str, Outcome]) -> Outcome | None:
        """The file whose refused rows a file of this name brings back corrected."""
        start = corrections.corrected_id(name)
        return next((o for i, o in settled.items() if i.startswith(start)), None) if start else None

    def _not_ours(self, path: Path, base: dict[str, Any]) -> Outcome:
        """A file that no contract takes: known to belong elsewhere, or unknown."""
        for entry in self.workspace.settings.elsewhere:
            if fnmatch(path.name, entry.pattern):
                return Outcome(**base, state="elsewhere", message=entry.reason.en, message_zh=entry.reason.zh)
        return Outcome(**base, state="unmatched", **explain.said("unmatched"))

    def _load(
        self,
        path: Path,
        stamp: tuple[int, ...],
        contract: Contract,
        keys: CustomerKey,
        base: dict[str, Any],
        original: Outcome | None,
    ) -> Outcome:
        captures = _captures(original.file_name if original else path.name, contract)
        file_on_group = contract.file.file_on or ""
        if original is not None:
            contract = corrections.contract_for(contract)
        stamped = {"file_id": base["file_id"], "loaded_at": self.loaded_at.isoformat()}
        with read.connect(self.home.scratch) as con:
            raw = read.read(path, contract, con, self.home.scratch)
            raw = corrections.unguarded(raw) if original else raw
            refuse_mixed_shares(raw, contract, path.name)
            scan = Scan(contract, raw, captures)
            judged = Judged(contract, base["file_id"], self.loaded_at, rows_per_line=rows_per_line(contract, raw))
            [file_on] = scrub([captures.get(file_on_group, "")]).to_pylist()
            locator = Locator(contract, self.geography if is_located(contract.target) else Geography(), judged)
            stream = Stream(contract, scan, judged, keys, file_on, self.workspace.settings.timezone, locator)
            rows = pa.RecordBatchReader.from_batches(
                contract.target.schema, counted(stream.batches(), path, self.advance)
            )
            try:
                n_landed = self.lake.append(contract.table, rows, stamped)
            except Exception:
                if stream.fault is not None:
                    raise stream.fault from None
                raise
            judged.note_bad_lines(scan.bad_lines(), contract.file.delimiter)
        if _stamp(path) != stamp:
            raise fault("changing", path.name)
        if not judged.adds_up(n_landed):
            raise fault("rows_lost", path.name, n=judged.n_rows, landed=n_landed, refused=judged.n_rejected)
        if judged.n_rows == 0 and not contract.may_be_empty:
            raise fault("no_rows", path.name)
        share = 100 * judged.n_rejected / max(judged.n_rows, 1)
        if judged.n_rejected and share >= contract.quarantine_stop_pct:
            raise explain.too_many_refused(path, judged, share)
        entries = judged.entry_table()
        if entries.num_rows:
            self.lake.append("quarantine", entries, stamped)
        if judged.unmapped:
            self.lake.append("unmapped_value", judged.unmapped_table(), stamped)
        return Outcome(
            **base,
            state="loaded",
            encoding=raw.encoding,
            n_rows=judged.n_rows,
            n_loaded=judged.n_loaded,
            n_rejected=judged.n_rejected,
            n_flagged=judged.n_flagged,
            n_dropped=sum(judged.dropped.values()),
            first_period=stream.first_period,
            last_period=stream.last_period,
            **explain.notes(judged, scan.used or scan.careful, raw),
            is_over_limit=share > contract.quarantine_limit_pct,
        )

    def _register(
        self,
        register: Register,
        outcome: Outcome,
        path: Path,
        settled: dict[str, Outcome],
        said: dict[tuple[str, str], Outcome],
    ) -> None:
        """Make the outcome known, once; a loaded file also settles what was wrong with others of its name."""
        place = (outcome.file_id, outcome.file_name)
        if outcome.state == "loaded":
            mended = [
                replace(o, state="replaced", loaded_at=self.loaded_at, **explain.said("replaced"))
                for o in said.values()
                if o.file_name == outcome.file_name and o.state in ("failed", "unmatched", "elsewhere")
                if o.file_id != outcome.file_id and o.file_id not in settled
            ]
            register.add([outcome, *mended])
            settled |= {o.file_id: o for o in [outcome, *mended]}
            said |= {(o.file_id, o.file_name): o for o in [outcome, *mended]}
            return
        before = said.get(place)
        is_news = before is None or (before.state, before.message) != (outcome.state, outcome.message)
        if is_news and path.exists():
            register.add([outcome])
            said[place] = outcome

    def _after_load(self, path: Path, known: Outcome, say: Callable[[str], None]) -> None:
        """Delete a loaded file where its contract says so; also one that a killed run had only registered."""
        contract = next((c for c in self.contracts if c.name == known.contract), None)
        if known.state != "loaded" or contract is None or contract.after_load != "delete":
            return
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            say(
                f"{shown_name(path)}: is loaded, but cannot be deleted ({error.strerror}); delete it, it holds raw data"
            )

    def _undo(self, table: str, identity: str) -> None:
        """Take back what a load that failed had already appended."""
        for name in (table, "quarantine", "unmapped_value"):
            if self.lake.last_load(name) == (identity, self.loaded_at):
                self.lake.withdraw(name, identity, self.loaded_at)

    def _disk_full(self) -> Failure:
        free = shutil.disk_usage(self.home.root).free
        what = f"the disk is full ({free:,} bytes free)"
        return failure(str(self.home.root), what, "free some space and run again; what was loaded stays")


def empty_folder(folder: Path) -> None:
    """Clear the scratch folder: it holds raw text while a file is read, and after a kill."""
    for entry in folder.iterdir() if folder.exists() else []:
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _of_contract(contract: Contract) -> dict[str, Any]:
    return {
        "contract": contract.name,
        "target_table": contract.table,
        "datum": contract.position.shown_datum if contract.position else None,
        "cadence_hours": contract.cadence_hours,
    }


def _stamp(path: Path) -> tuple[int, ...]:
    """Changes when somebody writes to the file or puts another one in its place."""
    status = path.stat()
    return status.st_size, status.st_mtime_ns, status.st_ino


def _captures(name: str, contract: Contract) -> dict[str, str]:
    if contract.file.capture is None:
        return {}
    found = re.search(contract.file.capture, name)
    if found is None:
        raise fault("name_off_capture", name, pattern=repr(contract.file.capture))
    return {k: v or "" for k, v in found.groupdict().items()}


def _is_disk_full(error: Exception) -> bool:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return True
    return os.strerror(errno.ENOSPC) in str(error)
