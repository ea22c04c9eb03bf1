"""Every chart, in both languages and modes, full and small: it compiles and carries its data."""

import json
from datetime import date, timedelta

import altair as alt
import pandas as pd
import pytest

from pages._shared import charts
from pages._shared.charts import context, lines
from pages._shared.theme import DARK, LIGHT, palette

STYLES = [(lang, mode) for lang in ("zh", "en") for mode in ("light", "dark")]
WEEKS = [date(2024, 12, 30) + timedelta(days=7 * i) for i in range(13)]
VALUES = [531, 548, 507, 412, 305, 498, 540, 566, 551, 529, 538, 551, 462]
TREND = pd.DataFrame({"period_start": WEEKS, "value": VALUES, "n": VALUES, "is_running": [False] * 12 + [True]})
MOVED = pd.DataFrame({"label": ["A", "B", "rest"], "change": [-64, 22, -10], "kind": ["better", "worse", "remainder"]})
SHARES = pd.DataFrame(
    {
        "key": ["NET", "SVC"],
        "label": ["网络", "服务"],
        "share": [0.36, 0.24],
        "baseline": [0.35, None],
        "n": [167, 110],
    }
)
RANKED = pd.DataFrame({"label": ["A", "B"], "value": [0.8, 0.5], "low": [0.7, 0.2], "high": [0.9, 0.8], "n": [110, 9]})
HEAT = pd.DataFrame(
    [("NET", "APP", 51.0, 51, "51"), ("NET", "HALL", 15.0, 15, "15"), ("TRM", "APP", None, None, "<5")],
    columns=["row", "col", "value", "n", "label"],
)
HOURS = pd.DataFrame([(d, h, d * h) for d in range(1, 8) for h in range(24)], columns=["weekday", "hour", "value"])
DAYS = pd.DataFrame({"day": range(1, 32), "value": range(1, 32)})
LANES = pd.DataFrame(
    {
        "lane": ["customer", "network"],
        "day": [date(2024, 10, 8), date(2024, 10, 29)],
        "number": [1, 2],
        "tone": ["ask", "done"],
        "text": ["complained", "on air"],
    }
)
ORDER = {"row_order": ["NET", "TRM"], "col_order": ["APP", "HALL"]}


def draw(name: str, frame: pd.DataFrame, lang="zh", mode="light", **options) -> dict:
    """The Vega-Lite specification of a chart."""
    extra = {"heat": ORDER, "lanes": {"order": ["customer", "office", "network"]}}.get(name, {})
    chart = getattr(charts, name)(frame, lang=lang, mode=mode, title="发现", **{**extra, **options})
    return chart.to_dict()


CHARTS = {
    "trend": TREND,
    "contribution_bars": MOVED,
    "share_bars": SHARES,
    "ranked_bars": RANKED,
    "heat": HEAT,
    "hour_weekday": HOURS,
    "day_of_month": DAYS,
    "lanes": LANES,
}
SELECTABLE = {
    "trend": ["period"],
    "contribution_bars": ["key"],
    "share_bars": ["key"],
    "ranked_bars": ["key"],
    "heat": ["row", "col"],
    "hour_weekday": ["weekday", "hour"],
}


def rows(spec: dict) -> list[dict]:
    return [row for data in spec.get("datasets", {}).values() for row in data]


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize(("lang", "mode"), STYLES)
def test_it_compiles_in_every_language_and_mode(name, lang, mode):
    spec = draw(name, CHARTS[name], lang, mode)
    assert spec["config"]["background"] == palette(mode).background
    assert spec["title"]["text"] == "发现"
    assert spec["height"] >= 200


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("n", [0, 1])
def test_it_survives_an_empty_and_a_one_row_frame(name, n):
    assert draw(name, CHARTS[name].head(n))["title"]["text"] == "发现"


