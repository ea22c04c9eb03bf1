"""The catalogue of limits: every fault of a file at once, in a sentence; units that cannot be wrong."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from warehouse.policies import FILE, READINGS, catalogue, read, regimes
from warehouse.problems import Problems
from warehouse.workspace import WorkingHours

HEAD = '[pauses]\ncap = "15 d"\nreasons = [{ id = "a", zh = "甲", en = "A", words = "a" }]\n'
REGIME = '[regimes.X]\nzh = "甲"\nen = "X"\nkind = "internal"\nsource = {{ zh = "甲", en = "X" }}\nrows = [{rows}]\n'


def faults(tmp_path: Path, rows: str, head: str = HEAD) -> list[str]:
    file = tmp_path / "policies.toml"
    file.write_text(head + REGIME.format(rows=rows), encoding="utf-8")
    with pytest.raises(Problems) as raised:
        read(file)
    return [str(p) for p in raised.value.problems]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('{ stage = "FBK", limit = "24" }', 'limit "24" is not a time; write a number and min, h, d or workdays'),
        ('{ stage = "FBK", limit = "24 hours" }', 'limit "24 hours" is not a time'),
        ('{ stage = "FBK", limit = "0 h" }', 'limit "0 h" is not a time'),
        ('{ stage = "FBK", limit = "-4 h" }', 'limit "-4 h" is not a time'),
        ('{ stage = "FBK", limit = "45 s" }', 'limit "45 s" is not a time'),
        ('{ stage = "FBK", limit = 24 }', "should be a valid string"),
        ('{ stage = "FBX", limit = "24 h" }', 'stage "FBX" is unknown; use one of REG'),
        ('{ stage = "FBK" }', "needs either a limit or the reason why it is not measured"),
        ('{ stage = "FRS", limit = "4 h", pause = true }', "there is no clock FRS-PAUSED; use one of CLS"),
        ('{ stage = "REG", limit = "2 workdays" }', "there is no clock REG-WORK"),
        ('{ stage = "FBK", limit = "promised" }', '"promised" is the limit of stage PROMISE, and its only one'),
        ('{ stage = "PROMISE", limit = "3 d" }', '"promised" is the limit of stage PROMISE, and its only one'),
        ('{ stage = "FBK", limit = "4 h", priority = "urgent" }', "Input should be 'P1', 'P2', 'P3' or 'P4'"),
        ('{ stage = "FBK", limit = "4 h", valid_from = 2025-01-15 }', "write the first of one, not 2025-01-15"),
        ('{ stage = "FBK", limit = "4 h", valid_from = 2025-02-01, valid_to = 2025-01-01 }', "must be before"),
        ('{ stage = "FBK", limit = "4 h", urgency = "P1" }', "urgency is not a known setting"),
    ],
)  # fmt: skip
def test_a_fault_is_a_sentence(tmp_path: Path, row: str, said: str) -> None:
    [fault] = faults(tmp_path, row)
    assert said in fault and fault.startswith("policies.toml: regimes.X.rows.0"), fault


def test_all_faults_come_at_once(tmp_path: Path) -> None:
    rows = '{ stage = "FBK", limit = "1 hour" }, { stage = "NO", limit = "1 h" }, { stage = "FRS" }'
    found = faults(tmp_path, rows, HEAD.replace('"15 d"', '"15 h"').replace('words = "a"', 'words = "("'))
    assert len(found) == 5, found


def test_two_rows_for_one_ticket_are_refused_unless_they_follow_one_another(tmp_path: Path) -> None:
    rows = '{ stage = "FBK", limit = "4 h", priority = "P1" }, { stage = "FBK", limit = "2 h", priority = "P1" }'
    [fault] = faults(tmp_path, rows)
    assert "two rows limit FBK of priority P1 at the same time; keep one" in fault
    file = tmp_path / "good.toml"
    rows = '{ stage = "FBK", limit = "4 h", valid_to = 2025-03-01 }, '
    rows += '{ stage = "FBK", limit = "2 h", valid_from = 2025-03-01 }'
    file.write_text(HEAD + REGIME.format(rows=rows), encoding="utf-8")
    assert [r.limit for r in read(file).regimes["X"].rows] == ["4 h", "2 h"]


def test_a_file_that_is_no_toml_says_so(tmp_path: Path) -> None:
    file = tmp_path / "policies.toml"
    file.write_text("[pauses", encoding="utf-8")
    with pytest.raises(Problems, match="is not valid TOML"):
        read(file)


def test_a_working_day_is_as_long_as_the_office_is_open() -> None:
    [row] = regimes()["REG-12315"].rows
    assert row.clock == "working"
    assert row.seconds(WorkingHours()) == 7 * 9 * 3600
    assert row.seconds(WorkingHours(begin=time(9), finish=time(13))) == 7 * 4 * 3600


def test_the_names_on_screen_are_all_there() -> None:
    named = {
        "CITY-2024",
        "CITY-2025",
        "STRETCH",
        "PEER-24H",
        "REG-FLOOR",
        "LOCAL-REF",
        *(f"CODE-{n}" for n in range(3, 8)),
    }
    assert named <= set(regimes())
    assert all(r.zh and r.en and r.source.zh and r.source.en for r in regimes().values())
    assert catalogue().pauses.cap_s == 15 * 86400
    assert read(FILE) == catalogue()


def test_the_mart_reads_every_clock_that_a_limit_may_name() -> None:
    from warehouse.catalog import models

    sql = models()["mart_sla"].sql
    assert {r for r in READINGS if sql.count(f"'{r}' as reading") == 2} == READINGS, "once ended, once open"
