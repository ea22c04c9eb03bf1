"""Corrected rows come back through the inbox: under which name, whole, and never in the place of another file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from etl import corrections, handback
from etl.register import Outcome
from tests.etl.small import HEADER, SmallHome, ticket
from warehouse.home import Home
from warehouse.problems import Problems
from warehouse.workspace import load_workspace

OUTCOME = Outcome("0123456789abcdef0123", "工单1.csv", "loaded", None, contract="small_tickets")  # type: ignore[arg-type]


def test_rows_land_whole_under_the_name_of_the_command_line(tmp_path: Path) -> None:
    home = Home(tmp_path)
    first = handback.accept(home, OUTCOME, b"one")
    assert first == home.inbox / "工单1__corrects_0123456789ab.csv" == home.inbox / corrections.file_name(OUTCOME)
    assert first.stat().st_mode & 0o777 == 0o600 and home.inbox.stat().st_mode & 0o777 == 0o700
    second = handback.accept(home, OUTCOME, b"two")
    assert (first.read_bytes(), second.read_bytes()) == (b"one", b"two")
    assert second.name == "工单1_2__corrects_0123456789ab.csv"
    assert corrections.corrected_id(second.name) == "0123456789ab"
    assert sorted(home.inbox.iterdir()) == sorted([first, second]), "no draft is left"


def test_the_same_rows_twice_and_too_many_are_refused(tmp_path: Path) -> None:
    home = Home(tmp_path)
    handback.accept(home, OUTCOME, b"one")
    with pytest.raises(Problems) as again:
        handback.accept(home, OUTCOME, b"one")
    assert "already" in str(again.value) and "相同" in again.value.problems[0].in_chinese()
    with pytest.raises(Problems, match="10 MiB"):
        handback.accept(home, OUTCOME, b"," * ((handback.MOST_MIB << 20) + 1))
    assert len(list(home.inbox.iterdir())) == 1


@pytest.mark.parametrize(
    "name", ["../../x.csv", "工" * 300 + ".csv", "..", "a/b\\c.csv"], ids=["up", "long", "dots", "bars"]
)
def test_no_name_leads_out_of_the_inbox(tmp_path: Path, name: str) -> None:
    home = Home(tmp_path / "home")
    for content in (b"1", b"2"):
        assert handback.accept(home, replace(OUTCOME, file_name=name), content).parent == home.inbox
    assert [p.name for p in tmp_path.iterdir()] == ["home"]


@pytest.mark.deep
def test_what_is_still_refused_goes_out_again(small: SmallHome) -> None:
    """Twice through the whole way: the second file of refused rows is read as the plain CSV that it is."""
    lines = [ticket(0), ticket(1, 受理时间="昨天"), ticket(2, 受理时间="前天", 内容="=1+1")]
    small.put("工单1.csv", "\n".join([HEADER, *lines, ""]), encoding="gb18030")
    small.load()
    first, left = handback.loaded(small.home, "工单1.csv"), small.root / "left" / "rows.csv"
    for n, word in enumerate(("昨天", "前天")):
        assert handback.write(small.home, first, left) == 2 - n
        content = left.read_bytes().decode("utf-8-sig").replace(f",{word},", ",2024-03-05 10:00:00,")
        seen = handback.looked_at(small.home, load_workspace(small.root), first, content.encode())
        assert (seen.n_landed, seen.n_rejected) == (1, 1 - n)
        path = handback.accept(small.home, first, content.encode())
        _, files = small.load()
        assert (files[path.name]["state"], files[path.name]["n_loaded"]) == ("loaded", 1)
        first = handback.loaded(small.home, path.name)
    found = {r["ticket_id"]: r["summary_scrubbed"] for r in small.rows("ticket")}
    assert found == {"T00000": "没有信号", "T00001": "没有信号", "T00002": "=1+1"}


def test_without_the_file_nothing_goes_out(tmp_path: Path) -> None:
    with pytest.raises(Problems) as gone:
        handback.original(Home(tmp_path), OUTCOME)
    assert gone.value.problems[0].in_chinese().startswith("工单1.csv：原文件已不在收件箱")
