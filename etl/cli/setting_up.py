"""init, demo: a home to work in, and files to try it with."""

from __future__ import annotations

import argparse
import shutil
from pathlib import Path
from typing import Any

from etl.cli.console import DONE, Console
from warehouse.home import Home
from warehouse.problems import problem
from warehouse.workspace import load_workspace

SHIPPED_WORKSPACES = Path(__file__).parent.parent.parent / "workspaces"


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    init = commands.add_parser("init", parents=[shared], help="set up LOOKOUT_HOME from a workspace")
    init.add_argument("workspace", help="name of a shipped workspace (" + ", ".join(_shipped()) + ") or a folder")
    init.add_argument("--reset", action="store_true", help="put back files of the workspace that were edited here")
    init.set_defaults(run=_init)

    demo = commands.add_parser("demo", parents=[shared], help="write the demo city's files (simulated data)")
    demo.add_argument("--out", type=Path, required=True, help="folder to write to; files go to OUT/inbox")
    demo.add_argument("--seed", type=int, default=20250331)
    demo.add_argument("--scale", type=int, default=1, choices=[1, 10, 100], help="volume, 1 = 24,000 tickets a year")
    demo.add_argument("--twin", action="store_true", help="the same city with nothing planted")
    demo.set_defaults(run=_demo)


def _shipped() -> list[str]:
    return sorted(p.parent.name for p in SHIPPED_WORKSPACES.glob("*/workspace.toml"))


def _init(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    source = Path(args.workspace)
    if not (source / "workspace.toml").exists():
        source = SHIPPED_WORKSPACES / args.workspace
    if not (source / "workspace.toml").exists():
        cure = f"choose one of {', '.join(_shipped())}, or a folder with a workspace.toml"
        raise problem(args.workspace, "there is no such workspace", cure)
    workspace = load_workspace(source)
    if home.workspace_file.exists() and load_workspace(home.root).id != workspace.id:
        raise problem(
            str(home.workspace_file),
            f"belongs to workspace {load_workspace(home.root).id!r}, not {workspace.id!r}",
            "choose another LOOKOUT_HOME",
        )
    home.root.mkdir(parents=True, exist_ok=True)
    home.prepare()
    # What its owner edited stays, unless a reset is asked for.
    wanted = [p for p in source.iterdir() if p.is_file() and not _is_same(p, home.root / p.name)]
    files = [p for p in wanted if args.reset or not (home.root / p.name).exists()]
    # Its presence says that the home is complete, so the settings come last.
    for path in sorted(files, key=lambda p: (p.name == "workspace.toml", p.name)):
        shutil.copyfile(path, home.root / path.name)
    own = source / "contracts"
    if own.is_dir() and not _is_same(own, home.contracts):
        shutil.copytree(own, home.contracts, dirs_exist_ok=True)
    console.report({"home": str(home.root), "workspace": workspace.id}, f"{home.root}: workspace {workspace.id}")
    return DONE


def _is_same(one: Path, other: Path) -> bool:
    return other.exists() and one.samefile(other)


def _demo(args: argparse.Namespace, console: Console) -> int:
    from etl.demo import generate

    made = generate(args.out, seed=args.seed, scale=args.scale, twin=args.twin, progress=console.say)
    facts = {"files": made.files, "megabytes": made.megabytes, "tickets": made.tickets, "events": made.events}
    text = (
        f"{args.out / 'inbox'}: {made.files} files, {made.megabytes:.0f} MB, of a simulated city: {made.tickets:,} "
        f"tickets, {made.events:,} events, {made.cells:,} cells; seed {made.seed}, {made.seconds:.0f} s"
    )
    console.report({"out": str(args.out), "seed": made.seed, "cells": made.cells, **facts}, text)
    return DONE
