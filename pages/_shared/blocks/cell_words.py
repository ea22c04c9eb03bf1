"""Words about one cell: what it is called, what is worst about it."""

from __future__ import annotations

from typing import Any

from pages._shared import numbers
from pages._shared.text import Lang, t, word
from warehouse.hotspots import radio


def name(row: Any) -> str:
    """The cell's own name, else its number."""
    given = row.cell_name
    return str(given) if isinstance(given, str) and given else str(row.cell_id)


def worst(row: Any, lang: Lang) -> str:
    """The worst figure with its value; "—" where nothing is worth a word."""
    if row.state == radio.SILENT:
        return word("cell_state", radio.SILENT, lang)
    which = radio.FIGURES[0] if row.state == radio.OUT else row.worst
    if not which:
        return numbers.DASH
    value = getattr(row, which)
    said = f"{numbers.fixed(value, 1)} dBm" if which == "interference" else numbers.rate(value, lang)
    return f"{word('radio', which, lang)} {said}"


def excess(value: float, lang: Lang) -> str:
    """Complaints beyond those expected, with a sign."""
    return numbers.signed_text(value, 1)


def expected(value: float, lang: Lang) -> str:
    return t("cell.about_n", lang, n=numbers.fixed(value, 1))
