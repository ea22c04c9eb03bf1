"""热点网络 → 成效, and the same on /hotspot and /cell: verdicts of the demo city, roles, homes without changes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pages._shared.blocks import fix_effect
from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import OpenView
from tests.pages.test_views import everything_said, findings, opens, texts

ROW = {"zh": "两个新站开通", "en": "2 new sites on air"}


@pytest.mark.parametrize("lang", LANGS)
def test_the_list_says_what_worked_and_what_cannot_be_told(open_view: OpenView, demo_home: Path, lang: Lang) -> None:
    at = open_view(demo_home, "hotspot_effects", lang, "planner")
    opens(at, "hotspot_effects", lang)
    assert at.title[0].value == t("effects.title", lang) and len(findings(at)) == 1
    assert ROW[lang] in findings(at)[0] and "-89%" in findings(at)[0] and "-61%" in findings(at)[0]
    table = at.dataframe[0].value
    assert table.set_index("day").loc["2024-10-29", "verdict"] == word("effects.verdict", "worked", lang)
    said = set(table["verdict"])
    assert {word("effects.verdict", v, lang) for v in ("none", "thin")} < said, (
        "no effect and no evidence are two things"
    )
    thin = table[table["verdict"] == word("effects.verdict", "thin", lang)]
    assert set(thin["against"]) == {"—"}, "no figure where evidence is too thin"
    assert any("75" in w for w in texts(at.warning)), "falling back to the mean is said beside the success"


def test_the_newest_are_listed_first_and_all_when_asked(
    open_view: OpenView, demo_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fix_effect, "FIRST", 3)
    at = open_view(demo_home, "hotspot_effects", "en", "planner")
    newest = at.dataframe[0].value["day"].tolist()
    assert len(newest) == 3 and "newest 3 of 6 " in findings(at)[0]
    [more] = [b for b in at.button if b.label == t("effects.all", "en", n="6")]
    more.click().run()
    every = at.dataframe[0].value["day"].tolist()
    assert len(every) == 6 and every[:3] == newest and "newest" not in findings(at)[0]
    assert not [b for b in at.button if b.label == more.label]


def test_the_list_holds_the_counts_of_the_mart(open_view: OpenView, demo_home: Path, ask: Any) -> None:
    at = open_view(demo_home, "hotspot_effects", "zh", "planner")
    table = at.dataframe[0].value.set_index("what")
    ((before, after),) = ask(
        demo_home,
        "select count(*) filter (where accepted_on >= '2024-09-23' and accepted_on < '2024-11-18'), "
        "count(*) filter (where accepted_on >= '2024-11-25' and accepted_on < '2025-01-20') "
        "from mart_ticket_site join dim_site using (site_id) where town = '邗上街道'",
    )
    assert table.loc["版本割接", "counts"] == f"{before} → {after}"


def test_a_manager_reads_no_small_count_and_no_single_week(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "hotspot_effects", "en", "manager")
    opens(at, "hotspot_effects", "en")
    table = at.dataframe[0].value
    small = table.set_index("day").loc["2024-10-29"]
    assert "avoided" not in table and (small["counts"], small["against"]) == ("—", "—"), "31, then fewer than five"
    shown = table[table["counts"] != "—"]["counts"].str.split(" → ")
    assert len(shown) and min(int(n.replace(",", "")) for pair in shown for n in pair) >= 5
    assert "<5" not in everything_said(at)
    assert len(at.get("vega_lite_chart")) == 0


def test_the_hotspot_of_the_estate_shows_what_became_of_it(open_view: OpenView, demo_home: Path, ask: Any) -> None:
    ((spot,),) = ask(
        demo_home,
        "select hotspot_id from mart_hotspot where town = '蒋王街道' and week_start = date '2024-10-21' "
        "order by n_customers desc limit 1",
    )
    at = open_view(demo_home, "hotspot", "zh", "planner", id=spot, week="2024-10-21")
    assert [e.message for e in at.exception] == []
    assert t("effects.title", "zh") in texts(at.subheader)
    assert any(ROW["zh"] in m and "-89%" in m for m in texts(at.markdown))


def test_a_cell_of_the_ground_shows_the_change_and_another_does_not(
    open_view: OpenView, demo_home: Path, ask: Any
) -> None:
    ((cell,),) = ask(demo_home, "select min(cell_id) from dim_cell where site_id = 'YZS00013'")
    at = open_view(demo_home, "cell", "zh", "planner", id=cell)
    assert t("effects.title", "zh") in texts(at.subheader)
    other = open_view(demo_home, "cell", "zh", "planner", id="460-00-900011-3")
    assert t("effects.title", "zh") not in texts(other.subheader)


def test_a_home_without_network_says_so(open_view: OpenView, one_row_home: Path) -> None:
    at = open_view(one_row_home, "hotspot_effects", "en", "planner")
    opens(at, "hotspot_effects", "en")
    assert texts(at.info) == [t("effects.none", "en")]
