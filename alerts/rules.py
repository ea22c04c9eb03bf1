"""The rules: each once, as data in `rules/*.toml`. A workspace's own `rules/` beside its data replaces or adds some.

Does not belong here: how a signal is computed (signals/), how states change (state.py).
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from alerts.durations import Duration
from alerts.state import SEVERITIES, NoData, Op, Severity, Step, Timing
from warehouse.problems import Problem, Problems, from_validation
from warehouse.workspace import Words

BEFORE = 0  # the version of a rule of an earlier register
SHIPPED = Path(__file__).with_name("rules")
ScopeKind = Literal[
    "city", "type_district", "type_area", "area", "district",
    "town", "place", "site", "cell", "dept", "hall", "type", "subtype", "source",
    "ticket", "operation", "segment", "topic", "change", "customer_group",
    "hotspot",
]  # fmt: skip
# 试运行: evaluated and measured, told to nobody. 发送: told. 停用: not evaluated.
Standing = Literal["trial", "sending", "off"]


class Rule(BaseModel):
    """One rule: which signal, when it is a warning, how bad, for how long, whose it is and what to do."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True, frozen=True)
    id: str
    zh: str
    en: str
    signal: str
    parameters: dict[str, float | str | bool] = {}
    scope: ScopeKind
    op: Op
    steps: dict[Severity, float] = Field(min_length=1)
    recovery: float | None = None
    hold: Duration = Field(timedelta(0), alias="for")
    keep: Duration = Field(timedelta(0), alias="keep_firing_for")
    every: Duration
    no_data: NoData = "keep"
    min_n: int = Field(0, ge=0)
    limit: int | None = Field(None, gt=0)
    is_list: bool = Field(
        False,
        description="a list of tickets to act on: one warning per department and day; scope_id is that of the day",
    )
    owner: str
    standing: Standing = "trial"
    unit: Words
    sentence: Words = Field(description="what a warning says; the words in braces are filled in")
    runbook: Words
    rationale: Words
    noise: Words = Field(description="when it is known to be wrong")
    version: int = Field(1, ge=1)
    changed_by: str = "product"
    reason: str = ""

    @model_validator(mode="after")
    def _steps_lead_one_way(self) -> Rule:
        if self.op in ("==", "!="):
            if len(self.steps) > 1:
                raise ValueError(f"op {self.op!r} has one step; {len(self.steps)} came")
            return self
        values = [self.steps[s] for s in SEVERITIES if s in self.steps]
        upward = self.op in (">", ">=")
        if values != sorted(values, reverse=not upward) or len(set(values)) < len(values):
            word = "rise" if upward else "fall"
            raise ValueError(f"thresholds must {word} from blue to red where op is {self.op!r}; came {values}")
        if self.recovery is not None and (self.recovery > values[0] if upward else self.recovery < values[0]):
            raise ValueError(
                f"recovery {self.recovery:g} lies beyond the first threshold {values[0]:g}, so the rule could never"
                " stay on; put it on the other side"
            )
        return self

    @property
    def timing(self) -> Timing:
        """What the state machine needs."""
        steps = tuple(Step(s, self.steps[s]) for s in SEVERITIES if s in self.steps)
        return Timing(
            self.op,
            steps,
            int(self.hold.total_seconds()),
            # A list lasts until the end of its day, whatever is done of it meanwhile: one a day, not one an hour.
            86400 if self.is_list else int(self.keep.total_seconds()),
            self.recovery,
            "normal" if self.is_list else self.no_data,
            self.min_n,
            self.limit,
        )

    def name(self, lang: str) -> str:
        return self.zh if lang == "zh" else self.en


def load_rules(folders: Iterable[Path] = (SHIPPED,), signals: Iterable[str] | None = None) -> dict[str, Rule]:
    """Every rule by id; a later folder replaces what an earlier one said of an id.

    `signals` are the names that exist; None leaves that unchecked. Raises `Problems` with every fault of every file.
    """
    known = None if signals is None else set(signals)
    faults: list[Problem] = []
    found: dict[str, Rule] = {}
    for folder in folders:
        here: dict[str, str] = {}
        for path in sorted(folder.glob("*.toml")):
            where = f"{path.parent.name}/{path.name}"
            for name, entry in _entries(path, where, faults).items():
                rule = _rule(name, entry, where, known, faults)
                if name in here:
                    faults.append(Problem(f'{where}: rule "{name}"', f"is in {here[name]} too", "keep one of them"))
                here[name] = where
                if rule is not None:
                    found[name] = rule
    if faults:
        raise Problems(faults)
    return dict(sorted(found.items()))


def _entries(path: Path, where: str, faults: list[Problem]) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        faults.append(Problem(where, f"is no TOML: {error}", "correct that place"))
        return {}


def _rule(name: str, entry: Any, where: str, known: set[str] | None, faults: list[Problem]) -> Rule | None:
    place = f'{where}: rule "{name}"'
    if not isinstance(entry, dict):
        faults.append(Problem(place, "is no table", f"begin it with a line [{name}]"))
        return None
    try:
        rule = Rule(id=name, **entry)
    except ValidationError as error:
        faults.extend(from_validation(error, place).problems)
        return None
    if known is not None and rule.signal not in known:
        faults.append(Problem(place, f'signal "{rule.signal}" is not known', f"use one of {', '.join(sorted(known))}"))
    return rule
