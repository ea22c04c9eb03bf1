"""追溯变化: numbers of sealed issues that would read differently today, at the instant they were sealed at.

An outcome that became known later is no change, for the number says what was known then. A ticket that came late, a
correction, or another definition is.
"""

from __future__ import annotations

import math
from pathlib import Path

from alerts.review import limits, overall
from alerts.review.asked import Asked, Sources
from alerts.review.bundle import Change, Issue, Number, Words
from alerts.review.content import source
from alerts.review.seal import read, weeks
from alerts.review.texts import joined, say
from warehouse.periods import compare
from warehouse.problems import Problems

BACK = 8  # sealed issues that are read again


def changes(sources: Sources, folder: Path, before: str) -> tuple[Change, ...]:
    """Of the sealed weeks before `before`, newest first. An issue that cannot be read or was tampered with is left out:
    the page that opens it says so."""
    found: list[Change] = []
    for week in [w for w in reversed(weeks(folder)) if w < before][:BACK]:
        try:
            kept = read(folder, week)
        except Problems:
            continue
        if kept is not None and kept.is_intact:
            found += of(sources, kept.issue)
    return tuple(found)


def of(sources: Sources, issue: Issue) -> list[Change]:
    """The numbers of one sealed issue that read differently now."""
    asked = Asked(sources, compare("week", issue.as_of), issue.as_of)
    now = {n.measure: n for n in (*overall.numbers(asked), *limits.numbers(asked))}
    why = _why(sources, issue)
    return [
        Change(
            week=issue.week, measure=n.measure, name=n.name, unit=n.unit, sealed=n.value,
            now=now[n.measure].value if n.measure in now else None, why=why,
        )
        for n in _numbers(issue)
        if n.measure not in now or not _same(n, now[n.measure])
    ]  # fmt: skip


def _numbers(issue: Issue) -> list[Number]:
    """Each measure of the week once; those of other periods (the month) are no part of it."""
    found: dict[str, Number] = {}
    for screen in issue.screens:
        for item in screen.items:
            if (screen.name, item.id) in (("overall", "overall"), ("sla", "waiting")):
                found |= {n.measure: n for n in item.numbers if n.measure not in found}
    return list(found.values())


def _same(a: Number, b: Number) -> bool:
    pairs = ((a.value, b.value), (a.numerator, b.numerator), (a.n, b.n))
    return all(x == y or (x is not None and y is not None and math.isclose(x, y, rel_tol=1e-9)) for x, y in pairs)


def _why(sources: Sources, issue: Issue) -> Words:
    now = source(sources)
    parts = []
    if now.definitions != issue.source.definitions:
        parts.append(say("change_definition"))
    if now.policies != issue.source.policies:
        parts.append(say("change_policy"))
    return joined(parts or [say("change_late")], "；", "; ")
