"""Commands of the ETL. The only place of this layer that reads the clock.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but rows were refused above a contract's limit.
"""

from __future__ import annotations

import argparse
import json
import logging
import shutil
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from etl import corrections, query
from etl.answer import all_files, ten_lines
from etl.commands import Processes
from etl.contract import Contract, read_contracts
from etl.journal import Journal
from etl.keyring import rotate
from etl.load import Loader
from etl.privacy import SecretError, hide_numbers, scrub
from etl.register import Register, file_id
from etl.status import files, inbox_entries, summary
from etl.tidy import said, tidy
from etl.watch import Watch
from etl.withdraw import find, withdraw
from warehouse.build import resolve_as_of
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.lock import WATCH_LOCK, writer_lock
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
    load.add_argument("--again", action="store_true", help="load files although they were withdrawn")
    load.add_argument("--pull", action="store_true", help="first pull the workspace's queries into the inbox")
    load.set_defaults(run=_load)

    pull = commands.add_parser("pull", parents=[shared], help="write new rows of the workspace's queries to the inbox")
    pull.add_argument("names", nargs="*", metavar="NAME", help="contracts with a [query]; all of them without a name")
    pull.add_argument("--since", type=query.point, help="begin anew from this time or number")
    pull.set_defaults(run=_pull)

    back = commands.add_parser("withdraw", parents=[shared], help="take files back: as if they had never come")
    back.add_argument("files", nargs="+", help="names or ids of loaded files, as `etl status` shows them")
    back.add_argument("--reason", default="", help="kept in the register")
    back.set_defaults(run=_withdraw)

    refused = commands.add_parser("rejected", parents=[shared], help="write a file's refused rows, to be corrected")
    refused.add_argument("file", help="name or id of a loaded file that still lies in the inbox")
    refused.add_argument("--out", type=Path, help="folder to write to; default LOOKOUT_HOME/corrections")
    refused.set_defaults(run=_rejected)

    watch = commands.add_parser("watch", parents=[shared], help="load and build whenever files come")
    watch.set_defaults(run=_watch)

    tidying = commands.add_parser("tidy", parents=[shared], help="put small files of the lake together")
    tidying.set_defaults(run=_tidy)

    status = commands.add_parser("status", parents=[shared], help="is everything fresh, what failed, what to do")
    status.add_argument("--files", action="store_true", help="every file with its outcome as well")
    status.set_defaults(run=_status)

    secret = commands.add_parser("secret", parents=[shared], help="replace the secret behind the customer keys")
    secret.add_argument("action", choices=["rotate"], help="a new secret; the lake is set aside, load the inbox anew")
    secret.add_argument("--numbers", type=Path, help="the owner's list of numbers, one a line, UTF-8")
    secret.add_argument(
        "--mapping", type=Path, help="where to write old key, new key of those numbers; not in the home"
    )
    secret.set_defaults(run=_secret)
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
    wanted = query.chosen(contracts, []) if args.pull else []
    done = query.pull_all(home, workspace, wanted, started_at.replace(tzinfo=UTC), None, say)
    with writer_lock(home.root, "etl load", started_at):
        paths = args.files or inbox_entries(home)
        outcomes = Loader(home, workspace, contracts, started_at, args.again).run(paths, say)
    failed = [o for o in outcomes if o.state == "failed" or (o.state == "unmatched" and args.files)]
    over = [o for o in outcomes if o.is_over_limit]
    loaded = [o for o in outcomes if o.state == "loaded"]
    report: dict[str, Any] = {"loaded": len(loaded), "failed": len(failed), "over_limit": len(over)}
    report |= {"looked_at": len(paths), "files": files(outcomes)} | ({"pull": done.report()} if args.pull else {})
    counts = f"{len(loaded)} files loaded, {len(failed)} failed, {len(over)} over their limit"
    text = f"{counts}, {len(paths) - len(outcomes)} with nothing to do"
    ended_at = datetime.now(UTC).replace(tzinfo=None)
    facts: dict[str, Any] = {"n_files": len(loaded), "n_rows": sum(o.n_loaded for o in loaded), "n_failed": len(failed)}
    code = FAILED if failed or done.problems else OVER_LIMIT if over else DONE
    seconds = (ended_at - started_at).total_seconds()
    Journal(home.logs).write(ended_at, "run", command="load", code=code, seconds=seconds, said=text, **facts)
    _report(args, say, report, text)
    return code


def _pull(args: argparse.Namespace, say: Any) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    contracts = query.chosen(_contracts(home, workspace, None), args.names)
    done = query.pull_all(home, workspace, contracts, datetime.now(UTC), args.since, say)
    text = f"{len(done.pulled)} queries pulled, {len(done.problems)} failed"
    _report(args, say, done.report(), text)
    return FAILED if done.is_failure else USAGE if done.problems else DONE


def _withdraw(args: argparse.Namespace, say: Any) -> int:
    home = Home.from_environment()
    load_workspace(home.root)
    now = datetime.now(UTC).replace(tzinfo=None)
    with writer_lock(home.root, "etl withdraw", now):
        lake = Lake(home.lake)
        [reason] = scrub([args.reason]).to_pylist()
        taken = withdraw(lake, find(Register(lake).outcomes(), args.files), reason, now)
    names = ", ".join(o.file_name for o in taken)
    report = {"withdrawn": [{"file_id": o.file_id, "file_name": o.file_name, "n_rows": o.n_loaded} for o in taken]}
    rows = f"{sum(o.n_loaded for o in taken):,} rows"
    _report(args, say, report, f"withdrawn: {names} ({rows}); the next build leaves them out")
    return DONE


