"""How much a person still edits in drafts of files that `infer` was not written with in view.

The first lot stood before anything was mended for it, the second before anything was mended after the first. Beside
`owner` and `licence`, which no file tells.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from etl.infer import draft
from tests.etl.infer import unseen_care as care
from tests.etl.infer import unseen_network as network
from tests.etl.infer import unseen_second as second
from tests.etl.infer.edits import edits
from tests.etl.infer.making import Sample

# Lines to edit, values to code and questions to answer: on the first run, and now.
TABLE: dict[Callable[[], Sample], tuple[int, int]] = {
    care.log_without_numbers: (3, 0),
    care.log_in_two_columns: (5, 0),
    care.regulator_letters: (3, 0),
    care.city_requests: (6, 0),
    care.citizens_letters: (7, 0),
    care.voice_survey: (3, 0),
    care.call_ratings: (2, 0),
    care.hotline_export: (0, 0),
    network.drive_with_units: (7, 0),
    network.counters_by_node_and_cell: (6, 0),
    network.cells_by_node_and_sector: (3, 0),
    network.french_hours: (2, 0),
    network.oracle_alarms: (3, 0),
    network.quarters_with_units_in_brackets: (2, 0),
    network.monthly_counts: (4, 0),
    second.brazilian_protocols: (13, 0),
    second.hours_in_two_columns: (5, 0),
    second.nr_parameters: (1, 1),  # which datum: only a person can know
    second.callbacks_nested: (0, 0),
    second.cutovers_tabbed: (0, 0),
    second.traditional_log: (3, 0),
}


@pytest.mark.deep
@pytest.mark.parametrize("make", TABLE, ids=lambda make: str(make.__name__))
def test_edits_left_to_a_person(make: Callable[[], Sample], tmp_path: Path) -> None:
    sample = make()
    path = tmp_path / sample.file_name
    path.write_bytes(sample.content)
    found = edits(sample, draft(path), path)
    assert len(found) <= TABLE[make][1], found


def test_what_no_file_says_is_asked_of_every_draft(tmp_path: Path) -> None:
    sample = care.hotline_export()
    path = tmp_path / sample.file_name
    path.write_bytes(sample.content)
    made = draft(path)
    assert (made.decisions, [n.column for n in made.to_fill]) == ([], ["owner", "licence"])


def test_a_row_that_is_no_line_of_units_is_read(tmp_path: Path) -> None:
    """A missing line of units costs no row: the rule leaves out what looks like one, not what stands there."""
    lines = ["Log Time,Lon,Lat,NR SS-RSRP,Velocity", ",,,(dBm),(km/h)"]
    lines += [f"2025.03.14_09.00.{i:02d},-8.4{i:02d},51.9{i:02d},-9{i % 10},1{i % 10}" for i in range(40)]
    path = tmp_path / "drive_1.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    [rule] = draft(path).contract.exclude
    assert (rule.header, rule.matches, rule.reason.zh) == ("Velocity", r"^\s*\(km/h\)\s*$", "单位行")
