"""What `settings.toml` may say, and the numbers it says for one workspace."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = Path(__file__).with_name("settings.toml")
Grade = Literal["A", "B", "C", "D"]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Select(_Part):
    type_l1: str
    grades: list[Grade] = Field(min_length=1)
    urban: list[str]
    window_days: int = Field(ge=7, le=90)
    emergent_days: int = Field(ge=1, le=30)
    weeks: int = Field(ge=1, le=260)
    renew_weeks: int = Field(ge=1, le=52)

    @model_validator(mode="after")
    def _lasts(self) -> Select:
        if self.renew_weeks > self.weeks:
            raise ValueError(f"renew_weeks = {self.renew_weeks} would keep nothing of weeks = {self.weeks}")
        return self


class Zone(_Part):
    """How close is close in town or in the country. Grids are whole numbers of cells of the 50 m grid."""

    eps_m: float = Field(gt=0, le=20_000)
    least: int = Field(ge=2)
    lattice_m: int = Field(ge=50, le=1000, multiple_of=50)
    grid_m: int = Field(ge=50, le=2000, multiple_of=50)

    @model_validator(mode="after")
    def _fits(self) -> Zone:
        if self.lattice_m > self.eps_m / 2:
            raise ValueError(f"lattice_m = {self.lattice_m} is too coarse for eps_m = {self.eps_m:g}; half is the most")
        return self


class Gate(_Part):
    alpha: float = Field(gt=0, lt=1)
    count: int = Field(ge=1)
    keep_alpha: float = Field(gt=0, lt=1)
    keep_count: int = Field(ge=1)
    history_weeks: int = Field(ge=1)
    look_back_weeks: int = Field(ge=1)
    least_history_weeks: int = Field(ge=0)


class Identity(_Part):
    overlap: float = Field(gt=0, le=1)
    centroid_m: float = Field(ge=0)
    gap_weeks: int = Field(ge=1)


class State(_Part):
    worse_ratio: float = Field(ge=1)
    worse_more: int = Field(ge=1)
    easing_ratio: float = Field(gt=0, le=1)
    easing_less: int = Field(ge=1)


class Gi(_Part):
    cell_m: int = Field(ge=50, le=5000, multiple_of=50)
    metres: float = Field(gt=0)
    bin_days: int = Field(ge=7, multiple_of=7)
    bins: int = Field(ge=2)
    least_bins: int = Field(ge=1)
    z: float = Field(gt=0)
    alpha: float = Field(gt=0, lt=1)


class Cells(_Part):
    urban_m: float = Field(gt=0)
    rural_m: float = Field(gt=0)
    bearing_deg: float = Field(gt=0, le=180)
    indoor_m: float = Field(ge=0)
    least: int = Field(ge=1)
    most: int = Field(ge=1)


class Evidence(_Part):
    hours_around: float = Field(gt=0)
    hours_before: float = Field(gt=0)


class Limit(_Part):
    """A figure of radio: from `limit` on it counts for a cause; its badness runs from 0 at `fine` to 1 at `bad`."""

    limit: float
    fine: float
    bad: float

    @model_validator(mode="after")
    def _in_order(self) -> Limit:
        if self.fine == self.bad or not min(self.fine, self.bad) <= self.limit <= max(self.fine, self.bad):
            raise ValueError(f"limit = {self.limit:g} must lie between fine = {self.fine:g} and bad = {self.bad:g}")
        return self

    @property
    def is_bad_when_high(self) -> bool:
        return self.bad > self.fine

    def badness(self, value: float | None) -> float:
        """0 to 1; 0 where nothing was measured."""
        if value is None or value != value:
            return 0.0
        return min(1.0, max(0.0, (value - self.fine) / (self.bad - self.fine)))

    def scores(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """`badness` of each value."""
        return np.nan_to_num(np.clip((values - self.fine) / (self.bad - self.fine), 0.0, 1.0))

    def is_over(self, value: float | None) -> bool:
        """Whether a value counts for a cause. Exactly at the limit it does where high is bad, else it does not."""
        return value is not None and bool(self.over(np.asarray(value, float)))

    def over(self, values: NDArray[np.float64]) -> NDArray[np.bool_]:
        """`is_over` of each value; NaN is not."""
        return np.asarray(values >= self.limit if self.is_bad_when_high else values < self.limit)


class Radio(_Part):
    weak: Limit
    load: Limit
    interference: Limit
    drop: Limit
    access: Limit
    handover: Limit
    outage: Limit


class Cause(_Part):
    tickets: float = Field(gt=0, le=1)
    attempts: int = Field(ge=0)
    samples: int = Field(ge=0)
    onsite_dbm: float
    onsite_least: int = Field(ge=1)
    core_share: float = Field(gt=0, le=1)
    account_share: float = Field(gt=0, le=1)
    terminal_share: float = Field(gt=0, le=1)
    terminal_least: int = Field(ge=1)
    terminal_alpha: float = Field(gt=0, lt=1)
    terminal_lift: float = Field(ge=1)
    outage_alarm: str
    works: list[str]


class Fix(_Part):
    """Kinds of events (as the file of changes names them) that were not done to help a place."""

    not_by: list[str]


class Week(_Part):
    out: float = Field(gt=0, le=1)


class Remedy(_Part):
    """What it costs and the lower and upper share of the excess that it removes: planners' assumptions.

    `months`: how long it lasts, where it is taken away again.
    """

    yuan_10k: float = Field(ge=0)
    share: tuple[float, float]
    months: int | None = Field(default=None, ge=1)


class NeedRules(_Part):
    periods: int = Field(ge=1)
    months: int = Field(ge=1)
    search_m: int = Field(ge=100)
    covers_urban_m: float = Field(gt=0)
    covers_rural_m: float = Field(gt=0)
    remedies: dict[str, Remedy]


class Score(_Part):
    excess: float = Field(ge=0)
    repeat: float = Field(ge=0)
    escalated: float = Field(ge=0)
    radio: float = Field(ge=0)
    vip: float = Field(ge=0)


class Settings(_Part):
    """Everything that decides; see `settings.toml` for what each means."""

    select: Select
    urban: Zone
    rural: Zone
    gate: Gate
    identity: Identity
    state: State
    gi: Gi
    cells: Cells
    evidence: Evidence
    radio: Radio
    week: Week
    cause: Cause
    fix: Fix
    score: Score
    need: NeedRules

    @property
    def back_weeks(self) -> int:
        """How many weeks before a week its result may hang on: its window, the year before, and what was news then."""
        window = -(-max(self.select.window_days, self.select.emergent_days) // 7)
        gi = self.gi.bins * self.gi.bin_days // 7
        return window + max(self.gate.look_back_weeks, gi) + window

    def zone(self, is_urban: bool) -> Zone:
        return self.urban if is_urban else self.rural


@cache
def defaults() -> Settings:
    """What `settings.toml` says."""
    return Settings.model_validate(tomllib.loads(FILE.read_text(encoding="utf-8")))


def settings(changed: Mapping[str, Any]) -> Settings:
    """The defaults with what a workspace changes. Raises ValidationError."""
    return Settings.model_validate(_laid_over(defaults().model_dump(), changed)) if changed else defaults()


def _laid_over(base: dict[str, Any], changed: Mapping[str, Any]) -> dict[str, Any]:
    out = dict(base)
    for name, value in changed.items():
        held = out.get(name)
        out[name] = _laid_over(held, value) if isinstance(held, dict) and isinstance(value, Mapping) else value
    return out
