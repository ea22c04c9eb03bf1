"""Badges: freshness by the source's own limit, at the release's clock."""

from datetime import datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from pages._shared.badges import Source, freshness

AS_OF = datetime(2025, 3, 31, 8, 30)


@pytest.mark.parametrize(
    ("age", "state"),
    [(timedelta(minutes=120), "fresh"), (timedelta(minutes=120, seconds=1), "stale"), (None, "no_data")],
)
def test_freshness(age, state):
    latest = None if age is None else AS_OF - age
    assert freshness(Source("工单", latest, 120), AS_OF) == state


def app(lang: str) -> None:
    from datetime import datetime

    import streamlit as st

    from pages._shared import badges

    as_of = datetime(2025, 3, 31, 8, 30)
    badges.as_of_badge(st, as_of, lang)
    badges.freshness_badge(st, badges.Source("A", datetime(2025, 3, 31, 8, 0), 120), as_of, lang)
    badges.freshness_badge(st, badges.Source("B", datetime(2025, 3, 28, 8, 0), 120), as_of, lang)
    badges.freshness_badge(st, badges.Source("C", None, 120), as_of, lang)
    badges.simulated_badge(st, lang)
    for severity in ("red", "orange", "yellow", "blue"):
        badges.severity_badge(st, severity, lang)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("zh", ["截至 3月31日 08:30", "A 数据新鲜", "B 数据过期", "C 没有数据", "模拟数据", "◆ 红", "● 蓝"]),
        (
            "en",
            [
                "As of 31 Mar 08:30",
                "A Data fresh",
                "B Data stale",
                "C No data",
                "Simulated data",
                "◆ Red",
                "● Blue",
            ],
        ),
    ],
)
def test_badges_draw(lang, words):
    at = AppTest.from_function(app, args=(lang,)).run()
    assert not at.exception
    shown = " ".join(m.value for m in at.markdown)
    assert [w for w in words if w not in shown] == []
