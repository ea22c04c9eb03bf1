"""Word documents: the bulletin, the minutes and the orders. Native paragraphs, tables and styles; 黑体 and 仿宋."""

from __future__ import annotations

import io

from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm

from alerts.review.bundle import Chart, Item, Map, Table, Words
from pages._pack import atlas, plots
from pages._pack.paper import Order, Paper, clean, number_cells, number_header, part
from pages._pack.telling import told
from pages._pack.word import as_bytes, grid, new, pairs
from pages._shared import numbers
from pages._shared.text import Lang, t, word

ASKED = ("warning", "hotspot", "case")  # what becomes a measure once somebody decides so
SHOWN = 40  # rows of a table on paper; the workbook has all


def bulletin(paper: Paper) -> bytes:
    """通报: what the week was, item by item, with its tables and pictures."""
    doc = new(paper, t("pack.bulletin_title", paper.lang))
    _summary(doc, paper)
    for screen in paper.issue.screens:
        doc.add_heading(paper.of(screen.title), 1)
        if [screen.finding] != [item.finding for item in screen.items[:1]]:
            doc.add_paragraph(paper.of(screen.finding))
        for item in screen.items:
            _item(doc, paper, item)
        if not screen.items:
            doc.add_paragraph(t("pack.nothing", paper.lang))
    if paper.issue.annex:
        doc.add_heading(t("pack.annex", paper.lang), 1)
        for item in paper.issue.annex:
            _item(doc, paper, item)
    _changes(doc, paper)
    _about(doc, paper)
    return as_bytes(doc)


def minutes(paper: Paper) -> bytes:
    """会议纪要: agenda with findings, what was decided, and what still waits for a decision."""
    lang = paper.lang
    doc = new(paper, t("pack.minutes_title", lang))
    blank = "　" * 12
    known = {"attendees": clean(paper.meeting.attendees)}
    names = ("time", "chair", "attendees", "keeper")
    pairs(doc, [(word("pack.meeting", name, lang), known.get(name) or blank) for name in names])
    _summary(doc, paper)
    doc.add_heading(t("pack.agenda", lang), 1)
    for screen in paper.issue.screens:
        doc.add_heading(paper.of(screen.title), 2)
        doc.add_paragraph(paper.of(screen.finding))
        for item in screen.items:
            if item.finding != screen.finding:
                doc.add_paragraph(_finding(paper, item), style="List Bullet")
    if paper.meeting.minutes:
        doc.add_heading(t("pack.discussed", lang), 1)
        for line in clean(paper.meeting.minutes, 20_000).split("\n"):
            doc.add_paragraph(line)
    doc.add_heading(t("pack.decisions", lang), 1)
    heads = ("number", "title", "measure", "department", "person", "due")
    decided = [order for order in paper.orders if order.is_decided]
    rows = [[o.number, o.title, o.measure, o.department, o.person, _day(o, lang)] for o in decided]
    if rows:
        grid(doc, [word("pack.order", name, lang) for name in heads], rows, ())
    else:
        doc.add_paragraph(t("pack.no_decisions", lang))
    waiting = _waiting(paper)
    if waiting:
        doc.add_heading(t("pack.pending", lang), 1)
        for item in waiting:
            doc.add_paragraph(_finding(paper, item), style="List Bullet")
    _about(doc, paper)
    return as_bytes(doc)


def orders(paper: Paper) -> bytes:
    """督办单: a page for each supervised action, and a form to fill for each warning or place that waits for a
    decision; what is in the register already has its form or needs none."""
    lang = paper.lang
    doc = new(paper, t("pack.orders_title", lang))
    forms = [(order, _item_of(paper, order.source)) for order in paper.orders if order.is_supervised]
    for waiting in _waiting(paper):
        kind, _, number = waiting.source.partition(":")
        if kind in ASKED:
            origin = f"{word('pack.source', kind, lang)} {number}"
            forms.append((Order("", waiting.source, paper.of(waiting.finding), origin), waiting))
    if not forms:
        doc.add_paragraph(t("pack.no_orders", lang))
    for k, (order, item) in enumerate(forms):
        if k:
            doc.add_page_break()
        with part("docx", order.title):
            doc.add_heading(clean(order.title, 200), 1)
            pairs(doc, _form(paper, order, item))
    _about(doc, paper)
    return as_bytes(doc)


