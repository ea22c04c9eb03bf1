"""infer, add: a contract is drafted from an unknown file, edited by a person, and becomes a source of this workspace.

Drafting is imported when it is asked for: a load of a few rows should not wait for it.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from etl.cli.console import DONE, Console
from warehouse.home import Home
from warehouse.lock import writer_lock
from warehouse.workspace import load_workspace


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    drafted = commands.add_parser("infer", parents=[shared], help="draft a contract from an unknown file")
    drafted.add_argument("file", type=Path)
    drafted.add_argument("--table", help="the lake table, when you know better")
    drafted.add_argument("--out", type=Path, help="write the contract here (default: print it)")
    drafted.add_argument("--workspace", type=Path, metavar="DIR", help="write a workspace of its own to this folder")
    drafted.add_argument("--language", choices=["zh", "en"], help="of the comments (default: the file's)")
    drafted.set_defaults(run=_infer)

    taken = commands.add_parser("add", parents=[shared], help="make a contract a source of this workspace")
    taken.add_argument("contract", help="the contract's file, or the name of one in LOOKOUT_HOME/contracts")
    taken.set_defaults(run=_add)


def _infer(args: argparse.Namespace, console: Console) -> int:
    from etl.infer.command import run

    return run(args, console)


def _add(args: argparse.Namespace, console: Console) -> int:
    from etl.infer.listing import take_in

    home = Home.from_environment()
    load_workspace(home.root)
    with writer_lock(home.root, "etl add", console.utc()):
        name, is_new = take_in(home, args.contract)
    said = "is a source now" if is_new else "was a source already"
    text = f"{name} {said}, by {home.workspace_file}; next: python -m etl load"
    console.report({"contract": name, "is_new": is_new, "workspace": str(home.workspace_file)}, text)
    return DONE
