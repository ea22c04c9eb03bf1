"""Two columns that sort complaints, one within the other: the finer becomes the type, the other its parent."""

from __future__ import annotations

import re
from itertools import permutations

from etl.infer.headers import name_of
from etl.infer.keys import distinct_rows
from etl.infer.match import name_score
from etl.infer.profile import Profile
from etl.infer.types import Reading

_LEVELS: tuple[tuple[re.Pattern[str], int], ...] = tuple(
    (re.compile(pattern), level)
    for pattern, level in (
        (r"(?:^|[^a-z0-9])(?:l|level|tier|lvl|ebene|nivel)\s?1$|一级|大类", 1),
        (r"(?:^|[^a-z0-9])(?:l|level|tier|lvl|ebene|nivel)\s?2$|二级|小类|^sub|子类", 2),
        (r"(?:^|[^a-z0-9])(?:l|level|tier|lvl|ebene|nivel)\s?3$|三级|细类", 3),
    )
)
_SORTS = re.compile(r"categor|class|type|tier|分类|现象|类型|类别|事项", re.IGNORECASE)
NAMED, MOST_TYPES, LEAST_ROWS = 0.5, 400, 20


def level_of(header: str) -> int:
    """1 for a main class, 2 and 3 for what lies within, 0 where the header does not say."""
    plain = " ".join(name_of(header).tokens)
    return next((level for pattern, level in _LEVELS if pattern.search(plain) or pattern.search(header)), 0)


def by_level(hits: dict[str, str], profile: Profile, readings: dict[str, Reading]) -> dict[str, str]:
    """type_code and type_detail of a ticket, where two headers sort it; empty where nothing is to be changed.

    With three levels the second is the type and the third its detail; with two the finer one is the type.
    """
    given = hits.get("type_code") or next((h for h in profile.headers if level_of(h) and _SORTS.search(h)), None)
    if given is None:
        return {}
    used = {h for c, h in hits.items() if c not in ("type_code", "type_detail", "request_kind")}
    own = [h for h in profile.headers if h not in used and _sorts(h, profile, readings, given)]
    levels = {level_of(h): h for h in reversed(own) if level_of(h)}
    if {1, 2, 3} <= set(levels):
        return {"type_code": levels[2], "type_detail": levels[3]}
    if {1, 2} <= set(levels):
        return {"type_code": levels[2], "type_detail": levels[1]}
    if "type_detail" in hits or profile.n_rows < LEAST_ROWS:
        return {}
    for fine, coarse in permutations(own, 2):
        if given in (fine, coarse) and _lies_within(fine, coarse, profile):
            return {"type_code": fine, "type_detail": coarse}
    return {}


def _sorts(header: str, profile: Profile, readings: dict[str, Reading], given: str) -> bool:
    source = profile[header]
    if readings[header].kind != "text" or not 1 <= source.n_distinct <= MOST_TYPES:
        return False
    if header == given:
        return True
    alike = max(name_score("ticket", "type_code", header), name_score("ticket", "type_detail", header))
    return alike >= NAMED or _family(header) == _family(given)


def _family(header: str) -> str:
    """A header without what says its level."""
    plain = " ".join(name_of(header).tokens)
    return re.sub(r"[一二三大小细]|(l|level|tier|lvl)?\s?[123]$|^sub", "", plain)


def _lies_within(fine: str, coarse: str, profile: Profile) -> bool:
    """Whether every value of one belongs to one value of the other, and the other tells less."""
    n_fine, n_coarse = profile[fine].n_distinct, profile[coarse].n_distinct
    return n_coarse < n_fine == distinct_rows(profile, [fine, coarse])
