"""The table of faults says what was seen and lost; a fault under real lookers is the deep run's."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import breaking, faults, postgres, slow_disk, spark_worker
from bench.breaking import KINDS
from bench.faults import Outcome


def test_a_row_says_what_was_seen_and_whether_all_was_well_again() -> None:
    assert Outcome("x", 20, 3, 4.26, 7.0, "nothing").row() == (
        "| x | 3 of 20 steps failed, longest 4.3 s | 7.0 s | nothing |"
    )
    assert "not within two minutes" in Outcome("x", 20, 20, 60, -1, "nothing").row()


def test_what_cannot_be_made_here_says_why_and_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = breaking.Faults(tmp_path, tmp_path, None, "", "PostgreSQL is not installed", "losetup: not permitted")  # type: ignore[arg-type]
    for name, why in (("postgres", "PostgreSQL is not installed"), ("slow-disk", "losetup: not permitted")):
        with pytest.raises(breaking.Untried, match=why):
            KINDS[name].make(made)
    monkeypatch.setattr(spark_worker.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(breaking.Untried, match="pyspark is not installed"):
        KINDS["spark"].make(made)


def test_a_server_of_ones_own_needs_its_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgres, "binaries", lambda: None)
    with pytest.raises(postgres.NotHere, match="apt-get install postgresql"), postgres.running():
        pass


def test_a_disk_that_may_not_be_made_is_refused_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(slow_disk.Refused, match="mkfs.ext4: No such file"), slow_disk.disk(tmp_path, 2**20):
        pass


@pytest.mark.deep
def test_nothing_is_lost_while_people_look(demo_home: Path) -> None:
    names = [name for name in KINDS if name != "spark"]  # that one is the Spark run's
    found = faults.measure(demo_home, names, print)
    assert [o.fault for o in found] == [KINDS[name].title for name in names]
    assert {o.lost for o in found if not o.lost.startswith("not tried")} == {"nothing"}
    assert all(o.well_after_s >= 0 for o in found)
    seen = {KINDS[name].title for name in names if KINDS[name].is_seen}
    assert all(o.failed == 0 for o in found if o.fault not in seen), "only the app's own end may be seen"
