"""A workspace that knows places: made at run time, nothing of a real operator."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from warehouse.workspace import Workspace, load_workspace

SETTINGS = """
id = "small"
name = { zh = "小城(模拟)", en = "Small town (simulated)" }
is_synthetic = true
languages = ["zh", "en"]
timezone = "Asia/Shanghai"
as_of = "data"
sources = ["small_tickets"]
"""


def workspace(
    folder: Path,
    boundaries: dict[str, Any] | None = None,
    places: str | None = None,
    towns: str | None = None,
    place: str = "",
) -> Workspace:
    """Written into `folder` and read back as a person's own would be."""
    write(folder, boundaries, places, towns, place)
    return load_workspace(folder)


def write(
    folder: Path,
    boundaries: dict[str, Any] | None = None,
    places: str | None = None,
    towns: str | None = None,
    place: str = "",
    settings: str = SETTINGS,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    if boundaries is not None:
        (folder / "boundaries.geojson").write_text(json.dumps(boundaries), encoding="utf-8")
        place = 'boundaries = "boundaries.geojson"\n' + place
    for name, text in (("places.csv", places), ("towns.csv", towns)):
        if text is not None:
            (folder / name).write_text(text, encoding="utf-8")
    (folder / "workspace.toml").write_text(settings + "\n[place]\n" + place, encoding="utf-8")
