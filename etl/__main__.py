"""Commands of the ETL: init, demo, load, status. The only place of this layer that reads the clock.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but rows were refused above a contract's limit.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from etl.contract import Contract, read_contracts
from etl.load import Loader
from etl.privacy import SecretError
from etl.register import Register
from etl.status import inbox_entries, lines, summary
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.lock import writer_lock
from warehouse.problems import Failure, Problem, Problems, problem
from warehouse.workspace import Workspace, load_workspace

SHIPPED_WORKSPACES = Path(__file__).parent.parent / "workspaces"
DONE, FAILED, USAGE, OVER_LIMIT = 0, 1, 2, 3


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    say = (lambda _: None) if args.json else (lambda text: print(text, flush=True))
    try:
        code: int = args.run(args, say)
        return code
    except Problems as error:
        _print_problems(error.problems, args.json)
        return FAILED if isinstance(error, Failure) else USAGE
    except SecretError as error:
        _print_problems([Problem("secret", str(error))], args.json)
        return USAGE
    except OSError as error:
        what = f"{error.filename or 'storage'}: {error.strerror or error}"
        _print_problems([Problem("etl", what, "check the disk and the rights of LOOKOUT_HOME")], args.json)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="Load operators' exports into the lake.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print one JSON document instead of text")

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

    load = commands.add_parser("load", parents=[shared], help="load new files of the inbox, or the files named")
    load.add_argument("files", nargs="*", type=Path)
    load.add_argument("--contract", help="use this contract only")
    load.set_defaults(run=_load)

    status = commands.add_parser("status", parents=[shared], help="what is loaded, failed, waiting")
    status.set_defaults(run=_status)
    return parser


def _shipped() -> list[str]:
    return sorted(p.parent.name for p in SHIPPED_WORKSPACES.glob("*/workspace.toml"))


def _init(args: argparse.Namespace, say: Any) -> int:
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
    _report(args, say, {"home": str(home.root), "workspace": workspace.id}, f"{home.root}: workspace {workspace.id}")
    return DONE


def _is_same(one: Path, other: Path) -> bool:
    return other.exists() and one.samefile(other)


def _demo(args: argparse.Namespace, say: Any) -> int:
    from etl.demo import generate

    made = generate(args.out, seed=args.seed, scale=args.scale, twin=args.twin, progress=say)
    _report(args, say, {"out": str(args.out), "summary": str(made)}, f"{args.out}: {made}")
    return DONE


def _load(args: argparse.Namespace, say: Any) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    contracts = _contracts(home, workspace, args.contract)
    missing = [p for p in args.files if not p.is_file()]
    if missing:
        raise Problems([Problem(str(p), "there is no such file", "check the path") for p in missing])
    home.prepare()
    started_at = datetime.now(UTC).replace(tzinfo=None)
    with writer_lock(home.root, "etl load", started_at):
        paths = args.files or inbox_entries(home)
        outcomes = Loader(home, workspace, contracts, started_at).run(paths, say)
    failed = [o for o in outcomes if o.state == "failed" or (o.state == "unmatched" and args.files)]
    over = [o for o in outcomes if o.is_over_limit]
    loaded = [o for o in outcomes if o.state == "loaded"]
    report = {"loaded": len(loaded), "failed": len(failed), "over_limit": len(over), "looked_at": len(paths)}
    report["files"] = summary(home, outcomes)["files"]
    counts = f"{len(loaded)} files loaded, {len(failed)} failed, {len(over)} over their limit"
    text = f"{counts}, {len(paths) - len(outcomes)} with nothing to do"
    _report(args, say, report, text)
    return FAILED if failed else OVER_LIMIT if over else DONE


def _contracts(home: Home, workspace: Workspace, only: str | None) -> list[Contract]:
    names = workspace.settings.sources if only is None else [only]
    return read_contracts(names, home.contracts)


def _status(args: argparse.Namespace, say: Any) -> int:
    home = Home.from_environment()
    load_workspace(home.root)
    report = summary(home, Register(Lake(home.lake)).outcomes())
    _report(args, say, report, "\n".join(lines(report)))
    return DONE


def _report(args: argparse.Namespace, say: Any, data: dict[str, Any], text: str) -> None:
    if args.json:
        print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
    else:
        say(text)


def _print_problems(problems: list[Problem], as_json: bool) -> None:
    if as_json:
        found = [{"where": p.where, "what": p.what, "cure": p.cure} for p in problems]
        print(json.dumps({"problems": found}, ensure_ascii=False, indent=2))
    else:
        for one in problems:
            print(one, file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
