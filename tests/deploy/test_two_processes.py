"""Several processes of the app behind one proxy share nothing but files and PostgreSQL, and that is enough."""

from __future__ import annotations

import asyncio
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import pytest

from bench.viewer import Step, Viewer
from bench.viewers import served_by
from pages._shared.rests import GRACE_S
from tests.browser.served import serve
from tests.postgres import Server
from warehouse import accounts, ops
from warehouse.home import Home
from warehouse.release import Releases

pytestmark = pytest.mark.deep  # two servers, a database
FIRST, OWN = "first words of the week", "a much better sentence 7"
STEPS = (Step(""), Step("complaints", (("part", "rhythm"),)), Step("flow"), Step("warnings"))


class Two(NamedTuple):
    home: Path
    bases: tuple[str, str]


class Unfollowed(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        return None


@pytest.fixture(scope="module")
def two(demo_home: Path, postgres: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Two]:
    folder = tmp_path_factory.mktemp("two")
    home = folder / "home"
    shutil.copytree(demo_home, home, ignore=shutil.ignore_patterns("ops.db*", "inbox", "exports"))
    postgres.run("create database two_processes")
    url = postgres.url(database="two_processes").replace("postgresql://", "postgresql+psycopg://")
    store = ops.open_ops(url)
    accounts.add(store, "mei", "analyst", FIRST, datetime.now(UTC).replace(tzinfo=None))
    store.dispose()
    settings = {"LOOKOUT_OPS_URL": url, "LOOKOUT_SIGN_IN": "local", "LOOKOUT_STRICT_TEXT": ""}
    with ExitStack() as stack:
        one, other = (stack.enter_context(serve(home, folder / f"{n}.log", **settings)) for n in ("one", "other"))
        yield Two(home, (one, other))


def ask(base: str, path: str, cookie: str = "", **form: str) -> tuple[int, str, str]:
    """Status, where it leads, and the session it sets."""
    data = urlencode(form).encode() if form else None
    sent = {"Origin": base, "Cookie": cookie} | ({"Content-Type": "application/x-www-form-urlencoded"} if form else {})
    request = urllib.request.Request(base + path, data, sent)
    try:
        with urllib.request.build_opener(Unfollowed).open(request, timeout=30) as answer:
            return answer.status, "", ""
    except urllib.error.HTTPError as answer:
        told = answer.headers.get("Set-Cookie", "").split(";")[0]
        return answer.code, answer.headers.get("Location", ""), told


@pytest.fixture(scope="module")
def cookie(two: Two) -> str:
    """Signed in at the one; the first password changed at the other."""
    status, leads, cookie = ask(two.bases[0], "/auth/sign-in", name="mei", password=FIRST)
    assert (status, leads) == (303, "/auth/password") and cookie
    status, leads, fresh = ask(two.bases[1], "/auth/password", cookie, old=FIRST, new=OWN, again=OWN)
    assert (status, leads) == (303, "/"), "the other knows the session that the one began"
    return fresh or cookie


async def looked(base: str, cookie: str) -> list[str]:
    async with Viewer(urlsplit(base).port or 0, cookie) as viewer:
        return [answer.fault for step in STEPS if (answer := await viewer.look(step)).fault]


def test_who_signed_in_at_the_one_looks_at_both(two: Two, cookie: str) -> None:
    for base in two.bases:
        assert ask(base, "/sign-in", cookie)[0] == 303, "a person who is signed in needs no form"
        assert ask(base, "/sign-in")[0] == 200
        assert asyncio.run(looked(base, cookie)) == []


def test_both_read_a_release_from_the_moment_it_is_published(two: Two, cookie: str) -> None:
    releases = Releases(Home(two.home).releases)
    before = str(releases.current())
    name = releases.free_name(before + "-again")
    shutil.copyfile(releases.path(before), releases.path(name))
    releases.use(name)
    for base in two.bases:
        assert asyncio.run(looked(base, cookie)) == []
        opened = Path(f"/proc/{served_by(urlsplit(base).port or 0)}/fd")
        assert str(releases.path(name)) in files(opened)
        until = time.monotonic() + 3 * GRACE_S
        while str(releases.path(before)) in files(opened) and time.monotonic() < until:
            time.sleep(0.5)
        assert str(releases.path(before)) not in files(opened), "the one before rests, whatever tabs hold of it"


def files(opened: Path) -> set[str]:
    found = set()
    for descriptor in opened.iterdir():
        with suppress(OSError):  # closed in the meantime
            found.add(str(descriptor.readlink()))
    return found


def test_a_wrong_password_counts_at_both(two: Two, cookie: str) -> None:
    """Who tries passwords gains nothing from being sent to another process each time."""
    for number in range(20):
        status, _, _ = ask(two.bases[number % 2], "/auth/sign-in", name="mei", password=f"not this one {number}")
        assert status == 401
    assert ask(two.bases[0], "/auth/sign-in", name="mei", password=OWN)[0] == 401, "locked, wherever it is tried"
