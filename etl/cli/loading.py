"""load, pull: files of the inbox and rows of databases, into the lake."""

from __future__ import annotations

import argparse
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl import query
from etl.cli.console import DONE, FAILED, OVER_LIMIT, USAGE, Console
from etl.contract import Contract, read_contracts
from etl.journal import Journal
from etl.load import Loader
from etl.register import Register
from etl.status import files, inbox_entries
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.lock import writer_lock
from warehouse.problems import Problem, Problems
from warehouse.workspace import Workspace, load_workspace


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    load = commands.add_parser("load", parents=[shared], help="load new files of the inbox, or the files named")
    load.add_argument("files", nargs="*", type=Path)
    load.add_argument("--contract", help="use this contract only")
    load.add_argument("--again", action="store_true", help="load files although they were withdrawn")
    load.add_argument("--pull", action="store_true", help="first pull the workspace's queries into the inbox")
    load.set_defaults(run=_load)

    pull = commands.add_parser("pull", parents=[shared], help="write new rows of the workspace's queries to the inbox")
    pull.add_argument("names", nargs="*", metavar="NAME", help="contracts with a [query]; all of them without a name")
    pull.add_argument("--since", type=query.point, help="begin anew from this time or number")
    pull.set_defaults(run=_pull)


def contracts_of(home: Home, workspace: Workspace, only: str | None = None) -> list[Contract]:
    """The contracts a workspace lists, or one of them. Raises `Problems`."""
    names = workspace.settings.sources if only is None else [only]
    return read_contracts(names, home.contracts)


def _load(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    contracts = contracts_of(home, workspace, args.contract)
    missing = [p for p in args.files if not p.is_file()]
    if missing:
        raise Problems([Problem(str(p), "there is no such file", "check the path") for p in missing])
    home.prepare()
    started_at = console.utc()
    wanted = query.chosen(contracts, []) if args.pull else []
    done = query.pull_all(home, workspace, wanted, started_at.replace(tzinfo=UTC), None, console.say)
    with writer_lock(home.root, "etl load", started_at):
        _note_settled(home, started_at, console)
        paths = args.files or inbox_entries(home)
        loaded_at = Register(Lake(home.lake)).after(started_at)
        with console.progress(sum(_size(p) for p in paths)) as advance:
            outcomes = Loader(home, workspace, contracts, loaded_at, args.again, advance).run(paths, console.say)
    faulty = [o for o in outcomes if o.state == "failed" or (o.state == "unmatched" and args.files)]
    # A file that was read and refused as a whole is like one of which too many rows were: no failure to load.
    failed = [o for o in faulty if not o.is_over_limit]
    over = [o for o in outcomes if o.is_over_limit]
    loaded = [o for o in outcomes if o.state == "loaded"]
    report: dict[str, Any] = {"loaded": len(loaded), "failed": len(failed), "over_limit": len(over)}
    report |= {"looked_at": len(paths), "files": files(outcomes)} | ({"pull": done.report()} if args.pull else {})
    counts = f"{len(loaded)} files loaded, {len(failed)} failed, {len(over)} over their limit"
    text = f"{counts}, {len(paths) - len(outcomes)} with nothing to do"
    code = FAILED if failed or done.problems else OVER_LIMIT if over else DONE
    ended_at = console.utc()
    facts: dict[str, Any] = {"n_files": len(loaded), "n_rows": sum(o.n_loaded for o in loaded), "n_failed": len(failed)}
    seconds = (ended_at - started_at).total_seconds()
    Journal(home.logs).write(ended_at, "run", command="load", code=code, seconds=seconds, said=text, **facts)
    console.report(report, text)
    return code


def _note_settled(home: Home, at: datetime, console: Console) -> None:
    """What changed of limits, workspace and contracts stands in the trail before it judges a row; and what people typed
    before it was masked when kept is masked once."""
    if not (os.environ.get("LOOKOUT_OPS_URL") or (home.root / "ops.db").exists()):
        return
    # A load starts many times a day, mostly where nobody keeps a trail: what writes one is read in only here.
    from sqlalchemy.exc import SQLAlchemyError

    from etl.typed import mask_once
    from warehouse import ops, settled

    try:
        store = ops.existing_ops(home)
        settled.note(store, settled.files(home), settled.operator(), at)
        masked = mask_once(store, settled.operator(), at) if store is not None else None
        if masked is not None and masked.sealed:
            weeks = ", ".join(masked.sealed)
            console.say(f"the words of sealed weeks stay as they are, with numbers or names of people: {weeks}")
    except SQLAlchemyError as error:  # the next command that reaches the trail notes what changed
        console.say(f"warning: the audit trail cannot be written: {type(error).__name__}")


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0


def _pull(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    contracts = query.chosen(contracts_of(home, workspace), args.names)
    done = query.pull_all(home, workspace, contracts, console.utc().replace(tzinfo=UTC), args.since, console.say)
    console.report(done.report(), f"{len(done.pulled)} queries pulled, {len(done.problems)} failed")
    return FAILED if done.is_failure else USAGE if done.problems else DONE
