"""Coordinates in a file: which columns, in which order, in which datum, and what stands for no position.

A datum cannot be read off values; headers and the kind of source only make it likely, and the note says so.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np

from etl.infer.headers import name_of
from etl.infer.numbers import figure
from etl.infer.profile import Column, Profile
from etl.infer.types import Reading
from etl.infer.words import Note, note

CHINA = (73.0, 3.5, 135.5, 54.0)
# Rough boxes, the smaller one first, to guess time zone and country of a workspace.
COUNTRIES: tuple[tuple[str, str, tuple[float, float, float, float]], ...] = (
    ("Europe/Dublin", "Ireland", (-10.7, 51.3, -5.9, 55.5)),
    ("Europe/London", "United Kingdom", (-8.7, 49.8, 1.9, 60.9)),
    ("Europe/Berlin", "Germany", (5.8, 47.2, 15.1, 55.1)),
    ("Asia/Kolkata", "India", (68.0, 6.0, 97.5, 36.0)),
    ("Asia/Shanghai", "China", CHINA),
    ("America/New_York", "United States, east", (-85.0, 24.4, -66.9, 47.5)),
    ("America/Chicago", "United States, centre", (-102.0, 25.8, -85.0, 49.4)),
    ("America/Los_Angeles", "United States, west", (-124.8, 32.5, -114.0, 49.0)),
)
_PAIR = re.compile(r"(-?\d{1,3}\.\d+)\s*[,，;\s]\s*(-?\d{1,3}\.\d+)")
_DATUM_WORDS = (
    ("BD-09", ("百度", "baidu", "bd09", "bd-09", "bd_09")),
    ("GCJ-02", ("高德", "gaode", "amap", "gcj", "腾讯", "火星", "tencent")),
    ("WGS-84", ("gps", "wgs", "北斗")),
)
_FROM_NETWORK = ("cell", "drive_test", "mr_grid", "onsite_test", "experience_rating")
NOWHERE_SHARE = 0.002
LEAST_POINTS = 3


@dataclass
class Places:
    """`sources` are the settings of columns lon and lat, `none_at` the pairs that stand for no position."""

    sources: dict[str, dict[str, object]] = field(default_factory=dict)
    datum: str = ""
    none_at: list[tuple[float, float]] = field(default_factory=list)
    bbox: tuple[float, float, float, float] | None = None
    country: str = ""
    zone: str = ""
    notes: list[Note] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)


def find_places(
    table: str, hits: dict[str, str], profile: Profile, readings: dict[str, Reading], texts: list[str]
) -> Places | None:
    """The position of each row; None when the file has none. `hits` are the headers matched to lon and lat."""
    found = Places()
    if {"lon", "lat"} <= set(hits) and "point" not in {readings[hits[c]].kind for c in ("lon", "lat")}:
        if "angle" in {readings[hits[c]].kind for c in ("lon", "lat")}:
            found.notes.append(note("angle", "assumed", column="lon"))
        lon, lat = (profile[hits[c]] for c in ("lon", "lat"))
        found.headers = [lon.header, lat.header]
        found.sources = {"lon": {"from": lon.header}, "lat": {"from": lat.header}}
        xs, ys = _floats(lon), _floats(lat)
    else:
        column = next((c for c in profile.columns if readings[c.header].kind == "point"), None)
        if column is None:
            return None
        xs, ys = _of_point(found, column)
    _look(found, xs, ys, table, texts)
    return found


def _floats(column: Column) -> np.ndarray:
    return np.array([_degrees(v) if v else np.nan for v in column.rows.to_pylist()])


def _degrees(text: str) -> float:
    """Decimal degrees of a figure, or of degrees, minutes and seconds."""
    if seen := figure(text):
        return seen.value
    parts = [float(p) for p in re.findall(r"\d+(?:\.\d+)?", text)][:3]
    if not parts or not re.search(r"[°度]", text):
        return float("nan")
    degrees = sum(p / 60**i for i, p in enumerate(parts))
    return -degrees if re.search(r"[SWsw南西]", text) else degrees


def _of_point(found: Places, column: Column) -> tuple[np.ndarray, np.ndarray]:
    pairs = [_PAIR.search(v) if v else None for v in column.rows.to_pylist()]
    first = np.array([float(p[1]) if p else np.nan for p in pairs])
    second = np.array([float(p[2]) if p else np.nan for p in pairs])
    is_wkt = any(v.upper().startswith("POINT") for v in column.values[:5])
    said = name_of(column.header).key
    says_lat_first = "lat" in said and (said.find("lat") < said.find("lo") or "lo" not in said) or "纬经" in said
    if is_wkt or np.nanmax(np.abs(first)) > 90:
        lon_first = True
    elif np.nanmax(np.abs(second)) > 90 or says_lat_first:
        lon_first = False
    else:  # either could be a latitude: a country that only one order meets decides
        lon_first = bool(_country(first, second)) or not _country(second, first)
    number, between = r"(-?[0-9]+\.?[0-9]*)", r"\s*[,，;\s]\s*-?[0-9]"
    parts = {"first": number + between, "second": r"-?[0-9]+\.?[0-9]*\s*[,，;\s]\s*" + number}
    one, two = ("lon", "lat") if lon_first else ("lat", "lon")
    found.headers = [column.header]
    found.sources = {
        one: {"from": column.header, "extract": parts["first"], "on_bad": "missing"},
        two: {"from": column.header, "extract": parts["second"], "on_bad": "missing"},
    }
    found.notes.append(note("point_column", header=column.header, order=f"{one}, {two}"))
    return (first, second) if lon_first else (second, first)


def _look(found: Places, xs: np.ndarray, ys: np.ndarray, table: str, texts: list[str]) -> None:
    both = ~np.isnan(xs) & ~np.isnan(ys)
    counted = Counter(zip(xs[both].tolist(), ys[both].tolist(), strict=True))
    nowhere = [p for p, n in counted.most_common(20) if p[0] == p[1] or p in ((0.0, 0.0), (-1.0, -1.0))]
    found.none_at = [(0.0, 0.0), *(p for p in nowhere if p != (0.0, 0.0))]
    for pair in nowhere:
        found.notes.append(note("nowhere", pair=f"({pair[0]:g}, {pair[1]:g})", n=counted[pair]))
    keep = both & ~np.isin(np.arange(len(xs)), [i for i in range(len(xs)) if (xs[i], ys[i]) in set(nowhere)])
    xs, ys = xs[keep], ys[keep]
    if len(xs) < LEAST_POINTS:
        _datum(found, table, texts, False)
        return
    if np.mean(np.abs(ys) > 90) > 0.5 and np.mean(np.abs(xs) <= 90) > 0.5:
        found.sources["lon"], found.sources["lat"] = found.sources["lat"], found.sources["lon"]
        xs, ys = ys, xs
        found.notes.append(note("swapped_columns", "assumed", lon=found.headers[-1], lat=found.headers[0]))
    west, south = np.percentile(xs, 1), np.percentile(ys, 1)
    east, north = np.percentile(xs, 99), np.percentile(ys, 99)
    pad = max(0.02, 0.15 * max(east - west, north - south))
    box = (max(-180, west - pad), max(-90, south - pad), min(180, east + pad), min(90, north + pad))
    found.bbox = tuple(round(float(v), 2) for v in box)  # type: ignore[assignment]
    found.zone, found.country = _country(xs, ys) or ("", "")
    n_outside = int(len(xs) - np.sum((xs >= box[0]) & (xs <= box[2]) & (ys >= box[1]) & (ys <= box[3])))
    found.notes.append(
        note("positions", n=len(xs), box=str(found.bbox), country=found.country or "?", outside=n_outside)
    )
    _datum(found, table, texts, found.country == "China")


def _country(xs: np.ndarray, ys: np.ndarray) -> tuple[str, str] | None:
    """Time zone and name of the country that nearly all positions lie in."""
    there = ~np.isnan(xs) & ~np.isnan(ys) & ~((xs == 0) & (ys == 0))
    xs, ys = xs[there], ys[there]
    for zone, country, (w, s, e, n) in COUNTRIES:
        if len(xs) and np.mean((xs >= w) & (xs <= e) & (ys >= s) & (ys <= n)) > 0.95:
            return zone, country
    return None


def _datum(found: Places, table: str, texts: list[str], is_china: bool) -> None:
    said = " ".join([*found.headers, *texts]).casefold()
    for datum, words in _DATUM_WORDS:
        if hit := next((w for w in words if w in said), None):
            found.datum = datum
            found.notes.append(note("datum_word", datum=datum, word=hit, column="lon"))
            return
    if not is_china:
        found.datum = "WGS-84"
        found.notes.append(note("datum_abroad", "assumed", column="lon"))
        return
    found.datum = "WGS-84" if table in _FROM_NETWORK else "GCJ-02"
    found.notes.append(note("datum_china", "decide", column="lon", datum=found.datum))
