"""The run log: one JSON line for every run and event, in `logs/etl.jsonl`. Texts are scrubbed before they are written.

What a run means for people is said by `status.py`.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from etl.privacy import scrub

LARGEST_BYTES = 4 << 20
KEPT_FILES = 4
TAIL_BYTES = 1 << 20


@dataclass(frozen=True)
class Journal:
    """Structured events of one home. Writers append whole lines, so several processes may write."""

    folder: Path

    @property
    def path(self) -> Path:
        return self.folder / "etl.jsonl"

    def write(self, at: datetime, event: str, **facts: object) -> None:
        """Append one event; `at` is UTC. Values that are texts lose customers' numbers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._turn_over()
        entry = {"at": at.isoformat(timespec="milliseconds"), "event": event, "pid": os.getpid(), **_safe(facts)}
        line = json.dumps(entry, ensure_ascii=False, default=str) + "\n"
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, line.encode())
        finally:
            os.close(descriptor)

    def last(self, event: str, **facts: object) -> dict[str, Any] | None:
        """The newest entry of a kind whose facts are these; None when there is none among the recent ones."""
        wanted = {"event": event, **facts}
        return next((e for e in self._backwards() if wanted.items() <= e.items()), None)

    def _backwards(self) -> Iterator[dict[str, Any]]:
        for path in (self.path, self._older(1)):
            if not path.exists():
                continue
            with path.open("rb") as handle:
                handle.seek(max(0, path.stat().st_size - TAIL_BYTES))
                lines = handle.read().splitlines()
            for line in reversed(lines):
                try:
                    entry = json.loads(line)
                except ValueError:  # cut by a full disk, or by where the tail begins
                    continue
                if isinstance(entry, dict):
                    yield entry

    def _turn_over(self) -> None:
        try:
            if self.path.stat().st_size < LARGEST_BYTES:
                return
        except FileNotFoundError:
            return
        for n in range(KEPT_FILES - 1, 0, -1):
            if self._older(n).exists():
                self._older(n).replace(self._older(n + 1))
        self.path.replace(self._older(1))

    def _older(self, n: int) -> Path:
        return self.folder / f"etl.{n}.jsonl"


def _safe(facts: dict[str, Any]) -> dict[str, Any]:
    texts = {name: value for name, value in facts.items() if isinstance(value, str)}
    plain = scrub(list(texts.values())).to_pylist() if texts else []
    return facts | dict(zip(texts, plain, strict=True))
