"""Pictures of every view: both languages, light and dark, wide and phone, at full height.

`python -m tests.browser.screenshots --out DIR [--home DIR] [--only today --only zh-dark-390 …]`
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from tests.browser.served import LINKS, Visit, chrome, serve

LOOKS = [(lang, theme, width) for lang in ("zh", "en") for theme in ("light", "dark") for width in (1440, 390)]
HIGHEST = 6000  # px; a page that claims more is cut there
# How high the content is: Streamlit scrolls inside its main part, so a full-page picture would show the window only.
HEIGHT = """() => Math.ceil(Math.max(
    ...[...document.querySelectorAll('[data-testid="stMain"], [data-testid="stMainBlockContainer"]')]
        .map(e => e.scrollHeight)))"""


def main(arguments: list[str] | None = None) -> int:
    args = _parser().parse_args(arguments)
    home = args.home or Path(os.environ.get("LOOKOUT_HOME", "var"))
    if not (home / "releases" / "CURRENT").exists():
        print(f"screenshots: {home} has no release; run `make load` or name another --home", file=sys.stderr)
        return 2
    args.out.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    with (
        tempfile.TemporaryDirectory() as scratch,
        serve(home.resolve(), Path(scratch) / "server.log") as base,
        chrome() as browser,
    ):
        for lang, theme, width in LOOKS:
            look = f"{lang}-{theme}-{width}"
            views = [v for v in LINKS if _wanted(args.only, v, look)]
            faults += _pictures(browser, base, views, lang, theme, width, args.out) if views else []
    for fault in faults:
        print(f"screenshots: {fault}", file=sys.stderr)
    return 1 if faults else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.browser.screenshots", description=__doc__)
    parser.add_argument("--out", type=Path, required=True, help="folder for the pictures")
    parser.add_argument("--home", type=Path, help="LOOKOUT_HOME to show; default: the environment's, else ./var")
    parser.add_argument("--only", action="append", default=[], help="a view, or a look such as zh-dark-390; repeatable")
    return parser


def _wanted(only: list[str], view: str, look: str) -> bool:
    views, looks = [o for o in only if o in LINKS], [o for o in only if o not in LINKS]
    return (not views or view in views) and (not looks or look in looks)


def _pictures(browser: Any, base: str, views: list[str], lang: str, theme: str, width: int, out: Path) -> list[str]:
    window = Visit(browser, base, lang=lang, theme=theme, width=width)
    for view in views:
        window.page.set_viewport_size({"width": width, "height": 900})
        window.open(LINKS[view])
        # Growing the window can wrap or draw more: measure again once.
        for _ in range(2):
            height = min(HIGHEST, max(900, int(window.page.evaluate(HEIGHT))))
            window.page.set_viewport_size({"width": width, "height": height})
            window.settle()
        path = out / f"{view}-{lang}-{theme}-{width}.png"
        window.page.screenshot(path=str(path))
        print(path, flush=True)
    window.close()
    return [f"{lang}-{theme}-{width}: {fault}" for fault in window.faults]


if __name__ == "__main__":
    sys.exit(main())
