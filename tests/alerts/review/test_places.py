"""Where a hotspot is, in words: the place by its name in each language, else the town, else its number."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from alerts.review.bundle import Words
from alerts.review.places import _place

NONE = float("nan")


@pytest.mark.parametrize(
    ("name", "english", "town", "said"),
    [
        ("四季园", "Sijiyuan", "东关街道", Words(zh="四季园·东关街道", en="Sijiyuan · 东关街道")),
        (NONE, NONE, "安宜镇", Words(zh="安宜镇", en="安宜镇")),
        ("四季园", "P1", NONE, Words(zh="四季园", en="四季园")),
        (None, None, None, Words(zh="H1", en="H1")),
    ],
)
def test_a_hotspot_is_called_by_its_place(name: Any, english: Any, town: Any, said: Words) -> None:
    row = SimpleNamespace(place_name=name, place_en=english, town=town, hotspot_id="H1", place_id="P1")
    assert _place(cast(Any, row)) == said
