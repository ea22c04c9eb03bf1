"""The map's planned sites, as an overlay: places that need something, what is on its way, sites to come and new."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pandas as pd

from pages._shared import data_map, data_needs, data_spots, deck, numbers
from pages._shared.blocks import map_spots
from pages._shared.charts.legend import Key
from pages._shared.frame import Frame
from pages._shared.text import t, word
from pages._shared.theme import palette
from warehouse.hotspots.settings import settings
from warehouse.needs import search_area
from warehouse.periods import Period

NEW_DAYS = 91
KINDS = ("ready", "first", "way", "later", "new")


def sites(frame: Frame, week: Period) -> tuple[list[Any], list[Key]]:
    """Search areas of the week's needs by what they wait for, and sites that go on air later or did so lately."""
    lang, p = frame.lang, palette(frame.mode)
    found = pd.DataFrame([*_needs(frame, week), *to_come(frame, week)])
    if found.empty:
        return [], []
    colour = {
        "ready": p.blue.mark,
        "first": p.yellow.mark,
        "way": p.green.mark,
        "later": p.orange.mark,
        "new": p.text,
    }
    found["rgba"] = [deck.rgba(colour[k], 90 if k in ("ready", "first", "way") else 235) for k in found["kind"]]
    counts = found["kind"].value_counts()
    keys = [Key(t(f"map.site_{k}", lang, n=int(counts[k])), colour[k], "circle") for k in KINDS if k in counts]
    columns = ["hotspot_id", "lon", "lat", "rgba", "size", "tip"]
    areas, masts = (found[found["size"] > 100], found[found["size"] <= 100])
    layers = [
        deck.points("site_areas", areas.reindex(columns=columns).fillna({"hotspot_id": ""}), p, radius_px=(9, 90)),
        deck.points("site_masts", masts.reindex(columns=columns[1:]), p, radius_px=(4, 8), stroke=p.background),
    ]
    return [layer for layer, part in zip(layers, (areas, masts), strict=True) if len(part)], keys


def _needs(frame: Frame, week: Period) -> Iterator[dict[str, Any]]:
    """A search area per need of the week; those that planners carry on after the hotspot has gone, too."""
    lang, space = frame.lang, frame.workspace
    grid = settings(space.settings.hotspots).need.search_m
    cases = data_needs.cases(frame.viewer, space, week.first, frame.filters)
    seen = set()
    for case in cases:
        seen.add(case.need.hotspot_id)
        is_on_way = case.work.get("pipeline", "none") not in ("none", "reported")
        if not is_on_way and case.need.action == "none":
            continue
        kind = "way" if is_on_way else "ready" if case.need.may_be_proposed else "first"
        what = word("pipeline", case.work["pipeline"], lang) if is_on_way else word("remedy", case.need.action, lang)
        yield _area(case.spot, kind, f"{map_spots.place(case.spot, lang)}\n{what}", grid)
    for name, state in data_needs.on_their_way().items():
        if name in seen:
            continue
        course = data_spots.course(frame.viewer, name)
        if course.empty:
            continue
        past = course[(course["week_start"] <= pd.Timestamp(week.first)) & course["lon"].notna()]
        if len(past):
            spot: Any = next(past.tail(1).itertuples())
            yield _area(spot, "way", f"{map_spots.place(spot, lang)}\n{word('pipeline', state, lang)}", grid)


def _area(spot: Any, kind: str, tip: str, grid: int) -> dict[str, Any]:
    lon, lat, radius = search_area(float(spot.lon), float(spot.lat), float(spot.radius_m), grid)
    return {"hotspot_id": str(spot.hotspot_id), "lon": lon, "lat": lat, "size": radius, "kind": kind, "tip": tip}


def to_come(frame: Frame, week: Period) -> Iterator[dict[str, Any]]:
    """Sites whose first cell goes on air after the week, or did so in the 13 weeks up to its end."""
    found = data_map.masts(frame.viewer, week.end - timedelta(NEW_DAYS))
    for row in found.itertuples():
        on = pd.Timestamp(row.on_air_on).date()
        kind = "later" if on >= week.end else "new"
        said = t(f"map.tip_site_{kind}", frame.lang, day=numbers.date(on, frame.lang, year=True))
        tip = f"{row.site_id} {row.town or ''}\n{said}"
        yield {"lon": float(row.lon), "lat": float(row.lat), "size": 60.0, "kind": kind, "tip": tip}
