from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from etl.register import Outcome, Register, file_id, name_id, shown_name
from tests.etl.small import phone
from warehouse.lake import Lake

AT = datetime(2024, 4, 1, 8)


def test_the_last_settled_row_of_a_file_decides(tmp_path: Path) -> None:
    register = Register(Lake(tmp_path / "lake"))
    assert (register.outcomes(), register.settled(), register.loads()) == ([], {}, set())
    loaded = Outcome("a", "x.csv", "loaded", AT, contract_hash="one")
    failed = replace(loaded, state="failed", loaded_at=AT + timedelta(hours=1), message="broken")
    register.add([loaded])
    register.add([failed])
    register.add([])
    assert register.outcomes() == [failed]
    assert register.settled() == {"a": loaded}
    withdrawn = replace(loaded, state="withdrawn", loaded_at=AT + timedelta(hours=2))
    register.add([withdrawn])
    assert register.settled() == {"a": withdrawn}
    assert register.loads() == {("a", AT)}


def test_a_file_is_its_content(tmp_path: Path) -> None:
    one, two, other = tmp_path / "one", tmp_path / "two", tmp_path / "other"
    one.write_text("x")
    two.write_text("x")
    other.write_text("y")
    assert file_id(one) == file_id(two) != file_id(other)
    assert len({file_id(one), name_id(one), name_id(two)}) == 3


def test_a_number_in_a_file_name_is_not_kept() -> None:
    assert shown_name(Path(f"投诉_{phone(1)}.csv")) == "投诉_[手机号].csv"
    assert shown_name(Path("投诉工单_20240301091500.csv")) == "投诉工单_20240301091500.csv"
