"""Drafts of published data sets and of the demo city against the contracts written by hand.

A column counts as right when it reads the header that the hand-written contract reads. The floors may only rise.
"""

from __future__ import annotations

import os
import tomllib
from datetime import datetime
from pathlib import Path

import pytest

from etl.contract import SHIPPED, Contract
from etl.infer import draft
from etl.infer.preview import preview
from warehouse.workspace import WorkspaceFile

DATA = os.environ.get("LOOKOUT_DATA")
NOW = datetime(2025, 4, 1)
# pattern, contract, columns that the draft gives another header than the hand, columns that it lacks, share landing
REAL = [
    ("comcast/*.csv", "comcast_tickets", set(), set(), 1.0),
    ("trai_mycall/*October*.csv", "trai_mycall", set(), set(), 1.0),
    ("mathorcup_satisfaction/附件1*.xlsx", "mathorcup_voice", set(), set(), 1.0),
    ("nyc311/*.csv", "nyc311_requests", {"type_detail"}, {"feedback_at", "summary_scrubbed"}, 0.98),
    ("cellpad_kpi/sd.csv", "cellpad_kpi", {"value"}, set(), 1.0),
    ("ucc_5g/B_2019.12.14*.csv", "ucc_5g_drives", {"cell_id"}, set(), 1.0),
    ("tipdm_zhengwu/附件2.xlsx", "tipdm_messages", set(), {"feedback_at"}, 1.0),
    ("tipdm_zhengwu/附件4.xlsx", "tipdm_messages", set(), {"type_code"}, 1.0),
]


@pytest.mark.deep
@pytest.mark.skipif(not DATA, reason="LOOKOUT_DATA is unset")
@pytest.mark.parametrize(
    ("pattern", "name", "wrong", "missing", "share"), REAL, ids=[f"{r[1]}-{r[0][-8:]}" for r in REAL]
)
def test_published(pattern: str, name: str, wrong: set[str], missing: set[str], share: float) -> None:
    path = next(iter(sorted(Path(DATA or "").glob(pattern))), None)
    if path is None:
        pytest.skip(f"LOOKOUT_DATA holds no {pattern}")
    hand = _hand(name)
    made = draft(path)
    assert made.table == hand.table
    assert _differences(made.contract, hand) == (wrong, missing)
    assert made.decisions == []
    settings = WorkspaceFile.model_validate(tomllib.loads(made.workspace["workspace.toml"]))
    seen = preview(path, made.contract, settings, NOW)
    assert seen.n_landed >= share * (seen.n_rows - sum(seen.dropped.values()))


def _hand(name: str) -> Contract:
    path = SHIPPED / f"{name}.toml"
    if not path.exists():
        pytest.skip(f"there is no contract {name}")
    return Contract.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))


def _differences(made: Contract, hand: Contract) -> tuple[set[str], set[str]]:
    wrong, missing = set(), set()
    for column, source in hand.columns.items():
        given = made.columns.get(column)
        if source.const is not None:
            continue
        if given is None:
            missing.add(column)
        elif bool(source.capture) != bool(given.capture) or set(source.headers) != set(given.headers):
            wrong.add(column)
    return wrong, missing
