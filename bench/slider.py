"""`slider`: from a step of a threshold on 预警 → 规则 to the new picture, by the clock of a browser.

`python -m bench.slider HOME` with a built demo city prints the milliseconds of some steps of each rule; the first step
of a rule reads its half year of history.
"""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from bench.browser import chromium, free_port, new_page, open_page, serving, settle, streamlit

RULES, STEPS = ("RC01", "RS10", "RC02", "RC07"), 7
# The watch of browser.py times presses of the pointer; here a key moves the slider.
KEYS = 'document.addEventListener("keydown", () => { window.__bench.click = performance.now(); }, true)'


def main(home: Path) -> None:
    port = free_port()
    with serving(streamlit("app.py", port), port, {"LOOKOUT_HOME": str(home.resolve())}), chromium() as browser:
        page = new_page(browser)
        page.add_init_script(KEYS)
        for rule in RULES:
            open_page(page, f"http://127.0.0.1:{port}/warnings?view=rules&rule={rule}&role=manager&lang=zh")
            took = []
            for step in range(STEPS):
                slider = page.get_by_role("slider").first
                slider.focus()
                slider.press("ArrowLeft" if step % 2 else "ArrowRight")
                page.wait_for_timeout(100)  # until the server has been asked
                settle(page)
                took.append(round(page.evaluate("() => window.__bench.last - window.__bench.click")))
            first, *later = took
            print(f"{rule}: first {first} ms, then {statistics.median(later):.0f} ({min(later)} to {max(later)})")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
