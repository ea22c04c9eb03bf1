"""The catalogue of limits (`policies.toml`), validated: what must be done within which time, for which tickets.

How long tickets took and who is late is SQL's business (`models/facts/fact_ticket_clock.sql`, `queries/judge.sql`).
"""

from __future__ import annotations

import re
import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.problems import from_validation, problem
from warehouse.workspace import Words, WorkingHours

FILE = Path(__file__).with_name("policies.toml")
# What must be done -> the reading of `fact_ticket_clock` that ends it.
STAGES = {
    "REG": "REG", "CLS": "CLS", "DSP": "DSP", "APO": "FRS", "FRS": "FRS", "FAC": "INV", "ONS": "INV", "PLN": "PLN",
    "INT": "INT", "RES": "RES", "FBK": "FBK", "SAT": "SAT", "PRG": "PRG", "PROMISE": "FBK", "CALL": "CALL",
}  # fmt: skip
# The customer's clock first, then the stages of a ticket's way.
FINAL = "FBK"
# Selectors and the weight of each, so that no two sets of them weigh the same.
WEIGHTS = {
    "type_code": 64, "type_l1": 32, "priority": 16, "filing": 8, "complexity": 4, "request_kind": 2, "area": 1,
}  # fmt: skip
# The clocks that `models/marts/mart_sla.sql` reads: what ends it, then whether pauses count, working time, its start.
READINGS = frozenset(
    {
        "REG", "CLS", "DSP", "DSP-REG", "FRS", "FRS-DSP", "INV-DSP", "PLN", "PLN-DSP", "INT-DSP", "RES", "FBK",
        "FBK-PAUSED", "FBK-RECEIPT", "FBK-WORK", "FBK-WORK-RECEIPT", "SAT-DSP", "PRG", "PROMISE",
    }
)  # fmt: skip
_SECONDS = {"min": 60, "h": 3600, "d": 86400}
_LIMIT = re.compile(r"([1-9][0-9]*) (min|h|d|workdays)")

Kind = Literal["internal", "whatif", "floor", "promise"]
Clock = Literal["natural", "working"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Limit(_Strict):
    """One row: a stage, the tickets it holds for, and its limit. None as a selector means any."""

    stage: str
    limit: str | None = None
    clock_from: Literal["ACP", "REG", "DSP", "receipt", "promise"] = "ACP"
    pause: bool = False
    not_measured: Words | None = None
    type_code: str | None = None
    type_l1: str | None = None
    priority: Literal["P1", "P2", "P3", "P4"] | None = None
    filing: Literal["outside", "L1", "L2", "L3", "L4"] | None = None
    complexity: Literal["complex", "ordinary"] | None = None
    request_kind: Literal["complaint", "fault"] | None = None
    area: Literal["urban", "rural"] | None = None
    valid_from: date | None = None
    valid_to: date | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Limit:
        if self.stage not in STAGES:
            raise ValueError(f'stage "{self.stage}" is unknown; use one of {", ".join(STAGES)}')
        if (self.limit is None) == (self.not_measured is None):
            raise ValueError("needs either a limit or the reason why it is not measured")
        if self.limit not in (None, "none", "promised") and not _LIMIT.fullmatch(self.limit or ""):
            raise ValueError(
                f'limit "{self.limit}" is not a time; write a number and min, h, d or workdays, such as "24 h"'
            )
        if (self.limit == "promised") != (self.stage == "PROMISE" and self.limit is not None):
            raise ValueError('"promised" is the limit of stage PROMISE, and its only one')
        if self.is_measured and self.reading not in READINGS:
            raise ValueError(f"there is no clock {self.reading}; use one of {', '.join(sorted(READINGS))}")
        for day in (self.valid_from, self.valid_to):
            if day is not None and day.day != 1:
                raise ValueError(f"a row changes with a month; write the first of one, not {day}")
        if self.valid_from and self.valid_to and self.valid_from >= self.valid_to:
            raise ValueError("valid_from must be before valid_to")
        return self

    @property
    def clock(self) -> Clock:
        return "working" if (self.limit or "").endswith("workdays") else "natural"

    @property
    def is_measured(self) -> bool:
        return self.not_measured is None

    @property
    def reading(self) -> str:
        """The clock that this limit is held against, by the names of `READINGS`."""
        if self.limit == "promised":
            return "PROMISE"
        parts = [STAGES[self.stage]]
        parts += ["PAUSED"] if self.pause else []
        parts += ["WORK"] if self.clock == "working" else []
        parts += [self.clock_from.upper()] if self.clock_from != "ACP" else []
        return "-".join(parts)

    def seconds(self, hours: WorkingHours) -> int | None:
        """The limit in seconds of its clock; a working day is as long as the office is open. None: no fixed one."""
        found = _LIMIT.fullmatch(self.limit or "")
        if found is None:
            return None
        begin, finish = hours.seconds()
        unit = finish - begin if found[2] == "workdays" else _SECONDS[found[2]]
        return int(found[1]) * unit

    def selectors(self) -> dict[str, str]:
        return {name: getattr(self, name) for name in WEIGHTS if getattr(self, name) is not None}

    def specificity(self) -> int:
        return sum(WEIGHTS[name] for name in self.selectors())


class Regime(_Strict):
    """A set of limits with one source. `valid_from`, `valid_to` say when it was in force; re-judging ignores them."""

    zh: str
    en: str
    kind: Kind
    source: Words
    valid_from: date | None = None
    valid_to: date | None = None
    rows: list[Limit] = Field(min_length=1)

    @model_validator(mode="after")
    def _no_two_rows_for_one_ticket(self) -> Regime:
        for at, row in enumerate(self.rows):
            for other in self.rows[at + 1 :]:
                if row.stage == other.stage and row.selectors() == other.selectors() and _overlap(row, other):
                    what = ", ".join(f"{k} {v}" for k, v in row.selectors().items()) or "all tickets"
                    raise ValueError(f"two rows limit {row.stage} of {what} at the same time; keep one")
        return self

    def name(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


class Reason(_Strict):
    """A reason for which a clock may stop, and the words of a suspension that name it."""

    id: str
    zh: str
    en: str
    words: str

    @model_validator(mode="after")
    def _is_a_pattern(self) -> Reason:
        try:
            re.compile(self.words)
        except re.error as error:
            raise ValueError(f'words "{self.words}" is no pattern ({error})') from None
        return self


class Pauses(_Strict):
    """Which waiting counts, and how much of it at most."""

    cap: str = Field(pattern=r"^[1-9][0-9]* d$")
    reasons: list[Reason]

    @property
    def cap_s(self) -> int:
        return int(self.cap.split()[0]) * 86400


class Catalogue(_Strict):
    """`policies.toml` as written."""

    pauses: Pauses
    regimes: dict[str, Regime]


def read(path: Path) -> Catalogue:
    """The catalogue of a file; raises `Problems` with every fault in it."""
    try:
        raw: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise problem(str(path), f"is not valid TOML ({error})", "correct the line named") from None
    try:
        return Catalogue.model_validate(raw)
    except ValidationError as error:
        raise from_validation(error, path.name) from None


@cache
def catalogue() -> Catalogue:
    """The catalogue that came with the product."""
    return read(FILE)


def regimes() -> dict[str, Regime]:
    """Every regime by id, in the order of the file."""
    return catalogue().regimes


def _overlap(a: Limit, b: Limit) -> bool:
    """Whether some day of acceptance knows both rows."""
    first = max(a.valid_from or date.min, b.valid_from or date.min)
    return first < min(a.valid_to or date.max, b.valid_to or date.max)
