"""Figures asked together and put together again: which one select answers, and how the answers join.

Asking is `query.py`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from warehouse.measures import Measure, measures
from warehouse.periods import Period


def batches(ids: Sequence[str]) -> list[tuple[str, str, list[Measure]]]:
    """Measures that one select can answer together."""
    grouped: dict[tuple[str, str], list[Measure]] = {}
    for name in ids:
        entry = measures()[name]
        grouped.setdefault((entry.base, entry.basis), []).append(entry)
    return [(base, basis, entries) for (base, basis), entries in grouped.items()]


def side_by_side(left: pd.DataFrame, right: pd.DataFrame, on: list[str]) -> pd.DataFrame:
    """Both batches side by side. A number of customers that one batch hides is not told by the other."""
    merged = left.merge(right, on=on, how="outer", suffixes=("", "_right"))
    small = merged["is_small"].eq(True) | merged.pop("is_small_right").eq(True)
    if "n_customers_right" in merged:
        merged["n_customers"] = merged["n_customers"].fillna(merged.pop("n_customers_right")).mask(small)
    merged["is_small"] = small
    back = [merged.pop(c).eq(True) for c in ("is_kept_back", "is_kept_back_right") if c in merged]
    if back:
        merged["is_kept_back"] = back[0] | back[-1]
    return merged


def with_empty_periods(part: pd.DataFrame, entries: Sequence[Measure], periods: Sequence[Period]) -> pd.DataFrame:
    """A period in which nothing happened is a count of 0, not an unknown."""
    full = part.set_index("period").reindex([p.id for p in periods])
    for entry in entries:
        for column in (f"{entry.id}_num", f"{entry.id}_den"):
            if column in full and entry.kind not in ("mean", "quantile"):
                full[column] = full[column].fillna(0)
    if "n_customers" in full:
        full["n_customers"] = full["n_customers"].fillna(0)
    return full.rename_axis("period").reset_index()
