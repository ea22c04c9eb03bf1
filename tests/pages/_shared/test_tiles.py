"""The tile as Streamlit draws it."""

import pytest
from streamlit.testing.v1 import AppTest

from pages._shared.tiles import Tile, caption, chip
from pages._shared.verdicts import change, lamp


def app(lang: str) -> None:
    from pages._shared import verdicts
    from pages._shared.tiles import Tile, tile_grid

    late = verdicts.change(0.762, 0.701, kind="rate", good="up", lang=lang, n=462, n_before=551)
    still = verdicts.change(23, 23, kind="count", good="down", lang=lang)
    goal = verdicts.lamp(0.762, 0.95, good="up", lang=lang)
    tile_grid(
        [
            Tile(
                "M04",
                "及时率",
                "76.2%",
                help="口径",
                change=late,
                spark="data:image/svg+xml;base64,PHN2Zy8+",
                spark_alt='从"[1]"到(2)',
                target="95%",
                lamp=goal,
                sample="462",
            ),
            Tile("M22", "超时", "23", unit="件", change=still, on_click=lambda: None),
            Tile("M01", "投诉量", "—"),
        ],
        lang,
    )


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_tiles_draw(lang):
    at = AppTest.from_function(app, args=(lang,)).run()
    assert not at.exception
    late, still, bare = at.metric
    assert (late.value, late.help) == ("76.2%", "口径")
    assert late.delta.startswith("+6.1 pp ")
    assert still.value == "23 :small[件]" and still.color != late.color
    assert (bare.value, bare.delta) == ("—", "")
    assert len(at.button) == 1
    [foot] = [m.value for m in at.markdown if "data:image" in m.value]
    words = "从&quot;\\[1\\]&quot;到\\(2\\)"
    assert foot.startswith(f'![{words}](data:image/svg+xml;base64,PHN2Zy8+ "{words}")\n\n:small[')


def test_the_chip_has_the_change_and_the_verdict():
    assert chip(change(440, 551, kind="count", good="down", lang="zh"), "zh") == "-20.1% 改善"
    assert chip(change(1, None, kind="count", good="down", lang="zh"), "zh") == "—"
    assert chip(None, "zh") is None


def test_the_caption_says_last_year_target_and_sample():
    spec = Tile(
        "M04",
        "及时率",
        "76.2%",
        last_year=change(0.762, 0.74, kind="rate", good="up", lang="zh", n=462, n_before=500),
        target="95%",
        lamp=lamp(0.762, 0.95, good="up", lang="zh"),
        sample="462",
    )
    assert caption(spec, "zh") == (
        ":small[:gray[同比 +2.2 pp] :gray[·] :gray[目标 95%] :red[未达标] :gray[-18.8 pp] :gray[·] :gray[n=462]]"
    )
    assert caption(Tile("M01", "x", "1"), "zh") == ""


def test_a_holiday_is_said_in_full_in_the_caption():
    spec = Tile("M01", "x", "1", last_year=change(1, 2, kind="count", good="up", lang="zh", comparable=False))
    assert caption(spec, "zh") == ":small[:gray[同比 节假日不可比]]"
