"""One server for all browser tests of a run; a window per test, which fails the test for what it noted."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.browser.served import Visit, chrome, serve


@pytest.fixture(scope="session")
def server(demo_home: Path, warned_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo city with a copy of its warnings, so that a test may act on them."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copyfile(warned_store, folder / "ops.db")
    with serve(demo_home, folder / "server.log", LOOKOUT_OPS_URL=f"sqlite:///{folder / 'ops.db'}") as base:
        yield base


# Per module, because a running Playwright keeps an event loop in this thread that other tests may not expect.
@pytest.fixture(scope="module")
def browser(server: str) -> Iterator[Any]:
    with chrome() as opened:
        first = Visit(opened, server)
        first.open("/")  # the first view imports everything
        first.close()
        yield opened


@pytest.fixture
def visit(browser: Any, server: str) -> Iterator[Callable[..., Visit]]:
    """`visit("/complaints", lang="zh", width=390)` opens a link in a window of its own and waits for the view."""
    opened: list[Visit] = []

    def opening(link: str, **options: Any) -> Visit:
        window = Visit(browser, server, **options)
        opened.append(window)
        return window.open(link)

    yield opening
    faults = [fault for window in opened for fault in window.faults]
    for window in opened:
        window.close()
    assert faults == []


@pytest.fixture(scope="session")
def script_ticket(demo_home: Path) -> dict[str, str]:
    """Filters that leave a page of tickets with one whose text holds <script>."""
    current = (demo_home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    with duckdb.connect(str(demo_home / "releases" / f"{current}.duckdb"), read_only=True) as con:
        found = con.execute(
            """
            select m.region_code, m.type_l1, count(*) filter (where f.summary_scrubbed like '%<script>%')
            from mart_ticket m
            join fact_ticket f on f.ticket_id = m.ticket_id
            where m.accepted_on between date '2024-12-30' and date '2025-03-30'
            group by all
            having count(*) filter (where f.summary_scrubbed like '%<script>%') > 0
            order by count(*)
            limit 1
            """
        ).fetchone()
    assert found, "the demo city has no text with markup"
    return {"region": str(found[0]), "type": str(found[1])}
