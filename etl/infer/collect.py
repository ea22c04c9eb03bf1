"""Lists of options that a questionnaire spreads over columns: one column per scene or problem, joined into a set."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from etl.infer.columns import Drafted
from etl.infer.headers import likeness
from etl.infer.profile import Profile
from etl.infer.types import Reading
from etl.infer.words import note
from warehouse.canonical import Table

LEAST_OPTIONS = 2
ALIKE = 0.8
_NO = ("-1", "0", "否", "无", "n", "no", "N", "No", "false", "False", "未选", "未选择")


@cache
def options() -> dict[str, dict[str, list[str]]]:
    path = Path(__file__).with_name("options.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def sets(table: Table, profile: Profile, readings: dict[str, Reading], used: set[str]) -> list[Drafted]:
    """The columns of type set that a block of option headers gives."""
    found: list[Drafted] = []
    taken = set(used)
    for column, entry in table.columns.items():
        if entry.type != "set" or column not in options():
            continue
        labels: dict[str, str] = {}
        for header in profile.headers:
            if header in taken or readings[header].kind not in ("number", "flag", "text"):
                continue
            label = _label(column, header)
            if label and _is_option(profile, header) and (label not in labels.values()):
                labels[header] = label
        if len(labels) < LEAST_OPTIONS:
            continue
        labels |= _other(profile, labels, taken)
        taken |= set(labels)
        no = [w for w in _NO if any(w in profile[h].values for h in labels)]
        drafted = Drafted(column, {"missing": no, "collect": dict(labels)} if no else {"collect": dict(labels)})
        drafted.notes.append(note("collected", "assumed", column=column, n=len(labels), no=", ".join(no) or "-"))
        found.append(drafted)
    return found


def _label(column: str, header: str) -> str:
    for label, words in options()[column].items():
        if any(likeness(header, word) >= ALIKE for word in words):
            return label
    return ""


def _is_option(profile: Profile, header: str) -> bool:
    """Few values, one of which says no, or empty where it was not chosen."""
    source = profile[header]
    return source.n_distinct <= 3 and (any(v in _NO for v in source.values) or source.n_filled < source.n_rows)


def _other(profile: Profile, labels: dict[str, str], taken: set[str]) -> dict[str, str]:
    """The "other" that follows a block belongs to it."""
    last = max(profile.headers.index(h) for h in labels)
    follows = profile.headers[last + 1 : last + 2]
    return {h: "其他" for h in follows if h.startswith(("其他", "其它", "other", "Other")) and h not in taken}
