"""Notes on charts: what people know about a point or a stretch of time of a measure, and what the data tell themselves.

Kept in the operations store and shown wherever the measure is drawn, in the weekly issue too. Taken back, never
deleted. Change events and holidays come by themselves, from the release.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol

import pandas as pd
import sqlalchemy as sa

from alerts.actions.texts import clean
from alerts.review.bundle import Mark, Words
from warehouse import ops
from warehouse.problems import problem

MOST = 120  # characters; a note stands on a chart
ALL = ""  # a note on every measure, every district or every type
HOLIDAYS = """
select date_on, holiday_zh, holiday_en from dim_date
where is_holiday and date_on between $begins and $ends order by date_on
"""
CHANGES = """
select started_at, ended_at, title, kind from fact_change_event
where started_at >= $begins and started_at < $ends order by started_at
"""


class Source(Protocol):
    """A release that answers selects."""

    def select(self, sql: str, parameters: Mapping[str, Any]) -> pd.DataFrame: ...


@dataclass(frozen=True)
class Note:
    """A remark about the days from `begins_on` to `ends_on`, both included. "" for measure, region or type: all."""

    note_id: int
    measure: str
    region_code: str
    type_code: str
    begins_on: date
    ends_on: date
    text: str
    author: str
    written_at: datetime

    @property
    def is_range(self) -> bool:
        return self.ends_on > self.begins_on


def write(
    kept: sa.Engine, text: str, author: str, at: datetime, begins_on: date, ends_on: date | None = None,
    measure: str = ALL, region_code: str = ALL, type_code: str = ALL,
) -> int:  # fmt: skip
    """Keep a note; gives its number. The same words by the same author about the same days are one note.

    Raises `Problems` for a note that says nothing or too much, or ends before it begins.
    """
    said, last = " ".join(clean(text, "note", MOST).split()), ends_on or begins_on
    if not said:
        raise problem("note", "says nothing", "write a few words")
    if last < begins_on:
        raise problem("note", "ends before it begins", "choose a later day")
    n = ops.note.c
    values = {"measure": measure, "region_code": region_code, "type_code": type_code, "begins_on": begins_on,
              "ends_on": last, "text": said, "author": author}  # fmt: skip
    with ops.writing(kept) as con:
        same = sa.select(n.note_id, n.withdrawn_at).where(*(n[k] == v for k, v in values.items()))
        known = con.execute(same).first()
        if known is None:
            made = con.execute(ops.note.insert().values(**values, written_at=at))
            assert made.inserted_primary_key is not None
            return int(made.inserted_primary_key[0])
        con.execute(ops.note.update().where(n.note_id == known.note_id).values(withdrawn_by=None, withdrawn_at=None))
        return int(known.note_id)


def withdraw(kept: sa.Engine, note_id: int, actor: str, at: datetime) -> None:
    """Take a note back; one that is gone already stays so."""
    n = ops.note.c
    with ops.writing(kept) as con:
        con.execute(
            ops.note.update()
            .where(n.note_id == note_id, n.withdrawn_at.is_(None))
            .values(withdrawn_by=actor, withdrawn_at=at)
        )


def of_chart(
    kept: sa.Engine, measure: str, begins: date, ends: date, region_code: str = ALL, type_code: str = ALL,
    regions: Collection[str] = (),
) -> list[Note]:  # fmt: skip
    """The notes that belong on a chart of a measure between two days, `ends` included, oldest first.

    On a chart of one district or type stand the notes about it and those about all; on a chart of all, those alone; on
    a chart of several districts (`regions`) those about each of them.
    """
    n = ops.note.c
    query = (
        sa.select(ops.note)
        .where(
            n.withdrawn_at.is_(None), n.measure.in_([ALL, measure]), n.begins_on <= ends, n.ends_on >= begins,
            n.region_code.in_([ALL, region_code, *sorted(regions)]), n.type_code.in_([ALL, type_code]),
        )
        .order_by(n.begins_on, n.note_id)
    )  # fmt: skip
    with kept.connect() as con:
        return [
            Note(**{k: v for k, v in row.items() if k not in ("withdrawn_by", "withdrawn_at")})
            for row in con.execute(query).mappings()
        ]


def marks(
    kept: sa.Engine | None, source: Source | None, measure: str, begins: date, ends: date, region_code: str = ALL,
    type_code: str = ALL, regions: Mapping[str, Words] | None = None,
) -> tuple[Mark, ...]:  # fmt: skip
    """What stands on a chart of a measure between two days: notes, holidays and change events, in order of time.

    `regions`: the districts of a chart of several, by code, with the name that stands before a note about one of them.
    """
    named = regions or {}
    notes = of_chart(kept, measure, begins, ends, region_code, type_code, named) if kept is not None else []
    found = [
        Mark(at=n.begins_on, until=n.ends_on if n.is_range else None, words=_words(n, named.get(n.region_code)))
        for n in notes
    ]
    if source is not None:
        found += _holidays(source, begins, ends) + _changes(source, begins, ends)
    return tuple(sorted(found, key=lambda m: (m.at, m.kind, m.words.zh)))


def _words(note: Note, about: Words | None) -> Words:
    if about is None:
        return Words(zh=note.text, en=note.text)
    return Words(zh=f"{about.zh}：{note.text}", en=f"{about.en}: {note.text}")


def _holidays(source: Source, begins: date, ends: date) -> list[Mark]:
    """Runs of days of one name are one mark."""
    runs: list[tuple[date, date, str, str]] = []
    for row in source.select(HOLIDAYS, {"begins": begins, "ends": ends}).itertuples():
        day, zh, en = pd.Timestamp(row.date_on).date(), str(row.holiday_zh or ""), str(row.holiday_en or "")
        if runs and runs[-1][2] == zh and (day - runs[-1][1]).days <= 1:
            runs[-1] = (runs[-1][0], day, zh, en)
        else:
            runs.append((day, day, zh, en))
    return [
        Mark(at=a, until=b if b > a else None, words=Words(zh=zh, en=en or zh), kind="holiday")
        for a, b, zh, en in runs
    ]  # fmt: skip


def _changes(source: Source, begins: date, ends: date) -> list[Mark]:
    rows = source.select(CHANGES, {"begins": begins, "ends": ends + pd.Timedelta(days=1)})
    found = []
    for row in rows.itertuples():
        said = str(row.title or row.kind)
        found.append(Mark(at=pd.Timestamp(row.started_at).date(), words=Words(zh=said, en=said), kind="change"))
    return found
