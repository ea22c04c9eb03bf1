"""Cases and answer templates of a workspace: what was learned, written by people in `cases.toml`.

What happened is not written there: a case names its tickets, and the models read the course from the release.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pyarrow as pa
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.problems import from_validation, problem
from warehouse.workspace import Words

FILE = "cases.toml"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Template(_Strict):
    """An answer for one level-1 type. `marker`: what the note of a solution holds when the template was used."""

    id: str = Field(pattern=r"^[A-Z0-9-]+$")
    type_l1: str
    marker: str = Field(min_length=2)
    name: Words
    text: Words


class Said(_Strict):
    """The words for one step of a case: the first event of this kind on this day."""

    on: date
    event: str
    zh: str
    en: str


class Changes(_Strict):
    """Which changes belong to a case: those of a system, or of a place as the change log names it."""

    systems: list[str] = []
    scopes: list[str] = []


class Case(_Strict):
    """One case worth telling. `tickets` are ids as the source writes them; a case without any is told in words only.

    `place_id` or `hall_id` says where the surroundings are looked at; with neither it is the whole workspace. `unknown`
    lists what the record leaves open, so that nobody fills it in.
    """

    id: str = Field(pattern=r"^[a-z0-9-]+$")
    name: Words
    summary: Words
    type_code: str
    tickets: list[str] = []
    place_id: str | None = None
    hall_id: str | None = None
    changes: Changes = Changes()
    template: str | None = None
    lesson: Words
    unknown: list[Words] = []
    said: list[Said] = []


class CaseFile(_Strict):
    """`cases.toml` as written."""

    template: list[Template] = []
    case: list[Case] = []

    @model_validator(mode="after")
    def _ids_are_known_once(self) -> CaseFile:
        for ids in ([t.id for t in self.template], [c.id for c in self.case]):
            twice = sorted({i for i in ids if ids.count(i) > 1})
            if twice:
                raise ValueError(f"{twice[0]!r} is there twice; give every case and template an id of its own")
        known = {t.id for t in self.template}
        for case in self.case:
            if case.template is not None and case.template not in known:
                raise ValueError(f"case {case.id!r} names the template {case.template!r}, which is not in the file")
        return self


def read_cases(folder: Path) -> CaseFile:
    """The cases of a workspace folder; none when it has no file. Raises `Problems` with every fault."""
    path = folder / FILE
    if not path.exists():
        return CaseFile()
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise problem(str(path), f"is not valid TOML ({error})", "correct the line named") from None
    try:
        return CaseFile.model_validate(raw)
    except ValidationError as error:
        raise from_validation(error, str(path)) from None


def case_tables(folder: Path) -> dict[str, pa.Table]:
    """What models need of it: seed_case, seed_case_ticket, seed_case_change, seed_template. Texts stay in the file."""
    found = read_cases(folder)
    cases = [(c.id, c.type_code, c.place_id, c.hall_id) for c in found.case]
    tickets = [(c.id, ticket) for c in found.case for ticket in c.tickets]
    changes = [(c.id, "system", value) for c in found.case for value in c.changes.systems]
    changes += [(c.id, "scope", value) for c in found.case for value in c.changes.scopes]
    templates = [(t.id, t.type_l1, t.marker) for t in found.template]
    return {
        "seed_case": _texts(("case_id", "type_code", "place_id", "hall_id"), cases),
        "seed_case_ticket": _texts(("case_id", "ticket_id"), tickets),
        "seed_case_change": _texts(("case_id", "kind", "value"), changes),
        "seed_template": _texts(("template_id", "type_l1", "marker"), templates),
    }


def _texts(names: tuple[str, ...], rows: Sequence[tuple[str | None, ...]]) -> pa.Table:
    return pa.table({n: pa.array([row[i] for row in rows], pa.string()) for i, n in enumerate(names)})
