"""How figures are written: decimal sign, percent, units behind the figure, values that stand for missing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from etl.infer.profile import Column

# Words that stand for nothing in exports; matched without regard to case.
TOKENS = (
    "NIL", "N/A", "NA", "n.a.", "null", "NULL", "None", "nan", "-", "--", "---", "—", "——", "/", "/0", "\\N",
    "(null)", "#DIV/0!",
    "#N/A", "#VALUE!", "#REF!", "#NULL!", "?", "??", "*", ".", "无", "空", "未知", "不详", "未填写", "无数据",
    "暂无", "Unknown",
    "unspecified", "missing", "not available", "not applicable", "undefined", "keine", "k.A.",
)  # fmt: skip
_TOKENS = {t.casefold() for t in TOKENS}
_PLAIN = re.compile(r"[-+]?(\d{1,3}(,\d{3})+|\d+)?(\.\d*)?([eE][-+]?\d+)?")
_COMMA = re.compile(r"[-+]?(\d{1,3}(\.\d{3})+|\d+),\d+")
_GROUPED_POINT = re.compile(r"[-+]?\d{1,3}(\.\d{3})+")
_WITH_UNIT = re.compile(
    r"(?P<before>[¥￥$€£]\s?)?(?P<figure>[-+]?[\d.,]+)(?P<after>\s?(%|‰|[次元个天秒分时小户人条件年月]{1,2}"
    r"|(?i:[kmgt]?bps|[kmgt]bytes?|[kmgt]b|mbit(/s)?|kbit/s|dbm?|ms|sec|min|km/h|mhz|deg|usd|eur|gbp|cny|rmb)|s|m|h))?"
)
_ALWAYS_WRONG = (2147483647, -2147483648, 4294967295, 1.7976931348623157e308, 65535, 99999, 999999, 9999999, -99999)
_OFTEN_WRONG = (-1, -9, -99, -200, -999, -9999, 999, 9999, 255, 32767, -32768, 127, -128)
_SUSPECTS = {float(v) for v in _ALWAYS_WRONG + _OFTEN_WRONG}
SENTINEL_SHARE = 0.0002


def is_token(text: str) -> bool:
    return text.casefold() in _TOKENS


@dataclass(frozen=True)
class Figure:
    """One text as a figure. `unit` is what stands around it, `percent` where that is a percent sign."""

    value: float
    unit: str = ""
    is_comma: bool = False

    @property
    def percent(self) -> bool:
        return self.unit.strip() == "%"


@cache
def figure(text: str) -> Figure | None:
    """The figure a text holds, or None. `1.234` counts as one and a bit; `1.234,5` has a decimal comma."""
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    plain = plain.strip(" '\"|\t")
    if not plain or len(plain) > 40 or not any(c.isdigit() for c in plain):
        return None
    if _PLAIN.fullmatch(plain):
        return _number(plain.replace(",", ""), "", False)
    if _COMMA.fullmatch(plain):
        return _number(plain.replace(".", "").replace(",", "."), "", True)
    hit = _WITH_UNIT.fullmatch(plain)
    if hit is None or not (hit["before"] or hit["after"]):
        return None
    inner = figure(hit["figure"])
    return inner and Figure(inner.value, (hit["before"] or "") + (hit["after"] or ""), inner.is_comma)


def _number(text: str, unit: str, is_comma: bool) -> Figure | None:
    try:
        return Figure(float(text), unit, is_comma)
    except (ValueError, OverflowError):
        return None


def sentinels(column: Column) -> list[str]:
    """Values that stand far outside all others and repeat, such as -1, -200 and 2147483647, as written."""
    pairs = [(text, n, f.value) for text, n in column.counts if (f := figure(text)) and not f.unit]
    if len(pairs) < 3:
        return []
    total = sum(n for _, n, _ in pairs)
    found: list[str] = []
    suspects = [p for p in pairs if p[2] in _SUSPECTS]
    plain = [v for _, _, v in pairs if v not in _SUSPECTS]
    for text, n, value in suspects:
        rest = plain + [v for t, _, v in suspects if v != value and v not in _ALWAYS_WRONG and t not in found]
        if len(rest) < 2:
            continue
        low, high = min(rest), max(rest)
        if low <= value <= high:
            continue
        gap = low - value if value < low else value - high
        spread = high - low
        is_certain = value in _ALWAYS_WRONG and gap > spread
        is_odd = n >= max(2, SENTINEL_SHARE * total) and gap > max(spread, 1) * 0.5
        below_zero = value == -1 and low >= 0 and n >= max(2, 0.001 * total) and (low > 0 or high > 20)
        if is_certain or is_odd or below_zero:
            found.append(text)
    return found
