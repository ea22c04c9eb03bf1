"""gzip and zip: which file inside is meant, and which archives are refused."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter

from etl.read import packed
from tests.etl.read.conftest import Reading
from tests.etl.small import SURVEYS, csv_text
from warehouse.problems import Problems

PLAIN = csv_text(range(3))
IDS = ["T00000", "T00001", "T00002"]


def zipped(members: dict[str, str | bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def chinese_zip() -> bytes:
    """A zip as Chinese systems write it: the name in GB18030, and no flag that says so."""
    odd = zipped({"GONGDAN1.csv": PLAIN.encode("gb18030"), "NOTES001.csv": "x"})
    return odd.replace(b"GONGDAN1", "工单明细".encode("gb18030")).replace(b"NOTES001", "字段说明".encode("gb18030"))


PACKED: dict[str, tuple[bytes, dict[str, object]]] = {
    "gzip": (gzip.compress(PLAIN.encode("gb18030")), {}),
    "gzip in two parts": (gzip.compress(PLAIN[:40].encode()) + gzip.compress(PLAIN[40:].encode()), {}),
    "zip": (zipped({"a.csv": PLAIN}), {}),
    "zip of one file with any name": (zipped({"export": PLAIN}), {}),
    "zip with a folder, notes and litter": (
        zipped({"d/": "", "d/readme.md": "x", "d/a.CSV": PLAIN, "__MACOSX/d/._a.csv": "x", "d/.DS_Store": "x"}),
        {},
    ),
    "zip with a pattern": (zipped({"b.csv": "x", "d/工单3.csv": PLAIN}), {"member": "工单*.csv"}),
    "zip with names in GB18030": (chinese_zip(), {"member": "工单*.csv"}),
}  # fmt: skip


@pytest.mark.parametrize("kind", PACKED)
def test_what_is_inside_is_read(reading: Reading, kind: str) -> None:
    content, settings = PACKED[kind]
    raw = reading(content, **settings)
    assert [row[0] for row in raw.relation.fetchall()] == IDS


def test_the_unpacked_file_is_private_and_has_the_archive_s_name(reading: Reading, scratch: Path) -> None:
    reading(gzip.compress(PLAIN.encode()), name="工单1.csv.gz")
    [file] = (scratch / "unpacked").iterdir()
    assert (file.name, file.stat().st_mode & 0o777) == ("工单1.csv.gz", 0o600)


def test_a_packed_workbook(reading: Reading, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "评分"])
        sheet.write_row(1, 0, ["A1", 9])
    content = (tmp_path / "b.xlsx").read_bytes()
    for name, archive in (("b.zip", zipped({"b.xlsx": content})), ("b.xlsx.gz", gzip.compress(content))):
        assert reading(archive, name=name, text=SURVEYS).relation.fetchall() == [("A1", "9")]


def locked() -> bytes:
    """The bit that says a member is locked, in both places it stands."""
    content = bytearray(zipped({"a.csv": PLAIN}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


def lying_bomb() -> bytes:
    """A zip whose directory says that little is inside."""
    content = zipped({"a.csv": b" " * (70 << 20)})
    return content.replace((70 << 20).to_bytes(4, "little"), (1000).to_bytes(4, "little"))


def tarred() -> bytes:
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a.csv"))
    return target.getvalue()


ZIP = zipped({"a.csv": PLAIN})
GZ = gzip.compress(PLAIN.encode())
DAMAGED = "the archive is damaged; copy or export it again."
CUT = "the archive breaks off before its end; copy or export it again."
REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "gzip bomb": (lambda: gzip.compress(b" " * (70 << 20)), "would unpack from "),
    "zip bomb": (lambda: zipped({"a.csv": b" " * (70 << 20)}), "would unpack from "),
    "zip bomb that lies": (lying_bomb, DAMAGED),
    "zip in zip": (lambda: zipped({"a.csv": zipped({"a.csv": PLAIN})}), "holds another archive (zip); "),
    "gzip in zip": (lambda: zipped({"a.csv": GZ}), "holds another archive (gzip); "),
    "gzip in gzip": (lambda: gzip.compress(GZ), "holds another archive (gzip); "),
    "tar in gzip": (lambda: gzip.compress(tarred()), "holds another archive (tar); "),
    "locked": (locked, "the zip is locked with a password; unpack it, or send it without a password."),
    "cut gzip": (lambda: GZ[:-9], CUT),
    "gzip with a wrong sum": (lambda: GZ[:-8] + b"\0\0\0\0" + GZ[-4:], DAMAGED),
    "gzip with bytes behind": (lambda: GZ + b"more", DAMAGED),
    "only a magic number": (lambda: b"\x1f\x8b", CUT),
    "cut zip": (lambda: ZIP[:-10], DAMAGED),
    "zip with other bytes inside": (lambda: ZIP[:50] + b"\1" * 30 + ZIP[80:], DAMAGED),
    "empty zip": (lambda: zipped({}), "the zip holds no file; export it again."),
    "only a folder": (lambda: zipped({"a/": ""}), "the zip holds no file; export it again."),
    "empty file inside": (lambda: zipped({"a.csv": ""}), "the file is empty (0 bytes); export it again."),
    "empty file in gzip": (lambda: gzip.compress(b""), "the file is empty (0 bytes); export it again."),
    "two that fit": (
        lambda: zipped({"a.csv": PLAIN, "b.csv": PLAIN, "c.md": "x"}),
        "2 of the 3 files in the zip can be read as csv; there are: a.csv, b.csv; "
        "exactly one must; name it by file.member in the contract, or send the files apart.",
    ),
    "none that fits": (
        lambda: zipped({"a.md": PLAIN, "b.pdf": PLAIN}),
        "0 of the 2 files in the zip can be read as csv; there are: a.md, b.pdf; ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", REFUSED)
def test_an_archive_that_is_refused(reading: Reading, fault: str) -> None:
    make, sentence = REFUSED[fault]
    with pytest.raises(Problems) as caught:
        reading(make())
    assert str(caught.value).startswith(f"工单1.dat: {sentence}")


def test_a_pattern_that_fits_nothing(reading: Reading) -> None:
    with pytest.raises(Problems) as caught:
        reading(chinese_zip(), member="*.txt")
    assert str(caught.value) == (
        "工单1.dat: 0 of the 2 files in the zip fit file.member *.txt; there are: 工单明细.csv, 字段说明.csv; "
        "exactly one must; correct file.member in the contract."
    )


def test_names_shown_hold_no_number(reading: Reading) -> None:
    number = "138" + "0013" + "8000"
    with pytest.raises(Problems) as caught:
        reading(zipped({f"{number}.md": "x", "b.md": "y"}))
    assert number not in str(caught.value)


def test_a_workbook_under_a_contract_for_text(reading: Reading, tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        book.add_worksheet()
    with pytest.raises(Problems, match='is an XLSX workbook, and the contract says file.format = "csv"'):
        reading((tmp_path / "b.xlsx").read_bytes())


def test_the_most_that_is_unpacked(reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "UNPACKED_LIMIT_BYTES", 100)
    for archive in (GZ, zipped({"a.csv": PLAIN})):
        with pytest.raises(Problems, match="would unpack from "):
            reading(archive)
