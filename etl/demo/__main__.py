"""`python -m etl.demo --out DIR`: write the demo city without the rest of the loader."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from etl.demo import generate


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m etl.demo", description="Write the synthetic demo city (模拟数据).")
    parser.add_argument("--out", type=Path, required=True, help="folder that gets inbox/ and truth_events.csv")
    parser.add_argument("--seed", type=int, default=20250331)
    parser.add_argument("--scale", type=int, default=1, help="multiplies tickets, users and cells")
    parser.add_argument("--twin", action="store_true", help="the same city with nothing planted")
    choices = parser.parse_args()
    summary = generate(
        choices.out, choices.seed, choices.scale, choices.twin, lambda text: print(text, file=sys.stderr)
    )
    print(summary)
    return 0


if __name__ == "__main__":
    sys.exit(main())
