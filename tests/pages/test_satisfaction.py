"""满意度 says what the mart says, finds the planted dip, leaves the decoy unranked, and serves surveys alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pages._shared import data_voice, draw
from pages._shared.charts.base import AnyChart
from pages._shared.text import LANGS, Lang, t, word
from tests.pages.conftest import OpenView
from tests.pages.little import frames, little, littles
from warehouse.analysis.dips import who_fell
from warehouse.measures import measures
from warehouse.periods import compare
from warehouse.query import Filters
from warehouse.viewer import Viewer

Ask = Callable[..., Any]
AS_OF = datetime(2025, 3, 31, 8, 30)
WEEK = """accepted_at >= date '2025-03-24' and accepted_at < date '2025-03-31'
    and surveyed_at <= timestamp '2025-03-31 08:30'"""
COUNTS = "count(*) filter (where answer_code = 2), count(*) filter (where answer_code in (2, 3))"


def finding(at: Any) -> str:
    return next(m.value for m in at.markdown if m.value.startswith("## "))


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """Specifications of the charts that a view draws, in order."""
    seen: list[dict[str, Any]] = []
    shown = draw.show

    def show(chart: AnyChart, **options: Any) -> None:
        seen.append(chart.to_dict())
        shown(chart, **options)

    monkeypatch.setattr(draw, "show", show)
    return seen


def rows_of(chart: dict[str, Any]) -> list[dict[str, Any]]:
    """The longest list of data in a specification."""
    found: list[list[dict[str, Any]]] = list(chart["datasets"].values())
    return max(found, key=len)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("role", ["manager", "analyst"])
def test_the_sentence_is_the_mart(open_view: OpenView, demo_home: Path, ask: Ask, lang: Lang, role: str) -> None:
    k, n = ask(demo_home, f"select {COUNTS} from mart_ticket where {WEEK}")[0]
    dip_k, dip_n = ask(demo_home, f"select {COUNTS} from mart_ticket where {WEEK} and owner_dept = 'BIL'")[0]
    said = finding(open_view(demo_home, "satisfaction", lang, role))
    assert f"{100 * k / n:.1f}%" in said and str(n) in said
    assert f"{100 * dip_k / dip_n:.1f}%" in said and str(dip_n) in said
    assert {"zh": "计费中心", "en": "Billing centre"}[lang] in said
    assert dip_n >= 52


def test_before_is_the_four_weeks_at_the_same_age(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    rows = ask(
        demo_home,
        f"""
        select {COUNTS}
        from mart_ticket
        cross join (values (7), (14), (21), (28)) as back(days)
        where accepted_at >= date '2025-03-24' - days and accepted_at < date '2025-03-31' - days
            and surveyed_at <= timestamp '2025-03-31 08:30' - to_days(cast(days as integer))
            and owner_dept = 'BIL'
        """,
    )
    k, n = rows[0]
    at = open_view(demo_home, "satisfaction", "en", "analyst")
    names = {"name": t("voice.unit", "en"), "now": t("today.now", "en"), "p": "p"}
    (proof,) = littles(at, lambda c: names[c], *names)
    row = proof[proof["name"] == "Billing centre"].iloc[0]
    assert f"{k} / {n}" in list(row)
    assert row["p"] == "<0.001"


def test_only_the_billing_centre_is_called_worse(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "satisfaction", "en", "analyst")
    names = {"name": t("voice.unit", "en"), "word": t("voice.judged", "en")}
    table = little(at, lambda c: names[c], *names)
    worse = table[table["word"] == word("voice.verdict", "fell", "en")]
    assert set(worse["name"]) == {t("filter.all", "en"), "Billing centre"}


def test_the_decoy_county_is_not_ranked(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    [(k, n)] = ask(demo_home, f"select {COUNTS} from mart_ticket where {WEEK} and region_code = '321081'")
    assert (n, k / n < 0.5) == (9, True)
    at = open_view(demo_home, "voice_units", "zh", "analyst", by="region_code")
    said = "\n".join(m.value for m in at.markdown)
    unranked = next(m.value for m in at.markdown if "不排名：" in m.value)
    assert re.search("仪征市 9份", unranked.replace("\\", ""))
    evidence = little(at, lambda c: word("voice.column", c, "zh"), "name", "rank")
    assert evidence.set_index("name").loc["仪征市", "rank"] == "—"
    assert "仪征市（" not in said, "nor is it said to lie below the others"


def test_a_manager_sees_no_unit_of_a_few_answers(open_view: OpenView, demo_home: Path, ask: Ask) -> None:
    [(k, n)] = ask(demo_home, f"select {COUNTS} from mart_ticket where {WEEK} and owner_dept = 'TECH'")
    assert 0 < n < 5, "the technical support department has that few this week"
    shown = frames(open_view(demo_home, "voice_units", "en", "manager"))
    assert shown and not any("Technical support" in str(f.to_dict()) for f in shown)
    everyone = frames(open_view(demo_home, "voice_units", "en", "analyst"))
    assert any("Technical support" in str(f.to_dict()) for f in everyone)


def test_reasons_add_up_and_are_the_mart(
    open_view: OpenView, demo_home: Path, ask: Ask, drawn: list[dict[str, Any]]
) -> None:
    rows = ask(
        demo_home,
        f"select reason, count(*) from mart_voice where {WEEK} and answer_code = 3 group by reason order by 2 desc",
    )
    total = sum(n for _, n in rows)
    open_view(demo_home, "voice_why", "zh", "analyst")
    assert {v["label"]: round(v["share"] * total) for v in rows_of(drawn[-1])} == dict(rows)


def test_drivers_point_the_way_the_city_was_made(open_view: OpenView, demo_home: Path) -> None:
    """Planted: 90 % satisfied if solved in time, 70 % if late, 33 % if not solved."""
    at = open_view(demo_home, "voice_why", "en", "analyst", period="year")
    table = little(at, lambda c: word("voice.effect_column", c, "en"), "name", "effect").set_index("name")
    effects = {n: float(str(v).split(" pp")[0]) for n, v in table["effect"].items() if "pp" in str(v)}
    unsolved, late = word("voice.flag", "is_unsolved", "en"), word("voice.flag", "is_late", "en")
    assert -60 < effects[unsolved] < -35
    assert -25 < effects[late] < -8
    assert abs(effects[word("voice.flag", "is_passed_on", "en")]) < 6, "passing on has no effect of its own there"


def test_household_nps_fell(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "voice_survey", "en", "analyst")
    table = little(at, lambda c: word("voice.nps_column", c, "en"), "name", "word").set_index("name")
    worse = word("voice.verdict", "fell", "en")
    assert list(table.index[table["word"] == worse]) == ["household"]


def test_a_link_opens_the_dimension(open_view: OpenView, demo_home: Path) -> None:
    at = open_view(demo_home, "voice_units", "en", "analyst", by="channel_code", period="weeks13")
    assert "10086" in str(little(at, lambda c: word("voice.column", c, "en"), "name", "rank")["name"].tolist())


@pytest.mark.parametrize("lang", ["zh", pytest.param("en", marks=pytest.mark.deep)])
def test_a_survey_alone_is_a_satisfaction_view(
    open_view: OpenView, real_home: Callable[[str], Path], ask: Ask, drawn: list[dict[str, Any]], lang: Lang
) -> None:
    home = real_home("mathorcup")
    at = open_view(home, "satisfaction", lang, "analyst")
    assert [e.message for e in at.exception] == []
    assert t("other.no_tickets", lang) in [i.value for i in at.info]
    [(share, n)] = ask(home, "select avg(is_satisfied::int), count(score_10) from fact_survey")
    said = finding(at)
    assert f"{100 * share:.1f}%" in said and f"{n:,}" in said
    titles = json.dumps([c["title"] for c in drawn], ensure_ascii=False)
    assert t("dimension.scenes", lang) in titles and t("dimension.terminal", lang) in titles


@pytest.mark.deep
def test_scenes_are_counted_one_by_one(
    open_view: OpenView, real_home: Callable[[str], Path], ask: Ask, drawn: list[dict[str, Any]]
) -> None:
    home = real_home("mathorcup")
    open_view(home, "satisfaction", "zh", "analyst")
    shown = {v["label"]: v["n"] for v in rows_of(drawn[0])}
    asked = ask(
        home,
        """
        select scene, count(score_10)
        from (select unnest(string_split(scenes, ';')) as scene, score_10 from fact_survey where scenes is not null)
        where scene <> ''
        group by scene
        """,
    )
    assert shown == {name: n for name, n in asked}


def test_ratings_alone_are_too(open_view: OpenView, real_home: Callable[[str], Path]) -> None:
    at = open_view(real_home("trai"), "satisfaction", "en", "manager")
    assert [e.message for e in at.exception] == []
    assert measures()["X02"].name("en") in finding(at)


def test_a_period_is_compared_with_what_was_before_it() -> None:
    week, month = compare("week", AS_OF), compare("month", AS_OF)
    assert [(week.now.first - p.first).days for p in data_voice.before(week)] == [7, 14, 21, 28]
    assert {week.now.cutoff - p.cutoff for p in data_voice.before(week)} == {
        week.now.first - p.first for p in data_voice.before(week)
    }
    assert data_voice.before(month) == [month.before]
    assert data_voice.window(week.now).days == 91 and data_voice.window(week.now).end == week.now.end
    assert data_voice.window(compare("year", AS_OF).now).days == 366


@pytest.mark.deep
def test_the_twin_city_has_no_dip_and_no_unit_apart(open_view: OpenView, twin_home: Path) -> None:
    """The same city with nothing planted: nobody is called worse, by any dimension, and no NPS moved."""
    at = open_view(twin_home, "satisfaction", "en", "analyst")
    assert t("voice.moved.chance", "en", before="the four weeks before") in finding(at)
    names = {"name": t("voice.unit", "en"), "word": t("voice.judged", "en")}
    table = little(at, lambda c: names[c], *names)
    assert not {word("voice.verdict", v, "en") for v in ("fell", "rose")} & set(table["word"])
    for dimension in ("owner_dept", "type_l1", "channel_code", "region_code"):
        drawn = open_view(twin_home, "voice_units", "en", "analyst", by=dimension)
        assert [e.message for e in drawn.exception] == []
        assert not any("clearly below" in str(e.proto) for e in drawn.get("vega_lite_chart")), dimension
    survey = open_view(twin_home, "voice_survey", "en", "analyst")
    nps = little(survey, lambda c: word("voice.nps_column", c, "en"), "name", "word")
    assert set(nps["word"]) == {word("voice.verdict", "chance", "en")}


@pytest.mark.deep
@pytest.mark.parametrize("kind", ["week", "weeks4", "month", "weeks13"])
def test_no_unit_of_the_twin_city_is_told_apart(twin_home: Path, monkeypatch: pytest.MonkeyPatch, kind: Any) -> None:
    """The same through the figures, over longer periods too: no fall, and no unit beyond chance."""
    monkeypatch.setenv("LOOKOUT_HOME", str(twin_home))
    analyst, comparison = Viewer.of("analyst"), compare(kind, AS_OF)
    for dimension in ("owner_dept", "type_l1", "channel_code", "region_code"):
        assert who_fell(data_voice.unit_dips(analyst, comparison, dimension, Filters())) is None, dimension
        units = data_voice.units(analyst, comparison, dimension, Filters())
        assert units[units["p_told"] < 0.01].empty, dimension
