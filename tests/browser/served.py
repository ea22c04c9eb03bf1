"""A Lookout server on a free loopback port, and pages of a real browser that note whatever goes wrong."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

ROOT = Path(__file__).resolve().parents[2]
CHROME = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip
LOCALES = {"zh": "zh-CN", "en": "en-GB"}
# A view -> its deep link.
LINKS = {
    "today": "/",
    "structure": "/complaints",
    "subtypes": "/complaints?part=subtypes",
    "rhythm": "/complaints?part=rhythm",
    "who": "/complaints?part=who",
    "service": "/complaints?part=service",
    "tickets": "/tickets",
    "repeats": "/complaints?view=repeats",
    "outside": "/complaints?view=repeats&part=outside",
    "opinion": "/complaints?view=repeats&part=opinion",
    "cases": "/actions?view=cases",
    "register": "/actions",
    "worked": "/actions?view=worked",
    "action": "/actions?role=supervisor&action=ZG2025-001",
    "ticket": "/ticket?id=YZ20241008900001&role=analyst",
    "quality": "/data",
    "definitions": "/data?view=definitions",
    "access": "/data?view=access&role=auditor",
    "handover": "/flow?view=handover",
    "handover_gaps": "/flow?view=handover&part=gaps&period=year",
    "handover_detours": "/flow?view=handover&part=detours&period=year",
    "handover_still": "/flow?view=handover&part=still&period=year",
    "replay": "/flow?view=replay&period=year",
    "replay_firstline": "/flow?view=replay&period=year&rule=firstline",
    "due": "/flow",
    "compliance": "/flow?view=compliance",
    "compliance_rules": "/flow?view=compliance&part=rules",
    "compliance_open": "/flow?view=compliance&part=open&period=weeks13",
    "satisfaction": "/complaints?view=satisfaction",
    "voice_units": "/complaints?view=satisfaction&part=units",
    "voice_why": "/complaints?view=satisfaction&part=why",
    "voice_survey": "/complaints?view=satisfaction&part=survey",
    "assessment": "/flow?view=assessment",
    "map": "/hotspots?role=manager",
    "map_towns": "/hotspots?role=manager&paint=towns",
    "map_sites": "/hotspots?role=planner&paint=towns&over=sites&over=halls&week=2024-10-14",
    "map_excess": "/hotspots?role=planner&paint=excess&over=spots",
    "map_classes": "/hotspots?role=planner&paint=classes&over=spots&week=2024-10-21",
    "hotspots": "/hotspots?role=planner&view=hotspots",
    "hotspot": "/hotspot?role=planner&id=H2441-QSGK&week=2024-10-21",
    "sites": "/hotspots?role=planner&view=sites",
    "map_weak": "/hotspots?role=planner&paint=weak&over=halls",
    "map_cells": "/hotspots?role=planner&paint=cells&over=alarms&beside=2024-10-14",
    "effects": "/hotspots?role=planner&view=effects",
    "cells": "/hotspots?role=planner&view=cells",
    "cells_quiet": "/hotspots?role=planner&view=cells&part=poor_quiet",
    "cells_manager": "/hotspots?role=manager&view=cells",
    "cell": "/cell?role=planner&id=460-00-900011-3",
    "cell_days": "/cell?role=planner&id=460-00-900102-1&kpi=drop",
    "warnings_todo": "/warnings",
    "warnings_all": "/warnings?view=all",
    "warnings_rules": "/warnings?view=rules",
    "warning": "/warning?id=RN07-5125117c6d",
    "wall": "/wall?role=wall&embed=true&embed_options=dark_theme",
    "wall_districts": "/wall?role=wall&embed=true&embed_options=dark_theme&panel=districts",
    "wall_warnings": "/wall?role=wall&embed=true&embed_options=dark_theme&panel=warnings",
    "review": "/review",
    "review_overall": "/review?item=overall",
    "review_warning": "/review?item=warnings",
    "review_sla": "/review?item=sla.ranking",
    "review_ahead": "/review?item=forecast",
}
# On a sub-path Streamlit's own front end first asks there for its server and then at the root.
PROBES = ("/_stcore/health", "/_stcore/host-config")


@contextmanager
def serve(home: Path, log: Path, **settings: str) -> Iterator[str]:
    """The app over a home; gives its address. The log keeps what the server said. `settings`: environment variables."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    environment = {**os.environ, "LOOKOUT_HOME": str(home), "LOOKOUT_STRICT_TEXT": "1", **settings}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port)]
    with log.open("w") as out:
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=subprocess.STDOUT)
        try:
            _wait_until_up(base, server, log)
            yield base
        finally:
            server.terminate()
            try:
                server.wait(timeout=10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _wait_until_up(base: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended with {server.returncode}:\n{log.read_text()[-2000:]}")
        try:
            urllib.request.urlopen(base + "/_stcore/health", timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server at {base} did not come up:\n{log.read_text()[-2000:]}")


@contextmanager
def chrome() -> Iterator[Any]:
    """A browser: the system's Chrome or Chromium, else Playwright's own."""
    from playwright.sync_api import sync_playwright

    found = next((path for name in CHROME if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


class Visit:
    """One browser window. `faults` collects page exceptions, console errors and requests that leave the machine."""

    def __init__(self, browser: Any, base: str, lang: str = "en", width: int = 1440, theme: str = "light") -> None:
        self.base = base
        self.faults: list[str] = []
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, locale=LOCALES[lang], color_scheme=theme
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.page.on("pageerror", lambda error: self.faults.append(f"page exception: {error}"))
        self.page.on("console", self._console)
        self.page.on("request", self._request)
        self.page.on("websocket", self._request)

    def _console(self, message: Any) -> None:
        if message.type != "error":
            return
        at = message.location.get("url", "")
        if "404" in message.text and urlsplit(at).path.endswith(PROBES):
            return
        self.faults.append(f"console error: {message.text} ({at})")

    def _request(self, request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob") and parts.hostname != "127.0.0.1":
            self.faults.append(f"left this machine: {request.url}")

    def open(self, link: str) -> Visit:
        self.page.goto(self.base + link)
        return self.settle()

    def settle(self) -> Visit:
        """Wait until the script has finished and the page has been quiet for a moment."""
        self.page.wait_for_selector("h1")
        self.page.wait_for_timeout(150)
        self.page.wait_for_function(
            """() => {
                const app = document.querySelector('[data-testid="stApp"]');
                return app && app.dataset.testScriptState === 'notRunning'
                    && !document.querySelector('[data-stale="true"]');
            }"""
        )
        self.page.evaluate(
            """() => new Promise(done => {
                let timer;
                const quiet = () => { clearTimeout(timer); timer = setTimeout(finish, 350); };
                const seen = new MutationObserver(quiet);
                const finish = () => { seen.disconnect(); done(); };
                seen.observe(document.body, {childList: true, subtree: true, attributes: true});
                setTimeout(finish, 6000);
                quiet();
            })"""
        )
        return self

    @property
    def query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.page.url).query)

    @property
    def path(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def title(self) -> str:
        return str(self.page.inner_text("h1")).strip()

    @property
    def said(self) -> str:
        return str(self.page.inner_text('[data-testid="stMain"]'))

    def close(self) -> None:
        self.context.close()
