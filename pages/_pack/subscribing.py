"""subscriptions: who gets the papers of the weekly review, and sending what is due."""

from __future__ import annotations

import argparse
import os
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from alerts.review.book import book
from alerts.review.content import newest_week
from alerts.review.gather import sources
from etl.cli.console import DONE, FAILED, Console
from pages._pack.issues import of_week
from pages._pack.mailing import by_apprise, due_at, send_due
from pages._pack.paper import Paper
from pages._shared import clock
from pages._shared.text import Lang
from warehouse import ops
from warehouse.analysis.calendar_compare import week_start
from warehouse.home import Home
from warehouse.subscriptions import Subscription
from warehouse.viewer import Viewer
from warehouse.workspace import load_workspace


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    one = commands.add_parser("subscriptions", parents=[shared], help="who gets the papers; --send-due sends them")
    one.add_argument("--send-due", action="store_true", help="send what is due and was not sent yet")
    one.add_argument("--at", type=datetime.fromisoformat, help="instead of now, local time")
    one.set_defaults(run=_subscriptions)


def _subscriptions(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    space = load_workspace(home.root)
    listed = space.settings.subscriptions
    if not listed:
        console.report({"n_sent": 0, "n_failed": 0, "subscriptions": []}, "nobody subscribed; see [[subscription]]")
        return DONE
    now = args.at or clock.now(space)
    kept = ops.open_ops(ops.ops_url(home))
    week = newest_week(sources(home, kept).reader.info["as_of"])
    ends = week_start(week).fromordinal(week_start(week).toordinal() + 6)
    if not args.send_due:
        lines = [
            {"name": one.name, "what": one.what, "language": one.language, "role": one.role, "week": week,
             "regions": one.regions, "departments": one.departments,
             "due_at": due_at(one, ends), "has_address": bool(os.environ.get(one.url_env)),
             **_last(kept, one.name, week)}
            for one in listed
        ]  # fmt: skip
        told = [f"{k['name']}: {k['what']} of {week} at {k['due_at']:%Y-%m-%d %H:%M}, {k['state']}" for k in lines]
        console.report({"subscriptions": lines}, "\n".join(told))
        return DONE

    @cache
    def made(lang: Lang, viewer: Viewer) -> Paper:
        return of_week(home, kept, week, lang, viewer)

    def paper_of(one: Subscription) -> Paper:
        return made(one.language, one.viewer)

    addresses = {one.name: os.environ[one.url_env] for one in listed if os.environ.get(one.url_env)}
    is_sealed = book(kept, home.reviews, week).status not in ("draft", "held")
    done = send_due(kept, listed, week, ends, is_sealed, paper_of, addresses, by_apprise, now)
    states = [outcome.state for outcome in done]
    report = {"n_sent": states.count("sent"), "n_failed": states.count("failed"),
              "subscriptions": [vars(outcome) for outcome in done]}  # fmt: skip
    said = "\n".join(f"{o.name}: {o.week} {o.state}" + (f" ({o.fault})" if o.fault else "") for o in done)
    console.report(report, said)
    return FAILED if "failed" in states else DONE


def _last(kept: sa.Engine, name: str, week: str) -> dict[str, Any]:
    """How far a subscriber's week is."""
    s = ops.subscription_sent
    query = sa.select(s.c.state, s.c.sent_at, s.c.fault).where(s.c.name == name, s.c.week == week)
    with kept.connect() as con:
        row = con.execute(query).mappings().first()
    return dict(row) if row else {"state": "not sent", "sent_at": None, "fault": None}
