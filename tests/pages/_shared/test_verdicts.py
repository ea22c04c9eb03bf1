"""Better, worse, met, missed, and when neither may be said."""

import pytest

from pages._shared.numbers import DASH
from pages._shared.verdicts import change, lamp

NAN = float("nan")


def said(*args, **options):
    found = change(*args, lang="zh", **options)
    return found.text, found.word, found.colour, found.arrow


@pytest.mark.parametrize(
    ("now", "before", "options", "expected"),
    [
        (440, 551, {"kind": "count", "good": "down"}, ("-20.1%", "改善", "green", "down")),
        (551, 440, {"kind": "count", "good": "down"}, ("+25.2%", "恶化", "orange", "up")),
        (560, 551, {"kind": "count", "good": "down"}, ("+1.6%", "正常波动", "gray", "up")),
        (551, 551, {"kind": "count", "good": "down"}, ("0.0%", "正常波动", "gray", "off")),
        (9, 5, {"kind": "count", "good": "down", "unit": "tickets"}, ("+4件", "正常波动", "gray", "up")),
        (9, 0, {"kind": "count", "good": "down"}, ("+9", "恶化", "orange", "up")),
        (25, 19, {"kind": "count", "good": "down"}, ("+6", "正常波动", "gray", "up")),
        (26, 20, {"kind": "count", "good": "down"}, ("+30.0%", "正常波动", "gray", "up")),
        (
            0.762,
            0.701,
            {"kind": "rate", "good": "up", "n": 462, "n_before": 551},
            ("+6.1 pp", "改善", "green", "up"),
        ),
        (
            0.731,
            0.801,
            {"kind": "rate", "good": "up", "n": 900, "n_before": 900},
            ("-7.0 pp", "恶化", "orange", "down"),
        ),
        (
            0.75,
            0.77,
            {"kind": "rate", "good": "up", "n": 100, "n_before": 100},
            ("-2.0 pp", "正常波动", "gray", "down"),
        ),
        (
            0.4,
            0.8,
            {"kind": "rate", "good": "up", "n": 29, "n_before": 400},
            ("-40.0 pp", "样本不足", "gray", "down"),
        ),
        (
            0.4,
            0.8,
            {"kind": "rate", "good": "up", "n": 400, "n_before": 29},
            ("-40.0 pp", "样本不足", "gray", "down"),
        ),
        (0.4, 0.8, {"kind": "rate", "good": "up", "n": 0, "n_before": 400}, (DASH, "", "gray", "off")),
        (0.4, 0.8, {"kind": "rate", "good": "up", "n": 400, "n_before": 0}, (DASH, "", "gray", "off")),
        (None, 5, {"kind": "count", "good": "down"}, (DASH, "", "gray", "off")),
        (5, NAN, {"kind": "count", "good": "down"}, (DASH, "", "gray", "off")),
        (6.0, 0, {"kind": "per_10k", "good": "down"}, (DASH, "", "gray", "off")),
        (6.0, 7.0, {"kind": "per_10k", "good": "down", "n_before": 500}, ("-14.3%", "改善", "green", "down")),
        (
            6.0,
            7.0,
            {"kind": "per_10k", "good": "down", "n_before": 19},
            ("-1.00", "样本不足", "gray", "down"),
        ),
        (600, 900, {"kind": "duration", "good": "down", "n_before": 80}, ("-33.3%", "改善", "green", "down")),
        (460, 551, {"kind": "count", "good": "none"}, ("-16.5%", "有变化", "gray", "down")),
        (
            460,
            551,
            {"kind": "count", "good": "down", "significant": False},
            ("-16.5%", "正常波动", "gray", "down"),
        ),
        (552, 551, {"kind": "count", "good": "down", "significant": True}, ("+0.2%", "恶化", "orange", "up")),
        (460, 551, {"kind": "count", "good": "down", "comparable": False}, (DASH, "不可比", "gray", "off")),
    ],
)
def test_change(now, before, options, expected):
    assert said(now, before, **options) == expected


def test_holidays_are_named_in_full_beside_the_chip():
    found = change(1, 2, kind="count", good="up", lang="zh", comparable=False)
    assert (found.verdict, found.long_word) == ("holiday", "节假日不可比")


def test_change_in_english():
    found = change(440, 551, kind="count", good="down", lang="en")
    assert (found.text, found.word, found.long_word) == ("-20.1%", "Better", "better")


@pytest.mark.parametrize("now", [-3.0, 0.0, 2.0, 19.0, 1e9])
@pytest.mark.parametrize("before", [-3.0, 0.0, 2.0, 20.0, 1e9])
@pytest.mark.parametrize("kind", ["count", "rate", "per_10k", "duration", "money"])
def test_the_arrow_follows_the_sign_and_colours_are_named(now, before, kind):
    found = change(now, before, kind=kind, good="up", lang="zh")
    assert found.colour in ("green", "orange", "gray")
    assert {"+": "up", "-": "down"}.get(found.text[0], "off") == found.arrow
    assert len(found.word) <= 4


@pytest.mark.parametrize(
    ("x", "target", "options", "expected"),
    [
        (0.96, 0.95, {"good": "up"}, ("达标", "green", "+1.0 pp")),
        (0.95, 0.95, {"good": "up"}, ("达标", "green", "0.0 pp")),
        (0.9497, 0.95, {"good": "up"}, ("达标", "green", "0.0 pp")),
        (0.94, 0.95, {"good": "up"}, ("临界", "orange", "-1.0 pp")),
        (0.93, 0.95, {"good": "up"}, ("临界", "orange", "-2.0 pp")),
        (0.92, 0.95, {"good": "up"}, ("未达标", "red", "-3.0 pp")),
        (0.081, 0.08, {"good": "down"}, ("临界", "orange", "+0.1 pp")),
        (0.07, 0.08, {"good": "down"}, ("达标", "green", "-1.0 pp")),
        (0.2, 0.95, {"good": "up", "n": 29}, ("样本不足", "gray", "-75.0 pp")),
        (0.2, 0.95, {"good": "up", "n": 30}, ("未达标", "red", "-75.0 pp")),
        (6.7, 6.6, {"good": "down", "kind": "per_10k"}, ("临界", "orange", "+0.10")),
        (6.9, 6.6, {"good": "down", "kind": "per_10k"}, ("未达标", "red", "+0.30")),
        (None, 0.95, {"good": "up"}, ("无目标", "gray", DASH)),
        (0.9, None, {"good": "up"}, ("无目标", "gray", DASH)),
    ],
)
def test_lamp(x, target, options, expected):
    found = lamp(x, target, lang="zh", **options)
    assert (found.word, found.colour, found.gap) == expected
