"""追溯变化: numbers of sealed issues that would read differently today, at the instant they were sealed at.

The whole issue is read again, every table and chart of it. An outcome that became known later is no change, for the
number says what was known then. A ticket that came late, a correction, or another definition is.
"""

from __future__ import annotations

import math
from pathlib import Path

from alerts.review import limits
from alerts.review.asked import Asked, Sources
from alerts.review.bundle import Change, Issue, Number, Source, Words
from alerts.review.content import figured, source
from alerts.review.reading import Key, Read, readings
from alerts.review.seal import read, weeks
from alerts.review.texts import joined, say
from warehouse.periods import compare
from warehouse.problems import Problems

BACK = 8  # sealed issues that are read again
VOLUME = "M01"
AS_WRITTEN = 0.005  # estimates (what was to be expected) are learnt anew from all data; what nobody reads is no change
MEASURES = (("overall", "overall"), ("sla", "waiting"))


def changes(sources: Sources, folder: Path, before: str) -> tuple[Change, ...]:
    """Of the sealed weeks before `before`, newest first."""
    return tuple(change for issue in sealed_before(folder, before) for change in of(sources, issue))


def sealed_before(folder: Path, before: str) -> list[Issue]:
    """The issues that are read again, newest first. One that cannot be read or was tampered with is left out: the page
    that opens it says so."""
    found = []
    for week in [w for w in reversed(weeks(folder)) if w < before][:BACK]:
        try:
            kept = read(folder, week)
        except Problems:
            continue
        if kept is not None and kept.is_intact:
            found.append(kept.issue)
    return found


def of(sources: Sources, issue: Issue) -> list[Change]:
    """The numbers of one sealed issue that read differently now: the measures of the week first, then every other
    number by its place. Where nothing that it rests on is another, nothing is read."""
    rests_on = source(sources)
    if (rests_on.release_id, rests_on.definitions, rests_on.policies) == (
        issue.source.release_id, issue.source.definitions, issue.source.policies,
    ):  # fmt: skip
        return []
    asked = Asked(sources, compare("week", issue.as_of), issue.as_of)
    figures = figured(asked)
    measures = {n.measure: n for n in (*figures.told, *limits.numbers(asked))}
    sealed = _numbers(issue)
    why = _why(rests_on, issue, sealed, measures)
    found = [
        Change(
            week=issue.week, measure=n.measure, name=n.name, unit=n.unit, sealed=n.value,
            now=measures[n.measure].value if n.measure in measures else None, why=why,
        )
        for n in sealed
        if n.measure not in measures or not _same(n, measures[n.measure])
    ]  # fmt: skip
    before, now = readings(issue.screens, issue.annex), readings(figures.screens, figures.annex)
    gone = Read(Words(zh="", en=""), "", None)
    for key in dict.fromkeys((*before, *now)):
        was, reads = before.get(key, gone), now.get(key, gone)
        loose = AS_WRITTEN if (was.unit or reads.unit) == "number" else 0.0
        if _is_measure(key) or _close(was.value, reads.value, loose):
            continue
        named = was if key in before else reads
        found.append(
            Change(
                week=issue.week, measure="/".join(key), name=named.name, unit=named.unit, sealed=was.value,
                now=reads.value, why=why,
            )
        )  # fmt: skip
    return found


def _is_measure(key: Key) -> bool:
    """The value of a measure of the week with its parts, which stand in one line."""
    return key[:2] in MEASURES and len(key) == 4 and key[3] in ("value", "n", "numerator")


def _numbers(issue: Issue) -> list[Number]:
    """Each measure of the week once; those of other periods (the month) are no part of it."""
    found: dict[str, Number] = {}
    for screen in issue.screens:
        for item in screen.items:
            if (screen.name, item.id) in MEASURES:
                found |= {n.measure: n for n in item.numbers if n.measure not in found}
    return list(found.values())


def _same(a: Number, b: Number) -> bool:
    return all(_close(x, y) for x, y in ((a.value, b.value), (a.numerator, b.numerator), (a.n, b.n)))


def _close(x: float | None, y: float | None, loose: float = 0.0) -> bool:
    return x == y or (x is not None and y is not None and math.isclose(x, y, rel_tol=1e-9, abs_tol=max(loose, 1e-9)))


def _why(now: Source, issue: Issue, sealed: list[Number], measures: dict[str, Number]) -> Words:
    """Another definition or policy, and how many tickets of the week came late."""
    parts = []
    if now.definitions != issue.source.definitions:
        parts.append(say("change_definition"))
    if now.policies != issue.source.policies:
        parts.append(say("change_policy"))
    was = next((n.value for n in sealed if n.measure == VOLUME), None)
    reads = measures[VOLUME].value if VOLUME in measures else None
    late = 0.0 if was is None or reads is None else reads - was
    if late:
        parts.append(say("change_came" if late > 0 else "change_gone", n=abs(late)))
    return joined(parts or [say("change_late")], "；", "; ")
