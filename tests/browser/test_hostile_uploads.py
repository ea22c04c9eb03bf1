"""Uploads that mean harm, in a real browser and by hand: none is written anywhere, each leaves a row of the trail."""

from __future__ import annotations

import http.client
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from pages._shared.access import who
from tests.browser.hostile import CORPUS, Person, Served, ask, hostile, now, refusals
from warehouse import accounts

__all__ = ["hostile"]
pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]


def listening(one: Person) -> list[Any]:
    """The page that takes files in, and the uploads that the browser sends from it."""
    sent: list[Any] = []
    one.open("/data?view=intake&lang=en")
    one.visit.page.on("request", lambda r: sent.append(r) if "/upload_file/" in r.url and r.method == "PUT" else None)
    return sent


def test_uploads_that_are_too_large_or_would_lead_elsewhere(hostile: Served) -> None:
    one = Person(hostile, "upe", "engineer")
    sent = listening(one)
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
    one, other = Person(hostile, "big", "engineer"), Person(hostile, "streamer", "engineer")
    listening(one)
    too_large = tmp_path / "large.csv"
    too_large.write_bytes(b"1,2\n" * ((26 << 20) // 4))
    one.visit.page.set_input_files('input[type="file"]', too_large, timeout=120_000)
    for _ in range(60):
        one.visit.page.wait_for_timeout(500)
        if refusals(hostile, "big"):
            break
    assert refusals(hostile, "big") == ["an upload above the limit"]
    assert "a file tried out" not in [r["subject"] for r in one.rows("deed")], "it did not come in"

    sent = listening(other)
    small = {"name": "small.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    other.visit.page.set_input_files('input[type="file"]', small)
    other.visit.page.wait_for_timeout(1500)
    other.visit.settle()
    headers, path = sent[0].all_headers(), urlsplit(sent[0].url).path
    line = http.client.HTTPConnection(urlsplit(hostile.base).netloc, timeout=20)
    begin = b'--b\r\nContent-Disposition: form-data; name="f"; filename="s.csv"\r\n\r\n'
    pieces = (begin, *(b"x" * (1 << 20) for _ in range(40)), b"\r\n--b--\r\n")
    xsrf = headers["x-xsrftoken"]
    told = {
        "Cookie": f"{who.COOKIE}={other.token}; _streamlit_xsrf={xsrf}", "X-Xsrftoken": xsrf,
        "Content-Type": "multipart/form-data; boundary=b", "Transfer-Encoding": "chunked",
    }  # fmt: skip
    try:
        line.request("PUT", path, iter(pieces), told, encode_chunked=True)
        assert line.getresponse().status == 413
    except (BrokenPipeError, ConnectionResetError):
        pass  # the answer came before all was sent
    line.close()
    assert refusals(hostile, "streamer") == ["an upload above the limit"]
    one.visit.faults.clear()  # the browser tells that the file was not taken
    one.close()
    other.close()


def test_a_file_for_the_page_of_somebody_else_is_refused_and_noted(hostile: Served) -> None:
    one, other = Person(hostile, "keeper", "engineer"), Person(hostile, "planter", "engineer")
    sent = listening(one)
    small = {"name": "small.csv", "mimeType": "text/csv", "buffer": b"a,b\n1,2\n"}
    one.visit.page.set_input_files('input[type="file"]', small)
    one.visit.page.wait_for_timeout(1500)
    path, token = urlsplit(sent[0].url).path, sent[0].all_headers()["x-xsrftoken"]
    told = {
        "X_Xsrftoken": token,
        "Cookie": f"_streamlit_xsrf={token}",
        "Content_Type": "multipart/form-data; boundary=b",
    }
    body = b'--b\r\nContent-Disposition: form-data; name="f"; filename="x.csv"\r\n\r\nx\r\n--b--\r\n'
    assert ask(hostile, path, other.token, "PUT", body, **told) == 404
    assert ask(hostile, path, one.token, "PUT", body, **told) == 204
    assert refusals(hostile, "planter") == ["a page of another session"]
    one.close()
    other.close()
