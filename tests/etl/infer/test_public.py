"""Exports under headers that others made: what a person still edits, and that nothing lands with a wrong meaning.

Deep: every file is drafted and tried. What the rules rest on is tested one by one in `test_rules.py`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from etl.infer import draft
from tests.etl.infer import left_samples as left
from tests.etl.infer import public_first as first
from tests.etl.infer import public_hotlines as hotlines
from tests.etl.infer import public_second as second
from tests.etl.infer.edits import edits
from tests.etl.infer.making import Sample

# Lines, values and questions before anything was mended; for the second half also when the first half had been mended
# for; and now. A question that only a person can answer counts as one.
FIRST: dict[Callable[[], Sample], tuple[int, int]] = {
    first.fcc_calls: (6, 1),  # are the days of the issue UTC too?
    first.chicago_311: (1, 0),
    first.boston_311: (3, 0),
    first.incident_log: (25, 0),
    first.open_cells: (10, 0),
    first.huawei_counters: (10, 0),
    first.net_tests: (3, 0),
    first.zendesk: (3, 0),
    first.jira: (3, 0),
    first.nokia_report: (3, 0),
    hotlines.city_hotline: (2, 0),
    hotlines.consumidor: (11, 1),  # is the made number one?
}
SECOND: dict[Callable[[], Sample], tuple[int, int, int]] = {
    second.cfpb: (1, 1, 0),
    second.san_francisco: (5, 4, 0),
    second.toronto: (4, 1, 1),  # is the made number one?
    second.austin: (2, 3, 0),
    second.ericsson_counters: (4, 4, 0),
    second.zte_ratios: (3, 2, 0),
    second.tems: (3, 3, 0),
    second.remedy: (3, 3, 1),
    second.huawei_alarms: (6, 6, 0),
    second.qualtrics: (1, 1, 1),
    second.otrs: (6, 4, 0),
    second.resource_cells: (4, 4, 1),  # which datum?
}
LEFT: dict[Callable[[], Sample], int] = {
    left.hour_of_the_first_day: 0,
    left.log_of_work: 0,
    left.cells_in_an_hour: 0,
    left.answer_of_a_service: 0,
    left.cells_without_a_header: 2,  # which datum, which day?
    left.marks_without_an_answer: 1,  # where is the line?
    left.counted_instants: 0,
}
NOW = {make: given[-1] for make, given in {**FIRST, **SECOND}.items()} | LEFT


@pytest.mark.deep
@pytest.mark.parametrize("make", NOW, ids=lambda make: str(make.__name__))
def test_lines_a_person_edits(make: Callable[[], Sample], tmp_path: Path) -> None:
    sample = make()
    path = tmp_path / sample.file_name
    path.write_bytes(sample.content)
    found = edits(sample, draft(path), path)
    assert len(found) <= NOW[make], found
    assert not [line for line in found if line.startswith(("does not load", "table "))], found
