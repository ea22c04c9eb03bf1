"""A measure of the register as plain values, and the contract for a new one. Dates are local days, money is yuan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from alerts.actions.states import PHASES, Level, Phase, Result, Source, State
from alerts.actions.texts import clean, person

SOON = timedelta(days=3)  # this near to its date a measure is due soon
WHOLE = "city"
MOST_TEXT = 2000
_CODES = r"^[\w.:/, -]*$"  # codes of the program, with commas between them
MATCHED = "matched"  # control: the units that ran most like it before
DEFAULT_DAYS = 28


class Draft(BaseModel):
    """What a new measure says. `source_ref` names what it comes of as `kind:id`; `scope_kind` is one of city, region,
    place, hall, dept, cell or hotspot, and `scope_id` its code. `verify_measure` is looked at over `verify_days` on
    either side of the change, against `control`: "matched", "none" or codes with commas."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: Source
    source_ref: str = Field(default="", max_length=120, pattern=r"^([a-z]{2,10}:[\w.:/-]+)?$")
    level: Level = "ordinary"
    problem: str = Field(min_length=1)
    measure: str = ""
    kind: str = Field(default="other", pattern=r"^[a-z_]{2,24}$")
    scope_kind: str = Field(default=WHOLE, pattern=r"^[a-z]{2,12}$")
    scope_id: str = Field(default="", max_length=60, pattern=_CODES)
    owner_dept: str | None = Field(default=None, max_length=24)
    owner_person: str | None = Field(default=None, max_length=60)
    begins_on: date
    due_on: date
    reply_by: date | None = None
    verify_measure: str = Field(default="M01", pattern=r"^[A-Z0-9_]{2,24}$")
    verify_type: str | None = Field(default=None, max_length=24)
    verify_days: int = Field(default=DEFAULT_DAYS, ge=7, le=366)
    control: str = Field(default=MATCHED, max_length=200, pattern=_CODES)
    cost_yuan: float | None = Field(default=None, ge=0, le=1e10, allow_inf_nan=False)
    is_permanent: bool = False

    @field_validator("problem", "measure")
    @classmethod
    def _is_harmless(cls, value: str) -> str:
        return clean(value, "problem or measure", MOST_TEXT)

    @field_validator("owner_person")
    @classmethod
    def _is_a_number(cls, value: str | None) -> str | None:
        return person(value, "owner_person") if value else None

    @model_validator(mode="after")
    def _dates_follow(self) -> Draft:
        if self.due_on < self.begins_on:
            raise ValueError("is due before it begins")
        if self.source == "instruction" and self.reply_by is None:
            raise ValueError("an instruction needs the date of its reply")
        if not self.problem:
            raise ValueError("says no problem")
        return self


@dataclass(frozen=True)
class Action:
    """A measure as it stands. See `Draft` for what its fields mean; `first_due_on` is before any delay."""

    action_id: str
    source: Source
    source_ref: str
    level: Level
    state: State
    problem: str
    measure: str
    kind: str
    scope_kind: str
    scope_id: str
    owner_dept: str | None
    owner_person: str | None
    raised_by: str
    raised_at: datetime
    begins_on: date
    due_on: date
    first_due_on: date
    reply_by: date | None
    replied_at: datetime | None
    done_on: date | None
    closed_at: datetime | None
    result: Result | None
    result_note: str | None
    verify_measure: str
    verify_type: str | None
    verify_days: int
    control: str
    cost_yuan: float | None
    is_permanent: bool
    revision: int

    @property
    def is_open(self) -> bool:
        return self.state != "closed"

    @property
    def phase(self) -> Phase:
        """The phase of PDCA."""
        return PHASES[self.state]

    @property
    def is_supervised(self) -> bool:
        """督办: under a level above the ordinary one, or because somebody above asked for it."""
        return self.level != "ordinary" or self.source in ("superior", "instruction")

    @property
    def is_delayed(self) -> bool:
        return self.due_on > self.first_due_on

    @property
    def waits_for_reply(self) -> bool:
        """批示待复."""
        return self.source == "instruction" and self.is_open and self.replied_at is None

    def is_overdue(self, today: date) -> bool:
        """Not done although its day has passed; what waits to be verified was done."""
        return self.state in ("waiting", "returned", "doing") and self.due_on < today

    def is_soon(self, today: date) -> bool:
        return self.state in ("waiting", "returned", "doing") and today <= self.due_on <= today + SOON

    def is_unverified(self, today: date) -> bool:
        """Done, and its time to be looked at is over."""
        return self.state == "verifying" and (
            self.done_on is None or self.done_on + timedelta(days=self.verify_days) < today
        )

    def order(self, today: date) -> tuple[Any, ...]:
        """Overdue first, then what nobody has verified in time, then what is worked on, what is still being watched, by
        their day; the closed last, the newest of them first."""
        closed = self.closed_at.timestamp() if self.closed_at else 0.0
        ranks = (self.is_overdue(today), self.is_unverified(today), self.is_open and self.state != "verifying")
        rank = ranks.index(True) if True in ranks else 3 if self.is_open else 4
        return rank, -closed, -("ordinary", "key", "listed").index(self.level), self.due_on, self.action_id


@dataclass(frozen=True)
class Event:
    """One line of the history of a measure: `changes` maps a field to its new value."""

    action_id: str
    revision: int
    happened_at: datetime
    actor: str
    deed: str
    note: str
    changes: dict[str, Any]
