"""One page that opens from a mail without any network: headings, tables with headers, charts as SVG with their values.

Everything from outside is escaped; the page runs no script and loads nothing, and says so in its policy.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from alerts.review.bundle import Chart, Item, Map, Table, Words
from pages._pack import atlas, plots
from pages._pack.paper import Paper, number_cells, number_header, part, written
from pages._pack.telling import told
from pages._shared.charts.base import ems_of
from pages._shared.text import t, word

STYLE = Path(__file__).with_name("page.css")
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
_TEXTS = ("text", "id", "date", "instant")
_WHOLE = ("id", "date", "instant")
_LONG = 12  # full-width characters


def page(paper: Paper) -> bytes:
    """The page as UTF-8. Raises `Failure` naming the chart or table that could not be made."""
    lang, title = paper.lang, f"{paper.title()} · {paper.week()}"
    sections = [
        (f"s{k}", paper.of(s.title), paper.of(s.finding), s.items) for k, s in enumerate(paper.issue.screens, 1)
    ]
    if paper.issue.annex:
        sections.append(("annex", t("pack.annex", lang), "", paper.issue.annex))
    links = [("summary", t("pack.summary", lang)), *((key, head) for key, head, _, _ in sections)]
    links.append(("about", t("pack.about", lang)))
    body = [
        f'<a class="skip" href="#content">{escape(t("pack.skip", lang))}</a>',
        f"<header><h1>{escape(title)}</h1><p>{escape(paper.line())}</p></header>",
        f'<nav aria-label="{escape(t("pack.contents", lang))}"><ol>',
        *(f'<li><a href="#{key}">{escape(head)}</a></li>' for key, head in links),
        '</ol></nav><main id="content" tabindex="-1">',
        _summary(paper),
        *(_section(paper, *section) for section in sections),
        _changes(paper),
        _about(paper),
        f"</main><footer><p>{escape(paper.line())}</p></footer>",
    ]
    head = (
        f'<!doctype html><html lang="{"zh-CN" if lang == "zh" else "en"}"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
        f"<title>{escape(title)}</title><style>{STYLE.read_text(encoding='utf-8')}</style></head><body>"
    )
    return (head + "\n".join(body) + "</body></html>\n").encode()


def _summary(paper: Paper) -> str:
    said = "".join(f"<li>{escape(paper.of(words))}</li>" for words in paper.issue.summary)
    told_as = f"<ul>{said}</ul>" if said else f"<p>{escape(t('pack.nothing', paper.lang))}</p>"
    return f'<section id="summary"><h2>{escape(t("pack.summary", paper.lang))}</h2>{told_as}</section>'


def _section(paper: Paper, key: str, head: str, finding: str, items: Sequence[Item]) -> str:
    body = "".join(_item(paper, item) for item in items) or f"<p>{escape(t('pack.nothing', paper.lang))}</p>"
    is_said = bool(items) and finding == paper.of(items[0].finding)
    lead = f'<p class="lead">{escape(finding)}</p>' if finding and not is_said else ""
    return f'<section id="{key}"><h2>{escape(head)}</h2>{lead}{body}</section>'


def _item(paper: Paper, item: Item) -> str:
    badge = ""
    if item.severity:
        said = escape(word("pack.severity", item.severity, paper.lang))
        badge = f'<span class="badge {item.severity}">{said}</span> '
    parts = [f"<article><h3>{badge}{escape(paper.of(item.finding))}</h3>"]
    if item.numbers:
        with part("html", paper.of(item.finding)):
            rows = [number_cells(number, paper) for number in item.numbers]
            parts.append(
                _grid(t("pack.numbers_caption", paper.lang), number_header(paper.lang, item.id), rows, range(1, 6))
            )
    for chart in item.charts:
        with part("html", paper.of(chart.title)):
            parts.append(_chart(paper, chart, item))
    if item.map is not None:
        with part("html", paper.of(item.map.title)):
            parts.append(_map(paper, item.map))
    for table in item.tables:
        with part("html", paper.of(table.title)):
            parts.append(_table(paper, table))
    if item.evidence:
        said = "".join(f"<li>{escape(paper.of(words))}</li>" for words in item.evidence)
        parts.append(f"<details><summary>{escape(t('pack.evidence', paper.lang))}</summary><ul>{said}</ul></details>")
    return "".join(parts) + "</article>"


def _chart(paper: Paper, chart: Chart, item: Item) -> str:
    shown = chart
    if chart.title == item.finding:  # the heading above says it
        shown = chart.model_copy(update={"title": chart.subtitle, "subtitle": Words(zh="", en="")})
    drawn = plots.read(chart, paper)
    header = [paper.of(chart.columns[0].title), *(series.name for series in drawn.series)]
    rows = [
        [label, *(written(s.values[k], s.column.kind, paper.lang) for s in drawn.series)]
        for k, label in enumerate(drawn.labels)
    ]
    grid = _grid(paper.of(chart.title), header, rows, range(1, len(header)))
    notes = escape(paper.marks(chart)) if chart.marks else ""
    return _figure(plots.svg(shown, paper), told(chart, paper), notes, t("pack.chart_data", paper.lang), grid)


def _map(paper: Paper, shown: Map) -> str:
    header = [word("pack", f"map_{name}", paper.lang) for name in ("region", "value")]
    rows = [[paper.of(place.name), atlas.value_of(place, shown, paper)] for place in shown.places]
    grid = _grid(paper.of(shown.title), header, rows, (1,))
    return _figure(atlas.svg(shown, paper), told(shown, paper), "", t("pack.chart_data", paper.lang), grid)


def _figure(svg: str, alt: str, caption: str, label: str, grid: str) -> str:
    """A picture that is one thing to a screen reader, with its values to open."""
    inner = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg[svg.index(">") + 1 :])
    opening = re.sub(r' (?:role|aria-[a-z]+)="[^"]*"', "", svg[: svg.index(">")])
    opening = re.sub(r' (?:width|height)="[^"]*"', "", opening)
    width = re.search(r'<svg[^>]* width="([\d.]+)"', svg)
    style = f' style="max-width:{width.group(1)}px"' if width else ""
    note = f"<figcaption>{caption}</figcaption>" if caption else ""
    return (
        f'<figure>{opening}{style} role="img" aria-label="{escape(alt, quote=True)}">{inner}{note}'
        f"<details><summary>{escape(label)}</summary>{grid}</details></figure>"
    )


def _table(paper: Paper, table: Table) -> str:
    columns, rows = paper.grid(table)
    right = [k for k, column in enumerate(columns) if column.kind not in _TEXTS]
    note = f"<p class='note'>{escape(paper.of(table.note))}</p>" if table.note else ""
    if not rows:
        return f"<p><b>{escape(paper.of(table.title))}</b>: {escape(t('pack.no_rows', paper.lang))}</p>{note}"
    whole = [k for k, column in enumerate(columns) if column.kind in _WHOLE]
    return _grid(paper.of(table.title), [paper.of(column.title) for column in columns], rows, right, whole) + note


def _grid(
    caption: str, header: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int], whole: Sequence[int] = ()
) -> str:
    """A table with its caption and headers, which scrolls by itself where it is wider than the page. Figures stand to
    the right, numbers and days (`whole`) are not broken, running text keeps a width that can be read."""
    long = {k for k in range(len(header)) if any(ems_of(row[k]) > _LONG for row in rows)}

    def cell(k: int, text: str) -> str:
        name = "n" if k in right else "k" if k in whole else "l" if k in long else ""
        side = f' class="{name}"' if name else ""
        return f'<th scope="row"{side}>{escape(text)}</th>' if k == 0 else f"<td{side}>{escape(text)}</td>"

    head = "".join(f'<th scope="col"{chr(32) + "class=n" if k in right else ""}>{escape(text)}</th>'
                   for k, text in enumerate(header))  # fmt: skip
    body = "".join("<tr>" + "".join(cell(k, text) for k, text in enumerate(row)) + "</tr>" for row in rows)
    name = escape(caption, quote=True)
    return (
        f'<div class="wide" role="group" tabindex="0" aria-label="{name}"><table><caption>{name}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _changes(paper: Paper) -> str:
    if not paper.changed():
        return ""
    header = [word("pack.number", "measure", paper.lang)]
    header += [word("pack.changed", name, paper.lang) for name in ("week", "sealed", "now", "why")]
    title = t("pack.changes", paper.lang)
    grid = _grid(title, header, paper.changed(), (2, 3))
    return f'<section id="changes"><h2>{escape(title)}</h2>{grid}</section>'


def _about(paper: Paper) -> str:
    pairs = "".join(f"<dt>{escape(label)}</dt><dd>{escape(text)}</dd>" for label, text in paper.about())
    told_as = "".join(
        f"<dt>{escape(code)} {escape(paper.of(name))}</dt><dd>{escape(paper.of(said))}</dd>"
        for code, name, said in paper.issue.definitions
    )
    if told_as:
        told_as = f"<h3>{escape(t('pack.definitions', paper.lang))}</h3><dl>{told_as}</dl>"
    return f'<section id="about"><h2>{escape(t("pack.about", paper.lang))}</h2><dl>{pairs}</dl>{told_as}</section>'
