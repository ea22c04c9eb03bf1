"""Numbers and dates as people read them. Nothing is computed here that a measure should define.

Every function returns text in one language, and "—" for what is missing (None, NaN, infinite). Rounding is
half up, as on paper. Signs are the ASCII "+" and "-": the arrow of a metric follows the first character.
"""

import math
from datetime import date as Date
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache
from typing import Literal

from pages._shared.text import Lang, t, word

Kind = Literal["count", "rate", "per_10k", "duration", "money"]

DASH = "—"
HOURS_UNTIL_DAYS = 72


def number(x: object) -> float | None:
    """`x` as a finite float, or None."""
    try:
        value = float(x)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    return value if math.isfinite(value) else None


def fixed(x: float, places: int) -> str:
    """`x` rounded half up, with thousands separators and never "-0.0"."""
    rounded = _round(x, places)
    return f"{rounded if rounded else abs(rounded):,.{places}f}"


def count(n: float | None, lang: Lang, unit: str | None = None) -> str:
    """A count: 9,876; 1.2万 and 1.20亿 in Chinese, 12.0k and 1.20M in English.

    `unit` is a code, such as tickets.
    """
    value = number(n)
    if value is None:
        return DASH
    text = _short(value, lang)
    if unit is None:
        return text
    return word("unit", unit, lang, n=text)


def rate(x: float | None, lang: Lang) -> str:
    """A rate 0–1 as 76.2%."""
    value = number(x)
    return DASH if value is None else f"{fixed(value * 100, 1)}%"


def pp(dx: float | None, lang: Lang, *, prose: bool = False, signed: bool = True) -> str:
    """A difference of rates (0–1): "-1.9 pp", or in a sentence "1.9个百分点"."""
    value = number(dx)
    if value is None:
        return DASH
    text = signed_text(value * 100, 1) if signed else fixed(abs(value) * 100, 1)
    return t("unit.pp_prose", lang, n=text) if prose else t("unit.pp", lang, n=text)


def per_10k(x: float | None) -> str:
    """Complaints per 10,000 users, two decimals."""
    value = number(x)
    return DASH if value is None else fixed(value, 2)


def duration(minutes: float | None, lang: Lang) -> str:
    """42分钟, 36.5小时 (from one hour), 3.2天 (from 72 hours)."""
    value = number(minutes)
    if value is None:
        return DASH
    if abs(_round(value, 0)) < 60:
        return t("unit.minutes", lang, n=fixed(value, 0))
    if abs(_round(value / 60, 1)) < HOURS_UNTIL_DAYS:
        return t("unit.hours", lang, n=fixed(value / 60, 1))
    return t("unit.days", lang, n=fixed(value / 1440, 1))


def money(yuan: float | None, lang: Lang, *, places: int = 2) -> str:
    """48.60元; from 10,000: 12.3万元; from 10⁸: 1.20亿元 (English ¥123.0k, ¥120.00M). `places` of small sums."""
    value = number(yuan)
    if value is None:
        return DASH
    if abs(_round(value, places)) < 10_000:
        return _currency(t("unit.yuan", lang, n=fixed(abs(value), places)), value)
    scaled, big = _scale(abs(value), lang)
    return _currency(t("unit.yi_yuan" if big else "unit.wan_yuan", lang, n=scaled), value)


def date(d: Date, lang: Lang, *, year: bool = False) -> str:
    """3月24日(周一); English Mon 24 Mar."""
    parts = {
        "month": word("month", d.month, lang),
        "day": d.day,
        "weekday": word("weekday", d.isoweekday(), lang),
    }
    return t("format.date_year", lang, year=d.year, **parts) if year else t("format.date", lang, **parts)


def day(d: Date, lang: Lang) -> str:
    """3.24; English 24 Mar. For axes."""
    return t("format.day", lang, month=word("month", d.month, lang), day=d.day)


def moment(at: datetime, lang: Lang) -> str:
    """3月31日 08:30; English 31 Mar 08:30."""
    return t("format.moment", lang, month=word("month", at.month, lang), day=at.day, clock=at.strftime("%H:%M"))


@lru_cache(maxsize=2000)
def week(iso_year: int, iso_week: int, lang: Lang) -> str:
    """2025年第13周(3.24–3.30); English 2025-W13 (24 Mar–30 Mar)."""
    start = Date.fromisocalendar(iso_year, iso_week, 1)
    end = start + timedelta(days=6)
    return t("format.week", lang, year=iso_year, week=iso_week, start=day(start, lang), end=day(end, lang))


def month(year: int, number_of_month: int, lang: Lang) -> str:
    """2025年3月; English Mar 2025."""
    return t("format.month", lang, year=year, month=word("month", number_of_month, lang))


def value(x: float | None, kind: Kind, lang: Lang) -> str:
    """Any value by its kind (duration in minutes, money in yuan)."""
    if kind == "count":
        return count(x, lang)
    if kind == "rate":
        return rate(x, lang)
    if kind == "per_10k":
        return per_10k(x)
    return duration(x, lang) if kind == "duration" else money(x, lang)


def target(x: float | None, kind: Kind, lang: Lang) -> str:
    """A target as it was set: 95%, not 95.0%."""
    return value(x, kind, lang).replace(".0%", "%")


def difference(dx: float | None, kind: Kind, lang: Lang, unit: str | None = None) -> str:
    """An absolute change, signed."""
    found = number(dx)
    if found is None:
        return DASH
    if kind == "rate":
        return pp(found, lang)
    text = count(abs(found), lang, unit) if kind == "count" else value(abs(found), kind, lang)
    is_zero = text == (count(0, lang, unit) if kind == "count" else value(0, kind, lang))
    return text if is_zero else f"{'-' if found < 0 else '+'}{text}"


def signed_text(x: float, places: int) -> str:
    """`x` rounded, with its sign; zero has none."""
    rounded = _round(x, places)
    return f"{'+' if rounded > 0 else ''}{fixed(x, places)}"


def _round(x: float, places: int) -> Decimal:
    return Decimal(str(x)).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _short(x: float, lang: Lang) -> str:
    if abs(_round(x, 0)) < 10_000:
        return fixed(x, 0)
    text, big = _scale(x, lang)
    return t("unit.hundred_million" if big else "unit.myriad", lang, n=text)


def _scale(x: float, lang: Lang) -> tuple[str, bool]:
    """Text in the language's big unit, and whether it is the bigger one (亿 or M)."""
    small, large = (1e4, 1e8) if lang == "zh" else (1e3, 1e6)
    # 99,999,999 must not read 10,000.0万
    if abs(_round(x / small, 1)) >= Decimal(large / small):
        return fixed(x / large, 2), True
    return fixed(x / small, 1), False


def _currency(text: str, signed: float) -> str:
    return f"-{text}" if signed < 0 else text
