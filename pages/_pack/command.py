"""pack: every file of one week's issue into a folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from etl.cli.console import DONE, Console
from pages._pack.files import write
from pages._pack.issues import of_week, read_issue
from pages._pack.paper import Paper
from warehouse import ops
from warehouse.home import Home
from warehouse.workspace import load_workspace


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    pack = commands.add_parser("pack", parents=[shared], help="bulletin, minutes, orders, slides, workbook, page, PDF")
    which = pack.add_mutually_exclusive_group()
    which.add_argument("--week", help="such as 2025-W13; default: the newest that is over")
    which.add_argument("--issue", type=Path, help="an issue that was kept, instead of the week as it reads now")
    pack.add_argument("--lang", choices=("zh", "en"), default="zh")
    pack.add_argument("--out", type=Path, required=True, help="the folder to put the pack's own folder into")
    pack.set_defaults(run=_pack)


def _pack(args: argparse.Namespace, console: Console) -> int:
    paper = _paper(args)

    def tell(name: str, n_done: int, n: int) -> None:
        console.say(f"[{n_done + 1}/{n}] {name}")

    folder, made = write(paper, args.out, tell)
    for name, why in made.left_out.items():
        console.say(f"{name}: left out ({why}); the pack is whole without it")
    report = {
        "folder": str(folder), "week": paper.issue.week, "language": args.lang, "status": paper.status,
        "issue": paper.mark, "files": {name: len(content) for name, content in made.files.items()},
        "left_out": dict(made.left_out),
    }  # fmt: skip
    console.report(report, f"{folder}: {len(made.files)} files, issue {paper.mark[:12]}")
    return DONE


def _paper(args: argparse.Namespace) -> Paper:
    home = Home.from_environment()
    if args.issue:
        shapes = load_workspace(home.root).boundaries if home.workspace_file.is_file() else None
        return Paper(read_issue(args.issue), args.lang, shapes=shapes)
    return of_week(home, ops.open_ops(ops.ops_url(home)), args.week, args.lang)
