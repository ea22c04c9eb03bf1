"""One pull: the select's new and changed rows into a typed Parquet file in the inbox, whole or not at all."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq

from etl.contract import Contract
from etl.query import mark as marks
from etl.query.address import address, engine_for
from etl.query.failures import failure_of
from etl.query.mark import Mark, Point, digest
from etl.query.statement import statement
from etl.query.values import batch, common_schema
from etl.query.watchdog import Watchdog
from etl.read.header import unique
from etl.sentences import fault
from warehouse.home import Home, fsync_path
from warehouse.problems import Problems

DISK_FAULTS = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS, errno.EIO)
GRACE_SECONDS = 3.0  # the server's own time limit comes first, because it says more


@dataclass(frozen=True)
class Pulled:
    """What a pull came to. `n_known` rows had been taken before; without news `file_name` is None."""

    name: str
    n_rows: int
    n_known: int
    file_name: str | None
    since: Point | None
    until: datetime


def pull(
    home: Home, contract: Contract, timezone: str, now: datetime, secret: bytes, since: Point | None = None
) -> Pulled:
    """Write what is new since the last pull into the inbox. `now` has an offset; `since` begins anew from there.

    Raises `Problems` when the contract's query cannot be asked at all, `Failure` when the database does not answer
    it. Then nothing is written and the next pull begins where this one would have.
    """
    assert contract.query is not None
    zone = contract.time.zone or timezone
    until = now.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
    known = marks.read_mark(home, contract) if since is None else Mark()
    first = marks.begin(contract.query, known) if since is None else since
    course = _Course(contract, known, first, until, secret)
    with _spool(home, contract.name) as spool:
        _fetch(contract, home, zone, course, spool)
        spool.close()
        is_news = spool.n_rows > 0 and course.is_news()
        name = _publish(home, contract, spool, until) if is_news else None
    marks.write_mark(home, contract, course.mark())
    shown = first if contract.query.since_column else None
    return Pulled(contract.name, spool.n_rows if is_news else 0, course.n_known, name, shown, until)


class _Course:
    """What one pull has seen so far."""

    def __init__(self, contract: Contract, known: Mark, first: Point, until: datetime, secret: bytes) -> None:
        assert contract.query is not None
        self._contract, self._shape, self._secret = contract, contract.query, secret
        self._known, self.until = known, until
        self.first = first
        self._newest = known.newest
        self._met: list[tuple[Point | None, str]] = []
        self._chain = ""
        self.n_known = 0

    def fresh(self, names: list[str], rows: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        """The rows not taken before."""
        if self._shape.since_column is None:
            for row in rows:
                self._chain = digest(self._secret, (self._chain, *row))
            return list(rows)
        at = _position(self._contract, names)
        found = []
        for row in rows:
            point = _point(self._contract, row[at], self.until)
            if point is not None:
                self._newest = marks.later(self._newest, point)
            key = digest(self._secret, tuple(row))
            self._met.append((point, key))
            if key in self._known.taken:
                self.n_known += 1
            else:
                found.append(row)
        if self._newest is not None:  # only what the next pull meets again is worth remembering
            edge = marks.behind(self._shape, self._newest)
            self._met = [(p, key) for p, key in self._met if p is not None and marks.later(p, edge) == p]
        return found

    def is_news(self) -> bool:
        """Without a since column everything is taken each time; the same as last time is no news."""
        return self._shape.since_column is not None or self._chain not in self._known.taken

    def mark(self) -> Mark:
        taken = {key for _, key in self._met} if self._shape.since_column else {self._chain}
        return Mark(self._newest, frozenset(taken), self.until)


def _position(contract: Contract, names: list[str]) -> int:
    assert contract.query is not None
    try:
        return [n.casefold() for n in names].index(str(contract.query.since_column).casefold())
    except ValueError:
        raise fault("query_no_since_column", contract.name, column=contract.query.since_column) from None


def _point(contract: Contract, value: Any, until: datetime) -> Point | None:
    """A row's place in the course of things. A date beyond this pull must not hide the rows that come before it."""
    assert contract.query is not None
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            value = object()
    if value is None:
        return None
    if isinstance(value, datetime):
        return min(value.replace(tzinfo=None), until)
    if hasattr(value, "year") and hasattr(value, "day"):
        return min(datetime(value.year, value.month, value.day), until)
    try:
        return int(value)
    except (TypeError, ValueError, OverflowError):
        raise fault("query_odd_since", contract.name, column=contract.query.since_column) from None


