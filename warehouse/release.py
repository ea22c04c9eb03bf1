"""The folder of releases and its pointer: which is read, going back, keeping. Making one is `build.py`'s business."""

from __future__ import annotations

import fcntl
import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb

from warehouse import layers
from warehouse.content import Content, Contents
from warehouse.home import fsync_path, write_atomically
from warehouse.problems import problem

KEEP_LAST, KEEP_WEEKS = 10, 12
# A release up to this size is copied and changed; what changes on a larger one goes into a file laid on top of it.
LAYER_FROM_BYTES = 128 << 20
LARGEST_SHARE_ABOVE, LITTLE_BYTES = 0.5, 64 << 20
DRAFT = ".draft.duckdb"


class Releases:
    """The folder of releases and its pointer."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @property
    def pointer(self) -> Path:
        return self.root / "CURRENT"

    def current(self) -> str | None:
        """Id of the release that pages read; None before the first one."""
        try:
            name = self.pointer.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            return None
        return name if self.path(name).exists() else None

    def path(self, release: str) -> Path:
        return self.root / f"{release}.duckdb"

    def all(self) -> list[str]:
        """Ids, newest first."""
        found = [p for p in self.root.glob("*.duckdb") if not p.name.startswith(".")]
        return [p.stem for p in sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name), reverse=True)]

    def use(self, release: str) -> None:
        """Point at another release. Raises `Problems` when it does not exist."""
        known = self.all()
        if release not in known:
            choice = ", ".join(known[:5]) or "none"
            raise problem(str(self.root), f"there is no release {release!r}", f"choose one of {choice}")
        write_atomically(self.pointer, release + "\n")

    def info(self, release: str) -> dict[str, Any]:
        """The `release_info` row of a release."""
        with duckdb.connect(str(self.path(release)), read_only=True) as con:
            row = con.execute("select * from release_info").fetchone()
            assert row is not None
            names = [d[0] for d in con.description]
        return dict(zip(names, row, strict=True))

    def states(self) -> list[dict[str, Any]]:
        """What every release was made from (`build.state_of`); broken ones left out."""
        found = []
        for name in self.all():
            try:
                found.append(json.loads(self.info(name)["state"]))
            except duckdb.Error:
                continue
        return found

    # --- what only a build does, under the writer's lock ---------------------------------------------------

    @property
    def draft(self) -> Path:
        """Where a release is built; never read by anybody."""
        return self.root / DRAFT

    def begin(self, release: str, layer_from_bytes: int) -> Path | None:
        """Prepare the draft of a release like `release`: a copy of its file; of a large one nothing is copied, and the
        path to lay the draft on is returned.
        """
        path = self.path(release)
        if path.stat().st_size >= layer_from_bytes:
            return path
        shutil.copyfile(path, self.draft)
        self.draft.chmod(0o600)
        return None

    def is_tall(self, release: str, layer_from_bytes: int) -> bool:
        """Whether a release is better made anew than laid on: with much above its lowest file, or one missing."""
        if self.path(release).stat().st_size < layer_from_bytes:
            return False
        paths = [self.path(name) for name in [*self._below(release), release]]
        if not all(path.exists() for path in paths):
            return True
        lowest, *above = [path.stat().st_size for path in paths]
        return sum(above) > max(LARGEST_SHARE_ABOVE * lowest, LITTLE_BYTES)

    def contents(self, release: str) -> Contents:
        """What a release says of its tables and checks."""
        with duckdb.connect(str(self.path(release)), read_only=True) as con:
            tables = con.table("release_table").select("table_name, n_rows, content_hash").fetchall()
            checks = con.table("release_check").select("check_name, n_shown").fetchall()
            steps = con.table("release_made").select("step_name, digest").fetchall()
        return Contents({name: Content(n, int(total)) for name, n, total in tables}, dict(checks), dict(steps))

    def _below(self, release: str) -> list[str]:
        try:
            return layers.files_below(self.path(release))
        except duckdb.Error:  # broken: it keeps nothing alive, and nothing is laid on it
            return []

    def drop_draft(self) -> None:
        """Remove what a killed or failed build left."""
        for path in self.root.glob(f"{DRAFT}*"):
            path.unlink()

    def free_name(self, base: str) -> str:
        """`base`, or `base-2`, `base-3` when it is taken."""
        taken = set(self.all())
        names = [base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))]
        return next(n for n in names if n not in taken)

    def publish(self, name: str) -> None:
        """Turn the draft into a release and point at it. Killed in between, the old release stays current."""
        fsync_path(self.draft)
        self.draft.chmod(0o444)
        self.draft.rename(self.path(name))
        fsync_path(self.root)
        self.use(name)

    def sweep(self, built_at: datetime) -> list[str]:
        """Remove releases beyond the last ten and one a week for twelve weeks, unless a reader holds them.

        `built_at` is naive UTC. Returns the ids removed.
        """
        names = self.all()
        keep = {*names[:KEEP_LAST], self.current()}
        weeks: set[tuple[int, int]] = set()
        for name in names:
            made = datetime.fromtimestamp(self.path(name).stat().st_mtime, UTC).replace(tzinfo=None)
            week = made.isocalendar()[:2]
            if built_at - made < timedelta(weeks=KEEP_WEEKS) and week not in weeks:
                weeks.add(week)
                keep.add(name)
        gone = [n for n in names if n not in keep]
        if gone:
            keep |= {below for n in keep if n is not None for below in self._below(n)}
        gone = [n for n in gone if n not in keep and not _is_held(self.path(n))]
        for name in gone:
            self.path(name).unlink()
        return gone


def _is_held(path: Path) -> bool:
    """Whether another process has the file open: DuckDB's readers hold a shared lock."""
    path.chmod(0o600)
    try:
        with path.open("rb+") as handle:
            fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return True
    finally:
        path.chmod(0o444)
    return False
