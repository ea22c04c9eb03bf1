"""Reading: where the header is, what a line is, and how much of a damaged file was not read."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from etl import read
from etl.contract import Contract
from etl.read.header import unique
from tests.etl.small import DAYS, HEADER, SURVEYS, TICKETS, csv_text, ticket
from warehouse.problems import Problems

Reading = Callable[..., read.Raw]


def contract(text: str = TICKETS, **file: object) -> Contract:
    raw = tomllib.loads(text)
    raw["file"] |= file
    return Contract.model_validate(raw)


@pytest.fixture
def con(tmp_path: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    (tmp_path / "scratch").mkdir()
    with read.connect(tmp_path / "scratch") as connection:
        yield connection


@pytest.fixture
def reading(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> Reading:
    def read_it(content: bytes, name: str = "工单1.csv", text: str = TICKETS, **file: object) -> read.Raw:
        path = tmp_path / name
        path.write_bytes(content)
        return read.read(path, contract(text, **file), con, tmp_path / "scratch")

    return read_it


def ids(raw: read.Raw) -> list[str]:
    return [row[0] for row in raw.relation.fetchall()]


PLAIN = csv_text(range(3))
THREE = ["T00000", "T00001", "T00002"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "titles",
    [[], ["模拟数据 明细表"], ["表", "", "单位:件,"], ['"甲', '乙" 的表', '"还,']],
    ids=["none", "one", "blank between", "quotes over lines"],
)
def test_the_header_is_found_under_title_lines(reading: Reading, encoding: str, ends: str, titles: list[str]) -> None:
    raw = reading(ends.join([*titles, *PLAIN.splitlines(), ""]).encode(encoding))
    assert (raw.header_line, raw.headers) == (len(titles) + 1, HEADER.split(","))
    assert ids(raw) == THREE
    assert raw.encoding == ("gb18030" if encoding == "gb18030" else "utf-8")
    assert raw.bad_lines() == []


def test_mixed_line_ends_lose_nothing(reading: Reading) -> None:
    lines = PLAIN.splitlines()
    raw = reading(("标题\n" + "\r\n".join(lines[:3]) + "\n" + lines[3] + "\r\n").encode())
    assert ids(raw) == THREE


def test_a_fixed_header_line_and_none(reading: Reading) -> None:
    assert ids(reading(("x\n" + PLAIN).encode(), header=2)) == THREE
    with pytest.raises(Problems, match="the required column 工单号, 受理时间 is not among the headers"):
        reading(("x\n" + PLAIN).encode(), header=1)
    raw = reading("1,2\n3,4\n".encode("utf-8-sig"), header=0)
    assert (raw.headers, raw.relation.fetchall()) == (["column1", "column2"], [("1", "2"), ("3", "4")])


def test_names_that_the_engine_takes_for_patterns(reading: Reading) -> None:
    reading(csv_text(range(9)).encode(), name="工单x.csv")
    assert ids(reading(PLAIN.encode(), name="工单[1]?*.csv")) == THREE


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        (["a", "a", "a"], ["a", "a_1", "a_2"]),
        (["a", "a_1", "a"], ["a", "a_1", "a_2"]),
        (["", "b", ""], ["column1", "b", "column3"]),
        (["Name", "name"], ["Name", "name_1"]),
        (["column2", ""], ["column2", "column2_1"]),
    ],
)
def test_names_of_columns_are_unique(headers: list[str], names: list[str]) -> None:
    assert unique(headers) == names


def test_values_that_quotes_and_line_ends_stand_in(reading: Reading) -> None:
    lines = [ticket(0, 内容='"说""没有"",真的\n第二行"'), ticket(1), ""]
    raw = reading("\n".join([HEADER, *lines]).encode())
    rows = raw.relation.fetchall()
    assert rows[0][4] == '说"没有",真的\n第二行'
    assert len(rows) == 2 and raw.bad_lines() == []


def test_an_open_quote_says_how_much_it_hid(reading: Reading) -> None:
    lines = csv_text(range(400)).splitlines()
    lines[101] = ticket(100, 内容='"开着的引号')
    raw = reading(("\n".join(lines) + "\n").encode())
    assert len(ids(raw)) == 100
    [bad] = raw.bad_lines()
    assert (bad.row_no, bad.kind, bad.n_lines) == (101, "unquoted value", 300)


def test_an_open_quote_that_a_later_one_closes(reading: Reading) -> None:
    lines = csv_text(range(40)).splitlines()
    lines[11] = ticket(10, 内容='"开着的引号')
    lines[21] = ticket(20, 内容='"一对"')
    raw = reading(("\n".join(lines) + "\n").encode())
    n_rows, bad = len(ids(raw)), raw.bad_lines()
    assert n_rows + sum(b.n_lines for b in bad) == 40
    assert 10 < n_rows < 40


def test_a_far_open_quote_beyond_the_longest_line(reading: Reading) -> None:
    filler = csv_text(range(1, 80_000)).removeprefix(HEADER + "\n")
    raw = reading((HEADER + "\n" + ticket(0, 内容='"开') + "\n" + filler).encode())
    assert ids(raw) == []
    assert sum(b.n_lines for b in raw.bad_lines()) == 80_000


def test_one_enormous_line_takes_only_itself(reading: Reading) -> None:
    lines = [ticket(0), ticket(1, 内容="长" * (2 << 20)), ticket(2)]
    raw = reading("\n".join([HEADER, *lines, ""]).encode())
    assert ids(raw) == ["T00000", "T00002"]
    [bad] = raw.bad_lines()
    assert (bad.row_no, bad.kind, bad.n_lines, len(bad.sample)) == (2, "line size over maximum", 1, 1000)


def test_an_enormous_first_line_is_no_header(reading: Reading) -> None:
    assert ids(reading(("标" * 200_000 + "\n" + PLAIN).encode())) == THREE


def test_a_closest_line_shows_no_number(reading: Reading) -> None:
    with pytest.raises(Problems) as caught:
        reading(PLAIN.removeprefix(HEADER + "\n").encode())
    assert "the closest line reads: T00000, 2024-03-01 09:00:00, [手机号], 服务," in str(caught.value)


def test_xlsx_under_a_title_with_a_repeated_header_name(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "问卷.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for at, row in enumerate([["满意度"], ["编号", "评分", "备注", "备注"], ["A1", 9.5, "甲", "乙"]]):
            sheet.write_row(at, 0, row)
    raw = read.read(path, contract(SURVEYS), con, tmp_path)
    assert (raw.headers, raw.header_line) == (["编号", "评分", "备注", "备注_1"], 2)
    assert raw.relation.fetchall() == [("A1", "9.5", "甲", "乙")]


def test_parquet_comes_as_text(tmp_path: Path, con: duckdb.DuckDBPyConnection) -> None:
    path = tmp_path / "指标[1].parquet"
    pq.write_table(pa.table({"CGI": ["460-00-1-1"], "日期": ["2024-01-01"], "请求": [7]}), path)
    raw = read.read(path, contract(DAYS), con, tmp_path)
    assert raw.relation.fetchall() == [("460-00-1-1", "2024-01-01", "7")]
    path.write_bytes(b"PAR1 not really")
    with pytest.raises(Problems, match="is not a readable Parquet file"):
        read.read(path, contract(DAYS), con, tmp_path)


def test_the_rows_come_in_the_order_of_the_file(reading: Reading) -> None:
    raw = reading(csv_text(range(150_000)).encode())
    numbers = [
        int(batch[0][i].as_py()[1:]) for batch in raw.relation.to_arrow_reader(50_000) for i in (0, len(batch) - 1)
    ]
    assert numbers == sorted(numbers)
