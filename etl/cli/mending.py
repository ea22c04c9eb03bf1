"""withdraw, rejected, secret: what a person does about what was loaded."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from etl import corrections, handback
from etl.cli.console import DONE, Console
from etl.keyring import rotate
from etl.privacy import scrub
from etl.register import Register
from etl.withdraw import find, withdraw
from warehouse.home import Home
from warehouse.lake import Lake
from warehouse.lock import writer_lock
from warehouse.problems import problem
from warehouse.workspace import load_workspace


def add(commands: Any, shared: argparse.ArgumentParser) -> None:
    back = commands.add_parser("withdraw", parents=[shared], help="take files back: as if they had never come")
    back.add_argument("files", nargs="+", help="names or ids of loaded files, as `etl status --files` shows them")
    back.add_argument("--reason", default="", help="kept in the register")
    back.set_defaults(run=_withdraw)

    refused = commands.add_parser("rejected", parents=[shared], help="write a file's refused rows, to be corrected")
    refused.add_argument("file", help="name or id of a loaded file that still lies in the inbox")
    refused.add_argument("--out", type=Path, help="folder to write to; default LOOKOUT_HOME/corrections")
    refused.set_defaults(run=_rejected)

    secret = commands.add_parser("secret", parents=[shared], help="replace the secret behind the customer keys")
    secret.add_argument("action", choices=["rotate"], help="a new secret; the lake is set aside, load the inbox anew")
    secret.add_argument("--numbers", type=Path, help="the owner's list of numbers, one a line, UTF-8")
    wanted = "where to write old key, new key of those numbers; not in the home"
    secret.add_argument("--mapping", type=Path, help=wanted)
    secret.set_defaults(run=_secret)


def _withdraw(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    load_workspace(home.root)
    now = console.utc()
    with writer_lock(home.root, "etl withdraw", now):
        lake = Lake(home.lake)
        [reason] = scrub([args.reason]).to_pylist()
        register = Register(lake)
        taken = withdraw(lake, find(register.outcomes(), args.files), reason, register.after(now))
    names = ", ".join(o.file_name for o in taken)
    report = {"withdrawn": [{"file_id": o.file_id, "file_name": o.file_name, "n_rows": o.n_loaded} for o in taken]}
    rows = f"{sum(o.n_loaded for o in taken):,} rows"
    console.report(report, f"withdrawn: {names} ({rows}); the next build leaves them out")
    return DONE


def _rejected(args: argparse.Namespace, console: Console) -> int:
    home = Home.from_environment()
    load_workspace(home.root)
    outcome = handback.loaded(home, args.file)
    target = (args.out or home.root / "corrections") / corrections.file_name(outcome)
    n = handback.write(home, outcome, target)
    text = f"{target}: {n:,} refused rows; correct them there and move the file into {home.inbox}, its name unchanged"
    console.report({"file": str(target), "rows": n}, text)
    return DONE


def _secret(args: argparse.Namespace, console: Console) -> int:
    if (args.numbers is None) != (args.mapping is None):
        raise problem("etl secret rotate", "--numbers and --mapping belong together", "give both or neither")
    home = Home.from_environment()
    load_workspace(home.root)
    home.prepare()
    with writer_lock(home.root, "etl secret rotate", console.utc()):
        done = rotate(home, args.numbers, args.mapping)
    console.report(vars(done), "\n".join(done.lines()))
    return DONE
