"""Places and towns by the names people write. Texts in, at most one place out; a doubt is never settled by guessing.

A place is known by its name and aliases, by either without its estate suffix (四季园 for 四季园小区) or with another
one (四季园花园), and when one of these stands inside a longer text. The longest name found wins. Names that several
places share are settled by the row's own district, or not at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from warehouse.workspace import Workspace

Doubt = Literal["place_ambiguous", "place_elsewhere"]

# What estates are called in turn. Longer ones first: 花园小区 must not be left as 花园.
SUFFIXES = ("花园小区", "住宅小区", "小区", "花园", "家园", "花苑", "新村", "公寓", "社区")
ALIAS_SEPARATORS = re.compile("[;；]")
_LEAST_INSIDE = 3  # characters; shorter names occur inside unrelated ones (康乐 in 康乐路)
_LEAST_STEM = 2
_REMEMBERED = 50_000
_LONGEST = 200  # characters of a text that are looked at
_NOT_SAID = re.compile(r"[\s\-‐-―_,，.。、;；:：()（）\[\]【】\"'“”·]+")


@dataclass(frozen=True)
class Place:
    """A named spot in WGS-84."""

    place_id: str
    name: str
    region_code: str | None
    lon: float
    lat: float


class Gazetteer:
    """Every name of the places given. `merged` counts a region without a polygon as the one it is drawn in."""

    def __init__(self, places: Iterable[tuple[Place, Iterable[str]]], merged: Mapping[str, str]) -> None:
        self.merged = merged
        self.whole: dict[str, set[Place]] = defaultdict(set)
        varied: dict[str, set[Place]] = defaultdict(set)
        for place, aliases in places:
            for name in filter(None, map(plain, (place.name, *aliases))):
                self.whole[name].add(place)
                stem = without_suffix(name)
                if stem == name and not name.endswith(SUFFIXES):
                    continue
                for form in (stem, *(stem + suffix for suffix in SUFFIXES)):
                    varied[form].add(place)
        # A variant that is somebody's own name means that one.
        self.varied = {form: found for form, found in varied.items() if form not in self.whole}
        forms = {f for f in self.whole if len(f) >= _LEAST_INSIDE} | {f for f in self.varied if f.endswith(SUFFIXES)}
        self._inside = {n: {f for f in forms if len(f) == n} for n in sorted({len(f) for f in forms}, reverse=True)}
        self._find = lru_cache(maxsize=_REMEMBERED)(self._look)

    def __bool__(self) -> bool:
        return bool(self.whole)

    def find(self, text: str, region_code: str | None = None) -> Place | Doubt | None:
        """The place a text names, why it was left open, or None when it names none."""
        return self._find(text, region_code)

    def _look(self, text: str, region_code: str | None) -> Place | Doubt | None:
        written = plain(text[:_LONGEST])
        candidates = self.whole.get(written) or self.varied.get(written) or self._within(written)
        if not candidates:
            return None
        if region_code is not None:
            here = {p for p in candidates if p.region_code is None or self._same(p.region_code, region_code)}
            if not here:
                return "place_elsewhere"
            candidates = here
        return next(iter(candidates)) if len(candidates) == 1 else "place_ambiguous"

    def _within(self, written: str) -> set[Place]:
        """Places of the longest name inside a text; several of that length are several candidates."""
        for length, forms in self._inside.items():
            windows = {written[i : i + length] for i in range(len(written) - length + 1)}
            if found := windows & forms:
                return set().union(*(self.whole.get(f) or self.varied[f] for f in found))
        return set()

    def _same(self, first: str, second: str) -> bool:
        return self.merged.get(first, first) == self.merged.get(second, second)


def gazetteer(workspace: Workspace) -> Gazetteer:
    """The places of `places.csv`."""
    return _read(workspace, "place", "place_name")


def town_list(workspace: Workspace) -> Gazetteer:
    """Streets and towns of `towns.csv`, by the centre of each."""
    return _read(workspace, "town", "town")


def _read(workspace: Workspace, dimension: str, name: str) -> Gazetteer:
    """Lines with a name and a position; a name without one is there for its scene and district only."""
    found = [
        (
            Place(
                row.get("place_id") or row[name], row[name], row["region_code"], float(row["lon"]), float(row["lat"])
            ),
            ALIAS_SEPARATORS.split(row.get("aliases") or ""),
        )
        for row in workspace.dimension(dimension).to_pylist()
        if row[name] and row["lon"] and row["lat"]
    ]
    return Gazetteer(found, workspace.settings.place.merge_regions)


def plain(text: str) -> str:
    """As compared: half-width, lower case, without blanks and punctuation."""
    return _NOT_SAID.sub("", unicodedata.normalize("NFKC", text).casefold())


def without_suffix(name: str) -> str:
    """A name without what estates are called; as it stands when hardly anything would be left."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= _LEAST_STEM:
            return name.removesuffix(suffix)
    return name
