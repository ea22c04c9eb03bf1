"""A line of units below the header: what it says of each column, and the rule by which loading leaves it out.

What a unit does to a figure is decided in `columns.py`.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping
from typing import Any

from etl.infer.headers import as_unit

_BRACKETED = re.compile(r"[(（\[【][^()（）\[\]【】\d]{1,12}[)）\]】]")
_SILENT = {"-", "--", "—", "/", "无", "文本", "字符", "字符串", "日期", "text", "string", "none", "n/a"}
_REASON = {"zh": "单位行", "en": "line of units"}


def units_in(cells: Mapping[str, str | None]) -> dict[str, str]:
    """Header to unit where the first row holds units and nothing else; empty where it is a row like any other."""
    filled = {header: text.strip() for header, text in cells.items() if text and text.strip()}
    units = {header: unit for header, text in filled.items() if (unit := as_unit(text))}
    if not units or not all(h in units or _says_nothing(text) for h, text in filled.items()):
        return {}
    return units


def _says_nothing(text: str) -> bool:
    return text.casefold() in _SILENT or _BRACKETED.fullmatch(text) is not None


def exclusion(cells: Mapping[str, str | None], units: Mapping[str, str], later: Mapping[str, Container[str]]) -> Any:
    """The `[[exclude]]` that leaves the line out, by the unit that no row below repeats; None where all do."""
    for header in sorted(units, key=lambda h: -len(cells[h] or "")):
        text = (cells[header] or "").strip()
        if text not in later[header]:
            return {"from": header, "matches": rf"^\s*{_escaped(text)}\s*$", "reason": _REASON}
    return None


def _escaped(text: str) -> str:
    """For the engine's dialect, which allows a backslash before signs only."""
    return "".join(f"\\{c}" if c in r"\.+*?()|[]{}^$" else c for c in text)
