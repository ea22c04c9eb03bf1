"""How a source writes positions: the `[position]` of its contract."""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from pydantic import BaseModel, ConfigDict, model_validator

Datum = Literal["WGS-84", "GCJ-02", "BD-09"]

# Columns of the lake that no file gives: they follow from its position and the workspace.
COMPUTED = {"place_id", "point_region", "datum_original", "grid50", "grid250", "grid500", "h3_8", "h3_9"}
# How files name a datum, without case, blanks and punctuation. CGCS2000 differs from WGS-84 by centimetres.
DATUM_NAMES: dict[str, Datum] = {
    **dict.fromkeys(("wgs84", "wgs1984", "gps", "epsg4326", "4326", "cgcs2000", "epsg4490", "4490"), "WGS-84"),
    **dict.fromkeys(("gcj02", "gcj", "火星", "火星坐标", "高德", "高德坐标", "腾讯", "腾讯坐标", "国测局"), "GCJ-02"),
    **dict.fromkeys(("bd09", "bd09ll", "百度", "百度坐标"), "BD-09"),
}


class Position(BaseModel):
    """In which datum coordinates are written, which values stand for none, and how exact they are.

    `datum_column` is a header whose values say the datum row by row, in the customary spellings or in those of
    `datums`; `datum` is then that of rows which say nothing. `grade` is what the coordinates are when no column says:
    A of a device or app, B of a named place, C the centre of a street or town, D of a cell or the customer's home.
    """

    model_config = ConfigDict(extra="forbid")
    datum: Datum | None = None
    datum_column: str | None = None
    datums: dict[str, Datum] = {}
    none_at: list[tuple[float, float]] = [(0.0, 0.0), (-1.0, -1.0)]
    grade: Literal["A", "B", "C", "D"] = "A"

    @model_validator(mode="after")
    def _has_a_datum(self) -> Position:
        if self.datum is None and self.datum_column is None:
            raise ValueError('needs datum ("WGS-84", "GCJ-02" or "BD-09") or datum_column')
        if self.datums and self.datum_column is None:
            raise ValueError("datums needs datum_column")
        return self

    @property
    def shown_datum(self) -> str:
        """For the register of files."""
        return " / ".join(filter(None, (f"[{self.datum_column}]" if self.datum_column else None, self.datum)))

    def datum_named(self, said: str) -> Datum | None:
        """The datum that a value of `datum_column` names."""
        own = {_bare(name): datum for name, datum in self.datums.items()}
        return {**DATUM_NAMES, **own}.get(_bare(said))


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()
