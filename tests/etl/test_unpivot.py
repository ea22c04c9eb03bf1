"""Files with a column per figure, parts of a text, and shares written in two ways."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import ValidationError

from etl.answer import ten_lines
from etl.mixing import Spread, spread_of
from etl.read import connect
from etl.unpivot import Unpivot
from tests.etl.small import HEAD, SmallHome

RATIOS = (
    HEAD.format(name="small_ratios", table="kpi_value")
    + """
[file]
pattern = "比率*.csv"
format = "csv"
missing = ["-"]

[unpivot]
headers = ["接通率(%)", "掉线率(%)"]
name = "指标"
value = "指标值"

[columns]
scope_kind = { const = "site" }
scope_id = { from = "网元", extract = "ENB_([0-9]+)" }
period_start = { from = "日期" }
kpi_code = { from = "指标", map = "kpi", unmapped = "reject" }
value = { from = "指标值", unit = "percent" }

[maps.kpi]
"接通率(%)" = "ACCESS"
"掉线率(%)" = "DROP"
"""
)
HEADER = "日期,网元,接通率(%),掉线率(%)\n"


@pytest.fixture
def ratios(small: SmallHome) -> SmallHome:
    small.contract("small_ratios", RATIOS)
    file = small.home.workspace_file
    listed = '"small_days"]'
    file.write_text(file.read_text(encoding="utf-8").replace(listed, '"small_days", "small_ratios"]'), encoding="utf-8")
    return small


def test_a_column_per_figure_becomes_a_row_per_figure(ratios: SmallHome) -> None:
    ratios.put("比率.csv", HEADER + "2024-03-01,ENB_1,99.5,0.4\n2024-03-02,ENB_2,-,1.2\n")
    code, files = ratios.load()
    assert (code, files["比率.csv"]["n_rows"], files["比率.csv"]["n_loaded"]) == (0, 4, 4)
    told = [(r["scope_id"], r["period_start"].day, r["kpi_code"], r["value"]) for r in ratios.rows("kpi_value")]
    expected = [("1", 1, "ACCESS", 0.995), ("1", 1, "DROP", 0.004), ("2", 2, "ACCESS", None), ("2", 2, "DROP", 0.012)]
    assert [(a, b, c, d and pytest.approx(d)) for a, b, c, d in expected] == told


def test_a_refusal_names_the_line_of_the_file_not_the_row_made_of_it(ratios: SmallHome) -> None:
    ratios.put("比率.csv", HEADER + "2024-03-01,ENB_1,99.5,0.4\n2024-03-02,broken,98,1.2\n2024-03-03,ENB_3,98,?\n")
    _, files = ratios.load()
    file = files["比率.csv"]
    assert (file["n_rows"], file["n_loaded"], file["n_rejected"]) == (6, 4, 2)
    refused = [(r["row_no"], r["column_name"], r["value_scrubbed"]) for r in ratios.rows("quarantine")]
    assert sorted(refused) == [(2, "scope_id", "broken"), (2, "scope_id", "broken"), (3, "value", "?")]


def test_a_file_may_lack_some_of_the_figures(ratios: SmallHome) -> None:
    ratios.put("比率.csv", "日期,网元,接通率(%)\n2024-03-01,ENB_1,99.5\n")
    assert ratios.load()[0] == 0
    assert [r["kpi_code"] for r in ratios.rows("kpi_value")] == ["ACCESS"]


def test_a_file_without_any_of_the_figures_is_not_understood(ratios: SmallHome) -> None:
    ratios.put("比率.csv", "日期,网元,别的\n2024-03-01,ENB_1,99.5\n")
    code, files = ratios.load()
    assert code == 1
    assert "接通率(%) or 掉线率(%)" in files["比率.csv"]["message"]


def test_a_repeated_header_and_a_name_that_is_taken(ratios: SmallHome) -> None:
    ratios.put("比率1.csv", HEADER + "2024-03-01,ENB_1,99.5,0.4\n" + HEADER + "2024-03-02,ENB_1,99.5,0.4\n")
    ratios.put("比率2.csv", "日期,网元,接通率(%),指标\n2024-03-01,ENB_1,99.5,x\n")
    _, files = ratios.load()
    assert (files["比率1.csv"]["n_loaded"], files["比率1.csv"]["n_dropped"]) == (4, 2)
    assert "already has a column 指标" in files["比率2.csv"]["message"]


def test_two_ways_of_writing_a_share_in_one_column_are_refused(ratios: SmallHome) -> None:
    ratios.put("比率.csv", HEADER + "2024-03-01,ENB_1,99.5,0.4\n2024-03-02,ENB_2,0.991,1.2\n")
    code, files = ratios.load()
    assert (code, files["比率.csv"]["state"], ratios.rows("kpi_value")) == (3, "failed", [])
    assert files["比率.csv"]["message"] == (
        "比率.csv: column 接通率(%) mixes percent and fraction: 1 values from 0.991 to 0.991 beside 1 from 99.5 to "
        "99.5; export the column in one way of writing and send the file again."
    )
    ratios.put("比率.csv", HEADER + "2024-03-01,ENB_1,99.5,0.4\n2024-03-02,ENB_2,99.1,1.2\n")
    assert ratios.load()[0] == 0


@pytest.mark.parametrize(
    ("values", "is_mixed"),
    [
        (["99.2", "0.985", "98.1"], True),
        (["0.985", "0.991"], False),
        (["97.1", "99.9"], False),
        (["0.05", "0.3", "0.9", "1.4", "2.2"], False),  # a drop rate in percent
        (["0.08", "0.5", "7.5"], False),
        (["99.2", "98.5%", "0"], False),  # the sign says it, and nought is nought
        (["0.97", "97.3", "55.0"], True),
        (["0.2", "20.1", "19.9"], True),
        ([], False),
        (["-", "x"], False),
    ],
)
def test_what_counts_as_mixed(tmp_path: Path, values: list[str], is_mixed: bool) -> None:
    with connect(tmp_path) as con:
        relation = con.from_query("select unnest($1::varchar[]) as share_of_it", params=[values])
        assert spread_of(relation, "share_of_it", True).is_mixed == is_mixed


def test_no_values_are_not_mixed() -> None:
    assert not Spread(0, 0, 0, 5, 90, 99).is_mixed


@pytest.mark.parametrize(
    "wrong",
    [
        {"headers": [], "name": "n", "value": "v"},
        {"headers": ["a"], "name": "a", "value": "v"},
        {"headers": ["a", "a"], "name": "n", "value": "v"},
        {"headers": ["a"], "name": "n", "value": "n"},
    ],
)
def test_an_impossible_unpivot_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Unpivot.model_validate(wrong)


def test_files_that_belong_elsewhere_say_so(small: SmallHome) -> None:
    file = small.home.workspace_file
    entry = (
        '[[elsewhere]]\npattern = "例会*.csv"\nreason = { zh = "属于运营库", en = "belongs to the operations store" }\n'
    )
    file.write_text(file.read_text(encoding="utf-8") + "\n" + entry, encoding="utf-8")
    small.put("例会_1.csv", "a,b\n1,2\n")
    small.put("别的.csv", "a,b\n3,4\n")
    code, _ = small.load()
    known = small.outcomes()
    assert (code, known["例会_1.csv"].state, known["别的.csv"].state) == (0, "elsewhere", "unmatched")
    assert (known["例会_1.csv"].message, known["例会_1.csv"].message_zh) == (
        "belongs to the operations store",
        "属于运营库",
    )
    [line] = [line for line in ten_lines(small.run("status")[1]) if line.startswith("no home")]
    assert line == "no home  1: 别的.csv; 1 known to have another: belongs to the operations store"


def test_a_file_without_rows_is_good_news_where_the_contract_says_so(small: SmallHome) -> None:
    events = HEAD.format(name="small_days", table="incident") + "may_be_empty = true\n"
    columns = 'incident_id = { from = "编号" }\nkind = { from = "类别" }\nstarted_at = { from = "开始" }\n'
    small.contract("small_days", events + f'\n[file]\npattern = "事件*.csv"\nformat = "csv"\n\n[columns]\n{columns}')
    small.put("事件.csv", "编号,类别,开始\n")
    code, files = small.load()
    assert (code, files["事件.csv"]["state"], files["事件.csv"]["n_rows"]) == (0, "loaded", 0)
    small.put("工单.csv", "工单号,受理时间\n")
    code, files = small.load()
    assert (code, files["工单.csv"]["state"]) == (1, "failed")
