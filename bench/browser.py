"""How long a change on a Streamlit page takes: from the click to the last change of the document.

What is clicked is the callers' business.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.measure import ROOT

QUIET_MS = 600
ASIDE = (3, 600)  # px: the margin of every page
LIMIT_S = 60.0
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
CHROME_ARGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
# Clicks and mutations are timed inside the page, so that Playwright's own round trips do not count.
WATCH = """
(() => {
  const w = window.__bench = { last: performance.now(), click: 0 };
  const watch = () => new MutationObserver(() => { w.last = performance.now(); })
    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  watch();
  document.addEventListener("pointerdown", () => { w.click = performance.now(); }, true);
})()
"""
SETTLED = """
(quiet) => {
  const app = document.querySelector('[data-testid="stApp"]');
  return !!app && app.dataset.testScriptState === "notRunning" && !!document.querySelector("h1")
    && !document.querySelector('[data-testid="stSkeleton"]')
    && performance.now() - window.__bench.last > quiet;
}
"""


class Missing(RuntimeError):
    """Something that a measurement needs is not there; the message says what to do."""


@contextlib.contextmanager
def chromium() -> Iterator[Any]:
    """A headless browser; the system's, else Playwright's own."""
    from playwright.sync_api import sync_playwright

    found = next((shutil.which(name) for name in BROWSERS if shutil.which(name)), None)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=found, args=CHROME_ARGS)
        try:
            yield browser
        finally:
            browser.close()


def new_page(browser: Any) -> Any:
    page = browser.new_page(locale="en-GB", viewport={"width": 1440, "height": 900})
    page.add_init_script(WATCH)
    page.set_default_timeout(LIMIT_S * 1000)
    return page


def settle(page: Any) -> None:
    """Wait until the script rests and nothing has changed for 600 ms."""
    page.wait_for_function(SETTLED, arg=QUIET_MS, timeout=LIMIT_S * 1000)


def open_page(page: Any, url: str) -> None:
    page.goto(url)
    settle(page)


def timed_click(page: Any, act: Callable[[Any], None]) -> float:
    """Milliseconds from the last pointer press of `act` to the last mutation of the document.

    The pointer is put aside, as what comes to lie under it opens its tooltip 300 ms later and would be the last.
    """
    act(page)
    page.mouse.move(*ASIDE)
    settle(page)
    return float(page.evaluate("() => window.__bench.last - window.__bench.click"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(command: Sequence[str], port: int, env: dict[str, str], log: Path = Path(os.devnull)) -> Iterator[float]:
    """Run a server in a process group of its own, its words to `log`; yields when it was started (perf_counter)."""
    started = time.perf_counter()
    with log.open("wb") as told:
        child = subprocess.Popen(
            list(command), cwd=ROOT, env={**os.environ, **env}, stdout=told, stderr=told, start_new_session=True
        )
    try:
        _await_port(child, port, started)
        yield started
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGTERM)
        child.wait(timeout=20)


def streamlit(script: str, port: int) -> list[str]:
    return [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]


def _await_port(child: subprocess.Popen[bytes], port: int, started: float) -> None:
    url = f"http://127.0.0.1:{port}/_stcore/health"
    while time.perf_counter() - started < LIMIT_S:
        if child.poll() is not None:
            raise Missing(f"{child.args!r} ended with exit code {child.returncode}; run it by hand to see why")
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1) as answer:
            if answer.status == 200:
                return
        time.sleep(0.05)
    raise Missing(f"{child.args!r} did not answer at {url} within {LIMIT_S:.0f} s")
