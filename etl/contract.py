"""A contract: what the files of one source look like, and what every column becomes.

Loading a new source means writing one such file and no Python. Reading and cleaning live elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
from fnmatch import fnmatch
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc
from pydantic import (
    Field,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)

from etl.geo.position import COMPUTED, Position
from etl.shapes import FileShape, QueryShape, Strict
from etl.unpivot import Unpivot
from warehouse.canonical import Table, tables
from warehouse.problems import Problem, Problems, from_validation
from warehouse.workspace import Words

SHIPPED = Path(__file__).with_name("contracts")
# Ways to write a time that are no strptime format; the last three give UTC, so the contract says time.zone = "UTC".
NAMED_FORMATS = ("iso", "excel_day", "iso_offset", "epoch_s", "epoch_ms")


class Times(Strict):
    """How instants are written, and in which zone when it is not the workspace's."""

    formats: list[str] = ["iso"]
    zone: str | None = None

    @field_validator("formats")
    @classmethod
    def _are_formats(cls, value: list[str]) -> list[str]:
        return _check_formats(value)

    @field_validator("zone")
    @classmethod
    def _is_zone(cls, value: str | None) -> str | None:
        try:
            return value and ZoneInfo(value).key
        except Exception:
            raise ValueError("is not a time zone; write a name such as Asia/Shanghai") from None


