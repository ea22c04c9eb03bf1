"""Traps that show only in a built release: log against summary, one complaint filed twice, cells that change.

The files are invented; they stand in `traps/`, each named for its fault.
"""

from __future__ import annotations

import shutil
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from tests.etl.small import SmallHome
from tests.etl.test_traps import load
from tests.etl.test_traps import trapped as trapped
from tests.warehouse.partial import named_in, only
from warehouse.__main__ import main as warehouse
from warehouse.release import Releases

pytestmark = pytest.mark.xdist_group("built_traps")  # the same files are built once
BUILT: dict[tuple[str, ...], Path] = {}
DEMO = Path(__file__).parents[2] / "workspaces" / "demo"


@pytest.fixture
def city(trapped: SmallHome) -> SmallHome:
    """The town of the traps, with the demo city's types, channels and departments."""
    for name in ("types.csv", "channels.csv", "depts.csv"):
        shutil.copy(DEMO / name, trapped.home.root / name)
    return trapped


def built(home: SmallHome, *names: str) -> duckdb.DuckDBPyConnection:
    """The release of these files in this order."""
    if names not in BUILT:
        BUILT[names] = release_of(home, *names)
    return duckdb.connect(str(BUILT[names]), read_only=True)


def release_of(home: SmallHome, *names: str) -> Path:
    assert {f["state"] for f in load(home, *names).values()} == {"loaded"}
    with only(named_in(Path(__file__))):
        assert warehouse(["build", "--full"]) in (0, 3), home.output()
    home.output()
    releases = Releases(home.home.releases)
    current = releases.current()
    assert current is not None
    return releases.path(current)


SUMMARY = ("15_summary_disagrees_with_the_log.summary.csv", "15_the_log_that_wins.log.csv")


def test_15_the_log_wins_over_the_summary_columns(city: SmallHome) -> None:
    release = built(city, *SUMMARY)
    sql = (
        "select ticket_id, first_reply_at, resolved_at, feedback_at, n_transfers, n_chasers from fact_ticket order by 1"
    )
    assert release.execute(sql).fetchall() == [
        ("T00001", datetime(2024, 3, 1, 11), datetime(2024, 3, 2, 12), datetime(2024, 3, 2, 14), 2, 0),
        ("T00002", datetime(2024, 3, 2, 9, 20), datetime(2024, 3, 2, 10), datetime(2024, 3, 2, 11), 1, 0),
        # No log of the third: its summary is all there is.
        ("T00003", datetime(2024, 3, 3, 10), datetime(2024, 3, 3, 11), datetime(2024, 3, 3, 12), 2, 1),
    ]


def test_15_how_far_they_disagree_is_reported(city: SmallHome) -> None:
    release = built(city, *SUMMARY)
    sql = "select column_name, n_tickets, n_differ, max_difference from mart_log_difference where n_tickets > 0"
    found = {row[0]: row[1:] for row in release.execute(sql).fetchall()}
    assert found == {
        "accepted_at": (2, 0, None),
        "first_reply_at": (2, 1, 90.0),
        "resolved_at": (2, 1, 21 * 60.0),
        "feedback_at": (2, 1, 22 * 60.0),
        "n_transfers": (2, 1, 2.0),
        "n_chasers": (2, 0, None),
    }


@pytest.mark.deep
def test_15_without_its_log_the_same_file_says_what_it_says(city: SmallHome) -> None:
    release = built(city, SUMMARY[0])
    [(resolved_at,)] = release.execute("select resolved_at from fact_ticket where ticket_id = 'T00001'").fetchall()
    assert resolved_at == datetime(2024, 3, 1, 15)


FILED = ("16_same_complaint_at_the_hotline.filed.csv", "16_same_complaint_at_12345.filed.csv")


def test_16_a_complaint_filed_twice_counts_once_in_volume(city: SmallHome) -> None:
    release = built(city, *FILED)
    sql = "select ticket_id, case_id, linked_by, is_linked_external, is_counted from fact_ticket order by 1"
    assert release.execute(sql).fetchall() == [
        ("G00001", "T00001", "parent", True, False),  # its number of our ticket, nine days later
        ("G00002", "T00002", "within_48h", True, False),  # the same customer and type, 30 hours later
        ("G00003", "G00003", None, False, True),  # five days later: a matter of its own
        ("T00001", "T00001", None, True, True),
        ("T00002", "T00002", None, True, True),
        ("T00003", "T00003", None, False, True),
    ]
    [(n_counted,)] = release.execute("select count(*) from mart_ticket").fetchall()
    assert n_counted == 4


def test_16_both_filings_count_in_escalation(city: SmallHome) -> None:
    """The counted ticket carries the highest level its case reached, and the outside filing keeps its own."""
    release = built(city, *FILED)
    levels = dict(release.execute("select ticket_id, escalation_level from fact_ticket").fetchall())
    assert levels == {"T00001": "L3", "G00001": "L3", "T00002": "L4", "G00002": "L4", "T00003": "L0", "G00003": "L3"}
    sql = "select ticket_id from mart_ticket where is_escalated order by 1"
    assert release.execute(sql).fetchall() == [("G00003",), ("T00001",), ("T00002",)]


@pytest.mark.deep
def test_16_the_order_of_the_two_files_does_not_matter(city: SmallHome) -> None:
    load(city, FILED[1])
    release = built(city, FILED[0])
    [(n_counted,)] = release.execute("select count(*) from mart_ticket").fetchall()
    assert n_counted == 4


CELLS = tuple(f"11_cell_renamed_and_moved_{n}.cells.csv" for n in (1, 2, 3))


def test_11_a_cell_renamed_and_moved_has_two_ranges_and_one_taken_away_ends(city: SmallHome) -> None:
    release = built(city, *CELLS)
    sql = "select cell_id, cell_name, round(lon, 4), valid_from, valid_to from dim_cell order by cell_id, valid_from"
    found = release.execute(sql).fetchall()
    assert [(c[-1], name, lon) for c, name, lon, *_ in found] == [
        ("1", "文昌阁-1", 119.4337),
        ("1", "文昌中路-1", 119.4437),
        ("2", "文昌阁-2", 119.4337),
    ]
    (_, first_end), (second_start, second_end), (_, taken_away) = (row[3:] for row in found)
    assert first_end == second_start == taken_away == date(2024, 7, 1)
    assert second_end is None, "an unchanged snapshot begins no new range"
