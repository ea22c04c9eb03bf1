"""Commands of the warehouse: build, sql, releases, account, audit. The only place of this layer that reads the clock.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
from sqlalchemy.exc import SQLAlchemyError

from warehouse import access_commands, ops, retention, settled
from warehouse.build import Build
from warehouse.engines import Engine
from warehouse.erasure import erase
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.live import resolve_as_of
from warehouse.lock import writer_lock
from warehouse.problems import Failure, Problems, problem
from warehouse.release import Releases
from warehouse.sealed import TimedOut, open_sealed, select
from warehouse.workspace import Workspace, load_workspace
from warehouse.workspace_file import ENGINE

DONE, FAILED, USAGE = 0, 1, 2
SQL_MEMORY, SQL_SECONDS = "4GB", 600.0


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    try:
        if "deed" in args:
            code: int = args.deed(args, datetime.now(UTC).replace(tzinfo=None))
            return code
        code = args.run(args)
        return code
    except Problems as error:
        if args.json:
            print(json.dumps({"problems": [vars(p) for p in error.problems]}, ensure_ascii=False, indent=2))
        else:
            print(error, file=sys.stderr)
        return FAILED if isinstance(error, Failure) else USAGE
    except (duckdb.Error, OSError, TimedOut) as error:
        print(f"warehouse: {error}", file=sys.stderr)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m warehouse", description="Build and read releases.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print one JSON document instead of text")

    build = commands.add_parser("build", parents=[shared], help="build, check and publish a release")
    build.add_argument("--full", action="store_true", help="from nothing, not from the previous release")
    build.add_argument(
        "--engine",
        metavar="WHERE",
        type=_engine,
        help="where the models run, from nothing: duckdb, spark, or Spark's address such as spark://host:7077 or "
        "sc://host:15002; else what workspace.toml says runs builds from nothing, and DuckDB adds to releases",
    )
    build.add_argument("--as-of", type=datetime.fromisoformat, help="the instant the release speaks of")
    build.set_defaults(run=_build)

    sql = commands.add_parser("sql", parents=[shared], help="read only, on the current release")
    sql.add_argument("select")
    sql.set_defaults(run=_sql)

    releases = commands.add_parser("releases", parents=[shared], help="list releases, or choose another one")
    releases.add_argument("--use", metavar="ID", help="make this release the current one")
    releases.set_defaults(run=_releases)
    gone = commands.add_parser("erase", parents=[shared], help="take a customer out of everything that is kept")
    gone.add_argument("cust_key", help="as the pages and `audit who` have it")
    gone.add_argument("--inbox", action="store_true", help="also delete the raw files by which the person came in")
    gone.set_defaults(run=_erase)
    over = commands.add_parser("retain", parents=[shared], help="tickets beyond their time become counts")
    over.add_argument("--do", action="store_true", help="do it; without, it is only told what would go")
    over.set_defaults(run=_retain)
    access_commands.add_to(commands, shared)
    return parser


def _engine(text: str) -> str:
    if re.fullmatch(ENGINE, text) is None:
        known = "duckdb, spark, local[2], spark://host:7077, sc://host:15002, k8s://…, yarn"
        raise argparse.ArgumentTypeError(f"{text} is no engine; write one of {known}")
    return text


def _build(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    home.prepare()
    lake = Lake(home.lake)
    utc = datetime.now(UTC)
    local = utc.astimezone(ZoneInfo(workspace.settings.timezone)).replace(tzinfo=None)
    as_of = args.as_of or resolve_as_of(workspace, lake, local)
    say = (lambda _: None) if args.json else (lambda text: print(text, flush=True))
    where = _address(args.engine, workspace)
    build = Build(home, workspace, as_of, utc.replace(tzinfo=None), say, elsewhere=lambda: _at(where, home, workspace))
    with writer_lock(home.root, "warehouse build", utc.replace(tzinfo=None)):
        _note_settled(home, utc.replace(tzinfo=None))
        built = build.run(args.full or args.engine not in (None, "duckdb"))
    if args.json:
        print(json.dumps(vars(built), ensure_ascii=False, indent=2))
    else:
        for warning in built.warnings:
            print(f"warning: {warning}")
        print(f"release {built.id}: {built.how}, content {built.content_hash}")
    return DONE


def _note_settled(home: Home, at: datetime) -> None:
    try:
        settled.note(ops.existing_ops(home), settled.files(home), settled.operator(), at)
    except SQLAlchemyError as error:  # the next command that reaches the trail notes what changed
        print(f"warning: the audit trail cannot be written: {type(error).__name__}", file=sys.stderr)


def _in_use() -> tuple[Home, Workspace, datetime]:
    """The home, its workspace and the instant of the release in use. Raises `Problems` where there is none."""
    home = Home.from_environment()
    workspace = load_workspace(home.root)
    releases = Releases(home.releases)
    current = releases.current()
    if current is None:
        raise problem(str(releases.root), "there is no release yet", "run `python -m warehouse build`")
    return home, workspace, releases.info(current)["as_of"]


def _erase(args: argparse.Namespace) -> int:
    home, workspace, as_of = _in_use()
    utc = datetime.now(UTC).replace(tzinfo=None)
    url = ops.ops_url(home)
    quiet = Build(home, workspace, as_of, utc, lambda _: None)
    with writer_lock(home.root, "warehouse erase", utc):
        by, store = settled.operator(), ops.open_ops(url)
        done = erase(home, store, args.cust_key, utc, by, lambda: quiet.run(True).id, args.inbox)
    if args.json:
        print(json.dumps(vars(done), ensure_ascii=False, indent=2))
        return DONE
    for name, n in sorted(done.rows.items()):
        print(f"{name}: {n} rows taken out")
    print(f"{done.n_notes} texts cleaned; release {done.releases[-1]} takes the place of all before")
    for file in done.deleted:
        print(f"deleted: {file}")
    for file in sorted(set(done.files) - set(done.deleted)):
        print(f"delete the lines in the inbox, if it is still there: {file}")
    return DONE


def _retain(args: argparse.Namespace) -> int:
    home, workspace, as_of = _in_use()
    utc = datetime.now(UTC).replace(tzinfo=None)
    begin = retention.cutoff(as_of, workspace.settings.retention.months)
    if args.do:
        store, quiet = ops.open_ops(ops.ops_url(home)), Build(home, workspace, as_of, utc, lambda _: None)
        with writer_lock(home.root, "warehouse retain", utc):
            done = retention.retain(
                home,
                store,
                begin,
                utc,
                settled.operator(),
                lambda: quiet.run(False).id,
                lambda: quiet.run(True).id,
            )
    else:
        done = retention.told(home, begin)
    if args.json:
        print(json.dumps({**vars(done), "is_done": args.do}, ensure_ascii=False, indent=2, default=str))
        return DONE
    print(f"tickets accepted before {begin}: {done.n_tickets}, of these {done.n_open} never answered")
    for name, n in sorted(done.rows.items()):
        print(f"{name}: {n} rows {'taken out' if args.do else 'would go'}")
    if not args.do and done.rows:
        print("nothing is changed; `python -m warehouse retain --do` does it")
    if done.releases:
        print(
            f"{done.n_counted} complaints go on as {done.n_counts} counts; "
            f"release {done.releases[-1]} takes the place of all before"
        )
    for file in done.files:
        print(f"in the inbox, still with tickets beyond their time: {file}")
    return DONE


def _address(asked: str | None, workspace: Workspace) -> str:
    """Where builds from nothing run: `duckdb` or the address of Spark."""
    said = workspace.settings.engine
    where = said if asked is None or (asked == "spark" and said != "duckdb") else asked
    return "local[2]" if where == "spark" else where


def _at(where: str, home: Home, workspace: Workspace) -> AbstractContextManager[Engine | None]:
    if where == "duckdb":
        return nullcontext()
    try:
        from warehouse.engines.spark import engine_at
    except ImportError:
        cure = "pip install -r requirements-spark.txt"
        raise problem(f"engine {where}", "pyspark is not installed", cure) from None
    return engine_at(where, home.scratch, home.lake, workspace.settings.spark)


def _sql(args: argparse.Namespace) -> int:
    releases = Releases(Home.from_environment().releases)
    current = releases.current()
    if current is None:
        raise problem(str(releases.root), "there is no release yet", "run `python -m warehouse build`")
    frame = select(open_sealed(releases.path(current), SQL_MEMORY), args.select, [], SQL_SECONDS)
    if args.json:
        rows = frame.astype(object).where(frame.notna(), None).to_dict(orient="records")
        print(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
    else:
        print(frame.to_string(index=False))
    return DONE


def _releases(args: argparse.Namespace) -> int:
    home = Home.from_environment()
    releases = Releases(home.releases)
    if args.use:
        releases.use(args.use)
    current = releases.current()
    names = releases.all()
    listed = [{"id": name, "is_current": name == current, **_brief(releases, name)} for name in names]
    if args.json:
        print(json.dumps(listed, ensure_ascii=False, indent=2, default=str))
    else:
        for entry in listed:
            mark = "*" if entry["is_current"] else " "
            print(f"{mark} {entry['id']}  as of {entry['as_of']}  {entry['how']}  {entry['mib']:.1f} MiB")
    return DONE


def _brief(releases: Releases, name: str) -> dict[str, Any]:
    info = releases.info(name)
    size = releases.path(name).stat().st_size / (1 << 20)
    return {"as_of": info["as_of"], "built_at": info["built_at"], "how": info["how"], "mib": size}


if __name__ == "__main__":
    sys.exit(main())
