"""add: a contract that was drafted and edited becomes a source of this workspace."""

from __future__ import annotations

import argparse
from typing import Any

from etl.cli.console import DONE, Console
from etl.infer.listing import take_in
from warehouse.home import Home
from warehouse.lock import writer_lock
from warehouse.workspace import load_workspace


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    taken = commands.add_parser("add", parents=[shared], help="make a contract a source of this workspace")
    taken.add_argument("contract", help="the contract's file, or the name of one in LOOKOUT_HOME/contracts")
    taken.set_defaults(run=_add)


def _add(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    load_workspace(home.root)
    with writer_lock(home.root, "etl add", console.utc()):
        name, is_new = take_in(home, args.contract)
    said = "is a source now" if is_new else "was a source already"
    text = f"{name} {said}, by {home.workspace_file}; next: python -m etl load"
    console.report({"contract": name, "is_new": is_new, "workspace": str(home.workspace_file)}, text)
    return DONE
