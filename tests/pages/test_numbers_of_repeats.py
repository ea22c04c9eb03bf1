"""The sentence of 重复越级舆情 is counted from the mart, and rows are shown to those who may see them only."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared.text import LANGS, Lang, t
from tests.pages.conftest import OpenView
from tests.pages.little import frames

Ask = Callable[..., Any]
WEEK = "accepted_at >= date '2025-03-24' and accepted_at < date '2025-03-31'"


def sentence(at: Any) -> str:
    return next(str(m.value) for m in at.markdown if m.value.startswith("## "))


@pytest.mark.parametrize("lang", LANGS)
def test_the_sentence_is_that_of_the_mart(open_view: OpenView, demo_home: Path, ask: Ask, lang: Lang) -> None:
    [(n, repeats)] = ask(demo_home, f"select count(*), count_if(is_repeat) from mart_ticket where {WEEK}")
    [(filed, known)] = ask(
        demo_home, f"select count(*), count_if(first_inside_at is not null) from fact_outside where {WEEK}"
    )
    at = open_view(demo_home, "repeats", lang, "analyst")
    said = sentence(at)
    for number in (n, repeats, filed, known):
        assert re.search(rf"(?<!\d){number}(?!\d)", said), (number, said)
    assert f"{100 * repeats / n:.1f}%" in said
    assert len(at.dataframe[-1].value) == 20


def test_a_manager_reads_no_number_under_five_and_no_row(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    [(filed, known)] = ask(demo_home, f"select count(*), count_if(n_inside > 0) from fact_outside where {WEEK}")
    assert filed >= 5 > known, "the week was chosen for it"
    at = open_view(demo_home, "repeats", "en", "manager")
    assert "<5" in sentence(at)
    shown = [column for frame in frames(at) for column in frame.columns]
    assert "cust_key" not in shown and "ticket_id" not in shown
    assert any(t("repeats.no_rows", "en") in m.value for m in at.markdown)


def test_a_pseudonym_is_cut_and_no_place_stands_beside_it(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "repeats", "en", "analyst")
    chains = at.dataframe[-1].value
    assert chains["cust_key"].str.len().max() == 8
    assert not set(chains.columns) & {"town", "place_name", "ticket_ids", "lon", "lat", "grid50"}


def test_clocks_come_with_the_least_time_left_first(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    [(ticket,)] = ask(demo_home, "select ticket_id from fact_outside_clock where is_open order by days_left limit 1")
    [(n,)] = ask(demo_home, "select count(*) from fact_outside_clock where is_open")
    at = open_view(demo_home, "outside", "en", "analyst")
    assert at.dataframe[-1].value["ticket_id"].iloc[0] == ticket
    assert any(f"({n} in all)" in m.value for m in at.markdown)


@pytest.mark.parametrize("lang", LANGS)
def test_a_case_says_both_clocks(open_view: OpenView, demo_home: Path, lang: Lang) -> None:
    at = open_view(demo_home, "cases", lang, "manager", case="li-2024-10")
    said = sentence(at)
    for days in (10, 11, 21, 1):
        assert re.search(rf"(?<!\d){days}(?!\d)", said), said
    course = at.dataframe[0].value
    assert list(course["number"]) == [str(n + 1) for n in range(len(course))]


def ticket_page(open_view: OpenView, home: Path, role: str, lang: str = "en", **url: str) -> Any:
    from tests.pages import conftest

    conftest.VIEWS.setdefault("ticket", ("ticket.py", {}))
    try:
        return open_view(home, "ticket", lang, role, **url)
    finally:
        conftest.VIEWS.pop("ticket")


@pytest.mark.parametrize("lang", LANGS)
def test_a_ticket_tells_its_whole_matter(open_view: OpenView, demo_home: Path, lang: Lang) -> None:
    at = ticket_page(open_view, demo_home, "handler", lang, id="YZ20241011900002")
    assert [e.message for e in at.exception] == []
    said = sentence(at)
    assert re.search(r"(?<!\d)4(?!\d)", said), said
    text = " ".join(at.dataframe[0].value["text"])
    assert ("黑猫" if lang == "zh" else "Heimao") in text
    everything = said + text + " ".join(m.value for m in at.markdown)
    assert "蒋王" not in everything and "李先生" not in everything


def test_a_manager_sees_no_ticket(open_view: OpenView, demo_home: Path) -> None:
    at = ticket_page(open_view, demo_home, "manager", id="YZ20241011900002")
    assert not frames(at) and len(at.info) == 1
    assert not [m for m in at.markdown if m.value.startswith("## ")]


@pytest.mark.parametrize("wanted", ["NOPE", "x' or 1=1 --", "<script>", "9" * 300])
def test_an_unknown_or_hostile_id_is_told_nothing(open_view: OpenView, demo_home: Path, wanted: str) -> None:
    at = ticket_page(open_view, demo_home, "analyst", id=wanted)
    assert [e.message for e in at.exception] == []
    assert t("ticket.unknown", "en") in [i.value for i in at.info]