@pytest.mark.parametrize("name", SELECTABLE)
def test_a_click_is_called_pick_and_carries_its_fields(name):
    params = draw(name, CHARTS[name], select=True)["params"]
    assert [(p["name"], p["select"]["fields"]) for p in params] == [("pick", SELECTABLE[name])]
    # The fields must be in the data of the layer that is clicked.
    assert set(SELECTABLE[name]) <= {k for row in rows(draw(name, CHARTS[name], select=True)) for k in row}
    assert "params" not in draw(name, CHARTS[name])


@pytest.mark.parametrize("name", CHARTS)
def test_it_renders_without_warnings(name):
    convert = pytest.importorskip("vl_convert")
    svg = convert.vegalite_to_svg(json.dumps({**draw(name, CHARTS[name]), "width": 600}))
    assert svg.startswith("<svg") and "NaN" not in svg


def test_a_title_wraps_by_the_width_it_gets():
    chart = charts.trend(TREND, lang="zh", mode="light", title="本周投诉462件，比上周少89件，主要是网络质量回落")
    expression = chart.to_dict()["title"]["text"]["expr"]
    assert expression.startswith("width >= ")


def test_the_running_period_is_hollow_and_dashed():
    spec = json.dumps(draw("trend", TREND), ensure_ascii=False)
    assert "datum.running" in spec and "进行中" in spec and '"strokeDash": [3, 3]' in spec


def test_bars_start_at_zero_and_counts_too():
    assert lines._domain(lines._rows(TREND, WEEKS[0], "count", "week", "zh"), None, None, "count", None, 0)[0] == 0
    share = TREND.assign(value=0.7)
    low, high = lines._domain(lines._rows(share, WEEKS[0], "rate", "week", "zh"), None, 0.95, "rate", None, 0)
    assert 0 < low < 0.7 and high > 0.95


def test_the_viewers_time_zone_cannot_move_a_point():
    spec = draw("trend", TREND)
    assert "temporal" not in json.dumps(spec)
    assert {row["x"] for row in rows(spec) if "period" in row} == {7 * i for i in range(13)}


def test_a_holiday_shades_every_week_it_touches():
    x = alt.X("x:Q", scale=alt.Scale(), axis=alt.Axis())
    data = lines._rows(TREND, WEEKS[0], "count", "week", "zh")
    shade, name = context.bands([(date(2025, 1, 28), date(2025, 2, 4), "春节")], data, WEEKS[0], "week", LIGHT, x)
    band = shade.data.iloc[0]
    assert (band["a"], band["b"]) == (28 - 3.5, 35 + 3.5)
    assert context.bands([(date(2023, 1, 1), date(2023, 1, 2), "x")], data, WEEKS[0], "week", LIGHT, x) == []


def test_a_gap_in_the_values_is_left_out_not_drawn_as_zero():
    holed = TREND.assign(value=[None if i == 4 else v for i, v in enumerate(VALUES)])
    assert 28 not in {row["x"] for row in rows(draw("trend", holed)) if "period" in row}


def test_worse_is_orange_and_better_is_teal_never_red():
    fills = {r["label"]: r["fill"] for r in rows(draw("contribution_bars", MOVED)) if "fill" in r}
    assert fills == {"A": LIGHT.green.mark, "B": LIGHT.orange.mark, "rest": LIGHT.gray.mark}
    signed = {r["label"]: r["text"] for r in rows(draw("contribution_bars", MOVED)) if "text" in r}
    assert signed == {"A": "-64", "B": "+22", "rest": "-10"}


def test_a_share_without_a_baseline_shows_no_difference():
    both = {r["label"]: r["both"] for r in rows(draw("share_bars", SHARES)) if "both" in r}
    assert both == {"网络": "36.0% (+1.0 pp)", "服务": "24.0%"}


def test_small_samples_are_grey_and_say_so():
    spec = draw("ranked_bars", RANKED)
    assert {r["label"]: r["fill"] for r in rows(spec)} == {"A": LIGHT.accent, "B": LIGHT.gray.mark}
    assert any("样本不足" in line for line in spec["title"]["subtitle"])


