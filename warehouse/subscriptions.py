"""What `[[subscription]]` of workspace.toml says: who gets which papers of the weekly review, and when.

The address holds a secret, so the file only names the variable that has it.
"""

from __future__ import annotations

from datetime import time
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Kind = Literal["bulletin", "minutes", "orders", "slides", "workbook", "page", "morning"]


class Subscription(BaseModel):
    """One subscriber. `what`: the files as attachments, or the week's findings as text, for work groups that take none.

    `role` is whose figures they are: the papers hold those of the whole city, so only roles that may see them are
    taken. `weekday` (1 is Monday) and `at` are local, in the week after the one reported. `sealed_only` waits for the
    seal of the numbers (数字定版).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,59}$")
    url_env: str = Field(pattern=r"^[A-Z][A-Z0-9_]*$")
    what: Literal["pack", "digest"] = "pack"
    files: list[Kind] = Field(default=["bulletin", "slides", "workbook", "page"], min_length=1)
    role: Literal["manager", "supervisor", "analyst"] = "manager"
    language: Literal["zh", "en"] = "zh"
    weekday: int = Field(default=1, ge=1, le=7)
    at: time = time(8, 30)
    sealed_only: bool = False
