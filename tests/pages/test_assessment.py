"""考核 says what the mart says, shows its weights, and shows persons to their own department only."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pages._shared import shell
from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import OpenView
from tests.pages.little import frames, little, littles
from warehouse.viewer import Viewer

Ask = Callable[..., Any]
LAST_13 = """accepted_at >= date '2024-12-30' and accepted_at < date '2025-03-31'
    and answered_at <= timestamp '2025-03-31 08:30'"""


def named(column: str) -> str:
    return word("assess.column", column, "en")


def by_axis(at: Any, lang: Lang = "en") -> list[Any]:
    """The tables of a column an axis; `rules` is one of them."""

    def header(column: str) -> str:
        told = {c for f in frames(at) for c in f.columns}
        return next((c for c in told if c.lower().startswith(word("assess.axis", column, lang).lower())), column)

    return littles(at, lambda c: t("voice.unit", lang) if c == "name" else header(c), "name", "rules")


def proof(at: Any) -> Any:
    return little(at, named, "name", "axis", "raw", "expected")


def finding(at: Any) -> str:
    return next(m.value for m in at.markdown if m.value.startswith("## "))


def test_raw_rates_are_the_mart(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    rows = ask(
        demo_home,
        f"""
        select
            count(*) filter (where own_first_minutes <= reply_limit_min), count(reply_limit_min),
            count(*) filter (where answer_code = 2), count(*) filter (where answer_code in (2, 3)),
            count(*) filter (where is_informed), count(is_informed)
        from mart_handled
        where {LAST_13} and owner_dept = 'NET'
        """,
    )
    table = proof(open_view(demo_home, "assessment", "en", "analyst"))
    net = table[table["name"] == "Network optimisation"].set_index("axis")["raw"]
    for axis, (k, n) in zip(
        ("speed", "satisfied", "rules"), zip(rows[0][::2], rows[0][1::2], strict=True), strict=True
    ):
        assert net[word("assess.axis", axis, "en")] == f"{100 * k / n:.1f}% (n={n:,})", axis


def test_expected_rates_are_those_of_the_whole_on_the_departments_mix(
    open_view: OpenView, demo_home: Path, ask: Ask
) -> None:
    [(expected,)] = ask(
        demo_home,
        f"""
        with cells as (
            select
                owner_dept, type_l1,
                count(*) filter (where answer_code = 2) as k, count(*) filter (where answer_code in (2, 3)) as n
            from mart_handled
            where {LAST_13}
            group by all
        ), whole as (select type_l1, sum(k) / sum(n) as rate from cells group by type_l1)
        select sum(c.n * w.rate) / sum(c.n) from cells c join whole w using (type_l1) where c.owner_dept = 'MKT'
        """,
    )
    table = proof(open_view(demo_home, "assessment", "en", "analyst"))
    row = table[(table["name"] == "Marketing") & (table["axis"] == word("assess.axis", "satisfied", "en"))].iloc[0]
    assert row["expected"] == f"{100 * expected:.1f}%"


@pytest.mark.parametrize("lang", LANGS)
def test_weights_are_shown(open_view: OpenView, demo_home: Path, lang: Lang) -> None:
    at = open_view(demo_home, "assessment", lang, "manager")
    headers = [c for f in frames(at) for c in f.columns if "20%" in c]
    assert len(headers) == 5


def test_few_cases_are_in_brackets_and_very_few_hidden(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    rows = dict(
        ask(
            demo_home,
            f"""
            select owner_dept, count(is_informed) from mart_handled
            where {LAST_13} and owner_dept in ('TECH', 'HALLMGT') group by all
            """,
        )
    )
    assert 0 < rows["TECH"] < 5 <= rows["HALLMGT"] < 30
    at = open_view(demo_home, "assessment", "en", "analyst")
    table = by_axis(at)[0].set_index("name")
    assert table.loc["Technical support", "rules"] == "<5"
    assert table.loc["Hall management", "rules"].startswith("(")


@pytest.mark.parametrize("role", ["manager", "analyst", "supervisor", "handler"])
def test_nobody_without_a_department_sees_persons(open_view: OpenView, demo_home: Path, role: str) -> None:
    at = open_view(demo_home, "assessment", "en", role)
    assert [e.message for e in at.exception] == []
    assert any(t("assess.no_staff", "en") in m.value.replace("\\", "") for m in at.markdown)
    assert not any("Member" in str(f.to_dict()) for f in frames(at))


@pytest.mark.parametrize("lang", LANGS)
def test_a_supervisor_sees_their_own_people_under_pseudonyms(
    open_view: OpenView, demo_home: Path, ask: Ask, monkeypatch: pytest.MonkeyPatch, lang: Lang
) -> None:
    monkeypatch.setattr(shell, "viewer", lambda: Viewer.of("supervisor", departments=frozenset({"NET"})))
    at = open_view(demo_home, "assessment", lang, "supervisor")
    assert [e.message for e in at.exception] == []
    rows = ask(demo_home, f"select distinct staff_key from mart_handled where {LAST_13} and owner_dept = 'NET'")
    own = {t("assess.member", lang, key=key[:6]) for (key,) in rows}
    shown = {n for f in by_axis(at, lang) for n in f["name"]} & own
    assert shown == own and len(own) > 5
    others = ask(demo_home, "select distinct staff_key from mart_handled where owner_dept <> 'NET'")
    told = "\n".join(str(f.to_dict()) for f in frames(at))
    assert not any(key[:6] in told for (key,) in others if t("assess.member", lang, key=key[:6]) not in own)
    assert not any(key in told for (key,) in rows), "the whole key never leaves the server"
    assert t("assess.staff_alike", lang) in "\n".join(m.value.replace("\\", "") for m in at.markdown)
