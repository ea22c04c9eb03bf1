"""Names as people write them: the right place or none, and a doubt said aloud."""

from __future__ import annotations

from pathlib import Path

import pytest

from etl.geo.gazetteer import Gazetteer, Place, gazetteer, plain, without_suffix
from tests.etl.geo.where import workspace

PLACES = """place_name,en,scene,region_code,lon,lat,radius_m,place_id,aliases
四季园小区,,,R1,119.450,32.407,300,P1,四季新村;四季园（东区）
四季园小区西区,,,R1,119.440,32.407,300,P2,
康乐小区,,,R1,119.430,32.402,300,P3,
阳光花园,,,R1,119.420,32.402,300,P4,
阳光花园,,,R2,119.520,32.502,300,P5,
银河花园,,,R3,119.620,32.602,300,P6,
月亮湾,,,,119.630,32.612,300,,
没有坐标,,,R1,,,,P8,
"""


@pytest.fixture
def names(tmp_path: Path) -> Gazetteer:
    return gazetteer(workspace(tmp_path, places=PLACES, place='merge_regions = { "R3" = "R2" }\n'))


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("四季园小区", "P1"),
        (" 四季园　小区 ", "P1"),
        ("四季新村", "P1"),
        ("四季园(东区)", "P1"),
        ("四季园", "P1"),
        ("四季园花园", "P1"),
        ("城东街道四季园小区3幢", "P1"),
        ("城东街道四季园花园3幢", "P1"),
        ("城东街道四季园小区西区3幢", "P2"),
        ("康乐小区", "P3"),
        ("康乐", "P3"),
        ("月亮湾", "月亮湾"),
        ("ＹＵＥ月亮湾", "月亮湾"),
    ],
)
def test_a_name_is_found(names: Gazetteer, text: str, place: str) -> None:
    found = names.find(text)
    assert isinstance(found, Place)
    assert found.place_id == place


@pytest.mark.parametrize("text", ["康乐路12号", "", "没有坐标", "小区", "花园", "季园", "……"])
def test_what_merely_resembles_a_name_is_not_taken(names: Gazetteer, text: str) -> None:
    assert names.find(text) is None


def test_a_shared_name_is_settled_by_the_district_or_not_at_all(names: Gazetteer) -> None:
    assert names.find("阳光花园") == "place_ambiguous"
    found = names.find("阳光花园", "R2")
    assert isinstance(found, Place) and found.place_id == "P5"


def test_the_only_place_of_a_name_in_another_district_is_not_taken(names: Gazetteer) -> None:
    assert names.find("康乐小区", "R2") == "place_elsewhere"
    assert isinstance(names.find("月亮湾", "R2"), Place), "a place of no district is in anybody's"


def test_a_merged_district_counts_as_the_one_it_is_drawn_in(names: Gazetteer) -> None:
    found = names.find("银河花园", "R2")
    assert isinstance(found, Place) and found.place_id == "P6"


def test_two_names_of_one_length_in_a_text_are_a_doubt(names: Gazetteer) -> None:
    assert names.find("康乐小区与银河花园之间") == "place_ambiguous"


def test_two_names_of_one_place_are_none(names: Gazetteer) -> None:
    found = names.find("四季园小区,原四季新村")
    assert isinstance(found, Place) and found.place_id == "P1"


def test_hostile_texts_end_quickly(names: Gazetteer) -> None:
    assert names.find("园" * 1_000_000) is None
    assert names.find("\ud800月亮湾".encode("utf-8", "replace").decode()) is not None


def test_the_order_of_lines_does_not_matter(tmp_path: Path) -> None:
    head, *lines = PLACES.strip().split("\n")
    turned = gazetteer(workspace(tmp_path, places="\n".join([head, *lines[::-1]]) + "\n"))
    straight = gazetteer(workspace(tmp_path, places=PLACES))
    for text in ("四季园", "阳光花园", "四季园小区西区3幢", "康乐小区与银河花园之间"):
        assert turned.find(text) == straight.find(text)


def test_no_places_find_nothing(tmp_path: Path) -> None:
    empty = gazetteer(workspace(tmp_path))
    assert not empty
    assert empty.find("四季园小区") is None


def test_names_are_compared_bare() -> None:
    assert plain("Ａ区（１号）· 楼") == "a区1号楼"
    assert without_suffix("康乐小区") == "康乐"
    assert without_suffix("新村") == "新村"
    assert without_suffix("大花园小区") == "大花园", "a stem keeps two characters at least"
