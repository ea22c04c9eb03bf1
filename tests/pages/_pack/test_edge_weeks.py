"""Packs of weeks that are unlike others, read back: Spring Festival, the first week ever, week 53, an empty one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from alerts.review.asked import Sources
from alerts.review.content import content
from alerts.review.gather import sources
from pages._pack.files import make
from pages._pack.issues import of_part
from pages._pack.mailing import send_due
from pages._pack.paper import Paper
from pages._shared.text import t, word
from tests.pages._pack import reading
from tests.pages.homes import ticket, tiny_home
from warehouse import ops
from warehouse.analysis.ranking import MIN_CASES
from warehouse.home import Home
from warehouse.measures import measures
from warehouse.subscriptions import Subscription
from warehouse.viewer import Viewer

pytestmark = pytest.mark.deep
AS_OF = datetime(2025, 3, 31, 8, 30)
SPRING = "2025-W05"  # 27 January to 2 February; New Year's Eve of the moon is the 28th, and the week after is free too
FILES = ("bulletin", "slides", "workbook", "page")


@pytest.fixture(scope="module")
def city(demo_home: Path) -> Sources:
    return sources(Home(demo_home), None)


def packed(found: Sources, week: str, as_of: datetime, lang: Any = "zh") -> dict[str, bytes]:
    """The files by their endings."""
    paper = Paper(content(found, week, as_of), lang, shapes=found.space.boundaries)
    made = make(paper, lambda *_: None, FILES)
    assert all(week in name for name in made.files)
    return {name.rpartition(".")[2]: data for name, data in made.files.items()}


def told(files: Mapping[str, bytes]) -> dict[str, str]:
    """Everything each file says."""
    sheets = [row for sheet in reading.book(files["xlsx"]) for row in sheet.iter_rows(values_only=True)]
    return {
        "docx": "\n".join(reading.texts_of_document(files["docx"])),
        "pptx": "\n".join(reading.texts_of_slides(files["pptx"])),
        "html": "\n".join(reading.page(files["html"]).text),
        "xlsx": "\n".join(str(cell) for row in sheets for cell in row if cell is not None),
    }


def tables(files: Mapping[str, bytes]) -> list[list[list[str]]]:
    """The tables of the document and of the slides, as texts."""
    found = [[[c.text for c in r.cells] for r in table.rows] for table in reading.document(files["docx"]).tables]
    for slide in reading.slides(files["pptx"]).slides:
        found += [[[c.text for c in r.cells] for r in s.table.rows] for s in slide.shapes if s.has_table]
    return found


@pytest.mark.parametrize(
    ("lang", "ahead"), [("zh", "春节影响"), ("en", "Spring Festival")]
)  # fmt: skip
def test_at_spring_festival_last_year_is_marked_and_the_forecast_names_it(city: Sources, lang: Any, ahead: str) -> None:
    files = packed(city, SPRING, AS_OF, lang)
    said = told(files)
    mark = t("pack.mismatch", lang, value="").strip()
    assert {kind for kind, text in said.items() if mark not in text} == set()
    assert {kind for kind, text in said.items() if ahead not in text} == set()
    header, measure = word("pack.number", "last_year", lang), word("pack.number", "verdict", lang)
    compared = [x for x in tables(files) if header in x[0] and measure in x[0] and len(x) > 6]
    assert len(compared) >= 2
    at_an_instant = {m.zh if lang == "zh" else m.en for m in measures().values() if m.basis == "live"}
    for table in compared:
        at = table[0].index(header)
        plain = {row[0] for row in table[1:] if row[at] != "—" and mark not in row[at]}
        assert plain <= at_an_instant, "what waits at an instant has no holiday in it; everything else has"


@pytest.mark.parametrize("regions", [None, frozenset({"321023"})], ids=["city", "district"])
def test_at_spring_festival_few_cases_have_no_place(city: Sources, regions: frozenset[str] | None) -> None:
    mine = replace(city, viewer=Viewer.of("manager", regions))
    ranked = [x for x in tables(packed(mine, SPRING, AS_OF)) if x[0][-1] == "排名" and x[0][0] == "部门"]
    assert len(ranked) == 2, "in the document and on a slide"
    for table in ranked:
        few = [row for row in table[1:] if int(row[2]) < MIN_CASES]
        assert all(row[-1] == "—" and row[3] == "样本不足" for row in few)
        if regions:
            assert few, "departments of one district have few cases in that week"
        else:
            assert any(row[-1] != "—" for row in table[1:])


def test_the_first_week_ever_compares_with_nothing(city: Sources) -> None:
    files = packed(city, "2024-W01", AS_OF)
    for kind, text in told(files).items():
        assert "没有更早的一周可比" in text and "历史不足8周" in text, kind
    (table,) = [x for x in tables(files)[:3] if x[0][-1] == word("pack.number", "verdict", "zh")][:1]
    assert {row[3] for row in table[1:]} == {row[4] for row in table[1:]} == {"—"}


def test_week_53_and_a_week_without_tickets(tmp_path: Path) -> None:
    last = datetime(2021, 1, 4, 8, 30)
    days = [datetime(2020, 12, 21, 9) + timedelta(hours=8 * n) for n in range(40)]
    rows = [ticket(n, day, day + timedelta(hours=6)) for n, day in enumerate(days, 1)]
    found = sources(Home(tiny_home(tmp_path, "odd", last + timedelta(days=14), rows)), None)
    for kind, text in told(packed(found, "2020-W53", last + timedelta(days=14))).items():
        assert "没有去年同周" in text and "53" in text, kind
    for kind, text in told(packed(found, "2021-W01", last + timedelta(days=14))).items():
        assert "没有投诉记录" in text, kind


def test_two_subscribers_of_two_districts_get_their_own_figures(city: Sources, demo_home: Path, tmp_path: Path) -> None:
    kept, home = ops.open_ops(f"sqlite:///{tmp_path / 'ops.db'}"), Home(demo_home)
    codes = {"east": "321002", "north": "321023"}
    listed = [Subscription(name=n, url_env="URL", files=["workbook", "page"], regions=[c]) for n, c in codes.items()]
    got: dict[str, dict[str, bytes]] = {}

    def send(address: str, title: str, body: str, files: Sequence[Path]) -> None:
        got[address] = {path.suffix[1:]: path.read_bytes() for path in files}

    def paper_of(one: Subscription) -> Paper:
        return of_part(home, city, "2025-W13", one.viewer, "zh", None)

    to = {name: name for name in codes}
    done = send_due(kept, listed, "2025-W13", date(2025, 3, 30), False, paper_of, to, send, AS_OF)
    assert [o.state for o in done] == ["sent", "sent"], done
    named = {n: city.names("district", c, "zh") for n, c in codes.items()}
    mart = sa.table("mart_ticket", sa.column("accepted_on"), sa.column("region_code"))
    week = mart.c.accepted_on.between(sa.literal("2025-03-24"), sa.literal("2025-03-30"))
    for name, files in got.items():
        other = next(n for n in codes if n != name)
        cells = [r for s in reading.book(files["xlsx"]) for r in s.iter_rows(values_only=True)]
        text = "\n".join(str(c) for row in cells for c in row if c is not None)
        page = "\n".join(reading.page(files["html"]).text)
        assert f"区县：{named[name]}" in page and named[other] not in page + text
        asked = sa.select(sa.func.count().label("n")).select_from(mart).where(week, mart.c.region_code == codes[name])
        n = int(city.reader.run(asked)["n"].iloc[0])
        assert f"本周投诉{n}件" in page and f"本周投诉{n}件" in text
