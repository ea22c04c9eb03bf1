"""Where each row happened: position, place, grade, district and grid, in one pass over a batch.

Order matters: a swapped pair is put right before the datum is undone (the shift of a swapped point would be zero),
and the box is asked last. The source's own district is never overwritten; the district of the point stands beside it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from etl.contract import Contract
from etl.geo.districts import Districts
from etl.geo.gazetteer import Gazetteer, Place, gazetteer, town_list
from etl.geo.position import Position
from etl.quarantine import Judged
from etl.sentences import rule_cure
from warehouse.canonical import Table
from warehouse.datum import Bbox, Floats, swap_suspects, to_wgs84, within
from warehouse.lattice import NO_GRID, grid_id, h3_cells, local_metres
from warehouse.workspace import Workspace

Texts = NDArray[np.object_]
Mask = NDArray[np.bool_]

NOTHING = np.array(None, dtype=object)
WORLD: Bbox = (-180.0, -90.0, 180.0, 90.0)
GRADES = ("A", "B", "C", "D")
# Grades exact enough for a grid cell: the rest count in district totals only.
PRECISE = ("A", "B")
GRID_COLUMNS = {"grid50": 50, "grid250": 250, "grid500": 500}
H3_COLUMNS = {"h3_8": 8, "h3_9": 9}
# What a row without a point or place may still say of its whereabouts.
VAGUE = ("region_code", "home_region", "serving_cell_id")
DATUM_SHIFT_DEG = 0.02  # more than any Chinese datum moves a point
# Boundaries are simplified to about 50 m and drawn from maps: closer to a border nobody is called wrong.
BORDER_SLACK_M = 200.0


@dataclass(frozen=True)
class Geography:
    """What a workspace says about places, read once for a run. `digest` changes whenever any of it does."""

    bbox: Bbox | None = None
    grid_origin: tuple[float, float] | None = None
    districts: Districts | None = None
    places: Gazetteer | None = None
    towns: Gazetteer | None = None
    merged: dict[str, str] | None = None
    digest: str = ""

    @classmethod
    def of(cls, workspace: Workspace) -> Geography:
        place = workspace.settings.place
        parts = [place.model_dump_json(exclude={"note"}).encode()]
        for name in ("places.csv", "towns.csv", place.boundaries or ""):
            path = workspace.folder / name
            parts.append(path.read_bytes() if path.is_file() else b"")
        return cls(
            place.bbox,
            place.grid_origin,
            Districts.of(workspace),
            gazetteer(workspace),
            town_list(workspace),
            place.merge_regions,
            hashlib.sha256(b"\0".join(parts)).hexdigest()[:8],
        )


def is_located(table: Table) -> bool:
    """Whether rows of a table happen somewhere. Counters do not: they belong to a cell that does."""
    return {"lon", "lat"} <= set(table.columns)


@dataclass(frozen=True)
class Locator:
    """Fills the columns about whereabouts that a lake table declares; a table without `lon` and `lat` is left alone."""

    contract: Contract
    geography: Geography
    judged: Judged

    def fill(self, columns: dict[str, pa.Array], row_numbers: pa.Array) -> None:
        """Replace `lon`, `lat` (WGS-84) and add what the table declares of place, grade, district and grid."""
        declared = self.contract.target.columns
        if not is_located(self.contract.target):
            return
        notes = _Notes(self.judged, row_numbers)
        lon, lat, datum = self._positions(columns, notes)
        own = np.isfinite(lon)
        grade = self._own_grade(columns, own)
        place_id = self._name_places(columns, lon, lat, grade, notes)
        self._centre_on_towns(columns, lon, lat, grade)
        vague = np.zeros(len(lon), dtype=np.bool_)
        for name in VAGUE:
            if name in columns:
                vague |= columns[name].is_valid().to_numpy(zero_copy_only=False)
        grade[_absent(grade) & vague] = "D"
        columns["lon"], columns["lat"] = _floats(lon), _floats(lat)
        found: dict[str, Any] = {"geo_grade": grade, "place_id": place_id, "datum_original": datum}
        if "point_region" in declared:
            found["point_region"] = self._districts(columns, lon, lat, own, notes)
        for name, values in found.items():
            if name in declared:
                columns[name] = pa.array(values, pa.string(), from_pandas=True)
        self._grids(columns, lon, lat, np.isin(grade.astype(str), PRECISE))

    def _positions(self, columns: dict[str, pa.Array], notes: _Notes) -> tuple[Floats, Floats, Texts]:
        """WGS-84 of what the rows say themselves, NaN where that is nothing; and the datum they said it in."""
        position, n = self.contract.position, len(columns["lon"])
        if position is None:
            return np.full(n, np.nan), np.full(n, np.nan), np.full(n, None, dtype=object)
        # Copies: Arrow hands out read-only memory where nothing is missing.
        lon = np.array(columns["lon"].to_numpy(zero_copy_only=False), dtype=np.float64)
        lat = np.array(columns["lat"].to_numpy(zero_copy_only=False), dtype=np.float64)
        nowhere = np.isnan(lon) != np.isnan(lat)
        for x, y in position.none_at:
            nowhere |= (lon == x) & (lat == y)
        notes.all(nowhere, "lon", "no_fix", "missing")
        datum = self._datums(columns, position, n)
        unknown = _absent(datum) & ~np.isnan(lon) & ~nowhere
        notes.all(unknown, "lon", "unknown_datum", "missing", columns.get("datum_original"))
        lon[nowhere | unknown] = lat[nowhere | unknown] = np.nan
        box = self.geography.bbox or WORLD
        wide = box if box is WORLD else _wider(box)
        swapped = swap_suspects(lon, lat, wide)
        lon, lat = np.where(swapped, lat, lon), np.where(swapped, lon, lat)
        inside = within(lon, lat, wide)
        for name in set(datum[inside]):
            rows = inside & (datum == name)
            lon[rows], lat[rows] = to_wgs84(lon[rows], lat[rows], name)
        outside = ~(inside & within(lon, lat, box)) & ~np.isnan(lon)
        notes.all(swapped & ~outside, "lon", "swapped", "flag")
        notes.all(outside, "lon", "outside", "missing")
        lon[outside] = lat[outside] = np.nan
        datum[np.isnan(lon)] = None
        return lon, lat, datum

    def _datums(self, columns: dict[str, pa.Array], position: Position, n: int) -> Texts:
        """The datum of each row: what its own column says, else the contract's; None for one nobody knows."""
        if position.datum_column is None:
            return np.full(n, position.datum, dtype=object)
        coded = columns["datum_original"].dictionary_encode()
        known = [position.datum_named(said) for said in coded.dictionary.to_pylist()]
        lookup = np.array([*known, position.datum], dtype=object)
        return lookup[coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)]

    def _own_grade(self, columns: dict[str, pa.Array], own: Mask) -> Texts:
        """For rows with a position of their own: the source's grade if it gives one, else the contract's."""
        usual = np.array(self.contract.position.grade if self.contract.position else None, dtype=object)
        said = self._said_grade(columns, len(own))
        grade = np.where(np.isin(said.astype(str), GRADES), said, usual)
        return np.where(own, grade, NOTHING)

    def _said_grade(self, columns: dict[str, pa.Array], n: int) -> Texts:
        return _texts(columns["geo_grade"]) if "geo_grade" in self.contract.columns else np.full(n, None, dtype=object)

    def _name_places(
        self, columns: dict[str, pa.Array], lon: Floats, lat: Floats, grade: Texts, notes: _Notes
    ) -> Texts:
        """Ids of the places named; a row without a position takes the place's, with grade B."""
        found: Texts = np.full(len(lon), None, dtype=object)
        places = self.geography.places
        if not places or "place_name" not in self.contract.columns:
            return found
        answers = _ask(places, columns["place_name"], columns.get("region_code"))
        homeless = np.isnan(lon)
        for answer, rows in answers:
            if isinstance(answer, Place):
                found[rows] = answer.place_id
                taken = rows[homeless[rows]]
                lon[taken], lat[taken], grade[taken] = answer.lon, answer.lat, "B"
            else:
                doubtful = np.zeros(len(lon), dtype=np.bool_)
                doubtful[rows] = homeless[rows]
                notes.all(doubtful, "place_name", answer, "flag", columns["place_name"])
        return found

    def _centre_on_towns(self, columns: dict[str, pa.Array], lon: Floats, lat: Floats, grade: Texts) -> None:
        """A row with nothing better takes the centre of its street or town, with grade C.

        Not where the source says D: its town is then as a rule the one where the customer's number is at home.
        """
        towns = self.geography.towns
        if not towns or "town" not in self.contract.columns:
            return
        homeless = np.isnan(lon) & (self._said_grade(columns, len(lon)) != "D")
        for answer, rows in _ask(towns, columns["town"], columns.get("region_code")):
            if isinstance(answer, Place):
                taken = rows[homeless[rows]]
                lon[taken], lat[taken], grade[taken] = answer.lon, answer.lat, "C"

    def _districts(self, columns: dict[str, pa.Array], lon: Floats, lat: Floats, own: Mask, notes: _Notes) -> Texts:
        """The district each point lies in; where the source says another one, or there is none, that is noted."""
        districts = self.geography.districts
        if districts is None:
            return np.full(len(lon), None, dtype=object)
        merged = self.geography.merged or {}
        found = districts.names_at(lon, lat)
        said = _renamed(columns["region_code"], merged) if "region_code" in columns else np.full(len(lon), None, object)
        here = _renamed(pa.array(found, pa.string()), merged)
        drawn = np.isin(said.astype(str), [merged.get(code, code) for code in districts.codes])
        nowhere = own & _absent(found)
        odd = np.flatnonzero(own & drawn & (said != here))
        odd = odd[~districts.touches(lon[odd], lat[odd], said[odd], BORDER_SLACK_M)]
        disagrees = np.zeros(len(lon), dtype=np.bool_)
        disagrees[odd] = True
        notes.all(disagrees & ~nowhere, "region_code", "other_district", "flag", pa.array(here, pa.string()))
        notes.all(nowhere & (disagrees | ~drawn), "region_code", "no_district", "flag")
        return found

    def _grids(self, columns: dict[str, pa.Array], lon: Floats, lat: Floats, precise: Mask) -> None:
        declared, origin = self.contract.target.columns, self.geography.grid_origin
        x, y = np.where(precise, lon, np.nan), np.where(precise, lat, np.nan)
        for name, resolution in H3_COLUMNS.items():
            if name in declared:
                columns[name] = h3_cells(x, y, resolution)
        if origin is None or not set(GRID_COLUMNS) & set(declared):
            return
        east, north = local_metres(x, y, origin)
        for name, size_m in GRID_COLUMNS.items():
            if name in declared:
                ids = grid_id(east, north, size_m)
                columns[name] = pa.array(ids, pa.int64(), mask=ids == NO_GRID)


