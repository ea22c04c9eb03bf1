"""Signing in through a provider in a real browser: three roles, a person without one, sign-out, an expired token."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from tests.browser.served import ROOT, Visit, chrome
from warehouse import audit, ops

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]
pytest.importorskip("oidc_provider_mock")
HOLDS_S = 45  # of a token that ends while its page is open; longer than a sign-in takes
PEOPLE = {
    "lead@y.example": ["grp-lead"],
    "plan@y.example": ["grp-plan"],
    "audit@y.example": ["grp-audit"],
    "guest@y.example": ["grp-other"],
}


class Served(NamedTuple):
    base: str
    provider: str
    store: sa.Engine
    browser: Any


def free() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def wait(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=2).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"{address} did not come up")


@pytest.fixture(scope="module")
def served(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("provider")
    home = folder / "home"
    home.mkdir()
    for one in demo_home.iterdir():
        if one.name != "workspace.toml" and not one.name.startswith("ops.db"):
            (home / one.name).symlink_to(one)
    told = (demo_home / "workspace.toml").read_text(encoding="utf-8") + (
        '\n[access]\nsign_in = "oidc"\n[access.claims]\nrole = "groups"\n'
        '[access.claims.roles]\n"grp-lead" = "manager"\n"grp-plan" = "planner"\n"grp-audit" = "auditor"\n'
    )
    (home / "workspace.toml").write_text(told, encoding="utf-8")
    idp, port = free(), free()
    secrets = folder / "secrets.toml"
    secrets.write_text(
        f'[auth]\nredirect_uri = "http://localhost:{port}/oauth2callback"\ncookie_secret = "{"s3cret" * 8}"\n'
        f'client_id = "lookout"\nclient_secret = "x"\n'
        f'server_metadata_url = "http://localhost:{idp}/.well-known/openid-configuration"\n',
        encoding="utf-8",
    )
    url = f"sqlite:///{folder / 'ops.db'}"

    environment = {**os.environ, "LOOKOUT_HOME": str(home), "LOOKOUT_OPS_URL": url}
    claims = [part for name, groups in PEOPLE.items() for part in ("--user-claims", _claims(name, groups))]
    provider = [sys.executable, "-m", "oidc_provider_mock", "--port", str(idp), *claims]
    lookout = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.port", str(port),
               "--server.address", "localhost", "--secrets.files", str(secrets)]  # fmt: skip
    with (folder / "log").open("w") as log:
        running = [
            subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            for command in (provider, lookout)
        ]
        try:
            wait(f"http://localhost:{idp}/.well-known/openid-configuration")
            wait(f"http://localhost:{port}/healthz")
            with chrome() as browser:
                yield Served(f"http://localhost:{port}", f"http://localhost:{idp}", ops.open_ops(url), browser)
        finally:
            for one in running:
                one.terminate()
                one.wait(timeout=20)


def _claims(name: str, groups: list[str]) -> str:
    return json.dumps({"sub": name, "email": name, "groups": groups})


def come_in(served: Served, name: str, link: str = "/data?lang=en") -> Visit:
    visit = Visit(served.browser, served.base)
    visit.page.goto(served.base + link)
    assert urlsplit(visit.page.url).path == "/sign-in"
    visit.page.click(".go")
    visit.page.fill('input[name="sub"]', name)
    visit.page.click("button")
    visit.page.wait_for_url(served.base + "/**")
    return visit


@pytest.mark.parametrize(("name", "sees"), [("lead", False), ("plan", True), ("audit", False)])
def test_claims_decide_what_is_seen(served: Served, name: str, sees: bool) -> None:
    visit = come_in(served, f"{name}@y.example")
    visit.settle()
    assert f"{name}@y.example" in visit.page.inner_text(".st-key-person")
    visit.open("/tickets?lang=en&role=analyst")
    assert (visit.page.locator('[data-testid="stDataFrame"]').count() > 0) is sees
    visit.open("/data?lang=en&view=access")
    assert ("trail is whole" in visit.page.inner_text("body")) is (name == "audit")
    kept = visit.context.cookies()
    visit.page.locator(".st-key-person button").first.click()
    visit.page.get_by_role("button", name="Sign out").click()
    visit.page.wait_for_timeout(4000)
    # The cookie of before, sent again, opens nothing, though its token has not expired.
    visit.context.add_cookies([c for c in kept if c["name"].startswith("_streamlit")])
    visit.page.goto(served.base + "/data")
    assert urlsplit(visit.page.url).path == "/sign-in"
    visit.close()
    did = [row["kind"] for row in audit.search(served.store, actor=f"{name}@y.example", size=200)[0]]
    assert {"sign_in", "page", "sign_out", "refused"} <= set(did)


def test_who_has_no_role_here_is_told_so(served: Served) -> None:
    visit = come_in(served, "guest@y.example")
    visit.page.wait_for_selector('[role="alert"]')
    assert "no role" in visit.page.inner_text('[role="alert"]')
    visit.close()
    assert audit.search(served.store, actor="guest@y.example", kinds=["sign_in_failed"])[1] >= 1


def test_an_expired_token_opens_nothing_and_leads_an_open_page_away(served: Served) -> None:
    name, ends = "late@y.example", time.time() + HOLDS_S
    claims = json.dumps({"email": name, "groups": PEOPLE["plan@y.example"], "exp": int(ends)}).encode()
    told = {"Content-Type": "application/json"}
    urllib.request.urlopen(
        urllib.request.Request(f"{served.provider}/users/{name}", claims, told, method="PUT")
    ).close()
    visit = come_in(served, name)
    visit.settle()
    assert name in visit.page.inner_text(".st-key-person"), "it holds until it ends"
    kept = visit.context.cookies()
    visit.page.wait_for_timeout(max(0.0, ends + 1 - time.time()) * 1000)
    # Nobody touches the page: its socket is looked after every 20 seconds.
    visit.page.wait_for_url("**/sign-in*", timeout=60_000)
    visit.context.add_cookies([c for c in kept if c["name"].startswith("_streamlit")])
    visit.page.goto(served.base + "/data")
    assert urlsplit(visit.page.url).path == "/sign-in", "the cookie of before opens nothing, though Streamlit keeps it"
    visit.close()
    told_of = [row["subject"] for row in audit.search(served.store, kinds=["refused"], size=200)[0]]
    assert "a cookie that opens nothing" in told_of
    signed_in = [r for r in audit.search(served.store, actor=name, size=50)[0] if r["kind"] == "sign_in"]
    assert len(signed_in) == 1, "nor does it begin another session"
