"""Corrected rows of a refused file, uploaded by somebody who means harm: nothing runs or leaks, each leaves a row."""

from __future__ import annotations

import csv
import io
import json

import pytest

from etl import handback
from etl.register import Register
from pages._shared.text import t
from tests.browser.hostile import CORPUS, HEAD, PHONE, Person, Served, hostile, refusals
from tests.conftest import command
from warehouse import audit
from warehouse.home import Home
from warehouse.lake import Lake

__all__ = ["hostile"]
pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]
REFUSED = "投诉工单_202504_被拒.csv"
CHOSEN = 'input[type="file"]'


def refused_file(served: Served) -> str:
    """The id of a file with one row that is refused for its time; loaded once."""
    home = Home(served.home)
    if not (home.inbox / REFUSED).exists():
        whole = served.home / "inbox" / "投诉工单_202503.csv"
        lines = whole.read_text(encoding="utf-8").splitlines()
        row = next(csv.reader([lines[HEAD]]))
        row[0], row[2], row[3] = "YZ20250329950999", PHONE + "00", "昨天"
        out = io.StringIO()
        csv.writer(out).writerow(row)
        (home.inbox / REFUSED).write_text("\r\n".join([*lines[:HEAD], lines[-1], out.getvalue()]), encoding="utf-8")
        command(served.home, "etl", "load", allowed=(0, 1, 3))  # 1: another file is empty
        command(served.home, "warehouse", "build")
    [one] = [o for o in Register(Lake(home.lake)).outcomes() if o.file_name == REFUSED]
    assert one.n_rejected, "a row was refused"
    return one.file_id


def corrected(served: Served, file_id: str, *, told: str, encoding: str = "utf-8") -> bytes:
    """The refused row as it went out, mended, with a text in every column of free words."""
    home = Home(served.home)
    out = served.log.parent / "out" / "rows.csv"
    handback.write(home, handback.loaded(home, file_id), out)
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    whole = (home.inbox / "投诉工单_202503.csv").read_text(encoding="utf-8").splitlines()
    began = next(csv.reader([whole[HEAD]]))[3]
    text = io.StringIO()
    sheet = csv.DictWriter(text, list(rows[0]))
    sheet.writeheader()
    for n, words in enumerate((told, *CORPUS)):
        mended = {**rows[0], "投诉内容": words.replace("\x00", ""), "投诉地点": words.replace("\x00", "")}
        key, time = list(rows[0])[4], list(rows[0])[7]
        mended[key], mended[time] = f"YZ20250329{960_000 + n}", began if n else "昨天"
        sheet.writerow(mended)
    return text.getvalue().encode(encoding)


def test_hostile_corrections_are_told_of_and_nothing_runs_or_leaks(hostile: Served) -> None:
    file_id = refused_file(hostile)
    good = corrected(hostile, file_id, told=CORPUS[0])
    uploads = {
        "../../../secret.key.csv": good,
        "<img src=x onerror=window.__ran=1>.csv": corrected(hostile, file_id, told='=HYPERLINK("http://evil.example")'),
        "gb18030.csv": corrected(hostile, file_id, told="乱码", encoding="gb18030"),
        "utf16.csv": corrected(hostile, file_id, told=CORPUS[1], encoding="utf-16"),
        f"{PHONE}00.csv": "cell_id,日期,<script>window.__ran=1</script>\n1,2,3\n".encode(),
        "zeros.csv": b"\x00" * 4096,
        "large.csv": b"," * ((handback.MOST_MIB << 20) + 1),
    }
    one = Person(hostile, "mender", "engineer")
    one.open("/data?lang=en")
    page = one.visit.page
    for _ in range(3):  # a list that opens while the page is still drawn closes again
        box = page.get_by_role("combobox", name=t("mending.file", "en"))
        box.click()
        box.fill("被拒")
        page.wait_for_timeout(500)
        box.press("Enter")
        one.visit.settle()
        if page.locator(CHOSEN).count():
            break
    before = sorted(p for p in hostile.home.rglob("*") if p.is_file())
    for name, content in uploads.items():
        page.set_input_files(CHOSEN, {"name": name, "mimeType": "text/csv", "buffer": content})
        page.wait_for_timeout(1500)
        one.visit.settle()
        one.harmless()
    assert sorted(p for p in hostile.home.rglob("*") if p.is_file()) == before, "nothing lands that nobody handed back"
    tried = [json.loads(r["detail_json"]) for r in one.rows("deed") if r["subject"] == "corrected rows tried out"]
    assert len(tried) == len(uploads), "a row each"
    assert "an upload above the limit" in refusals(hostile, "mender"), "and one for what did not come in"
    assert any(d["odd_name"] and d["name"] == "secret.key.csv" for d in tried)
    assert not any(PHONE in json.dumps(d) for d in tried)

    page.set_input_files(CHOSEN, {"name": "../../evil.csv", "mimeType": "text/csv", "buffer": good})
    page.wait_for_timeout(1500)
    one.visit.settle()
    hand = page.locator(".st-key-mending_hand_back button")
    assert hand.count() == 1, page.inner_text("body")[-3000:]
    hand.click()
    one.visit.settle()
    one.harmless()
    [landed] = [p for p in hostile.home.rglob("*") if p.is_file() and p not in before]
    assert landed.parent == hostile.home / "inbox" and landed.name.endswith(f"__corrects_{file_id[:12]}.csv")
    assert [r["subject"] for r in one.rows("deed")][0] == "corrected rows handed back"
    assert audit.verify(hostile.store).fault is None
    one.close()
