"""No stamp of any file lies after as-of; only due dates may."""

from __future__ import annotations

import re

import pytest

from tests.etl.demo.reading import Demo

pytestmark = pytest.mark.xdist_group("demo")  # one worker writes the city, and its twin

STAMP = re.compile(rb"20\d\d-\d\d-\d\d \d\d:\d\d(?::\d\d)?")
AS_OF = b"2025-03-31 08:30:00"


def test_no_stamp_lies_after_as_of(demo: Demo) -> None:
    late: dict[str, set[bytes]] = {}
    for path in (
        sorted(demo.inbox.glob("*202503*.csv"))
        + sorted(demo.inbox.glob("*2025.csv"))
        + sorted(demo.inbox.glob("运营历史_*.csv"))
    ):
        stamps = {s for s in STAMP.findall(path.read_bytes()) if s > AS_OF}
        if stamps:
            late[path.name] = stamps
    assert set(late) <= {"投诉工单_202503.csv"}
    due = demo.tickets["承诺到期时间"].dropna().astype(str).str.encode("utf-8")
    assert late.get("投诉工单_202503.csv", set()) <= set(due)
