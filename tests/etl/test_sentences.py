from __future__ import annotations

import re
from pathlib import Path
from string import Formatter

import pytest

from etl.query.failures import CODES
from etl.sentences import column_name, fault, note, rule_cure, rule_name, sentences
from warehouse.canonical import tables

SOURCES = {p: p.read_text(encoding="utf-8") for p in Path("etl").rglob("*.py") if not {"demo", "infer"} & set(p.parts)}
# Codes that reach a sentence through a variable.
BY_NAME = {"note.blank", "note.totals_row", "note.repeated_header", *(f"fault.{code}" for code in CODES)}


def used() -> set[str]:
    """Codes that the code of loading names, as `kind.code`."""
    found = set(BY_NAME)
    for text in SOURCES.values():
        found |= {f"fault.{c}" for c in re.findall(r'\b(?:fault|said)\(\s*"(\w+)"', text)}
        found |= set(re.findall(r'"(fault\.\w+)"', text))
        found |= {f"note.{c}" for c in re.findall(r'\bnote\(\s*"(\w+)"', text)}
        found |= {f"rule.{c}" for c in re.findall(r'\brule_cure\(\s*"(\w+)"', text)}
    return found


def test_every_sentence_that_is_named_exists() -> None:
    assert used() - set(sentences()) == set()


def test_every_fault_and_note_is_used() -> None:
    kept = {code for code in sentences() if code.split(".")[0] in ("fault", "note")}
    assert kept - used() == set()


def test_every_rule_of_a_table_has_its_words() -> None:
    rules = {f"rule.{name}" for table in tables().values() for name in table.rules}
    assert rules - set(sentences()) == set()


@pytest.mark.parametrize("code", sorted(sentences()))
def test_both_languages_fill_in_the_same(code: str) -> None:
    for words in (sentences()[code].what, sentences()[code].cure):
        zh, en = ({name for _, name, _, _ in Formatter().parse(text) if name} for text in (words.zh, words.en))
        assert zh == en
        assert bool(words.zh) == bool(words.en)


def test_a_fault_speaks_both_languages() -> None:
    found = fault("blank", "工单.csv", n=1234)
    assert str(found) == "工单.csv: the file holds only blanks (1,234 bytes); export it again."
    assert found.in_chinese() == "工单.csv：文件里只有空白（1,234 字节）；请重新导出。"


def test_a_rule_keeps_its_detail() -> None:
    assert rule_name("bad_line: missing columns").en == "line cannot be read (missing columns)"
    assert rule_name("bad_line: missing columns").zh == "整行读不开（列数不足）"
    assert rule_name("not_readable").zh == "读不出"
    assert rule_name("of_another_version").zh == "of_another_version"


def test_a_cure_names_the_column() -> None:
    assert (
        rule_cure("unmapped", "channel_code").en == "add the value to the map of columns.channel_code in the contract"
    )


def test_columns_have_a_name_for_readers() -> None:
    assert column_name("ticket", "home_region").zh == "归属区县"
    assert column_name("ticket", "nothing").zh == "nothing"
    assert all(re.search(r"[一-鿿]|^[A-Z]", c.zh) for t in tables().values() for c in t.columns.values())


def test_notes_count() -> None:
    assert note("totals_row", n=2).zh == "合计行：2"