def test_intervals_are_drawn_only_as_evidence():
    assert '"x2"' not in json.dumps(draw("ranked_bars", RANKED))
    assert '"x2"' in json.dumps(draw("ranked_bars", RANKED, evidence=True))


def test_suppressed_cells_are_hatched_and_keep_their_label():
    spec = draw("heat", HEAT)
    assert "gradient" in json.dumps(spec)
    hidden = [r for r in rows(spec) if r["label"] == "<5"]
    assert hidden and all(r["value"] is None and r["fill"] == LIGHT.gray.tint for r in hidden)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_ink_changes_over_the_ramp(mode):
    inks = {r["label"]: r["ink"] for r in rows(draw("heat", HEAT, mode=mode)) if r["label"] != "<5"}
    assert set(inks.values()) == {LIGHT.background, DARK.background}


def test_the_zone_of_the_month_is_marked():
    spec = draw("day_of_month", DAYS)
    marked = {r["day"] for r in rows(spec) if r.get("fill") == LIGHT.accent}
    assert marked == {1, 2, 3, 29, 30, 31}


def test_a_holiday_at_the_edge_does_not_run_over_the_axis():
    bands = [
        (WEEKS[0], WEEKS[0], "New Year's Day"),
        (WEEKS[4], WEEKS[5], "Spring Festival"),
        (WEEKS[12], WEEKS[12], "Z"),
    ]
    spec = draw("trend", TREND, holidays=bands)
    placed = {
        r["name"]: layer["mark"].get("align")
        for layer in spec["layer"]
        if layer["mark"].get("type") == "text" and layer["encoding"]["text"]["field"] == "name"
        for r in spec["datasets"][layer["data"]["name"]]
    }
    assert placed == {"New Year's Day": "left", "Spring Festival": "center", "Z": "right"}


def test_an_event_says_its_whole_title_on_hover():
    spec = draw("trend", TREND, lang="en", events=[charts.Event(WEEKS[3], "Cutover", "核心侧割接")])
    row = next(r for r in rows(spec) if r.get("name") == "Cutover")
    assert (row["detail"], row["day"]) == ("核心侧割接", "Mon 20 Jan")


def test_instants_of_a_course_stand_where_their_day_is():
    spec = draw("lanes", LANES, instants=[(date(2024, 10, 18), "outside")])
    assert {"x": 10, "name": "outside", "lane": ""} in rows(spec)
    assert [r["x"] for r in rows(spec) if "fill" in r] == [0, 21]


def test_no_bar_runs_under_the_figures_at_its_side() -> None:
    """On a phone names and figures leave little room: bars end where the longest figure begins."""
    long = RANKED.assign(value=[1.0, 0.9], n=[12_345, 9_876])
    drawn = draw("ranked_bars", long, "en", with_n=True)
    bars = next(layer for layer in drawn["layer"] if layer["mark"]["type"] == "bar")
    low, high = bars["encoding"]["x"]["scale"]["range"]
    assert low == 0 and bars["encoding"]["x"]["scale"]["domain"] == [0, 1.0]
    assert int(high["expr"].split("width - ")[1].split(",")[0]) >= len("100.0% (n=12.3k)") * 6


@pytest.mark.parametrize(
    ("values", "align"),
    [([0.858, 0.79, 0.78, 0.64], "right"), ([0.7, 0.7, 0.84, 0.9], "left"), ([0.7, 0.7, 0.7, 0.7], "left")],
)
def test_the_name_of_the_target_stands_where_the_line_does_not_cross_it(values: list[float], align: str) -> None:
    rows = TREND.head(4).assign(value=values)
    layers = draw("trend", rows, kind="rate", target=0.85)["layer"]
    (name,) = [m["mark"] for m in layers if m["mark"].get("type") == "text" and m["mark"].get("baseline") == "bottom"]
    assert name["align"] == align
