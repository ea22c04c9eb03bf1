"""Badges beside a page's title: as-of, freshness, simulated data, severity.

No clock is read here: the as-of time is the release's.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from pages._shared import numbers
from pages._shared.text import Lang, t, word
from pages._shared.theme import SEVERITY

Freshness = Literal["fresh", "stale", "no_data"]


@dataclass(frozen=True)
class Source:
    """How fresh one source is: its latest record and the age at which it counts as stale."""

    name: str
    latest: datetime | None
    limit_minutes: float


def freshness(source: Source, as_of: datetime) -> Freshness:
    """fresh, stale, or no_data where nothing was ever loaded."""
    if source.latest is None:
        return "no_data"
    age = (as_of - source.latest).total_seconds() / 60
    return "stale" if age > source.limit_minutes else "fresh"


def as_of_badge(container: Any, as_of: datetime, lang: Lang) -> None:
    """截至 3月31日 08:30."""
    said = t("badge.as_of", lang, moment=numbers.moment(as_of, lang))
    container.badge(said, icon=":material/schedule:", color="gray", help=t("badge.as_of_help", lang))


def freshness_badge(container: Any, source: Source, as_of: datetime, lang: Lang) -> None:
    """数据新鲜 or 数据过期, by the source's own limit."""
    state = freshness(source, as_of)
    said = f"{source.name} {word('badge', state, lang)}".strip()
    if source.latest is None:
        container.badge(said, icon=":material/block:", color="gray")
        return
    note = t(
        "badge.freshness_help",
        lang,
        moment=numbers.moment(source.latest, lang),
        age=numbers.duration((as_of - source.latest).total_seconds() / 60, lang),
        limit=numbers.duration(source.limit_minutes, lang),
    )
    if state == "fresh":
        container.badge(said, icon=":material/check:", color="green", help=note)
    else:
        container.badge(said, icon=":material/history_toggle_off:", color="orange", help=note)


def simulated_badge(container: Any, lang: Lang) -> None:
    """模拟数据, on every page of a synthetic workspace."""
    container.badge(
        t("badge.simulated", lang),
        icon=":material/science:",
        color="violet",
        help=t("badge.simulated_help", lang),
    )


def severity_badge(container: Any, severity: str, lang: Lang) -> None:
    """◆ 红 …: icon, shape and character, never colour alone."""
    mark = SEVERITY[severity]
    container.badge(f"{mark.glyph} {word('severity', severity, lang)}", icon=mark.icon, color=mark.colour)
