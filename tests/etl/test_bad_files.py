"""Every kind of broken file, made here and named for its fault: what is said of it, and that the others still load."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

import etl.load
import etl.scan
from etl import read
from tests.etl.small import HEADER, TICKETS, SmallHome, csv_text, ticket

GOOD = csv_text(range(5))
NO_HEADER = "correct the header in the file, or columns.*.from in the contract."


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b" " * (70 << 20))


def junk(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 40)


def written(content: str | bytes, encoding: str = "utf-8") -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))


REFUSED: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "empty_file": ("工单1.csv", written(""), "the file is empty (0 bytes); export it again."),
    "only_blanks": ("工单1.csv", written("\n \n"), "the file holds only blanks (3 bytes); export it again."),
    "header_only": (
        "工单1.csv",
        written(HEADER + "\n"),
        "the header is there, but no row follows; check the export's date range.",
    ),
    "binary_junk": ("工单1.csv", junk, "is not a text file; export it as CSV, or correct file.format in the contract."),
    "missing_required_column": (
        "工单1.csv",
        written(GOOD.replace("受理时间", "时间")),
        "the required column 受理时间 is not among the headers; the closest line reads: "
        "工单号, 时间, 号码, 类型, 内容, 地点, 营业厅, 星级; " + NO_HEADER,
    ),
    "no_header": (
        "工单1.csv",
        written(ticket(1, 号码="x") + "\n"),
        "the required column 工单号, 受理时间 is not among the headers; the closest line reads: "
        "T00001, 2024-03-02 09:01:00, x, 网络, 没有信号, 文昌阁, H01, 1; " + NO_HEADER,
    ),
    "zip_bomb_dressed_as_xlsx": ("问卷1.xlsx", bomb, "would unpack from "),
    "csv_renamed_xlsx": (
        "问卷1.xlsx",
        written("编号,评分\nA,9\n"),
        'is not an XLSX workbook (File is not a zip file); export it again; a renamed CSV needs file.format = "csv".',
    ),
    "junk_renamed_parquet": ("指标1.parquet", junk, "is not a readable Parquet file ("),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_refused_whole(small: SmallHome, fault: str) -> None:
    name, make, sentence = REFUSED[fault]
    make(small.home.inbox / name)
    small.put("工单0.csv", GOOD)
    small.put("工单9.csv", csv_text(range(10, 12)))
    code, files = small.load()
    assert code == 1
    assert files[name]["state"] == "failed"
    assert files[name]["message"].startswith(f"{name}: {sentence}")
    assert [files[n]["n_loaded"] for n in ("工单0.csv", "工单9.csv")] == [5, 2]
    assert len(small.rows("ticket")) == 7
    assert {r["file_id"] for t in ("ticket", "survey", "cell_kpi_1d", "quarantine") for r in small.stored(t)} == {
        files[n]["file_id"] for n in ("工单0.csv", "工单9.csv")
    }
    shown = {f["file_name"]: f["message"] for f in small.run("status")[1]["files"]}
    assert shown[name] == files[name]["message"]
    assert small.load()[0] == 1 and len(small.stored("etl_file")) == 3


@pytest.mark.parametrize(("declared", "came"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_wrong_encoding_is_named(small: SmallHome, declared: str, came: str) -> None:
    small.contract("small_tickets", TICKETS.replace('encoding = "auto"', f'encoding = "{declared}"'))
    small.put("工单1.csv", GOOD, came)
    code, files = small.load()
    assert code == 1
    message = files["工单1.csv"]["message"]
    if declared == "utf-8":
        assert message.endswith("; the file is gb18030, the contract says utf-8: correct file.encoding.")
    else:
        assert message == (
            "工单1.csv: the whole file is valid UTF-8, and the contract says gb18030; "
            "correct file.encoding in the contract."
        )
    assert small.stored("ticket") == []


def test_wrong_encoding_behind_a_plain_header(small: SmallHome) -> None:
    """The header fits in any encoding; then each line that does not decode is refused."""
    plain = TICKETS
    for chinese, letters in (("工单号", "id"), ("受理时间", "at"), ("内容", "text")):
        plain = plain.replace(f'"{chinese}"', f'"{letters}"')
    small.contract("small_tickets", plain.replace('encoding = "auto"', 'encoding = "utf-8"'))
    lines = ["id,at,text", "T1,2024-03-01 09:00:00,plain", "T2,2024-03-01 09:00:00,没有信号", ""]
    small.put("工单1.csv", "\n".join(lines), "gb18030")
    code, files = small.load()
    assert (code, files["工单1.csv"]["n_loaded"], files["工单1.csv"]["is_over_limit"]) == (3, 1, True)
    [entry] = small.rows("quarantine")
    assert (entry["rule"], entry["row_no"]) == ("bad_line: invalid encoding", 2)
    assert entry["cure"] == "export the file again; bytes of this line are not in the declared encoding"


def test_text_that_is_in_no_known_encoding(small: SmallHome) -> None:
    lines = [HEADER.encode("gb18030")] + [ticket(n).encode("gb18030") + b"\xff\xff" for n in range(50)]
    small.put("工单1.csv", b"\n".join(lines))
    code, files = small.load()
    assert code == 1
    assert "characters cannot be decoded as gb18030; export it again as UTF-8" in files["工单1.csv"]["message"]


LOADED: dict[str, tuple[str, int, dict[str, Any]]] = {
    "totals_row": (GOOD + "合计,,,,,,,,5,\n", 5, {"n_dropped": 1, "message": "totals row: 1"}),
    "short_totals_row": (GOOD + "合计,5\n", 5, {"n_dropped": 1, "n_rejected": 0, "message": "totals row: 1"}),
    "repeated_header": (
        GOOD + csv_text(range(5, 8)),
        8,
        {"n_dropped": 1, "n_rejected": 0, "message": "repeated header: 1"},
    ),
    "truncated_last_line": (
        csv_text(range(20))[:-60],
        19,
        {"n_rejected": 1, "message": "line cannot be read (missing columns): 1"},
    ),
    "cut_in_the_last_character": (
        "\n".join([HEADER, ticket(0), ticket(1, 导出时间="今")]),
        2,
        {"message": "exported_at not readable: 1"},
    ),
    "nul_bytes": (
        csv_text([0, 1]) + ticket(2, 内容="前\0后") + "\n",
        3,
        {"n_rejected": 0},
    ),
    "blank_lines": (GOOD.replace("\n", "\n\n"), 5, {"n_rejected": 0}),
}


@pytest.mark.parametrize("fault", LOADED)
def test_loaded_with_its_fault_counted(small: SmallHome, fault: str) -> None:
    content, n_loaded, expected = LOADED[fault]
    small.put("工单1.csv", content)
    code, files = small.load()
    outcome = files["工单1.csv"]
    assert {k: outcome[k] for k in expected} == expected
    assert (code, outcome["n_loaded"], len(small.rows("ticket"))) == (0, n_loaded, n_loaded)


def test_one_enormous_line(small: SmallHome) -> None:
    lines = csv_text(range(30)).splitlines()
    lines[4] = ticket(3, 内容="长" * (read.LONGEST_LINE_BYTES // 3 + 9))
    small.put("工单1.csv", "\n".join(lines))
    code, files = small.load()
    assert (code, files["工单1.csv"]["n_loaded"]) == (0, 29)
    assert files["工单1.csv"]["message"] == "line cannot be read (line size over maximum): 1"


def test_an_unclosed_quote(small: SmallHome) -> None:
    lines = csv_text(range(30)).splitlines()
    lines[11] = ticket(10, 内容='"没有信号')
    small.put("工单1.csv", "\n".join(lines) + "\n")
    code, files = small.load()
    outcome = files["工单1.csv"]
    assert (code, outcome["n_rows"], outcome["n_loaded"], outcome["n_rejected"]) == (3, 30, 10, 20)
    assert outcome["message"] == "line cannot be read (unquoted value): 20"
    [entry] = small.rows("quarantine")
    assert (entry["row_no"], entry["cure"]) == (
        11,
        "an open quote hid 19 lines from here on; close it at the source and send the file again",
    )


def test_formulas_and_html_are_only_text(small: SmallHome) -> None:
    evil = ['=HYPERLINK(""http://x"")', "+1+1", "<script>alert(1)</script><b>急</b>"]
    lines = [ticket(n, 内容=f'"{text}"') for n, text in enumerate(evil)]
    small.put("工单1.csv", "\n".join([HEADER, *lines, ""]))
    small.load()
    assert [r["summary_scrubbed"] for r in small.rows("ticket")] == [t.replace('""', '"') for t in evil]


def test_a_formula_in_a_workbook_gives_its_value_never_runs(small: SmallHome) -> None:
    with xlsxwriter.Workbook(small.home.inbox / "问卷1.xlsx") as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["编号", "评分", "备注"])
        sheet.write_row(1, 0, ["A1", 9])
        sheet.write_string(1, 2, '=cmd|" /C calc"!A0')
        sheet.write_row(2, 0, ["A2"])
        sheet.write_formula(2, 1, "=4+4", None, 8)
    small.load()
    rows = [(r["survey_id"], r["score_10"], r["segment"]) for r in small.rows("survey")]
    assert rows == [("A1", 9.0, '=cmd|" /C calc"!A0'), ("A2", 8.0, None)]


def test_a_folder_in_the_inbox(small: SmallHome) -> None:
    (small.home.inbox / "工单夹.csv").mkdir()
    small.put("工单1.csv", GOOD)
    code, files = small.load()
    assert (code, list(files)) == (0, ["工单1.csv"])
    assert {"file_name": "工单夹.csv", "reason": "is a folder"} in small.run("status")[1]["waiting"]


def test_a_file_nobody_may_read(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small.put("工单1.csv", GOOD)
    small.put("工单2.csv", csv_text(range(10, 12)))
    if os.geteuid() == 0:  # root reads everything, so the refusal is played
        real = etl.load.file_id

        def denied(asked: Path) -> str:
            if asked == path:
                raise PermissionError(13, "Permission denied", str(asked))
            return real(asked)

        monkeypatch.setattr(etl.load, "file_id", denied)
    else:
        path.chmod(0)
    code, files = small.load()
    assert (code, files["工单2.csv"]["n_loaded"]) == (1, 2)
    assert files["工单1.csv"]["message"].startswith("工单1.csv: could not be read ([Errno 13] Permission denied")


def test_a_file_that_vanishes(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small.put("工单1.csv", GOOD)
    small.put("工单2.csv", csv_text(range(10, 12)))
    (small.home.inbox / "工单0.csv").symlink_to(small.root / "nowhere.csv")
    real = read.read

    def gone(asked: Path, *rest: Any) -> read.Raw:
        if asked == path:
            path.unlink()
        return real(asked, *rest)

    monkeypatch.setattr(read, "read", gone)
    code, files = small.load()
    assert (code, files["工单2.csv"]["n_loaded"]) == (1, 2)
    for name in ("工单0.csv", "工单1.csv"):
        assert files[name]["message"] == f"{name}: was gone before it could be read."
        assert name not in small.outcomes()  # nothing is left to mend


def test_a_file_that_grows_while_it_is_read(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    path = small.put("工单1.csv", GOOD)
    real = read.read

    def growing(asked: Path, *rest: Any) -> read.Raw:
        raw = real(asked, *rest)
        with path.open("a", encoding="utf-8") as handle:
            handle.write(ticket(7) + "\n")
        return raw

    with monkeypatch.context() as patch:
        patch.setattr(read, "read", growing)
        code, files = small.load()
    assert code == 1
    assert files["工单1.csv"]["message"] == (
        "工单1.csv: changed while it was being read; the next run loads it once it is complete."
    )
    assert small.stored("ticket") == []
    code, files = small.load()
    assert (code, len(small.rows("ticket"))) == (0, 6)
    assert [o.state for o in small.outcomes().values()] == ["loaded"]


def test_the_same_content_under_two_names(small: SmallHome) -> None:
    small.put("工单1.csv", GOOD)
    small.put("工单2.csv", GOOD)
    code, files = small.load()
    assert (code, list(files), len(small.rows("ticket"))) == (0, ["工单1.csv"], 5)
    assert small.run("status")[1]["waiting"] == [
        {"file_name": "工单2.csv", "reason": "has the same content as 工单1.csv"}
    ]


def test_the_same_broken_content_under_two_names_is_said_once_each(small: SmallHome) -> None:
    small.put("工单1.csv", HEADER + "\n")
    small.put("工单2.csv", HEADER + "\n")
    for _ in range(3):
        assert small.load()[0] == 1
    assert len(small.stored("etl_file")) == 2


def test_a_fault_of_the_program_is_not_blamed_on_the_file(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    small.put("工单1.csv", GOOD)
    small.put("工单2.csv", csv_text(range(10, 12)))
    real = etl.scan.compile_contract
    calls = iter([ZeroDivisionError("nobody expected this"), None])

    def odd(*arguments: Any) -> Any:
        if (error := next(calls)) is not None:
            raise error
        return real(*arguments)

    monkeypatch.setattr(etl.scan, "compile_contract", odd)
    code, files = small.load()
    assert (code, files["工单2.csv"]["state"]) == (1, "loaded")
    message = files["工单1.csv"]["message"]
    assert message.startswith("工单1.csv: a fault of this program, ZeroDivisionError, test_bad_files.py:")
    assert message.endswith("(nobody expected this).")


def test_a_fault_while_rows_stream_leaves_nothing_behind(small: SmallHome, monkeypatch: pytest.MonkeyPatch) -> None:
    from etl.quarantine import Judged

    small.put("工单1.csv", csv_text(range(120_000)))
    real = Judged.judge

    def late(self: Judged, *arguments: Any) -> Any:
        if self.n_rows:
            raise ValueError("in the second batch")
        return real(self, *arguments)

    monkeypatch.setattr(Judged, "judge", late)
    code, files = small.load()
    assert code == 1
    assert "ValueError" in files["工单1.csv"]["message"] and "(in the second batch)" in files["工单1.csv"]["message"]
    assert small.stored("ticket") == []
