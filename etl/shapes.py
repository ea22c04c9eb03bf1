"""Where the rows of a contract come from: files of some format, or a query of a database. Columns belong elsewhere."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Format = Literal["csv", "xlsx", "xls", "parquet", "json", "jsonl"]
Encodings = Literal[
    "auto",
    "utf-8",
    "utf-8-sig",
    "utf-16",
    "utf-16-le",
    "utf-16-be",
    "gb18030",
    "gbk",
    "gb2312",
    "big5",
    "shift_jis",
    "latin-1",
    "cp1252",
]


class Strict(BaseModel):
    """A part of a contract; a word it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class FileShape(Strict):
    """What the files look like before any column is understood.

    A gzip or zip of such a file is the same shape: what a file is packed with is seen from its content.
    """

    pattern: list[str] = Field(min_length=1)
    format: Format
    encoding: Encodings = "auto"
    delimiter: str = Field(",", min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    header: Literal["find"] | int = "find"
    sheet: str | int = 0
    records: str | None = Field(None, description="where in a JSON document the list of rows is, such as data.rows")
    member: str | None = Field(None, description="which file of a zip to read, as a pattern on its name")
    totals: list[str] = []
    missing: list[str] = []
    capture: str | None = None
    file_on: str | None = None

    @field_validator("pattern", mode="before")
    @classmethod
    def _one_or_many(cls, value: object) -> object:
        return [value] if isinstance(value, str) else value

    @field_validator("header", mode="before")
    @classmethod
    def _line_or_find(cls, value: object) -> object:
        if value != "find" and (not isinstance(value, int) or value < 0):
            raise ValueError('write "find", or the number of the header line, 0 when there is none')
        return value

    @field_validator("capture")
    @classmethod
    def _compiles(cls, value: str | None) -> str | None:
        if value is not None:
            _check_capture(value)
        return value

    @model_validator(mode="after")
    def _records_of_json(self) -> FileShape:
        if self.records is not None and self.format != "json":
            raise ValueError('records names a list inside a JSON document, so format must be "json"')
        if self.records is not None and not all(self.records.split(".")):
            raise ValueError("records is a name, or names joined by points, such as data.rows")
        return self


class QueryShape(Strict):
    """A select in a database that `etl pull` writes to the inbox as a file. Its rows are then a file's like any other.

    The address holds a password, so the contract only says where it is: in an environment variable, or in a file
    that nobody else can read.
    """

    url_env: str | None = Field(None, pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")
    url_file: str | None = Field(None, min_length=1, description="a file of mode 600; relative to LOOKOUT_HOME")
    sql_file: str = Field(pattern=r"^[A-Za-z0-9_\-]+\.sql$", description="beside the contract; one select")
    since_column: str | None = Field(None, description="grows when a row is added or changed: a time or a number")
    begin: datetime | int = Field(datetime(1970, 1, 1), description="where the first pull begins")
    overlap_hours: float = Field(24.0, ge=0, description="how far behind the newest row known a pull begins, for times")
    overlap_count: int = Field(0, ge=0, description="the same for numbers")
    batch_rows: int = Field(10_000, ge=1, le=1_000_000)
    timeout_seconds: float = Field(300.0, gt=0, le=86_400)

    @model_validator(mode="after")
    def _one_address(self) -> QueryShape:
        if (self.url_env is None) == (self.url_file is None):
            raise ValueError("needs exactly one of url_env, url_file")
        if isinstance(self.begin, datetime) and self.begin.tzinfo is not None:
            raise ValueError("begin is a local time of the workspace and has no offset")
        return self


def _check_capture(value: str) -> None:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is not a regular expression ({error})") from None
