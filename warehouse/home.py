"""Where things are inside one LOOKOUT_HOME. Nothing is written outside it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Home:
    """The folders of one workspace. Creating a `Home` touches nothing; call `prepare` before writing."""

    root: Path

    @classmethod
    def from_environment(cls) -> Home:
        return cls(Path(os.environ.get("LOOKOUT_HOME", "./var")).expanduser().resolve())

    @property
    def workspace_file(self) -> Path:
        return self.root / "workspace.toml"

    @property
    def inbox(self) -> Path:
        return self.root / "inbox"

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def releases(self) -> Path:
        return self.root / "releases"

    @property
    def exports(self) -> Path:
        return self.root / "exports"

    @property
    def reviews(self) -> Path:
        """Sealed issues of the weekly review, a folder a week. Made with the first seal, never written again."""
        return self.root / "reviews"

    @property
    def logs(self) -> Path:
        return self.root / "logs"

    @property
    def contracts(self) -> Path:
        """Contracts of this workspace beside the shipped ones."""
        return self.root / "contracts"

    @property
    def scratch(self) -> Path:
        """Working files of a running load or build; emptied when the next one starts."""
        return self.root / "tmp"

    @property
    def secret_file(self) -> Path:
        """Key of the customer pseudonyms. `LOOKOUT_SECRET_FILE` keeps it on other storage than the data."""
        return Path(os.environ.get("LOOKOUT_SECRET_FILE", str(self.root / "secret.key")))

    @property
    def key_fingerprint_file(self) -> Path:
        """Beside the lake's rows: which secret their customer keys were made with."""
        return self.lake / "customer_key.txt"

    def prepare(self) -> None:
        """Create the folders. Inbox and scratch hold raw numbers, so only the owner may enter them."""
        for folder in (self.lake, self.releases, self.exports, self.logs):
            folder.mkdir(parents=True, exist_ok=True)
        for folder in (self.inbox, self.scratch):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o700)


def fsync_path(path: Path) -> None:
    """Force a file or folder to disk."""
    fd = os.open(path, os.O_RDONLY)
    try:
        os.fsync(fd)
    finally:
        os.close(fd)


def write_atomically(path: Path, text: str) -> None:
    """Replace a small file so that a reader sees the old or the new content, never half of it."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with draft.open("w", encoding="utf-8") as handle:
        handle.write(text)
        handle.flush()
        os.fsync(handle.fileno())
    draft.replace(path)
    fsync_path(path.parent)
