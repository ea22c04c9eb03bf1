"""Figures that functions work out: each is defined once, in both languages, and its function and tables exist."""

from __future__ import annotations

import importlib
import re

import pytest

from pages._shared.text import LANGS, word
from warehouse.catalog import models
from warehouse.derived import Derived, derived
from warehouse.measures import measures

HAN = re.compile("[\u4e00-\u9fff]")


def test_no_figure_is_defined_twice() -> None:
    assert derived().keys() & measures().keys() == set()


@pytest.mark.parametrize("entry", derived().values(), ids=list(derived()))
def test_a_definition_names_what_there_is(entry: Derived) -> None:
    module, _, name = entry.function.partition(":")
    assert callable(getattr(importlib.import_module(module), name))
    assert set(entry.needs) <= models().keys()
    assert all(word("view", view, lang) for view in entry.shown_on for lang in LANGS)
    for words in (entry.numerator, entry.denominator, entry.unit, entry.caveat):
        assert HAN.search(words.zh) and words.en and not HAN.search(words.en)
    assert entry.id.partition("_")[0] in entry.source.zh and entry.id.partition("_")[0] in entry.source.en
