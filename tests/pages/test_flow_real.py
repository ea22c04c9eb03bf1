"""Published requests with due dates: judged per request, the promise clock counts what the file itself says."""

from __future__ import annotations

import csv
import os
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from pages._shared import numbers
from pages._shared.text import LANGS
from tests.pages.conftest import OpenView
from warehouse.periods import compare
from warehouse.query import Reader
from warehouse.viewer import Viewer

pytestmark = pytest.mark.xdist_group("real_pages")
RealHome = Callable[[str], Path]
Ask = Callable[..., Any]


def moment(text: str) -> datetime | None:
    return datetime.strptime(text, "%m/%d/%Y %I:%M:%S %p") if text else None


def expected(as_of: datetime) -> Counter[str]:
    """On time, late, open beyond the date and open before it, by the rows of the file, each request once."""
    [file] = sorted((Path(os.environ["LOOKOUT_DATA"]) / "nyc311").glob("nyc311*.csv"))
    found: Counter[str] = Counter()
    seen = set()
    with file.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            due, done = moment(row["Due Date"]), moment(row["Closed Date"])
            accepted = moment(row["Created Date"])
            assert accepted is not None
            if due is None or row["Unique Key"] in seen or (done is not None and done < accepted):
                continue
            seen.add(row["Unique Key"])
            if done is not None:
                found["on_time" if done <= due else "late"] += 1
            elif row["Status"] != "Closed":
                found["overdue" if as_of > due else "open"] += 1
    return found


def test_due_dates_reproduce_the_counts(real_home: RealHome, ask: Ask) -> None:
    home = real_home("nyc311")
    [(as_of,)] = ask(home, "select as_of from release_info")
    [told] = ask(
        home,
        """
        select sum(n_on_time), sum(n_late), sum(n_overdue), sum(n_soon_due + n_running)
        from mart_sla where policy_id = 'PROMISE'
        """,
    )
    wanted = expected(as_of)
    assert dict(zip(("on_time", "late", "overdue", "open"), map(int, told), strict=True)) == {
        k: wanted[k] for k in ("on_time", "late", "overdue", "open")
    }
    assert sum(wanted.values()) > 300, "half of the thousand have a date"


def test_the_due_board_counts_promises_where_no_rule_is_in_force(open_view: OpenView, real_home: RealHome) -> None:
    home = real_home("nyc311")
    current = (home / "releases" / "CURRENT").read_text(encoding="utf-8").strip()
    reader = Reader(home / "releases" / f"{current}.duckdb")
    now = compare("week", reader.info["as_of"]).now
    row = reader.figures(["M24", "M22_PROMISE"], Viewer.of("analyst"), [now]).iloc[0]
    for lang in LANGS:
        at = open_view(home, "due", lang, "analyst")
        [sentence] = [m.value for m in at.markdown if m.value.startswith("## ")]
        assert numbers.count(row["M24_num"], lang) in sentence
        assert numbers.count(row["M22_PROMISE_num"], lang) in sentence
