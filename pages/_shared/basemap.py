"""The map's background as a MapLibre style: districts and waters of the workspace, light and dark, from this machine.

Served by the app itself under `PATH`, because a style is fetched by the browser and a workspace may bring any city.
Names are drawn by the layers above: a style's own names would need glyph files for every Chinese character.
"""

from __future__ import annotations

import hashlib
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pages._shared.theme import Mode, Palette, palette
from warehouse.home import Home
from warehouse.problems import Problems
from warehouse.workspace import Workspace, load_workspace

PATH = "/basemap/{mode}.json"
_WATER = {"light": "#CFE0EE", "dark": "#1B3146"}


def style(space: Workspace, mode: Mode) -> dict[str, Any]:
    """A MapLibre style (version 8) with its data inside: about 100 kB for the demo city, and nothing to download."""
    p = palette(mode)
    empty: dict[str, Any] = {"type": "FeatureCollection", "features": []}
    bounds: dict[str, Any] = space.boundaries or empty
    sources: dict[str, Any] = {
        "districts": {"type": "geojson", "data": {"type": "FeatureCollection", "features": _bare(bounds["features"])}},
        "water": {"type": "geojson", "data": space.water or empty},
    }
    layers: list[dict[str, Any]] = [
        {"id": "background", "type": "background", "paint": {"background-color": p.panel}},
        {"id": "land", "type": "fill", "source": "districts", "paint": {"fill-color": p.background}},
        {"id": "water", "type": "fill", "source": "water", "paint": {"fill-color": _WATER[mode]}},
        _border(p),
    ]
    if space.settings.place.tiles:
        sources["tiles"] = {"type": "raster", "tiles": [space.settings.place.tiles], "tileSize": 256}
        faint = {"raster-opacity": 0.6 if mode == "dark" else 0.8}
        layers = [layers[0], {"id": "tiles", "type": "raster", "source": "tiles", "paint": faint}, layers[3]]
    return {"version": 8, "name": f"lookout-{mode}", "sources": sources, "layers": layers}


def _border(p: Palette) -> dict[str, Any]:
    paint = {"line-color": p.muted, "line-width": 1.1, "line-opacity": 0.7}
    return {"id": "border", "type": "line", "source": "districts", "paint": paint}


def _bare(features: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{"type": "Feature", "properties": {}, "geometry": f["geometry"]} for f in features]


def url(space: Workspace, mode: Mode, base: str = "") -> str:
    """Where the browser fetches the style; the address changes with its content, so that it may keep it."""
    prefix = f"/{base.strip('/')}" if base.strip("/") else ""
    return prefix + PATH.format(mode=mode) + "?v=" + _told(str(space.folder), _changed(space), mode)[1]


def _changed(space: Workspace) -> tuple[int, ...]:
    place = space.settings.place
    files = [space.folder / name for name in ("workspace.toml", place.boundaries, place.water) if name]
    return tuple(f.stat().st_mtime_ns if f.exists() else 0 for f in files)


@lru_cache(maxsize=8)
def _told(folder: str, changed: tuple[int, ...], mode: Mode) -> tuple[bytes, str]:
    space = load_workspace(Path(folder) / "workspace.toml")
    body = json.dumps(style(space, mode), ensure_ascii=False, separators=(",", ":")).encode()
    return body, hashlib.sha256(body).hexdigest()[:12]


def _answer(request: Request) -> Response:
    mode = request.path_params["mode"]
    if mode not in ("light", "dark"):
        return Response(status_code=404)
    try:
        space = load_workspace(Home.from_environment().workspace_file)
        body, tag = _told(str(space.folder), _changed(space), mode)
    except Problems:
        return Response(status_code=503)
    headers = {"Cache-Control": "public, max-age=31536000, immutable", "ETag": f'"{tag}"'}
    return Response(body, media_type="application/json", headers=headers)


def routes() -> list[Route]:
    """What the app serves beside its pages."""
    return [Route(PATH, _answer, methods=["GET"])]
