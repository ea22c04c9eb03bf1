"""Sending the papers of a week to who subscribed: each subscriber on its own, once a week, tried again when it failed.

A row is taken before anything is sent and marked afterwards. Who is killed between the two leaves it "sending"; after
half an hour another takes it up, so that message may come twice and no other does.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa

from alerts.outbox import BACK_OFF_MINUTES
from etl.privacy import hide_numbers
from pages._pack.files import make
from pages._pack.paper import Paper
from pages._shared.text import t
from warehouse import ops
from warehouse.problems import Problems
from warehouse.subscriptions import Subscription

STALE = timedelta(minutes=30)
SHOWN = 12  # findings of a text message
Send = Callable[[str, str, str, Sequence[Path]], None]  # address, title, body, attachments; raises when not taken
PaperOf = Callable[[Subscription], Paper]


@dataclass(frozen=True)
class Outcome:
    """What became of one subscription: sent, failed, or nothing to do (early, unsealed, sent before, waiting)."""

    name: str
    week: str
    state: str
    fault: str = ""


def due_at(one: Subscription, ends: date) -> datetime:
    """When the papers of a week are due that ends on this Sunday."""
    return datetime.combine(ends + timedelta(days=one.weekday), one.at)


def send_due(
    kept: sa.Engine, subscriptions: Sequence[Subscription], week: str, ends: date, is_sealed: bool,
    paper_of: PaperOf, addresses: Mapping[str, str], send: Send, now: datetime,
) -> list[Outcome]:  # fmt: skip
    """Send what is due at `now` (local). What fails for one subscriber keeps none of the others waiting."""
    done: list[Outcome] = []
    for one in subscriptions:
        if now < due_at(one, ends):
            done.append(Outcome(one.name, week, "early"))
        elif one.sealed_only and not is_sealed:
            done.append(Outcome(one.name, week, "unsealed"))
        else:
            state = _take(kept, one.name, week, now)
            done.append(state or _send(kept, one, week, paper_of, addresses.get(one.name), send, now))
    return done


def _send(
    kept: sa.Engine, one: Subscription, week: str, paper_of: PaperOf, address: str | None, send: Send, now: datetime
) -> Outcome:
    fault, mark = "", ""
    try:
        if not address:
            raise ValueError(f"no address: the variable {one.url_env} is not set")
        paper = paper_of(one)
        mark = paper.mark
        with tempfile.TemporaryDirectory(prefix="lookout-mail-") as folder:
            files = _files(paper, one, Path(folder))
            send(address, title(paper), body(paper), files)
    except Exception as error:  # a subscriber's fault is told in its row, and the others are served
        told = (
            error.problems[0] if isinstance(error, Problems) and error.problems else f"{type(error).__name__}: {error}"
        )
        # A reason never holds the address, as there are secrets in it, nor a number of somebody.
        fault = type(error).__name__ if address and address in str(told) else hide_numbers(str(told))[:300]
    _mark(kept, one.name, week, mark, fault, now)
    return Outcome(one.name, week, "failed" if fault else "sent", fault)


def _files(paper: Paper, one: Subscription, folder: Path) -> list[Path]:
    """The files of a pack on disk, whole; none for a text."""
    if one.what == "digest":
        return []
    made = make(paper, lambda *_: None, tuple(one.files))
    for name, content in made.files.items():
        (folder / name).write_bytes(content)
    return [folder / name for name in made.files]


def title(paper: Paper) -> str:
    """The subject: whose week, which week, and that it is made up where it is."""
    mark = paper.simulated()
    return f"{paper.title()} {paper.week()}" + (f" ({mark})" if mark else "")


def body(paper: Paper) -> str:
    """The week's findings in a few lines, with what they rest on."""
    lines = [paper.of(said) for said in paper.issue.summary[:SHOWN]] or [t("pack.nothing", paper.lang)]
    missing = [t("pack.mail_missing", paper.lang, said=paper.of(said)) for said in paper.issue.missing[:3]]
    return "\n".join([*lines, *missing, paper.line()])


def _take(kept: sa.Engine, name: str, week: str, now: datetime) -> Outcome | None:
    """Take the row of a subscriber's week; else why it is not ours."""
    s = ops.subscription_sent
    with ops.writing(kept) as con:
        row = con.execute(sa.select(s).where(s.c.name == name, s.c.week == week)).mappings().first()
        if row is None:
            con.execute(s.insert().values(
                name=name, week=week, state="sending", tried_at=now, next_try_at=now, n_tries=0))  # fmt: skip
            return None
        is_busy = row["state"] == "sending" and now - row["tried_at"] < STALE
        if row["state"] == "sent" or is_busy:
            return Outcome(name, week, "sent before" if row["state"] == "sent" else "sending")
        if row["state"] == "waiting" and now < row["next_try_at"]:
            return Outcome(name, week, "waiting", row["fault"] or "")
        con.execute(s.update().where(s.c.name == name, s.c.week == week).values(state="sending", tried_at=now))
    return None


def _mark(kept: sa.Engine, name: str, week: str, mark: str, fault: str, now: datetime) -> None:
    s = ops.subscription_sent
    with ops.writing(kept) as con:
        where = (s.c.name == name, s.c.week == week)
        n = int(con.execute(sa.select(s.c.n_tries).where(*where)).scalar_one()) + 1
        minutes = BACK_OFF_MINUTES[min(n, len(BACK_OFF_MINUTES)) - 1]
        values = {"state": "waiting", "fault": fault, "next_try_at": now + timedelta(minutes=minutes)}
        if not fault:
            values = {"state": "sent", "fault": None, "sent_at": now, "issue_hash": mark}
        con.execute(s.update().where(*where).values(n_tries=n, **values))


def by_apprise(address: str, title: str, body: str, files: Sequence[Path]) -> None:
    """Send through apprise. Raises when the address is of no known kind or the message was not taken."""
    import apprise

    messenger = apprise.Apprise()
    if not messenger.add(address):
        raise ValueError("the address is of no kind that apprise knows")
    attached = apprise.AppriseAttachment([str(path) for path in files]) if files else None
    if not messenger.notify(title=title, body=body, body_format=apprise.NotifyFormat.TEXT, attach=attached):
        raise ConnectionError("the other side did not take the message")
