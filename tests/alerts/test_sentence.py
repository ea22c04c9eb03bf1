"""What a warning says: every rule speaks both languages and names only figures that it has."""

from __future__ import annotations

import string
from datetime import datetime

import pytest

from alerts.rules import load_rules
from alerts.sentence import WITHHELD, WRITE, scope_name, sentence

RULES = load_rules()
NAMES = {("district", "321002", "zh"): "广陵区", ("district", "321002", "en"): "Guangling",
         ("type", "NET", "zh"): "网络质量", ("type", "NET", "en"): "Network"}  # fmt: skip


def name(kind: str, code: str, lang: str) -> str:
    return NAMES.get((kind, code, lang), code)


def places(text: str) -> list[tuple[str, str]]:
    """Figures and words of a sentence; a word that is told in both languages is one."""
    found = [(field, spec or "") for _, field, spec, _ in string.Formatter().parse(text) if field]
    return [(field.removesuffix("_zh").removesuffix("_en"), spec) for field, spec in found]


@pytest.mark.parametrize("rule_id", RULES)
def test_both_languages_say_the_same_figures(rule_id: str) -> None:
    words = RULES[rule_id].sentence
    assert sorted(places(words.zh)) == sorted(places(words.en))
    assert ("scope", "") in places(words.zh)
    assert all(spec in WRITE for field, spec in places(words.zh) if field != "scope")


def test_a_sentence_is_filled() -> None:
    seen = {"n_now": 17.0, "baseline": 3.9375, "limit_count": 11.0}
    said = [sentence(RULES["RC01"], "NET/321002", seen, name, lang) for lang in ("zh", "en")]
    assert said[0] == "广陵区网络质量投诉24小时内17件，往日同段平均3.9件，11件即异常"
    assert said[1] == "Network in Guangling: 17 complaints in 24 hours, 3.9 on such days; 11 or more are unusual"


def test_parts_of_a_list_that_are_zero_are_left_out() -> None:
    seen = {"n": 3, "n_tagged": 0, "n_chased": 3, "n_third": 0, "worst": "T1"}
    said = [sentence(RULES["RC06"], "BIL", seen, name, lang) for lang in ("zh", "en")]
    assert said == ["BIL有3件可能升级：3件催过两次以上：T1", "BIL: 3 may go outside: 3 chased twice or more: T1"]
    assert "0件有升级表示，0件催过" in sentence(RULES["RC06"], "BIL", {**seen, "n_chased": 0}, name, "zh")


def test_what_is_missing_is_a_dash() -> None:
    assert "满意率—" in sentence(RULES["RT01"], "BIL", {"rate": None, "n": float("nan")}, name, "zh")


def test_scopes_of_two_dimensions() -> None:
    assert scope_name("type_district", "NET/321002", name, "zh") == "广陵区网络质量"
    assert scope_name("dept", "BIL", name, "en") == "BIL"


@pytest.mark.parametrize(
    "style, value, zh, en",
    [
        ("hours", 0.5, "30分钟", "30 min"),
        ("hours", 36.5, "36.5小时", "36.5 h"),
        ("hours", 76.8, "3.2天", "3.2 days"),
        ("pp", 0.284, "28.4个百分点", "28.4 pp"),
        ("times", 4.317, "4.3倍", "4.3 times"),
        ("moment", datetime(2025, 3, 30, 19, 12), "3月30日19:12", "30 Mar 19:12"),
        ("moment", "2025-03-30T19:12:00", "3月30日19:12", "30 Mar 19:12"),
        ("rate", 0.9, "90.0%", "90.0%"),
        ("count", 1234.0, "1,234", "1,234"),
    ],
)
def test_numbers_as_on_the_pages(style: str, value: object, zh: str, en: str) -> None:
    assert (WRITE[style](value, "zh"), WRITE[style](value, "en")) == (zh, en)


def test_a_list_that_is_withheld_is_left_off() -> None:
    seen = {"n": 3, "n_tagged": 0, "n_chased": 3, "n_third": 0, "worst": WITHHELD}
    said = [sentence(RULES["RC06"], "CARE", seen, name, lang) for lang in ("zh", "en")]
    assert said == ["CARE有3件可能升级：3件催过两次以上", "CARE: 3 may go outside: 3 chased twice or more"]
