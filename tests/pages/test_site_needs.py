"""热点网络 → 规划需求: who may look and write, what is written stays, and files hold areas and no formulas."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import fastexcel
import pytest

from pages._shared import need_files
from pages._shared.text import Lang, t
from tests.pages.conftest import OpenView
from warehouse import worklist
from warehouse.ops import open_ops

LINES = [
    {"place": '=HYPERLINK("http://evil")', "customers": 30, "per_10k": 1.5, "note": "<b>&x</b>", "lon": 119.4,
     "lat": 32.4, "radius_m": 635.0},
]  # fmt: skip


@pytest.mark.parametrize(("lang", "role"), [("zh", "planner"), ("en", "analyst"), ("en", "manager")])
def test_by_role(demo_home: Path, open_view: OpenView, lang: Lang, role: str) -> None:
    at = open_view(demo_home, "hotspot_needs", lang, role)
    assert not at.exception and at.title[0].value == t("needs.title", lang)
    if role == "manager":
        assert [i.value for i in at.info] == [t("needs.no_rows", lang)] and not at.dataframe
        return
    table = at.dataframe[0].value
    assert "天馈调整" in list(table["action"]) if lang == "zh" else "Antenna" in list(table["action"])
    assert bool([b for b in at.button if b.label == t("needs.save", lang)]) == (role == "planner")


def test_what_a_planner_writes_is_kept_with_name_and_history(
    demo_home: Path, open_view: OpenView, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path / 'ops.db'}"
    monkeypatch.setenv("LOOKOUT_OPS_URL", url)
    at = open_view(demo_home, "hotspot_needs", "en", "planner")
    [antenna] = [box for box in at.selectbox if box.label == t("work.antenna", "en")]
    antenna.select("tried")
    [save] = [b for b in at.button if b.label == t("needs.save", "en")]
    save.click()
    at.run()
    assert not at.exception
    standing = worklist.standing(open_ops(url))
    [(name, work)] = standing.items()
    assert work["antenna"] == "tried"
    past = worklist.history(open_ops(url), name)
    assert set(past["actor"]) == {"planner"} and str(past["happened_at"].iloc[0]) == "2025-03-31 08:30:00"


def test_a_sheet_has_numbers_and_no_formula() -> None:
    made = need_files.xlsx(LINES, {"place": "地点", "customers": "客户", "note": "备注"}, "明细", "i")
    rows = fastexcel.read_excel(made).load_sheet("明细").to_arrow().to_pylist()
    assert rows == [{"地点": "'" + LINES[0]["place"], "客户": 30.0, "备注": "<b>&x</b>"}]
    with zipfile.ZipFile(io.BytesIO(made)) as parts:
        sheet = parts.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet and "autoFilter" in sheet and "frozen" in sheet


def test_maps_hold_areas_and_escape_what_people_wrote() -> None:
    shape = json.loads(need_files.geojson(LINES))["features"][0]
    ring = shape["geometry"]["coordinates"][0]
    assert ring[0] == ring[-1] and len(ring) > 30 and "lon" not in shape["properties"]
    area = sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:], strict=False))
    assert area > 0, "outer rings run anticlockwise in GeoJSON"
    root = ElementTree.fromstring(need_files.kml(LINES, "<title>"))
    said = " ".join(root.itertext())
    assert "<b>&x</b>" in said and "<title>" in said


def test_no_file_of_an_empty_list_fails() -> None:
    assert need_files.xlsx([], {"place": "地点"}, "明细", "") and json.loads(need_files.geojson([]))["features"] == []
    ElementTree.fromstring(need_files.kml([], "x"))


def test_maps_say_whose_data_they_are_in_the_words_of_the_workbook_and_open_whatever_was_typed() -> None:
    lines = [{**LINES[0], "place": "四季园", "note": "\x0b\x00下倾\ufffe2°", "per_10k": None}]
    headers = {"place": "地点", "note": "备注", "customers": "客户", "per_10k": "每万元减少投诉"}
    root = ElementTree.fromstring(need_files.kml(lines, "扬州 模拟数据", headers))
    told = root.find(".//{*}Placemark/{*}description")
    assert told is not None and told.text is not None
    assert (
        "备注: 下倾2°" in told.text and "客户: 30" in told.text and "note" not in told.text and "None" not in told.text
    )
    assert json.loads(need_files.geojson(lines, "扬州 模拟数据"))["name"] == "扬州 模拟数据"
