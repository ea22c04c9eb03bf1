"""What a frame of figures says, in words: pure functions from figures to sentences. No queries, no Streamlit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd

from pages._shared import numbers, verdicts
from pages._shared.numbers import Kind
from pages._shared.text import Lang, t
from pages._shared.verdicts import Change
from warehouse.analysis.calendar_compare import DayKinds, comparable
from warehouse.analysis.contribution import Explanation, Item
from warehouse.analysis.intervals import two_count_p
from warehouse.measures import Measure, measures
from warehouse.periods import Comparison, Period

Name = Callable[[str, Any], str]

_KIND: dict[str, Kind] = {"count": "count", "rate": "rate", "per_10k": "per_10k", "share": "rate"}


def kind_of(entry: Measure) -> Kind:
    """The number format of a measure: hours and minutes are shown as durations."""
    if entry.kind in _KIND:
        return _KIND[entry.kind]
    return "duration" if entry.unit.en in ("hours", "minutes") else "per_10k"


def scaled(entry: Measure, value: float | None) -> float | None:
    """Durations are formatted from minutes."""
    if value is None or pd.isna(value):
        return None
    return float(value) * 60 if entry.unit.en == "hours" else float(value)


def period_text(period: Period, lang: Lang) -> str:
    """3月29日(周六), 2025年第13周(3.24–3.30), 2025年2月, or first–last."""
    first, last = period.first, period.last
    if period.days == 1:
        return numbers.date(first, lang)
    if period.days == 7 and first.weekday() == 0:
        year, week, _ = first.isocalendar()
        return numbers.week(year, week, lang)
    if first.day == 1 and (last + timedelta(1)).day == 1 and first.month == last.month:
        return numbers.month(first.year, first.month, lang)
    return f"{numbers.date(first, lang, year=True)} – {numbers.date(last, lang, year=True)}"


def like_for_like(a: Period, b: Period | None, day_kind: DayKinds) -> bool:
    """False when holidays or make-up days fall into one of the two periods only."""
    if b is None:
        return False
    if max(a.days, b.days) > 45:
        return True
    result = comparable(_days(a), _days(b), day_kind)
    return result.ok or result.reason != "holiday_mismatch"


def change_of(
    measure: str, figures: pd.DataFrame, against: str, comparison: Comparison, day_kind: DayKinds, lang: Lang
) -> Change:
    """The change of a measure from period `against` to now, from a frame with one row a period."""
    entry = measures()[measure]
    now, then = row_of(figures, "now"), row_of(figures, against)
    other = {"before": comparison.before, "year_ago": comparison.year_ago}[against]
    fair = entry.basis == "live" or entry.kind in ("mean", "quantile") or like_for_like(comparison.now, other, day_kind)
    return verdicts.change(
        scaled(entry, _get(now, measure)),
        scaled(entry, _get(then, measure)),
        kind=kind_of(entry),
        good=entry.good,
        lang=lang,
        n=_int(now, f"{measure}_n"),
        n_before=_int(then, f"{measure}_n"),
        significant=_rates_differ(entry, now, then),
        comparable=fair,
    )


def _rates_differ(entry: Measure, now: pd.Series | None, then: pd.Series | None) -> bool | None:
    """Counts per user-month are compared as Poisson with their exposures; other kinds are judged by their format."""
    if entry.kind != "per_10k":
        return None
    top, base = f"{entry.id}_num", f"{entry.id}_den"
    parts = [_get(row, column) for row in (now, then) for column in (top, base)]
    if any(p is None or p <= 0 for p in parts):
        return None
    k1, e1, k2, e2 = (float(p) for p in parts if p is not None)
    return bool(two_count_p(k1, k2, e1, e2) < 0.05)


def row_of(figures: pd.DataFrame, period: str) -> pd.Series | None:
    at = np.flatnonzero(figures["period"].to_numpy() == period)
    return figures.iloc[int(at[0])] if len(at) else None


def value_text(measure: str, value: float | None, lang: Lang) -> str:
    entry = measures()[measure]
    return numbers.value(scaled(entry, value), kind_of(entry), lang)


def group_name(keys: dict[str, Any], name: Name, lang: Lang) -> str:
    """广陵区 · 网络质量 for {region_code: 321002, type_l1: NET}."""
    order = {"region_code": 0, "type_l1": 1, "type_code": 2, "channel_code": 3}
    parts = [name(d, c) for d, c in sorted(keys.items(), key=lambda kv: order.get(kv[0], 9))]
    return " · ".join(parts)


def cause(explanation: Explanation, name: Name, lang: Lang) -> str:
    """What moved the total, in one sentence; says so when nothing stands out."""
    if explanation.items:
        said = t("chart.list_separator", lang).join(_item(i, name, lang) for i in explanation.items)
        return t("finding.mainly", lang, groups=said)
    if explanation.is_broad:
        return t("finding.across", lang)
    return t("finding.no_driver", lang)


def _item(item: Item, name: Name, lang: Lang) -> str:
    return f"{group_name(item.keys, name, lang)} {numbers.difference(item.change, 'count', lang)}"


def as_title(said: str) -> str:
    """A clause standing alone begins with a capital."""
    return said[:1].upper() + said[1:]


def lost_month(n_overdue: int, n_accepted: int, target: float) -> int:
    """How many more tickets may be overdue this month before the strict target is missed; negative when it is."""
    return int((1 - target) * n_accepted + 1e-9) - n_overdue


def _days(period: Period) -> list[date]:
    return [period.first + timedelta(n) for n in range(period.days)]


def _get(row: pd.Series | None, column: str) -> float | None:
    if row is None or column not in row or pd.isna(row[column]):
        return None
    return float(row[column])


def _int(row: pd.Series | None, column: str) -> int | None:
    value = _get(row, column)
    return None if value is None else int(value)
