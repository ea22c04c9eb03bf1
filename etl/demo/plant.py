"""The shape of one planted ticket; which ones there are is said in `golden.py` and `outbreaks.py`."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Step:
    """One event written out by hand: second, operation code, departments, substance, note."""

    when: int
    op: str
    to: str = ""
    note: str = ""
    substantive: bool = True
    by: str = ""


@dataclass
class Plant:
    """A ticket that the random city must contain. Empty fields are drawn as for any other ticket.

    `when` is the acceptance in seconds; `hours` the time from acceptance to feedback; `steps`, when given, is
    the whole event log of the ticket; `answer` 1 no answer, 2 satisfied, 3 dissatisfied.
    """

    tag: str
    when: int
    subtype: str
    channel: str = ""
    third: str = ""
    ticket_id: str = ""
    customer: str = ""
    district: int | None = None
    estate: int | None = None
    spread_m: float = 150.0
    hall: int | None = None
    text: str = ""
    priority: int | None = None
    reason: int = 0
    tendency: str = ""
    hours: float | None = None
    dept: str = ""
    route: tuple[str, ...] | None = None
    urges: int | None = None
    reopens: int | None = None
    silent: bool = False
    answer: int | None = None
    solved: bool | None = None
    is_template: bool = False
    compensation: float | None = None
    gift_gb: float | None = None
    promise_due: int | None = None
    cause: tuple[str, str, str] | None = None
    steps: list[Step] = field(default_factory=list)


@dataclass(frozen=True)
class Truth:
    """One row of the answer key. Empty rules = nothing must fire (decoys)."""

    event_id: str
    kind: str
    rules: str
    scope: str
    starts: str
    ends: str
    note: str
