"""Names once published stay: kept in the operations store, read back as they were, added to and never changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.warehouse.conftest import LittleHome, ticket
from warehouse.hotspots.registry import NO_GRIDS, Published, recall, remember
from warehouse.ops import open_ops, ops_url

ONE = Published("H2441-ABCD", date(2024, 10, 7), True, 250, frozenset({5, -3}), 10.5, -20.0)
AT = datetime(2024, 10, 14)


def test_what_was_published_is_read_back_and_never_changed(tmp_path: Path) -> None:
    ops = open_ops(f"sqlite:///{tmp_path}/ops.db")
    assert remember(ops, [ONE], "r1", AT) == 1
    assert remember(ops, [replace(ONE, x_m=99.0), replace(ONE, week_start=date(2024, 10, 14))], "r2", AT) == 1
    assert recall(ops) == [ONE, replace(ONE, week_start=date(2024, 10, 14))]
    assert remember(ops, [], "r3", AT) == 0


def test_grids_of_another_size_are_not_compared() -> None:
    assert ONE.seen(date(2024, 1, 1), 250).grids == ONE.grids
    assert ONE.seen(date(2024, 1, 1), 500).grids == NO_GRIDS
    assert ONE.seen(date(2024, 1, 1), 250).week == 40


def crowd(first: int, n: int, start: datetime) -> list[dict[str, object]]:
    """Tickets of different customers within one 50 m cell."""
    half, origin = 1 << 19, 50 << 40
    cell = origin | (half + 40) << 20 | (half + 40)
    rest = {
        "type_code": "NET01",
        "geo_grade": "A",
        "grid50": cell,
        "h3_8": "8830e1ca2bfffff",
        "lon": 119.45,
        "lat": 32.41,
    }
    return [ticket(first + k, start.replace(hour=k % 20), **rest) for k in range(n)]


@pytest.mark.parametrize("is_unreachable", [False, True])
def test_a_late_file_renames_nothing(little: LittleHome, monkeypatch: pytest.MonkeyPatch, is_unreachable: bool) -> None:
    day = datetime(2025, 3, 19)
    little.load("ticket", [*crowd(1, 1, datetime(2025, 1, 6)), *crowd(100, 12, day)])
    little.build()
    before = little.rows("select hotspot_id, week_start from mart_hotspot where state <> 'gone'")
    assert {r["week_start"] for r in before} >= {pd.Timestamp(2025, 3, 17)}
    if is_unreachable:
        monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{little.home.root}/nowhere/ops.db")
    else:
        assert {p.hotspot_id for p in recall(open_ops(ops_url(little.home)))} == {before[0]["hotspot_id"]}
    little.load("ticket", crowd(200, 12, datetime(2025, 3, 12)))
    little.build()
    after = little.rows("select hotspot_id, week_start from mart_hotspot where state <> 'gone'")
    assert {r["week_start"] for r in after} > {r["week_start"] for r in before}
    assert {r["hotspot_id"] for r in after} == {before[0]["hotspot_id"]}


def test_complaints_of_another_kind_leave_the_step_undone(little: LittleHome) -> None:
    said: list[str] = []
    little.load("ticket", [*crowd(1, 1, datetime(2025, 1, 6)), *crowd(100, 12, datetime(2025, 3, 12))])
    little.build()
    old = little.rows("select * from mart_hotspot order by all")
    little.load("ticket", [ticket(900, datetime(2025, 3, 13), type_code="TAR01")])
    built = little.build()
    assert old and little.rows("select * from mart_hotspot order by all") == old
    assert built.content_hash == little.build(full=True).content_hash, said
