"""The dirty-data catalogue: for each trap a broken file, and the sentence a data engineer reads about it.

The files are invented; they stand in `traps/`, each named for its fault.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.etl.small import SmallHome

TRAPS = Path(__file__).with_name("traps")
FILES = sorted(p.name for p in TRAPS.glob("*.csv"))


@pytest.fixture
def trapped(small: SmallHome) -> SmallHome:
    """The small town with the contracts of the traps."""
    names = []
    for path in (TRAPS / "contracts").glob("*.toml"):
        shutil.copy(path, small.home.contracts / path.name)
        names.append(path.stem)
    text = small.home.workspace_file.read_text(encoding="utf-8")
    listed = ", ".join(f'"{name}"' for name in sorted(names))
    text = text.replace('sources = ["small_tickets", "small_surveys", "small_days"]', f"sources = [{listed}]")
    small.home.workspace_file.write_text(text + "\n[place]\nbbox = [118.9, 32.1, 120.0, 33.5]\n", encoding="utf-8")
    return small


# What `etl status` says of each file: state, rows, loaded, rejected, left out, flagged; the sentence in both languages.
CLEAN = ("", "")
SAID: dict[str, tuple[str, int, int, int, int, int, str, str]] = {
    "01_gb18030.tickets.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "01_utf8_with_bom.tickets.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "01_gb18030_declared_as_utf8.strict.csv": (
        *("failed", 0, 0, 0, 0, 0),
        "the file is gb18030, the contract says utf-8: correct file.encoding.",
        "文件是 gb18030，合约写的是 utf-8：请改正 file.encoding。",
    ),
    "02_five_title_lines.tickets.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "03_header_repeated_and_totals.tickets.csv": (
        *("loaded", 5, 3, 0, 2, 0),
        "repeated header: 1; totals row: 1",
        "重复表头：1；合计行：1",
    ),
    "04_written_for_people.tickets.csv": ("loaded", 2, 2, 0, 0, 0, *CLEAN),
    "05_percent_and_fraction_mixed.ratios.csv": (
        *("failed", 0, 0, 0, 0, 0),
        "column 无线接通率(%) mixes percent and fraction",
        "“无线接通率(%)”一列混用百分数与小数",
    ),
    "06_missing_in_many_words.days.csv": ("loaded", 8, 8, 0, 0, 0, *CLEAN),
    "07_ratio_without_counters.ratios.csv": ("loaded", 2, 2, 0, 0, 0, *CLEAN),
    "08_midnight_as_24_00.hours.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "09_newer.tickets.csv": ("loaded", 1, 1, 0, 0, 0, *CLEAN),
    "09_older_arriving_late.tickets.csv": ("loaded", 2, 2, 0, 0, 0, *CLEAN),
    "10_one_cell_in_four_spellings.days.csv": ("loaded", 4, 4, 0, 0, 0, *CLEAN),
    "11_cell_renamed_and_moved_1.cells.csv": ("loaded", 2, 2, 0, 0, 0, *CLEAN),
    "11_cell_renamed_and_moved_2.cells.csv": ("loaded", 1, 1, 0, 0, 0, *CLEAN),
    "11_cell_renamed_and_moved_3.cells.csv": ("loaded", 1, 1, 0, 0, 0, *CLEAN),
    "12_positions_swapped_zero_outside_and_in_degrees.cells.csv": (
        *("loaded", 5, 5, 0, 0, 3),
        "lon longitude and latitude swapped: 1",
        "经度经纬度颠倒：1",
    ),
    "13_gcj02_not_wgs84.gcj.csv": ("loaded", 1, 1, 0, 0, 0, *CLEAN),
    "14_closed_before_accepted_and_late_first_reply.stages.csv": (
        *("loaded", 4, 2, 2, 0, 1),
        "closed before accepted: 1; resolved before accepted: 1; first reply after resolution: 1",
        "办结早于受理：1；处理完成早于受理：1；首次响应晚于处理完成：1",
    ),
    "15_summary_disagrees_with_the_log.summary.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "15_the_log_that_wins.log.csv": ("loaded", 13, 13, 0, 0, 0, *CLEAN),
    "16_same_complaint_at_12345.filed.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "16_same_complaint_at_the_hotline.filed.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "17_type_names_with_blanks_old_names_and_typos.tickets.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "18_home_is_not_the_place.places.csv": ("loaded", 1, 1, 0, 0, 0, *CLEAN),
    "19_test_tickets_and_drills.tickets.csv": (
        *("loaded", 3, 1, 0, 2, 0),
        "excluded: test or drill ticket: 2",
        "按约定排除：测试或演练工单：2",
    ),
    "20_long_ids_mangled_by_a_spreadsheet.tickets.csv": (
        *("loaded", 2, 1, 1, 0, 0),
        "ticket_id not readable: 1",
        "工单编号读不出：1",
    ),
    "21_negative_counts_and_sentinels.days.csv": (
        *("loaded", 3, 3, 0, 0, 3),
        "rrc_succ smaller than possible: 2; rrc_att smaller than possible: 1",
        "RRC建立成功次数小于可能的最小值：2；RRC建立请求次数小于可能的最小值：1",
    ),
    "22_headers_twice_and_without_a_name.tickets.csv": (
        *("loaded", 2, 2, 0, 0, 0),
        "columns not in the file: region_code, summary_scrubbed, compensation_yuan, exported_at",
        "文件里没有的列：区县、投诉内容、补偿金额（元）、导出时间",
    ),
    "23_two_spellings_of_a_region.tickets.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "24_a_comma_at_each_lines_end.tickets.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
    "24_a_semicolon_at_each_lines_end.tickets.csv": ("loaded", 3, 3, 0, 0, 0, *CLEAN),
}


def load(trapped: SmallHome, *names: str) -> dict[str, dict[str, Any]]:
    for name in names:
        shutil.copy(TRAPS / name, trapped.home.inbox / name)
    return trapped.load()[1]


def test_every_trap_is_expected() -> None:
    assert sorted(SAID) == FILES


@pytest.mark.parametrize("name", FILES)
def test_what_is_said_of_a_trap(trapped: SmallHome, name: str) -> None:
    found = load(trapped, name)[name]
    state, n_rows, n_loaded, n_rejected, n_dropped, n_flagged, en, zh = SAID[name]
    counts = tuple(found[k] for k in ("n_rows", "n_loaded", "n_rejected", "n_dropped", "n_flagged"))
    assert (found["state"], counts) == (state, (n_rows, n_loaded, n_rejected, n_dropped, n_flagged))
    assert found["n_rows"] == found["n_loaded"] + found["n_rejected"] + found["n_dropped"]
    for said, wanted in ((found["message"], en), (found["message_zh"], zh)):
        assert wanted in said if wanted else said == "", said


def values(trapped: SmallHome, table: str, *columns: str) -> list[tuple[Any, ...]]:
    return [tuple(r[c] for c in columns) for r in trapped.rows(table)]


TICKETS = [(f"T{n:05d}", datetime(2024, 3, n, 9, n)) for n in (1, 2, 3)]
Check = Callable[[SmallHome], None]


def same_tickets(home: SmallHome) -> None:
    assert values(home, "ticket", "ticket_id", "accepted_at") == TICKETS
    assert {r["exported_at"] for r in home.rows("ticket")} == {datetime(2024, 4, 1)}


def written_for_people(home: SmallHome) -> None:
    columns = ("ticket_id", "accepted_at", "type_code", "channel_code", "region_code", "compensation_yuan")
    assert values(home, "ticket", *columns) == [
        ("T00001", datetime(2024, 3, 1, 9, 1), "NET-01", "HOTLINE", "321002", 1234.5),
        ("T00002", datetime(2024, 3, 2, 9, 2), "NET-01", "HOTLINE", "321002", 12.5),
    ]


def missing_is_never_zero(home: SmallHome) -> None:
    assert [v for (v,) in values(home, "cell_kpi_1d", "rrc_succ")] == [None] * 7 + [99]


def ratios_stay_apart(home: SmallHome) -> None:
    assert values(home, "kpi_value", "kpi_code", "value") == [("RADIO_ACCESS", 0.973), ("RADIO_ACCESS", 0.981)]
    assert home.stored("cell_kpi_1d") == []


def midnight_begins_the_next_day(home: SmallHome) -> None:
    assert [t for (t,) in values(home, "cell_kpi_1h", "period_start")] == [
        datetime(2024, 6, 1, 22),
        datetime(2024, 6, 1, 23),
        datetime(2024, 6, 2, 0),
    ]


def one_cell(home: SmallHome) -> None:
    assert {c for (c,) in values(home, "cell_kpi_1d", "cell_id")} == {"460-00-10001-2"}


def put_in_place(home: SmallHome) -> None:
    found = {r["cell_name"]: (r["lon"], r["lat"]) for r in home.rows("cell")}
    assert found["对"] == found["颠倒"] == (119.4337, 32.3937)
    assert found["零"] == found["外面"] == (None, None)
    assert found["度分"] == pytest.approx((119.4337, 32.3937), abs=1e-5)


def shifted(home: SmallHome) -> None:
    [(lon, lat)] = values(home, "cell", "lon", "lat")
    metres = (((119.4337 - lon) * 94_000) ** 2 + ((32.3937 - lat) * 110_900) ** 2) ** 0.5
    assert 530 < metres < 570


def types(home: SmallHome) -> None:
    assert [t for (t,) in values(home, "ticket", "type_code")] == ["NET-01", "NET-01", "信号若"]
    assert [(r["column_name"], r["value_scrubbed"], r["n_rows"]) for r in home.rows("unmapped_value")] == [
        ("type_code", "信号若", 1)
    ]


def home_and_place(home: SmallHome) -> None:
    assert values(home, "ticket", "home_region", "region_code") == [("321023", "321002")]


def sentinels_are_missing(home: SmallHome) -> None:
    assert values(home, "cell_kpi_1d", "rrc_att", "rrc_succ") == [(100, 99), (None, None), (100, None)]


def first_of_two_headers(home: SmallHome) -> None:
    assert values(home, "ticket", "type_code", "channel_code") == [("NET-01", "HOTLINE"), ("NET-02", "HOTLINE")]


def spellings(home: SmallHome) -> None:
    assert [r for (r,) in values(home, "ticket", "region_code")] == ["321002", "321002", "廣陵區"]
    assert [r["value_scrubbed"] for r in home.rows("unmapped_value")] == ["廣陵區"]


LANDED: dict[str, Check] = {
    "01_gb18030.tickets.csv": same_tickets,
    "01_utf8_with_bom.tickets.csv": same_tickets,
    "02_five_title_lines.tickets.csv": same_tickets,
    "03_header_repeated_and_totals.tickets.csv": same_tickets,
    "04_written_for_people.tickets.csv": written_for_people,
    "06_missing_in_many_words.days.csv": missing_is_never_zero,
    "07_ratio_without_counters.ratios.csv": ratios_stay_apart,
    "08_midnight_as_24_00.hours.csv": midnight_begins_the_next_day,
    "10_one_cell_in_four_spellings.days.csv": one_cell,
    "12_positions_swapped_zero_outside_and_in_degrees.cells.csv": put_in_place,
    "13_gcj02_not_wgs84.gcj.csv": shifted,
    "17_type_names_with_blanks_old_names_and_typos.tickets.csv": types,
    "18_home_is_not_the_place.places.csv": home_and_place,
    "21_negative_counts_and_sentinels.days.csv": sentinels_are_missing,
    "22_headers_twice_and_without_a_name.tickets.csv": first_of_two_headers,
    "23_two_spellings_of_a_region.tickets.csv": spellings,
    "24_a_comma_at_each_lines_end.tickets.csv": same_tickets,
    "24_a_semicolon_at_each_lines_end.tickets.csv": same_tickets,
}


@pytest.mark.parametrize("name", sorted(LANDED))
def test_what_lands_of_a_trap(trapped: SmallHome, name: str) -> None:
    load(trapped, name)
    LANDED[name](trapped)


def test_encodings_are_recorded(trapped: SmallHome) -> None:
    found = load(trapped, "01_gb18030.tickets.csv", "01_utf8_with_bom.tickets.csv")
    assert {f["encoding"] for f in found.values()} == {"gb18030", "utf-8"}


def test_an_older_file_arriving_late_loses(trapped: SmallHome) -> None:
    load(trapped, "09_newer.tickets.csv")
    load(trapped, "09_older_arriving_late.tickets.csv")
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(trapped.rows("ticket"), key=lambda r: r["exported_at"]):
        newest[row["ticket_id"]] = row
    assert {k: r["type_code"] for k, r in newest.items()} == {"T00001": "NET-02", "T00002": "NET-01"}
    assert {o.state for o in trapped.outcomes().values()} == {"loaded"}
