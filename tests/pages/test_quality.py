"""The sentence of 数据质量 names what is wrong and nothing else; a file's fault stands whole beside its name."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from etl.__main__ import main as etl
from pages._shared.text import Lang, maybe
from tests.pages.conftest import AS_OF, OpenView
from tests.pages.homes import at_home, ticket, tiny_home
from warehouse import canonical
from warehouse.__main__ import main as warehouse


def finding(at: Any) -> str:
    assert [e.message for e in at.exception] == []
    return next(m.value for m in at.markdown if m.value.startswith("## "))


@pytest.mark.parametrize(("lang", "said"), [("en", "1 source late"), ("zh", "1个数据源过期")])
def test_only_what_is_wrong_is_named(open_view: OpenView, one_row_home: Path, lang: str, said: str) -> None:
    sentence = finding(open_view(one_row_home, "quality", lang))
    assert said in sentence
    assert "did not load" not in sentence and "没有入库" not in sentence
    assert "limit" not in sentence and "超限" not in sentence
    assert "1 files" not in sentence and "1 rows" not in sentence


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        pytest.param("en", "All is well: 1 file loaded, 1 row", marks=pytest.mark.deep),
        ("zh", "数据正常：1个文件已入库"),
    ],
)
def test_all_is_well(open_view: OpenView, tmp_path: Path, lang: str, said: str) -> None:
    home = tiny_home(tmp_path, "well", AS_OF, [ticket(1, datetime(2025, 3, 31, 7), None)])
    assert finding(open_view(home, "quality", lang)).startswith(f"## {said}")


def test_a_file_that_did_not_load_says_why_on_a_card(open_view: OpenView, tmp_path: Path) -> None:
    home = tiny_home(tmp_path, "bad", AS_OF, [ticket(1, datetime(2025, 3, 31, 7), None)])
    (home / "inbox" / "tickets_<b>x.csv").write_text("nothing,we,know\n1,2,3\n", encoding="utf-8")
    with at_home(home):
        assert etl(["load"]) != 0
        assert warehouse(["build"]) == 0
    at = open_view(home, "quality", "en")
    assert "1 file did not load" in finding(at)
    card = next(m.value for m in at.markdown if m.value.startswith("**tickets"))
    title, _, message = card.partition("  \n")
    assert "\\<b\\>" in title
    assert len(message) > 20


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_table_of_the_lake_has_a_name_for_readers(lang: Lang) -> None:
    tables = {name for name, table in canonical.tables().items() if not table.internal}
    assert {name for name in tables if not maybe("lake", name, lang)} == set()
