"""Refused rows go out with their reasons, are corrected by a person, and come back."""

from __future__ import annotations

import csv
from pathlib import Path

import duckdb
import pytest

from etl import corrections
from etl.privacy import NEUTRALISED, neutralise
from tests.etl.small import HEADER, SmallHome, phone, ticket


def sheet(path: str) -> list[dict[str, str]]:
    with Path(path).open(encoding="utf-8-sig", newline="") as handle:
        return list(csv.DictReader(handle))


def save(small: SmallHome, path: str, rows: list[dict[str, str]]) -> Path:
    target = small.home.inbox / Path(path).name
    with target.open("w", encoding="utf-8-sig", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return target


LINES = [
    ticket(0),
    ticket(1, 受理时间="昨天"),
    "半行,没有",
    ticket(2, 工单号="", 内容="=HYPERLINK(1)"),
    ticket(3, 星级="五"),
]


def test_refused_rows_are_written_corrected_and_loaded(small: SmallHome) -> None:
    small.put("工单1.csv", "\n".join(["三月导出,,", HEADER, *LINES, ""]), encoding="gb18030")
    small.load()
    code, report = small.run("rejected", "工单1.csv")
    assert (code, report["rows"]) == (0, 3)
    path = Path(report["file"])
    assert path.stat().st_mode & 0o777 == 0o600 and path.parent.stat().st_mode & 0o777 == 0o700
    rows = sheet(report["file"])
    assert [(r["row_no"], r["why"]) for r in rows] == [
        ("2", "accepted_at 读不出 / not readable"),
        ("4", "ticket_id 必填为空 / required value missing"),
        ("3", "整行读不开（列数不足） / line cannot be read (missing columns)"),
    ]
    assert rows[0]["号码"] == phone(1) and rows[0]["受理时间"] == "昨天"
    assert rows[1]["内容"] == "'=HYPERLINK(1)"
    assert rows[2]["line"] == "半行,没有"

    rows[0]["受理时间"] = "2024-03-05 10:00:00"
    rows[1]["工单号"] = "T00002"
    save(small, report["file"], rows[:2])
    code, files = small.load()
    came = files[path.name]
    assert (came["state"], came["n_loaded"], came["contract"]) == ("loaded", 2, "small_tickets")
    assert came["corrects"] == small.outcomes()["工单1.csv"].file_id
    found = {r["ticket_id"]: r for r in small.rows("ticket")}
    assert sorted(found) == ["T00000", "T00001", "T00002", "T00003"]
    assert found["T00002"]["summary_scrubbed"] == "=HYPERLINK(1)"


def test_rows_of_a_workbook_come_back_as_csv(small: SmallHome, tmp_path: Path) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(str(small.home.inbox / "问卷1.xlsx"))
    page = book.add_worksheet()
    for y, row in enumerate([["编号", "评分", "备注"], ["S1", 9, "好"], ["S2", "九", "好"]]):
        page.write_row(y, 0, row)
    book.close()
    small.load()
    _, report = small.run("rejected", "问卷1.xlsx")
    rows = sheet(report["file"])
    rows[0]["评分"] = "9"
    save(small, report["file"], rows)
    _, files = small.load()
    assert files[Path(report["file"]).name]["n_loaded"] == 1
    assert [r["survey_id"] for r in small.rows("survey")] in (["S1", "S2"], ["S2", "S1"])


def test_a_correction_of_nothing_says_so(small: SmallHome) -> None:
    small.put("工单__corrects_0123456789ab.csv", HEADER + "\n" + ticket(1) + "\n")
    code, files = small.load()
    [came] = files.values()
    assert (code, came["state"]) == (1, "failed")
    assert "corrects a file that was never loaded (0123456789ab)" in came["message"]


def test_without_the_original_there_is_nothing_to_correct(small: SmallHome) -> None:
    path = small.put("工单1.csv", "\n".join([HEADER, *LINES, ""]))
    small.load()
    path.unlink()
    code, report = small.run("rejected", "工单1.csv")
    assert code == 2
    assert report["problems"][0]["cure"] == "put the file back into the inbox"


RUN_BY_SPREADSHEETS = (
    "=1+1", "+86", "-5", "@SUM(A1)", "＝cmd|' /C calc'!A0", "＋1", "－1", "＠SUM(1)", " =1", "　=1",
    "'=1", "'-5", "''@x",
)  # fmt: skip


def test_what_is_guarded_comes_back_as_it_was() -> None:
    """By the one rule of all files, and by DuckDB as the load applies it."""
    gone_out = [corrections._guard(cell) for cell in RUN_BY_SPREADSHEETS]
    assert [c for c in gone_out if neutralise(c) != c] == []
    back = duckdb.execute("select regexp_replace(unnest(?), ?, '\\1')", [gone_out, NEUTRALISED]).fetchall()
    assert [cell for (cell,) in back] == list(RUN_BY_SPREADSHEETS)


@pytest.mark.deep
def test_no_cell_that_goes_out_is_run_and_each_comes_back_as_it_was(small: SmallHome) -> None:
    """A line without its number is refused; whatever stands in it is a text in the file, and itself in the lake."""
    lines = [ticket(n, 工单号="", 内容=cell, 地点=f"\t{cell}") for n, cell in enumerate(RUN_BY_SPREADSHEETS)]
    head = HEADER + ",=cmd|' /C calc'!A0"
    small.put("工单1.csv", "\n".join([head, *(f"{line},-" for line in [ticket(99), *lines]), ""]))
    small.load()
    _, report = small.run("rejected", "工单1.csv")
    with Path(report["file"]).open(encoding="utf-8-sig", newline="") as handle:
        written = list(csv.reader(handle))
    assert len(written) == 1 + len(lines)
    assert [c for row in written for c in row if neutralise(c) != c] == []
    rows = sheet(report["file"])
    save(small, report["file"], [row | {"工单号": f"T9{n:04d}"} for n, row in enumerate(rows)])
    small.load()
    back = {r["ticket_id"]: r["summary_scrubbed"] for r in small.rows("ticket")}
    plain = [back[f"T9{n:04d}"] for n in range(len(lines))]
    assert plain == [str(cell).strip() for cell in RUN_BY_SPREADSHEETS]