class Source(Strict):
    """Where one canonical column comes from, and what is done to it on the way."""

    header: list[str] = Field([], alias="from")
    const: str | None = None
    capture: str | None = None
    compose: list[str] = []
    collect: dict[str, str] = {}
    treat: Literal["msisdn", "staff", "scrub", "cell"] | None = Field(None, alias="as")
    unit: Literal["percent", "fraction"] | None = None
    factor: float | None = None
    missing: list[str] = []
    strip_suffix: str | None = None
    extract: str | None = Field(
        None, description="regular expression; its first group, or the whole match, is the value"
    )
    map: str | None = None
    classify: str | None = None
    unmapped: Literal["keep", "pass", "missing", "reject"] = "keep"
    shape: str | None = None
    on_bad: Literal["reject", "missing", "keep"] | None = None
    formats: list[str] = []
    required: bool | None = None

    @field_validator("header", "compose", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("formats")
    @classmethod
    def _are_formats(cls, value: list[str]) -> list[str]:
        return _check_formats(value)

    @field_validator("shape", "extract")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            _check_pattern(value)
        return value

    @model_validator(mode="after")
    def _one_origin(self) -> Source:
        origins = [bool(self.header), self.const is not None, self.capture is not None]
        origins += [bool(self.compose), bool(self.collect)]
        if sum(origins) != 1:
            raise ValueError("needs exactly one of from, const, capture, compose, collect")
        if self.classify and self.unmapped in ("keep", "pass"):
            raise ValueError('classify reads free text, so unmapped must be "missing" or "reject"')
        return self

    @property
    def headers(self) -> list[str]:
        """Every header this column may read."""
        return self.header or self.compose or list(self.collect)


class Exclusion(Strict):
    """Rows left out on purpose, such as test tickets. Counted, never silent."""

    header: str = Field(alias="from")
    matches: str
    reason: Words

    @field_validator("reason", mode="before")
    @classmethod
    def _in_both(cls, value: object) -> object:
        return {"zh": value, "en": value} if isinstance(value, str) else value

    @field_validator("matches")
    @classmethod
    def _compiles(cls, value: str) -> str:
        _check_pattern(value)
        return value


class Contract(Strict):
    """One source."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    table: str
    label: Words
    owner: str
    licence: str
    file: FileShape
    query: QueryShape | None = None
    time: Times = Times()
    position: Position | None = None
    plmn: str = Field("", description="network code put before node and cell when a source gives only an ECI or NCI")
    nci_cell_bits: int = Field(12, ge=4, le=14, description="bits of an NCI that number the cell: 36 less the gNB id's")
    columns: dict[str, Source]
    unpivot: Unpivot | None = None
    maps: dict[str, dict[str, str]] = {}
    classes: dict[str, list[tuple[str, str]]] = {}
    exclude: list[Exclusion] = []
    cadence_hours: float | None = Field(None, gt=0, description="how often the source sends; twice that is late")
    quarantine_limit_pct: float = Field(2.0, ge=0, le=100, description="more refused rows than this is a warning")
    quarantine_stop_pct: float = Field(100.0, gt=0, le=100, description="as many refused rows stop the file")
    may_be_empty: bool = Field(False, description="a file with a header and no row is good news, not a fault")
    after_load: Literal["keep", "delete"] = "keep"
    notes: list[Words] = []
    _hash: str = PrivateAttr("")
    _folder: Path = PrivateAttr(Path())

    @property
    def target(self) -> Table:
        return tables()[self.table]

    @property
    def content_hash(self) -> str:
        """Changes whenever the contract file does, so that a corrected contract loads its files again."""
        return self._hash

    def takes(self, file_name: str) -> bool:
        return any(fnmatch(file_name, pattern) for pattern in self.file.pattern)

    def is_required(self, column: str) -> bool:
        own = self.columns[column].required
        return self.target.columns[column].required if own is None else own

    @property
    def folder(self) -> Path:
        """Where the contract was read from; its select lies beside it."""
        return self._folder

    @model_validator(mode="before")
    @classmethod
    def _files_of_a_query(cls, raw: object) -> object:
        """What a pull writes needs no `[file]`."""
        if isinstance(raw, dict) and "query" in raw and "file" not in raw:
            return {**raw, "file": {"pattern": f"{raw.get('name')}.pull-*.parquet", "format": "parquet"}}
        return raw

    @model_validator(mode="after")
    def _fits_its_table(self) -> Contract:
        faults: list[str] = []
        known = {n: t for n, t in tables().items() if not t.internal}
        if self.table not in known:
            raise ValueError(f"table {self.table!r} does not exist; choose one of {', '.join(sorted(known))}")
        columns = known[self.table].columns
        for name in sorted(set(self.columns) - set(columns)):
            faults.append(f"column {name} does not exist in table {self.table}")
        for name, column in columns.items():
            if column.required and name not in self.columns:
                faults.append(f"column {name} is required by table {self.table} and has no source")
        for kind, lists in (("maps", self.maps), ("classes", self.classes)):
            faults += [f"{kind}.{name} is empty" for name, entries in lists.items() if not entries]
        for name, pairs in self.classes.items():
            for pattern, _ in pairs:
                if fault := _pattern_fault(pattern):
                    faults.append(f"classes.{name}: {pattern!r} {fault}")
        groups = set(re.compile(self.file.capture).groupindex) if self.file.capture else set()
        for name, source in self.columns.items():
            if source.map and source.map not in self.maps:
                faults.append(f"columns.{name}: maps.{source.map} is not defined")
            if source.classify and source.classify not in self.classes:
                faults.append(f"columns.{name}: classes.{source.classify} is not defined")
            if source.capture and source.capture not in groups:
                faults.append(f"columns.{name}: file.capture has no group {source.capture}")
        if self.file.file_on and self.file.file_on not in groups:
            faults.append(f"file.file_on: file.capture has no group {self.file.file_on}")
        if self.position and not {"lon", "lat"} <= set(self.columns):
            faults.append("position is given, but columns lon and lat are not")
        if {"lon", "lat"} & set(self.columns) and not self.position:
            faults.append("lon and lat need [position] with their datum")
        faults += [f"column {name} is computed from the position" for name in sorted(COMPUTED & set(self.columns))]
        if self.position and self.position.datum_column:
            if "datum_original" not in columns:
                faults.append(f"position.datum_column: table {self.table} does not keep the datum of a row")
            self.columns["datum_original"] = Source.model_validate({"from": self.position.datum_column})
        if self.query and (self.file.format != "parquet" or not self.takes(f"{self.name}.pull-.parquet")):
            faults.append("a query's files are its own: leave [file] out")
        if faults:
            raise ValueError("; ".join(faults))
        return self


def _check_pattern(value: str) -> None:
    if fault := _pattern_fault(value):
        raise ValueError(fault)


def _pattern_fault(value: str) -> str | None:
    """Why a pattern cannot run over rows; the engine's dialect (RE2) knows no look-around."""
    try:
        pc.match_substring_regex(pa.array([""]), value)
    except pa.ArrowInvalid as error:
        return f"is not a regular expression ({str(error).removeprefix('Invalid regular expression: ')})"
    return None


def _check_formats(value: list[str]) -> list[str]:
    for written in value:
        if written not in NAMED_FORMATS and "%" not in written:
            raise ValueError(f'{written!r} is neither "iso" nor a format such as "%Y-%m-%d %H:%M"')
    return value


def read_contract(path: Path) -> Contract:
    """One contract file. Raises `Problems` with all its faults."""
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Problems([Problem(str(path), f"is not valid TOML ({error})", "correct the line named")]) from None
    try:
        contract = Contract.model_validate(raw)
    except ValidationError as error:
        raise from_validation(error, str(path)) from None
    if contract.name != path.stem:
        raise Problems([Problem(str(path), f"name is {contract.name!r}", f"write {path.stem!r}, the file's name")])
    contract._folder = path.parent
    contract._hash = hashlib.sha256(text.encode()).hexdigest()[:16]
    return contract


def read_contracts(names: list[str], own: Path) -> list[Contract]:
    """The contracts a workspace lists, its own folder before the shipped ones. Raises `Problems` with all faults."""
    found: list[Contract] = []
    faults: list[Problem] = []
    for name in names:
        path = next((f / f"{name}.toml" for f in (own, SHIPPED) if (f / f"{name}.toml").exists()), None)
        if path is None:
            cure = f"write {own / (name + '.toml')} or take it out of sources"
            faults.append(Problem("workspace.toml", f"sources names {name!r}, and no such contract exists", cure))
            continue
        try:
            found.append(read_contract(path))
        except Problems as error:
            faults += error.problems
    if faults:
        raise Problems(faults)
    return found
