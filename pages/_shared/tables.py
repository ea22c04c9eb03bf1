"""Tables on the page and as a file. No queries: frames arrive with the rows and columns that may be shown."""

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import streamlit as st

from pages._shared.access import exports, seen
from pages._shared.numbers import DASH
from pages._shared.text import Lang, t
from pages._shared.theme import ROW_HEIGHT
from warehouse.watermark import Mark, csv_text

Format = Literal["text", "count", "rate", "per_10k", "minutes", "date", "moment"]
# st.dataframe formats in the browser, so these are its patterns; rates are stored 0–1 and shown in %.
_NUMBER = {"count": "%,d", "per_10k": "%.2f", "minutes": "%,.0f", "rate": "percent"}
_TIME = {"date": "YYYY-MM-DD", "moment": "YYYY-MM-DD HH:mm"}


@dataclass(frozen=True)
class Column:
    """One column: the field, its name in the reader's language, its unit and how it is written."""

    field: str
    name: str
    format: Format = "text"
    unit: str = ""
    help: str = ""
    width: Literal["small", "medium", "large"] | int | None = None  # a number: px

    def header(self, lang: Lang) -> str:
        """The name, with the unit where there is one."""
        return t("table.header_unit", lang, name=self.name, unit=self.unit) if self.unit else self.name


def column_config(columns: Sequence[Column], lang: Lang) -> dict[str, Any]:
    """Column configuration of `st.dataframe`: unit in the header, numbers to the right."""
    return {c.field: _config(c, lang) for c in columns}


def show(
    container: Any,
    df: pd.DataFrame,
    columns: Sequence[Column],
    *,
    lang: Lang,
    alt: str,
    key: str | None = None,
    **options: Any,
) -> Any:
    """Draw `df` with 32 px rows and no index; returns what `st.dataframe` returns. Tickets shown leave a trail."""
    seen.note(df, key or "table")
    return container.dataframe(
        df,
        hide_index=True,
        row_height=ROW_HEIGHT,
        placeholder=DASH,
        column_order=[c.field for c in columns],
        column_config=column_config(columns, lang),
        alt=alt,
        key=key,
        **options,
    )


def csv_bytes(
    df: pd.DataFrame, columns: Sequence[Column], *, lang: Lang, mark: Mark | None = None, last: str = ""
) -> bytes:
    """The rows as CSV for Excel and WPS: UTF-8 with BOM, CRLF, and no text that a spreadsheet would run.

    With a mark its line stands last, after the rows, and its id is in the quotes. `last`: what is said after the rows.
    """
    from etl.privacy import neutralise

    lines: list[list[Any]] = [[neutralise(c.header(lang)) for c in columns]]
    for record in df[[c.field for c in columns]].to_dict("records"):
        lines.append([_cell(record[c.field], neutralise) for c in columns])
    if last:
        lines.append([neutralise(last)])
    if mark is not None:
        return csv_text([*lines, [neutralise(mark.line)]], mark.id).encode("utf-8-sig")
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(lines)
    return out.getvalue().encode("utf-8-sig")


def download(
    container: Any,
    df: pd.DataFrame | exports.Later,
    columns: Sequence[Column],
    *,
    lang: Lang,
    file_name: str,
    key: str,
    what: str,
    asked: tuple[Any, ...] = (),
    last: str = "",
    words: Callable[[pd.DataFrame], pd.DataFrame] = lambda rows: rows,
) -> None:
    """The CSV button of a list, made on click; where it holds tickets, the way to get leave first.

    `what` and `asked` say which list it is and how it was narrowed, as `exports.File` has them; `last` stands in the
    file after the rows. `words` makes ready texts of the rows, on click too: thousands of them cost more than a page.
    """

    def make(rows: pd.DataFrame, mark: Mark) -> bytes:
        return csv_bytes(words(rows), columns, lang=lang, mark=mark, last=last)

    file = exports.File(what, file_name, "text/csv", df, make, asked)
    label, tip = t("table.download", lang), t("table.download_help", lang)
    exports.offer(container, file, lang=lang, key=key, label=label, tip=tip)


def _config(column: Column, lang: Lang) -> Any:
    common: Mapping[str, Any] = {"help": column.help or None, "width": column.width}
    header = column.header(lang)
    if column.format in _NUMBER:
        return st.column_config.NumberColumn(header, format=_NUMBER[column.format], alignment="right", **common)
    if column.format == "date":
        return st.column_config.DateColumn(header, format=_TIME["date"], **common)
    if column.format == "moment":
        return st.column_config.DatetimeColumn(header, format=_TIME["moment"], **common)
    return st.column_config.TextColumn(header, **common)


def _cell(value: Any, neutralise: Any) -> Any:
    if value is None or value is pd.NaT or (not isinstance(value, str) and pd.isna(value)):
        return ""
    return neutralise(value) if isinstance(value, str) else value
