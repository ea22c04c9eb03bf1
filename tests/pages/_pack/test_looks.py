"""Files opened by other programs and looked at: LibreOffice draws every page, axe reads the page, no sign is a box."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from pages._pack import html, pdf, plots, word
from pages._pack.files import make
from pages._pack.fonts import subset
from pages._shared.text import LANGS, catalogue
from pages._shared.theme import contrast
from tests.pages._pack import sample


def silent(*_: object) -> None:
    return None


# --- fonts ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def drawn_by_regular() -> set[int]:
    return set(TTFont(plots.FONTS / "NotoSansCJKsc-Regular.subset.otf").getBestCmap())


def test_the_fonts_travel_small_with_their_licence() -> None:
    files = sorted(plots.FONTS.glob("*.otf"))
    assert [path.stem.split(".")[0] for path in files] == ["NotoSansCJKsc-Bold", "NotoSansCJKsc-Regular"]
    assert sum(path.stat().st_size for path in files) <= 3 * 2**20
    assert "SIL OPEN FONT LICENSE Version 1.1" in (plots.FONTS / "OFL.txt").read_text(encoding="utf-8")
    for path in files:
        assert "SIL Open Font License" in str(TTFont(path)["name"].getDebugName(13))


def test_every_character_we_write_has_a_shape(drawn_by_regular: set[int]) -> None:
    ours = {ord(c) for lang in LANGS for text in catalogue(lang).values() for c in text} - {9, 10, 13}
    assert {chr(c) for c in ours - drawn_by_regular} == set()
    assert subset.gb2312(87) - drawn_by_regular == set()


def test_series_can_be_told_apart_in_grey() -> None:
    shown = plots.GREYS[:2]
    assert all(contrast(grey, "#FFFFFF") >= 3 for grey in shown) and contrast(*shown) >= 3
    assert len({tuple(dash) for dash in plots.DASHES}) == len(plots.DASHES)


@pytest.mark.skipif(not shutil.which("pdffonts"), reason="pdffonts (poppler-utils) is not installed")
@pytest.mark.parametrize("lang", LANGS)
def test_the_morning_sheet_embeds_our_fonts_alone(lang: Any, tmp_path: Path) -> None:
    path = tmp_path / "m.pdf"
    path.write_bytes(pdf.morning(sample.paper(lang=lang)))
    lines = subprocess.run(["pdffonts", str(path)], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert lines and all("NotoSansCJKsc" in line and " yes yes yes " in line for line in lines)


# --- LibreOffice ------------------------------------------------------------------------------------------


@pytest.mark.deep
@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed")
@pytest.mark.skipif(not shutil.which("pdftoppm"), reason="pdftoppm (poppler-utils) is not installed")
@pytest.mark.parametrize("lang", LANGS)
def test_every_document_opens_and_every_page_shows_something(lang: Any, tmp_path: Path) -> None:
    made = make(sample.paper(lang=lang), silent, ("bulletin", "minutes", "orders", "slides", "workbook"))
    paths = []
    for k, (name, content) in enumerate(made.files.items()):
        paths.append(tmp_path / f"{k}.{name.rpartition('.')[2]}")
        paths[-1].write_bytes(content)
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    subprocess.run(
        ["soffice", "--headless", profile, "--convert-to", "pdf", "--outdir", str(tmp_path), *map(str, paths)],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    from PIL import Image

    for path in paths:
        pages = tmp_path / path.stem
        subprocess.run(["pdftoppm", "-r", "40", "-png", str(path.with_suffix(".pdf")), str(pages)], check=True)
        pictures = sorted(tmp_path.glob(f"{path.stem}-*.png"))
        assert pictures, f"{path.name} has no page"
        for picture in pictures:
            extrema = Image.open(io.BytesIO(picture.read_bytes())).convert("L").getextrema()
            assert extrema[1] - extrema[0] > 100, f"{picture.name} is empty"
    shown = subprocess.run(
        ["pdftotext", str(tmp_path / "3.pdf"), "-"], capture_output=True, text=True, check=True
    ).stdout
    assert ("江都" in shown) if lang == "zh" else ("Jiangdu" in shown)


def test_word_documents_name_the_typefaces_of_official_papers() -> None:
    from tests.pages._pack.reading import document

    made = make(sample.paper(), silent, ("minutes",))
    styles = document(next(iter(made.files.values()))).styles
    faces = {
        name: styles[name].element.rPr.rFonts.get(word.qn("w:eastAsia")) for name in ("Title", "Heading 1", "Normal")
    }
    assert faces == {"Title": "黑体", "Heading 1": "黑体", "Normal": "仿宋"}


# --- the page ---------------------------------------------------------------------------------------------


@pytest.mark.deep
@pytest.mark.browser
@pytest.mark.parametrize("lang", LANGS)
def test_the_page_is_accessible_and_opens_without_a_network(lang: Any, tmp_path: Path) -> None:
    chrome = shutil.which("chromium") or shutil.which("google-chrome")
    if chrome is None:
        pytest.skip("Chromium is not installed")
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    path = tmp_path / "page.html"
    path.write_bytes(html.page(sample.paper(lang=lang)))
    asked: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chrome, args=["--no-sandbox", "--disable-gpu"])
        tab = browser.new_page(bypass_csp=True, viewport={"width": 1280, "height": 900})
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(path.as_uri())
        for wide in (1280, 390):
            tab.set_viewport_size({"width": wide, "height": 900})
            found = Axe().run(tab).response["violations"]
            told = [(v["id"], v["impact"], [n["html"][:200] for n in v["nodes"][:3]]) for v in found]
            assert told == [], json.dumps(told, ensure_ascii=False, indent=1)
            assert tab.evaluate("document.documentElement.scrollWidth") <= wide
        browser.close()
    assert asked == [path.as_uri()]
