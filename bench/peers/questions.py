"""What is asked, and in which form it is answered, whoever answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
# The city per day, the worst cells of a week, the pattern of a week, and cells that are full on three days.
QUESTIONS = ("days", "worst", "hours", "busy")
Answers = dict[str, list[list[Any]]]


def since(last: date) -> datetime:
    """The beginning of the week that ends on the last day of the files."""
    return datetime.combine(last - timedelta(days=6), datetime.min.time())


def sql(whose: str, question: str) -> str:
    return (HERE / whose / f"{question}.sql").read_text(encoding="utf-8")


def plain(rows: Iterable[Iterable[Any]]) -> list[list[Any]]:
    """Rows that compare equal whoever made them: days as text, whole numbers whole, others to six figures."""
    return [[_plain(value) for value in row] for row in rows]


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return value
    if isinstance(value, date):
        return value.isoformat()[:10]
    number = float(value)
    return int(number) if number.is_integer() else float(f"{number:.6g}")