@dataclass(frozen=True)
class _Notes:
    """Remarks about rows of one batch."""

    judged: Judged
    row_numbers: pa.Array

    def all(self, rows: Mask, column: str, rule: str, action: str, values: pa.Array | None = None) -> None:
        cure = rule_cure(rule, column)
        for i in np.flatnonzero(rows):
            value = None if values is None else values[i].as_py()
            self.judged.note(self.row_numbers[i].as_py(), column, rule, action, value, cure)


def _ask(names: Gazetteer, texts: pa.Array, regions: pa.Array | None) -> list[tuple[Any, NDArray[np.int64]]]:
    """What a gazetteer says of every distinct text and district, with the rows that have them."""
    coded = texts.dictionary_encode()
    where = (pa.nulls(len(texts), pa.string()) if regions is None else regions).dictionary_encode()
    text = coded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    region = where.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.int64)
    rows = np.flatnonzero(text >= 0)
    if len(rows) == 0:
        return []
    width = len(where.dictionary) + 1
    pairs, at = np.unique(text[rows] * width + region[rows] + 1, return_inverse=True)
    order = np.argsort(at, kind="stable")
    groups = np.split(rows[order], np.cumsum(np.bincount(at, minlength=len(pairs)))[:-1])
    said, codes = coded.dictionary.to_pylist(), [None, *where.dictionary.to_pylist()]
    answers = [names.find(said[pair // width], codes[pair % width]) for pair in pairs.tolist()]
    return [(answer, group) for answer, group in zip(answers, groups, strict=True) if answer is not None]


def _absent(texts: Texts) -> Mask:
    return np.asarray(~texts.astype(np.bool_), dtype=np.bool_)


def _texts(values: pa.Array) -> Texts:
    return np.asarray(values.to_numpy(zero_copy_only=False), dtype=object)


def _renamed(codes: pa.Array, merged: dict[str, str]) -> Texts:
    """Codes as drawn: a region without a polygon becomes the one it is drawn in."""
    coded = codes.dictionary_encode()
    names = np.array([*(merged.get(c, c) for c in coded.dictionary.to_pylist()), None], dtype=object)
    return np.asarray(names[coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)], dtype=object)


def _floats(values: Floats) -> pa.Array:
    return pa.array(values, pa.float64(), from_pandas=True)


def _wider(box: Bbox) -> Bbox:
    west, south, east, north = box
    return west - DATUM_SHIFT_DEG, south - DATUM_SHIFT_DEG, east + DATUM_SHIFT_DEG, north + DATUM_SHIFT_DEG
