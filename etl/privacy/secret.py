"""The secret behind the customer keys: a file of its own, outside every database and every working tree."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

SECRET_BYTES = 32


class SecretError(RuntimeError):
    """The key file cannot be used; the message says why and what to do."""


def load_secret(path: str | os.PathLike[str]) -> bytes:
    """The secret in ``path``; created with 32 random bytes, mode 600, if there is none.

    Creation is atomic: of several processes one wins and all read the same bytes; a kill leaves no half
    file. Group-readable files pass (that is how orchestrators mount secrets); a file others can read, or that
    anyone but the owner can write, raises `SecretError`, as does a short one.
    """
    place = Path(path)
    if not place.exists():
        _create_secret(place)
    mode = place.stat().st_mode
    if not stat.S_ISREG(mode):
        raise SecretError(f"{place}: expected a file holding the customer key secret, found something else")
    if mode & 0o027:
        raise SecretError(
            f"{place}: mode {stat.S_IMODE(mode):03o} lets others read or change the customer key secret; "
            f'run "chmod 600 {place}", and replace the secret if others may have read it'
        )
    secret = place.read_bytes()
    if len(secret) < SECRET_BYTES:
        raise SecretError(
            f"{place}: expected at least {SECRET_BYTES} bytes, got {len(secret)}; restore the file from its "
            "backup (a new secret gives every customer a new key)"
        )
    return secret


def _create_secret(place: Path) -> None:
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{place.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(SECRET_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, place)
        except FileExistsError:
            return
    finally:
        draft.unlink()
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
