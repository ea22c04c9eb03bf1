"""`python -m alerts review`: the issue of a week as text or JSON, and its two seals."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from alerts.review import book, late, seal
from alerts.review.bundle import Issue, canonical
from alerts.review.content import content, newest_week
from alerts.review.gather import sources
from warehouse import ops
from warehouse.home import Home
from warehouse.problems import problem
from warehouse.workspace import Workspace, load_workspace

DONE, FAILED = 0, 1
BY = "command line"


def add_to(commands: Any, shared: argparse.ArgumentParser, clock: Callable[[Workspace], datetime]) -> None:
    """The command beside the others of this layer. `clock` is only read where a seal is dated."""
    one = commands.add_parser("review", parents=[shared], help="the issue of the weekly review, and its seals")
    one.add_argument("--week", help="such as 2025-W13; default: the last whole week of the release")
    one.add_argument("--seal", choices=["numbers", "minutes"], help="数字定版 before, 纪要定稿 after the meeting")
    one.set_defaults(run=lambda args: run(args, clock))


def run(args: argparse.Namespace, clock: Callable[[Workspace], datetime]) -> int:
    """Exit code 0, or 1 where a sealed issue was changed by somebody. Raises `Problems`."""
    home = Home.from_environment()
    kept = ops.open_ops(ops.ops_url(home))
    week = args.week
    if week is None or args.seal != "minutes":
        found = sources(home, kept)
        week = week or newest_week(found.reader.info["as_of"])
    known = book.book(kept, home.reviews, week)
    if args.seal == "minutes":
        _or_say(lambda: book.seal_minutes(kept, home.reviews, week, BY, _now(home, clock), "supervisor"), week)
    opened = seal.read(home.reviews, week, known.issue_hash)
    if opened is None:
        issue = issue_of(found, home.reviews, week)
        if args.seal == "numbers":
            told = book.seal_numbers(kept, home.reviews, issue, BY, _now(home, clock), "supervisor")
            opened = seal.read(home.reviews, week, told.sha256)
    elif args.seal == "numbers":
        raise problem(week, "is sealed", "a seal is never broken; late tickets show in the next issue")
    issue = opened.issue if opened else issue
    status = book.book(kept, home.reviews, week).status
    if args.json:
        digest = opened.seal.sha256 if opened else None
        intact = opened.is_intact if opened else None
        whole = {"status": status, "sha256": digest, "is_intact": intact, "issue": json.loads(canonical(issue))}
        print(json.dumps(whole, ensure_ascii=False))
    else:
        print(text(issue, status))
    if opened and not opened.is_intact:
        raise problem(
            f"reviews/{week}/{seal.ISSUE}", f"has not the bytes that were sealed (sha256 {opened.seal.sha256[:16]}…)",
            "restore the folder from a backup",
        )  # fmt: skip
    return DONE


def issue_of(found: Any, folder: Path, week: str) -> Issue:
    """The draft of a week with what changed in sealed ones. Raises `Problems` for a week that is none or not over."""
    try:
        return content(found, week, found.reader.info["as_of"], late.changes(found, folder, week))
    except ValueError as error:
        raise problem(str(week), str(error), "use a whole week up to the release, such as 2025-W13") from None


def text(issue: Issue, status: str) -> str:
    """The findings of every screen, both languages."""
    lines = [f"{issue.week} {issue.begins}–{issue.ends}, {status}, {issue.source.release_id}"]
    for screen in issue.screens:
        lines += [f"{screen.title.zh} / {screen.title.en}", f"  {screen.finding.zh}", f"  {screen.finding.en}"]
        lines.append(f"  {len(screen.items)} items, {sum(i.wants_decision for i in screen.items)} want a decision")
    lines += [f"{c.week} {c.measure}: {c.sealed:g} → {'—' if c.now is None else f'{c.now:g}'} ({c.why.zh})"
              for c in issue.changes if c.sealed is not None]  # fmt: skip
    return "\n".join(lines)


def _now(home: Home, clock: Callable[[Workspace], datetime]) -> datetime:
    return clock(load_workspace(home.root))


def _or_say(do: Callable[[], Any], week: str) -> None:
    try:
        do()
    except seal.AlreadySealed as error:
        raise problem(week, str(error), "a seal is never broken") from None
