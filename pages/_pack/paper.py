"""What every file of the pack has in common: the issue, its language, and how its values are written.

No file is made here and nothing is asked of a release: what is not in the issue does not get printed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from alerts.review.bundle import (
    Cell,
    Chart,
    Column,
    Issue,
    Item,
    Number,
    Status,
    Table,
    Words,
    fingerprint,
    is_headline,
    spoken,
)
from pages._shared import numbers
from pages._shared.text import Lang, t, word
from warehouse.measures import measures
from warehouse.problems import Failure, Problem
from warehouse.scope import SMALL_CELL

MONTH = "month"  # the item that tells of the month so far
LONGEST = 4000  # characters of one text on paper; nothing that people wrote is longer
# What XML cannot hold, and marks that turn the direction of what follows.
_ILLEGAL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]"
)
# How a figure of this unit is written: the kinds of a column, and kinds of measures.
_KINDS = {
    "count": "count", "share": "share", "rate": "share", "per_10k": "per_10k", "number": "number", "mean": "number",
    "points": "points", "pp": "points", "hours": "hours", "h": "hours", "minutes": "minutes", "money": "money",
    "yuan": "money",
}  # fmt: skip


@dataclass(frozen=True)
class Order:
    """A decision of the meeting, or a supervised action: who does what by when, and what shows that it worked.

    `source` is what it belongs to, as in `Item.source`; `origin` says it in words.
    """

    number: str
    source: str
    title: str
    origin: str = ""
    problem: str = ""
    measure: str = ""
    level: str = ""
    state: str = ""
    department: str = ""
    person: str = ""
    due: date | None = None
    reply: date | None = None
    verify: str = ""
    is_supervised: bool = False
    is_decided: bool = False


@dataclass(frozen=True)
class Meeting:
    """What the meeting wrote. `decisions` as the store or the seal has them."""

    attendees: str = ""
    minutes: str = ""
    decisions: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Paper:
    """One issue in one language. `shapes` are the workspace's boundaries in WGS-84, for the map."""

    issue: Issue
    lang: Lang
    status: Status = "draft"
    shapes: Mapping[str, Any] | None = None
    orders: tuple[Order, ...] = ()
    meeting: Meeting = Meeting()

    @property
    def mark(self) -> str:
        """The issue's fingerprint."""
        return fingerprint(self.issue)

    def of(self, words: Words) -> str:
        return clean(words.of(self.lang))

    def week(self) -> str:
        year, week, _ = self.issue.begins.isocalendar()
        return numbers.week(year, week, self.lang)

    def title(self) -> str:
        return f"{self.of(self.issue.workspace)} · {t('pack.title', self.lang)}"

    def items(self) -> list[tuple[str, Item]]:
        """Everything the meeting looks at: the screen's title and the item, the annex last."""
        return self.shown() + [(t("pack.annex", self.lang), item) for item in self.issue.annex]

    def shown(self) -> list[tuple[str, Item]]:
        """The screens without the annex."""
        return [(self.of(screen.title), item) for screen in self.issue.screens for item in screen.items]

    def simulated(self) -> str:
        """The mark of made-up data, or nothing."""
        return t("pack.simulated", self.lang) if self.issue.is_simulated else ""

    def line(self) -> str:
        """The one line that stands on every page."""
        filters = [self.of(said) for said in self.issue.filters]
        parts = [self.of(self.issue.workspace), self.week(), *filters, self.as_of(), self.simulated(), self.stamp()]
        return " · ".join(part for part in parts if part)

    def as_of(self) -> str:
        return t("pack.as_of", self.lang, at=f"{self.issue.as_of:%Y-%m-%d %H:%M}")

    def stamp(self) -> str:
        """Status and the first digits of the fingerprint."""
        return f"{word('pack.status', self.status, self.lang)} {self.mark[:12]}"

    def about(self) -> list[tuple[str, str]]:
        """What the numbers rest on, as label and text."""
        issue, lang = self.issue, self.lang
        joint = "；" if lang == "zh" else "; "
        rules = ", ".join(f"{name} v{version}" for name, version in sorted(issue.source.rules.items()))
        told = [
            (t("pack.about_week", lang), f"{self.week()} · {issue.begins:%Y-%m-%d} – {issue.ends:%Y-%m-%d}"),
            (t("pack.about_as_of", lang), f"{issue.as_of:%Y-%m-%d %H:%M}"),
            (t("pack.about_data", lang), self.simulated() or t("pack.real", lang)),
            (t("pack.about_filters", lang), joint.join(map(self.of, issue.filters)) or t("pack.no_filters", lang)),
            (t("pack.about_missing", lang), joint.join(map(self.of, issue.missing)) or t("pack.none_missing", lang)),
            (t("pack.about_status", lang), word("pack.status", self.status, lang)),
            (t("pack.about_release", lang), clean(issue.source.release_id)),
            (t("pack.about_definitions", lang), clean(issue.source.definitions)),
            (t("pack.about_policies", lang), clean(issue.source.policies)),
            (t("pack.about_rules", lang), clean(rules) or numbers.DASH),
            (t("pack.about_hash", lang), self.mark),
        ]
        return [(label, text or numbers.DASH) for label, text in told]

    def changed(self) -> list[list[str]]:
        """Measures that read differently now, as rows: measure, issue, as sealed, now, why. Numbers of tables follow in
        the annex."""
        told = []
        for change in filter(is_headline, self.issue.changes):
            kind = unit_kind(change.unit)
            values = [written(value, kind, self.lang) for value in (change.sealed, change.now)]
            told.append([self.of(change.name), clean(change.week), *values, self.of(change.why)])
        return told

    def marks(self, chart: Chart) -> str:
        """Notes, holidays and changes on a chart, in words."""
        told = [f"{numbers.date(m.at, self.lang)} {self.of(m.words)}" for m in chart.marks]
        return t("pack.marks", self.lang, said=("；" if self.lang == "zh" else "; ").join(told))

    def cell(self, value: Cell, column: Column) -> str:
        """A cell of a table as people read it."""
        return written(value, column.kind, self.lang)

    def grid(self, table: Table) -> tuple[list[Column], list[list[str]]]:
        """A table as texts."""
        columns, rows = spoken(table, self.lang)
        told = [[self.cell(v, c) for v, c in zip(row, columns, strict=True)] for row in rows]
        for k, column in enumerate(columns):
            values = [numbers.number(row[k]) for row in rows]
            if column.kind == "number" and any(v is not None and v % 1 for v in values):  # one look for a column
                for line, value in zip(told, values, strict=True):
                    line[k] = numbers.DASH if value is None else numbers.fixed(value, 2)
        return list(columns), told


