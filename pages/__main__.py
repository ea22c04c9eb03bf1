"""Commands of what people look at on paper: pack, subscriptions. Only here this layer reads the clock.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from etl.cli.console import FAILED, USAGE, Console
from pages._pack import command as pack
from pages._pack import subscribing
from warehouse.problems import Failure, Problems, failure


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    console = Console(args.json, lambda: datetime.now(UTC).replace(tzinfo=None))
    try:
        code: int = args.run(args, console)
        return code
    except Problems as error:
        console.problems(error.problems)
        return FAILED if isinstance(error, Failure) else USAGE
    except OSError as error:
        what = f"could not be read or written ({error.strerror or error})"
        console.problems(failure(str(error.filename or "storage"), what, "check the disk and its rights").problems)
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pages", description="The weekly review on paper.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    for kind in (pack, subscribing):
        kind.add(commands, shared)
    return parser


if __name__ == "__main__":
    sys.exit(main())