def _form(paper: Paper, order: Order, item: Item | None) -> list[tuple[str, str]]:
    lang = paper.lang
    severity = word("pack.severity", item.severity, lang) if item and item.severity else ""
    evidence = "\n".join(paper.of(said) for said in item.evidence) if item else ""
    reply = numbers.date(order.reply, lang, year=True) if order.reply else ""
    values = {
        "number": order.number, "title": order.problem or order.title, "source": order.origin or order.source,
        "level": order.level or severity, "state": order.state, "evidence": evidence,
        "measure": order.measure, "department": order.department, "person": order.person,
        "due": _day(order, lang), "reply": reply, "verify": order.verify, "signed": "", "signed_at": "", "result": "",
    }  # fmt: skip
    return [(word("pack.order", name, lang), clean(value)) for name, value in values.items()]


def _waiting(paper: Paper) -> list[Item]:
    """Items that want a decision and have none yet."""
    decided = {order.source for order in paper.orders}
    return [i for _, i in paper.items() if i.wants_decision and (not i.source or i.source not in decided)]


def _item_of(paper: Paper, source: str) -> Item | None:
    return next((item for _, item in paper.items() if source and item.source == source), None)


def _day(order: Order, lang: Lang) -> str:
    return numbers.date(order.due, lang, year=True) if order.due else ""


def _finding(paper: Paper, item: Item) -> str:
    severity = f"{word('pack.severity', item.severity, paper.lang)} " if item.severity else ""
    return severity + paper.of(item.finding)


def _summary(doc: Doc, paper: Paper) -> None:
    doc.add_heading(t("pack.summary", paper.lang), 1)
    for said in paper.issue.summary:
        doc.add_paragraph(paper.of(said), style="List Bullet")
    if not paper.issue.summary:
        doc.add_paragraph(t("pack.nothing", paper.lang))


def _item(doc: Doc, paper: Paper, item: Item) -> None:
    doc.add_heading(_finding(paper, item), 2)
    if item.numbers:
        with part("docx", paper.of(item.finding)):
            rows = [number_cells(number, paper) for number in item.numbers]
            grid(doc, number_header(paper.lang, item.id), rows, range(1, 6))
    for chart in item.charts:
        _picture(doc, paper, chart)
    if item.map is not None:
        _picture(doc, paper, item.map)
    for table in item.tables:
        _table(doc, paper, table)
    if item.evidence:
        joined = " ".join(paper.of(said) for said in item.evidence)
        doc.add_paragraph(f"{t('pack.evidence', paper.lang)}: {joined}", style="Caption")


def _picture(doc: Doc, paper: Paper, shown: Chart | Map) -> None:
    title = paper.of(shown.title)
    with part("docx", title):
        # The heading above says the finding: the picture is headed by what it shows.
        bare = shown.model_copy(update={"title": shown.subtitle, "subtitle": Words(zh="", en="")})
        drawn = atlas.svg(bare, paper) if isinstance(bare, Map) else plots.svg(bare, paper)
        wide = Mm(110) if isinstance(shown, Map) else Mm(150)
        doc.add_picture(io.BytesIO(plots.png(drawn)), width=wide)
        last = doc.paragraphs[-1]
        last.alignment = WD_ALIGN_PARAGRAPH.CENTER
        for about in last._p.iter(qn("wp:docPr")):
            about.set("descr", told(shown, paper))
            about.set("title", clean(title, 200))
    if isinstance(shown, Chart) and shown.marks:
        doc.add_paragraph(paper.marks(shown), style="Caption")


def _table(doc: Doc, paper: Paper, table: Table) -> None:
    with part("docx", paper.of(table.title)):
        columns, rows = paper.grid(table)
        doc.add_paragraph(paper.of(table.title), style="Caption").paragraph_format.keep_with_next = True
        right = [k for k, column in enumerate(columns) if column.kind not in ("text", "id", "date", "instant")]
        if rows:
            grid(doc, [paper.of(column.title) for column in columns], rows[:SHOWN], right)
        else:
            doc.add_paragraph(t("pack.no_rows", paper.lang))
        notes = [paper.of(table.note)] if table.note else []
        if len(rows) > SHOWN:
            notes.append(t("pack.rows_left", paper.lang, shown=SHOWN, all=len(rows)))
        if notes:
            doc.add_paragraph(" ".join(notes), style="Caption")


def _changes(doc: Doc, paper: Paper) -> None:
    if not paper.changed():
        return
    doc.add_heading(t("pack.changes", paper.lang), 1)
    header = [word("pack.number", "measure", paper.lang)]
    header += [word("pack.changed", name, paper.lang) for name in ("week", "sealed", "now", "why")]
    grid(doc, header, paper.changed(), (2, 3))


def _about(doc: Doc, paper: Paper) -> None:
    doc.add_heading(t("pack.about", paper.lang), 1)
    pairs(doc, paper.about())
    if paper.issue.definitions:
        doc.add_heading(t("pack.definitions", paper.lang), 2)
        pairs(doc, [(f"{code} {paper.of(name)}", paper.of(said)) for code, name, said in paper.issue.definitions])
