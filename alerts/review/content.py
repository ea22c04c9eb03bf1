"""The issue of a week: seven screens in the order of the meeting, the annex, and what everything rests on.

Every number comes from the measures through a reader for figures only, so an issue holds no row of a person. Nothing
is written here, and no clock is read.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts import notes
from alerts.review import ahead, annex, follow, limits, movement, overall, places, scoped, warned
from alerts.review.asked import Asked, Sources
from alerts.review.bundle import SCREENS, Change, Issue, Item, Number, Screen, Source, Words
from warehouse.analysis.calendar_compare import iso_week
from warehouse.measures import measures
from warehouse.periods import compare


def newest_week(as_of: datetime) -> str:
    """The last whole week at an instant."""
    return iso_week(compare("week", as_of).now.first)


@dataclass(frozen=True)
class Figured:
    """What of an issue hangs on the release alone, and takes seconds to read."""

    told: tuple[Number, ...]
    screens: tuple[Screen, ...]
    annex: tuple[Item, ...]
    missing: tuple[Words, ...]


def content(sources: Sources, week: str, as_of: datetime, changes: tuple[Change, ...] = ()) -> Issue:
    """The issue of a week as it reads now. `changes` are those of sealed issues (`late.changes`).

    Raises `ValueError` for a week that is none or is not over.
    """
    asked = Asked.of(sources, week, as_of)
    return composed(asked, figured(asked), changes)


def figured(asked: Asked) -> Figured:
    """The part to be kept as long as the release is the same."""
    told = overall.numbers(asked)
    screens = (
        overall.screen(asked, told),
        movement.screen(asked),
        places.screen(asked),
        limits.screen(asked),
        ahead.screen(asked),
    )
    return Figured(told, screens, annex.items(asked), annex.missing(asked))


def composed(asked: Asked, figures: Figured, changes: tuple[Change, ...] = ()) -> Issue:
    """The issue of figures and of what people did: warnings and measures as they stand in the store."""
    sources, settings = asked.sources, asked.sources.space.settings
    kept = follow.of_week(asked)
    own = {s.name: s for s in figures.screens}
    own["overall"] = _noted(asked, own["overall"])
    own |= {s.name: s for s in (follow.screen(asked, kept, changes), warned.screen(asked, warned.of_week(asked)))}
    screens = tuple(own[name] for name in SCREENS)
    health = None if asked.is_part else annex.rules(asked)
    extra = (follow.rectification(asked, kept), health, follow.changed_all(changes))
    return Issue(
        week=asked.week,
        begins=asked.now.first,
        ends=asked.now.last,
        as_of=asked.at,
        workspace=Words(zh=settings.name.zh, en=settings.name.en),
        is_simulated=bool(sources.reader.info["is_synthetic"]),
        source=source(sources),
        filters=scoped.filters(asked),
        missing=figures.missing,
        summary=tuple(s.finding for s in screens),
        screens=screens,
        annex=(*[i for i in extra if i is not None], *figures.annex),
        changes=changes,
        definitions=definitions(figures.told),
    )


def _noted(asked: Asked, screen: Screen) -> Screen:
    """The trends with the notes that people wrote about their measures; notes may come while figures stay."""
    weeks = asked.trend()
    codes = sorted(asked.viewer.regions or ())
    one = codes[0] if len(codes) == 1 else notes.ALL
    several = {code: asked.name("district", code) for code in codes} if len(codes) > 1 else None
    items = []
    for item in screen.items:
        if item.id.startswith(overall.TREND):
            measure = item.id.removeprefix(overall.TREND)
            told = notes.marks(asked.sources.kept, None, measure, weeks[0].first, weeks[-1].last, one, regions=several)
            charts = tuple(c.model_copy(update={"marks": (*c.marks, *told)}) for c in item.charts)
            item = item.model_copy(update={"charts": charts})
        items.append(item)
    return screen.model_copy(update={"items": tuple(items)})


def source(sources: Sources) -> Source:
    """Fingerprints of what was in force: measures, policies and targets, and the version of each rule."""
    settings = sources.space.settings
    policies = {
        "policies": [p.model_dump(mode="json") for p in settings.policies],
        "targets": {i: t.model_dump(mode="json") for i, t in settings.targets.items()},
    }
    return Source(
        release_id=sources.reader.id,
        definitions=_print({i: m.model_dump(mode="json") for i, m in measures().items()}),
        policies=_print(policies),
        rules={i: r.version for i, r in sorted(sources.rules.items())},
    )


def definitions(told: tuple[Number, ...]) -> tuple[tuple[str, Words, Words], ...]:
    """口径 of the numbers shown: id, name, formula with its caveat."""
    found = []
    for number in told:
        entry = measures()[number.measure]
        how = Words(zh=f"{entry.formula()}；{entry.caveat.zh}", en=f"{entry.formula()}; {entry.caveat.en}")
        found.append((entry.id, Words(zh=entry.zh, en=entry.en), how))
    return tuple(found)


def _print(told: Any) -> str:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()[:16]
