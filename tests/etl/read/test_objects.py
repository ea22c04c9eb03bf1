"""JSON as rows: what becomes of nesting, numbers and names, and which lines are refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from etl.read import objects, spool
from tests.etl.read.conftest import Reading
from warehouse.problems import Problems

T1 = '{"工单号": "T1", "受理时间": "2024-03-01 09:00:00"}'
T2 = '{"工单号": "T2", "受理时间": "2024-03-02 09:00:00"}'


def rows(reading: Reading, *texts: str) -> list[dict[str, str | None]]:
    raw = reading("\n".join([T1, *texts]), format="jsonl")
    assert raw.bad_lines() == []
    found = [dict(zip(raw.headers, row, strict=True)) for row in raw.relation.fetchall()]
    return [{k: v for k, v in row.items() if k not in ("工单号", "受理时间")} for row in found[1:]]


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ('{"a": {"b": {"c": 1}, "d": "x"}}', {"a.b.c": "1", "a.d": "x"}),
        ('{"a": [1, {"b": 1.10}, "中"]}', {"a": '[1, {"b": 1.10}, "中"]'}),
        (
            '{"id": 12345678901234567890123, "x": 1.10, "y": 1E5}',
            {"id": "12345678901234567890123", "x": "1.10", "y": "1E5"},
        ),
        (
            '{"a": true, "b": false, "c": null, "d": [], "e": {}}',
            {"a": "true", "b": "false", "c": None, "d": None, "e": None},
        ),
        ('{"a": NaN, "b": -Infinity}', {"a": "NaN", "b": "-Infinity"}),
        ('{"Id": 1, "id": 2}', {"Id": "1", "id_1": "2"}),
        ('{" a ": "\\u4e2d\\ud83d\\ude00"}', {"a": "中😀"}),
        ('{"a": "\t"}', {"a": "\t"}),
        ("{}", {}),
    ],
    ids=["nested", "list", "numbers", "words", "no numbers", "case", "escapes", "raw tab", "empty"],
)
def test_one_object_becomes_one_row(reading: Reading, text: str, row: dict[str, str | None]) -> None:
    assert rows(reading, text) == [row]


def test_columns_that_come_later(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spool, "CHUNK_ROWS", 3)
    found = rows(reading, *(json.dumps({f"k{n // 4}": n}) for n in range(12)))
    assert [{k: v for k, v in row.items() if v is not None} for row in found] == [
        {f"k{n // 4}": str(n)} for n in range(12)
    ]


REFUSED = {
    "broken": ('{"a": 1', "not json"),
    "two values": ("{} {}", "not json"),
    "no object": ("[1, 2]", "not an object"),
    "duplicate key": ('{"a": 1, "a": 2}', "duplicate key"),
    "duplicate by nesting": ('{"a": {"b": 1}, "a.b": 2}', "duplicate key"),
    "empty key": ('{"": 1}', "odd key"),
    "long key": (json.dumps({"k" * 300: 1}), "odd key"),
    "key with a control character": ('{"a\\u0000": 1}', "odd key"),
    "deep": ('{"a":' * 40 + "1" + "}" * 40, "nested too deeply"),
    "very deep": ('{"a":' * 5000 + "1" + "}" * 5000, "nested too deeply"),
    "deep list": ("[" * 100_000, "nested too deeply"),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_line_that_is_no_row_takes_only_itself(reading: Reading, fault: str) -> None:
    line, kind = REFUSED[fault]
    raw = reading("\n".join([T1, "", line, T2, ""]), format="jsonl")
    assert [row[0] for row in raw.relation.fetchall()] == ["T1", "T2"]
    [bad] = raw.bad_lines()
    assert (bad.row_no, bad.kind, bad.n_lines) == (3, kind, 1)


def test_a_truncated_last_line(reading: Reading) -> None:
    [bad] = reading(f"{T1}\n{T2[:20]}", format="jsonl").bad_lines()
    assert (bad.row_no, bad.kind, bad.sample) == (2, "cut off", T2[:20])


def test_an_enormous_line(reading: Reading) -> None:
    raw = reading("\n".join([T1, '{"a": "' + "x" * (5 << 20) + '"}', T2]), format="jsonl")
    assert [row[0] for row in raw.relation.fetchall()] == ["T1", "T2"]
    [bad] = raw.bad_lines()
    assert (bad.row_no, bad.kind, len(bad.sample)) == (2, "line size over maximum", objects.SAMPLE_CHARACTERS)


def test_bytes_of_another_encoding(reading: Reading) -> None:
    raw = reading(f"{T1}\n".encode() + T2.encode("gb18030"), format="jsonl", encoding="utf-8")
    [bad] = raw.bad_lines()
    assert (bad.row_no, bad.kind) == (2, "invalid encoding")


def test_half_a_character_is_replaced_and_counted(reading: Reading) -> None:
    raw = reading(T1 + '\n{"a": "x\\ud83d"}', format="jsonl")
    assert raw.n_undecodable == 1
    assert raw.relation.fetchall()[1][2] == "x\ufffd"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_encodings(reading: Reading, encoding: str, form: str) -> None:
    text = f"{T1}\n{T2}\n" if form == "jsonl" else f"[{T1},\r\n{T2}]"
    raw = reading(text.encode(encoding), format=form)
    assert raw.headers == ["工单号", "受理时间"]
    assert [row[0] for row in raw.relation.fetchall()] == ["T1", "T2"]


SENTENCES = {
    "no lines": ("\n \n", {"format": "jsonl"}, "the file holds only blanks (3 bytes); export it again."),
    "no objects": (
        "[1, 2]\n3\n",
        {"format": "jsonl"},
        "none of its 2 entries is a JSON object; the first is refused for: line cannot be read (not an object); "
        "export objects with names, or correct file.format in the contract.",
    ),
    "no header": (
        '{"工单号": 1, "a": 2}',
        {"format": "jsonl"},
        "the required column 受理时间 is not among the headers; the closest line reads: 工单号, a; "
        "correct the header in the file, or columns.*.from in the contract.",
    ),
    "names that are values": (
        "\n".join(json.dumps({f"k{n}.{m}": 1 for m in range(500)}) for n in range(5)),
        {"format": "jsonl"},
        "has more than 2,000 different names in its objects; values stand where names should; "
        "export one object per row.",
    ),
}


@pytest.mark.parametrize("fault", SENTENCES)
def test_a_file_that_is_refused(reading: Reading, fault: str) -> None:
    content, settings, sentence = SENTENCES[fault]
    with pytest.raises(Problems) as caught:
        reading(content, **settings)
    assert str(caught.value) == f"工单1.dat: {sentence}"


def test_what_is_spooled_is_private(reading: Reading, scratch: Path) -> None:
    reading(T1, format="jsonl")
    files = [p for p in scratch.rglob("*") if p.is_file()]
    assert files
    assert {p.stat().st_mode & 0o777 for p in files} == {0o600}
