"""Earlier registers in CSV that are taken over: measures, trainings, meetings. Lines in, records or every fault out."""

from __future__ import annotations

import csv
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from warehouse.problems import Problem, Problems, from_validation, problem

R = TypeVar("R")


@dataclass
class Taken:
    """What came of a register: records that are new, and those that were there."""

    n_new: int = 0
    n_known: int = 0


def has_column(path: Path, encoding: str, name: str) -> bool:
    """Whether the first line of a file names a column."""
    try:
        with path.open(encoding=encoding, newline="") as file:
            return name in next(csv.reader(file), [])
    except (OSError, UnicodeDecodeError, csv.Error):
        return False


def rows(path: Path, told: Mapping[str, Any]) -> list[dict[str, str]]:
    """The rows of a file under our names, as `told` (encoding, columns) says. Raises `Problems`."""
    try:
        with path.open(encoding=told["encoding"], newline="") as file:
            reader = csv.DictReader(file)
            missing = [c for c in told["columns"].values() if c not in (reader.fieldnames or ())]
            if missing:
                raise problem(path.name, f"has no column {', '.join(missing)}", "export it with all its columns")
            found = list(reader)
    except (OSError, UnicodeDecodeError, csv.Error):
        raise problem(path.name, "cannot be read", "name a register in CSV, UTF-8") from None
    return [{ours: (row[theirs] or "").strip() for ours, theirs in told["columns"].items()} for row in found]


def records(path: Path, told: Mapping[str, Any], one: Callable[[Mapping[str, str]], R], key: str, what: str) -> list[R]:
    """What `one` makes of each row; its attribute `key`, called `what` in a fault, may stand once only.

    `one` raises ValueError or `Problems`, which never repeat what stands in the line. Raises `Problems` with the
    faults of all lines.
    """
    faults: list[Problem] = []
    found: dict[str, R] = {}
    for line, row in enumerate(rows(path, told), start=2):
        where = f"{path.name} line {line}"
        try:
            record = one(row)
        except ValidationError as error:
            told_of = from_validation(error, where).problems
            faults += [Problem(where, p.what.split(" (came:")[0], p.cure) for p in told_of]
        except Problems as error:
            faults += [Problem(where, p.what, p.cure) for p in error.problems]
        except ValueError as error:
            cure = "correct that line, or teach the format beside the program its words"
            faults.append(Problem(where, f"cannot be read: {error}", cure))
        else:
            name = str(getattr(record, key))
            if name in found:
                faults.append(Problem(where, f"has the {what} {name} again", "keep one of them"))
            found[name] = record
    if faults:
        raise Problems(faults)
    return list(found.values())
