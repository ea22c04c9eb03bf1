from __future__ import annotations

from pathlib import Path

import pytest

from etl.encoding import choose, copy_as_utf8, has_mixed_line_ends
from warehouse.problems import Problems

TEXT = "工单号,内容\nT1,没有信号\n"


@pytest.mark.parametrize(
    ("content", "declared", "chosen"),
    [
        (TEXT.encode(), "auto", "utf-8"),
        (TEXT.encode("utf-8-sig"), "auto", "utf-8"),
        (TEXT.encode("gb18030"), "auto", "gb18030"),
        (TEXT.encode("gb18030"), "gb18030", "gb18030"),
        (TEXT.encode("gb18030"), "utf-8", "utf-8"),
        (b"a,b\n1,2\n", "gb18030", "gb18030"),
        (TEXT.encode()[:-2], "auto", "utf-8"),
        (TEXT.encode() + b"T2,\xff\n", "auto", "utf-8"),
        ("一\n".encode("gb18030"), "gb18030", "gb18030"),
    ],
    ids=[
        "utf8",
        "bom",
        "gb",
        "gb declared",
        "no look when declared",
        "ascii",
        "cut in a character",
        "one bad byte",
        "chance",
    ],
)
def test_choose(tmp_path: Path, content: bytes, declared: str, chosen: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    assert choose(path, declared) == chosen


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (
            TEXT.encode("utf-16"),
            'f.csv: is UTF-16 ("Unicode text"), and the contract says gb18030; '
            'write file.encoding = "auto" in the contract, or save it as CSV UTF-8.',
        ),
        (
            TEXT.encode(),
            "f.csv: the whole file is valid UTF-8, and the contract says gb18030; "
            "correct file.encoding in the contract.",
        ),
    ],
)
def test_a_plain_contradiction_is_refused(tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    with pytest.raises(Problems) as caught:
        choose(path, "gb18030")
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    ("content", "mixed"),
    [
        (b"a\nb\n", False),
        (b"a\r\nb\r\n", False),
        (b"a\rb\r", False),
        (b"a\nb\r\n", True),
        (b"a\rb\n", True),
        (b"", False),
    ],
)
def test_mixed_line_ends(tmp_path: Path, content: bytes, mixed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "f.csv"
    path.write_bytes(content)
    assert has_mixed_line_ends(path) is mixed
    monkeypatch.setattr("etl.encoding.CHUNK_BYTES", 2)  # a pair of line ends falls on two chunks
    assert has_mixed_line_ends(path) is mixed


def test_the_copy_is_private_plain_and_counts_what_it_could_not_decode(tmp_path: Path) -> None:
    path, target = tmp_path / "f.csv", tmp_path / "copy.csv"
    path.write_bytes("标题\r\n一,二\r\n".encode("gb18030") + b"\x81\x20,x\n")
    assert copy_as_utf8(path, target, "gb18030", skip_lines=1) == (9, 1)
    assert target.read_text(encoding="utf-8") == "一,二\n\ufffd ,x\n"
    assert target.stat().st_mode & 0o777 == 0o600
