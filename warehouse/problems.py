"""One way to say what is wrong: where, what was expected, what came, what to do.

No exception types of single modules belong here; a module that must stop raises `Problems` with everything it found.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pydantic import ValidationError


@dataclass(frozen=True, order=True)
class Problem:
    """One fault. `where` names file and place, `what` the fault with what came, `cure` the next step.

    Faults that a page shows are given in Chinese too.
    """

    where: str
    what: str
    cure: str = ""
    what_zh: str = ""
    cure_zh: str = ""

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.what}"
        return f"{sentence}; {self.cure}." if self.cure else f"{sentence}."

    def in_chinese(self) -> str:
        """The same sentence in Chinese; in English where nobody translated it."""
        if not self.what_zh:
            return str(self)
        sentence = f"{self.where}：{self.what_zh}"
        return f"{sentence}；{self.cure_zh}。" if self.cure_zh else f"{sentence}。"


class Problems(Exception):
    """All faults found in one go, so that a person mends a file once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems: list[Problem] = list(problems)
        super().__init__("\n".join(str(p) for p in self.problems))

    def in_chinese(self) -> str:
        return "\n".join(p.in_chinese() for p in self.problems)


class Failure(Problems):
    """The command was right and could not be carried out: disk full, another writer. Ends with exit code 1, not 2."""


def failure(where: str, what: str, cure: str = "") -> Failure:
    """A single reason why a correct command failed, ready to raise."""
    return Failure([Problem(where, what, cure)])


def problem(where: str, what: str, cure: str = "") -> Problems:
    """A single fault, ready to raise."""
    return Problems([Problem(where, what, cure)])


_CURES = {
    "missing": "add it",
    "extra_forbidden": "remove it or correct its spelling",
}


def from_validation(error: ValidationError, where: str) -> Problems:
    """Every fault of a pydantic validation as a sentence in our form."""
    found = []
    for item in error.errors():
        place = _path(item["loc"])
        kind = item["type"]
        if kind == "missing":
            what = f"{place} is missing"
        elif kind == "extra_forbidden":
            what = f"{place} is not a known setting"
        else:
            came = item.get("input")
            shown = "" if isinstance(came, (dict, list)) else f" (came: {came!r})"
            message = item["msg"].removeprefix("Value error, ").rstrip(".")
            what = f"{place}: {message}{shown}"
        found.append(Problem(where, what, _CURES.get(kind, "")))
    return Problems(found)


def _path(loc: Sequence[str | int]) -> str:
    return ".".join(str(part) for part in loc) or "file"
