"""Many sessions at once, sessions of others and sessions whose rights change: nobody gets what is not his own."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import duckdb
import pytest
import websockets
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from bench.viewer import Step, Viewer
from pages._shared.access import who
from pages._shared.text import t
from tests.browser.hostile import TICKET, Person, Served, hostile, now, refusals
from tests.people import signed_in
from warehouse import audit, ops

__all__ = ["hostile"]
pytestmark = [pytest.mark.browser, pytest.mark.deep, pytest.mark.xdist_group("browser")]
SESSIONS = 50
LINKS = (Step("tickets", (("lang", "en"),)), Step("flow", (("lang", "en"),)), Step("tickets", (("lang", "zh"),)))


class Listener(Viewer):
    """A session without a browser that keeps whatever it is sent."""

    def __init__(self, served: Served, token: str) -> None:
        super().__init__(urlsplit(served.base).port or 0, f"{who.COOKIE}={token}")
        self.heard: list[bytes] = []
        self.number = ""

    def _is_end(self, message: ForwardMsg, said: list[str]) -> bool:
        self.heard.append(message.SerializeToString())
        if message.WhichOneof("type") == "new_session":
            self.number = message.new_session.initialize.session_id
        return super()._is_end(message, said)

    @property
    def tickets(self) -> set[str]:
        return {number.decode() for told in self.heard for number in TICKET.findall(told)}


def apart(asked: Coroutine[Any, Any, Any]) -> Any:
    """In a thread of its own: a running Playwright keeps a loop of events in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


def by_region(home: Path) -> list[tuple[str, set[str]]]:
    """District -> its tickets, the two with the most."""
    current = (home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    with duckdb.connect(str(home / "releases" / f"{current}.duckdb"), read_only=True) as con:
        rows = con.execute(
            "select region_code, list(ticket_id) from fact_ticket group by 1 order by count(*) desc limit 2"
        ).fetchall()
    return [(str(region), set(tickets)) for region, tickets in rows]


def test_fifty_sessions_of_two_people_at_once_get_their_own_rows_alone(hostile: Served) -> None:
    """Each looks at lists of tickets, the caches first empty and then full of the other's answers."""
    people = [
        (region, tickets, signed_in(hostile.store, f"of-{region}", "analyst", now(), [region]))
        for region, tickets in by_region(hostile.home)
    ]
    heard: dict[int, set[str]] = {}
    faults: list[str] = []

    async def session(number: int) -> None:
        async with Listener(hostile, people[number % 2][2]) as one:
            for step in LINKS:
                answer = await one.look(step)
                faults.extend([answer.fault] if answer.fault else [])
            heard[number] = one.tickets

    async def all_at_once() -> None:
        await asyncio.gather(*(session(n) for n in range(SESSIONS)))

    apart(all_at_once())
    assert faults == [] and len(heard) == SESSIONS
    for number, tickets in heard.items():
        own = people[number % 2][1]
        assert tickets <= own, "tickets of the other"
        assert len(tickets) >= 5, "and of its own it has some"
    assert heard[0] and heard[1] and not heard[0] & heard[1]
    for region, _, _ in people:
        assert audit.search(hostile.store, actor=f"of-{region}", kinds=["page"])[1] >= SESSIONS


def test_a_page_of_somebody_else_is_not_gone_on_with(hostile: Served) -> None:
    """Whoever learned the number of a session gets a new one; the other's stays as it is."""
    (east, tickets), (north, _) = by_region(hostile.home)
    own = signed_in(hostile.store, "owner", "analyst", now(), [east])
    others = signed_in(hostile.store, "thief", "analyst", now(), [north])

    async def tried() -> tuple[Listener, Listener, Listener]:
        async with Listener(hostile, own) as one:
            await one.look(LINKS[0])
            thief, again = Listener(hostile, others), Listener(hostile, own)
            for other in (thief, again):
                await connect(hostile, other, one.number)
                await other.look(LINKS[0])
                await other.__aexit__()
        return one, thief, again

    one, thief, again = apart(tried())
    assert one.tickets and one.tickets <= tickets
    assert thief.number != one.number and not thief.tickets & tickets
    assert again.number == one.number, "its owner goes on with it, as after a cut line"
    assert refusals(hostile, "thief") == ["a page of another session"]


async def connect(hostile: Served, one: Listener, session: str) -> None:
    address = f"ws://{urlsplit(hostile.base).netloc}/_stcore/stream"
    told: dict[str, Any] = {"subprotocols": ["streamlit", "x", session], "additional_headers": one._sent}
    one._socket = await websockets.connect(address, max_size=2**28, **told)


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1.evil.example"])
def test_a_page_of_another_site_gets_no_socket(hostile: Served, origin: str) -> None:
    """Though the browser would send the cookie along."""
    name = f"lured-{len(origin)}"
    token = signed_in(hostile.store, name, "analyst", now())

    async def tried() -> int:
        address = f"ws://{urlsplit(hostile.base).netloc}/_stcore/stream"
        told: dict[str, Any] = {"additional_headers": {"Cookie": f"{who.COOKIE}={token}"}, "origin": origin}
        try:
            async with websockets.connect(address, **told):
                return 101
        except websockets.InvalidStatus as error:
            return error.response.status_code

    assert apart(tried()) == 403
    assert refusals(hostile, name) == ["a socket of another site"]


def test_rights_taken_away_are_gone_from_pages_that_stand_open(hostile: Served) -> None:
    one = Person(hostile, "moved", "analyst")
    one.open("/tickets?lang=en")
    assert one.tickets
    with ops.writing(hostile.store) as con:
        con.execute(ops.account.update().where(ops.account.c.name == "moved").values(role="auditor"))
    one.visit.page.wait_for_timeout(2500)  # what was looked up holds two seconds
    one.frames.clear()
    one.visit.page.locator(".st-key-lang button", has_text="中文").click()
    landed = f"() => document.querySelector('h1')?.innerText.trim() === '{t('nav.data', 'en')}'"
    one.visit.page.wait_for_function(landed, timeout=40_000)  # where an auditor begins
    one.visit.settle()
    assert one.tickets == set() and one.visit.page.locator('[data-testid="stException"]').count() == 0
    one.visit.faults.clear()  # the browser tells that its socket was closed
    one.close()


def test_a_table_hands_out_nothing_by_itself(hostile: Served) -> None:
    """Files of tickets leave by request, approval, mark and trail; the table's own button would go past all of them."""
    one = Person(hostile, "looker", "analyst")
    one.open("/tickets?lang=en")
    page = one.visit.page
    table = page.locator('[data-testid="stDataFrame"]').first
    table.hover()
    page.wait_for_timeout(300)
    buttons = page.locator('[data-testid="stElementToolbarButton"] button, [data-testid="stElementToolbar"] button')
    labels = buttons.evaluate_all("all => all.map(b => b.getAttribute('aria-label') || b.innerText)")
    assert labels and not [told for told in labels if "ownload" in told], labels
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("navigator.clipboard.writeText('before')")
    table.click(position={"x": 120, "y": 60})
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    page.wait_for_timeout(300)
    assert "YZ20" not in page.evaluate("navigator.clipboard.readText()")
    assert one.rows("export_taken") == []
    one.close()
