from __future__ import annotations

import os

from etl.answer import all_files, ten_lines
from tests.etl.small import DAYS, TICKETS, SmallHome, csv_text


def test_everything_in_the_inbox_is_explained(small: SmallHome) -> None:
    small.put("工单1.csv", csv_text(range(5)))
    small.put("工单2.csv", "")
    small.put("别的.csv", "x")
    small.load()
    small.put("工单3.csv", csv_text(range(5)))
    small.put("工单4.csv", csv_text(range(6)))
    changed = small.put("工单2.csv", csv_text(range(7)))
    os.utime(changed, (2e9, 2e9))
    (small.home.inbox / "夹").mkdir()
    small.put(".hidden.csv", "x")
    small.put("~$工单.xlsx", "x")
    code, report = small.run("status")
    assert code == 0
    assert report["waiting"] == [
        {"file_name": "夹", "reason": "is a folder"},
        {"file_name": "工单2.csv", "reason": "has changed"},
        {"file_name": "工单3.csv", "reason": "has the same content as 工单1.csv"},
        {"file_name": "工单4.csv", "reason": "is new"},
    ]
    assert report["lake_bytes"] > 0 and report["release_bytes"] == 0
    text = ten_lines(report)
    assert len(text) == 10
    assert text[2:7] == [
        "loaded   1 files, 5 rows; 0 refused, 0 left out by a rule",
        "failed   1: 工单2.csv: the file is empty (0 bytes); export it again.",
        "refused  no file above its contract's limit",
        "no home  1: 别的.csv",
        "waiting  4: 夹 is a folder, 工单2.csv has changed, 工单3.csv has the same content as 工单1.csv and 1 more",
    ]
    assert text[9] == "to do    mend 工单2.csv as its sentence says, and put it into the inbox again"
    listed = all_files(report)
    assert len(listed) == 3 + 4
    assert any(line.endswith("工单1.csv: 5 of 5 rows") for line in listed)


def test_a_file_over_its_limit_stands_out(small: SmallHome) -> None:
    small.put("工单.csv", csv_text(range(5), 工单号="") + csv_text(range(5)))
    code, _ = small.load()
    assert code == 3
    _, report = small.run("status")
    text = ten_lines(report)
    assert text[4] == "refused  1 above their limit: 工单.csv (5 of 11 rows)"
    assert text[9] == "to do    `python -m warehouse build`: files were loaded since the release was built"


def test_many_waiting_files_are_counted_not_listed(small: SmallHome) -> None:
    for n in range(7):
        small.put(f"工单{n}.csv", csv_text([n]))
    _, report = small.run("status")
    assert ten_lines(report)[6].endswith(" and 4 more")
    assert len(report["waiting"]) == 7


def test_freshness_is_judged_by_what_contracts_promise(small: SmallHome) -> None:
    small.contract("small_tickets", TICKETS.replace("[file]", "cadence_hours = 24\n\n[file]", 1))
    small.contract("small_days", DAYS.replace("[file]", "cadence_hours = 24\n\n[file]", 1))
    small.put("工单1.csv", csv_text(range(5)))
    small.load()
    _, report = small.run("status")
    states = {s["name"]: s["state"] for s in report["sources"]}
    assert states == {"small_tickets": "fresh", "small_surveys": "no promise", "small_days": "missing"}
    assert ten_lines(report)[1] == (f"fresh    1 of 2 sources on time at {report['as_of']}; never came: small_days")
    late = report | {"sources": [s | {"state": "late", "last_period": "2024-01-01"} for s in report["sources"]]}
    assert "late: small_tickets (since 2024-01-01)" in ten_lines(late)[1]


def test_a_full_disk_comes_first(small: SmallHome) -> None:
    small.put("工单2.csv", "")
    small.load()
    _, report = small.run("status")
    assert ten_lines(report | {"free_bytes": 1 << 20})[9] == "to do    free some space: only 1.0 MiB are left"
