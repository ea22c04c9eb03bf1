"""Which secret a home's customer keys are made with, where it may lie, and how another one takes its place.

The secret and its keys as such are `privacy`'s. What a rotation means to the owner of the data: docs/privacy.md.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from etl.privacy import CustomerKey, load_secret
from etl.register import Outcome, Register, file_id
from etl.sentences import fault
from etl.status import inbox_entries
from warehouse.home import Home, fsync_path, write_atomically
from warehouse.lake import Lake
from warehouse.problems import Problems, problem

KEY_CURE = "restore the secret from its backup; another one would split every customer in two"
MAPPING_HEADER = "old_key,new_key"


@dataclass(frozen=True)
class Rotation:
    """What a rotation did. Secrets are named by their fingerprints; `n_files` wait to be loaded anew."""

    old: str
    new: str
    old_secret: Path
    old_lake: Path
    n_files: int
    n_mapped: int

    def lines(self) -> list[str]:
        """What happened and what is left to do, for a person."""
        mapped = [f"{self.n_mapped:,} keys written for the owner of the data only"] if self.n_mapped else []
        return [
            f"the secret {self.old} is replaced by {self.new}",
            *mapped,
            f"next: python -m etl load ({self.n_files:,} files), then python -m warehouse build",
            f"then delete {self.old_lake.name}, {self.old_secret.name} and older releases: they hold the old keys",
        ]


def customer_keys(home: Home) -> CustomerKey:
    """The key maker of this home; its secret is created on the first run.

    Raises `Problems` when the secret is not the one the lake's keys were made with, or lies where others get it.
    """
    _refuse_place(home)
    mark = home.key_fingerprint_file
    _finish_killed(home)
    known = mark.read_text(encoding="utf-8").strip() if mark.exists() else None
    if known and not home.secret_file.exists():
        what = f"is missing; the lake's customer keys were made with the secret {known}"
        raise problem(str(home.secret_file), what, KEY_CURE)
    keys = CustomerKey(load_secret(home.secret_file))
    if known is None:
        write_atomically(mark, keys.fingerprint + "\n")
    elif known != keys.fingerprint:
        what = f"holds the secret {keys.fingerprint}; the lake's customer keys were made with {known}"
        raise problem(str(home.secret_file), what, KEY_CURE)
    return keys


def rotate(home: Home, numbers: Path | None = None, mapping: Path | None = None) -> Rotation:
    """Put a new secret in place of the old one and set the lake aside; the inbox is then loaded anew.

    `numbers` is a list of the owner of the data, one number or account per line; `mapping` is then written for
    the owner, old key to new key, mode 600, without the numbers. Nothing is thrown away, and files that were
    withdrawn stay withdrawn. A kill before the new secret is in place is as if nothing had happened: the next
    load puts the old lake back.
    Raises `Problems` before anything is changed when a loaded file is no longer in the inbox.
    """
    old = customer_keys(home)
    settled = list(Register(Lake(home.lake)).settled().values())
    loaded = [o for o in settled if o.state == "loaded"]
    _refuse_if_files_are_gone(home, loaded)
    draft = home.secret_file.with_name(f"{home.secret_file.name}.new")
    draft.unlink(missing_ok=True)
    new = CustomerKey(load_secret(draft))
    n_mapped = _write_mapping(home, old, new, numbers, mapping) if numbers and mapping else 0
    old_lake = home.lake.with_name(f"{home.lake.name}.{old.fingerprint}")
    old_secret = home.secret_file.with_name(f"{home.secret_file.name}.{old.fingerprint}")
    if old_lake.exists():
        raise fault("rotated_before", str(old_lake))
    old_secret.unlink(missing_ok=True)  # a copy of the secret in place: its name is the fingerprint
    next_lake = home.lake.with_name(f"{home.lake.name}.new")
    shutil.rmtree(next_lake, ignore_errors=True)
    next_lake.mkdir()
    Register(Lake(next_lake)).add([o for o in settled if o.state == "withdrawn"])
    write_atomically(next_lake / home.key_fingerprint_file.name, new.fingerprint + "\n")
    # The lake goes first and comes last: its fingerprint is with it, so no secret ever meets keys of another.
    os.link(home.secret_file, old_secret)
    home.lake.rename(old_lake)
    draft.replace(home.secret_file)
    next_lake.rename(home.lake)
    for folder in {home.secret_file.parent, home.lake.parent}:
        fsync_path(folder)
    return Rotation(old.fingerprint, new.fingerprint, old_secret, old_lake, len(loaded), n_mapped)


def _finish_killed(home: Home) -> None:
    """A rotation that was killed half-way: the lake that belongs to the secret in place is put back in its place."""
    is_there = home.key_fingerprint_file.exists()
    if is_there or not home.secret_file.exists():
        return
    fingerprint = CustomerKey(load_secret(home.secret_file)).fingerprint
    for name in (fingerprint, "new"):
        aside = home.lake.with_name(f"{home.lake.name}.{name}")
        mark = aside / home.key_fingerprint_file.name
        if mark.exists() and mark.read_text(encoding="utf-8").strip() == fingerprint:
            if home.lake.exists():
                home.lake.rmdir()
            aside.rename(home.lake)
            home.secret_file.with_name(f"{home.secret_file.name}.{fingerprint}").unlink(missing_ok=True)
            return


def _refuse_if_files_are_gone(home: Home, loaded: list[Outcome]) -> None:
    """The lake can only be made anew when the inbox still holds all loaded files."""
    there = {file_id(p) for p in inbox_entries(home) if p.is_file()} if loaded else set()
    gone = [fault("rotation_needs_file", o.file_name).problems[0] for o in loaded if o.file_id not in there]
    if gone:
        raise Problems(gone)


def _write_mapping(home: Home, old: CustomerKey, new: CustomerKey, numbers: Path, mapping: Path) -> int:
    """Rows written. The file must not lie in the home: who has both can follow a customer through a rotation."""
    if mapping.resolve().is_relative_to(home.root.resolve()):
        raise fault("mapping_in_home", str(mapping))
    if mapping.exists():
        raise fault("mapping_exists", str(mapping))
    try:
        lines = dict.fromkeys(line.strip() for line in numbers.read_text(encoding="utf-8-sig").splitlines())
    except UnicodeDecodeError:
        raise fault("numbers_not_utf8", str(numbers)) from None
    pairs = dict.fromkeys((old.key(line), new.key(line)) for line in lines if line)
    handle = os.open(mapping, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write("\n".join([MAPPING_HEADER, *(f"{before},{after}" for before, after in pairs), ""]))
    return len(pairs)


def _refuse_place(home: Home) -> None:
    """Not among the data, where a copy of the lake would carry it along, and not in anybody's repository."""
    place = home.secret_file.expanduser().absolute()
    for folder in (
        home.lake,
        home.releases,
        home.exports,
        home.inbox,
        home.logs,
        home.contracts,
        home.root / "corrections",
    ):
        if place.is_relative_to(folder.absolute()):
            raise fault("secret_among_data", str(place), folder=folder.name)
    tree = next((p for p in place.parents if (p / ".git").exists()), None)
    if tree is not None and _would_be_committed(tree, place):
        raise fault("secret_in_repository", str(place), tree=str(tree))


def _would_be_committed(tree: Path, place: Path) -> bool:
    """Whether git would take the file. Without git on this machine nothing here can commit it."""
    try:
        asked = subprocess.run(
            ["git", "-C", str(tree), "check-ignore", "-q", "--", str(place)], capture_output=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return asked.returncode == 1
