"""The A4 morning sheet as PDF, legible in grey. Optional: a pack without it is whole.

Typst sets it: one wheel, no system library, reads our fonts as they are, and takes text as data, never as markup.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from alerts.review.bundle import Item
from pages._pack import plots
from pages._pack.paper import MONTH, Paper, number_cells, number_header
from pages._pack.telling import told
from pages._shared.text import t, word

TEMPLATE = Path(__file__).with_name("morning.typ")
PICTURES = 2
_WORST = ("red", "orange")


def morning(paper: Paper) -> bytes:
    """The sheet. Raises whatever the engine raises; the caller tells, and goes on."""
    import typst

    with tempfile.TemporaryDirectory(prefix="lookout-pdf-") as folder:
        here = Path(folder)
        data = content(paper)
        for k, (name, svg) in enumerate(_pictures(paper)):
            (here / f"p{k}.svg").write_text(svg, encoding="utf-8")
            data["pictures"].append({"file": f"p{k}.svg", "alt": name})
        (here / "data.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        source = here / "main.typ"
        source.write_bytes(TEMPLATE.read_bytes())
        return bytes(typst.compile(source, root=here, font_paths=[plots.FONTS]))


def content(paper: Paper) -> dict[str, Any]:
    """What stands on the sheet, pictures apart."""
    lang, issue, at = paper.lang, paper.issue, paper.issue.as_of
    told = [i for s in issue.screens if s.name == "overall" for i in s.items if i.numbers]
    numbers: list[dict[str, Any]] = [
        {"title": paper.of(i.finding) if i.id == MONTH else t("pack.numbers_caption", lang),
         "header": number_header(lang, i.id), "rows": [number_cells(n, paper) for n in i.numbers],
         "right": [1, 2, 3, 4, 5]}
        for i in told
    ]  # fmt: skip
    warnings = [[_severity(paper, i), paper.of(i.finding)] for _, i in paper.items() if i.severity in _WORST]
    grids = [
        *numbers,
        {"title": t("pack.pending", lang),
         "header": [t("pack.morning_level", lang), word("pack.order", "title", lang)],
         "rows": warnings, "right": []},
    ]  # fmt: skip
    return {
        "title": f"{t('pack.morning_title', lang)} · {paper.of(issue.workspace)} · {paper.week()}",
        "author": t("app.title", lang),
        "date": {"year": at.year, "month": at.month, "day": at.day},
        "lang": lang, "region": "cn" if lang == "zh" else "gb",
        "line": paper.line(), "mark": paper.simulated(),
        "page": t("pack.page", lang, page="{page}", pages="{pages}"),
        "summary": [paper.of(said) for said in issue.summary] or [t("pack.nothing", lang)],
        "grids": grids, "pictures": [], "none": t("pack.no_rows", lang),
        "about_title": t("pack.about", lang), "about": [list(pair) for pair in paper.about()],
    }  # fmt: skip


def _pictures(paper: Paper) -> list[tuple[str, str]]:
    charts = [chart for _, item in paper.items() for chart in item.charts][:PICTURES]
    return [(told(chart, paper), plots.svg(chart, paper, grey=True, width=400)) for chart in charts]


def _severity(paper: Paper, item: Item) -> str:
    return word("pack.severity", item.severity, paper.lang)
