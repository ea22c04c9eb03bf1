"""What `[[subscription]]` of workspace.toml says: who gets which papers of the weekly review, and when.

The address holds a secret, so the file only names the variable that has it.
"""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from warehouse.viewer import Viewer

Kind = Literal["bulletin", "minutes", "orders", "slides", "workbook", "page", "morning"]


class Subscription(BaseModel):
    """One subscriber. `what`: the files as attachments, or the week's findings as text, for work groups that take none.

    `role` is whose figures they are, so only roles that may see papers are taken; `regions` and `departments`, by their
    codes, confine them as they confine a viewer of the pages, and without them they are those of the whole city.
    Whatever the role, groups of few customers are hidden: papers are passed on. `weekday` (1 is Monday) and `at` are
    local, in the week after the one reported. `sealed_only` waits for the
    seal of the numbers (数字定版).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")
    url_env: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    what: Literal["pack", "digest"] = "pack"
    files: list[Kind] = Field(default=["bulletin", "slides", "workbook", "page"], min_length=1)
    role: Literal["manager", "supervisor", "analyst"] = "manager"
    regions: list[str] | None = None
    departments: list[str] | None = None
    language: Literal["zh", "en"] = "zh"
    weekday: int = Field(default=1, ge=1, le=7)
    at: time = time(8, 30)
    sealed_only: bool = False

    @field_validator("regions", "departments")
    @classmethod
    def _names_some(cls, value: list[str] | None) -> list[str] | None:
        if value is not None and not value:
            raise ValueError("names none; leave it out for the whole city, or name at least one code")
        if value is not None and len(set(value)) < len(value):
            raise ValueError("names one code twice; name each once")
        return value

    @model_validator(mode="after")
    def _has_its_files(self) -> Subscription:
        if self.viewer.is_limited and "minutes" in self.files:
            raise ValueError(
                "the minutes are of the whole meeting and have no part for one district or department; "
                'take "minutes" out of files, or take regions and departments out'
            )
        return self

    @property
    def viewer(self) -> Viewer:
        """Who reads the papers: figures only, within the limits."""
        limits = (None if codes is None else frozenset(codes) for codes in (self.regions, self.departments))
        return Viewer.of("manager", *limits)
