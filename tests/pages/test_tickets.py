"""Rows by role: who sees none, who sees them without personal columns, how they page and sort."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import OpenView

Ask = Callable[..., Any]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("role", ["manager", "auditor"])
def test_no_rows_for(open_view: OpenView, demo_home: Path, lang: Lang, role: str) -> None:
    at = open_view(demo_home, "tickets", lang, role)
    assert len(at.dataframe) == 0
    assert [i.value for i in at.info] == [t("state.no_permission", lang, role=word("role", role, lang))]


@pytest.mark.parametrize("role", ["analyst", "planner"])
def test_rows_without_personal_columns(open_view: OpenView, demo_home: Path, ask: Ask, role: str) -> None:
    level_3 = {
        name
        for (name,) in ask(
            demo_home, "select column_name from column_class where table_name = 'fact_ticket' and level = 'L3'"
        )
    }
    assert "summary_scrubbed" in level_3
    shown = set(open_view(demo_home, "tickets", "en", role).dataframe[0].value.columns)
    assert shown & level_3 == set()
    assert {"ticket_id", "accepted_at", "type_code"} <= shown


@pytest.mark.parametrize("role", ["handler", "supervisor"])
def test_rows_with_the_scrubbed_text(open_view: OpenView, demo_home: Path, role: str) -> None:
    shown = open_view(demo_home, "tickets", "en", role).dataframe[0].value
    assert shown["summary_scrubbed"].notna().any()
    assert {"lon", "lat", "intake_staff"} & set(shown.columns) == set()


def test_customers_are_short_pseudonyms(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    # Not by their look: of digits alone one pseudonym in a thousand reads like the beginning of a phone number.
    keys = open_view(demo_home, "tickets", "en", "handler").dataframe[0].value["cust_key"].dropna()
    assert len(keys) and keys.str.len().max() == 8
    known = {key for (key,) in ask(demo_home, "select distinct cust_key from fact_ticket where cust_key is not null")}
    assert {len(key) for key in known} == {len(max(known, key=len))} and min(map(len, known)) > 11
    assert set(keys) <= {key[:8] for key in known}


def test_causes_are_in_the_language_of_the_viewer(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    named = set(ask(demo_home, "select l1_zh, l1_en from dim_cause where l1_en is not null"))
    for place, lang in enumerate(LANGS):
        shown = open_view(demo_home, "tickets", lang, "analyst", page="9").dataframe[0].value
        told = set(shown["cause_l1"].dropna())
        assert told and told <= {pair[place] for pair in named}


def test_newest_first_and_pages_do_not_overlap(open_view: OpenView, demo_home: Path) -> None:
    first = open_view(demo_home, "tickets", "en", "analyst").dataframe[0].value
    second = open_view(demo_home, "tickets", "en", "analyst", page="2").dataframe[0].value
    assert first["accepted_at"].is_monotonic_decreasing
    assert first["accepted_at"].min() >= second["accepted_at"].max()
    assert set(first["ticket_id"]) & set(second["ticket_id"]) == set()


def test_a_page_behind_the_last_shows_the_last(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "tickets", "en", "analyst", page="199")
    assert len(at.dataframe[0].value) > 0


def test_sorting_is_in_the_url(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "tickets", "en", "analyst", sort="feedback_at")
    closed = at.dataframe[0].value["feedback_at"].dropna()
    assert closed.is_monotonic_decreasing
    at.selectbox(key="sort").set_value("priority").run()
    assert at.query_params["sort"] == "priority"


def test_rows_follow_the_filters(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    at = open_view(demo_home, "tickets", "en", "analyst", region="321003", channel="HOTLINE", period="week")
    ((n,),) = ask(
        demo_home,
        """
        select count(*) from mart_ticket
        where region_code = '321003' and channel_code = 'HOTLINE'
            and accepted_on between date '2025-03-24' and date '2025-03-30'
        """,
    )
    assert any(f" {n} tickets" in m.value for m in at.markdown)
    assert len(at.dataframe[0].value) == min(n, 50)
    assert set(at.dataframe[0].value["region_code"]) == {"Hanjiang"}


def test_markup_in_a_text_stays_text(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    """The frame carries the customer's `<b>` as characters; the browser test sees that nothing is made of it."""
    (region, subtype, channel), *_ = ask(
        demo_home,
        """
        select m.region_code, m.type_code, m.channel_code
        from mart_ticket m
        join fact_ticket f on f.ticket_id = m.ticket_id
        where f.summary_scrubbed like '%<script>%' and m.accepted_on between date '2024-12-30' and date '2025-03-30'
        order by m.ticket_id
        limit 1
        """,
    )
    url = {"period": "weeks13", "region": region, "subtype": subtype, "channel": channel}
    said = []
    for page in range(1, 5):
        at = open_view(demo_home, "tickets", "zh", "handler", page=str(page), **url)
        said += list(at.dataframe[0].value["summary_scrubbed"].dropna())
        assert not any("<script" in m.value for m in at.markdown)
        if any("<script>" in text for text in said):
            return
    raise AssertionError("the text with <script> is on none of the pages")
