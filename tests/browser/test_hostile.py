"""A hostile corpus in texts and links, in a real browser: nothing runs or leaks, each leaves a row of the trail."""

from __future__ import annotations

import json
import re
from urllib.parse import quote, urlsplit

import duckdb
import pytest
import sqlalchemy as sa

from tests.browser.hostile import (
    CORPUS,
    FIRST_ID,
    NAMES,
    PHONE,
    QUERIES,
    RUN,
    SCRIPTS,
    Person,
    Served,
    hostile,
    refusals,
)
from warehouse import ops

__all__ = ["hostile"]
pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]


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
    assert one.tickets and one.tickets <= of_region(hostile, "321003"), "in all that was sent"
    held = [json.loads(r["detail_json"]) for r in one.rows()]
    for name in NAMES:
        assert sum(name in asked for asked in held) >= 5, "what was asked stands in the trail"
    assert "a role by link" in refusals(hostile, "li")
    one.close()


def of_region(served: Served, region: str) -> set[str]:
    current = (served.home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    with duckdb.connect(str(served.home / "releases" / f"{current}.duckdb"), read_only=True) as con:
        rows = con.execute("select ticket_id from fact_ticket where region_code = ?", [region]).fetchall()
    return {str(number) for (number,) in rows}


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
