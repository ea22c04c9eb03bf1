from __future__ import annotations

import os

from etl.status import lines
from tests.etl.small import SmallHome, csv_text


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
    text = lines(report)
    assert text[1:4] == [
        "   failed  工单2.csv: 工单2.csv: the file is empty (0 bytes); export it again.",
        "unmatched  别的.csv: no contract of this workspace takes a file of this name",
        "   loaded  small_tickets: 1 files, 5 rows, 0 rejected, 0 left out, to 2024-03-05 09:04:00",
    ]
    assert text[4:8] == [f"  waiting  {w['file_name']}: {w['reason']}" for w in report["waiting"]]


def test_a_file_over_its_limit_stands_out(small: SmallHome) -> None:
    small.put("工单.csv", csv_text(range(5), 工单号="") + csv_text(range(5)))
    code, _ = small.load()
    assert code == 3
    _, report = small.run("status")
    assert "over limit 工单.csv: 5 of 11 rows refused" in lines(report)


def test_many_waiting_files_are_counted_not_listed(small: SmallHome) -> None:
    for n in range(7):
        small.put(f"工单{n}.csv", csv_text([n]))
    _, report = small.run("status")
    assert lines(report)[1:7][-1] == "  waiting  and 2 more"
    assert len(report["waiting"]) == 7
