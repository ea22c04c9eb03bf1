"""A JSON document: where its rows are found, and that a broken or cut one is refused whole."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl.read import document
from etl.read.document import Document
from warehouse.problems import Problems


def values(text: str, records: str | None = None) -> list[Any]:
    return list(Document(Path("f.json"), io.StringIO(text), records).values())


def sentence(text: str, records: str | None = None) -> str:
    with pytest.raises(Problems) as caught:
        values(text, records)
    return str(caught.value).removeprefix("f.json: ")


@pytest.mark.parametrize(
    ("text", "records"),
    [
        ('[{"a": 1}, {"a": 2}]', None),
        (' \n[ {"a" :1 } ,\t{"a":2}\r\n]\n', None),
        ('{"rows": [{"a": 1}, {"a": 2}]}', "rows"),
        ('{"x": [[1], {"rows": 3}], "data": {"n": 2, "rows": [{"a": 1}, {"a": 2}], "z": "]"}, "y": null}', "data.rows"),
    ],
)
@pytest.mark.parametrize("chunk", [1, 3, 1 << 20])
def test_the_rows_are_found(text: str, records: str | None, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "_CHUNK", chunk)
    assert values(text, records) == [[("a", "1")], [("a", "2")]]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(JSON, max_size=4), st.integers(1, 9), st.sampled_from([None, 0, 2]))
def test_a_document_in_pieces_is_the_document(content: list[Any], chunk: int, indent: int | None) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=indent)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(document, "_CHUNK", chunk)
        assert values(text) == document.DECODER.decode(text)
        cut = text[: len(text) * 2 // 3]
        assert sentence(cut).startswith(("breaks off behind", "is not valid JSON", "is an object"))


FAULTS = {
    "cut in a row": ('[{"a": 1}, {"a"', None, "breaks off behind 1 rows; copy or export it again."),
    "cut behind a row": ('[{"a": 1}', None, "breaks off behind 1 rows; copy or export it again."),
    "cut in what follows": ('{"rows": [{"a": 1}], "n', "rows", "breaks off behind 1 rows; copy or export it again."),
    "nothing": ("", None, "breaks off behind 0 rows; copy or export it again."),
    "broken row": (
        '[{"a": 1},\n{"a": x}]',
        None,
        "is not valid JSON at line 2, behind 1 rows that are; "
        'export it again; one object per line is file.format = "jsonl".',
    ),
    "JSON lines": (
        '{"a": 1}\n{"a": 2}\n',
        None,
        "is not valid JSON at line 2, behind 0 rows that are; "
        'export it again; one object per line is file.format = "jsonl".',
    ),
    "more behind the list": (
        "[1] [2]",
        None,
        "is not valid JSON at line 1, behind 1 rows that are; "
        'export it again; one object per line is file.format = "jsonl".',
    ),
    "an object": (
        '{"code": 0, "data": {"rows": []}}',
        None,
        "is an object and not a list of rows; its keys are: code, data; "
        "write file.records in the contract, such as data.rows.",
    ),
    "no such list": (
        '{"data": {"total": 1, "list": []}}',
        "data.rows",
        "has no list at file.records data.rows; the keys there are: total, list; correct file.records in the contract.",
    ),
    "no list there": (
        '{"data": {"rows": 1}}',
        "data",
        "has no list at file.records data; the keys there are: data; correct file.records in the contract.",
    ),
    "twice": ('{"data": [], "data": []}', "data", "has file.records data twice; export it again."),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_document_that_is_refused(fault: str) -> None:
    text, records, expected = FAULTS[fault]
    assert sentence(text, records) == expected


def test_a_value_without_end_is_not_read_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document, "LONGEST_VALUE", 1000)
    monkeypatch.setattr(document, "_CHUNK", 100)
    assert sentence('[{"a": "' + "x" * 10_000).startswith("holds a value of more than 1,000 characters behind 0 rows;")


def test_keys_shown_hold_no_number() -> None:
    number = "138" + "0013" + "8000"
    assert number not in sentence(json.dumps({number: 1}))
