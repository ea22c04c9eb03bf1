"""Commands about people and traces: account, audit. The time is passed in by the command line."""

from __future__ import annotations

import argparse
import getpass
import json
import secrets
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from warehouse import accounts, audit, ops, settled, tracing
from warehouse.audit import Event
from warehouse.home import Home
from warehouse.problems import Failure, Problem, problem
from warehouse.viewer import ROLES
from warehouse.watermark import MOST_BYTES

Command = Callable[[argparse.Namespace, datetime], int]


def add_to(commands: Any, shared: argparse.ArgumentParser) -> None:
    """The parsers of `account` and `audit`. Each sets `deed`, which takes the arguments and the time in UTC."""
    account = commands.add_parser("account", help="people of the local sign-in").add_subparsers(required=True)
    for name, deed, told in (
        ("add", _add, "a new account; prints its first password once"),
        ("change", _change, "another role and scope for an account, open pages included"),
    ):
        one = account.add_parser(name, parents=[shared], help=told)
        one.add_argument("name")
        one.add_argument("--role", required=True, choices=ROLES)
        one.add_argument("--region", action="append", help="code of a district; none given: all")
        one.add_argument("--department", action="append", help="code of a department; none given: all")
        if deed is _add:
            one.add_argument("--ask", action="store_true", help="ask for the first password instead of making one")
        one.set_defaults(deed=deed)
    for name, deed, told in (
        ("reset", _reset, "a new first password; ends all sessions and locks"),
        ("close", _close, "the account opens nothing any more"),
        ("end", _end, "end all sessions of a person, also one who came by a provider"),
    ):
        one = account.add_parser(name, parents=[shared], help=told)
        one.add_argument("name")
        one.set_defaults(deed=deed, ask=False)
    account.add_parser("list", parents=[shared], help="all accounts").set_defaults(deed=_list)

    trail = commands.add_parser("audit", help="who did and saw what").add_subparsers(required=True)
    verify = trail.add_parser("verify", parents=[shared], help="whether every row is as it was written")
    verify.add_argument("--head", metavar="NUMBER:SEAL", help="what an earlier verify printed")
    verify.set_defaults(deed=_verify)
    who = trail.add_parser("who", parents=[shared], help="who saw rows of a customer")
    who.add_argument("cust_key")
    who.set_defaults(deed=_who)
    file = trail.add_parser("file", parents=[shared], help="who took a file that was found somewhere")
    file.add_argument("path", type=Path)
    file.set_defaults(deed=_file)


def _store() -> sa.Engine:
    return ops.open_ops(ops.ops_url(Home.from_environment()))


def _told(store: sa.Engine, name: str, what: str, at: datetime, **detail: Any) -> None:
    audit.record(store, Event("account", settled.operator(), "", name, {"did": what, **detail}), at)


def _first_password(args: argparse.Namespace) -> tuple[str, bool]:
    return (getpass.getpass("First password: "), False) if args.ask else (secrets.token_urlsafe(12), True)


def _add(args: argparse.Namespace, at: datetime) -> int:
    store = _store()
    password, is_made = _first_password(args)
    accounts.add(store, args.name, args.role, password, at, args.region, args.department)
    _told(store, args.name, "add", at, role=args.role, regions=args.region, departments=args.department)
    return _say(args, args.name, password if is_made else None)


def _change(args: argparse.Namespace, at: datetime) -> int:
    store = _store()
    accounts.change(store, args.name, args.role, at, args.region, args.department)
    _told(store, args.name, "change", at, role=args.role, regions=args.region, departments=args.department)
    return 0


def _reset(args: argparse.Namespace, at: datetime) -> int:
    store = _store()
    password, is_made = _first_password(args)
    accounts.reset(store, args.name, password, at)
    _told(store, args.name, "reset", at)
    return _say(args, args.name, password if is_made else None)


def _say(args: argparse.Namespace, name: str, password: str | None) -> int:
    if args.json:
        print(json.dumps({"name": name, "first_password": password}, ensure_ascii=False))
    elif password:
        print(f"{name}: first password {password} (shown once; it must be changed at the first sign-in)")
    return 0


def _close(args: argparse.Namespace, at: datetime) -> int:
    store = _store()
    accounts.close(store, args.name, at)
    _told(store, args.name, "close", at)
    return 0


def _end(args: argparse.Namespace, at: datetime) -> int:
    store = _store()
    n = accounts.end_all(store, args.name, at)
    _told(store, args.name, "end sessions", at, n=n)
    print(f"{n} sessions ended")
    return 0


def _list(args: argparse.Namespace, _at: datetime) -> int:
    rows = accounts.listed(_store())
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return 0
    for r in rows:
        limits = " ".join(f"{what} {r[c]}" for what, c in _LIMITS if r[c] is not None)
        state = "closed" if not r["is_active"] else "first password" if r["must_change"] else "open"
        print(f"{r['name']}  {r['role']}  {state}  {limits}".rstrip())
    return 0


_LIMITS = (("regions", "regions_json"), ("departments", "departments_json"))


def _verify(args: argparse.Namespace, _at: datetime) -> int:
    found = audit.verify(_store(), args.head)
    if args.json:
        print(json.dumps(vars(found), ensure_ascii=False))
    else:
        print(f"{found.n} rows, head {found.head}")
    if found.fault:
        cure = "keep the store as it is, compare it with a backup, and follow docs/runbook-breach.md"
        raise Failure([Problem("audit", found.fault, cure)])
    return 0


def _who(args: argparse.Namespace, _at: datetime) -> int:
    rows = audit.who_saw(_store(), args.cust_key)
    if args.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2, default=str))
        return 0
    for r in rows:
        print(f"{r['happened_at']:%Y-%m-%d %H:%M:%S} UTC  {r['actor']} ({r['role']})  {r['kind']}  {r['subject']}")
    print(f"{len(rows)} events showed rows of this customer", file=sys.stderr)
    return 0


def _file(args: argparse.Namespace, _at: datetime) -> int:
    if args.path.stat().st_size > MOST_BYTES:
        raise problem(str(args.path), f"is larger than {MOST_BYTES >> 20} MiB", "cut some rows out of it and try these")
    rows = tracing.taken(_store(), args.path.read_bytes())
    if args.json:
        print(json.dumps([vars(r) for r in rows], ensure_ascii=False, indent=2, default=str))
        return 0
    for r in rows:
        leave = f", approved by {r.detail['approved_by']}" if r.detail.get("approved_by") else ""
        print(f"{r.happened_at:%Y-%m-%d %H:%M:%S} UTC  {r.actor} ({r.role})  {r.subject}, {r.n_rows} rows{leave}")
        print(f"    known by its {r.how}; id {r.detail.get('mark', '-')}")
    print(f"{len(rows)} files that were taken fit to this one", file=sys.stderr)
    return 0
