"""watch, tidy, status: loading by itself, keeping the lake quick, and how things stand."""

from __future__ import annotations

import argparse
import logging
import signal
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from etl.answer import all_files, ten_lines
from etl.attempts import Attempts
from etl.cli.console import DONE, Console
from etl.cli.loading import contracts_of
from etl.commands import Processes
from etl.following import Following
from etl.journal import Journal
from etl.register import Register
from etl.status import summary
from etl.tidy import said, tidy
from etl.watch import Watch
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.live import resolve_as_of
from warehouse.lock import WATCH_LOCK, writer_lock
from warehouse.release import Releases
from warehouse.workspace import load_workspace


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    watch = commands.add_parser("watch", parents=[shared], help="load and build whenever files come")
    watch.set_defaults(run=_watch)

    tidying = commands.add_parser(
        "tidy", parents=[shared], help="put small files of the lake together and hours in the order of cells"
    )
    tidying.set_defaults(run=_tidy)

    status = commands.add_parser("status", parents=[shared], help="is everything fresh, what failed, what to do")
    status.add_argument("--files", action="store_true", help="every file with its outcome as well")
    status.set_defaults(run=_status)


def _watch(args: argparse.Namespace, console: Console) -> int:
    from apscheduler.schedulers.background import BackgroundScheduler

    home = Home.from_environment()
    workspace = load_workspace(home.root).settings
    settings = workspace.watch
    home.prepare()
    journal, releases = Journal(home.logs), Releases(home.releases)
    watch = Watch(home, settings, Processes(), Attempts(journal, console.say), ZoneInfo(workspace.timezone))
    followers = Processes()
    following = Following(
        followers, Attempts(journal, console.say), lambda: releases.current() if watch.has_built else None,
        tells=bool(workspace.notify.targets), mails=bool(workspace.subscriptions),
    )  # fmt: skip
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it would tell of every step that a build outlasts
    # One step of a lane at a time; a step that took longer than the interval is followed by one, not by all missed.
    scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True})
    started_at = console.utc()
    stop, faults = threading.Event(), list[OSError]()

    def lane(step: Callable[[datetime], None]) -> None:
        try:
            step(console.utc())
        except OSError as error:  # disk full, rights gone: nothing this process could mend
            faults.append(error)
            stop.set()

    for one in (watch.step, following.step):
        first = started_at.replace(tzinfo=UTC)
        scheduler.add_job(lane, "interval", [one], seconds=settings.poll_seconds, next_run_time=first)
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: stop.set())
    with writer_lock(home.root, "etl watch", started_at, WATCH_LOCK):
        journal.write(started_at, "watch_started", poll_seconds=settings.poll_seconds)
        console.say(f"{home.inbox}: watched every {settings.poll_seconds:g} s; stop with Ctrl+C")
        scheduler.start()
        stop.wait()
        followers.stop()  # a release is made to its end, but nobody waits for rules
        scheduler.shutdown()
        if faults:
            raise faults[0]
        journal.write(console.utc(), "watch_stopped")
    return DONE


def _tidy(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    load_workspace(home.root)
    with writer_lock(home.root, "etl tidy", console.utc()):
        done = tidy(home)
    console.report({"said": said(done), "tables": [vars(d) for d in done]}, said(done))
    return DONE


def _status(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    lake = Lake(home.lake)
    local = console.utc().replace(tzinfo=UTC).astimezone(ZoneInfo(workspace.settings.timezone)).replace(tzinfo=None)
    as_of = resolve_as_of(workspace, lake, local)
    report = summary(home, workspace, contracts_of(home, workspace), Register(lake).outcomes(), as_of)
    console.report(report, "\n".join(ten_lines(report) + (all_files(report) if args.files else [])))
    return DONE