class _Spool:
    """Batches as they came; a batch of other types begins a new file."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._writer: pq.ParquetWriter | None = None
        self.files: list[Path] = []
        self.schemas: list[pa.Schema] = []
        self.n_rows = 0

    def add(self, table: pa.Table) -> None:
        if self._writer is None or self.schemas[-1] != table.schema:
            self.close()
            path = self._folder / f".{self._name}.{len(self.files):06d}.part"
            _create_private(path)
            self._writer = pq.ParquetWriter(path, table.schema)
            self.files.append(path)
            self.schemas.append(table.schema)
        self._writer.write_table(table)
        self.n_rows += table.num_rows

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None


@contextmanager
def _spool(home: Home, name: str) -> Iterator[_Spool]:
    """A spool that leaves nothing behind, not even what a killed pull had left."""
    folder = marks.folder(home)
    for old in [*folder.glob(f".{name}.*.part"), *home.inbox.glob(f".{name}.pull-*.part")]:
        old.unlink()
    spool = _Spool(folder, name)
    try:
        yield spool
    finally:
        spool.close()
        for path in spool.files:
            path.unlink(missing_ok=True)


def _fetch(contract: Contract, home: Home, zone: str, course: _Course, spool: _Spool) -> None:
    """Rows from the database into the spool, all or a `Failure`."""
    assert contract.query is not None
    select, url = statement(contract), address(contract, home)
    engine = engine_for(contract, url, zone)
    bounds: dict[str, Any] = {"since": course.first, "until": course.until}
    if url.get_backend_name() == "sqlite":  # it keeps times as text
        bounds = {k: str(v) if isinstance(v, datetime) else v for k, v in bounds.items()}
    seconds, watchdog, is_connected = contract.query.timeout_seconds, None, False
    try:
        with engine.connect() as connection:
            is_connected = True
            driver = connection.connection.dbapi_connection
            grace = 0.0 if url.get_backend_name() == "sqlite" else GRACE_SECONDS
            with Watchdog(driver, seconds + grace) as watchdog:
                names_of = set(select.compile().params)
                streamed = connection.execution_options(stream_results=True, yield_per=contract.query.batch_rows)
                result = streamed.execute(select, {k: v for k, v in bounds.items() if k in names_of})
                names = unique(list(result.keys()))
                for rows in result.partitions():
                    if watchdog.has_bitten:
                        raise TimeoutError("timed out")
                    fresh = course.fresh(names, rows)
                    if fresh:
                        spool.add(batch(names, fresh, ZoneInfo(zone)))
    except Problems:
        raise
    except Exception as error:  # drivers raise their own types too
        if isinstance(error, OSError) and error.errno in DISK_FAULTS:
            raise
        cause = TimeoutError("timed out") if watchdog is not None and watchdog.has_bitten else error
        raise failure_of(contract.name, url, cause, is_connected, seconds) from None
    finally:
        engine.dispose()


def _publish(home: Home, contract: Contract, spool: _Spool, until: datetime) -> str:
    """Put the rows into the inbox under a name that says contract and time. Returns the name."""
    schema = common_schema(spool.schemas)
    stem = f"{contract.name}.pull-{until:%Y%m%dT%H%M%S}"
    name, n = f"{stem}.parquet", 1
    while (home.inbox / name).exists():
        n += 1
        name = f"{stem}-{n}.parquet"
    draft = home.inbox / f".{name}.part"
    _create_private(draft)
    try:
        with pq.ParquetWriter(draft, schema) as writer:
            for path in spool.files:
                for found in pq.ParquetFile(path).iter_batches():
                    writer.write_table(pa.Table.from_batches([found]).cast(schema, safe=False))
        fsync_path(draft)
        draft.replace(home.inbox / name)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    fsync_path(home.inbox)
    return name


def _create_private(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
    path.chmod(0o600)
