"""`python -m bench [NAME …] [--quick]`; without a name, all of NAMES.

Exit codes: 0 every goal met and nothing worse than when last accepted, 1 otherwise, 2 something needed is not there.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import (
    accepted,
    alerts,
    city,
    city_many,
    formats,
    growth,
    hotspots,
    hours_many,
    ingest,
    judge,
    pack,
    pages,
    picture,
    results,
    viewers,
    views,
    volume,
)
from bench import map as city_map
from bench.browser import Missing
from bench.detection import figures as detection
from bench.measure import ChildFailed
from bench.peers import measure as peers
from bench.results import Figure

NAMES = (
    "ingest",
    "increment",
    "volume",
    "judge",
    "formats",
    "peers",
    "alerts",
    "detection",
    "hotspots",
    "demo",
    "startup",
    "pack",
    "pages",
    "viewers",
    "map",
    "views",
    "hours",
    "growth",
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measure; see bench/README.md.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(NAMES) + " (default: all)")
    parser.add_argument("--quick", action="store_true", help="1 M rows, fewer rounds")
    parser.add_argument("--work", type=Path, help="folder for generated files, kept (default: a temporary one)")
    parser.add_argument(
        "--home", type=Path, help="a built demo city for startup, pages and viewers (default: built here)"
    )
    parser.add_argument(
        "--large", type=Path, help="a built home of millions of tickets for views (default: built here)"
    )
    parser.add_argument("--accept", action="store_true", help="hold later runs against the ratios of this one")
    parser.add_argument("--no-record", action="store_true", help="print only; leave RESULTS.md alone")
    args = parser.parse_args(arguments)
    unknown = [name for name in args.names if name not in NAMES]
    if unknown:
        parser.error(f"{', '.join(unknown)}: no such figure; choose from {', '.join(NAMES)}")
    try:
        with tempfile.TemporaryDirectory(prefix="lookout-bench-") as temporary:
            work = (args.work or Path(temporary)).resolve()
            work.mkdir(parents=True, exist_ok=True)
            figures = measure(list(args.names or NAMES), work, args.home, args.quick, args.large)
    except (Missing, ChildFailed) as error:
        print(f"bench: {error}", file=sys.stderr)
        return 2
    print("\n".join(results.rows(figures)))
    regressed = accepted.worse(figures, args.quick)
    for sentence in regressed:
        print(f"worse: {sentence}")
    if not args.no_record:
        path = results.write(figures, datetime.now(UTC).replace(tzinfo=None), args.quick)
        print(path, picture.draw(figures, path.with_suffix(".png")) or "")
    if args.accept:
        accepted.accept(figures, args.quick)
    return 0 if all(figure.is_met for figure in figures) and not regressed else 1


def measure(names: list[str], work: Path, home: Path | None, is_quick: bool, large: Path | None = None) -> list[Figure]:
    """The figures asked for, in the order of NAMES."""
    found: list[Figure] = []
    if "ingest" in names:
        found += ingest.measure(work, is_quick, say)
    if "increment" in names:
        found += ingest.measure_increment(work, is_quick, say)
    if "volume" in names:
        found += volume.measure(work, is_quick, say)
    if "judge" in names:
        found += judge.measure(work, is_quick, say)
    if "formats" in names:
        found += formats.measure(work, say)
    if "peers" in names:
        found += peers.measure(work, is_quick, say)
    if "alerts" in names:
        found += alerts.measure(work, is_quick, say)
    if "detection" in names:
        found += detection.measure(is_quick, say)
    if "hotspots" in names:
        found += hotspots.measure(work, is_quick, say)
    if "growth" in names:
        found += growth.measure(work, is_quick, say, day=datetime.now(UTC).date())
    built = home.resolve() if home else city.home_of(work)
    needs_city = {"startup", "pack", "pages", "viewers", "map", "views", "hours"} & set(names)
    if "demo" in names or (home is None and not city.is_built(built) and needs_city):
        made = city.measure_demo(work, say)
        found += made if "demo" in names else []
    if "startup" in names:
        found += city.measure_startup(built, is_quick, say)
    if "pack" in names:
        found += pack.measure(built, work, is_quick, say)
    if "pages" in names:
        found += pages.measure(built, is_quick, say)
    if "viewers" in names:
        found += viewers.measure(built, is_quick, say)
    if "map" in names:
        found += city_map.measure(work, built, is_quick, say)
    if "views" in names:
        many = large.resolve() if large else city_many.home_of(work, built, is_quick, say)
        found += views.measure(many, built, work, is_quick, say)
    if "hours" in names:
        rows = hours_many.QUICK_ROWS if is_quick else hours_many.ROWS
        found += hours_many.measure(work, built, rows, say)
    return found


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    os.umask(0o077)
    sys.exit(main())
