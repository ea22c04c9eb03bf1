"""Warnings per week of two versions: blocks add up, pale and outlined ones lie outside, the sentence counts."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest

from pages._shared.charts.episodes import MOST_UNITS, episode_weeks, episode_weeks_alt
from pages._shared.text import LANGS, Lang

COLUMNS = ["lane", "week", "severity", "state", "text"]
ROWS = pd.DataFrame(
    [("now", 0, "orange", "gone", "a"), ("now", 0, "yellow", "kept", "b"), ("now", 0, "red", "kept", "c"),
     ("now", 3, "yellow", "gone", "d"), ("new", 0, "red", "kept", "e"), ("new", 2, "orange", "added", "f")],
    columns=COLUMNS,
)  # fmt: skip


def drawn(df: pd.DataFrame, lang: Lang = "zh", **more: object) -> dict[str, object]:
    given = {"first": date(2025, 3, 3), "n_weeks": 4, "floods": {"now": [0]}, "lanes": ("v1", "new"), **more}
    return episode_weeks(df, lang=lang, mode="dark", title="x", **given).to_dict()  # type: ignore[arg-type]


def blocks(chart: dict[str, object]) -> pd.DataFrame:
    datasets = chart["datasets"]
    assert isinstance(datasets, dict)
    return next(pd.DataFrame(rows) for rows in datasets.values() if rows and "high" in rows[0])


@pytest.mark.parametrize("lang", LANGS)
def test_blocks_stand_on_the_line_and_hang_from_it(lang: Lang) -> None:
    found = blocks(drawn(ROWS, lang))
    first = found[(found["lane"] == "now") & (found["week"] == 0)].sort_values("high")
    assert list(first["severity"]) == ["red", "yellow", "orange"], "what both raise stands next to the line"
    assert list(first["base"]) == [0, 1, 2] and list(first["high"]) == [1, 2, 3]
    assert list(first["opacity"]) == [1, 1, 0.28]
    assert set(found[found["lane"] == "new"]["high"]) == {-1}


def test_many_are_drawn_as_bars() -> None:
    many = pd.DataFrame([("now", n % 4, "yellow", "kept", "x") for n in range(MOST_UNITS + 1)], columns=COLUMNS)
    found = blocks(drawn(many))
    assert len(found) == 4 and found["high"].sum() == MOST_UNITS + 1


def test_nothing_is_drawn_of_nothing() -> None:
    empty = pd.DataFrame(columns=COLUMNS)
    assert drawn(empty)
    assert drawn(empty, incidents=[(1.5, "x")])


def test_the_sentence_counts_both() -> None:
    said = episode_weeks_alt(ROWS, lang="en", title="Warnings", lanes=("In force, v1", "Changed"))
    assert "In force, v1: 4" in said and "Changed: 2" in said
    alone = episode_weeks_alt(ROWS[:4], lang="en", title="Warnings", lanes=("In force, v1", "Changed"))
    assert "Changed" not in alone
