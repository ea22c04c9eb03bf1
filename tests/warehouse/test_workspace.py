from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.problems import Problems
from warehouse.workspace import DIMENSION_FILES, load_workspace

SHIPPED = Path(__file__).parents[2] / "workspaces"
GOOD = """
id = "small"
name = { zh = "小城(模拟)", en = "Small town (simulated)" }
languages = ["zh", "en"]
timezone = "Asia/Shanghai"
sources = ["small_tickets"]
"""


def faults(folder: Path, text: str) -> list[str]:
    (folder / "workspace.toml").write_text(text, encoding="utf-8")
    with pytest.raises(Problems) as caught:
        load_workspace(folder)
    return [str(p).removeprefix(f"{folder}/") for p in caught.value.problems]


@pytest.mark.parametrize("name", sorted(p.parent.name for p in SHIPPED.glob("*/workspace.toml")))
def test_a_shipped_workspace_loads(name: str) -> None:
    workspace = load_workspace(SHIPPED / name)
    for dimension, columns in DIMENSION_FILES.items():
        assert tuple(workspace.dimension(dimension).column_names) == columns
    assert workspace.calendar().column_names == ["holiday_on", "day_kind", "zh", "en"]


def test_the_folder_or_its_file_may_be_named(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(GOOD, encoding="utf-8")
    assert load_workspace(tmp_path).id == load_workspace(tmp_path / "workspace.toml").id == "small"


def test_a_missing_workspace_names_the_file_that_should_be_there(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(Problems) as caught:
            load_workspace(folder)
        assert str(caught.value) == (
            f"{folder}/workspace.toml: there is no workspace here; run `python -m etl init NAME`, or set LOOKOUT_HOME."
        )


def test_all_faults_at_once(tmp_path: Path) -> None:
    text = GOOD.replace('"Asia/Shanghai"', '"Mars"').replace('id = "small"', "").replace("sources", "source")
    assert sorted(faults(tmp_path, text)) == [
        "workspace.toml: id is missing; add it.",
        "workspace.toml: source is not a known setting; remove it or correct its spelling.",
        "workspace.toml: sources is missing; add it.",
        "workspace.toml: timezone: is not a time zone; write a name such as Asia/Shanghai (came: 'Mars').",
    ]


def test_policies_in_order_of_their_day(tmp_path: Path) -> None:
    rule = '[[policies]]\npolicy = "A"\naccepted_from = {}\n'
    assert faults(tmp_path, GOOD + rule.format("2025-01-01") + rule.format("2024-01-01")) == [
        "workspace.toml: file: policies must be listed by rising accepted_from, each day once."
    ]


def test_files_beside_it_are_looked_at_too(tmp_path: Path) -> None:
    (tmp_path / "types.csv").write_text("code,name\n", encoding="utf-8")
    found = faults(tmp_path, GOOD + '[place]\nboundaries = "map.geojson"\n')
    assert found == [
        f"types.csv: the header is code, name; write exactly {', '.join(DIMENSION_FILES['type'])}.",
        "workspace.toml: place.boundaries names map.geojson, which is not there; add the file.",
    ]


def test_not_toml(tmp_path: Path) -> None:
    assert faults(tmp_path, "id = ")[0].startswith("workspace.toml: is not valid TOML (Invalid value")


def test_a_missing_dimension_is_empty_and_blanks_are_missing(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(GOOD, encoding="utf-8")
    columns = DIMENSION_FILES["channel"]
    (tmp_path / "channels.csv").write_text(",".join(columns) + "\nWEB,网,,main,1\n", encoding="utf-8")
    workspace = load_workspace(tmp_path)
    assert workspace.dimension("region").num_rows == 0
    assert workspace.dimension("channel").to_pylist() == [
        dict(zip(columns, ["WEB", "网", None, "main", "1"], strict=True))
    ]
    assert workspace.boundaries is None


PLACES = "place_name,en,scene,region_code,lon,lat,radius_m"


def test_places_may_leave_out_their_id_and_aliases(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(GOOD, encoding="utf-8")
    for header, line in ((PLACES, "湾,,,,119.4,32.4,"), (PLACES + ",place_id,aliases", "湾,,,,119.4,32.4,,P1,湾湾")):
        (tmp_path / "places.csv").write_text(f"{header}\n{line}\n", encoding="utf-8")
        [row] = load_workspace(tmp_path).dimension("place").to_pylist()
        assert (row["place_name"], row["place_id"]) == ("湾", "P1" if "P1" in line else None)


def test_places_are_given_back_in_wgs84(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(GOOD + '[place]\ndatum = "GCJ-02"\n', encoding="utf-8")
    (tmp_path / "places.csv").write_text(f"{PLACES}\n湾,,,,119.412,32.394,\n无,,,,,,\n", encoding="utf-8")
    found = load_workspace(tmp_path).dimension("place").select(["lon", "lat"]).to_pylist()
    assert found == [{"lon": "119.406515", "lat": "32.395877"}, {"lon": None, "lat": None}]


def test_positions_that_are_none_are_named_by_line(tmp_path: Path) -> None:
    lines = ["好,,,,119.4,32.4,", "半,,,,119.4,,", "反,,,,32.4,119.4,", "字,,,,东,西,", "非,,,,nan,inf,"]
    (tmp_path / "places.csv").write_text("\n".join([PLACES, *lines]) + "\n", encoding="utf-8")
    assert faults(tmp_path, GOOD) == [
        f"places.csv, line {n}: the position {said} is not longitude and latitude in degrees; "
        "write both in decimal degrees, or neither."
        for n, said in ((3, "119.4, "), (4, "32.4, 119.4"), (5, "东, 西"), (6, "nan, inf"))
    ]


@pytest.mark.parametrize("setting", ["bbox = [120.0, 32.0, 119.0, 33.0]", "grid_origin = [32.4, 119.4]"])
def test_a_box_or_origin_that_is_none(tmp_path: Path, setting: str) -> None:
    [found] = faults(tmp_path, f"{GOOD}[place]\n{setting}\n")
    assert found.startswith("workspace.toml: place." + setting.split(" ")[0]) and "in degrees" in found


def test_boundaries_that_cannot_be_used_are_found_before_any_file(tmp_path: Path) -> None:
    (tmp_path / "map.geojson").write_text("{}", encoding="utf-8")
    [found] = faults(tmp_path, GOOD + '[place]\nboundaries = "map.geojson"\n')
    assert found.startswith("map.geojson: is not a GeoJSON FeatureCollection")


def test_weights_of_the_assessment_are_equal_unless_said(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(GOOD, encoding="utf-8")
    weights = load_workspace(tmp_path).settings.assessment.weights.by_axis()
    assert weights == dict.fromkeys(("speed", "solved", "satisfied", "rules", "continuity"), 0.2)
    (tmp_path / "workspace.toml").write_text(GOOD + "[assessment.weights]\nsolved = 0.4\nrules = 0\n", encoding="utf-8")
    assert load_workspace(tmp_path).settings.assessment.weights.by_axis()["solved"] == 0.4


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("speed = 0.5", "add up to 1.3"),
        ("speed = -0.2\nsolved = 0.6", "greater than or equal to 0"),
        ("kindness = 0.2", "kindness"),
    ],
)
def test_weights_that_cannot_be_are_refused(tmp_path: Path, written: str, said: str) -> None:
    [fault] = faults(tmp_path, GOOD + "[assessment.weights]\n" + written + "\n")
    assert "assessment.weights" in fault and said in fault


def test_where_models_run_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "workspace.toml").write_text(f'engine = "spark://10.0.0.5:7077"\n{GOOD}', encoding="utf-8")
    assert load_workspace(tmp_path).settings.engine == "spark://10.0.0.5:7077"
    (tmp_path / "workspace.toml").write_text(GOOD, encoding="utf-8")
    assert load_workspace(tmp_path).settings.engine == "duckdb"


def test_an_engine_or_a_scratch_folder_that_cannot_be(tmp_path: Path) -> None:
    found = faults(tmp_path, f'engine = "hadoop"\n{GOOD}\n[spark]\nscratch = "tmp"\n')
    assert [text.split(":")[1].split()[0] for text in found] == ["engine", "spark.scratch"]
