"""Commands of the ETL. The only place of this layer that reads the clock.

Exit codes: 0 done, 1 failed, 2 wrong usage or configuration, 3 done but rows were refused above a contract's limit.
"""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime

from etl.cli import adding, loading, mending, running, setting_up
from etl.cli.console import FAILED, USAGE, Console
from etl.privacy import SecretError
from warehouse.problems import Failure, Problem, Problems


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    console = Console(args.json, lambda: datetime.now(UTC).replace(tzinfo=None))
    try:
        code: int = args.run(args, console)
        return code
    except Problems as error:
        console.problems(error.problems)
        return FAILED if isinstance(error, Failure) else USAGE
    except SecretError as error:
        console.problems([Problem("secret", str(error))])
        return USAGE
    except OSError as error:
        what = f"{error.filename or 'storage'}: {error.strerror or error}"
        console.problems([Problem("etl", what, "check the disk and the rights of LOOKOUT_HOME")])
        return FAILED


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m etl", description="Load operators' exports into the lake.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    shared = argparse.ArgumentParser(add_help=False)
    shared.add_argument("--json", action="store_true", help="print one JSON document instead of text")
    for kind in (setting_up, adding, loading, mending, running):
        kind.add(commands, shared)
    return parser


if __name__ == "__main__":
    sys.exit(main())
