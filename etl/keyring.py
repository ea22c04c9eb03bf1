"""Which secret a home's customer keys are made with, where it may lie, and how another one takes its place.

The secret and its keys as such are `privacy`'s. What a rotation means to the owner of the data: docs/privacy.md.
"""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from etl.privacy import CustomerKey, load_secret
from etl.register import Register, file_id
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


def customer_keys(home: Home) -> CustomerKey:
    """The key maker of this home; its secret is created on the first run.

    Raises `Problems` when the secret is not the one the lake's keys were made with, or lies where others get it.
    """
    _refuse_place(home)
    mark = home.key_fingerprint_file
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
    the owner, old key to new key, mode 600, without the numbers. Nothing is thrown away. A kill leaves either
    the old secret with the old lake, or a home without a lake: rotate again, or move the old lake back.
    Raises `Problems` before anything is changed when a loaded file is no longer in the inbox.
    """
    old = customer_keys(home)
    n_files = _refuse_if_files_are_gone(home)
    draft = home.secret_file.with_name(f"{home.secret_file.name}.new")
    draft.unlink(missing_ok=True)
    new = CustomerKey(load_secret(draft))
    n_mapped = _write_mapping(home, old, new, numbers, mapping) if numbers and mapping else 0
    old_lake = home.lake.with_name(f"{home.lake.name}.{old.fingerprint}")
    old_secret = home.secret_file.with_name(f"{home.secret_file.name}.{old.fingerprint}")
    if old_lake.exists() or old_secret.exists():
        raise fault("rotated_before", str(old_lake if old_lake.exists() else old_secret))
    # The lake first: its fingerprint goes with it, so at no moment does a secret meet keys of another.
    home.lake.rename(old_lake)
    os.link(home.secret_file, old_secret)
    draft.replace(home.secret_file)
    fsync_path(home.secret_file.parent)
    home.prepare()
    write_atomically(home.key_fingerprint_file, new.fingerprint + "\n")
    return Rotation(old.fingerprint, new.fingerprint, old_secret, old_lake, n_files, n_mapped)


def _refuse_if_files_are_gone(home: Home) -> int:
    """How many loaded files the inbox still holds; the lake can only be made anew from all of them."""
    loaded = [o for o in Register(Lake(home.lake)).settled().values() if o.state == "loaded"]
    there = {file_id(p) for p in inbox_entries(home) if p.is_file()} if loaded else set()
    gone = [fault("rotation_needs_file", o.file_name).problems[0] for o in loaded if o.file_id not in there]
    if gone:
        raise Problems(gone)
    return len(loaded)


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
    for folder in (home.lake, home.releases, home.exports, home.inbox, home.logs, home.contracts):
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
