"""Figures that a role must not see: which go along with the small ones, what stands in their place, and the totals."""

from __future__ import annotations

import pandas as pd

from pages._shared import data, numbers, states
from pages._shared.frame import Frame
from pages._shared.text import t
from warehouse.analysis.suppression import protect_groups
from warehouse.periods import Period
from warehouse.query import SMALL_CELL


def visible(frame: Frame, groups: pd.DataFrame, value: str, within: str | None = None) -> pd.DataFrame:
    """The rows of `groups` that may stand beside their total, in their order.

    Where one group alone is small it would follow from the total, so the smallest other one goes with it. `within`
    names the column of groups that have a total each; without it the whole list has one.
    """
    too = protect_groups(groups, within, value, "is_small") & (frame.viewer.level == "L1")
    return groups[~groups["is_small"].astype(bool) & ~too]


def in_every_period(frame: Frame, asked: pd.DataFrame, key: str, value: str, within: str | None = None) -> pd.DataFrame:
    """The rows of groups that may be shown in each period: with one of them hidden, a change would be invented."""
    shown = [visible(frame, part, value, within).index for _, part in asked.groupby("period")]
    kept = shown[0].append(shown[1:]) if shown else asked.index
    gone = set(asked.drop(kept)[key])
    return asked[~asked[key].isin(gone)]


def labels(frame: Frame, cells: pd.DataFrame, texts: list[str]) -> list[str]:
    """What stands in each cell: its text, or the sign for why there is none."""
    hidden = t("state.hidden_too", frame.lang)
    return [
        f"<{SMALL_CELL}" if is_small else hidden if is_hidden else text
        for text, is_small, is_hidden in zip(texts, cells["is_small"], cells["is_hidden_too"], strict=True)
    ]


def note(frame: Frame, cells: pd.DataFrame) -> None:
    """What the signs mean, where there are any."""
    if cells["is_hidden_too"].any():
        states.note(t("state.protected", frame.lang, least=SMALL_CELL))
    elif cells["is_small"].any():
        states.note(t("state.suppressed", frame.lang, least=SMALL_CELL))


def left_out(frame: Frame, groups: pd.DataFrame, shown: pd.DataFrame) -> None:
    """What a list of bars says about groups that have none, where there are any."""
    gone = groups.loc[groups.index.difference(shown.index)]
    key = "state.left_out" if gone["is_small"].astype(bool).all() else "state.left_out_too"
    if len(gone):
        states.note(t(key, frame.lang, least=SMALL_CELL))


def total(frame: Frame, period: Period) -> str:
    """All complaints of the period, also those whose groups are hidden, as text."""
    whole = data.figures(["M01"], frame.viewer, [period], (), frame.filters)
    return numbers.count(whole["M01_num"].sum(), frame.lang)
