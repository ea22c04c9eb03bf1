"""What a file of single figures speaks of: the cell, site or region whose rows no two share a period.

A scope that several rows of one period share would let them replace each other.
"""

from __future__ import annotations

import re
from itertools import combinations

from etl.infer.columns import Drafted
from etl.infer.headers import name_of
from etl.infer.keys import distinct_rows
from etl.infer.nodes import composed_cell, node_and_cell
from etl.infer.profile import Profile
from etl.infer.types import Reading
from etl.infer.words import note

_CELL = re.compile(r"cell|lncel|nrcel|小区|扇区|sector|cgi|\beci\b|celda|cellule|zelle", re.IGNORECASE)
_SITE = re.compile(r"site|node ?b|enb|gnb|bts|基站|网元|站点|element", re.IGNORECASE)
_REGION = re.compile(r"区县|地市|城市|region|district|city|cluster|province|area", re.IGNORECASE)
_NAMED = re.compile(r"name|名称|id$|编号|标识|object|对象", re.IGNORECASE)
MOST_NAMES = 12


def kind_of(header: str, reading: Reading) -> str:
    """cell, site or region, by the header and by values that are cells."""
    if reading.kind == "cell" or _CELL.search(header) and not re.search(r"小区域", header):
        return "cell"
    if _REGION.search(header) and not _SITE.search(header):
        return "region"
    return "site"


def scope_of(taken: str, period: str, profile: Profile, readings: dict[str, Reading]) -> list[str]:
    """The headers that name what each row of a period speaks of: `taken` where it does, else the best that do.

    Empty where a period has one row: the file speaks of the whole network.
    """
    if profile[period].n_distinct == profile.n_rows:
        return [taken] if taken else []
    if taken and readings[taken].kind == "cell" and _tells([taken], period, profile):
        return [taken]
    if (pair := node_and_cell(profile, readings)) and _tells(list(pair), period, profile):
        return list(pair)  # these join the cells, a name does not
    if taken and _tells([taken], period, profile):
        return [taken]
    names = [h for h in profile.headers if h != period and _is_name(h, profile, readings)]
    one = [h for h in names if _tells([h], period, profile)]
    if one:
        return [min(one, key=lambda h: (-_rank(h), readings[h].mean_length))]
    for two in combinations(sorted(names, key=lambda h: -_rank(h))[:MOST_NAMES], 2):
        if _tells(list(two), period, profile):
            return sorted(two, key=profile.headers.index)
    return [taken] if taken else []


def drafted_scope(headers: list[str], readings: dict[str, Reading], as_cell: bool) -> dict[str, Drafted]:
    """scope_kind and scope_id for the headers."""
    kinds = [kind_of(h, readings[h]) for h in headers]
    kind = next((k for k in ("cell", "site", "region") if k in kinds), "site")
    if len(headers) > 1 and as_cell:
        made = composed_cell("scope_id", (headers[0], headers[1]))
    elif len(headers) > 1:
        made = Drafted("scope_id", {"compose": headers})
    else:
        made = Drafted("scope_id", {"from": headers[0]})
        if readings[headers[0]].kind == "cell":
            made.settings["as"] = "cell"
    made.notes.append(note("scope", "assumed", column="scope_id", headers=" + ".join(headers)))
    return {"scope_kind": Drafted("scope_kind", {"const": kind}), "scope_id": made}


def _tells(headers: list[str], period: str, profile: Profile) -> bool:
    if any(profile[h].n_filled < profile.n_rows for h in headers):
        return False
    return distinct_rows(profile, [*headers, period]) == distinct_rows(profile, profile.headers)


def _is_name(header: str, profile: Profile, readings: dict[str, Reading]) -> bool:
    reading = readings[header]
    if reading.kind in ("cell", "text"):
        return profile[header].n_distinct > 1
    return reading.kind == "number" and reading.is_whole and _rank(header) > 0 and profile[header].n_distinct > 1


def _rank(header: str) -> int:
    plain = " ".join(name_of(header).tokens) or header
    kind = 2 if _CELL.search(header) else 1 if _SITE.search(header) or _REGION.search(header) else 0
    return 2 * kind + bool(_NAMED.search(plain) or _NAMED.search(header))
