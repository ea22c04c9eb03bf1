"""Names once published stay: kept in the operations store, read back as they were, added to and never changed.

The registry reads `mart_hotspot` and `mart_hotspot_grid`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from tests.warehouse.conftest import LittleHome, crowd, ticket
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


@pytest.mark.deep
@pytest.mark.parametrize("is_unreachable", [pytest.param(False, marks=pytest.mark.deep), True])
def test_a_late_file_renames_nothing(little: LittleHome, monkeypatch: pytest.MonkeyPatch, is_unreachable: bool) -> None:
    day = datetime(2025, 3, 19)
    little.load("ticket", crowd(100, 12, day))
    little.build()
    before = little.rows("select hotspot_id, week_start from mart_hotspot where state <> 'gone'")
    assert {r["week_start"] for r in before} >= {pd.Timestamp(2025, 3, 17)}
    if is_unreachable:
        monkeypatch.setenv("LOOKOUT_OPS_URL", f"sqlite:///{little.home.root}/nowhere/ops.db")
    else:
        assert {p.hotspot_id for p in recall(open_ops(ops_url(little.home)))} == {before[0]["hotspot_id"]}
    little.load("ticket", crowd(200, 12, datetime(2025, 3, 12), 0))
    little.build()
    after = little.rows("select hotspot_id, week_start from mart_hotspot where state <> 'gone'")
    assert {r["week_start"] for r in after} > {r["week_start"] for r in before}
    assert {r["hotspot_id"] for r in after} == {before[0]["hotspot_id"]}


@pytest.mark.deep
def test_complaints_of_another_kind_leave_the_step_undone(little: LittleHome) -> None:
    said: list[str] = []
    little.load("ticket", crowd())
    little.build()
    old = little.rows("select * from mart_hotspot order by all")
    little.load("ticket", [ticket(5000, datetime(2025, 3, 13), type_code="TAR01")])
    built = little.build()
    new = little.rows("select * from mart_hotspot order by all")
    assert old and [(k, a[k], b[k]) for a, b in zip(old, new, strict=True) for k in a if a[k] != b[k]] == []
    assert built.content_hash == little.build(full=True).content_hash, said