def _rejected(args: argparse.Namespace, say: Any) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    lake = Lake(home.lake)
    [outcome] = find(Register(lake).outcomes(), [args.file])
    path = next((p for p in inbox_entries(home) if p.is_file() and file_id(p) == outcome.file_id), None)
    if path is None or outcome.contract is None:
        what = "does not lie in the inbox any more, and refused rows are kept nowhere else"
        raise problem(outcome.file_name, what, "put the file back into the inbox")
    contract = next(c for c in _contracts(home, workspace, outcome.contract) if c.name == outcome.contract)
    entries = lake.read("quarantine")
    entries = entries.filter(pc.equal(entries["file_id"], outcome.file_id))
    entries = entries.filter(pc.equal(entries["loaded_at"], pa.scalar(outcome.loaded_at, pa.timestamp("us"))))
    target = (args.out or home.root / "corrections") / corrections.file_name(outcome)
    with TemporaryDirectory(dir=home.root, prefix=".rejected-") as scratch:
        n = corrections.write(path, contract, entries, Path(scratch), target)
    text = f"{target}: {n:,} refused rows; correct them there and move the file into {home.inbox}, its name unchanged"
    _report(args, say, {"file": str(target), "rows": n}, text)
    return DONE


def _contracts(home: Home, workspace: Workspace, only: str | None) -> list[Contract]:
    names = workspace.settings.sources if only is None else [only]
    return read_contracts(names, home.contracts)


def _status(args: argparse.Namespace, say: Any) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    lake = Lake(home.lake)
    local = datetime.now(ZoneInfo(workspace.settings.timezone)).replace(tzinfo=None)
    as_of = resolve_as_of(workspace, lake, local)
    contracts = _contracts(home, workspace, None)
    report = summary(home, workspace, contracts, Register(lake).outcomes(), as_of)
    _report(args, say, report, "\n".join(ten_lines(report) + (all_files(report) if args.files else [])))
    return DONE


def _watch(args: argparse.Namespace, say: Any) -> int:
    from apscheduler.schedulers.blocking import BlockingScheduler

    home = Home.from_environment()
    workspace = load_workspace(home.root).settings
    settings = workspace.watch
    home.prepare()
    journal = Journal(home.logs)
    watch = Watch(home, settings, Processes(), journal, say, ZoneInfo(workspace.timezone))
    # One step at a time; a step that took longer than the interval is followed by one, not by all that were missed.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # it would tell of every step that a build outlasts
    scheduler = BlockingScheduler(timezone="UTC", job_defaults={"max_instances": 1, "coalesce": True})
    started_at = datetime.now(UTC)
    faults: list[OSError] = []

    def step() -> None:
        try:
            watch.step(datetime.now(UTC).replace(tzinfo=None))
        except OSError as error:  # disk full, rights gone: nothing this process could mend
            faults.append(error)
            scheduler.shutdown(wait=False)

    scheduler.add_job(step, "interval", seconds=settings.poll_seconds, next_run_time=started_at)
    for signal_ in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signal_, lambda *_: scheduler.shutdown(wait=False))
    with writer_lock(home.root, "etl watch", started_at.replace(tzinfo=None), WATCH_LOCK):
        journal.write(started_at.replace(tzinfo=None), "watch_started", poll_seconds=settings.poll_seconds)
        say(f"{home.inbox}: watched every {settings.poll_seconds:g} s; stop with Ctrl+C")
        scheduler.start()
        if faults:
            raise faults[0]
        journal.write(datetime.now(UTC).replace(tzinfo=None), "watch_stopped")
    return DONE


def _tidy(args: argparse.Namespace, say: Any) -> int:
    home = Home.from_environment()
    load_workspace(home.root)
    with writer_lock(home.root, "etl tidy", datetime.now(UTC).replace(tzinfo=None)):
        done = tidy(home)
    _report(args, say, {"said": said(done), "tables": [vars(d) for d in done]}, said(done))
    return DONE


def _secret(args: argparse.Namespace, say: Any) -> int:
    if (args.numbers is None) != (args.mapping is None):
        raise problem("etl secret rotate", "--numbers and --mapping belong together", "give both or neither")
    home = Home.from_environment()
    load_workspace(home.root)
    home.prepare()
    with writer_lock(home.root, "etl secret rotate", datetime.now(UTC).replace(tzinfo=None)):
        done = rotate(home, args.numbers, args.mapping)
    _report(args, say, vars(done), "\n".join(done.lines()))
    return DONE


def _report(args: argparse.Namespace, say: Any, data: dict[str, Any], text: str) -> None:
    if args.json:
        print(json.dumps(data, ensure_ascii=False, indent=2, default=str))
    else:
        say(text)


def _print_problems(problems: list[Problem], as_json: bool) -> None:
    """Names of files and folders, and values, may be a customer's number: what is printed ends up in a journal."""
    if as_json:
        found = [{part: hide_numbers(getattr(p, part)) for part in ("where", "what", "cure")} for p in problems]
        print(json.dumps({"problems": found}, ensure_ascii=False, indent=2))
    else:
        for one in problems:
            print(hide_numbers(str(one)), file=sys.stderr)


if __name__ == "__main__":
    sys.exit(main())
