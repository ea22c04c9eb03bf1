"""Text in the encodings a contract may declare."""

from __future__ import annotations

import pytest

from tests.etl.read.conftest import Reading
from tests.etl.small import csv_text
from warehouse.problems import Problems

PLAIN = csv_text(range(3))
IDS = ["T00000", "T00001", "T00002"]
LATIN_HEADERS = """name = "plain_tickets"
table = "ticket"
label = { zh = "模拟数据", en = "Simulated" }
owner = "test (simulated)"
licence = "made by the test"

[file]
pattern = "*"
format = "csv"

[columns]
ticket_id = { from = "id" }
accepted_at = { from = "at" }
summary_scrubbed = { from = "text", as = "scrub" }
"""


@pytest.mark.parametrize(
    ("declared", "written", "read_as"),
    [
        ("auto", "utf-16", "utf-16"),
        ("utf-16", "utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be", "utf-16-be"),
        ("utf-16-be", "utf-16", "utf-16"),
        ("gbk", "gbk", "gb18030"),
        ("gb2312", "gb18030", "gb18030"),
        ("utf-8-sig", "utf-8", "utf-8"),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_encodings_of_chinese(reading: Reading, declared: str, written: str, read_as: str, ends: str) -> None:
    raw = reading(PLAIN.replace("\n", ends).encode(written), encoding=declared)
    rows = raw.relation.fetchall()
    assert ([r[0] for r in rows], rows[0][4], raw.encoding, raw.n_undecodable) == (IDS, "没有信号", read_as, 0)


OTHERS = [
    ("big5", "big5", "cp950", "沒有訊號，電話不通"),
    ("shift_jis", "cp932", "cp932", "電波が届かない①"),
    ("latin-1", "latin-1", "latin-1", "señal débil"),
    ("cp1252", "cp1252", "cp1252", "“no signal” – 5 €"),
]


@pytest.mark.parametrize(("declared", "written", "read_as", "text"), OTHERS)
def test_other_encodings(reading: Reading, declared: str, written: str, read_as: str, text: str) -> None:
    content = f"id,at,text\nT1,2024-03-01 09:00:00,{text}\n".encode(written)
    raw = reading(content, text=LATIN_HEADERS, encoding=declared)
    assert (raw.relation.fetchall(), raw.encoding) == ([("T1", "2024-03-01 09:00:00", text)], read_as)


@pytest.mark.parametrize("declared", ["gbk", "big5", "shift_jis", "latin-1", "cp1252"])
def test_utf8_under_another_declaration(reading: Reading, declared: str) -> None:
    content = "id,at,text\nT1,2024-03-01 09:00:00,没有信号\n".encode()
    with pytest.raises(Problems) as caught:
        reading(content, text=LATIN_HEADERS, encoding=declared)
    assert str(caught.value) == (
        f"工单1.dat: the whole file is valid UTF-8, and the contract says {declared}; "
        "correct file.encoding in the contract."
    )


def test_utf16_under_another_declaration(reading: Reading) -> None:
    with pytest.raises(Problems) as caught:
        reading(PLAIN.encode("utf-16"), encoding="gb18030")
    assert str(caught.value) == (
        '工单1.dat: is UTF-16 ("Unicode text"), and the contract says gb18030; '
        'write file.encoding = "auto" in the contract, or save it as CSV UTF-8.'
    )


@pytest.mark.parametrize(
    ("declared", "came", "named"),
    [
        ("utf-8", "gbk", "gb18030"),
        ("auto", "utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-le", "utf-16-le"),
        ("cp1252", "gbk", "gb18030"),
    ],
)
def test_the_encoding_that_it_is_gets_named(reading: Reading, declared: str, came: str, named: str) -> None:
    with pytest.raises(Problems) as caught:
        reading(PLAIN.encode(came), encoding=declared)
    assert str(caught.value).endswith(f"; the file is {named}, the contract says {declared}: correct file.encoding.")


def test_an_odd_number_of_bytes_in_utf16(reading: Reading) -> None:
    raw = reading(PLAIN.encode("utf-16")[:-3])
    assert ([row[0] for row in raw.relation.fetchall()], raw.n_undecodable) == (IDS, 1)
