"""权限审计 and people who signed in: whose scope holds, what is noted, and that nothing is shown without a note."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from pages._shared.access import mode, who
from pages._shared.text import plain, t
from tests.conftest import ROOT
from tests.pages.conftest import OpenView
from warehouse import audit, ops
from warehouse.__main__ import main
from warehouse.access import Person
from warehouse.accounts import Session
from warehouse.audit import Event
from warehouse.viewer import Role, Viewer

AT = datetime(2025, 3, 31, 8)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> sa.Engine:
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    monkeypatch.setenv("LOOKOUT_DEMO_TRAIL", "on")
    return ops.open_ops(url)


@pytest.fixture
def signed_in(store: sa.Engine, monkeypatch: pytest.MonkeyPatch):
    """`signed_in("planner", regions)`: everybody who opens a page is this person."""
    monkeypatch.setenv("LOOKOUT_SIGN_IN", "local")

    def person(role: Role, regions: frozenset[str] | None = None) -> None:
        session = Session("k", Person("mei", Viewer.of(role, regions)), "local", False, AT + timedelta(days=9000))
        monkeypatch.setattr(who, "of_cookies", lambda *_: session)

    return person


def test_the_page_tells_what_was_done_and_that_the_chain_holds(open_view: OpenView, store, demo_home: Path) -> None:
    audit.record(store, Event("rows", "mei", "analyst", "tickets", {"region": ["HJ"]}, 2, "duty", ["c1", "c2"]), AT)
    at = open_view(demo_home, "access", "en", "auditor")
    assert not at.exception
    assert any("The trail is whole" in m.value for m in at.markdown)
    shown = at.dataframe[0].value
    assert {"mei"} <= set(shown["who"]) and "Tickets · District HJ" in set(shown["what"])
    at.text_input(key="audit_customer").set_value("c2").run()
    assert list(at.dataframe[0].value["who"]) == ["mei"]
    at.text_input(key="audit_customer").set_value("c2' or 1=1").run()
    assert any(t("access.none", "en") in c.value for c in (*at.caption, *at.markdown))
    with ops.writing(store) as con:
        con.execute(sa.text("update audit_event set actor = 'x' where event_no = 1"))
    at = at.run()
    assert any("row 1 was changed" in e.value for e in at.error)


def test_the_trail_is_searched_by_words_and_by_local_days(open_view: OpenView, store, demo_home: Path) -> None:
    for n, at in enumerate((AT, AT.replace(hour=15, minute=59), AT.replace(hour=16))):  # the last is the next day here
        audit.record(store, Event("rows", f"p{n}", "analyst", "tickets", {"region": [f"H{n}"]}, 2, "duty", ["c"]), at)
    page = open_view(demo_home, "access", "en", "auditor")
    page.date_input(key="audit_days").set_value((AT.date(), AT.date())).run()
    assert list(page.dataframe[0].value["who"]) == ["p1", "p0"]
    page.text_input(key="audit_text").set_value("H0").run()
    assert list(page.dataframe[0].value["who"]) == ["p0"]
    page.date_input(key="audit_days").set_value((AT.date() + timedelta(days=1),)).run()
    assert not page.exception and any(t("access.none", "en") in c.value for c in (*page.caption, *page.markdown))
    page.text_input(key="audit_text").set_value("").run()
    assert "p2" in set(page.dataframe[0].value["who"]) and not {"p0", "p1"} & set(page.dataframe[0].value["who"])


def test_others_are_told_that_it_is_not_for_them(open_view: OpenView, store, demo_home: Path) -> None:
    at = open_view(demo_home, "access", "en", "planner")
    assert not at.exception and not at.dataframe
    assert at.info
    at = open_view(demo_home, "access", "en", "manager")
    assert not at.exception and not at.dataframe and not at.info, "who decides about files sees those and no trail"
    assert "## " + t("export.finding_none", "en") in [m.value for m in at.markdown]


def test_the_signed_in_person_s_scope_holds_whatever_the_link_says(
    open_view: OpenView, store, signed_in, demo_home: Path
) -> None:
    signed_in("manager")
    at = open_view(demo_home, "tickets", "en", role="analyst")
    assert not at.exception and not at.dataframe, "a manager sees no rows, though the link says analyst"
    events = audit.search(store, actor="mei")[0]
    assert "a role by link" in {e["subject"] for e in events if e["kind"] == "refused"}
    assert "tickets" in {e["subject"] for e in events if e["kind"] == "page"}


def test_rows_are_noted_with_whose_they_are(
    open_view: OpenView, store, signed_in, demo_home: Path, ask, capsys: pytest.CaptureFixture[str]
) -> None:
    region = ask(demo_home, "select region_code from fact_ticket group by all order by count(*) desc limit 1")[0][0]
    signed_in("analyst", frozenset({region}))
    at = open_view(demo_home, "tickets", "en")
    assert not at.exception
    event = next(e for e in audit.search(store, kinds=["rows"])[0])
    assert event["actor"] == "mei" and event["n_rows"] == len(at.dataframe[0].value)
    with store.connect() as con:
        keys = [k for (k,) in con.execute(sa.select(ops.audit_seen.c.cust_key))]
    marks = ", ".join("?" for _ in keys)
    inside = ask(demo_home, "select count(distinct cust_key) from fact_ticket where region_code = ? and cust_key in (" + marks + ")", region, *keys)  # fmt: skip  # noqa: E501
    assert len(keys) > 3 and inside[0][0] == len(keys)
    assert audit.who_saw(store, keys[0])[0]["actor"] == "mei"
    asked = "python -m warehouse audit who CUSTOMER_KEY"
    assert asked in (ROOT / "docs" / "runbook-breach.md").read_text(encoding="utf-8")
    assert main([keys[0] if word == "CUSTOMER_KEY" else word for word in asked.split()[3:]]) == 0
    assert "mei (analyst)  rows  tickets" in capsys.readouterr().out, "one command, over what a page showed"
    at.run()
    assert audit.search(store, kinds=["rows"])[1] == 1, "the same rows again are no new event"


def test_without_a_trail_nothing_is_shown(open_view: OpenView, store, signed_in, demo_home: Path, monkeypatch) -> None:
    signed_in("analyst")

    def broken(*_: object) -> int:
        raise sa.exc.OperationalError("insert", {}, Exception("disk full"))

    monkeypatch.setattr(audit, "record", broken)
    at = open_view(demo_home, "tickets", "en")
    assert [e.value for e in at.error] == [t("person.not_noted", "en")]
    assert not at.dataframe


def test_a_demo_says_that_nobody_signed_in(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "definitions", "zh")
    assert any(plain(t("person.demo", "zh")) in m.value for m in at.markdown)
    assert mode.how() == "none"


def test_a_provider_s_token_opens_until_it_expires_and_never_after_sign_out(store, monkeypatch) -> None:
    from pages._shared import clock
    from warehouse.access import AccessSettings, Claims

    settings = AccessSettings(sign_in="oidc", idle_minutes=600, claims=Claims(role="groups", roles={"g": "analyst"}))
    monkeypatch.setattr(mode, "settings", lambda: settings)
    now = [AT]
    monkeypatch.setattr(clock, "utc", lambda: now[0])
    told = {"sub": "7", "email": "a@b.example", "groups": ["g"], "iat": 1, "exp": (AT - datetime(1970, 1, 1)).total_seconds() + 600}  # fmt: skip  # noqa: E501
    monkeypatch.setattr(who, "claims", lambda _: told)
    who.forget()
    found = who.of_cookies({})
    assert found and found.person.name == "a@b.example"
    now[0] = AT + timedelta(minutes=10)
    assert who.of_cookies({}) is None, "Streamlit's cookie would hold for 30 days"
    now[0] = AT
    who.forget()
    who.sign_out({})
    assert who.of_cookies({}) is None
    del told["exp"]
    assert who.of_cookies({}) is None, "a token without an end opens nothing"


@pytest.mark.parametrize(
    ("item", "zh"),
    [("warnings", "红橙预警"), ("sla.ranking", "时限与督办 (ranking)"), ("annex", "附件"), ("'; drop", "'; drop")],
)
def test_items_of_the_review_are_said_in_words(item: str, zh: str) -> None:
    from pages._shared.blocks import access_words

    assert access_words._known("item", item, item, "zh") == zh
