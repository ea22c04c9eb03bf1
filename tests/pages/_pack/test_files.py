"""The whole pack: there at once or not at all, in both languages, for every kind of week."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from alerts.review.bundle import Chart, Issue, Words
from pages._pack import files
from pages._pack.files import KINDS, MANIFEST, make, write
from tests.pages._pack import reading, sample
from warehouse.problems import Failure

# The quick run takes Chinese, the deep one both.
BY_TURNS = ["zh", pytest.param("en", marks=pytest.mark.deep)]


def silent(*_: object) -> None:
    return None


def wrong(form: str = "line") -> Issue:
    """An issue one of whose charts cannot be drawn."""
    chart = sample.line()
    broken = Chart(**{**dict(chart), "rows": ((chart.rows[0][0], "no number", 1.0, 1.0),), "form": form,
                      "title": Words(zh="坏图", en="The broken chart")})  # fmt: skip
    found = sample.issue()
    screens = list(found.screens)
    item = screens[1].items[0].model_copy(update={"charts": (broken,)})
    screens[1] = screens[1].model_copy(update={"items": (item,)})
    return found.model_copy(update={"screens": tuple(screens)})


@pytest.mark.deep
@pytest.mark.parametrize("lang", BY_TURNS)
def test_the_folder_holds_every_file_and_its_hash(tmp_path: Path, lang: Any) -> None:
    told: list[tuple[int, int]] = []
    folder, made = write(sample.paper(lang=lang), tmp_path, lambda _, k, n: told.append((k, n)))
    assert made.left_out == {}
    assert told == [(k, len(KINDS)) for k in range(len(KINDS))]
    names = {path.name for path in folder.iterdir()}
    assert names == {*made.files, MANIFEST}
    assert {Path(name).suffix for name in made.files} == {".docx", ".pptx", ".xlsx", ".html", ".pdf"}
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    assert manifest["issue"] == sample.paper().mark
    assert set(manifest["files"]) == set(made.files)
    assert {p.name for p in tmp_path.iterdir()} == {folder.name}


def test_one_failed_chart_fails_the_whole_pack_and_is_named(tmp_path: Path) -> None:
    folder, _ = write(sample.paper(), tmp_path, silent)
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    with pytest.raises(Failure) as caught:
        write(sample.paper(wrong()), tmp_path, silent)
    (problem,) = caught.value.problems
    assert "坏图 could not be made" in problem.what and "no number" in problem.what
    assert "坏图" in problem.in_chinese()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert {p.name for p in tmp_path.iterdir()} == {folder.name}


@pytest.mark.parametrize("kind", [k for k in files.MAKERS if k not in ("minutes", "orders")])
@pytest.mark.parametrize("form", ["line", "bar", "column", "stacked"])
def test_every_file_refuses_a_chart_it_cannot_draw(kind: str, form: str) -> None:
    with pytest.raises(Failure, match="The broken chart could not be made"):
        make(sample.paper(wrong(form), "en"), silent, (kind,))


def test_a_map_without_boundaries_fails_the_pack() -> None:
    with pytest.raises(Failure, match="江都万投比最高 could not be made .*no boundary for 321002"):
        make(sample.paper(shapes={"features": []}), silent, ("slides",))


@pytest.mark.deep
def test_a_pack_without_the_pdf_is_whole(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_engine(_: object) -> bytes:
        raise ImportError("no typst here")

    monkeypatch.setitem(files.OPTIONAL, "morning", ("pdf", no_engine))
    folder, made = write(sample.paper(), tmp_path, silent)
    assert made.left_out == {"晨报_2025-W13.pdf": "ImportError: no typst here"}
    assert not any(name.endswith(".pdf") for name in made.files)
    assert json.loads((folder / MANIFEST).read_text())["left_out"] == dict(made.left_out)


def test_a_folder_that_is_no_pack_is_left_alone(tmp_path: Path) -> None:
    other = tmp_path / "2025-W13-zh"
    other.mkdir()
    (other / "mine.txt").write_text("keep")
    with pytest.raises(Failure, match="is there and is no pack"):
        write(sample.paper(), tmp_path, silent)
    assert (other / "mine.txt").read_text() == "keep"


def test_a_full_disk_leaves_the_earlier_pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = write(sample.paper(), tmp_path, silent, ("page",))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, "_put", full)
    with pytest.raises(Failure, match="No space left"):
        write(sample.paper(), tmp_path, silent, ("page",))
    assert {p.name for p in tmp_path.iterdir()} == {folder.name}
    assert (folder / MANIFEST).is_file()


@pytest.mark.parametrize("lang", BY_TURNS)
@pytest.mark.parametrize(
    "issue",
    [
        sample.empty(),
        sample.empty(screens=()),
        sample.issue(begins=date(2020, 12, 28)),
        sample.empty(is_simulated=False),
    ],
    ids=["empty", "first", "week53", "real"],
)
def test_weeks_at_the_edge_have_every_file(issue: Issue, lang: Any) -> None:
    made = make(sample.paper(issue, lang, orders=()), silent)
    assert len(made.files) == len(KINDS) and made.left_out == {}
    assert all(issue.week in name for name in made.files)
    page = next(content for name, content in made.files.items() if name.endswith(".html"))
    assert issue.week.split("-W")[1].lstrip("0") in reading.page(page).text[0]


@pytest.mark.parametrize("lang", BY_TURNS)
def test_every_file_says_what_it_rests_on(lang: Any) -> None:
    paper = sample.paper(lang=lang)
    made = make(paper, silent)
    said = {
        "as of": "2025-03-31 08:30", "mark": paper.simulated(), "hash": paper.mark,
        "filter": paper.of(paper.issue.filters[0]), "missing": paper.of(paper.issue.missing[0]),
        "definition": paper.of(paper.issue.definitions[0][2]),
    }  # fmt: skip
    for name, content in made.files.items():
        told = _all_text(name, content)
        wanted = {k: v for k, v in said.items() if not (k == "definition" and name.endswith("pdf"))}
        assert {k for k, v in wanted.items() if v not in told} == set(), name


def _all_text(name: str, content: bytes) -> str:
    if name.endswith("docx"):
        return "\n".join(reading.texts_of_document(content))
    if name.endswith("pptx"):
        return "\n".join(reading.texts_of_slides(content))
    if name.endswith("xlsx"):
        book = reading.book(content)
        return "\n".join(str(c) for sheet in book for row in sheet.iter_rows(values_only=True) for c in row if c)
    if name.endswith("html"):
        return "".join(reading.page(content).text)
    from pages._pack.pdf import content as data

    lang: Any = "zh" if "晨报" in name else "en"
    return json.dumps(data(sample.paper(lang=lang)), ensure_ascii=False)