def number_header(lang: Lang, item_id: str = "") -> list[str]:
    """The columns of a table of numbers; those of the month are no week's."""
    names = ("measure", "month" if item_id == MONTH else "value", "target", "previous", "last_year", "n", "verdict")
    return [word("pack.number", name, lang) for name in names]


def number_cells(number: Number, paper: Paper) -> list[str]:
    """One number beside what it is compared with, in the order of `number_header`."""
    lang = paper.lang
    kind = kind_of(number)
    hidden = f"<{SMALL_CELL}"
    last = written(number.last_year, kind, lang)
    if number.mismatch:
        last = t("pack.mismatch", lang, value=last)
    shown = hidden if number.hidden else with_unit(written(number.value, kind, lang), number, lang)
    return [
        paper.of(number.name),
        shown,
        written(number.target, kind, lang),
        hidden if number.hidden and number.previous is None else written(number.previous, kind, lang),
        last,
        written(number.n, "count", lang),
        paper.of(number.verdict) if number.verdict else "",
    ]


def kind_of(number: Number) -> str:
    """How the number is written: by its unit; rates per 10,000 users have two decimals."""
    entry = measures().get(number.measure)
    told = unit_kind(number.unit)
    return "per_10k" if told == "number" and entry is not None and entry.kind == "per_10k" else told


def unit_kind(unit: str) -> str:
    """How a value of this unit is written."""
    return _KINDS.get(unit, "number")


def with_unit(text: str, number: Number, lang: Lang) -> str:
    """The figure with the unit of its measure, where the figure alone does not say it."""
    entry = measures().get(number.measure)
    if text == numbers.DASH or kind_of(number) not in ("count", "number", "per_10k"):
        return text
    if entry is None:
        return text if number.unit in _KINDS else f"{text} {clean(number.unit)}".rstrip()
    unit = entry.unit.zh if lang == "zh" else entry.unit.en
    return f"{text} {unit}" if unit.isascii() else f"{text}{unit}"


def written(value: Cell, kind: str, lang: Lang) -> str:
    """A value by its kind (a `Column.kind`, or minutes). What is missing is a dash."""
    if value is None or value == "":
        return numbers.DASH
    if isinstance(value, bool):
        return word("pack.bool", "yes" if value else "no", lang)
    if isinstance(value, str):
        return _text(value, kind)
    found = numbers.number(value)
    if found is None:
        return numbers.DASH
    if kind == "count":
        return numbers.count(found, lang)
    if kind == "share":
        return numbers.rate(found, lang)
    if kind == "points":
        return numbers.pp(found, lang)
    if kind == "per_10k":
        return numbers.per_10k(found)
    if kind in ("hours", "minutes"):
        return numbers.duration(found * 60 if kind == "hours" else found, lang)
    if kind == "money":
        return numbers.money(found, lang)
    return numbers.fixed(found, 2) if found % 1 else numbers.fixed(found, 0)


def _text(value: str, kind: str) -> str:
    if kind not in ("date", "instant"):
        return clean(value)
    at = instant(value)
    if at is None:
        return clean(value)
    return f"{at:%Y-%m-%d}" if kind == "date" else f"{at:%Y-%m-%d %H:%M}"


def instant(value: Cell) -> datetime | None:
    """An ISO date or instant; None for anything else."""
    try:
        return datetime.fromisoformat(str(value)).replace(tzinfo=None)
    except ValueError:
        return None


def clean(text: str, longest: int = LONGEST) -> str:
    """Text from outside as any file can hold it: no control characters, no turned direction, not endless."""
    told = _ILLEGAL.sub("", text)
    return told if len(told) <= longest else told[: longest - 1] + "…"


@contextmanager
def part(file: str, what: str) -> Iterator[None]:
    """Names the chart or table that could not be made. Raises `Failure`: half a pack is none."""
    try:
        yield
    except Failure:
        raise
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        cure = "nothing was written; correct it in the issue and run the pack again"
        in_chinese = (f"“{what}”无法生成（{reason}）", "未写出任何文件；更正后重新生成")
        raise Failure([Problem(file, f"{what} could not be made ({reason})", cure, *in_chinese)]) from error
