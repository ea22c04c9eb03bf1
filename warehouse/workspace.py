"""One workspace: whose data this is and by which words, targets and limits it is judged.

Nothing about one city or country is a constant in code: it stands in `workspace.toml` and the CSV files beside it.
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa
from pydantic import ValidationError

from warehouse.boundaries import read_boundaries, read_shapes
from warehouse.datum import to_wgs84
from warehouse.problems import Problem, Problems, from_validation, problem
from warehouse.workspace_file import (
    Assignment,
    NotifySettings,
    NotifyTarget,
    Place,
    Retention,
    Target,
    WatchSettings,
    Words,
    WorkingHours,
    WorkspaceFile,
)

__all__ = [
    "DIMENSION_FILES", "SEEDS", "Assignment", "NotifySettings", "NotifyTarget", "Place", "Retention", "Target",
    "WatchSettings", "Words", "WorkingHours", "Workspace", "WorkspaceFile", "load_workspace", "read_seed",
]  # fmt: skip

SEEDS = Path(__file__).with_name("dimensions")


# Dimension files of a workspace: columns in order, all text. A missing file is an empty dimension.
DIMENSION_FILES: dict[str, tuple[str, ...]] = {
    "type": ("type_code", "type_l1", "l1_zh", "l1_en", "l2_zh", "l2_en", "miit_class", "owner_dept", "fault"),
    "channel": ("channel_code", "zh", "en", "channel_group", "level"),
    "region": ("region_code", "zh", "en", "urban_rural", "lon", "lat"),
    "dept": ("dept_code", "zh", "en", "kind", "works_weekend"),
    "place": ("place_name", "en", "scene", "region_code", "lon", "lat", "radius_m", "place_id", "aliases"),
    "town": ("town", "region_code", "lon", "lat"),
    "cause": ("cause_code", "l1_zh", "l1_en", "l2_zh", "l2_en", "l3_zh", "l3_en", "side", "fixable"),
    "package": ("package_code", "zh", "en", "fee_yuan", "launched_on"),
    "routing": ("type_code", "owner_dept", "co_owners", "effective_from"),
}
# Columns that are more than text: how they must read, where they are filled.
READS_AS: dict[str, tuple[Callable[[str], object], str]] = {
    "fee_yuan": (float, "a number such as 59"),
    "launched_on": (date.fromisoformat, "a day such as 2025-01-31"),
    "effective_from": (date.fromisoformat, "a day such as 2025-01-31"),
}
# Columns a file may leave out at its end.
OPTIONAL_COLUMNS: dict[str, int] = {"place": 2}


@dataclass(frozen=True)
class Workspace:
    """A loaded workspace: its settings and the folder with its CSV and GeoJSON files."""

    settings: WorkspaceFile
    folder: Path

    @property
    def id(self) -> str:
        return self.settings.id

    @cached_property
    def boundaries(self) -> dict[str, Any] | None:
        """GeoJSON FeatureCollection in WGS-84 with `region_code`, or None. Raises `Problems`."""
        name = self.settings.place.boundaries
        return None if name is None else read_boundaries(self.folder / name, self.settings.place.datum)

    @cached_property
    def water(self) -> dict[str, Any] | None:
        """Waters to draw under the map, as a GeoJSON FeatureCollection in WGS-84, or None. Raises `Problems`."""
        name = self.settings.place.water
        return None if name is None else read_shapes(self.folder / name, self.settings.place.datum)

    def dimension(self, name: str) -> pa.Table:
        """A seeded dimension as text columns, positions in WGS-84; empty when the workspace brings none.

        Raises `Problems` naming every line whose position, day or number cannot be read.
        """
        columns = DIMENSION_FILES[name]
        path = self.folder / f"{name}s.csv"
        rows = read_seed(path, columns, OPTIONAL_COLUMNS.get(name, 0)) if path.exists() else []
        _check_values(rows, path)
        if "lon" in columns:
            rows = _in_wgs84(rows, self.settings.place.datum, path)
        return pa.table({c: pa.array([r.get(c) or None for r in rows], pa.string()) for c in columns})

    def calendar(self) -> pa.Table:
        """Holidays and make-up workdays: day, day_kind, zh, en."""
        columns = ("date", "day_kind", "name_zh", "name_en")
        path = SEEDS / f"calendar_{self.settings.calendar}.csv"
        rows = read_seed(path, columns) if path.exists() else []
        return pa.table(
            {
                "holiday_on": pa.array([date.fromisoformat(r["date"]) for r in rows], pa.date32()),
                "day_kind": pa.array([r["day_kind"] for r in rows], pa.string()),
                "zh": pa.array([r["name_zh"] for r in rows], pa.string()),
                "en": pa.array([r["name_en"] for r in rows], pa.string()),
            }
        )


def read_seed(path: Path, columns: tuple[str, ...], n_optional: int = 0) -> list[dict[str, str]]:
    """Rows of a seeded CSV file; raises `Problems` when its header is not the expected one.

    The last `n_optional` columns may be missing.
    """
    with path.open(encoding="utf-8", newline="") as handle:
        reader = csv.DictReader(handle)
        came = tuple(reader.fieldnames or ())
        if came not in [columns[: len(columns) - n] for n in range(n_optional + 1)]:
            raise problem(str(path), f"the header is {', '.join(came)}", f"write exactly {', '.join(columns)}")
        return list(reader)


def _check_values(rows: list[dict[str, str]], path: Path) -> None:
    """Raises `Problems` with every day and number that cannot be read."""
    faults: list[Problem] = []
    for line, row in enumerate(rows, start=2):
        for column in READS_AS.keys() & row.keys():
            read, meant = READS_AS[column]
            if not row[column]:
                continue
            try:
                read(row[column])
            except ValueError:
                what = f"{column} is {row[column]}"
                faults.append(Problem(f"{path}, line {line}", what, f"write {meant}, or leave it empty"))
    if faults:
        raise Problems(faults)


def _in_wgs84(rows: list[dict[str, str]], datum: str, path: Path) -> list[dict[str, str]]:
    """Rows with both or no halves of a position, in WGS-84. Raises `Problems` with every line that has neither."""
    faults: list[Problem] = []
    placed = []
    for line, row in enumerate(rows, start=2):
        written = [(row[c] or "").strip() for c in ("lon", "lat")]
        try:
            given = [float(v) for v in written] if any(written) else []
            if given and not (abs(given[0]) <= 180 and abs(given[1]) <= 90):
                raise ValueError
        except ValueError:
            what = f"the position {', '.join(written)} is not longitude and latitude in degrees"
            faults.append(Problem(f"{path}, line {line}", what, "write both in decimal degrees, or neither"))
            continue
        if given and datum != "WGS-84":
            written = [f"{float(v):.6f}" for v in to_wgs84(given[0], given[1], datum)]
        placed.append({**row, "lon": written[0], "lat": written[1]})
    if faults:
        raise Problems(faults)
    return placed


def load_workspace(path: Path) -> Workspace:
    """Read and validate `workspace.toml` (or the folder holding it). Raises `Problems` with all faults."""
    file = path if path.suffix == ".toml" else path / "workspace.toml"
    if not file.exists():
        raise problem(str(file), "there is no workspace here", "run `python -m etl init NAME`, or set LOOKOUT_HOME")
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise problem(str(file), f"is not valid TOML ({error})", "correct the line named") from None
    try:
        settings = WorkspaceFile.model_validate(raw)
    except ValidationError as error:
        raise from_validation(error, str(file)) from None
    workspace = Workspace(settings, file.parent)
    _check_files(workspace, file)
    return workspace


def _check_files(workspace: Workspace, file: Path) -> None:
    found: list[Problem] = []
    for name in DIMENSION_FILES:
        try:
            workspace.dimension(name)
        except Problems as error:
            found += error.problems
    for name in ("boundaries", "water"):
        geometry = getattr(workspace.settings.place, name)
        if geometry and not (workspace.folder / geometry).exists():
            found.append(Problem(str(file), f"place.{name} names {geometry}, which is not there", "add the file"))
        elif geometry:
            try:
                getattr(workspace, name)
            except Problems as error:
                found += error.problems
    found += [] if found else _unknown_scopes(workspace, file)
    if found:
        raise Problems(found)


def _unknown_scopes(workspace: Workspace, file: Path) -> list[Problem]:
    """Codes of subscriptions that no district or department has: such a subscriber would get empty papers."""
    found = []
    for at, one in enumerate(workspace.settings.subscriptions):
        for what, dimension, codes in (("regions", "region", one.regions), ("departments", "dept", one.departments)):
            known = set(workspace.dimension(dimension).column(0).to_pylist()) if codes else set()
            # Without a file of them they are those of the data, which may come later.
            for code in sorted(set(codes or ()) - known) if known else ():
                where = f"subscription.{at} ({one.name}).{what}: no line of {dimension}s.csv has the code {code}"
                found.append(Problem(str(file), where, f"write one of {', '.join(sorted(known))}"))
    return found
