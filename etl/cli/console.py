"""How a command speaks: lines and a bar for people, one JSON document for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tqdm import tqdm

from etl.privacy import hide_numbers
from warehouse.problems import Problem

DONE, FAILED, USAGE, OVER_LIMIT = 0, 1, 2, 3


@dataclass
class Console:
    """`utc` reads the clock: naive UTC. A bar is drawn only where a person looks on."""

    as_json: bool
    utc: Callable[[], datetime]
    bar: tqdm[Any] | None = None

    def say(self, text: str) -> None:
        """A line for people."""
        if self.as_json:
            return
        if self.bar is not None:
            self.bar.write(text)
        else:
            print(text, flush=True)

    def report(self, data: dict[str, Any], text: str) -> None:
        """What a command ends with."""
        if self.as_json:
            print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
        else:
            self.say(text)

    def problems(self, found: list[Problem]) -> None:
        """Names of files and folders, and values, may be a customer's number: what is printed ends up in a journal."""
        if self.as_json:
            shown = [{part: hide_numbers(getattr(p, part)) for part in ("where", "what", "cure")} for p in found]
            print(json.dumps({"problems": shown}, ensure_ascii=False, indent=2))
        else:
            for one in found:
                print(hide_numbers(str(one)), file=sys.stderr)

    @contextmanager
    def progress(self, n_bytes: int) -> Iterator[Callable[[int, int], None]]:
        """A bar over so many bytes; what it gives is called with bytes done with and rows read since the last call."""
        if self.as_json or not sys.stdout.isatty():
            yield lambda *_: None
            return
        n_rows = 0
        with tqdm(total=n_bytes, unit="B", unit_scale=True, dynamic_ncols=True, file=sys.stdout, leave=False) as bar:
            self.bar = bar

            def advance(n_done: int, n_read: int) -> None:
                nonlocal n_rows
                n_rows += n_read
                bar.set_postfix_str(f"{n_rows:,} rows", refresh=False)
                bar.update(n_done)

            try:
                yield advance
            finally:
                self.bar = None
